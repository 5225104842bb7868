"""What a change of the rules would do: the same texts under two correctors, side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..api import Corrector
from ..document import Document, document
from ..edits import Edit, at_level
from ..errors import Trouble
from ..formats import Place
from ..lexicon import Lexicon, Phrase
from ..paths import regular
from ..report import naming
from ..surrogates import whole
from .decided import Taught
from .documents import read

AROUND = 8  # characters shown around a place


@dataclass(frozen=True, slots=True)
class Case:
    """A document, the places of a container, and what its text should become if that is known."""

    name: str
    document: Document
    places: Sequence[Place] = ()
    right: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes in a case: lines to show; ``right`` says before and after whether it comes out as it should."""

    name: str
    lines: tuple[str, ...]
    right: tuple[bool, bool] | None


def widened(lexicon: Lexicon, rules: Iterable[Taught]) -> Lexicon:
    """``lexicon`` with ``rules``; a weight takes the place of the one that the pair had."""
    rules = list(rules)
    phrases = tuple(t.rule for t in rules if isinstance(t.rule, Phrase))
    weights = tuple(t.rule for t in rules if not isinstance(t.rule, Phrase))
    return replace(lexicon, phrases=(*lexicon.phrases, *phrases), weights=(*lexicon.weights, *weights))


def cases(path: Path, failed: Callable[[Path, BaseException], None]) -> Iterator[Case]:
    """The cases in ``path``: a .json file as in ``tests/cases`` (``damaged`` and ``healthy``, or ``text`` that must
    stay), or any documents."""
    if path.suffix != ".json":
        yield from (Case(*one) for one in read(path, failed))
        return
    try:
        for number, row in enumerate(json.loads(regular(path).read_text(encoding="utf-8")), 1):
            text = row["text"] if "text" in row else row["damaged"]
            right = row.get("healthy", text)
            if not (isinstance(text, str) and isinstance(right, str)):
                raise TypeError
            yield Case(f"{path.name}:{number}", document(whole(text)), right=whole(right))
    except OSError as error:
        failed(path, error)
    except (ValueError, KeyError, TypeError, AttributeError):
        failed(path, Trouble("no cases: a list of {“damaged”, “healthy”} or {“text”} is needed",
                             "不是案例文件；应为 {“damaged”, “healthy”} 或 {“text”} 的列表"))


def effects(given: Sequence[Case], before: Corrector, after: Corrector) -> list[Effect]:
    """One a case, in order."""
    documents = [c.document for c in given]
    found = []
    for case, old, new in zip(given, *(c.check_documents(documents) for c in (before, after)), strict=True):
        was, becomes = (at_level(r.edits, r.level) for r in (old, new))
        right = None if case.right is None else (old.apply() == case.right, new.apply() == case.right)
        found.append(Effect(case.name, tuple(_lines(case, was, becomes)), right))
    return found


def _lines(case: Case, was: Sequence[Edit], becomes: Sequence[Edit]) -> Iterator[str]:
    text, name = case.document.text, naming(case.document.text, case.places)
    old, new = ({(e.start, e.end, e.replacement): e for e in edits} for edits in (was, becomes))
    for key in sorted(old.keys() ^ new.keys()):
        e = old.get(key) or new[key]
        left = text[max(0, e.start - AROUND) : e.start].rpartition("\n")[2]
        right = text[e.end : e.end + AROUND].partition("\n")[0]
        yield f"{'-' if key in old else '+'} {case.name}:{name(e.start)}: {left}[{e.original}→{e.replacement}]{right}"
