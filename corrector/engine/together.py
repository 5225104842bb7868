"""The second look: how the same word was judged elsewhere in the document.

A document on project management has 项目 wherever 工程 stands, one on building has 工程; what the other places of a
pair say, above all those in the same phrase, moves the odds of each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import among, numbered
from .features import Codes, Ids
from .ngrams import chinese, fold

Floats = NDArray[np.float64]
_MIX = 0x1E3779B97F4A7C15
_NOTED = np.array([ord("0") << 21 | ord(c) for c in "0（）"])  # neighbours of the bracket of a note's number, folded
CLIP = 6.0  # log odds; a single place says no more than this about another
AGAIN = 0.3  # of what a phrase says, for each time that it is met again: a term that an author uses is no more evidence


class Alike(NamedTuple):
    """Which places of a batch are alike: numbers, the same for the places of a pair in a document (``pair``), for those
    of them with the same two characters after the word, and with the same two before it. ``notes`` are brackets around
    numbers, in a document that has no others and some of them where references to notes stand."""

    pair: Ids
    after: Ids
    before: Ids
    notes: NDArray[np.bool_]

    @staticmethod
    def of(codes: Codes, pair: Ids, start: Ids, end: Ids) -> Alike:
        """Of places from ``start`` to ``end``; ``pair`` is given."""
        after = _neighbours(codes[end], codes[end + 1])
        before = _neighbours(codes[start - 1], codes[start - 2])
        own = pair * _MIX  # wraps: in 64 bits no two of them meet
        marks = np.flatnonzero(~chinese(codes[start]))
        notes = np.zeros(len(pair), dtype=np.bool_)
        notes[marks] = _notes(pair[marks], before[marks], after[marks])
        return Alike(pair, numbered(own + after), numbered(own + before), notes)

    def only(self, chosen: Ids) -> Alike:
        """Those of the places."""
        return Alike(self.pair[chosen], self.after[chosen], self.before[chosen], self.notes[chosen])

    def news(self) -> Floats:
        """How much each place says that the others do not: one in a phrase that is met ``n`` times, an ``n``-th and a
        little; a bracket beside a number nothing, since authors write their notes so."""
        often = np.maximum(np.bincount(self.after)[self.after], np.bincount(self.before)[self.before])
        return np.where(self.notes, 0.0, (1 + AGAIN * (often - 1)) / often)


def _neighbours(near: Codes, far: Codes) -> Ids:
    """A number for each two; those that differ in a digit or in a mark's width are one: 〔1〕, 〔2〕."""
    return np.asarray(fold(near).astype(np.int64) << 21 | fold(far))


def _notes(pair: Ids, before: Ids, after: Ids) -> NDArray[np.bool_]:
    """Which marks belong to the numbers of notes: in what they are part of there are numbers only, and one of them
    follows a word, or ends a clause."""
    opens, closes = among(after, _NOTED), among(before, _NOTED)
    numbers = opens | closes
    follows, goes_on = (chinese((beside >> 21).astype(np.uint32)) for beside in (before, after))
    refers = opens & follows | closes & ~goes_on
    return numbers & among(pair, pair[refers]) & ~among(pair, pair[~numbers])


def opinions(alike: Alike, odds: Floats) -> Floats:
    """What the other places say, shape ``(sites, 3)``: all of the same pair, those in the same phrase with what stands
    after the word, and with what stands before it. Means of log odds, drawn to 0."""
    said = np.clip(odds, -CLIP, CLIP)
    return np.stack([_others(row, said) for row in (alike.pair, alike.after, alike.before)], axis=1)


def _others(row: Ids, said: Floats) -> Floats:
    """For each place the sum over the others in the same row, divided by one more than their number."""
    if not len(said):
        return np.zeros(0)
    sums, counts = np.bincount(row, said), np.bincount(row)
    return np.asarray((sums[row] - said) / counts[row])
