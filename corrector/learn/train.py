"""Training the context model: ``python -m corrector.learn.train CORPORA [--output FOLDER]``.

Clean documents are damaged by each table; at every place where the table's word then stands, the label is whether it
was the original. One logistic regression over hashed context features serves all pairs. Documents of the parts
``calibrate`` and ``test`` (:mod:`corrector.learn.split`) are not trained on. The same corpora and dictionaries give
the same bytes. Needs the extra ``train`` (scipy).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ..damage import damage
from ..engine.features import BITS, COUNT, WINDOW, code_points, features
from ..engine.model import ContextModel
from ..engine.scan import Candidate, Scanner
from ..lexicon import Lexicon, Table, default_lexicon
from .corpora import read
from .split import part

FULL = "A"  # the commonest family is trained on every document, the others take turns
SITES_A_PAIR = 60_000
RIDGE = 0.4
LIMIT = 4.0  # a weight beyond this is one collocation learnt by heart
STEPS = 40
UNSEEN = (0.5, -2.0, 0.0)  # a pair that the calibration part does not show is doubted


def labelled(text: str, table: Table, scanner: Scanner) -> tuple[str, NDArray[np.int64], NDArray[np.bool_]]:
    """The damaged text, its sites ``(candidate, start, end)``, and for each whether it was the original."""
    damaged = damage(text, table)
    found, _ = scanner(damaged.text)
    truth = {(c.start, c.end, c.original) for c in damaged.truth}
    labels = np.fromiter(
        ((s, e, scanner.candidates[c].pair.original) in truth for c, s, e in found.tolist()), dtype=np.bool_,
        count=len(found),
    )
    return damaged.text, found, labels


def examples(corpora: Path, lexicon: Lexicon) -> tuple[NDArray[np.uint32], NDArray[np.bool_], list[Candidate]]:
    """Feature rows and labels of the training part, at most ``SITES_A_PAIR`` a pair."""
    scanners = {t.name: Scanner(lexicon, (t.name,)) for t in lexicon.tables}
    others = [t for t in lexicon.tables if t.name != FULL]
    seen: Counter[int] = Counter()
    rows, answers = [], []
    for number, (corpus, name, text) in enumerate(read(corpora)):
        if part(name, corpus) != "train":
            continue
        for table in (lexicon.table(FULL), others[number % len(others)]):
            scanner = scanners[table.name]
            damaged, found, labels = labelled(text, table, scanner)
            if not len(found):
                continue
            keys = scanner.keys[found[:, 0]]
            keep = np.fromiter((seen[k] < SITES_A_PAIR for k in keys.tolist()), dtype=np.bool_, count=len(keys))
            seen.update(keys[keep].tolist())
            found, keys = found[keep], keys[keep]
            rows.append(features(code_points(damaged), found[:, 1] + WINDOW, found[:, 2] + WINDOW, keys))
            answers.append(labels[keep])
    candidates = {c.key: c for s in scanners.values() for c in s.candidates if seen[c.key]}
    return np.concatenate(rows), np.concatenate(answers), [candidates[k] for k in sorted(candidates)]


def fit(rows: NDArray[np.uint32], answers: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Ridge logistic regression by L-BFGS: one weight a hash row."""
    matrix = csr_matrix(
        (np.ones(rows.size, dtype=np.float32), rows.ravel().astype(np.int32),
         np.arange(0, rows.size + 1, COUNT, dtype=np.int64)), shape=(len(rows), 1 << BITS),
    )
    transposed = matrix.T
    sign = np.where(answers, 1.0, -1.0).astype(np.float32)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (matrix @ w.astype(np.float32))
        value = np.logaddexp(0, -margin).sum(dtype=np.float64) + RIDGE / 2 * (w @ w)
        slope = -sign / (1 + np.exp(np.minimum(margin, 60)))
        return float(value), (transposed @ slope.astype(np.float32)).astype(np.float64) + RIDGE * w

    found = minimize(loss, np.zeros(1 << BITS), jac=True, method="L-BFGS-B",
                     options={"maxiter": STEPS, "maxcor": 6})
    weights: NDArray[np.float64] = found.x
    return weights


def calibrate(corpora: Path, lexicon: Lexicon, model: ContextModel) -> dict[int, tuple[float, float, float]]:
    """For each pair ``(slope, shift, limit)``, from the calibration part, which was not trained on.

    ``slope`` and ``shift`` make log odds of the model's sums; ``limit`` is the most that one site may say for the
    converter: how much oftener a sure site is a converted one than a genuine one.
    """
    scanners = {t.name: Scanner(lexicon, (t.name,)) for t in lexicon.tables}
    sums: dict[int, list[NDArray[np.float64]]] = {}
    truth: dict[int, list[NDArray[np.bool_]]] = {}
    for corpus, name, text in read(corpora):
        if part(name, corpus) != "calibrate":
            continue
        for table in lexicon.tables:
            if table.name != FULL and len(text) > 4000:
                text = text[:4000]
            damaged, found, labels = labelled(text, table, scanners[table.name])
            keys = scanners[table.name].keys[found[:, 0]]
            odds = model.score(code_points(damaged), found[:, 1] + WINDOW, found[:, 2] + WINDOW, keys)
            for key in np.unique(keys).tolist():
                sums.setdefault(key, []).append(odds[keys == key].astype(np.float64))
                truth.setdefault(key, []).append(labels[keys == key])
    return {key: _platt(np.concatenate(sums[key]), np.concatenate(truth[key])) for key in sums}


def _platt(sums: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float, float]:
    def loss(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = x[0] * sums + x[1]
        wrong = 1 / (1 + np.exp(-np.clip(odds, -60, 60))) - truth
        value = (np.logaddexp(0, odds) - truth * odds).sum() + 20 * (x[0] - 0.8) ** 2 + 0.5 * x[1] ** 2
        return float(value), np.array([wrong @ sums + 40 * (x[0] - 0.8), wrong.sum() + x[1]])

    slope, shift = minimize(loss, np.array([0.8, 0.0]), jac=True, method="L-BFGS-B").x
    sure = slope * sums + shift > 2.0
    limit = np.log(((sure & truth).sum() + 0.5) / ((sure & ~truth).sum() + 0.5))
    return round(float(slope), 4), round(float(shift), 4), round(float(np.clip(limit, 0.0, 5.0)), 3)


def train(corpora: Path, output: Path) -> dict[str, Any]:
    """Trains from ``corpora``, writes ``context.bin`` and ``manifest.json`` into ``output``, returns the manifest."""
    lexicon = default_lexicon()
    rows, answers, candidates = examples(corpora, lexicon)
    weights = np.clip(fit(rows, answers), -LIMIT, LIMIT)
    scale = LIMIT / 127
    table = np.rint(weights / scale).astype(np.int8)
    output.mkdir(parents=True, exist_ok=True)
    table.tofile(output / "context.bin")
    raw = ContextModel(table, scale, {})
    calibration = calibrate(corpora, lexicon, raw)
    facts: dict[str, Any] = {
        "scale": scale,
        "sites": len(rows),
        "sha256": hashlib.sha256(table.tobytes()).hexdigest(),
        "corpora": {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(corpora.glob("*.jsonl.xz"))},
        "pairs": [
            {"key": c.key, "original": c.pair.original,
             "converted": c.pair.converted,
             "calibration": calibration.get(c.key, UNSEEN)}
            for c in candidates
        ],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (output / "manifest.json").write_text(text, encoding="utf-8")
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / "data")
    options = parser.parse_args()
    facts = train(options.corpora, options.output)
    print(f"{facts['sites']} sites, {len(facts['pairs'])} pairs, sha256 {facts['sha256']}")


if __name__ == "__main__":
    main()
