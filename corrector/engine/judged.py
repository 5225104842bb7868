"""What is believed of the sites of a batch, and which of them nobody may edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..document import Document
from . import decide
from .features import Ids
from .scan import Places

Floats = NDArray[np.float64]


class Judged(NamedTuple):
    """The sites of a batch that may have been converted, or are slips: parallel arrays."""

    sites: Places
    document: Ids
    alone: Floats  # log odds by the site's own context
    together: Floats  # log odds with the opinions of the rest of the document
    active: Floats  # the probability that its pair acted on its part

    def with_slips(self, slips: Places, document: Ids, odds: Floats) -> Judged:
        """These sites and the ``slips``, which need no converter to be wrong."""
        if not len(slips):
            return self
        both = Places(*(np.concatenate(pair) for pair in zip(self.sites, slips, strict=True)))
        return Judged(both, np.concatenate((self.document, document)), np.concatenate((self.alone, odds)),
                      np.concatenate((self.together, odds)), np.concatenate((self.active, np.ones(len(slips)))))

    def confidence(self, protected: Protected, known: Floats | None = None) -> Floats:
        """The confidence of each site; ``known`` is that of the first ones."""
        new = np.arange(0 if known is None else len(known), len(self.sites))
        confidence = decide.posterior(self.active[new], self.together[new])
        confidence[protected(self.sites[new])] = 0.0
        return confidence if known is None else np.concatenate((known, confidence))


class Protected:
    """The spans of a batch that nobody may edit."""

    def __init__(self, documents: Sequence[Document], starts: Ids) -> None:
        self._spans = np.array([(s + a, s + b) for d, s in zip(documents, starts.tolist(), strict=True)
                                for a, b in d.protected], dtype=np.int64).reshape(-1, 2)

    def __call__(self, sites: Places) -> NDArray[np.bool_]:
        """Which sites touch one."""
        return touching(sites, self._spans[:, 0], self._spans[:, 1])


def touching(sites: Places, starts: Ids, ends: Ids) -> NDArray[np.bool_]:
    """Which sites touch one of the spans, which are sorted by their start; they may overlap."""
    if not len(starts):
        return np.zeros(len(sites), dtype=np.bool_)
    reach = np.maximum.accumulate(ends)
    before = np.searchsorted(starts, sites.end, side="left") - 1  # the last span that starts before the site ends
    return np.asarray((before >= 0) & (reach[np.maximum(before, 0)] > sites.start))
