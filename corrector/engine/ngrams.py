"""How often characters stand together: levels of n-gram counts in one table of bytes, looked up by hash.

A byte holds four bits of a level (0: seldom or never seen) and four of a tag, so that an n-gram never counted is taken
for another one only once in sixteen. A judged character has several places, :data:`PLACES`: each is an n-gram
and which of its characters is judged. Training and engine both look up through :class:`Grams`: they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .features import Codes, Ids

Levels = NDArray[np.uint8]
FLOORS = np.array([3, 5, 8, 13, 21, 34, 55, 100, 200, 400, 1000, 3000, 10000, 40000, 200000])  # counts: levels 1 to 15
SHAPES: tuple[tuple[int, ...], ...] = ((0,), (0, 1), (0, 2), (0, 1, 2), (0, 1, 2, 3))
PLACES = tuple((shape, nth) for shape, offsets in enumerate(SHAPES) for nth in range(len(offsets)))
REACH = 3  # characters that an n-gram may look at on either side
# For each place the n-gram that is left without the judged character: its shape, and how far from it that starts.
_AROUND = ((0, 0), (0, 1), (0, -1), (0, 2), (0, -2), (1, 1), (2, -1), (1, -2), (3, 1), (1, 1), (1, -2), (3, -3))
_FACTORS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F], dtype=np.uint32)
_SEEDS = np.array([0x1234567, 0x2545F491, 0x3C6EF372, 0x5BE0CD19, 0x6A09E667], dtype=np.uint32)
_PLACE_FACTORS = _FACTORS[[nth for _, nth in PLACES]]


def _folded() -> NDArray[np.uint16]:
    """Characters that stand for others in an n-gram: digits, letters, brackets and quotation marks are alike."""
    table = np.arange(1 << 16, dtype=np.uint16)
    for first, last, kept in (("0", "9", "0"), ("０", "９", "0"), ("A", "Z", "a"), ("a", "z", "a"), ("Ａ", "Ｚ", "a"),
                              ("ａ", "ｚ", "a")):
        table[ord(first) : ord(last) + 1] = ord(kept)
    for folded, kept in ((",", "，"), (".", "。"), (";", "；"), (":", "："), ("?", "？"), ("!", "！"), ("([〔【", "（"),
                         (")]〕】", "）"), ("\t　\xa0", " "), ("\r\0", "\n"), ("”‘’\"'「」『』〞〝", "“")):
        table[[ord(c) for c in folded]] = ord(kept)
    return table


_FOLDED = _folded()


def fold(codes: Codes) -> Codes:
    """``codes`` as n-grams see them."""
    return _FOLDED.take(codes, mode="clip").astype(np.uint32)


def hashes(characters: Codes, at: Ids, shape: int) -> Codes:
    """The hash of the n-gram that starts at each of ``at``."""
    h = np.full(len(at), _SEEDS[shape], dtype=np.uint32)
    for i, k in enumerate(SHAPES[shape]):
        h += characters[at + k] * _FACTORS[i]
    return _finish(h)


def cells(hashed: Codes, size: int) -> Ids:
    """Where in a table of ``size`` bytes each hash belongs."""
    return ((hashed.astype(np.uint64) * np.uint64(size)) >> np.uint64(32)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Grams:
    """The table; all methods take folded characters with at least ``REACH`` more on either side."""

    table: Levels

    def __call__(self, hashed: Codes) -> Levels:
        """The level of each hash."""
        found = self.table.take(cells(hashed, len(self.table)))
        return np.where((found ^ hashed.astype(np.uint8)) & 15, 0, found >> 4).astype(np.uint8)

    def pairs(self, characters: Codes) -> Levels:
        """The level of each two neighbours; shape ``(len(characters) - REACH,)``."""
        size = len(characters) - REACH
        return self(_finish(characters[:size] * _FACTORS[0] + characters[1 : size + 1] * _FACTORS[1] + _SEEDS[1]))

    def around(self, characters: Codes, at: Ids) -> Levels:
        """The levels of what surrounds each place of a character; shape ``(places, at)``, the first row is zero."""
        levels = np.zeros((len(PLACES), len(at)), dtype=np.uint8)
        known: dict[tuple[int, int], Levels] = {}
        for row, (shape, first) in enumerate(_AROUND[1:], 1):
            if (shape, first) not in known:
                known[shape, first] = self(hashes(characters, at + first, shape))
            levels[row] = known[shape, first]
        return levels

    def judged(self, partial: Codes, meant: Codes, places: slice = slice(None)) -> Levels:
        """The levels of ``meant``, shape ``(at, …)``, in the ``places`` whose other characters are ``partial``."""
        extra = (1,) * (meant.ndim - 1)
        factors = _PLACE_FACTORS[places].reshape(-1, 1, *extra)
        return self(_finish(partial[places].reshape(*partial[places].shape, *extra) + meant * factors))


def partial(characters: Codes, at: Ids) -> Codes:
    """The unfinished hash of each place without its judged character; shape ``(places, at)``."""
    sums = np.empty((len(PLACES), len(at)), dtype=np.uint32)
    for row, (shape, nth) in enumerate(PLACES):
        own = SHAPES[shape][nth]
        sums[row] = _SEEDS[shape]
        for i, k in enumerate(SHAPES[shape]):
            if i != nth:
                sums[row] += characters[at + k - own] * _FACTORS[i]
    return sums


def _finish(h: Codes) -> Codes:
    h = h ^ (h >> np.uint32(16))
    h *= np.uint32(0x7FEB352D)
    h ^= h >> np.uint32(15)
    h *= np.uint32(0x846CA68B)
    return h ^ (h >> np.uint32(16))
