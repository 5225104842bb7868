"""Traditional script: what the engine reads is simplified, what is written is in the script of the document.

Characters are simplified one for one, so that offsets stay, by OpenCC's tables: of single characters, and of phrases
that are written otherwise than these (答覆, 乾隆). What is written back is in the standard that the document keeps to:
that of OpenCC (裏, 爲), of Taiwan (裡, 為) or of Hong Kong (裏, 為); characters that an edit leaves in place are the
document's own. OpenCC itself, which is slow, is asked only about what is written, and once for single characters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from .. import reasons
from ..document import Document
from ..edits import Edit, Tier
from ..engine.features import codes_of
from ..lexicon import Slip
from ..result import Flag, Report
from ..spans import touches
from ..surrogates import found
from .batch import TRADITIONAL, Batch, table, traditional
from .view import Unmoved

LEAST, SHARE = 2, 0.03  # traditional characters of a document that is worth a view
AROUND = 30  # characters in which one traditional one decides the script of what is written
KIND = "script"
OVERCONVERTED = 0.97  # confidence
_TRADITIONAL = traditional()
UNREAD = "unread"  # kind of a flag


@dataclass(frozen=True, slots=True)
class Script(Unmoved):
    """A document read in simplified characters."""

    source: Document
    document: Document
    overconverted: Overconverted

    def report(self, report: Report) -> Report:
        """The report about the document, from the one about its simplified view."""
        text, standard = self.source.text, _standard(self.source.text)
        edits = [e for e in (_written(text, standard, e) for e in report.edits) if e.original != e.replacement]
        edits = sorted((*edits, *_apart(edits, self.overconverted.edits(self.source))), key=lambda e: e.start)
        return replace(report, text=text, edits=tuple(edits))


class Overconverted:
    """What conversion into traditional script got wrong. A row that changes nothing protects what it says."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        self._slips = slips
        self._found = AhoCorasick([s.slip for s in slips], matchkind=MatchKind.LeftmostLongest)

    def edits(self, document: Document) -> Iterator[Edit]:
        """The edits of a document in traditional script."""
        for number, start, end in found(self._found, document.text):
            slip = self._slips[number]
            if slip.slip != slip.word and not touches(document.protected, start, end):
                yield Edit(start, end, slip.slip, slip.word, "", KIND, OVERCONVERTED, Tier.of(OVERCONVERTED),
                           reasons.OVERCONVERTED(slip.word, slip.slip))


@dataclass(frozen=True, slots=True)
class Unread(Unmoved):
    """A document in traditional script that cannot be read for want of OpenCC; the report says so, ``at`` a place."""

    document: Document
    at: int

    def report(self, report: Report) -> Report:
        flag = Flag(self.at, self.at + 1, report.text[self.at], reasons.UNREAD(), UNREAD)
        return replace(report, flags=(flag, *report.flags))


def fold(documents: Sequence[Document], batch: Batch, overconverted: Overconverted,
         ) -> Iterator[tuple[int, Script | Unread]]:
    """Each of ``documents`` in traditional script, with its number; ``batch`` has their texts."""
    places = batch.places(TRADITIONAL)
    counts = batch.count(places)
    for i in np.flatnonzero((counts >= LEAST) & (counts >= SHARE * batch.lengths)).tolist():
        source = documents[i]
        if find_spec("opencc") is None:
            first = places[np.searchsorted(places, batch.starts[i])] - batch.starts[i]
            yield i, Unread(source, int(first))
        else:
            yield i, Script(source, replace(source, text=simplified(source.text)), overconverted)


def simplified(text: str) -> str:
    """``text`` in simplified characters: as long as before.

    >>> simplified("乾隆皇帝答覆")
    '乾隆皇帝答复'
    """
    codes = codes_of(text)
    simple = np.where(codes < 1 << 16, _characters().take(codes, mode="clip"), codes)
    phrases, meant = _phrases()
    for number, start, end in found(phrases, text):
        simple[start:end] = [ord(c) for c in meant[number]]
    return simple.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _phrases() -> tuple[AhoCorasick, list[str]]:
    """OpenCC's phrases, and what each of them is in simplified script: as long as before."""
    path = files("opencc") / "dictionary" / "TSPhrases.txt"
    listed = path.read_text(encoding="utf-8") if path.is_file() else ""  # other packages of this name have none
    rows = (line.split("\t") for line in listed.splitlines())
    meant = {phrase: first for phrase, simple in rows if len(first := simple.split(" ")[0]) == len(phrase)}
    return AhoCorasick(list(meant), matchkind=MatchKind.LeftmostLongest), list(meant.values())


@cache
def _characters() -> NDArray[np.uint32]:
    """What each character of the first plane is in simplified script."""
    characters = np.arange(1 << 16, dtype=np.uint32)
    known = np.flatnonzero(table("", han=True)).tolist()
    lines = _opencc("t2s").convert("\n".join(map(chr, known))).split("\n")
    for code, simple in zip(known, lines, strict=True):
        if len(simple) == 1 and ord(simple) < 1 << 16:
            characters[code] = ord(simple)
    return characters


@cache
def _opencc(config: str) -> Any:
    from opencc import OpenCC

    return OpenCC(config)


@lru_cache(maxsize=1 << 16)
def _converted(config: str, text: str) -> str:
    return str(_opencc(config).convert(text))


def _standard(text: str) -> str:
    """The conversion of OpenCC that writes as ``text`` does."""
    if sum(map(text.count, "爲衆羣")) > sum(map(text.count, "為眾群")):
        return "s2t"
    return "s2hk" if text.count("裏") > text.count("裡") else "s2tw"


def _written(text: str, standard: str, e: Edit) -> Edit:
    """An edit of the simplified view, in the script that stands around it."""
    original = text[e.start : e.end]
    around = text[max(0, e.start - AROUND) : e.end + AROUND]
    replacement = e.replacement
    if any(_TRADITIONAL[min(ord(c), 0xFFFF)] for c in around):
        replacement = _converted(standard, replacement)
        if len(original) == len(replacement) == len(e.replacement) == len(e.original):
            replacement = "".join(own if seen == new else written for own, seen, new, written in zip(
                original, e.original, e.replacement, replacement, strict=True))
    return e._replace(original=original, replacement=replacement)


def _apart(edits: Sequence[Edit], more: Iterable[Edit]) -> Iterator[Edit]:
    """Those of ``more`` that touch none of ``edits``, nor one another."""
    starts = [e.start for e in edits]
    taken = 0
    for e in sorted(more, key=lambda e: (e.start, -e.end)):
        i = bisect_left(starts, e.end)
        if e.start >= taken and (not i or edits[i - 1].end <= e.start):
            yield e
            taken = e.end
