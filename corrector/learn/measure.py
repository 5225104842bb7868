"""Measuring a model as it is used: documents damaged by a table, given to an engine that does not know it, and healthy
ones.

Start with :func:`measure`. A converted place counts as restored only if it is rebuilt exactly; ``wrong`` are edits at
the default level that are no restoration, ``healthy`` those in undamaged documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..damage import Damaged, damage
from ..document import document
from ..edits import Edit, Tier, at_level, trim
from ..engine.features import pair_key
from ..engine.run import Engine
from ..lexicon import Table
from .corpora import read
from .split import Part, part

CHARACTERS = 200_000  # of each corpus that are damaged; healthy every document is looked at
JUDGED = 10  # edits of a table from which a precision says something
FLOOR = 0.85  # of precision at the default level
HEALTHY = 1.0  # edits a million characters of healthy text

Words = tuple[str, str]  # an original and what was written for it


@dataclass
class Figures:
    """Of one pair: ``places`` in the damaged documents, and edits at the default level."""

    places: int = 0
    restored: int = 0
    wrong: int = 0
    healthy: int = 0


@dataclass(frozen=True)
class Measured:
    """Figures by table and pair; ``healthy`` are edits in so many ``characters``."""

    characters: int
    tables: dict[str, dict[Words, Figures]]

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Measured:
        """What :meth:`facts` says."""
        return cls(facts["characters"], {
            name: {(p["original"], p["converted"]): Figures(p["places"], p["restored"], p["wrong"], p["healthy"])
                   for p in pairs} for name, pairs in facts["tables"].items()})

    def facts(self) -> dict[str, Any]:
        """For the manifest."""
        return {"characters": self.characters, "tables": {
            name: [{"original": o, "converted": c, **asdict(figures)} for (o, c), figures in sorted(pairs.items())]
            for name, pairs in self.tables.items()}}

    def weak(self) -> set[int]:
        """The keys of the pairs that are wrong too often to be more than proposed."""
        found: dict[Words, list[Figures]] = defaultdict(list)
        for pairs in self.tables.values():
            for words, f in pairs.items():
                found[words].append(f)
        return {pair_key(*words) for words, of in found.items() if self._weak(of)}

    def _weak(self, of: Sequence[Figures]) -> bool:
        """``of`` a pair, in each table that has it; all were given the same documents, and write the same places."""
        restored = sum(f.restored for f in of)
        edits = restored + sum(f.wrong for f in of)
        often_wrong = edits >= JUDGED * len(of) and restored < FLOOR * edits
        return often_wrong or of[0].healthy > max(1.0, HEALTHY * self.characters / 1e6)


Texts = Sequence[tuple[str, str]]  # corpus and text of each document


def texts(corpora: Path, wanted: Part) -> Texts:
    """The documents of one part."""
    return [(corpus, text) for corpus, name, text in read(corpora) if part(name, corpus) == wanted]


def healthy_edits(texts: Texts, engine: Engine) -> Counter[Words]:
    """How often each pair edits the documents as they are."""
    found: Counter[Words] = Counter()
    for report in engine.check_many(document(text) for _, text in texts):
        found.update((e.replacement, e.original) for e in at_level(report.edits, Tier.LIKELY))
    return found


def measure(texts: Texts, tables: Sequence[Table], engine: Engine) -> Measured:
    """The figures of ``tables`` on documents that the engine's model has not seen."""
    healthy = healthy_edits(texts, engine)
    some = list(_some(texts))
    found: dict[str, dict[Words, Figures]] = {}
    for table in tables:
        figures = {(p.original, p.converted): Figures(healthy=healthy[p.original, p.converted]) for p in table.pairs}
        damaged = [damage(text, table) for text in some]
        for one, report in zip(damaged, engine.check_many(document(d.text) for d in damaged), strict=True):
            _count(one, at_level(report.edits, Tier.LIKELY), figures)
        found[table.name] = figures
    return Measured(sum(len(text) for _, text in texts), found)


def _some(texts: Texts) -> Iterator[str]:
    size: Counter[str] = Counter()
    for corpus, text in texts:
        if size[corpus] < CHARACTERS:
            size[corpus] += len(text)
            yield text


def _count(damaged: Damaged, edits: Sequence[Edit], figures: dict[Words, Figures]) -> None:
    """Adds what became of one damaged document."""
    truth = {trim(c.start, c.end, damaged.text[c.start : c.end], c.original): c for c in damaged.truth}
    for c in truth.values():
        figures[c.original, damaged.text[c.start : c.end]].places += 1
    for e in edits:
        change = truth.get(trim(e.start, e.end, e.original, e.replacement))
        if change is not None:
            figures[change.original, damaged.text[change.start : change.end]].restored += 1
        elif (own := figures.get((e.replacement, e.original))) is not None:
            own.wrong += 1
