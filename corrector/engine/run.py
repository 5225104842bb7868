"""The way of the data in one function: :meth:`Engine.check_many`. Start reading here.

scan → diagnose (what could have acted) → context → diagnose (what did) → decide. Documents are looked at in batches:
numpy is paid for by the call. An engine is made once from a lexicon and a model and then only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import reasons
from ..columns import EditColumns, Edits, Pairs, Written
from ..document import Document
from ..edits import Tier
from ..lexicon import Lexicon, Pair
from ..result import Diagnosis, Evidence, Report
from . import decide, diagnose
from .arrays import counted
from .explain import Piece, Trace
from .features import WINDOW, Codes, Ids, code_points, looked_at
from .flags import flags
from .judged import Floats, Judged, Protected
from .model import Calibrations, ContextModel
from .parts import Parts
from .phrases import KEPT, RESTORED, PhraseBook
from .scan import Candidate, Scanner
from .several import Several
from .slipmodel import SlipModel
from .tables import PAIR_LIMIT, Tables
from .together import Alike, opinions
from .unlisted import Unlisted

BATCH = 1_000_000  # code points; more would not be faster, only larger
BATCH_DOCUMENTS = 2000
PHRASE_ODDS = 6.0  # log odds at least of a place that a phrase restores
SLIP_ODDS = 5.5  # log odds of a slip, wherever it stands: it is no word
SURE = 0.9999
PROPOSED = 2.0  # log odds at most of a pair that is only proposed: 0.88
NOTICED = 1e-3  # a site of less belief than this is not looked at again


class Studied(NamedTuple):
    """A batch and what is believed of it; ``confidence`` goes with the sites of ``judged``."""

    codes: Codes
    parts: Parts
    beliefs: diagnose.Beliefs | None
    judged: Judged
    confidence: Floats


class Engine:
    """Checks documents. Pure: the same document gives the same report, whatever stands beside it in a batch.

    Slips that no list has are looked for with the model ``slips``; ``told`` says that the documents have some.
    """

    def __init__(self, lexicon: Lexicon, model: ContextModel | Several, converters: tuple[str, ...] | None = None,
                 document_evidence: bool = True, level: str = Tier.LIKELY, slips: SlipModel | None = None,
                 told: bool = False) -> None:
        self._scanner = Scanner(lexicon, converters)
        self._model = model
        self._level = level
        self._document_evidence = document_evidence
        candidates = self._scanner.candidates
        keys = [c.key for c in candidates]
        self._calibration = Calibrations(*model.calibrations(keys).T)
        self._mixtures = model.mixtures(keys)
        weights = {(w.original, w.converted): w.odds for w in lexicon.weights}
        self._weight = np.array([weights.get((c.pair.original, c.pair.converted), 0.0) for c in candidates])
        self._most = np.where([key in model.possible for key in keys], PROPOSED, np.inf)
        self._tables = Tables(candidates, self._calibration.limit, self._calibration.expected,
                              {t.name for t in lexicon.tables if t.rare})
        self._trained = self._calibration.limit > 0
        self._slip = np.array([not c.tables for c in candidates], dtype=np.bool_)
        self._phrases = PhraseBook(lexicon.phrases, candidates)
        self._reasons = [_reason(c) for c in candidates]
        self.pairs = Pairs(Written(c.pair.converted, c.pair.original, c.tables[0], "converter") if c.tables
                           else Written(c.pair.converted, c.pair.original, "", c.pair.kind) for c in candidates)
        self._unlisted = Unlisted(slips, lexicon, candidates, self.pairs, document_evidence, told) if slips else None

    def check(self, document: Document) -> Report:
        """The report of one document."""
        return self.check_many((document,))[0]

    def check_many(self, documents: Iterable[Document]) -> list[Report]:
        """One report a document, in order."""
        return [report for batch in batches(documents) for report in self._batch(batch)]

    def columns(self, documents: Iterable[Document]) -> EditColumns:
        """The edits of all documents, the same as in their reports."""
        found: list[EditColumns] = []
        count = 0
        for batch in batches(documents):
            found.append(self._chosen(self._study(batch), count))
            count += len(batch)
        return EditColumns.joined(found)

    def explain(self, document: Document, offset: int | None = None) -> list[Trace]:
        """Why the places that ``offset`` touches, or all, were corrected or left: one trace a candidate.

        The surest first; all of them in the order of the text, and where several stand the surest first.
        """
        found = self._study((document,))
        judged = found.judged
        known = {place: i for i, place in enumerate(judged.sites.rows())}
        here = self._scanner(found.codes)
        if offset is not None:
            here = here[(here.start <= offset + WINDOW) & (offset + WINDOW < here.end)]
        verdicts = self._phrases.verdicts(found.codes, here)
        diagnosis = self._diagnoses(found, (document,)).get(0, ())
        traces = []
        for place, verdict in zip(here.rows(), verdicts.tolist(), strict=True):
            c, start, end = place
            candidate, i = self._scanner.candidates[c], known.get(place)
            weights = self._model.pieces(found.codes, start, end, candidate.key)
            named = looked_at(document.text, start - WINDOW, end - WINDOW)
            pieces = tuple(Piece(n, w) for n, w in zip(named, weights.tolist(), strict=True) if w)
            score = float(weights.sum())
            # a place too hopeless to be looked at has only its own context
            alone = float(score * self._calibration.slope[c] + self._calibration.shift[c])
            alone, together, active, confidence = (alone, alone, 0.0, 0.0) if i is None else (
                float(judged.alone[i]), float(judged.together[i]), float(judged.active[i]),
                min(SURE, float(found.confidence[i])))
            traces.append(Trace(start - WINDOW, end - WINDOW, candidate.pair, candidate.tables, pieces, score, alone,
                                together, active, confidence, {KEPT: "keep", RESTORED: "restore"}.get(verdict, ""),
                                diagnosis))
        traces += self._unlisted_traces(found, offset)
        traces.sort(key=lambda t: -t.confidence)
        return traces if offset is not None else sorted(traces, key=lambda t: t.start)

    def _unlisted_traces(self, found: Studied, offset: int | None) -> Iterator[Trace]:
        """Traces of slips that no list has: no candidate says beforehand what they may be."""
        sites = found.judged.sites
        for i in np.flatnonzero(sites.candidate >= len(self._reasons)).tolist():
            pair, start, end = int(sites.candidate[i]), int(sites.start[i]) - WINDOW, int(sites.end[i]) - WINDOW
            if offset is None or start <= offset < end:
                wrong, right, _, kind = self.pairs.known[pair]
                odds = float(found.judged.alone[i])
                said = Pair(right, wrong, kind, "", note=self._said(pair))
                confidence = min(SURE, float(found.confidence[i]))
                yield Trace(start, end, said, (), (), odds, odds, odds, 1.0, confidence, "", ())

    def _study(self, documents: Sequence[Document]) -> Studied:
        """Everything that is believed of a batch."""
        texts = [d.text for d in documents]
        codes, starts = code_points(*texts)
        parts = Parts.of(codes, starts, np.array([len(t) for t in texts], dtype=np.int64))
        always = self._slip if self._document_evidence else np.ones_like(self._slip)
        columns = diagnose.Columns(self._tables, parts, self._scanner, self._scanner.find(codes), always)
        slips = columns.sites[self._slip[columns.sites.candidate]]
        judged, beliefs = self._judge(codes, columns)
        judged = judged.with_slips(slips, parts.document(slips.start), np.full(len(slips), SLIP_ODDS))
        protected = Protected(documents, starts)
        confidence = judged.confidence(protected)
        if self._unlisted:
            judged = judged.with_slips(*self._unlisted.shapes(codes, starts, judged, confidence))
            confidence = judged.confidence(protected, confidence)
            judged = judged.with_slips(*self._unlisted.sounds(documents, codes, parts, judged, confidence))
            confidence = judged.confidence(protected, confidence)
        return Studied(codes, parts, beliefs, judged, confidence)

    def _chosen(self, found: Studied, first: int = 0) -> EditColumns:
        """The edits of a batch whose documents are numbered from ``first``."""
        kept = decide.choose(found.judged.sites, found.confidence)
        places, document = found.judged.sites[kept], found.judged.document[kept]
        begins = found.parts.starts[document]
        text, start, end, pair = (column.astype(np.int32) for column in (
            document + first, places.start - begins, places.end - begins, places.candidate))
        confidence = np.asarray(np.round(np.minimum(found.confidence[kept], SURE), 4), dtype=np.float64)
        return EditColumns(text, start, end, pair, confidence, self.pairs.known)

    def _batch(self, documents: Sequence[Document]) -> Iterator[Report]:
        found = self._study(documents)
        diagnoses = self._diagnoses(found, documents)
        for i, (document, columns) in enumerate(zip(documents, self._chosen(found).by_text(len(documents)),
                                                    strict=True)):
            text, diagnosis = document.text, diagnoses.get(i, ())
            edits = Edits(columns, self._why) if len(columns) else ()
            yield Report(text, edits, diagnosis, flags(text) if diagnosis else (), level=self._level)

    def _judge(self, codes: Codes, columns: diagnose.Columns) -> tuple[Judged, diagnose.Beliefs | None]:
        """The sites worth a look, each with what is believed of it; and the beliefs of the columns."""
        needed = columns.needed() if self._document_evidence else self._trained[columns.sites.candidate]
        scored = np.flatnonzero(needed)
        sites = columns.sites[scored]
        pairs = sites.candidate
        score = self._model.score(codes, sites.start, sites.end, self._scanner.keys[pairs])
        fitted = self._calibration
        document, verdict = columns.site_document[scored], self._phrases.verdicts(codes, sites)
        alone = _heeding(verdict, score * fitted.slope[pairs] + fitted.shift[pairs])
        if not self._document_evidence:
            alone = np.where(verdict == RESTORED, alone, self._limited(pairs, alone))
            half = np.log(1 / (2 - 1 / (1 + np.exp(-np.clip(alone, -50, 50)))))  # a·p / (a·p + 1 - p) for a = 1/2
            return Judged(sites, document, alone, alone, np.exp(half)), None
        ratio = np.logaddexp(0.0, alone)
        alike = Alike.of(codes, document * len(self._trained) + pairs, sites.start, sites.end)
        beliefs = columns.believe(ratio, alike.news(), scored)
        acted = beliefs.at_sites()
        active = acted[scored] * beliefs.pair_active(acted, np.minimum(ratio, PAIR_LIMIT), scored)
        noticed = np.flatnonzero(active > NOTICED)
        sites, alone, active = sites[noticed], alone[noticed], active[noticed]
        together = self._together(sites.candidate, score[noticed], alone, alike.only(noticed))
        return Judged(sites, document[noticed], alone, _heeding(verdict[noticed], together), active), beliefs

    def _together(self, pairs: Ids, score: Floats, alone: Floats, alike: Alike) -> Floats:
        """The log odds of sites, by their contexts and by what is said of others of their pair in the document."""
        fitted, mixture = self._calibration, self._mixtures[pairs]
        said = opinions(alike, np.where(np.isfinite(alone), score, -9.0))
        mixed = score * mixture[:, 0] + (said * mixture[:, 1:]).sum(axis=1)
        odds = mixed * fitted.slope2[pairs] + said[:, 0] * fitted.document[pairs] + fitted.shift2[pairs]
        return self._limited(pairs, odds)

    def _limited(self, pairs: Ids, odds: Floats) -> Floats:
        """The ``odds`` with the weights that a project gave to pairs; what is only proposed is no surer than that."""
        return np.asarray(np.minimum(odds + self._weight[pairs], self._most[pairs]))

    def _diagnoses(self, studied: Studied, documents: Sequence[Document]) -> dict[int, tuple[Diagnosis, ...]]:
        """The converters found in each document."""
        found: dict[int, tuple[Diagnosis, ...]] = {}
        judged, parts, beliefs = studied.judged, studied.parts, studied.beliefs
        if beliefs is None:
            return found
        size = len(self._scanner.candidates)
        telling = (judged.alone > 1.0) & (judged.sites.candidate < size)
        keys, counts = counted(judged.document[telling] * size + judged.sites.candidate[telling])
        # of each document the commonest first
        of, candidate = np.divmod(keys, size)
        order = np.lexsort((candidate, -counts, of))
        said = list(zip(candidate[order].tolist(), counts[order].tolist(), strict=True))
        written = self.pairs.known
        made = {(c, n): Evidence(written[c].original, written[c].replacement, n) for c, n in set(said)}
        bounds = np.searchsorted(of, np.arange(len(documents) + 1)).tolist()
        touched = (beliefs.active > 0.5) & (beliefs.acted > 0.05 * beliefs.active)
        highest = beliefs.active.max(axis=0, initial=0.0)
        for column in np.flatnonzero(touched.any(axis=0)).tolist():
            document, table = int(beliefs.columns.document[column]), int(beliefs.columns.table[column])
            members, own = self._tables.members[table], said[bounds[document] : bounds[document + 1]]
            evidence = tuple([made[s] for s in own if s[0] in members])
            others = found.get(document, ())
            base = self._tables.bases.get(table)
            if base is not None and any(d.converter == self._tables.names[base] and d.evidence == evidence
                                        for d in others):
                continue  # a variant that explains no more
            spans = parts.spans(document, touched[:, column], len(documents[document].text))
            found[document] = (*others, Diagnosis(self._tables.names[table], float(highest[column]), spans, evidence))
        return found

    def _said(self, pair: int) -> str:
        """How the reason of every edit of a pair begins."""
        if pair < len(self._reasons):
            return self._reasons[pair]
        assert self._unlisted
        return self._unlisted.reason(pair)

    def _why(self, counts: Mapping[Written, int]) -> dict[Written, str]:
        """The reason of the edits of each pair of a document, which has them so often."""
        common = {w: f"{w.original}×{counts[w]}" for w in sorted(counts, key=counts.__getitem__, reverse=True)[:4]}
        all_common = "、".join(common.values())
        said = {}
        for w in counts:
            number = self.pairs.number(w)
            reason = self._said(number)
            others = all_common if w not in common else "、".join([text for k, text in common.items() if k != w])
            if others and w.kind != "sound" and (number >= len(self._slip) or not self._slip[number]):
                reason = reasons.beside(reason, others)
            said[w] = reason
        return said


def _heeding(verdict: NDArray[np.int8], odds: Floats) -> Floats:
    """The log ``odds`` of sites, those restored or kept by phrases according to these."""
    odds = np.where(verdict == RESTORED, np.maximum(odds, PHRASE_ODDS), odds)
    return np.asarray(np.where(verdict == KEPT, -np.inf, odds))


def _reason(candidate: Candidate) -> str:
    """How the reason of every edit of a candidate begins."""
    converted, original = candidate.pair.converted, candidate.pair.original
    return f"{converted}←{original}" if candidate.tables else reasons.NO_WORD(converted, original)


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """``documents`` in the portions that the engine takes at once."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        if batch and (size + len(document.text) > BATCH or len(batch) == BATCH_DOCUMENTS):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.text)
    if batch:
        yield batch
