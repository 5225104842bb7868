"""A reader: a convolutional network over characters that says how well any character fits where another stands.

Start with :meth:`Reader.read`. Each character becomes a vector; layer by layer it takes in what stands at one distance
to either side, until it has seen :attr:`Reader.reach` characters each way. What it expects in a place is compared with
the vectors of the characters that may be meant. It is costly, some twenty times as much as a close look at n-grams, and
meant for documents that are known to need it. :mod:`corrector.learn.reader` trains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .features import Codes, Ids
from .stored import Arrays

Floats = NDArray[np.float32]
WIDTH, INNER = 256, 512  # of a character's vector, and inside a layer
DISTANCES = (1, 2, 4, 8, 1, 2, 4, 8)  # of the layers
HIDDEN, UNKNOWN = 1, 2  # tokens: a character not to be seen, one without a vector of its own
LOUD = np.float32(4)  # vectors are kept small
ROWS = 1024  # characters that are read together
EDGE = ord("\n")  # what stands beside a document
_TINY = np.float32(1e-5)


class Layer(NamedTuple):
    """What a character takes in from those ``distance`` before and after it: two linear maps with a threshold between.

    ``inner`` has shape ``(3 * width, inner width)``: before, itself, after.
    """

    distance: int
    inner: Floats
    inner_shift: Floats
    outer: Floats
    outer_shift: Floats

    def __call__(self, values: Floats) -> Floats:
        """``values``, shape ``(characters, width)``, with what was taken in."""
        own, k = _even(values), self.distance
        seen = np.zeros((len(values), 3 * values.shape[1]), dtype=np.float32)
        before, here, after = np.split(seen, 3, axis=1)
        before[k:], here[:], after[:-k] = own[:-k], own, own[k:]
        taken = seen @ self.inner
        taken += self.inner_shift
        np.maximum(taken, 0, out=taken)
        grown = taken @ self.outer
        grown += self.outer_shift
        grown += values
        return grown


class Reader(NamedTuple):
    """``tokens`` maps a character to its row of ``vectors`` and of ``usual``, how often it is expected anywhere."""

    tokens: NDArray[np.uint16]
    vectors: Floats
    usual: Floats
    layers: tuple[Layer, ...]
    last: tuple[Floats, Floats]
    expected: tuple[Floats, Floats]

    @property
    def reach(self) -> int:
        """How many characters each way are taken in."""
        return sum(layer.distance for layer in self.layers)

    def read(self, characters: Codes, at: Ids) -> Floats:
        """What is expected at the places ``at``, sorted, of the folded ``characters`` of one document; shape
        ``(places, width)``."""
        edge = np.full(self.reach, EDGE, dtype=np.uint32)
        tokens = self.tokens.take(np.concatenate((edge, characters, edge)))
        firsts = np.arange(0, len(characters), ROWS)
        bounds = np.searchsorted(at, np.append(firsts, len(characters))).tolist()
        rows = [self._read(tokens[first : first + ROWS + 2 * self.reach], at[a:b] - first)
                for first, a, b in zip(firsts.tolist(), bounds, bounds[1:], strict=False) if a < b]
        return np.concatenate(rows) if rows else self.vectors[:0]

    def _read(self, tokens: NDArray[np.uint16], at: Ids) -> Floats:
        values = self.vectors.take(tokens, axis=0) * LOUD
        for layer in self.layers:
            values = layer(values)
        values = values[self.reach + at]
        (last, last_shift), (scale, shift) = self.last, self.expected
        inner = np.maximum(_even(values) @ last + last_shift, 0)
        return np.asarray(_even(inner) * scale + shift)

    def say(self, expected: Floats, meant: Codes) -> Floats:
        """How well each of ``meant``, shape ``(places, candidates)``, fits what is ``expected`` in its place, and in a
        last column the character that fits best of all: logarithms of probabilities."""
        said = np.empty((len(meant), meant.shape[1] + 1), dtype=np.float32)
        for at in range(0, len(meant), ROWS):
            fits = expected[at : at + ROWS] @ self.vectors.T
            fits += self.usual
            most = fits.max(axis=1, keepdims=True)
            fits -= most
            rows = said[at : at + ROWS]
            rows[:, :-1] = np.take_along_axis(fits, self.tokens.take(meant[at : at + ROWS]).astype(np.int64), axis=1)
            rows[:, -1] = 0
            rows -= np.log(np.exp(fits, out=fits).sum(axis=1, keepdims=True))
        return said


def _even(values: Floats) -> Floats:
    """Each row with a mean of 0 and a variance of 1."""
    values = values - values.mean(axis=1, keepdims=True)
    values /= np.sqrt(np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1]) + _TINY)[:, None]
    return values


def _small(weights: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    scale = np.maximum(np.abs(weights).max(axis=axis, keepdims=True), _TINY) / np.float32(127)
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def pack(tokens: NDArray[np.uint16], vectors: Floats, usual: Floats, layers: Sequence[tuple[Floats, ...]],
         last: tuple[Floats, ...], expected: tuple[Floats, ...]) -> Arrays:
    """What :func:`unpack` reads: weights in steps of a 127th of the largest of their column, of their row in vectors.

    A layer is inner map and shift, outer map and shift.
    """
    packed: Arrays = {"tokens": tokens, "usual": usual, "scale": expected[0], "shift": expected[1]}
    named = {"vectors": vectors, "last": last[0]}
    packed["last.shift"] = last[1]
    for number, (inner, inner_shift, outer, outer_shift) in enumerate(layers):
        named |= {f"{number}.inner": inner, f"{number}.outer": outer}
        packed |= {f"{number}.inner.shift": inner_shift, f"{number}.outer.shift": outer_shift}
    for name, weights in named.items():
        packed[name], packed[f"{name}.steps"] = _small(weights, 1 if name == "vectors" else 0)
    return packed


def unpack(packed: Arrays) -> Reader:
    """The reader, 25 MB of it."""

    def whole(name: str) -> Floats:
        return np.asarray(packed[name] * packed[f"{name}.steps"], dtype=np.float32)

    layers = tuple(Layer(distance, whole(f"{n}.inner"), packed[f"{n}.inner.shift"], whole(f"{n}.outer"),
                         packed[f"{n}.outer.shift"]) for n, distance in enumerate(DISTANCES))
    return Reader(packed["tokens"], whole("vectors"), packed["usual"], layers, (whole("last"), packed["last.shift"]),
                  (packed["scale"], packed["shift"]))
