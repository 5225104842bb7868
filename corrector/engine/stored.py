"""Arrays of a model in one file of bytes, with a manifest beside it that says where each begins.

:mod:`corrector.learn.store` writes them.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .model import DATA

Arrays = dict[str, NDArray[Any]]


def manifest(name: str) -> dict[str, Any]:
    """What the shipped model ``name`` was learnt from, its hash, and where its arrays begin."""
    facts: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return facts


def load(name: str) -> tuple[Arrays, dict[str, Any]]:
    """The arrays of the shipped model ``name``, memory-mapped, and its manifest."""
    facts = manifest(name)
    whole = np.asarray(np.memmap(DATA / f"{name}.bin", dtype=np.uint8, mode="r"))
    return {key: whole[at : at + size].view(kind).reshape(shape)
            for key, (kind, shape, at, size) in facts["arrays"].items()}, facts
