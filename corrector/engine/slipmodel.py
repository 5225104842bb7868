"""The model of slips: what a character may have been, how characters follow each other, and the screen.

:mod:`corrector.learn.slips` makes it, :mod:`.slips` looks for slips with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import distinct
from .features import Codes, Ids
from .kernels import hashed, neighbours
from .ngrams import LONG_BITS, PAIR_BITS, Grams, Levels, chinese, fold
from .reader import Reader, unpack
from .stored import load

SCREEN_BITS = 23
NEAREST, BETTER = 16, 18.0  # how many of those alike are tried there, and how much better one must stand
LIKENESS = 0.07  # of a stored step of likeness beside the logarithm of a probability
_ROWS = 4096  # that a network weighs together
Floats = NDArray[np.float64]


class Network(NamedTuple):
    """A hidden layer and an output: how likely a suspect is a slip, from what is known of it and a candidate."""

    hidden: NDArray[np.float32]
    bias: NDArray[np.float32]
    out: NDArray[np.float32]
    shift: NDArray[np.float32]

    def ratio(self, features: NDArray[np.float32]) -> Floats:
        """The log likelihood ratio of slip to health; ``features`` has shape ``(…, features)``."""
        values = np.empty(features.shape[:-1])
        for at in range(0, len(values), _ROWS):
            some = features[at : at + _ROWS].astype(np.float64)
            values[at : at + _ROWS] = np.maximum(some @ self.hidden + self.bias, 0) @ self.out + self.shift[0]
        return np.round(values, 3)  # the same, however many are computed together


class SlipModel(NamedTuple):
    """What :mod:`corrector.learn.slips` learnt.

    ``rows`` maps a character to its row of ``meant``, the characters it may have been, and ``likeness``; -1 for none.
    ``screen`` has a bit for each hash of a pair that looks like a common one and was never seen. ``limit`` is how well
    a suspect fits its neighbours at most. ``glance`` judges by n-grams alone, ``close`` by what the ``reader`` says as
    well.
    """

    grams: Grams
    rows: NDArray[np.int16]
    meant: NDArray[np.uint16]
    likeness: NDArray[np.uint8]
    screen: NDArray[np.uint8]
    limit: float
    glance: Network
    close: Network
    reader: Callable[[], Reader]

    def candidates(self, characters: Codes, nearest: int | None = None) -> tuple[Codes, NDArray[np.float32]]:
        """What each character may have been, all or the ``nearest``, and how alike they are, a row a character."""
        row = self.rows[characters]
        return self.meant[row, :nearest].astype(np.uint32), self.likeness[row, :nearest] * np.float32(LIKENESS)


def bits(first: Codes, second: Codes) -> Codes:
    """Where in the screen the bit of each two characters is."""
    return hashed(first, second, SCREEN_BITS)


def caught(codes: Codes, model: SlipModel, starts: Ids, lengths: Ids) -> tuple[Ids, NDArray[np.float32]]:
    """The places that catch the eye in so much of each document, and how much: characters never seen beside a
    neighbour, where one alike is common and fits better, by more than ``BETTER``."""
    at = neighbours(model.screen, SCREEN_BITS, codes)
    document = np.searchsorted(starts, at, side="right") - 1
    at = at[at - starts[document] < lengths[document]]
    first, second = codes[at], codes[at + 1]
    own = np.flatnonzero(chinese(first) & chinese(second))
    at, first, second = at[own], first[own], second[own]
    at = at[model.grams.seen(first, second)[0] == 0]
    at = distinct(np.concatenate((at, at + 1)))
    at = at[model.rows.take(codes[at]) >= 0]
    beside, middle = fold(codes[at[:, None] + np.arange(-1, 2)]).ravel(), np.arange(len(at)) * 3 + 1
    meant, like = model.candidates(codes[at], NEAREST)
    fits = model.grams.quick(beside, middle, np.concatenate((beside[middle, None], meant), axis=1))
    better = (fits[:, 1:] + like).max(axis=1, initial=-np.inf) - fits[:, 0] - np.float32(BETTER)
    return at[better > 0], better[better > 0]


@cache
def default_reader() -> Reader:
    """The shipped reader."""
    return unpack(load("reader")[0])


@cache
def default_slips() -> SlipModel:
    """The shipped model, memory-mapped."""
    arrays, facts = load("slips")
    rows = np.full(1 << 16, -1, dtype=np.int16)
    rows[arrays["observed"]] = np.arange(len(arrays["observed"]))
    glance, close = (Network(*(arrays[f"{name}.{part}"] for part in Network._fields)) for name in ("glance", "close"))
    grams = Grams(arrays["single"], arrays["followers"], arrays["single"].sum(), Levels(arrays["pairs"], PAIR_BITS),
                  Levels(arrays["triples"], LONG_BITS), Levels(arrays["fours"], LONG_BITS))
    return SlipModel(grams, rows, arrays["meant"], arrays["likeness"], arrays["screen"], facts["limit"], glance, close,
                     default_reader)
