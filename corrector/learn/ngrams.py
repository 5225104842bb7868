"""Counting n-grams into the table that :mod:`corrector.engine.ngrams` looks up. Needs numba."""

from __future__ import annotations

from collections.abc import Iterable

import numba
import numpy as np
from numpy.typing import NDArray

from ..engine.features import WINDOW, Codes, code_points
from ..engine.ngrams import FLOORS, REACH, SHAPES, Levels, fold, hashes

CELLS = 5_000_000
_FIRST, _LAST = 0x4E00, 0x9FA5  # an n-gram without a Chinese character is not counted
_STEP = 1 << 20


def counted(texts: Iterable[str], words: Iterable[tuple[str, int]]) -> Levels:
    """The table of ``texts``; each of ``words`` counts so many times more. A cell keeps its commonest n-gram."""
    kept = np.zeros(CELLS, dtype=np.uint32)
    tags = np.zeros(CELLS, dtype=np.uint8)
    characters = fold(code_points(*texts)[0])
    listed: dict[int, list[tuple[str, int]]] = {}
    for word, times in words:
        listed.setdefault(len(word), []).append((word, times))
    counts = np.zeros(1 << 28, dtype=np.uint32)
    for shape, offsets in enumerate(SHAPES):
        counts.fill(0)
        every = _hashes(characters, shape, offsets)
        _count(every, np.ones(1, dtype=np.uint32), counts)
        hashed = [every]
        for size, some in sorted(listed.items()):
            row = fold(code_points("".join(w for w, _ in some))[0])[WINDOW:]
            often = np.array([n for _, n in some], dtype=np.uint32)
            for first in range(size - offsets[-1]):
                hashed.append(hashes(row, np.arange(len(some)) * size + first, shape))
                _count(hashed[-1], often, counts)
        for some_hashes in hashed:
            _keep(some_hashes, counts, int(FLOORS[0]), kept, tags)
    level = np.searchsorted(FLOORS, kept, side="right").astype(np.uint8)
    return np.asarray(level << 4 | tags, dtype=np.uint8)


def _hashes(characters: Codes, shape: int, offsets: tuple[int, ...]) -> Codes:
    chinese = (characters >= _FIRST) & (characters <= _LAST)
    size = len(characters) - REACH
    some = np.zeros(size, dtype=np.bool_)
    for k in offsets:
        some |= chinese[k : k + size]
    at = np.flatnonzero(some)
    return np.concatenate([hashes(characters, at[i : i + _STEP], shape) for i in range(0, len(at), _STEP)])


@numba.njit(cache=True)
def _count(hashed: Codes, times: NDArray[np.uint32], counts: NDArray[np.uint32]) -> None:
    for i in range(len(hashed)):
        counts[hashed[i] >> np.uint32(4)] += times[i % len(times)]


@numba.njit(cache=True)
def _keep(hashed: Codes, counts: NDArray[np.uint32], least: int, kept: NDArray[np.uint32], tags: Levels) -> None:
    size = np.uint64(len(kept))
    for h in hashed:
        count = counts[h >> np.uint32(4)]
        if count < least:
            continue
        cell = np.int64((np.uint64(h) * size) >> np.uint64(32))
        tag = np.uint8(h & np.uint32(15))
        if count > kept[cell] or (count == kept[cell] and tag < tags[cell]):
            kept[cell] = count
            tags[cell] = tag
