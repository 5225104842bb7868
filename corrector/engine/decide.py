"""Decision: from beliefs to edits that never overlap, best first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

POSSIBLE = 0.5


def posterior(active: NDArray[np.float64], log_odds: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability that a site was converted; shapes ``(sites,)``.

    ``active`` has already seen the site, so it is ``a·p``, not ``a·p / (a·p + 1 - p)``: a context however telling
    gives no edit where the document as a whole speaks for health.
    """
    return np.asarray(active / (1 + np.exp(-log_odds.astype(np.float64))), dtype=np.float64)


def choose(sites: NDArray[np.int64], confidence: NDArray[np.float64]) -> list[int]:
    """Indices of the sites to edit, in the order of the text: of those that overlap the surest, then the longest."""
    likely = np.flatnonzero(confidence >= POSSIBLE)
    length = sites[likely, 2] - sites[likely, 1]
    order = likely[np.lexsort((sites[likely, 1], -length, -confidence[likely]))]
    used: set[int] = set()
    kept: list[int] = []
    for i in order.tolist():
        start, end = int(sites[i, 1]), int(sites[i, 2])
        if used.isdisjoint(range(start, end)):
            used.update(range(start, end))
            kept.append(i)
    return sorted(kept, key=lambda i: int(sites[i, 1]))
