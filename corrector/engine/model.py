"""The context model: ``P(the author wrote the original | context)`` for each pair.

One memory-mapped table of int8 weights, made by ``corrector.learn.train``, and a manifest that says from what. A pair
the model was not trained for has no weights; its prior stands alone.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .features import features

DATA = Path(__file__).parent.parent / "data"
UNCALIBRATED = (1.0, 0.0, 4.0)  # of a model trained before pairs were calibrated


@dataclass(frozen=True, slots=True)
class ContextModel:
    """``weights`` (int8, one a hash row) times ``scale`` sum to a score.

    ``pairs`` maps the key of each pair trained for to its calibration ``(slope, shift, limit)``: log odds are
    ``slope * score + shift``, and ``limit`` is the most that one site may say for the converter.
    """

    weights: NDArray[np.int8]
    scale: float
    pairs: dict[int, tuple[float, float, float]]

    def score(self, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64],
                 keys: NDArray[np.uint32]) -> NDArray[np.float32]:
        """The uncalibrated score of each site; shape ``(sites,)``."""
        if not len(starts):
            return np.zeros(0, dtype=np.float32)
        rows = features(codes, starts, ends, keys)
        return np.asarray(self.weights[rows].sum(axis=1, dtype=np.int32) * np.float32(self.scale), dtype=np.float32)


@functools.cache
def manifest() -> dict[str, Any]:
    """What the shipped model was trained on, and its held-out figures a pair."""
    data: dict[str, Any] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
    return data


@functools.cache
def default_model() -> ContextModel:
    """The shipped model, memory-mapped."""
    facts = manifest()
    weights = np.memmap(DATA / "context.bin", dtype=np.int8, mode="r")
    pairs = {p["key"]: tuple(p.get("calibration", UNCALIBRATED)) for p in facts["pairs"]}
    return ContextModel(weights, float(facts["scale"]), pairs)
