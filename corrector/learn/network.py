"""A network of one hidden layer, trained by Adam in numpy: which of the offered candidates, or none, is meant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

HIDDEN = 64
EPOCHS, BATCH, RATE, DECAY = 20, 2048, 3e-3, 1e-5
Floats = NDArray[np.float32]


def learn(features: Floats, answers: NDArray[np.int8], kept: Floats, kept_answers: NDArray[np.int8]
          ) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights and bias of the hidden layer and of the output, whose values are log odds of each candidate.

    ``features`` has shape ``(sites, candidates, features)``, an answer is the candidate or -1 for none. The output is
    calibrated on ``kept``.
    """
    draw = np.random.default_rng(0)
    width = features.shape[2]
    weights = [draw.normal(0, np.sqrt(2 / width), (width, HIDDEN)), np.zeros(HIDDEN),
               draw.normal(0, np.sqrt(1 / HIDDEN), HIDDEN), np.full(1, -3.0)]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    steps, every = 0, EPOCHS * (len(features) // BATCH + 1)
    for _ in range(EPOCHS):
        order = draw.permutation(len(features))
        for at in range(0, len(order), BATCH):
            some = order[at : at + BATCH]
            steps += 1
            rate = RATE * (1 - steps / (every + 1))
            for k, slope in enumerate(_slopes(features[some].astype(np.float64), answers[some], weights)):
                slope += DECAY * weights[k]
                first[k] += 0.1 * (slope - first[k])
                second[k] += 0.001 * (slope**2 - second[k])
                weights[k] -= rate * (first[k] / (1 - 0.9**steps)) / (np.sqrt(second[k] / (1 - 0.999**steps)) + 1e-8)
    hidden, bias, out, shift = weights
    scores = np.maximum(kept @ hidden + bias, 0) @ out + shift
    best = scores.argmax(axis=1)
    right = (kept_answers == best).astype(np.float64)
    score = scores[np.arange(len(best)), best]

    def loss(x: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, x[0] * score + x[1]).sum() - (right * (x[0] * score + x[1])).sum())

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    a, b, c, d = (np.asarray(w, dtype=np.float32) for w in (hidden, bias, out * slope, shift * slope + offset))
    return a, b, c, d


def _slopes(rows: NDArray[np.float64], answers: NDArray[np.int8], weights: list[NDArray[np.float64]]
            ) -> list[NDArray[np.float64]]:
    hidden, bias, out, shift = weights
    inner = np.maximum(rows @ hidden + bias, 0)
    scores = inner @ out + shift
    top = np.maximum(scores.max(axis=1), 0)[:, None]
    shares = np.exp(scores - top)
    shares /= shares.sum(axis=1, keepdims=True) + np.exp(-top)
    known = np.flatnonzero(answers >= 0)
    shares[known, answers[known]] -= 1
    shares /= len(rows)
    back = shares[:, :, None] * out * (inner > 0)
    return [np.einsum("scf,sch->fh", rows, back, optimize=True), back.sum(axis=(0, 1)),
            np.einsum("sch,sc->h", inner, shares), np.array([shares.sum()])]
