"""The context model: ``P(the author wrote the original | context)`` for each pair.

One memory-mapped table of int8 weights, made by ``corrector.learn.train``, and a manifest that says from what. A pair
the model was not trained for has no weights: it is not judged.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .features import WINDOW, Codes, Ids, chunks, sums

Floats = NDArray[np.float64]
DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the scores of one pair become log odds, and what they are worth. Learnt on documents not trained on.

    ``slope * score + shift`` are the log odds of a place by its own context. With the opinions of the document
    (:mod:`.together`) they are ``slope2 * mixed + document * opinion + shift2``, where ``mixed`` is the model's
    mixture of score and opinions. ``limit`` is the most that one place may say for the converter (a log ratio: how
    much oftener a sure place was converted than genuine), ``expected`` what places in damaged text say on average.
    """

    slope: float = 1.0
    shift: float = 0.0
    slope2: float = 1.0
    document: float = 0.0
    shift2: float = 0.0
    limit: float = 0.0
    expected: float = 0.0


class Calibrations(NamedTuple):
    """The :class:`Calibration` of many pairs: arrays, an entry a pair."""

    slope: Floats
    shift: Floats
    slope2: Floats
    document: Floats
    shift2: Floats
    limit: Floats
    expected: Floats


@dataclass(frozen=True, slots=True)
class ContextModel:
    """``weights`` (int8, one a hash row) times ``scale`` sum to a score; ``pairs`` maps pair keys to calibrations.

    ``mixture`` are the factors of the score and of the three opinions of the document. ``possible`` are pairs that were
    wrong too often on documents not trained on: they are proposed, never more.
    """

    weights: NDArray[np.int8]
    scale: float
    mixture: tuple[float, float, float, float]
    pairs: dict[int, Calibration]
    possible: frozenset[int] = frozenset()

    def score(self, codes: Codes, starts: Ids, ends: Ids, keys: Codes) -> Floats:
        """The uncalibrated score of each site; shape ``(sites,)``."""
        return np.asarray(sums(self.weights, codes, starts, ends, keys) * self.scale)

    def pieces(self, codes: Codes, start: int, end: int, key: int) -> Floats:
        """What each feature of one site adds to its score; shape ``(features,)``."""
        around = np.pad(codes[start - WINDOW : end + WINDOW], 1)
        own = np.array([WINDOW + 1]), np.array([len(around) - WINDOW - 1])
        _, rows = next(chunks(around, *own, np.array([key], dtype=np.uint32)))
        return np.asarray(self.weights.take(rows[:, 0]) * self.scale, dtype=np.float64)

    def calibrations(self, keys: Sequence[int]) -> Floats:
        """One row a key, columns as in :class:`Calibration`; pairs not trained for have limit 0."""
        unknown = Calibration(0.0, -9.0, 0.0, 0.0, -9.0)
        rows = [self.pairs.get(key, unknown) for key in keys]
        return np.array([(c.slope, c.shift, c.slope2, c.document, c.shift2, c.limit, c.expected) for c in rows],
                        dtype=np.float64).reshape(-1, 7)

    def mixtures(self, keys: Sequence[int]) -> Floats:
        """One row a key: the mixture."""
        return np.tile(np.array(self.mixture), (len(keys), 1))


@functools.cache
def manifest(folder: Path = DATA) -> dict[str, Any]:
    """What a model (the shipped one) was trained on, and its held-out figures."""
    data: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return data


@functools.cache
def load(folder: Path = DATA) -> ContextModel:
    """The model in ``folder`` (the shipped one), memory-mapped."""
    facts = manifest(folder)
    weights = np.memmap(folder / "context.bin", dtype=np.int8, mode="r")
    pairs = {p["key"]: Calibration(*p["calibration"]) for p in facts["pairs"]}
    possible = frozenset(p["key"] for p in facts["pairs"] if p.get("possible"))
    a, b, c, d = facts["mixture"]
    return ContextModel(weights, float(facts["scale"]), (a, b, c, d), pairs, possible)
