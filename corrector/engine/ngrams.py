"""How characters follow each other: a trigram model of some megabytes, smoothed by absolute discounting, and how often
four characters were seen together: mostly two words.

Of single characters the counts are kept, of others only levels of counts, in four bits: :class:`Levels` is
a static function, an xor filter (Graf and Lemire, 2020) whose cells also carry a value. No n-gram is lost to another;
one that was never counted is taken for a counted one only where its tag agrees by chance, and none is ever taken
to be met more often than those within it. Training (:mod:`corrector.learn.ngrams`) and engine look up through the same
functions: they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .features import Codes, Ids

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]
Value = TypeVar("Value", bound=np.generic)
PAIRS = np.array([1, 2, 3, 5, 8, 14, 25, 45, 90, 200, 500, 1500, 5000, 20_000, 100_000])  # least counts: levels 1 to 15
LONG = np.array([2, 3, 4, 6, 9, 14, 22, 40, 80, 160, 400, 1000, 3000, 10_000, 50_000])
FOLLOWERS = np.array([1, 2, 3, 4, 6, 8, 12, 17, 25, 40, 70, 120, 250, 500, 1000])  # characters seen after a pair
FOURS = 3  # least count of four characters that is kept
REACH = 3  # characters that an n-gram may look at on either side
VIEWS = 12  # what :meth:`Grams.stand` says of a character
PAIR_BITS, LONG_BITS = 8, 4  # of a cell those of its value, for pairs and for longer ones
DISCOUNT = 0.75
_LEAST = np.float32(1e-9)


def _folded() -> Codes:
    """Characters that stand for others in an n-gram: digits, letters, brackets and quotation marks are alike."""
    table = np.arange(1 << 16, dtype=np.uint32)
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
    return np.asarray(_FOLDED.take(codes, mode="clip"))


def chinese(characters: Codes) -> NDArray[np.bool_]:
    """Which characters are Chinese, as n-grams count them: U+4E00 to U+9FA5."""
    return np.asarray(characters - np.uint32(0x4E00) < np.uint32(0x51A6))


def key(*characters: Codes) -> Keys:
    """The key of two to four characters."""
    joined = characters[0].astype(np.uint64)
    for c in characters[1:]:
        joined = joined << np.uint64(16) | c
    return np.asarray(joined, dtype=np.uint64)


def spots(keys: Keys, part: int) -> tuple[tuple[Ids, Ids, Ids], Keys]:
    """The cell of each of the three parts that a key belongs to, and what tags are cut from."""
    h = keys * np.uint64(0x9E3779B97F4A7C15)
    h ^= h >> np.uint64(32)
    h *= np.uint64(0xD6E8FEB86659FD93)
    h ^= h >> np.uint64(29)
    other = h * np.uint64(0xC2B2AE3D27D4EB4F)
    size, half, low = np.uint64(part), np.uint64(32), np.uint64(0xFFFFFFFF)
    first, second, third = ((bits * size >> half).view(np.int64) for bits in (h & low, h >> half, other >> half))
    second += part
    third += 2 * part
    other >>= np.uint64(20)
    return (first, second, third), other


class Levels(NamedTuple):
    """The value of each key that was counted, 0 of any other; ``bits`` of a cell are value, the others tag."""

    cells: NDArray[np.unsignedinteger[Any]]
    bits: int

    def __call__(self, keys: Keys) -> NDArray[np.uint8]:
        if kernels.library:
            return kernels.levels(self.cells, self.bits, keys)
        (first, second, third), rest = spots(keys, len(self.cells) // 3)
        found = _at(self.cells, first)
        found ^= _at(self.cells, second)
        found ^= _at(self.cells, third)
        width = self.cells.itemsize * 8 - self.bits
        rest &= np.uint64((1 << width) - 1)
        value = (found & found.dtype.type((1 << self.bits) - 1)).astype(np.uint8)
        value *= found >> found.dtype.type(self.bits) == rest
        return value


def counts(floors: NDArray[np.int64]) -> Floats:
    """The count that each level stands for."""
    between = np.sqrt(floors * (np.append(floors[1:], floors[-1] * 4) - 1.0))
    return np.append(0, np.maximum(floors, between)).astype(np.float32)


_PAIRS, _LONG, _FOLLOWERS = counts(PAIRS), counts(LONG), counts(FOLLOWERS)


class Grams(NamedTuple):
    """The model; all methods take folded characters with at least ``REACH`` more on either side.

    ``single`` and ``followers``, shape ``(65536,)``, count each character and those seen after it; ``total`` counts all
    characters. The value of a pair is the level of its count and, four bits higher, that of those seen after it.
    """

    single: Floats
    followers: Floats
    total: np.float32
    pairs: Levels
    triples: Levels
    fours: Levels

    def seen(self, first: Codes, second: Codes) -> tuple[Floats, Floats]:
        """How often two characters were seen together, and how many others after them."""
        if kernels.library:
            return kernels.seen(self.pairs.cells, self.pairs.bits, _PAIRS, _FOLLOWERS, first, second)
        level = self.pairs(key(first, second))
        return _at(_PAIRS, level & 15), _at(_FOLLOWERS, level >> 4)

    def follows(self, second: Codes, first: Codes, together: Floats) -> Floats:
        """The probability of ``second`` after ``first``, which were seen ``together`` so often."""
        own = (_at(self.single, second) + 1e-3) / self.total
        return _discounted(together, _at(self.single, first), _at(self.followers, first), own)

    def quick(self, characters: Codes, at: Ids, meant: Codes) -> Floats:
        """How well each of ``meant``, shape ``(at, candidates)``, stands between its neighbours alone."""
        before, after = (np.broadcast_to(characters[at + k][:, None], meant.shape) for k in (-1, 1))
        left, right = self.seen(np.stack((before, meant)), np.stack((meant, after)))[0]
        return np.asarray(np.log(self.follows(meant, before, left) * self.follows(after, meant, right) + _LEAST**2))

    def odd(self, characters: Codes, at: Ids) -> Floats:
        """How much oftener each character stands between its neighbours than chance would have it, as a logarithm; and
        rare characters are suspected sooner."""
        own, after = characters[at], characters[at + 1]
        chance = np.sqrt(_at(self.single, own) + 1) * (_at(self.single, after) + 1) / self.total**2
        return np.asarray(self.quick(characters, at, own[:, None])[:, 0] - np.log(chance))

    def stand(self, characters: Codes, at: Ids, meant: Codes) -> Floats:
        """What is to be said for each of ``meant``, shape ``(at, candidates)``, in its place.

        Shape ``(VIEWS, at, candidates)``: three logarithms of probabilities, of the character and of each of the two
        after it, and nine of one plus a count, of two pairs, three triples and four fours.
        """
        row = [meant if k == 0 else np.broadcast_to(characters[at + k][:, None], meant.shape)
               for k in range(-REACH, REACH + 1)]
        first, left, right, last = zip(*self.seen(np.stack(row[1:5]), np.stack(row[2:6])), strict=True)
        limits = np.minimum(np.stack((first[0], left[0], right[0])), np.stack((left[0], right[0], last[0])))
        triples = np.minimum(self._often(self.triples, row[1:6], 3), limits)
        # of the triples within four characters those that hold the one in question
        limits = np.minimum(triples[[0, 0, 1, 2]], triples[[0, 1, 2, 2]])
        fours = np.minimum(self._often(self.fours, row, 4), limits)
        said = np.empty((VIEWS, *meant.shape), dtype=np.float32)
        own = (self.follows(meant, row[2], left[0]), self.follows(row[4], meant, right[0]),
               self.follows(row[5], row[4], last[0]))
        for nth, (together, history, shorter) in enumerate(zip(triples, (first, left, right), own, strict=True)):
            said[nth] = np.log(_discounted(together, *history, shorter) + _LEAST)
        said[3:] = np.log1p(np.stack([left[0], right[0], *triples, *fours]))
        return said

    def _often(self, levels: Levels, row: Sequence[Codes], size: int) -> Floats:
        """How often each ``size`` characters of the ``row`` were seen together."""
        return _at(_LONG, levels(key(*(np.stack(row[k : len(row) - size + 1 + k]) for k in range(size)))))


def _at(table: NDArray[Value], places: NDArray[Any]) -> NDArray[Value]:
    """The values at ``places``, which are within the table: not to look whether they are is a third faster."""
    return table.take(places, mode="clip")


def _discounted(together: Floats, history: Floats, followers: Floats, shorter: Floats) -> Floats:
    """A probability from counts, with what is taken from those seen given to the ``shorter`` history."""
    known = np.maximum(history, 1)
    seen = np.minimum(np.maximum(together - DISCOUNT, 0) / known, 1)
    left = np.where(history > 0, np.minimum(DISCOUNT * np.maximum(followers, 1) / known, 1), 1)
    return np.asarray(seen + left * shorter, dtype=np.float32)
