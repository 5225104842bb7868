"""Traces that agree with the report: what folds add, change and take away the engine, which made them, knows not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..edits import Edit, Tier
from ..engine.explain import Trace
from ..lexicon import Pair

_DOUBTFUL = Tier.POSSIBLE.floor


def agreed(traces: Sequence[Trace], edits: Sequence[Edit], offset: int | None) -> Iterator[Trace]:
    """``traces`` as sure as the ``edits`` of the report about the same text, and one for each edit that has none.

    A likely trace whose place the report leaves alone comes to nothing: 〔2024〕 is the number of a document.
    """
    found = {(e.start, e.end): e for e in edits if offset is None or e.start <= offset < e.end}
    taken = set(found)
    for t in sorted(traces, key=lambda t: -t.confidence):
        edit = found.get((t.start, t.end))
        if edit and (edit.converter in t.tables or not (edit.converter or t.tables)):
            yield replace(t, confidence=found.pop((t.start, t.end)).confidence)
        elif t.confidence >= _DOUBTFUL and not any(a < t.end and t.start < b for a, b in taken):
            yield replace(t, confidence=0.0)
        else:
            yield t
    for e in found.values():
        odds = float(np.log(e.confidence) - np.log1p(-min(e.confidence, 1 - 1e-9)))
        pair = Pair(e.replacement, e.original, e.kind, "", note=e.reason)
        yield Trace(e.start, e.end, pair, (), (), odds, odds, odds, 1.0, e.confidence, "", ())
