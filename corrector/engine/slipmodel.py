"""The model of slips: what a character may have been, how characters follow each other, and the screen.

:mod:`corrector.learn.slips` makes it, :mod:`.slips` looks for slips with it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import distinct
from .features import Codes, Ids
from .model import DATA
from .ngrams import PAIR_BITS, TRIPLE_BITS, Levels, Trigrams, chinese, fold

SCREEN_BITS = 23
NEAREST, BETTER = 16, 18.0  # how many of those alike are tried there, and how much better one must stand
LIKENESS = 0.07  # of a stored step of likeness beside the logarithm of a probability
Floats = NDArray[np.float64]


class SlipModel(NamedTuple):
    """What :mod:`corrector.learn.slips` learnt.

    ``rows`` maps a character to its row of ``meant``, the characters it may have been, and ``likeness``; -1 for none.
    ``screen`` has a bit for each hash of a pair that looks like a common one and was never seen. ``limit`` is how well
    a suspect fits its neighbours at most. ``network`` is weights and bias of the hidden layer and the output, which is
    the log ratio.
    """

    grams: Trigrams
    rows: NDArray[np.int16]
    meant: NDArray[np.uint16]
    likeness: NDArray[np.uint8]
    screen: NDArray[np.uint8]
    limit: float
    network: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

    def candidates(self, characters: Codes, nearest: int | None = None) -> tuple[Codes, NDArray[np.float32]]:
        """What each character may have been, all or the ``nearest``, and how alike they are, a row a character."""
        row = self.rows[characters]
        return self.meant[row, :nearest].astype(np.uint32), self.likeness[row, :nearest] * np.float32(LIKENESS)

    def ratio(self, features: NDArray[np.float32]) -> Floats:
        """The log likelihood ratio of slip to health; ``features`` has shape ``(…, FEATURES)``."""
        hidden, bias, out, shift = self.network
        values = np.maximum(features.astype(np.float64) @ hidden + bias, 0) @ out + shift[0]
        return np.asarray(np.round(values, 3), dtype=np.float64)  # the same, however many are computed together


def bits(first: Codes, second: Codes) -> Codes:
    """Where in the screen the bit of each two characters is."""
    h = first * np.uint32(0x9E3779B1)
    h += second * np.uint32(0x85EBCA6B)
    h >>= np.uint32(32 - SCREEN_BITS)
    return h


def caught(codes: Codes, model: SlipModel) -> Ids:
    """The places that catch the eye: characters never seen beside a neighbour, where one alike is common and fits far
    better."""
    bit = bits(codes[:-1], codes[1:])
    held = model.screen.take(bit >> np.uint32(3)) >> (bit.astype(np.uint8) & np.uint8(7))
    at = np.flatnonzero((held & np.uint8(1)).view(np.bool_))
    first, second = codes[at], codes[at + 1]
    own = chinese(first) & chinese(second)
    at, first, second = at[own], first[own], second[own]
    at = at[model.grams.seen(first, second)[0] == 0]
    at = distinct(np.concatenate((at, at + 1)))
    at = at[model.rows.take(codes[at]) >= 0]
    beside, middle = fold(codes[at[:, None] + np.arange(-1, 2)]).ravel(), np.arange(len(at)) * 3 + 1
    meant, like = model.candidates(codes[at], NEAREST)
    fits = model.grams.quick(beside, middle, np.concatenate((beside[middle, None], meant), axis=1))
    return np.asarray(at[(fits[:, 1:] + like).max(axis=1, initial=-np.inf) - fits[:, 0] > BETTER])


@cache
def default_slips() -> SlipModel:
    """The shipped model, memory-mapped."""
    facts = json.loads((DATA / "slips.json").read_text(encoding="utf-8"))
    whole = np.asarray(np.memmap(DATA / "slips.bin", dtype=np.uint8, mode="r"))
    arrays = {name: whole[at : at + size].view(kind).reshape(shape)
              for name, (kind, shape, at, size) in facts["arrays"].items()}
    rows = np.full(1 << 16, -1, dtype=np.int16)
    rows[arrays["observed"]] = np.arange(len(arrays["observed"]))
    network = arrays["hidden"], arrays["bias"], arrays["out"], arrays["shift"]
    grams = Trigrams(arrays["single"], arrays["followers"], arrays["single"].sum(), Levels(arrays["pairs"], PAIR_BITS),
                     Levels(arrays["triples"], TRIPLE_BITS))
    return SlipModel(grams, rows, arrays["meant"], arrays["likeness"], arrays["screen"], facts["limit"], network)
