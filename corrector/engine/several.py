"""Several context models side by side, asked as if they were one: the shipped one, and those of a user's own tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .features import Codes, Ids
from .model import ContextModel, Floats


class Several:
    """Answers like a :class:`ContextModel`. A pair belongs to the first of ``models`` that was trained for it."""

    def __init__(self, models: Sequence[ContextModel]) -> None:
        self._models = tuple(models)
        owner = {key: i for i, model in reversed(list(enumerate(models))) for key in model.pairs}
        self._keys = np.array(sorted(owner), dtype=np.uint32)
        self._owner = np.array([owner[key] for key in sorted(owner)], dtype=np.int64)
        self.possible = frozenset(key for i, m in enumerate(models) for key in m.possible if owner[key] == i)

    def score(self, codes: Codes, starts: Ids, ends: Ids, keys: Codes) -> Floats:
        """The uncalibrated score of each site; shape ``(sites,)``."""
        scores = np.zeros(len(starts), dtype=np.float64)
        for model, own in self._shares(keys):
            scores[own] = model.score(codes, starts[own], ends[own], keys[own])
        return scores

    def pieces(self, codes: Codes, start: int, end: int, key: int) -> Floats:
        """What each feature of one site adds to its score; shape ``(features,)``."""
        [(model, _)] = self._shares(np.array([key], dtype=np.uint32))
        return model.pieces(codes, start, end, key)

    def calibrations(self, keys: Sequence[int]) -> Floats:
        """One row a key, as in :meth:`ContextModel.calibrations`."""
        return self._rows(keys, [model.calibrations(keys) for model in self._models])

    def mixtures(self, keys: Sequence[int]) -> Floats:
        """One row a key: the mixture of its model."""
        return self._rows(keys, [model.mixtures(keys) for model in self._models])

    def _rows(self, keys: Sequence[int], answers: list[Floats]) -> Floats:
        owner = self._owners(np.array(keys, dtype=np.uint32))
        return np.asarray(np.stack(answers)[owner, np.arange(len(keys))])

    def _owners(self, keys: Codes) -> Ids:
        """The model that each key belongs to; one that nobody knows goes to the first."""
        if not len(self._keys):
            return np.zeros(len(keys), dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._owner[at], 0)

    def _shares(self, keys: Codes) -> list[tuple[ContextModel, Ids]]:
        owner = self._owners(keys)
        shares = ((model, np.flatnonzero(owner == i)) for i, model in enumerate(self._models))
        return [(model, own) for model, own in shares if len(own)]
