"""The way of the data in one function: :meth:`Engine.check`. Start reading here.

scan → context → diagnose → decide. An engine is made once from a lexicon and a model and then only read.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..document import Document
from ..edits import Edit, Tier
from ..lexicon import Lexicon
from ..result import Diagnosis, Evidence, Report
from . import decide, diagnose
from .features import WINDOW, code_points
from .model import ContextModel
from .scan import Scanner

PAIR_PRIOR = {"seen": 3.0, "learnt": 3.0, "reported": -2.0}  # log odds that a pair is in a table that acted
PAIR_STANDING = -2.0


class Engine:
    """Checks documents. Pure: the same document gives the same report."""

    def __init__(self, lexicon: Lexicon, model: ContextModel, converters: tuple[str, ...] | None = None,
                 document_evidence: bool = True, level: str = Tier.LIKELY) -> None:
        self._scanner = Scanner(lexicon, converters)
        self._model = model
        self._level = level
        self._document_evidence = document_evidence
        self._tables = sorted({t for c in self._scanner.candidates for t in c.tables})
        row = {t: i for i, t in enumerate(self._tables)}
        size = (len(self._tables), len(self._scanner.candidates))
        self._member = np.zeros(size, dtype=np.float64)
        for i, c in enumerate(self._scanner.candidates):
            for t in c.tables:
                self._member[row[t], i] = 1.0
        evidence = [c.pair.evidence for c in self._scanner.candidates]
        self._slope, self._shift, self._limit = np.array(
            [model.pairs.get(c.key, (0.0, 0.0, 0.0)) for c in self._scanner.candidates], dtype=np.float32
        ).reshape(-1, 3).T
        trained = np.array([c.key in model.pairs for c in self._scanner.candidates], dtype=np.float64)
        self._trained = trained.astype(np.bool_)
        self._weight = np.array([diagnose.WEIGHT[e] for e in evidence], dtype=np.float64) * trained
        self._pair_prior = np.array([PAIR_PRIOR[e] for e in evidence], dtype=np.float64)

    def check(self, document: Document) -> Report:
        """The report of one document."""
        text = document.text
        sites, standing = self._scanner(text)
        sites = sites[self._trained[sites[:, 0]]]
        if not len(sites):
            return Report(text, (), level=self._level)
        codes = code_points(text)
        pairs = sites[:, 0]
        score = self._model.score(codes, sites[:, 1] + WINDOW, sites[:, 2] + WINDOW, self._scanner.keys[pairs])
        odds = score * self._slope[pairs] + self._shift[pairs]
        active, found = self._diagnose(text, sites, standing, odds)
        confidence = decide.posterior(active, odds)
        confidence[_protected(document, sites)] = 0.0
        kept = decide.choose(sites, confidence)
        edits = self._edits(text, sites, confidence, kept)
        return Report(text, edits, found, level=self._level)

    def _diagnose(self, text: str, sites: NDArray[np.int64], standing: NDArray[np.int64],
                  odds: NDArray[np.float32]) -> tuple[NDArray[np.float64], list[Diagnosis]]:
        """``P(the pair acted here)`` a site, and the tables found."""
        pairs = sites[:, 0]
        if not self._document_evidence:
            return np.full(len(sites), 0.5), []
        starts = diagnose.parts(text)
        site_part = np.searchsorted(starts, sites[:, 1], side="right") - 1
        full = np.minimum(diagnose.site_ratio(odds), self._limit[pairs]) * self._weight[pairs]
        ratio = full * diagnose.repeated(pairs)
        against = self._weight[standing[:, 0]] * diagnose.STANDING
        standing_part = np.searchsorted(starts, standing[:, 1], side="right") - 1
        beliefs = []
        for member in self._member:
            sums = np.bincount(site_part, ratio * member[pairs], len(starts)).astype(np.float64)
            sums += np.bincount(standing_part, against * member[standing[:, 0]], len(starts))
            belief = diagnose.chain(sums)
            beliefs.append(belief.gated(
                diagnose.pooled(pairs, full * member[pairs] * belief.active[site_part]),
                diagnose.pooled(standing[:, 0], against * member[standing[:, 0]] * belief.active[standing_part]),
            ))
        if not any(b.active.any() for b in beliefs):
            return np.zeros(len(sites)), []
        share = diagnose.shares([b.total for b in beliefs])
        active = np.zeros(len(sites))
        clean = np.zeros(len(standing))
        for member, belief, part in zip(self._member, beliefs, share.tolist(), strict=True):
            active += part * belief.active[site_part] * member[pairs]
            clean += part * belief.active[standing_part] * member[standing[:, 0]]
        count = len(self._scanner.candidates)
        pair_odds = self._pair_prior + np.bincount(pairs, active * diagnose.site_ratio(odds), count)
        pair_odds += np.bincount(standing[:, 0], clean * PAIR_STANDING, count)
        active = active / (1 + np.exp(-np.clip(pair_odds, -50, 50)))[pairs]
        found = [
            self._found(name, member, belief, starts, text, sites, odds, site_part)
            for name, member, belief, part in zip(self._tables, self._member, beliefs, share.tolist(), strict=True)
            if part > 0.05 and belief.active.max() > 0.5
        ]
        return active, found

    def _found(self, name: str, member: NDArray[np.float64], belief: diagnose.Belief, starts: NDArray[np.int64],
               text: str, sites: NDArray[np.int64], odds: NDArray[np.float32],
               site_part: NDArray[np.int64]) -> Diagnosis:
        ends = np.append(starts[1:], len(text))
        spans: list[tuple[int, int]] = []
        for i in np.flatnonzero(belief.active > 0.5).tolist():
            if spans and spans[-1][1] == starts[i]:
                spans[-1] = (spans[-1][0], int(ends[i]))
            else:
                spans.append((int(starts[i]), int(ends[i])))
        strong = (odds > 1.0) & (member[sites[:, 0]] > 0) & (belief.active[site_part] > 0.5)
        counts = Counter(sites[strong, 0].tolist())
        evidence = tuple(
            Evidence(self._scanner.candidates[c].pair.converted, self._scanner.candidates[c].pair.original, n)
            for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )
        return Diagnosis(name, float(belief.active.max()), tuple(spans), evidence)

    def _edits(self, text: str, sites: NDArray[np.int64], confidence: NDArray[np.float64],
               kept: list[int]) -> tuple[Edit, ...]:
        counts = Counter(int(sites[i, 0]) for i in kept)
        edits = []
        for i in kept:
            c, start, end = (int(x) for x in sites[i])
            candidate = self._scanner.candidates[c]
            pair = candidate.pair
            value = round(min(float(confidence[i]), 0.9999), 4)
            others = "、".join(
                f"{self._scanner.candidates[k].pair.converted}×{n}" for k, n in counts.most_common(4) if k != c
            )
            reason = f"{pair.converted}←{pair.original}" + (f"；同一文档中另有 {others}" if others else "")
            edits.append(Edit(start, end, text[start:end], pair.original, candidate.tables[0], "converter", value,
                              Tier.of(value), reason))
        return tuple(edits)


def _protected(document: Document, sites: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not document.protected:
        return np.zeros(len(sites), dtype=np.bool_)
    spans = np.array(document.protected, dtype=np.int64)
    at = np.searchsorted(spans[:, 0], sites[:, 2], side="left") - 1
    return np.asarray((at >= 0) & (spans[np.maximum(at, 0), 1] > sites[:, 1]), dtype=np.bool_)
