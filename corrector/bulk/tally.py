"""Counts of a run: one a shard, added up in the order of the shards, then written as ``summary.json``.

Everything about edits is in one counter, by pair and confidence in hundredths: tiers, pairs and the histogram are
sums of it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..columns import EditColumns
from ..edits import Tier
from ..formats import Place

SCHEMA = 1
AROUND = 20  # characters of a sample on either side
SAMPLES_A_SHARD = 24
SAMPLES_A_PAIR = 3

Pair = tuple[str, str, str]  # converter, what stood there, what stands there now


@dataclass(frozen=True, slots=True)
class Sample:
    """One edit in its context, to look at."""

    converter: str
    original: str
    replacement: str
    before: str
    after: str
    confidence: float
    file: str
    record: int

    @property
    def pair(self) -> Pair:
        return self.converter, self.original, self.replacement

    @property
    def rank(self) -> int:
        """A number as good as random, but the same in every run."""
        return zlib.crc32(f"{self.before}{self.original}{self.after}".encode("utf-8", "surrogatepass"))


class Source(NamedTuple):
    """Where a text comes from, and the text; that of a container has ``places``."""

    file: str
    record: int
    identity: str | None
    field: str
    text: str
    places: Sequence[Place] = ()


@dataclass
class Tally:
    """``percent`` in :attr:`found` is the confidence in hundredths, 50 to 99."""

    documents: int = 0
    damaged: int = 0
    without_text: int = 0
    characters: int = 0
    rejected: int = 0
    found: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    documents_of: Counter[str] = field(default_factory=Counter)  # damaged documents by converter
    samples: dict[Pair, list[Sample]] = field(default_factory=dict)

    def note(self, sources: Sequence[Source], found: EditColumns, made: EditColumns) -> None:
        """Counts texts, all edits found in them, and those of them that are made."""
        known: dict[tuple[str, int], int] = {}
        document = np.array([known.setdefault((s.file, s.record), len(known)) for s in sources], dtype=np.int64)
        self.documents += len(known)
        self.characters += sum(len(s.text) for s in sources)
        kinds, counts = np.unique(found.pair * 100 + (found.confidence * 100 + 1e-6).astype(np.int32),
                                  return_counts=True)
        for kind, n in zip(kinds.tolist(), counts.tolist(), strict=True):
            self.found[*_pair(found, kind // 100), kind % 100] += n
        size = len(made.pairs) or 1
        pairs = np.divmod(np.unique(document[made.text] * size + made.pair), size)
        converters = {(d, made.pairs[p].converter) for d, p in zip(*(x.tolist() for x in pairs), strict=True)}
        self.damaged += len(np.unique(pairs[0]))
        self.documents_of.update(converter for _, converter in converters)
        self._sample(sources, made)

    def _sample(self, sources: Sequence[Source], made: EditColumns) -> None:
        """Keeps the first edit of each pair."""
        if len(self.samples) >= SAMPLES_A_SHARD:
            return
        for i in np.sort(np.unique(made.pair, return_index=True)[1]).tolist():
            pair = _pair(made, int(made.pair[i]))
            if len(self.samples) < SAMPLES_A_SHARD and pair not in self.samples:
                s, start, end = sources[made.text[i]], int(made.start[i]), int(made.end[i])
                self.samples[pair] = [Sample(*pair, s.text[max(0, start - AROUND) : start], s.text[end : end + AROUND],
                                             float(made.confidence[i]), s.file, s.record)]

    def add(self, other: Tally) -> None:
        """Adds the counts of a later shard."""
        for name in ("documents", "damaged", "without_text", "characters", "rejected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.found.update(other.found)
        self.documents_of.update(other.documents_of)
        for pair, samples in other.samples.items():
            kept = sorted([*self.samples.get(pair, ()), *samples], key=lambda s: (s.rank, s.file, s.record))
            self.samples[pair] = kept[:SAMPLES_A_PAIR]

    def edits(self, level: str) -> int:
        """How many edits reach ``level``."""
        floor = round(Tier(level).floor * 100)
        return sum(n for (*_, percent), n in self.found.items() if percent >= floor)

    def to_json(self) -> dict[str, Any]:
        """What :meth:`from_json` takes."""
        return {**vars(self), "found": [[*key, n] for key, n in self.found.items()],
                "samples": [asdict(s) for some in self.samples.values() for s in some]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Tally:
        samples: dict[Pair, list[Sample]] = {}
        for s in (Sample(**v) for v in values["samples"]):
            samples.setdefault(s.pair, []).append(s)
        found = Counter({(c, o, r, p): n for c, o, r, p, n in values["found"]})
        return cls(**{**values, "found": found, "documents_of": Counter(values["documents_of"]), "samples": samples})


def _pair(edits: EditColumns, number: int) -> Pair:
    written = edits.pairs[number]
    return written.converter, written.original, written.replacement


def summary(tally: Tally, level: str) -> dict[str, Any]:
    """The counts as they stand in ``summary.json``; most frequent first."""
    floor = round(Tier(level).floor * 100)
    pairs: Counter[Pair] = Counter()
    tiers: Counter[str] = Counter(dict.fromkeys(Tier, 0))
    histogram = [0] * 50
    for (converter, original, replacement, percent), n in tally.found.items():
        tiers[Tier.of(percent / 100)] += n
        histogram[min(percent, 99) - 50] += n
        if percent >= floor:
            pairs[converter, original, replacement] += n
    total = pairs.total()
    return {
        "level": level,
        "documents": tally.documents,
        "damaged": tally.damaged,
        "damaged_share": round(tally.damaged / tally.documents, 6) if tally.documents else 0.0,
        "without_text": tally.without_text,
        "rejected": tally.rejected,
        "characters": tally.characters,
        "edits": total,
        "not_made": tally.found.total() - total,
        "tiers": {str(t): tiers[t] for t in Tier},
        "converters": list(_converters(tally, pairs)),
        "confidence": {"from": 0.5, "step": 0.01, "counts": histogram},
        "samples": [asdict(s) for pair, _ in _ranked(pairs) for s in tally.samples.get(pair, ())],
    }


def _converters(tally: Tally, pairs: Counter[Pair]) -> Iterator[dict[str, Any]]:
    totals: Counter[str] = Counter()
    for (converter, _, _), n in pairs.items():
        totals[converter] += n
    for converter, n in _ranked(totals):
        own = [(original, replacement, k) for (c, original, replacement), k in _ranked(pairs) if c == converter]
        yield {"converter": converter, "documents": tally.documents_of[converter], "edits": n,
               "pairs": [{"original": o, "replacement": r, "edits": k} for o, r, k in own]}


def _ranked(counts: Counter[Any]) -> list[tuple[Any, int]]:
    key: Callable[[tuple[Any, int]], Any] = lambda item: (-item[1], item[0])  # noqa: E731
    return sorted(counts.items(), key=key)
