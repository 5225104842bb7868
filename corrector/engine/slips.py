"""Slips: single characters that recognition misread, in a document of which they are the evidence.

Start with :meth:`SlipFinder.__call__`. Two characters that never stand together, while a common pair looks alike, catch
the eye in one pass over the text; a document with several such pairs is looked at again where its beginning is oddest
and, if that does not clear it, at the oddest places of all of it. There the characters alike in shape are tried
(:mod:`.suspects`), and a small network weighs how each would stand in the place, and what else the document says. A
document that this proves to be misread, or that is said to be, is read whole for that.
All of that is a likelihood ratio: how many slips there are for a healthy place that looks the same. Whether it comes to
an edit the document decides: a lone odd place is a name or a rare word, a hundred of them are a misread page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import among, first_of_each
from .features import WINDOW, Codes, Ids
from .ngrams import REACH, fold
from .scan import Places
from .slipmodel import NEAREST, Network, SlipModel, caught
from .suspects import Suspects, fits, offered, read, suspects

Floats = NDArray[np.float64]
MOST, EVIDENCE = 14.0, 12.0  # log ratio of a place at most, and as evidence for the document
RATES = np.array([1e-9, 2e-5, 1e-3, 2.5e-3, 6e-3])  # slips a character: none, a careless writer, misread ever worse
PRIORS = np.log([0.966, 0.018, 6e-3, 5e-3, 5e-3])
TOLD = np.log([1e-4, 0.05, 0.35, 0.3, 0.3])  # priors of a document that is said to be misread
SEEN_AT_FIRST, SEEN_ODDEST, SEEN_CLOSELY, SEEN_READ = 0.25, 0.35, 0.5, 0.7  # of all slips those that are noticed
ODDEST = 0.0  # how well the places fit at most that are looked at next
MOST_ODD = 0.06  # of a document's characters those that are looked at, if nobody said that it is misread
PROVEN = 0.999  # how likely a document must then be misread to be read
CLEARED = 0.1  # how likely a document must then be misread to be looked at as a whole
BEGINNING = 10_000  # characters that are looked at first
STRIKING, MOST_STRIKING = 0.5, 4.0  # log ratio of a place that catches the eye, by how much it does, and at most
STRIKES = 5e-4  # how many do so, a character of a misread document
GLIMPSED = 0.01  # how likely a document must then be misread for them to be looked at
DOUBT = 0.01  # how likely a document must then be misread to be looked at again
NAMED = ord("某")  # what stands beside it is a name


class Slips(NamedTuple):
    """Places with what they may have been: parallel arrays, sorted by ``at``."""

    at: Ids
    document: Ids
    meant: Codes
    odds: Floats  # log odds of a slip, with all that the document says


class _Documents(NamedTuple):
    """Documents, or how they begin: folded characters in one row, where each starts and how long it is."""

    characters: Codes
    starts: Ids
    lengths: Ids

    @staticmethod
    def of(codes: Codes, starts: Ids, lengths: Ids) -> _Documents:
        """So many of the ``codes`` from each of ``starts``, and what n-grams may see beside them."""
        whole = lengths + 2 * REACH
        first = np.cumsum(whole) - whole
        rows = [codes[a - REACH : a + n + REACH] for a, n in zip(starts.tolist(), lengths.tolist(), strict=True)]
        return _Documents(fold(np.concatenate((*rows, codes[:REACH]))), first + REACH, lengths)

    def document(self, at: Ids) -> Ids:
        """Which document each place belongs to."""
        return np.asarray(np.searchsorted(self.starts, at, side="right") - 1, dtype=np.int64)

    def only(self, documents: Ids) -> _Documents:
        """Some of them, in the same row."""
        return _Documents(self.characters, self.starts[documents], self.lengths[documents])

    def within(self, at: Ids) -> NDArray[np.bool_]:
        """Which places are part of a document, not beside it."""
        document = self.document(at)
        return np.asarray((document >= 0) & (at < (self.starts + self.lengths)[document]))

    def oddest(self, model: SlipModel, limit: float, share: float) -> Ids:
        """The places whose character may be a slip and fits worse than the ``limit``: if they are more than this
        ``share`` of a document, which is odd throughout, those that fit worst."""
        at = np.flatnonzero(model.rows.take(self.characters) >= 0)
        named = (self.characters[at - 1] == NAMED) | (self.characters[at + 1] == NAMED)
        at = at[self.within(at) & ~named]
        fit = fits(model, self.characters, at)
        odd = np.flatnonzero(fit < limit)
        at, document = at[odd], self.document(at[odd])
        worst_first = np.lexsort((fit[odd], document))
        rank = np.arange(len(at)) - np.searchsorted(document, document)
        return np.sort(at[worst_first[rank < share * self.lengths[document]]])


class SlipFinder:
    """Finds slips with a model. Immutable."""

    def __init__(self, model: SlipModel, told: bool = False) -> None:
        self._model = model
        self._told = told

    def __call__(self, codes: Codes, starts: Ids, doubted: Ids) -> Slips:
        """The slips in those of the documents, which begin at ``starts``, that are ``doubted``."""
        doubted = doubted if self._told else self._left(codes, starts, doubted)
        lengths = _lengths(codes, starts)
        whole = _Documents.of(codes, starts[doubted], lengths[doubted])
        at = whole.oddest(self._model, self._model.limit, 1.0 if self._told else MOST_ODD)
        odd = offered(self._model, whole.characters, whole.starts, at)
        found = self._read(whole, odd) if self._told else self._looked_at(whole, odd)
        at = found.at + (starts[doubted] - whole.starts)[found.document]
        return Slips(at, doubted[found.document], found.meant, found.odds)

    def _looked_at(self, documents: _Documents, odd: Suspects) -> Slips:
        """What n-grams say of the suspects, and in documents that they have proven to be misread, what reading does."""
        found, beliefs = self._believed(documents, odd, self._model.glance, SEEN_CLOSELY)
        found = _weighed(found, beliefs)
        proven = np.flatnonzero(beliefs[:, 2:].sum(axis=1) > PROVEN)
        if not len(proven):
            return found
        again = np.flatnonzero(among(found.document, proven))
        said = self._read(documents.only(proven), Suspects(odd.at[again], odd.meant[again], odd.features[again]))
        found.meant[again], found.odds[again] = said.meant, said.odds
        return found

    def _read(self, documents: _Documents, odd: Suspects) -> Slips:
        """What is said of the suspects by who reads the documents, which takes twenty times as long as all the rest."""
        odd = read(self._model.reader(), documents.characters, documents.starts, documents.lengths, odd)
        return _weighed(*self._believed(documents, odd, self._model.close, SEEN_READ))

    def doubted(self, codes: Codes, starts: Ids) -> Ids:
        """The documents that may be misread: all if so told, else those that begin with places that catch the eye."""
        if self._told:
            return np.arange(len(starts))
        lengths = np.minimum(_lengths(codes, starts), BEGINNING)
        at, better = caught(codes, self._model, starts, lengths)
        document = np.searchsorted(starts, at, side="right") - 1
        said = np.bincount(document, np.minimum(STRIKING * better, MOST_STRIKING), len(starts))
        odds = np.logaddexp.reduce(PRIORS[2:]) - STRIKES * lengths + said
        some = np.flatnonzero((odds > np.log(GLIMPSED)) & (said > 0))
        if not len(some):
            return some
        begun = _Documents.of(codes, starts[some], lengths[some])
        own = among(document, some)
        at, document = at[own], document[own]
        at = at + (begun.starts - starts[some])[np.searchsorted(some, document)]
        odd = suspects(self._model, begun.characters, begun.starts, at, 2 * NEAREST)
        _, beliefs = self._believed(begun, odd, self._model.glance, SEEN_AT_FIRST)
        return np.asarray(some[beliefs[:, 2:].sum(axis=1) > DOUBT])

    def _left(self, codes: Codes, starts: Ids, doubted: Ids) -> Ids:
        """Those of the ``doubted`` documents that the oddest places of their beginning do not clear."""
        lengths = np.minimum(_lengths(codes, starts), BEGINNING)
        begun = _Documents.of(codes, starts[doubted], lengths[doubted])
        at = begun.oddest(self._model, ODDEST, MOST_ODD)
        odd = offered(self._model, begun.characters, begun.starts, at, 2 * NEAREST)
        _, beliefs = self._believed(begun, odd, self._model.glance, SEEN_ODDEST)
        return np.asarray(doubted[beliefs[:, 2:].sum(axis=1) > CLEARED])

    def _believed(self, documents: _Documents, odd: Suspects, network: Network, noticed: float
                  ) -> tuple[Slips, Floats]:
        """The best candidate of each suspect with its log ratio, and what each document is believed to be if of all
        slips the share ``noticed`` is among the suspects."""
        ratios = np.minimum(network.ratio(odd.features), MOST)
        best = ratios.argmax(axis=1)
        every = np.arange(len(best))
        document = documents.document(odd.at)
        found = Slips(odd.at, document, odd.meant[every, best], ratios[every, best])
        # the same misreading said twice is said once
        once = first_of_each(document << 32 | documents.characters[found.at].astype(np.int64) << 16 | found.meant)
        said = np.log1p(RATES * np.expm1(np.minimum(found.odds[once], EVIDENCE))[:, None])
        beliefs = (TOLD if self._told else PRIORS) - RATES * noticed * documents.lengths[:, None]
        np.add.at(beliefs, document[once], said)
        beliefs = np.exp(beliefs - beliefs.max(axis=1, keepdims=True))
        return found, beliefs / beliefs.sum(axis=1, keepdims=True)


def _weighed(found: Slips, beliefs: Floats) -> Slips:
    """``found``, whose odds are likelihood ratios, with all that its documents are believed to be."""
    odds = RATES * np.exp(found.odds)[:, None]
    believed = (beliefs[found.document] * odds / (1 + odds)).sum(axis=1)
    return found._replace(odds=np.log(believed) - np.log1p(-np.minimum(believed, 1 - 1e-9)))


def _lengths(codes: Codes, starts: Ids) -> Ids:
    """How many of the ``codes`` belong to each of the documents."""
    return np.diff(np.append(starts, len(codes))) - WINDOW


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
