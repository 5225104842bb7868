"""Decision: from beliefs to edits that never overlap, best first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .arrays import ranked
from .features import Ids
from .scan import Places

Floats = NDArray[np.float64]
POSSIBLE = 0.5


def posterior(active: Floats, odds: Floats) -> Floats:
    """The probability that a site was converted; shapes ``(sites,)``.

    ``active`` has already seen the site, so it is ``a·p``, not ``a·p / (a·p + 1 - p)``: a context however telling
    gives no edit where the document as a whole speaks for health.
    """
    return np.asarray(active / (1 + np.exp(-np.clip(odds, -50, 50))), dtype=np.float64)


def choose(sites: Places, confidence: Floats) -> Ids:
    """Indices of the sites to edit, in the order of the text: of those that overlap the surest, then the longest."""
    likely = np.flatnonzero(confidence >= POSSIBLE)
    start, order = ranked(sites.start[likely])
    likely = likely[order]
    end = sites.end[likely]
    reach = np.maximum.accumulate(end)
    new = np.ones(len(likely), dtype=np.bool_)
    new[1:] = start[1:] >= reach[:-1]
    first = np.flatnonzero(new)
    crowds = np.diff(np.append(first, len(likely)))
    kept = [likely[first[crowds == 1]]]
    for at, count in zip(first[crowds > 1].tolist(), crowds[crowds > 1].tolist(), strict=True):
        kept.append(_best(sites, confidence, likely[at : at + count]))
    chosen = np.concatenate(kept)
    return chosen[np.argsort(sites.start[chosen])]


def _best(sites: Places, confidence: Floats, crowd: Ids) -> Ids:
    """Of sites that overlap the ones to edit."""
    length = sites.end[crowd] - sites.start[crowd]
    used: set[int] = set()
    kept: list[int] = []
    for i in crowd[np.lexsort((sites.start[crowd], -length, -confidence[crowd]))].tolist():
        span = range(int(sites.start[i]), int(sites.end[i]))
        if used.isdisjoint(span):
            used.update(span)
            kept.append(i)
    return np.array(kept, dtype=np.int64)
