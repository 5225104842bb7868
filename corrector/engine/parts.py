"""Parts of a document, and how belief in damage goes from one to the next.

Lines are parts, short ones put together, long ones cut. They form a chain with two states, damaged or not, so that
titles left unconverted do not switch the diagnosis off for the body, nor damage spill over the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .features import Codes, Ids

Floats = NDArray[np.float64]

PART_LENGTH = 150  # code points; parts of a long document are longer, so that it has at most MOST_PARTS
MOST_PARTS = 2000
PRIOR = -1.0  # log odds that the first part was converted, before looking; GATE guards the whole
STAY_HEALTHY = 0.998
STAY_DAMAGED = 0.9995
PART_FLOOR = -5.0
SHORTEST = 4  # parts: columns of up to so many, four times as many and so on are one array


class Parts(NamedTuple):
    """The parts of a batch: ``offset[d]`` is the first part of document ``d``, ``length[d]`` its parts' least size."""

    starts: Ids
    lines: Ids
    length: Ids
    offset: Ids

    @property
    def counts(self) -> Ids:
        """How many parts each document has."""
        return np.diff(self.offset)

    @classmethod
    def of(cls, codes: Codes, starts: Ids, sizes: Ids) -> Parts:
        """The parts of the documents that start at ``starts`` in ``codes`` and have ``sizes`` code points."""
        length = np.maximum(PART_LENGTH, -(-sizes // MOST_PARTS))
        ends = codes == 10
        ends[starts - 1] = True
        lines = np.flatnonzero(ends) + 1
        return cls(starts, lines, length, np.concatenate(([0], np.cumsum(sizes // length + 1))))

    def document(self, place: Ids) -> Ids:
        """The document of each place, in the order of the text."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.searchsorted(place, self.starts), append=len(place)))

    def __call__(self, place: Ids, document: Ids) -> Ids:
        """The part of each place: numbered from the first of its document."""
        line = self.lines[np.searchsorted(self.lines, place, side="right") - 1]
        length = self.length[document]
        inside = place - line
        anchor = line + np.where(inside >= 2 * length, inside // length * length, 0)
        return (anchor - self.starts[document]) // length

    def spans(self, document: int, chosen: NDArray[np.bool_], size: int) -> tuple[tuple[int, int], ...]:
        """The chosen parts of a document as half-open ranges of its ``size`` code points; neighbours are one."""
        if chosen[: int(self.offset[document + 1] - self.offset[document])].all():
            return ((0, size),)
        start, length = int(self.starts[document]), int(self.length[document])
        first, last = np.searchsorted(self.lines, [start, start + size + 1]).tolist()
        lines = self.lines[first:last] - start
        cuts = [line + k for line, following in zip(lines.tolist(), [*lines.tolist()[1:], size], strict=True)
                for k in range(0, max(1, following - line), length) if not 0 < k < 2 * length]
        part = np.array(cuts) // length
        spans: list[tuple[int, int]] = []
        for cut, end, p in zip(cuts, [*cuts[1:], size], part.tolist(), strict=True):
            if p < len(chosen) and chosen[p] and end > cut:
                joined = spans and spans[-1][1] == cut
                spans.append((spans.pop()[0] if joined else cut, end))
        return tuple(spans)


def chain(ratios: Floats, counts: Ids, least: float = -PRIOR / 2) -> Floats:
    """The belief in damage of each part, from the parts' log ratios, shape ``(parts, columns)``; column by column
    for the first ``counts`` parts, which are those of its document. None is believed in that says not even the
    ``least`` for it in all parts together. Columns of about one length are done together."""
    believed = np.zeros_like(ratios)
    reached = 0
    while reached < counts.max(initial=0):
        length = max(SHORTEST, 4 * reached)
        own = np.flatnonzero((counts > reached) & (counts <= length))
        if len(own):
            believed[:length, own] = _forward_backward(ratios[:length].take(own, axis=1), counts[own])
        reached = length
    believed[:, np.maximum(ratios, 0).sum(axis=0) < least] = 0.0
    return believed


def _forward_backward(ratios: Floats, counts: Ids) -> Floats:
    """Both ways in one loop, as odds: the first row of ``odds`` goes forwards from the prior, the second backwards.

    One part further, odds o with what was heard there, h, become (damaged·o·h + enter) / (leave·o·h + healthy), that
    is ``top - span / (o + shift)``; backwards goes a likelihood ratio, for which enter and leave change places.
    """
    said = np.exp(np.clip(ratios, PART_FLOOR, 50))
    enter, leave = 1 - STAY_HEALTHY, 1 - STAY_DAMAGED
    lost = np.array([[leave], [enter]])
    shift, top = STAY_HEALTHY / lost, STAY_DAMAGED / lost
    span = (STAY_DAMAGED * STAY_HEALTHY - enter * leave) / lost**2
    if kernels.library:
        return kernels.chain(said, counts, float(np.exp(PRIOR)), shift, span, top)
    beyond = np.arange(len(ratios))[:, None] >= counts
    unheard = 1 / np.stack([said, said[::-1]], axis=1)
    shift, span = unheard * shift, unheard * span
    top = np.broadcast_to(top, span.shape).copy()
    span[:, 1][beyond[::-1]], top[:, 1][beyond[::-1]] = 0.0, 1.0
    odds = np.empty_like(span)
    odds[0] = [[np.exp(PRIOR)], [1.0]]
    for before, shift_here, span_here, top_here, after in zip(odds, shift, span, top, odds[1:], strict=False):
        np.add(before, shift_here, after)
        np.divide(span_here, after, after)
        np.subtract(top_here, after, after)
    believed = odds[:, 0] * said
    believed *= odds[::-1, 1]
    believed /= 1 + believed
    believed[beyond] = 0.0
    return np.asarray(believed)
