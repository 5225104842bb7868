"""Labelled places: clean documents damaged by a table, and for every place where one of its words then stands, whether
the table wrote it. What :mod:`.train` and :mod:`.calibrate` learn from.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..damage import damage
from ..engine.features import Ids, code_points
from ..engine.scan import Places, Scanner
from ..lexicon import Table
from .corpora import read
from .split import part

FULL = "A"  # the commonest family is shown whole documents
BATCH = 200_000  # code points looked at together
# A converter of a family need not have every pair: so often a training document goes without one, by its evidence.
MISSING = {"seen": 0.1, "learnt": 0.1, "reported": 0.4}


class Labelled:
    """Damaged documents in one row of code points, their sites, and for each site whether it was the original."""

    def __init__(self, batch: list[tuple[str, str]], table: Table, scanner: Scanner, whole: bool) -> None:
        damaged, absent = [], []
        for name, text in batch:
            draw = random.Random(name)
            pairs = [p for p in table.pairs if whole or draw.random() >= MISSING[p.evidence]]
            damaged.append(damage(text, table, pairs))
            absent.append({(p.original, p.converted) for p in table.pairs} - {(p.original, p.converted) for p in pairs})
        self.codes, starts = code_points(*(d.text for d in damaged))
        sites = scanner(self.codes)
        self.document: Ids = np.searchsorted(starts, sites.start, side="right") - 1
        truth = {(c.start + s, c.end + s, c.original)
                 for d, s in zip(damaged, starts.tolist(), strict=True) for c in d.truth}
        words = [(c.pair.original, c.pair.converted) for c in scanner.candidates]
        rows = list(zip(sites.candidate.tolist(), sites.start.tolist(), sites.end.tolist(), self.document.tolist(),
                        strict=True))
        # where a pair did not act its word says nothing of how people use it after a conversion
        acted = np.fromiter((words[c] not in absent[d] for c, _, _, d in rows), dtype=np.bool_, count=len(rows))
        label = np.fromiter(((s, e, words[c][0]) in truth for c, s, e, _ in rows), dtype=np.bool_, count=len(rows))
        self.sites: Places = sites[acted]
        self.label: NDArray[np.bool_] = label[acted]
        self.document = self.document[acted]


def labelled(corpora: Path, wanted: str, turns: list[tuple[Table, Scanner, int, int]], *, whole: bool,
             longest: int | None = None) -> Iterator[tuple[Table, Scanner, Labelled]]:
    """Batches of the documents of one part, damaged by each table in its turn ``(table, scanner, every, offset)``."""
    waiting: dict[str, list[tuple[str, str]]] = {t.name: [] for t, *_ in turns}
    size: Counter[str] = Counter()

    def release(table: Table, scanner: Scanner) -> Iterator[tuple[Table, Scanner, Labelled]]:
        if batch := waiting[table.name]:
            yield table, scanner, Labelled(batch, table, scanner, whole)
        waiting[table.name], size[table.name] = [], 0

    for number, (corpus, name, text) in enumerate(read(corpora)):
        if part(name, corpus) != wanted:
            continue
        for table, scanner, every, offset in turns:
            if number % every == offset:
                shown = text if table.name == FULL else text[:longest]
                waiting[table.name].append((f"{table.name}:{corpus}:{name}", shown))
                size[table.name] += len(shown)
                if size[table.name] > BATCH:
                    yield from release(table, scanner)
    for table, scanner, *_ in turns:
        yield from release(table, scanner)
