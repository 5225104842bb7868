"""Slips that no list has: in which documents of a batch they are looked for, and where they may be edits.

:mod:`.slips` knows how a character is misread, :mod:`.sounds` how a set phrase is misspelt. Neither may touch what
the engine edits anyway: slips of shape are looked for in the text as the other edits leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from .. import reasons
from ..columns import Pairs, Written
from ..document import Document
from ..edits import Tier
from ..lexicon import Lexicon
from . import decide
from .arrays import among, distinct, ranked
from .features import WINDOW, Codes, Ids
from .judged import Floats, Judged, touching
from .parts import Parts
from .scan import Candidate, Places
from .slipmodel import SlipModel
from .slips import GivenBack, SlipFinder
from .sounds import SoundFinder, about_mistakes

Found = tuple[Places, Ids, Floats]  # places, the documents they stand in, log odds that they are slips


class Unlisted:
    """Looks for slips with a ``model``. All that changes is the list of ``pairs``, where what is found gets a number.

    ``told`` says that all documents have slips; without ``document_evidence`` nothing else can tell that one was
    misread.
    """

    def __init__(self, model: SlipModel, lexicon: Lexicon, candidates: Sequence[Candidate], pairs: Pairs,
                 document_evidence: bool, told: bool) -> None:
        self._model, self._lexicon, self._pairs, self._told = model, lexicon, pairs, told
        self._find = SlipFinder(model, told) if document_evidence or told else None
        self._give_back = GivenBack([(c.pair.original, c.pair.converted) for c in candidates])

    @cached_property
    def _sounds(self) -> SoundFinder:
        """Made when a document asks for it: healthy ones do not."""
        return SoundFinder(self._lexicon.set_phrases, self._lexicon.syllables, self._model.grams)

    def shapes(self, codes: Codes, starts: Ids, judged: Judged, confidence: Floats) -> Found:
        """Slips of shape outside the edits of likely sites, in the documents that may be misread."""
        doubted = self._find.doubted(codes, starts) if self._find else starts[:0]
        if not self._find or not len(doubted):
            return _nothing()
        codes, touched = self._give_back(codes, judged.sites[decide.choose(judged.sites, confidence)])
        found = self._find(codes, starts, doubted)
        slips = np.flatnonzero((found.odds > 0) & ~touched[found.at])
        at, meant = found.at[slips], found.meant[slips]
        pairs = [self._pairs.number(Written(chr(wrong), chr(right), "", "shape"))
                 for wrong, right in zip(codes[at].tolist(), meant.tolist(), strict=True)]
        return Places(np.array(pairs, dtype=np.int64), at, at + 1), found.document[slips], found.odds[slips]

    def sounds(self, documents: Sequence[Document], codes: Codes, parts: Parts, judged: Judged, confidence: Floats
               ) -> Found:
        """Slips of sound where no likely site stands.

        They are looked for in documents that are damaged already, so that healthy text pays nothing, or when told.
        """
        damaged = distinct(judged.document[confidence >= Tier.LIKELY.floor]).tolist()
        some = list(range(len(documents))) if self._told else damaged
        if not some or not self._lexicon.set_phrases:
            return _nothing()
        begins = [int(parts.starts[i]) - WINDOW for i in some]
        pieces = [codes[at : at + len(documents[i].text) + 2 * WINDOW] for at, i in zip(begins, some, strict=True)]
        ends = np.cumsum([len(piece) for piece in pieces])
        found = self._sounds(np.concatenate(pieces))
        pairs = [self._pairs.number(Written(s.written, s.phrase, "", "sound")) for s in found]
        pair, at, end = (np.array(values, dtype=np.int64)
                         for values in (pairs, [s.start for s in found], [s.end for s in found]))
        piece = np.searchsorted(ends, at, side="right")
        moved = (np.array(begins) - ends + [len(p) for p in pieces])[piece]
        places = Places(pair, at + moved, end + moved)
        likely = judged.sites[np.flatnonzero(confidence >= decide.POSSIBLE)]
        likely = likely[ranked(likely.start)[1]]
        document = parts.document(places.start)
        about = [i for i in distinct(document).tolist() if about_mistakes(documents[i].text)]
        free = ~(touching(places, likely.start, likely.end) | among(document, np.array(about, dtype=np.int64)))
        odds = np.array([s.odds for s in found], dtype=np.float64)[free]
        return places[free], document[free], odds

    def reason(self, pair: int) -> str:
        """Why the pair of this number is a slip, in words."""
        wrong, right, _, kind = self._pairs.known[pair]
        return self._sounds.reason(wrong, right) if kind == "sound" else reasons.SHAPE(wrong, right)


def _nothing() -> Found:
    none = np.zeros(0, dtype=np.int64)
    return Places(none, none, none), none, np.zeros(0)
