"""The innermost loops as ``kernels.c`` has them, where installation found a compiler (``hatch_build.py``).

Nothing depends on that: if ``library`` is ``None`` the same is done with numpy, here or where a loop is asked for, and
that says what each is for. Here types and bounds are seen to.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ids = NDArray[np.int64]
FILE = Path(__file__).with_name("libkernels.so")
INTERFACE = 4  # as in kernels.c: what an older version left behind is not asked
FEATURES = 128  # of a site at most
_CHUNK = 1 << 16  # characters at a time: more would not stay in the cache
_NONE = np.empty(0, dtype=np.int64)


def _loaded() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(str(FILE))
        if library.interface() != INTERFACE:
            return None
    except (OSError, AttributeError):
        return None
    for counting in (library.where, library.neighbours, library.suspects, library.words):
        counting.restype = ctypes.c_int64
    return library


library = _loaded()


class Struct:
    """What a loop is told once: whole numbers and arrays in the order of the C struct, which lives as long as this."""

    def __init__(self, *fields: int | NDArray[Any]) -> None:
        self._fields = [f if isinstance(f, int) else np.ascontiguousarray(f) for f in fields]
        values = [f if isinstance(f, int) else f.ctypes.data for f in self._fields]
        self._values = np.array(values, dtype=np.int64)  # numbers and addresses have 64 bits
        self.address = self._values.ctypes.data

    def __reduce__(self) -> tuple[type[Struct], tuple[int | NDArray[Any], ...]]:
        return Struct, tuple(self._fields)  # elsewhere the arrays have other addresses


def _passed(*arguments: int | float | NDArray[Any] | Struct) -> list[Any]:
    """Whole numbers as int64_t, others as double, arrays and structs by their address: the caller must hold them."""
    return [ctypes.c_int64(a) if isinstance(a, int) else ctypes.c_double(a) if isinstance(a, float)
            else ctypes.c_void_p(a.address if isinstance(a, Struct) else a.ctypes.data) for a in arguments]


def hashed(first: Codes, second: Codes, size: int) -> Codes:
    """The hash, of ``size`` bits, of each two characters."""
    h = first * np.uint32(0x9E3779B1)
    h += second * np.uint32(0x85EBCA6B)
    h >>= np.uint32(32 - size)
    return h


def where(marked: NDArray[np.bool_], codes: Codes) -> Ids:
    """The places of ``codes`` that a table of the first plane has ``marked``; its last entry stands for all beyond."""
    if library:
        return _places(library.where, codes, 0, len(codes), marked)
    return np.flatnonzero(marked.take(codes, mode="clip"))


def neighbours(bits: NDArray[np.uint8], size: int, codes: Codes) -> Ids:
    """The places where two ``codes`` stand whose hash, of ``size`` bits, has its bit set among ``bits``."""
    if library:
        return _places(library.neighbours, codes, 0, len(codes) - 1, bits, 32 - size)
    found = [_NONE]
    for first in range(0, len(codes), _CHUNK):
        some = codes[first : first + _CHUNK + 1]
        bit = hashed(some[:-1], some[1:], size)
        held = bits.take(bit >> np.uint32(3), mode="clip") >> (bit.astype(np.uint8) & np.uint8(7))
        found.append(np.flatnonzero((held & np.uint8(1)).view(np.bool_)) + first)
    return np.concatenate(found)


def suspects(tables: Struct, codes: Codes, margin: int) -> Ids:
    """As those of :class:`corrector.engine.sounds.SoundFinder`, but for so much at the ends of ``codes``."""
    assert library
    return _places(library.suspects, codes, margin, len(codes) - margin, tables)


def _places(loop: Any, codes: Codes, begin: int, end: int, *told: int | NDArray[Any] | Struct) -> Ids:
    """What a ``loop`` that was ``told`` this finds in ``codes`` from ``begin`` to ``end``."""
    codes, found = np.ascontiguousarray(codes, dtype=np.uint32), [_NONE]
    for first in range(begin, end, _CHUNK):
        at = np.empty(_CHUNK, dtype=np.int64)
        found.append(at[: loop(*_passed(*told, codes, first, min(first + _CHUNK, end), at))].copy())
    return np.concatenate(found)


def words(known: Struct, most: int, codes: Codes) -> tuple[Ids, Ids]:
    """As the words that :mod:`corrector.engine.scan` finds, which makes ``known``; ``most`` start in a place."""
    assert library
    codes, found = np.ascontiguousarray(codes, dtype=np.uint32), [(_NONE, _NONE)]
    word, start = np.empty((2, _CHUNK * most + 1), dtype=np.int64)  # what is not written takes no memory
    for begin in range(0, len(codes), _CHUNK):
        end = min(begin + _CHUNK, len(codes))
        count = library.words(*_passed(known, codes, len(codes), begin, end, word, start))
        found.append((word[:count].copy(), start[:count].copy()))
    word, start = (np.concatenate(some) for some in zip(*found, strict=True))
    return word, start


def chain(said: Floats, counts: Ids, prior: float, shift: Floats, span: Floats, top: Floats) -> Floats:
    """As the belief of parts in :mod:`corrector.engine.parts`, which gives two of each factor."""
    assert library
    said, counts, believed = np.ascontiguousarray(said), counts.astype(np.int64), np.zeros(said.shape)
    library.chain(*_passed(said, counts, len(counts), prior, shift, span, top, believed))
    return believed


def levels(cells: NDArray[np.unsignedinteger[Any]], bits: int, keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """As :class:`corrector.engine.ngrams.Levels` of these ``cells``."""
    assert library
    keys = np.ascontiguousarray(keys, dtype=np.uint64)
    values = np.empty(keys.shape, dtype=np.uint8)
    found = {1: library.levels1, 2: library.levels2}[cells.itemsize]
    found(*_passed(cells, len(cells) // 3, bits, keys, keys.size, values))
    return values


def seen(cells: NDArray[Any], bits: int, counts: Singles, after: Singles, first: Codes, second: Codes
         ) -> tuple[Singles, Singles]:
    """As :meth:`corrector.engine.ngrams.Grams.seen` of these ``cells`` of two bytes, with what its levels stand for."""
    assert library and cells.itemsize == 2
    first, second = (np.ascontiguousarray(some, dtype=np.uint32) for some in (first, second))
    together, followers = (np.empty(first.shape, dtype=np.float32) for _ in range(2))
    library.seen(*_passed(cells, len(cells) // 3, bits, counts, after, first, second, first.size, together, followers))
    return together, followers


def sums(looks: Struct, weights: NDArray[np.int8], codes: Codes, starts: Ids, ends: Ids, keys: Codes
         ) -> NDArray[np.int32]:
    """What the weights of each site's features add up to; :mod:`corrector.engine.features` has ``looks``."""
    assert library
    codes, keys = (np.ascontiguousarray(a, dtype=np.uint32) for a in (codes, keys))
    starts, ends = (np.ascontiguousarray(a, dtype=np.int64) for a in (starts, ends))
    total = np.empty(len(starts), dtype=np.int32)
    library.sums(*_passed(looks, weights, codes, starts, ends, keys, len(total), total))
    return total
