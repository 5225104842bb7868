"""Edits of many texts as columns: for millions of them, where an :class:`~corrector.edits.Edit` of each is too much."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from .edits import Edit, Tier

CHUNK = 4096  # edits that are Python values at a time

Places = NDArray[np.signedinteger[Any]]
Change = tuple[int, int, str]  # start, end, what stands there afterwards
_tier = cache(Tier.of)  # of at most 5,000 values: confidences have four digits
_new = tuple.__new__  # what Edit(…) does, but for a call: there are a million of them in a hundred million characters


class Written(NamedTuple):
    """What all edits of one pair say."""

    original: str
    replacement: str
    converter: str
    kind: str

    @staticmethod
    def of(e: Edit) -> Written:
        """What one edit says."""
        return Written(e.original, e.replacement, e.converter, e.kind)


Reasons = Callable[[Mapping[Written, int]], Mapping[Written, str]]  # of pairs, by how often each is met


@dataclass(frozen=True, slots=True)
class EditColumns:
    """Parallel arrays, one entry an edit, sorted by ``text`` (its number) and ``start``. ``pair`` counts in ``pairs``.

    Everything else is as in :class:`~corrector.edits.Edit`, but for the reason, which is not given.
    """

    text: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    pair: NDArray[np.int32]
    confidence: NDArray[np.float64]
    pairs: Sequence[Written]

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, chosen: slice | NDArray[np.bool_] | NDArray[np.int64]) -> EditColumns:
        return EditColumns(self.text[chosen], self.start[chosen], self.end[chosen], self.pair[chosen],
                           self.confidence[chosen], self.pairs)

    @staticmethod
    def joined(parts: Sequence[EditColumns]) -> EditColumns:
        """All ``parts``, which share their ``pairs``, in this order."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            none = np.empty(0, dtype=np.int32)
            return EditColumns(none, none, none, none, np.empty(0), ())
        text, start, end, pair = (np.concatenate([getattr(p, name) for p in parts])
                                  for name in ("text", "start", "end", "pair"))
        return EditColumns(text, start, end, pair, np.concatenate([p.confidence for p in parts]), parts[0].pairs)

    def at_level(self, level: str) -> EditColumns:
        """The edits whose confidence reaches ``level``."""
        return self[self.confidence >= Tier(level).floor]

    def of(self, texts: Sequence[int]) -> EditColumns:
        """The edits of these texts, which are numbered anew; ``texts`` is sorted."""
        number = np.full(int(max(texts, default=0)) + 2, -1, dtype=np.int32)  # the last one is none of them
        number[list(texts)] = np.arange(len(texts))
        own = number.take(self.text, mode="clip")
        kept = np.flatnonzero(own >= 0)
        return replace(self[kept], text=own[kept])

    def by_text(self, count: int) -> Iterator[EditColumns]:
        """The edits of each of the first ``count`` texts."""
        bounds = np.searchsorted(self.text, np.arange(count + 1)).tolist()
        for i in range(count):
            yield self[bounds[i] : bounds[i + 1]]

    def changes(self) -> Iterator[Change]:
        """The edits of one text, for :func:`applied`."""
        for at in range(0, len(self), CHUNK):
            some = self[at : at + CHUNK]
            yield from zip(some.start.tolist(), some.end.tolist(),
                           [self.pairs[p].replacement for p in some.pair.tolist()], strict=True)

    def said(self) -> Iterator[tuple[Written, int]]:
        """What the edits say, and how often."""
        for pair, n in Counter(self.pair.tolist()).items():
            yield self.pairs[pair], n

    def edits(self, reasons: Mapping[Written, str] | None = None) -> list[Edit]:
        """The edits as values, with the ``reasons`` of their pairs."""
        if not len(self):
            return []
        pairs, values = self.pair.tolist(), self.confidence.tolist()
        said = {p: (*self.pairs[p], reasons[self.pairs[p]] if reasons else "") for p in set(pairs)}
        rows = zip(self.start.tolist(), self.end.tolist(), map(said.__getitem__, pairs), values, map(_tier, values),
                   strict=True)
        return [_new(Edit, (start, end, original, replacement, converter, kind, value, tier, why))
                for start, end, (original, replacement, converter, kind, why), value, tier in rows]


class Edits(Sequence[Edit]):
    """The edits of one text: columns, which become values when they are first looked at, and ``others`` that are
    values already. Equal to the tuple of them."""

    __slots__ = ("_columns", "_known", "_made", "_others", "_reasons")

    def __init__(self, columns: EditColumns, reasons: Reasons | None = None, others: tuple[Edit, ...] = ()) -> None:
        self._columns, self._reasons, self._others = columns, reasons, others
        self._made: tuple[Edit, ...] | None = None
        self._known: frozenset[int] | None = None

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> Edits:
        """The same ``edits``."""
        return edits if isinstance(edits, Edits) else cls(EditColumns.joined(()), others=tuple(edits))

    def written(self) -> Iterator[Written]:
        """What the edits say; the same thing may come twice."""
        yield from map(self._columns.pairs.__getitem__, self._numbers())
        yield from map(Written.of, self._others)

    def carried_out(self, originals: Container[str]) -> Counter[str]:
        """How often each of ``originals`` is changed by the edits that are carried out by default."""
        own, floor = self._columns, Tier.LIKELY.floor
        changed = Counter(e.original for e in self._others if e.confidence >= floor and e.original in originals)
        if wanted := self._pairs(originals):
            likely = own.pair[own.confidence >= floor]
            for pair in wanted:
                changed[own.pairs[pair].original] += int(np.count_nonzero(likely == pair))
        return changed

    def spans(self) -> list[tuple[int, int]]:
        """Where the edits start and end."""
        spans = list(zip(self._columns.start.tolist(), self._columns.end.tolist(), strict=True))
        return sorted((*spans, *((e.start, e.end) for e in self._others))) if self._others else spans

    def starts(self, originals: Container[str]) -> list[int]:
        """Where those start that change one of ``originals``."""
        wanted = self._pairs(originals)
        own = zip(self._columns.pair.tolist(), self._columns.start.tolist(), strict=True)
        return [*(at for p, at in own if p in wanted), *(e.start for e in self._others if e.original in originals)]

    def _pairs(self, originals: Container[str]) -> set[int]:
        """The numbers of those of the columns' own pairs that change one of ``originals``."""
        return {p for p in self._numbers() if self._columns.pairs[p].original in originals}

    def _numbers(self) -> frozenset[int]:
        """The numbers of the columns' own pairs."""
        if self._known is None:
            self._known = frozenset(self._columns.pair.tolist())
        return self._known

    def without(self, starts: Iterable[int]) -> Edits:
        """All but the edits that start there."""
        gone = set(starts)
        kept = self._columns[np.array([at not in gone for at in self._columns.start.tolist()], dtype=np.bool_)]
        return Edits(kept, self._reasons, tuple(e for e in self._others if e.start not in gone))

    def at_most(self, confidence: float, originals: Container[str]) -> Edits:
        """All edits, those that change one of ``originals`` no surer than ``confidence``."""
        own = self._columns
        wanted = np.zeros(len(own.pairs), dtype=np.bool_)
        wanted[list(self._pairs(originals))] = True
        limited = np.where(wanted[own.pair], np.minimum(own.confidence, confidence), own.confidence)
        others = (e._replace(confidence=min(e.confidence, confidence), tier=_tier(min(e.confidence, confidence)))
                  if e.original in originals else e for e in self._others)
        return Edits(replace(own, confidence=limited), self._reasons, tuple(others))

    def moved(self, spans: Callable[[Places, Places], tuple[Places, Places]], other: Callable[[Edit], Edit]) -> Edits:
        """The edits elsewhere: those of columns by their ``spans`` if these are as long, else each ``other`` one."""
        own = self._columns
        start, end = (column.astype(np.int32) for column in spans(own.start, own.end))
        moved = replace(own, start=start, end=end)
        kept = end - start == own.end - own.start
        if kept.all():
            return Edits(moved, self._reasons, tuple(map(other, self._others)))
        reasons = self._why()  # of all of them, also when some are values
        others = (*own[~kept].edits(reasons), *self._others)
        return Edits(moved[kept], lambda _: reasons, tuple(map(other, others)))

    def columns(self, text: int, pairs: Pairs) -> EditColumns:
        """The same edits as columns of this text, whose ``pairs`` are those that the edits' own columns have."""
        rows = [(e.start, e.end, pairs.number(Written.of(e))) for e in self._others]
        own, more = self._columns, np.array(rows, dtype=np.int32).reshape(-1, 3).T
        start, end, pair = (np.concatenate(two) for two in zip((own.start, own.end, own.pair), more, strict=True))
        value = np.concatenate((own.confidence, np.array([e.confidence for e in self._others], dtype=np.float64)))
        both = EditColumns(np.full_like(start, text), start, end, pair, value, pairs.known)
        return both[np.argsort(start)] if rows else both

    def with_others(self, others: Iterable[Edit]) -> Edits:
        """The edits and ``others``, which do not touch them."""
        return Edits(self._columns, self._reasons, (*self._others, *others))

    def _all(self) -> tuple[Edit, ...]:
        if self._made is None:
            edits = self._columns.edits(self._why())
            edits += self._others
            self._made = tuple(sorted(edits, key=lambda e: e.start) if self._others else edits)
        return self._made

    def _why(self) -> Mapping[Written, str]:
        """The reasons of what the columns say, if there are any."""
        return self._reasons(dict(self._columns.said())) if self._reasons else {}

    def __len__(self) -> int:
        return len(self._columns) + len(self._others)

    @overload
    def __getitem__(self, at: int) -> Edit: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Edit, ...]: ...

    def __getitem__(self, at: int | slice) -> Edit | tuple[Edit, ...]:
        return self._all()[at]

    def __iter__(self) -> Iterator[Edit]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, Edits) else other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[tuple[Edit, ...]], tuple[tuple[Edit, ...]]]:
        return tuple, (self._all(),)  # another process has no use for the columns


class Pairs:
    """What edits of columns say: what the engine says, and more as it is met. A number once given stays."""

    def __init__(self, written: Iterable[Written]) -> None:
        self.known = list(written)
        self._number = {pair: i for i, pair in enumerate(self.known)}
        self._lock = threading.Lock()

    def exchanged(self, columns: EditColumns, made: Mapping[int, Sequence[Edit]]) -> EditColumns:
        """``columns`` with other edits of the texts that ``made`` names."""
        if not made:
            return columns
        gone = np.array(sorted(made), dtype=np.int32)
        others = columns[gone.take(np.searchsorted(gone, columns.text), mode="clip") != columns.text]
        both = EditColumns.joined([others, *(Edits.of(made[i]).columns(i, self) for i in sorted(made))])
        return both[np.argsort(both.text, kind="stable")]

    def number(self, pair: Written) -> int:
        """The number of ``pair``, new if need be."""
        if (number := self._number.get(pair)) is not None:
            return number
        with self._lock:
            if pair not in self._number:
                self.known.append(pair)
                self._number[pair] = len(self.known) - 1
            return self._number[pair]


def applied(text: str, changes: Iterable[Change]) -> str:
    """``text`` after the changes, which are sorted and do not overlap.

    >>> applied("推进科学开展", [(4, 6, "发展")])
    '推进科学发展'
    """
    done: list[str] = []
    pieces: list[str] = []
    position = 0
    for start, end, replacement in changes:
        pieces += (text[position:start], replacement)
        position = end
        if len(pieces) >= CHUNK:
            done.append("".join(pieces))
            pieces.clear()
    return "".join((*done, *pieces, text[position:]))
