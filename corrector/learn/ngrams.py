"""Counting n-grams into the model that :mod:`corrector.engine.ngrams` looks up. Needs numba."""

from __future__ import annotations

from collections.abc import Iterable

import numba
import numpy as np
from numpy.typing import NDArray

from ..engine.features import Codes, Ids, code_points
from ..engine.ngrams import (
    FOLLOWERS,
    FOURS,
    LONG,
    LONG_BITS,
    PAIR_BITS,
    PAIRS,
    Grams,
    Keys,
    Levels,
    chinese,
    fold,
    key,
    spots,
)

ROOM = 1.24  # cells a key; below 1.23 the cells cannot be told apart
Counted = tuple[Keys, NDArray[np.int64]]


def counted(texts: Iterable[str], words: Iterable[tuple[str, int]], common: int) -> tuple[Grams, Keys]:
    """The model of ``texts``, and the pairs seen ``common`` times; each of ``words`` counts so many times more."""
    characters = fold(code_points("\n".join(texts))[0])
    listed = list(words)
    inner = fold(code_points(*(w for w, _ in listed))[0])
    times = np.zeros(len(inner), dtype=np.int64)
    inside = np.flatnonzero(chinese(inner))
    times[inside] = np.repeat([n for _, n in listed], [len(w) for w, _ in listed])
    single = np.bincount(characters, minlength=1 << 16) + np.bincount(inner, times, 1 << 16).astype(np.int64)
    twos, threes, fours = (_counted(((characters, None), (inner, times)), size) for size in (2, 3, 4))
    followers = np.bincount((twos[0] >> np.uint64(16)).astype(np.int64), minlength=1 << 16)
    begun, after_begun = np.unique(threes[0] >> np.uint64(16), return_counts=True)
    after = np.zeros(len(twos[0]), dtype=np.int64)
    _, here, there = np.intersect1d(twos[0], begun, assume_unique=True, return_indices=True)
    after[here] = after_begun[there]
    level = np.searchsorted(PAIRS, twos[1], side="right") | np.searchsorted(FOLLOWERS, after, side="right") << 4
    pairs = static(twos[0], level, PAIR_BITS, np.uint16)
    alone = single.astype(np.float32)
    grams = Grams(alone, followers.astype(np.float32), alone.sum(), pairs, _long(*threes, LONG[0]),
                  _long(*fours, FOURS))
    return grams, twos[0][twos[1] >= common]


def _counted(rows: Iterable[tuple[Codes, NDArray[np.int64] | None]], size: int) -> Counted:
    """Every key of ``size`` characters with its count, sorted; those without a Chinese character are left out. What
    each character of a row counts may stand beside it, none for one."""
    found, often = [], []
    for row, times in rows:
        inside = [slice(k, len(row) - size + 1 + k) for k in range(size)]
        keys = key(*(row[at] for at in inside))
        each = np.minimum.reduce([times[at] for at in inside]) if times is not None else np.ones(len(keys), np.int64)
        chosen = np.flatnonzero(_chinese(keys) & (each > 0))
        found.append(keys[chosen])
        often.append(each[chosen])
    every, inverse = np.unique(np.concatenate(found), return_inverse=True)
    return every, np.bincount(inverse, np.concatenate(often)).astype(np.int64)


def _long(keys: Keys, counts: NDArray[np.int64], least: int) -> Levels:
    """The levels of those that count ``least``."""
    often = counts >= least
    return static(keys[often], np.searchsorted(LONG, counts[often], side="right"), LONG_BITS, np.uint8)


def _chinese(keys: Keys) -> NDArray[np.bool_]:
    """Which keys have a Chinese character."""
    some = np.zeros(len(keys), dtype=np.bool_)
    for shift in (0, 16, 32, 48):
        some |= chinese((keys >> np.uint64(shift) & np.uint64(0xFFFF)).astype(np.uint32))
    return some


def static(keys: Keys, values: Ids, bits: int, kind: type[np.uint8 | np.uint16]) -> Levels:
    """The function that gives each of ``keys`` its value of ``bits``."""
    part = int(len(keys) * ROOM / 3) + 32
    at, rest = spots(keys, part)
    width = np.dtype(kind).itemsize * 8 - bits
    cells = (rest & np.uint64((1 << width) - 1)).astype(np.int64) << bits | values
    peeled = _peeled(np.stack(at), cells, 3 * part)
    return Levels(peeled.astype(np.uint8) if kind is np.uint8 else peeled.astype(np.uint16), bits)


@numba.njit(cache=True)
def _peeled(at: Ids, values: Ids, size: int) -> Ids:
    """Cells such that the three of each key, joined by xor, are its value."""
    degree, joined = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int64)
    count = at.shape[1]
    for row in range(count):
        for k in range(3):
            degree[at[k, row]] += 1
            joined[at[k, row]] ^= row
    ready = np.empty(size, dtype=np.int64)
    top = 0
    for cell in range(size):
        if degree[cell] == 1:
            ready[top] = cell
            top += 1
    order, own = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    done = 0
    while top:
        top -= 1
        cell = ready[top]
        if degree[cell] != 1:
            continue
        row = joined[cell]
        order[done], own[done] = row, cell
        done += 1
        for k in range(3):
            other = at[k, row]
            degree[other] -= 1
            joined[other] ^= row
            if degree[other] == 1:
                ready[top] = other
                top += 1
    if done < count:
        raise ValueError("too few cells")
    cells = np.zeros(size, dtype=np.int64)
    for nth in range(count - 1, -1, -1):
        row = order[nth]
        cells[own[nth]] = values[row] ^ cells[at[0, row]] ^ cells[at[1, row]] ^ cells[at[2, row]]
    return cells
