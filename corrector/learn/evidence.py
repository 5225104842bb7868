"""What the words of a corpus say for a pair: how they fit between their neighbours, by healthy text.

:class:`Corpus` is the corpus as words, :class:`Neighbours` finds words that would fit a place, :class:`Evidence` weighs
one word against another, place by place. Used by :mod:`.mine`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .reference import Ids, Reference

Floats = NDArray[np.float64]

STRONG = 1.2  # neighbours that attract each other less say nothing about a word
ATTRACTION = 4.0  # rare words attract each other beyond measure
PRIOR = 20.0  # words seen beside a word before its neighbours are believed
CERTAIN = 0.02  # the least probability of anything, so that no place decides alone
VARIED = 3.0  # different neighbours at which half of a pair's evidence counts


class Corpus:
    """The words of all documents in one row, and where each word stands."""

    def __init__(self, texts: Sequence[str], reference: Reference) -> None:
        self.texts = texts
        cuts = [reference.cut(text) for text in texts]
        none = np.zeros(1, dtype=np.int64)  # between documents stands no word
        self.words: Ids = np.concatenate([none, *(x for numbers, _ in cuts for x in (numbers, none))])
        self.starts: Ids = np.concatenate([none, *(x for _, starts in cuts for x in (starts, none))])
        self.document: Ids = np.concatenate(
            [none, *(np.full(len(numbers) + 1, i, dtype=np.int64) for i, (numbers, _) in enumerate(cuts))])
        self.sizes = np.array([len(numbers) for numbers, _ in cuts], dtype=np.float64)
        self._order = np.argsort(self.words, kind="stable")
        self._bounds = np.searchsorted(self.words[self._order], np.arange(len(reference.words) + 1))

    def places(self, word: int) -> Ids:
        """Where ``word`` stands."""
        return self._order[self._bounds[word] : self._bounds[word + 1]]

    def count(self, word: int) -> int:
        return int(self._bounds[word + 1] - self._bounds[word])


class Neighbours:
    """For a word, the words that strongly attract it as left or right neighbours, with how strongly."""

    def __init__(self, reference: Reference) -> None:
        size = len(reference.words)
        left, right = reference.keys // size, reference.keys % size
        lift = np.log(reference.together * reference.total / (reference.counts[left] * reference.counts[right]))
        strong = lift > STRONG
        left, right, lift = left[strong], right[strong], np.minimum(lift[strong], ATTRACTION)
        self.size = size
        self._after = (np.searchsorted(left, np.arange(size + 1)), right, lift)
        order = np.argsort(right, kind="stable")
        self._before = (np.searchsorted(right[order], np.arange(size + 1)), left[order], lift[order])

    def fitting(self, before: Ids, after: Ids, weight_before: Floats, weight_after: Floats) -> Floats:
        """For every word how well it fits after the words ``before`` and before the words ``after``."""
        score = np.zeros(self.size)
        for index, words, weights in ((self._after, before, weight_before), (self._before, after, weight_after)):
            bounds, others, lift = index
            lengths = bounds[words + 1] - bounds[words]
            offsets = np.repeat(bounds[words] - np.r_[0, np.cumsum(lengths)[:-1]], lengths)
            at = offsets + np.arange(int(lengths.sum()))
            score += np.bincount(others[at], lift[at] * np.repeat(weights, lengths), minlength=self.size)
        return score


class Evidence:
    """What each document says for a pair, as log-likelihood ratios."""

    def __init__(self, corpus: Corpus, reference: Reference) -> None:
        self.corpus = corpus
        self.reference = reference
        self.chance = np.maximum(reference.counts.astype(np.float64), 0.5) / reference.total

    def fit(self, word: int, places: Ids) -> Floats:
        """The logarithm of the chance of ``word`` between the neighbours at ``places``."""
        words, r = self.corpus.words, self.reference
        left, right = words[places - 1], words[places + 1]
        here = np.full(len(places), word, dtype=np.int64)
        before = (r.beside(left, here) + PRIOR * self.chance[word]) / (r.counts[left] + PRIOR)
        after = (r.beside(here, right) + PRIOR * self.chance[right]) / (r.counts[word] + PRIOR)
        chances = np.where(left > 0, before, self.chance[word]) * np.where(right > 0, after, 1e-4)
        return np.asarray(np.log(chances), dtype=np.float64)

    def written(self, original: int, converted: int, places: Ids, fit: Floats | None = None) -> Floats:
        """For each place of ``converted`` what it says for the pair: it would have been the original's place."""
        own = self.fit(converted, places) if fit is None else fit
        odds = self.fit(original, places) - own
        return -np.log(np.maximum(1 / (1 + np.exp(np.clip(odds, -30, 30))), CERTAIN))

    def standing(self, original: int, converted: int, places: Ids) -> Floats:
        """For each place of ``original`` what it says against the pair (negative): it should have been converted."""
        odds = self.fit(original, places) - self.fit(converted, places)
        return -np.log(np.maximum(1 / (1 + np.exp(np.clip(-odds, -30, 30))), CERTAIN) / CERTAIN)

    def variety(self, places: Ids, ratios: Floats) -> float:
        """The share of the evidence at ``places`` to trust: a converter writes its word between many others, a formula
        or a name that the reference lacks stands between the same few."""
        least = np.inf
        for beside in (self.corpus.words[places - 1], self.corpus.words[places + 1]):
            own = beside > 0
            _, which = np.unique(beside[own], return_inverse=True)
            sums = np.bincount(which, np.maximum(ratios[own], 0))
            squares = float((sums**2).sum())
            least = min(least, float(sums.sum()) ** 2 / squares if squares else 0.0)
        return (least / (least + VARIED)) ** 2

    def by_document(self, places: Ids, ratios: Floats) -> Floats:
        """The sums of ``ratios`` over the documents."""
        sums = np.bincount(self.corpus.document[places], ratios, minlength=len(self.corpus.sizes))
        return np.asarray(sums, dtype=np.float64)
