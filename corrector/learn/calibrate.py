"""Calibration: scores become probabilities, on the part ``calibrate`` of the corpora, which was not trained on.

Start with :func:`calibrate`. For each pair a line from score to log odds is fitted, first for a place alone, then
together with the opinions of the rest of its document; then what one place is worth in the diagnosis is counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ..engine.features import Ids
from ..engine.model import Calibration, ContextModel
from ..engine.scan import Scanner
from ..engine.together import Alike, opinions
from ..lexicon import Lexicon
from .labelled import FULL, labelled

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LONGEST = 4000  # code points of a document damaged by any but the commonest table
SITES_A_TABLE = 12_000  # of one pair
FEWEST = 20  # places below which a pair's own figures count for little
UNSEEN = 1.5  # sure places added that were genuine: few or none were met, but healthy text is endless
MOST = 7.0  # log ratio that a single place may say at most


def calibrate(corpora: Path, lexicon: Lexicon, model: ContextModel) -> tuple[
        tuple[float, float, float, float], dict[int, tuple[float, ...]], dict[int, dict[str, Any]]]:
    """The mixture of score and opinions; by pair key its calibration, and its figures on the calibration part."""
    keys, scores, said, truth = _places(corpora, lexicon, model)
    mixture = _mixture(scores, said, truth)
    mixed = scores * mixture[0] + said @ np.array(mixture[1:])
    calibrations: dict[int, tuple[float, ...]] = {}
    figures: dict[int, dict[str, Any]] = {}
    order = np.argsort(keys, kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(keys[order])) + 1):
        found, odds = _pair(scores[own], mixed[own], said[own, 0], truth[own])
        key = int(keys[own[0]])
        calibrations[key] = tuple(round(v, 4) for v in astuple(found))
        figures[key] = _figures(odds, truth[own])
    return mixture, calibrations, figures


def _places(corpora: Path, lexicon: Lexicon, model: ContextModel) -> tuple[Ids, Floats, Floats, Bools]:
    """Pair keys, scores, opinions and labels of the places in damaged documents of the calibration part."""
    tables = [(t, Scanner(Lexicon((t,))), 1, 0) for t in lexicon.tables]
    keys, scores, said, truth = [], [], [], []
    seen: Counter[tuple[str, int]] = Counter()
    for table, scanner, batch in labelled(corpora, "calibrate", tables, whole=True, longest=LONGEST):
        sites = batch.sites
        own = scanner.keys[sites.candidate]
        if table.name != FULL:
            common = [k for k in np.unique(own).tolist() if seen[table.name, k] > SITES_A_TABLE]
            kept = ~np.isin(own, common)
            seen.update((table.name, k) for k in own[kept].tolist())
        else:
            kept = np.ones(len(own), dtype=np.bool_)
        sites, own, document = sites[kept], own[kept], batch.document[kept]
        score = model.score(batch.codes, sites.start, sites.end, own)
        group = document * len(scanner.candidates) + sites.candidate
        keys.append(own.astype(np.int64))
        scores.append(score)
        said.append(opinions(Alike.of(batch.codes, group, sites.start, sites.end), score))
        truth.append(batch.label[kept])
    return np.concatenate(keys), np.concatenate(scores), np.concatenate(said), np.concatenate(truth)


def _mixture(scores: Floats, said: Floats, truth: Bools) -> tuple[float, float, float, float]:
    rows = np.column_stack([scores, said, np.ones(len(scores))])
    x = _fitted(rows, truth, np.array([0.8, 0.0, 0.0, 0.0, 0.0]), np.full(5, 1.0))
    a, b, c, d = (round(float(v), 4) for v in x[:4])
    return a, b, c, d


def _pair(score: Floats, mixed: Floats, opinion: Floats, truth: Bools) -> tuple[Calibration, Floats]:
    """The calibration of one pair, and the log odds that it gives to its places together."""
    ones = np.ones(len(score))
    slope, shift = _fitted(np.column_stack([score, ones]), truth, np.array([0.8, 0.0]), np.array([20.0, 0.5]))
    rows = np.column_stack([mixed, opinion, ones])
    slope2, document, shift2 = _fitted(rows, truth, np.array([1.0, 0.0, 0.0]), np.array([20.0, 10.0, 0.5]))
    alone = slope * score + shift
    sure = alone > 4.0
    if (sure & truth).sum() < FEWEST:
        sure = alone > 2.0
    limit = np.log(((sure & truth).sum() + 0.5) / ((sure & ~truth).sum() + UNSEEN))
    limit = float(np.clip(limit, 0.05, MOST))
    expected = float(np.minimum(np.logaddexp(0.0, alone), limit).mean())
    found = Calibration(float(slope), float(shift), float(slope2), float(document), float(shift2), limit, expected)
    return found, rows @ np.array([slope2, document, shift2])


def _fitted(rows: Floats, truth: Bools, start: Floats, ridge: Floats) -> Floats:
    """Logistic regression that a ``ridge`` (one a column) draws towards ``start``."""
    def loss(x: Floats) -> tuple[float, Floats]:
        odds = rows @ x
        wrong = 1 / (1 + np.exp(-np.clip(odds, -60, 60))) - truth
        value = (np.logaddexp(0, odds) - truth * odds).sum() + (ridge * (x - start) ** 2).sum()
        return float(value), rows.T @ wrong + 2 * ridge * (x - start)

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found


def _figures(odds: Floats, truth: Bools) -> dict[str, Any]:
    """Of the places of a pair in damaged documents: how many, and what the likely tier (0.9) restores of them."""
    fixed = odds > np.log(9.0)
    return {
        "places": len(truth),
        "damaged": int(truth.sum()),
        "recall": round(float((fixed & truth).sum() / max(1, truth.sum())), 4),
        "precision": round(float((fixed & truth).sum() / max(1, fixed.sum())), 4),
    }
