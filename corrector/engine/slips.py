"""Slips: single characters that recognition misread, in a document of which they are the evidence.

Start with :meth:`SlipFinder.__call__`. Where characters stand together that seldom do, those alike in shape are tried
in the place; a small network weighs how often each would stand there, and what else the document says. All of that is a
likelihood ratio: how many slips there are for a healthy place that looks the same. Whether it comes to an edit the
document decides: a lone odd place is a name or a rare word, a hundred of them are a misread page. Healthy text is
looked at strictly and cheaply, a document that seems misread at every place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .features import Codes, Ids
from .model import DATA
from .ngrams import PLACES, REACH, Grams, Levels, fold, partial
from .scan import Places

Floats = NDArray[np.float64]
TRIED = 12  # candidates of a place that are looked at from all sides
OFFERED = 3  # of these given to the network
LIKENESS = 0.04  # of a stored step of likeness in the score that orders candidates
FEATURES = 3 * len(PLACES) + 8
MOST, EVIDENCE = 14.0, 9.0  # log ratio of a place at most, and as evidence for the document
RATES = np.array([1e-9, 2e-5, 1e-3, 6e-3])  # slips a character: none, a careless writer, misread, badly misread
PRIORS = np.log([0.98, 0.0196, 2e-4, 2e-4])
SEEN_AT_FIRST, SEEN_CLOSELY = 0.15, 0.6  # of all slips those that are noticed
# How many characters at the beginning of a document are looked at, at how many of the oddest places, and how likely it
# then must be misread to be looked at further: most documents are done with after the first.
SCREENS = ((300, 4, 6e-4), (2000, 24, 0.01))
_SITES = 1024
NAMED = ord("某")  # what stands beside it is a name


@dataclass(frozen=True, slots=True)
class SlipModel:
    """What :mod:`corrector.learn.slips` learnt.

    ``rows`` maps a character to its row of ``meant``, the characters it may have been, and ``likeness``; -1 for none.
    ``combine`` turns the levels of a place into a score, ``limit`` is the score that a suspect stays below. ``network``
    is weights and bias of the hidden layer and the output, which is the log ratio.
    """

    grams: Grams
    rows: NDArray[np.int16]
    meant: NDArray[np.uint16]
    likeness: Levels
    combine: NDArray[np.float32]
    limit: float
    network: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

    def ratio(self, features: NDArray[np.float32]) -> Floats:
        """The log likelihood ratio of slip to health; ``features`` has shape ``(…, FEATURES)``."""
        hidden, bias, out, shift = self.network
        values = np.maximum(features.astype(np.float64) @ hidden + bias, 0) @ out + shift[0]
        return np.asarray(np.round(values, 3), dtype=np.float64)  # the same, however many are computed together

    def score(self, levels: Levels, around: Levels) -> NDArray[np.float32]:
        """How well a character stands in its place, from the ``levels`` of the first places and those around it."""
        total = np.zeros(levels.shape[1:], dtype=np.float32)
        for weights, level, beside in zip(self.combine, levels, around, strict=False):
            beside = beside.reshape(beside.shape + (1,) * (level.ndim - 1))
            total += weights.take(level.astype(np.int16) * 16 + beside)
        return total


@dataclass(frozen=True, slots=True)
class Slips:
    """Places with what they may have been: parallel arrays, sorted by ``at``."""

    at: Ids
    document: Ids
    meant: Codes
    odds: Floats  # log odds of a slip, with all that the document says


@dataclass(frozen=True, slots=True)
class _Read:
    """Documents, or how they begin: folded characters in one row, where each starts and how long it is."""

    characters: Codes
    starts: Ids
    lengths: Ids

    @staticmethod
    def of(codes: Codes, starts: Ids, lengths: Ids) -> _Read:
        """So many of the ``codes`` from each of ``starts``, and what n-grams may see beside them."""
        whole = lengths + 2 * REACH
        first = np.cumsum(whole) - whole
        nth = np.arange(int(whole.sum())) - np.repeat(first, whole)
        kept = np.append(nth + np.repeat(starts - REACH, whole), np.zeros(REACH, dtype=np.int64))
        return _Read(fold(codes.take(kept, mode="clip")), first + REACH, lengths)

    def document(self, at: Ids) -> Ids:
        """Which document each place belongs to."""
        return np.asarray(np.searchsorted(self.starts, at, side="right") - 1, dtype=np.int64)

    def within(self, at: Ids) -> NDArray[np.bool_]:
        """Which places are part of a document, not beside it."""
        document = self.document(at)
        return np.asarray((document >= 0) & (at < (self.starts + self.lengths)[document]))

    def known(self, model: SlipModel) -> Ids:
        """Every place whose character may be a slip."""
        at = np.flatnonzero(model.rows.take(self.characters) >= 0)
        named = (self.characters[at - 1] == NAMED) | (self.characters[at + 1] == NAMED)
        return np.asarray(at[self.within(at) & ~named], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is known of places and the candidates offered for each, shapes ``(sites,)`` and ``(sites, OFFERED)``."""

    at: Ids
    meant: Codes
    features: NDArray[np.float32]


class SlipFinder:
    """Finds slips with a model. Immutable."""

    def __init__(self, model: SlipModel) -> None:
        self._model = model

    def __call__(self, codes: Codes, starts: Ids) -> Slips:
        """The slips in documents that begin at ``starts``."""
        lengths = np.diff(np.append(starts, len(codes)))
        doubted = np.arange(len(starts))
        for length, places, doubt in SCREENS:
            begun = _Read.of(codes, starts[doubted], np.minimum(lengths[doubted], length))
            _, beliefs = self._believed(begun, self.weak(begun, places), closely=False)
            doubted = doubted[beliefs[:, 2:].sum(axis=1) > doubt]
        whole = _Read.of(codes, starts[doubted], lengths[doubted])
        found, beliefs = self._believed(whole, whole.known(self._model), closely=True)
        odds = RATES * np.exp(found.odds)[:, None]
        believed = (beliefs[found.document] * odds / (1 + odds)).sum(axis=1)
        sure = np.log(believed) - np.log1p(-np.minimum(believed, 1 - 1e-9))
        at = found.at + (starts[doubted] - whole.starts)[found.document]
        return Slips(at, doubted[found.document], found.meant, sure)

    def weak(self, read: _Read, places: int) -> Ids:
        """Of each document the oddest ``places`` where a character is seldom seen beside its neighbours."""
        model, level = self._model, self._model.grams.pairs(read.characters)
        odd = np.flatnonzero((level[:-1] == 0) | (level[1:] == 0)) + 1
        odd = odd[(model.rows.take(read.characters[odd]) >= 0) & read.within(odd)]
        own = model.grams.judged(partial(read.characters, odd), read.characters[odd])
        score, document = model.score(own, model.grams.around(read.characters, odd)), read.document(odd)
        odd = odd[np.lexsort((score, document))]
        nth = np.arange(len(odd)) - np.searchsorted(document, document)
        return np.sort(odd[nth < places])

    def tried(self, characters: Codes, starts: Ids, at: Ids) -> _Tried:
        """The suspects of ``at``, those that score low, with the best candidates of each."""
        sites, meant, features = [], [], []
        for first in range(0, len(at), _SITES):
            some, best, rows = self._candidates(characters, at[first : first + _SITES])
            sites.append(some)
            meant.append(best)
            features.append(rows)
        if not sum(map(len, sites)):
            return _Tried(at[:0], np.empty((0, OFFERED), np.uint32), np.empty((0, OFFERED, FEATURES), np.float32))
        at, choice, rows = np.concatenate(sites), np.concatenate(meant), np.concatenate(features)
        rows[:, :, -4:] = _company(characters, starts, at, choice)
        return _Tried(at, choice, rows)

    def _candidates(self, characters: Codes, at: Ids) -> tuple[Ids, Codes, NDArray[np.float32]]:
        model = self._model
        own_parts, around = partial(characters, at), model.grams.around(characters, at)
        own = model.grams.judged(own_parts, characters[at])
        score = model.score(own, around)
        kept = np.flatnonzero(score < model.limit)
        at, parts, around, own, score = at[kept], own_parts[:, kept], around[:, kept], own[:, kept], score[kept]
        row = model.rows[characters[at]]
        every = np.arange(len(at))[:, None]
        meant, like = model.meant[row].astype(np.uint32), model.likeness[row].astype(np.float32) * LIKENESS
        quick = model.score(model.grams.judged(parts, meant, slice(0, 3)), around) + like
        best = np.argpartition(-quick, TRIED, axis=1)[:, :TRIED]
        meant, like = meant[every, best], like[every, best]
        levels = model.grams.judged(parts, meant)
        scores = model.score(levels, around)
        best = np.argsort(-(scores + like), axis=1, kind="stable")[:, :OFFERED]
        meant, like, scores = meant[every, best], like[every, best], scores[every, best]
        features = np.zeros((len(at), OFFERED, FEATURES), dtype=np.float32)
        size = len(PLACES)
        features[:, :, :size] = own.T[:, None] / 4
        features[:, :, size : 2 * size] = levels[:, every, best].transpose(1, 2, 0) / 4
        features[:, :, 2 * size : 3 * size] = around.T[:, None] / 4
        features[:, :, -8] = score[:, None] / 5
        features[:, :, -7] = scores / 5
        features[:, :, -6] = (scores - score[:, None]) / 5
        features[:, :, -5] = like / 5
        return at, meant, features

    def _believed(self, read: _Read, at: Ids, *, closely: bool) -> tuple[Slips, Floats]:
        """The best candidate of each suspect with its log ratio, and what each document is believed to be."""
        tried = self.tried(read.characters, read.starts, at)
        ratios = np.minimum(self._model.ratio(tried.features), MOST)
        best = ratios.argmax(axis=1)
        every = np.arange(len(best))
        document = read.document(tried.at)
        found = Slips(tried.at, document, tried.meant[every, best], ratios[every, best])
        # the same misreading said twice is said once
        _, once = np.unique(document << 32 | read.characters[found.at].astype(np.int64) << 16 | found.meant,
                            return_index=True)
        said = np.log1p(RATES * np.expm1(np.minimum(found.odds[once], EVIDENCE))[:, None])
        beliefs = PRIORS - RATES * (SEEN_CLOSELY if closely else SEEN_AT_FIRST) * read.lengths[:, None]
        np.add.at(beliefs, document[once], said)
        beliefs = np.exp(beliefs - beliefs.max(axis=1, keepdims=True))
        return found, beliefs / beliefs.sum(axis=1, keepdims=True)


def _company(characters: Codes, starts: Ids, at: Ids, meant: Codes) -> NDArray[np.float32]:
    """How often the character, and each that it may have been, stands with the same neighbours elsewhere in its
    document: logarithms, shape ``(sites, OFFERED, 4)``."""
    own = np.broadcast_to(characters[at][:, None], meant.shape)
    before, after = (np.broadcast_to(characters[at + k][:, None], meant.shape) for k in (-1, 1))
    pairs = ((before, own), (own, after), (before, meant), (meant, after))
    first, second = np.zeros(1 << 16, dtype=np.bool_), np.zeros(1 << 16, dtype=np.bool_)
    for a, b in pairs:
        first[a], second[b] = True, True
    here = np.flatnonzero(first.take(characters[:-1]) & second.take(characters[1:]))
    keys, counts = np.unique(_keys(starts, here, characters[here], characters[here + 1]), return_counts=True)
    seen = np.empty((*meant.shape, 4), dtype=np.float32)
    for column, (a, b) in enumerate(pairs):
        wanted = _keys(starts, at[:, None], a, b)
        row = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        seen[:, :, column] = np.where(keys[row] == wanted, counts[row], 0) - (column < 2)  # itself is no company
    return np.log1p(np.maximum(seen, 0))


def _keys(starts: Ids, at: Ids, first: Codes, second: Codes) -> Ids:
    document = np.searchsorted(starts, at, side="right")
    return document << 32 | first.astype(np.int64) << 16 | second


class GivenBack:
    """A text as the edits of converters leave it, so that what stands beside them is not read beside the damage."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._length = np.array([len(a) if len(a) == len(b) else 0 for a, b in pairs], dtype=np.int64)
        self._original = np.zeros((len(pairs), max(self._length, default=0)), dtype=np.uint32)
        for row, (original, _) in zip(self._original, pairs, strict=True):
            row[: len(original)] = [ord(c) for c in original[: len(row)]]

    def __call__(self, codes: Codes, edits: Places) -> tuple[Codes, NDArray[np.bool_]]:
        """``codes`` with the originals that are as long as what was written for them, and where nothing more may be
        edited: what the edits cover, and what stands beside one that changes the length."""
        codes, touched = codes.copy(), np.zeros(len(codes), dtype=np.bool_)
        same = self._length[edits.candidate] > 0
        start, end = edits.start - ~same, edits.end + ~same
        for k in range(int((end - start).max(initial=0))):
            here = start + k < end
            touched[start[here] + k] = True
            if k < self._original.shape[1]:
                here &= same
                codes[start[here] + k] = self._original[edits.candidate[here], k]
        return codes, touched


@cache
def default_slips() -> SlipModel:
    """The shipped model, memory-mapped."""
    facts = json.loads((DATA / "slips.json").read_text(encoding="utf-8"))
    whole = np.asarray(np.memmap(DATA / "slips.bin", dtype=np.uint8, mode="r"))
    arrays = {name: whole[at : at + size].view(kind).reshape(shape)
              for name, (kind, shape, at, size) in facts["arrays"].items()}
    rows = np.full(1 << 16, -1, dtype=np.int16)
    rows[arrays["observed"]] = np.arange(len(arrays["observed"]))
    network = arrays["hidden"], arrays["bias"], arrays["out"], arrays["shift"]
    return SlipModel(Grams(arrays["grams"]), rows, arrays["meant"], arrays["likeness"], arrays["combine"],
                     facts["limit"], network)
