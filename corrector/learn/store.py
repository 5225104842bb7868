"""Writes what :mod:`corrector.engine.stored` loads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray


def write(output: Path, name: str, arrays: Mapping[str, NDArray[Any]], facts: dict[str, object]) -> None:
    """One file of bytes, each array at a multiple of 16, and a manifest of ``facts`` that says where."""
    index, whole = {}, b""
    for key, values in arrays.items():
        index[key] = (values.dtype.str, values.shape, len(whole), values.nbytes)
        whole += values.tobytes() + b"\0" * (-values.nbytes % 16)
    output.mkdir(parents=True, exist_ok=True)
    (output / f"{name}.bin").write_bytes(whole)
    facts = facts | {"arrays": index, "sha256": hashlib.sha256(whole).hexdigest()}
    (output / f"{name}.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def hashes(corpora: Path) -> dict[str, str]:
    """The SHA-256 of each corpus and language model."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(corpora.glob("*.xz"))}
