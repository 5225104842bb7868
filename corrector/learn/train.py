"""Training the context model; ``corrector train`` comes here by way of :mod:`.make`.

Clean documents are damaged by each table; at every place where the table's word then stands, the label is whether it
was the original. One logistic regression over hashed context features serves all pairs. It is learnt from the part
``train`` (:mod:`corrector.learn.split`) and from word n-grams (:mod:`.fragments`); :mod:`.calibrate` makes
probabilities of its scores on the part ``calibrate``, and then it is learnt once more, from both: text is what it lacks
most. Documents of the part ``test`` are not trained on. The same corpora and dictionaries give the same bytes. Needs
the extra ``train`` (numba, scipy).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine.features import BITS, COUNT, Codes, features
from ..engine.model import ContextModel
from ..engine.scan import Candidate, Scanner
from ..lexicon import Lexicon, Table
from .calibrate import calibrate
from .descent import descend
from .fragments import fragments
from .labelled import FULL, labelled
from .split import Part
from .store import hashes

EVERY = {"A": 1, "B": 1, "A2": 3}  # of how many documents one is shown to a table: A2 is mostly A
SELDOM = 6  # to the others, which are many
LIMIT = 4.0  # a weight beyond this is one collocation learnt by heart
SCALE = LIMIT / 127


def turns(lexicon: Lexicon) -> list[tuple[Table, Scanner, int, int]]:
    """Which table is shown which documents of a part."""
    others = [t for t in lexicon.tables if t.name not in EVERY]
    every = max(1, min(SELDOM, len(others)))
    chosen = [(t, EVERY[t.name], 0) for t in lexicon.tables if t.name in EVERY]
    chosen += [(t, every, i % every) for i, t in enumerate(others)]
    chosen += [(t, EVERY[FULL], 0) for t in lexicon.tables if t.name == FULL]  # again: its own damage counts for more
    return [(t, Scanner(Lexicon((t,))), every, offset) for t, every, offset in chosen]


class Examples(NamedTuple):
    """Places as feature rows and labels, and the candidates that stand there."""

    rows: Codes
    answers: NDArray[np.bool_]
    candidates: dict[int, Candidate]

    @classmethod
    def of(cls, corpora: Path, lexicon: Lexicon, wanted: Part) -> Examples:
        """Those of one part; what is foreign to the corpora belongs to ``train``."""
        known: dict[int, Candidate] = {}
        met: set[int] = set()
        rows, answers = [np.empty((0, COUNT), dtype=np.uint32)], [np.empty(0, dtype=np.bool_)]
        for _, scanner, batch in labelled(corpora, wanted, turns(lexicon), whole=False):
            keys = scanner.keys[batch.sites.candidate]
            rows.append(features(batch.codes, batch.sites.start, batch.sites.end, keys))
            answers.append(batch.label)
            known |= {c.key: c for c in scanner.candidates}
            met.update(keys.tolist())
        if wanted == "train":
            brief, labels = fragments(corpora, lexicon)
            rows.append(brief)
            answers.append(labels)
        return cls(np.concatenate(rows), np.concatenate(answers), {key: known[key] for key in sorted(met)})

    def weights(self) -> NDArray[np.int8]:
        """What is learnt of them, in steps of :data:`SCALE`."""
        learnt = np.clip(descend(self.rows, self.answers, 1 << BITS), -LIMIT, LIMIT)
        return np.asarray(np.rint(learnt / SCALE), dtype=np.int8)


class Learnt(NamedTuple):
    """Weights of the part ``train`` alone, which what is looked at on ``calibrate`` must be judged by, and of both."""

    first: NDArray[np.int8]
    weights: NDArray[np.int8]
    facts: dict[str, Any]  # for the manifest


def train(corpora: Path, lexicon: Lexicon) -> Learnt:
    """What is learnt from ``corpora``."""
    shown = Examples.of(corpora, lexicon, "train")
    first = shown.weights()
    mixture, calibrations, figures = calibrate(corpora, lexicon, ContextModel(first, SCALE, (1.0, 0.0, 0.0, 0.0), {}))
    more = Examples.of(corpora, lexicon, "calibrate")
    both = shown._replace(rows=np.concatenate((shown.rows, more.rows)),
                          answers=np.concatenate((shown.answers, more.answers)))
    weights = both.weights()
    facts: dict[str, Any] = {
        "scale": SCALE,
        "mixture": mixture,
        "sites": len(both.rows),
        "sha256": hashlib.sha256(weights.tobytes()).hexdigest(),
        "corpora": hashes(corpora),
        "pairs": [
            {"key": c.key, "original": c.pair.original, "converted": c.pair.converted,
             "calibration": calibrations[c.key], "together": figures[c.key]}
            for c in shown.candidates.values() if c.key in calibrations
        ],
    }
    return Learnt(first, weights, facts)
