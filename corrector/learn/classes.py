"""Sorting characters into classes: ``python -m corrector.learn.classes CORPORA [--output FOLDER]``; half a minute.

Of each character it is counted beside which others it stands in the healthy part ``train``, one and two away. What is
more often than by chance is drawn together into a few dimensions, where k-means finds the classes, and of their centres
the groups. The result differs a little from processor to processor, so it is shipped and not made anew by ``train``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..engine.features import Codes, code_points
from ..engine.model import DATA
from ..engine.ngrams import fold
from .corpora import folders, read
from .split import part

CLASSES, GROUPS = 250, 60
KNOWN, COMPANY = 30, 3000  # times that a character must be met; commonest ones that count as company
DIMENSIONS, ROUNDS = 64, 25
_AT_ONCE = 4_000_000
Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


def company(characters: Codes, known: Ids) -> Floats:
    """Of each of the ``known`` characters, the commonest first, what it stands beside more often than by chance."""
    number = np.full(1 << 16, -1, dtype=np.int64)
    number[known] = np.arange(len(known))
    sides = []
    for distance in (1, 2):
        ahead, behind = characters[distance:], characters[:-distance]
        for own, other in ((ahead, behind), (behind, ahead)):
            counts = np.zeros(len(known) * COMPANY, dtype=np.float32)
            for at in range(0, len(own), _AT_ONCE):
                row, column = number[own[at : at + _AT_ONCE]], number[other[at : at + _AT_ONCE]]
                kept = (row >= 0) & (column >= 0) & (column < COMPANY)
                counts += np.bincount(row[kept] * COMPANY + column[kept], minlength=len(counts))
            together = counts.reshape(len(known), COMPANY)
            chance = together.sum(axis=1, keepdims=True) * together.sum(axis=0) / together.sum()
            sides.append(np.maximum(np.log((together + 0.5) / (chance + 0.5)), 0).astype(np.float32))
    return np.concatenate(sides, axis=1)


def drawn_together(rows: Floats, draw: np.random.Generator) -> Floats:
    """The rows in few dimensions, of length one: a randomised singular value decomposition (Halko et al., 2011)."""
    base = rows @ draw.standard_normal((rows.shape[1], DIMENSIONS + 36)).astype(np.float32)
    for _ in range(3):
        base = rows @ (rows.T @ np.linalg.qr(base)[0])
    base = np.linalg.qr(base)[0]
    left, values, _ = np.linalg.svd(base.T @ rows, full_matrices=False)
    return _even((base @ left)[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS]))


def grouped(rows: Floats, weights: NDArray[np.float64], count: int, draw: np.random.Generator) -> tuple[Ids, Floats]:
    """The group of each row, by k-means on the sphere, and the centres of the groups."""
    centres = rows[draw.choice(len(rows), count, replace=False, p=weights / weights.sum())]
    for _ in range(ROUNDS):
        nearest = (rows @ centres.T).argmax(axis=1)
        for group in np.unique(nearest).tolist():
            centres[group] = rows[nearest == group].sum(axis=0)
        centres = _even(centres)
    return (rows @ centres.T).argmax(axis=1), centres


def _even(rows: Floats) -> Floats:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9), dtype=np.float32)


def make(corpora: Path, output: Path) -> None:
    """Writes ``classes.txt`` into ``output``."""
    texts = (text for corpus, name, text in read(corpora) if part(name, corpus) == "train")
    characters = np.concatenate([fold(code_points(text)[0]).astype(np.uint16) for text in texts]).astype(np.uint32)
    frequency = np.bincount(characters, minlength=1 << 16)
    known = np.argsort(-frequency, kind="stable")
    known = known[(frequency[known] >= KNOWN) & (known > ord(" "))]
    draw = np.random.default_rng(0)
    rows = drawn_together(company(characters, known), draw)
    fine, centres = grouped(rows, np.sqrt(frequency[known]), CLASSES, draw)
    coarse, _ = grouped(centres, np.ones(CLASSES), GROUPS, draw)
    groups = []
    for group in range(GROUPS):
        own = ["".join(map(chr, known[fine == one].tolist())) for one in np.flatnonzero(coarse == group).tolist()]
        groups.append("".join(f"{line}\n" for line in own if line))
    (output / "classes.txt").write_text("\n".join(g for g in groups if g), encoding="utf-8", newline="")


if __name__ == "__main__":
    make(*folders(__doc__, DATA))
