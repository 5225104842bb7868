"""Logistic regression over hashed features: AdaGrad, one example at a time, compiled by numba.

Of a hundred million features most are seen once and say nothing; they are dropped before the descent, so that the
table stays sparse and a feature never met before usually finds a zero.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

EPOCHS = 3
RATE = 0.08
RIDGE = 5e-4
START = 0.5  # of the sum of squared slopes: keeps the first steps small
SEEN = 2  # times that a feature must be seen


def descend(rows: NDArray[np.uint32], answers: NDArray[np.bool_], size: int) -> NDArray[np.float32]:
    """Weights of ``size`` features for examples ``rows`` (indices, shape ``(examples, features)``); the index ``size``
    is of one that is not known."""
    counts = np.zeros(size + 1, dtype=np.int32)
    _count(rows, counts)
    counts[size] = 0
    weights = np.zeros(size + 1, dtype=np.float32)
    squares = np.full(size + 1, START, dtype=np.float32)
    order = np.random.default_rng(0)
    for _ in range(EPOCHS):
        _epoch(rows, answers, order.permutation(len(rows)), counts, weights, squares)
    return weights[:size]


@numba.njit(cache=True)
def _count(rows: NDArray[np.uint32], counts: NDArray[np.int32]) -> None:
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            counts[rows[i, j]] += 1


@numba.njit(cache=True)
def _epoch(rows: NDArray[np.uint32], answers: NDArray[np.bool_], order: NDArray[np.int64], counts: NDArray[np.int32],
           weights: NDArray[np.float32], squares: NDArray[np.float32]) -> None:
    for i in order:
        score = np.float32(0)
        for j in range(rows.shape[1]):
            score += weights[rows[i, j]]
        slope = np.float32(1 / (1 + np.exp(-score)) - answers[i])
        for j in range(rows.shape[1]):
            k = rows[i, j]
            if counts[k] >= SEEN:
                step = slope + np.float32(RIDGE) * weights[k]
                squares[k] += step * step
                weights[k] -= np.float32(RATE) * step / np.sqrt(squares[k])
