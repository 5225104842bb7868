"""Diagnosis: which converter acted on which part of a document, from the evidence of all its sites.

A converter leaves no original behind. A site has likelihood 1 where the converter acted and ``1 - p`` where it did
not; an original still standing speaks against it. Parts (lines, long ones cut) form a chain with two states, damaged
or not, so that titles left unconverted do not switch the diagnosis off for the body, nor damage spill over the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PART_LENGTH = 300  # code points after which a line is cut into another part
PRIOR = -4.0  # log odds that the first part was converted, before looking; GATE guards the whole
STAY_HEALTHY = 0.998
STAY_DAMAGED = 0.9995
SITE_LIMIT = 4.0  # log ratio that one site can give at most: the context model is never surer than this
GATE = -6.0  # log odds before looking: one document in 400, and it must be overcome by more than one pair
PAIR_LIMIT = 5.0
STANDING = -3.0  # log ratio of an original in plain sight (it may be a title, a quotation, a misread word)
PART_FLOOR = -5.0
WEIGHT = {"seen": 1.0, "learnt": 1.0, "reported": 0.3}  # unproven pairs weigh less


@dataclass(frozen=True, slots=True)
class Belief:
    """``active[i]``: the probability that the table acted on part ``i``; ``total``: log ratio of the document."""

    active: NDArray[np.float64]
    total: float

    def gated(self, evidence: float, against: float) -> Belief:
        """The belief after a look at the damaged parts as one: a table is there only if several pairs say so."""
        odds = GATE + evidence + against
        return Belief(self.active / (1 + math.exp(-max(-50.0, min(50.0, odds)))), odds)


def parts(text: str) -> NDArray[np.int64]:
    """The starts of the parts of ``text``: lines, cut after ``PART_LENGTH`` at the next full stop or at once."""
    starts, position = [0], 0
    while True:
        newline = text.find("\n", position)
        end = len(text) if newline < 0 else newline
        while end - position > 2 * PART_LENGTH:
            stop = text.find("。", position + PART_LENGTH, position + 2 * PART_LENGTH)
            position = stop + 1 if stop >= 0 else position + PART_LENGTH
            starts.append(position)
        if newline < 0:
            return np.array(starts, dtype=np.int64)
        position = newline + 1
        starts.append(position)


def site_ratio(log_odds: NDArray[np.float32]) -> NDArray[np.float64]:
    """``-log(1 - p)``, at most ``SITE_LIMIT``: what a site says for the converter."""
    return np.asarray(np.minimum(np.logaddexp(0.0, log_odds.astype(np.float64)), SITE_LIMIT), dtype=np.float64)


def repeated(pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The weight of each site in its document: an author who likes a word repeats it, so the k-th counts 1/√k."""
    order = np.argsort(pairs, kind="stable")
    ranked = pairs[order]
    first = np.searchsorted(ranked, ranked, side="left")
    weight = np.empty(len(pairs))
    weight[order] = 1 / np.sqrt(np.arange(len(pairs)) - first + 1)
    return weight


def pooled(pairs: NDArray[np.int64], ratios: NDArray[np.float64]) -> float:
    """The sum over the pairs of a table, each at most ``PAIR_LIMIT`` either way, however often it stands."""
    if not len(pairs):
        return 0.0
    return float(np.clip(np.bincount(pairs, ratios), -PAIR_LIMIT, PAIR_LIMIT).sum())


def chain(ratios: NDArray[np.float64]) -> Belief:
    """Forward-backward over the parts' log ratios."""
    ratios = np.maximum(ratios, PART_FLOOR)
    informative = np.flatnonzero(ratios)
    if not len(informative) or ratios[ratios > 0].sum() < -PRIOR / 2:
        return Belief(np.zeros(len(ratios)), float(ratios.sum()))
    forward = _sweep(ratios)
    backward = _sweep(ratios[::-1], start=0.0)[::-1] - ratios
    odds = forward + backward
    return Belief(1 / (1 + np.exp(-np.clip(odds, -50, 50))), float(ratios.sum()))


def _sweep(ratios: NDArray[np.float64], start: float = PRIOR) -> NDArray[np.float64]:
    """Log odds after each part, seeing it and all before it."""
    out = np.empty(len(ratios))
    odds = start
    for i, ratio in enumerate(ratios.tolist()):
        if i or start == 0.0:
            damaged = 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
            if start == 0.0:
                # backwards the message is a likelihood ratio, not a belief
                ahead = math.exp(max(-50.0, min(50.0, odds)))
                odds = math.log((STAY_DAMAGED * ahead + 1 - STAY_DAMAGED)
                                / ((1 - STAY_HEALTHY) * ahead + STAY_HEALTHY))
            else:
                moved = damaged * STAY_DAMAGED + (1 - damaged) * (1 - STAY_HEALTHY)
                odds = math.log(moved / (1 - moved))
        odds += ratio
        out[i] = odds
    return out


def shares(totals: Sequence[float]) -> NDArray[np.float64]:
    """How the tables that compete for a document divide it: softmax of their total evidence."""
    values = np.array(totals, dtype=np.float64)
    values = np.exp(values - values.max())
    return np.asarray(values / values.sum(), dtype=np.float64)
