"""Context features: hashed character n-grams around a site, for all sites of a batch at once.

A site's features are row indices into one weight table; each is a hash of the pair, the template and the characters
the template names. The training and the engine both call :func:`features`, so that they cannot disagree.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

BITS = 22
WINDOW = 11  # code points that a template may look at on either side; texts are padded by at least this much

# Offsets count from the site: -1 is the character before it, +1 the one after it.
_PLACED: tuple[tuple[int, ...], ...] = (
    (-1,), (-2,), (1,), (2,),
    (-1, -2), (-2, -3), (-3, -4), (-4, -5), (-5, -6), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6),
    (-1, -2, -3), (-2, -3, -4), (1, 2, 3), (2, 3, 4), (-1, -2, -3, -4), (1, 2, 3, 4),
    (-1, 1), (-1, -2, 1), (-1, 1, 2), (-1, -2, 1, 2), (-1, 2, 3), (-2, -3, 1), (-1, 3, 4), (-3, -4, 1, 2),
    (-1, -2, 3, 4),
)  # fmt: skip
# The same bigram anywhere in a stretch is one feature: the head noun at the far end decides.
_BAGS: tuple[tuple[tuple[int, int], ...], ...] = (
    tuple((i, i + 1) for i in range(1, 11)),
    tuple((-i, -i - 1) for i in range(1, 11)),
)
COUNT = 1 + len(_PLACED) + sum(len(b) for b in _BAGS)


def pair_key(original: str, converted: str) -> int:
    """A 32-bit key of a pair, stable across versions and machines."""
    return zlib.crc32(f"{original}\t{converted}".encode())


def code_points(text: str) -> NDArray[np.uint32]:
    """Code points of ``text`` with ``WINDOW`` zeros on both ends."""
    margin = "\0" * WINDOW
    return np.frombuffer((margin + text + margin).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def features(codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64],
             keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Row indices, shape ``(sites, COUNT)``.

    ``codes`` are code points padded by ``WINDOW`` on both ends; ``starts`` and ``ends`` index into ``codes``.
    """
    around = {}
    for i in range(1, WINDOW + 1):
        around[-i] = codes[starts - i]
        around[i] = codes[ends + i - 1]
    rows = np.empty((len(starts), COUNT), dtype=np.uint32)
    rows[:, 0] = _finish(keys)
    column = 1
    for number, template in enumerate(_PLACED, start=1):
        rows[:, column] = _hash(keys, number, template, around)
        column += 1
    for number, bag in enumerate(_BAGS, start=len(_PLACED) + 1):
        for template in bag:
            rows[:, column] = _hash(keys, number, template, around)
            column += 1
    return rows


def _hash(keys: NDArray[np.uint32], number: int, template: tuple[int, ...],
          around: dict[int, NDArray[np.uint32]]) -> NDArray[np.uint32]:
    h = keys + np.uint32(number * 0x9E3779B1 & 0xFFFFFFFF)
    for offset in template:
        h = (h ^ around[offset]) * np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(15)
    return _finish(h)


def _finish(h: NDArray[np.uint32]) -> NDArray[np.uint32]:
    h = h * np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return np.asarray(h & np.uint32((1 << BITS) - 1), dtype=np.uint32)
