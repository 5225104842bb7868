"""Aligning a damaged text with its healthy twin: where they differ, and where they are the same.

Start with :func:`align`. Stretches of characters that stand exactly once in both texts are anchors; the heaviest
chain of anchors in order is kept; what lies between is anchored again with shorter stretches, and what is then
left, a few dozen characters each time, is compared exactly (rapidfuzz). Time grows with the length of the texts, not
with its square. Missing paragraphs, another layout and noise cost nothing but the characters they touch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..engine.features import codes_of

Ids = NDArray[np.int64]

ANCHORS = (16, 8, 4)  # characters of an anchor: first in the whole text, then in what is left between
EXACT = 4_000_000  # a gap of at most so many cells is compared exactly
_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Hunk:
    """``damaged[start:end]`` stands where ``original[original_start:original_end]`` was; either may be empty."""

    start: int
    end: int
    original_start: int
    original_end: int


def align(damaged: str, original: str) -> list[Hunk]:
    """Where the two texts differ, in order; between hunks they are the same, character by character.

    >>> align("推进科学开展的原那么", "推进科学发展的原则")
    [Hunk(start=4, end=5, original_start=4, original_end=5), Hunk(start=8, end=10, original_start=8, original_end=9)]
    """
    a, b = codes_of(damaged), codes_of(original)
    hunks: list[Hunk] = []
    for start, end, o_start, o_end in _differences(a, b, damaged, original, 0, len(a), 0, len(b), 0):
        if hunks and hunks[-1].end == start and hunks[-1].original_end == o_start:
            start, o_start = hunks[-1].start, hunks[-1].original_start
            hunks.pop()
        hunks.append(Hunk(start, end, o_start, o_end))
    return hunks


def _differences(a: NDArray[np.uint32], b: NDArray[np.uint32], damaged: str, original: str,
                 a0: int, a1: int, b0: int, b1: int, level: int) -> Iterator[tuple[int, int, int, int]]:
    """The differing ranges of ``a[a0:a1]`` and ``b[b0:b1]``."""
    a0, a1, b0, b1 = _trimmed(a, b, a0, a1, b0, b1)
    if a0 == a1 or b0 == b1:
        if a0 < a1 or b0 < b1:
            yield a0, a1, b0, b1
        return
    if level < len(ANCHORS) and min(a1 - a0, b1 - b0) > 3 * ANCHORS[level]:
        i, j = a0, b0
        for at, there, length in _anchors(a[a0:a1], b[b0:b1], ANCHORS[level]):
            yield from _differences(a, b, damaged, original, i, a0 + at, j, b0 + there, level + 1)
            i, j = a0 + at + length, b0 + there + length
        yield from _differences(a, b, damaged, original, i, a1, j, b1, level + 1)
    elif level < len(ANCHORS):
        yield from _differences(a, b, damaged, original, a0, a1, b0, b1, level + 1)
    elif (a1 - a0) * (b1 - b0) > EXACT:
        yield a0, a1, b0, b1
    else:
        from rapidfuzz.distance import Levenshtein

        for code in Levenshtein.opcodes(damaged[a0:a1], original[b0:b1]):
            if code.tag != "equal":
                yield a0 + code.src_start, a0 + code.src_end, b0 + code.dest_start, b0 + code.dest_end


def _trimmed(a: NDArray[np.uint32], b: NDArray[np.uint32], a0: int, a1: int, b0: int,
             b1: int) -> tuple[int, int, int, int]:
    """The ranges without what they share at either end."""
    length = min(a1 - a0, b1 - b0)
    unequal = np.flatnonzero(a[a0 : a0 + length] != b[b0 : b0 + length])
    same = int(unequal[0]) if len(unequal) else length
    a0, b0, length = a0 + same, b0 + same, length - same
    unequal = np.flatnonzero(a[a1 - length : a1][::-1] != b[b1 - length : b1][::-1])
    same = int(unequal[0]) if len(unequal) else length
    return a0, a1 - same, b0, b1 - same


def _anchors(a: NDArray[np.uint32], b: NDArray[np.uint32], width: int) -> list[tuple[int, int, int]]:
    """``(start in a, start in b, length)`` of the same stretches, in order in both, never overlapping."""
    left, left_at = _once(_hashes(a, width))
    right, right_at = _once(_hashes(b, width))
    _, i, j = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    at, there = left_at[i], right_at[j]
    order = np.argsort(at)
    at, there = at[order], there[order]
    if not len(at):
        return []
    starts = np.flatnonzero(np.r_[True, (np.diff(at) > width) | (np.diff(at) != np.diff(there))])
    ends = np.r_[starts[1:], len(at)] - 1
    runs = np.stack([at[starts], there[starts], at[ends] - at[starts] + width], axis=1)
    chain: list[tuple[int, int, int]] = []
    i_end = j_end = 0
    for x, y, length in runs[_heaviest(runs[:, 1], runs[:, 2])].tolist():
        # Runs of unlike shift may overlap by less than an anchor.
        cut = max(0, i_end - x, j_end - y)
        if cut < length:
            chain.append((x + cut, y + cut, length - cut))
            i_end, j_end = x + length, y + length
    return chain


def _hashes(text: NDArray[np.uint32], width: int) -> NDArray[np.uint64]:
    count = max(0, len(text) - width + 1)
    hashed = np.zeros(count, dtype=np.uint64)
    for k in range(width):
        hashed = (hashed + text[k : k + count].astype(np.uint64) + np.uint64(1)) * _PRIME
        hashed ^= hashed >> np.uint64(29)
    return hashed


def _once(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Ids]:
    """The hashes that occur once, sorted, and where."""
    values, at, counts = np.unique(hashes, return_index=True, return_counts=True)
    return values[counts == 1], at[counts == 1]


def _heaviest(values: Ids, weights: Ids) -> list[int]:
    """The indexes of the heaviest strictly increasing chain of ``values`` (distinct): a tree of running maxima."""
    rank = np.argsort(np.argsort(values)).tolist()
    tree = [(0, -1)] * (len(rank) + 1)
    before = []
    for index, (place, weight) in enumerate(zip(rank, weights.tolist(), strict=True)):
        best, k = (0, -1), place
        while k > 0:
            best = max(best, tree[k])
            k -= k & -k
        before.append(best[1])
        total, k = (best[0] + weight, index), place + 1
        while k <= len(rank):
            tree[k] = max(tree[k], total)
            k += k & -k
    best, k = (0, -1), len(rank)
    while k > 0:
        best = max(best, tree[k])
        k -= k & -k
    chain, index = [], best[1]
    while index >= 0:
        chain.append(index)
        index = before[index]
    return chain[::-1]
