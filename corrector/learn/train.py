"""Training the context model; ``corrector train`` comes here by way of :mod:`.make`.

Clean documents are damaged by each table; at every place where the table's word then stands, the label is whether it
was the original. One logistic regression over hashed context features serves all pairs. Documents of the parts
``calibrate`` and ``test`` (:mod:`corrector.learn.split`) are not trained on; :mod:`.calibrate` makes probabilities of
the scores on the former. The same corpora and dictionaries give the same bytes. Needs the extra ``train`` (numba,
scipy).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..engine.features import BITS, COUNT, Codes, features
from ..engine.model import ContextModel
from ..engine.scan import Candidate, Scanner
from ..lexicon import Lexicon, Table
from .calibrate import calibrate
from .descent import descend
from .labelled import labelled
from .store import hashes

EVERY = {"A": 1, "B": 1, "A2": 3}  # of how many documents one is shown to a table: A2 is mostly A
SELDOM = 6  # to the others, which are many
LIMIT = 4.0  # a weight beyond this is one collocation learnt by heart


def turns(lexicon: Lexicon) -> list[tuple[Table, Scanner, int, int]]:
    """Which table is shown which documents of the training part."""
    others = [t for t in lexicon.tables if t.name not in EVERY]
    every = max(1, min(SELDOM, len(others)))
    chosen = [(t, EVERY[t.name], 0) for t in lexicon.tables if t.name in EVERY]
    chosen += [(t, every, i % every) for i, t in enumerate(others)]
    return [(t, Scanner(Lexicon((t,))), every, offset) for t, every, offset in chosen]


def examples(corpora: Path, lexicon: Lexicon) -> tuple[Codes, NDArray[np.bool_], list[Candidate]]:
    """Feature rows and labels of the training part."""
    candidates: dict[int, Candidate] = {}
    met: set[int] = set()
    rows, answers = [np.empty((0, COUNT), dtype=np.uint32)], [np.empty(0, dtype=np.bool_)]
    for _, scanner, batch in labelled(corpora, "train", turns(lexicon), whole=False):
        keys = scanner.keys[batch.sites.candidate]
        rows.append(features(batch.codes, batch.sites.start, batch.sites.end, keys))
        answers.append(batch.label)
        candidates |= {c.key: c for c in scanner.candidates}
        met.update(keys.tolist())
    return np.concatenate(rows), np.concatenate(answers), [candidates[k] for k in sorted(met)]


def train(corpora: Path, lexicon: Lexicon) -> tuple[NDArray[np.int8], dict[str, Any]]:
    """The weights learnt from ``corpora``, and what the manifest says of them."""
    rows, answers, candidates = examples(corpora, lexicon)
    weights = np.clip(descend(rows, answers, 1 << BITS), -LIMIT, LIMIT)
    scale = LIMIT / 127
    table = np.rint(weights / scale).astype(np.int8)
    raw = ContextModel(table, scale, (1.0, 0.0, 0.0, 0.0), {})
    mixture, calibrations, figures = calibrate(corpora, lexicon, raw)
    facts: dict[str, Any] = {
        "scale": scale,
        "mixture": mixture,
        "sites": len(rows),
        "sha256": hashlib.sha256(table.tobytes()).hexdigest(),
        "corpora": hashes(corpora),
        "pairs": [
            {"key": c.key, "original": c.pair.original, "converted": c.pair.converted,
             "calibration": calibrations[c.key], "together": figures[c.key]}
            for c in candidates if c.key in calibrations
        ],
    }
    return table, facts
