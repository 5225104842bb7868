"""What the converter tables may say of a document, before anything in it was judged by its context.

Start with :class:`Tables`. How much each kind of pair weighs stands here, and which tables are out of the question in a
document whatever the contexts say, so that most of them cost nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import among, distinct
from .features import Ids
from .parts import PRIOR
from .scan import Candidate

Floats = NDArray[np.float64]

GATE = -2.0  # log odds of a table before looking at the whole: what the context model says is held against this
RARE = -3.5  # more for a table that is seldom met
RARE_PAIR = 0.5  # of PAIR_LIMIT for its pairs: several must speak, one that an old style likes is not enough
PAIR_LIMIT = 5.0  # all places of a pair together can say no more than this, however often it stands
STANDING = -3.0  # log ratio of an original in plain sight (it may be a title, a quotation, a misread word)
# Of that, where the pair is only rumoured: the table may well not have it. A table that is a rumour itself, since less
# of it was seen, can be told from health by such originals only.
RUMOUR, RUMOURED_TABLE, PROVEN_SHARE = 0.02, 0.3, 1 / 5
ABSENT = {"seen": -1.6, "learnt": -3.0, "reported": -1.6}  # log probability that a converter lacks a pair of its table
RARE_ABSENT = -2.5  # of one that is seldom met
WEIGHT = {"seen": 1.0, "learnt": 1.0, "reported": 0.3}  # unproven pairs weigh less
# Many mirrors leave brackets and quotation marks alone, and many authors write the rarer form: brackets alone are too
# little for an edit.
KIND = {"word": 1.0, "character": 1.0, "punctuation": 0.4, "glyph": 0.5, "coined": 1.0, "dated": 1.0, "plain": 1.0}
STANDING_KIND = KIND | {"punctuation": 0.05, "glyph": 0.05}
# Hardly anybody writes these but the converter (no corpus has one), so that a single place says as much as several
# pairs of a table that is seldom met: a coined word proves it, a dated one needs a little more.
TELLING = {"coined": 9.0, "dated": 6.0}
MUTE = "plain"  # who likes one such word likes the next (若是, 如今, 时分), so that together they prove a style at most
SPOKEN = 1.0  # log ratio of a place from which it tells so much: its context is not against it
PAIR_PRIOR = {"seen": 3.0, "learnt": 3.0, "reported": -2.0}  # log odds that a pair is in a table that acted
# What a table must be able to say that may have had a part of a document beside another, and which share of all that it
# ever could: some words of a long table stand in any long text.
COMPILED, COMPILED_SHARE = 30.0, 1 / 6
OUTDONE = 3.0  # log odds by which a variant of a table must be worse than it is, to be left out


class Variant(NamedTuple):
    """A table that has all pairs of another, its ``base``: the rows of those that it ``added``, which candidates these
    are, and the rows of those they share."""

    table: int
    base: int
    added: Ids
    adds: NDArray[np.bool_]
    shared: Ids


class Tables:
    """The candidates' tables as arrays. ``limit`` and ``expected`` are the model's, one a candidate: see there."""

    def __init__(self, candidates: tuple[Candidate, ...], limit: Floats, expected: Floats, rare: set[str]) -> None:
        self.names = sorted({t for c in candidates for t in c.tables})
        number = {t: i for i, t in enumerate(self.names)}
        self.rare = np.array([name in rare for name in self.names], dtype=np.bool_)
        self.gate = np.array([GATE + (RARE if name in rare else 0.0) for name in self.names])
        self._absent = np.array([ABSENT[c.pair.evidence] for c in candidates])
        self.share = np.where(self.rare, RARE_PAIR, 1.0)
        self.limit = limit
        self.kind = np.array([KIND.get(c.pair.kind, 0.0) for c in candidates])
        self.weight = np.array([WEIGHT[c.pair.evidence] * (c.pair.kind != MUTE) for c in candidates])
        self.weight *= self.kind * (limit > 0)
        self.telling = np.array([TELLING.get(c.pair.kind, 0.0) for c in candidates]) * (limit > 0)
        self.bound = np.maximum(np.minimum(limit, 1 + 2 * expected) * self.weight, self.telling)
        self.pair_prior = np.array([PAIR_PRIOR[c.pair.evidence] for c in candidates])
        tables = [[number[t] for t in c.tables] for c in candidates]
        self._count = np.array([len(t) for t in tables], dtype=np.int64)
        self._first = np.cumsum(self._count) - self._count
        self._tables = np.array([t for ts in tables for t in ts], dtype=np.int64)
        of = np.repeat(np.arange(len(candidates)), self._count)
        self._able = np.zeros((len(candidates), len(self.names)), dtype=np.float32)  # 1 where a table's pair can speak
        self._able[of, self._tables] = limit[of] > 0
        standing = np.array([STANDING * STANDING_KIND.get(c.pair.kind, 0.0) for c in candidates]) * (limit > 0)
        self._standing = np.repeat(standing, self._count) * np.fromiter(_standing_weights(candidates), np.float64)
        # the same rows, table by table
        order = np.argsort(self._tables, kind="stable")
        self._own = of[order]
        self._row_table = self._tables[order]
        self._own_first = np.searchsorted(self._row_table, np.arange(len(self.names)))
        # those that can say something, and the first of each table
        self._speaking = distinct(np.concatenate((np.flatnonzero(self.bound[self._own] > 0), self._own_first)))
        self._speaking_first = np.searchsorted(self._speaking, self._own_first)
        self._own_standing = self._standing[order]
        members = np.split(self._own, self._own_first[1:]) if self.names else []
        self.members = [frozenset(own.tolist()) for own in members]  # candidates, by table
        self._most_standing = (PAIR_LIMIT * self.kind)[self._own] * self.share[self._row_table]
        self._most = np.maximum(self._most_standing, self.telling[self._own])
        common = [own for own, rare in zip(self.members, self.rare.tolist(), strict=True) if not rare]
        # rows of the pairs that no common table has
        self._uncommon = ~among(self._own, np.array(sorted(frozenset().union(*common)), dtype=np.int64))
        speaks = self._uncommon & (self.bound[self._own] > 0)
        ever = np.bincount(self._row_table, self._most * speaks, minlength=len(self.names))
        self._compiled = np.maximum(COMPILED, COMPILED_SHARE * ever)
        self.variants = [self._variant(x, y) for x, own in enumerate(self.members)
                         for y, base in enumerate(self.members) if base and base < own]
        self.bases = {v.table: v.base for v in self.variants}  # by the number of each variant
        self.family = np.array([self._root(x) for x in range(len(self.names))], dtype=np.int64)

    def at_most(self, sites: Ids) -> Floats:
        """What the tables could say at most in each document, from the numbers of the words that each candidate writes
        (shape ``(candidates, documents)``), whatever their contexts say; shape ``(tables, documents)``."""
        if not len(self.names):
            return np.zeros((0, sites.shape[1]))
        return np.asarray(np.add.reduceat(self._said(self._speaking, sites), self._speaking_first))

    def _said(self, rows: slice | Ids, sites: Ids) -> Floats:
        """What the pairs of some rows could say at most; shape ``(rows, documents)``, as of :meth:`_stood`."""
        own = self._own[rows]
        return np.asarray(np.minimum(sites[own] * self.bound[own, None], self._most[rows, None]))

    def _stood(self, rows: slice | Ids, standing: Ids) -> Floats:
        """What the originals of the pairs of some rows say that stand."""
        stood = standing[self._own[rows]] * self._own_standing[rows, None]
        return np.asarray(np.maximum(stood, -self._most_standing[rows, None]))

    def _loud(self, best: Floats, held: Floats, beside: NDArray[np.bool_] | np.bool_) -> NDArray[np.bool_]:
        """Which tables may have had a document, by what they could say at ``best`` and ``held`` against the originals
        that stand, ``beside`` a common one or not."""
        whole, compiled = held + self.gate[:, None] > 0, beside & (best > self._compiled[:, None])
        return np.asarray(~self.rare[:, None] | whole | compiled)

    def _by_table(self, rows: Floats) -> Floats:
        """For each table the sums of its rows."""
        return np.asarray(np.add.reduceat(rows, self._own_first))

    def hopeful(self, sites: Ids, standing: Ids) -> NDArray[np.bool_]:
        """Which tables could speak loudly enough in which documents, beside their originals that stand, which are
        counted as sites are: most are out of the question in most."""
        best = self.at_most(sites)
        hopeful = (best >= -PRIOR / 2) & (best > np.where(self.rare, -self.gate, 0.0)[:, None])
        # a table that is seldom met must have had the whole document, or speak loudly beside a common one that may have
        # had it, and with words that that one has not
        doubtful = np.flatnonzero(hopeful[self.rare].any(axis=0))
        if len(doubtful):
            held = best[:, doubtful] + self._by_table(self._stood(slice(None), standing[:, doubtful]))
            beside = (held[~self.rare] > 0).any(axis=0)
            hopeful[:, doubtful] &= self._loud(best[:, doubtful], held, beside)
            doubtful = doubtful[beside & hopeful[self.rare][:, doubtful].any(axis=0)]
            own = self._by_table(self._said(slice(None), sites[:, doubtful]) * self._uncommon[:, None])
            held = own + self._by_table(self._stood(slice(None), standing[:, doubtful]) * self._uncommon[:, None])
            hopeful[:, doubtful] &= self._loud(own, held, np.True_)
        for v in self.variants:
            both = np.flatnonzero(hopeful[v.table] & hopeful[v.base])
            hopeful[v.table, both] = ~self._outdone(v, sites, standing)[both]
        return np.asarray(hopeful)

    def _root(self, table: int) -> int:
        while table in self.bases:
            table = self.bases[table]
        return table

    def _variant(self, table: int, base: int) -> Variant:
        rows = np.flatnonzero(self._row_table == table)
        shared = among(self._own[rows], np.array(list(self.members[base])))
        adds = np.zeros(len(self.kind), dtype=np.bool_)
        adds[self._own[rows[~shared]]] = True
        return Variant(table, base, rows[~shared], adds, rows[shared])

    def _outdone(self, v: Variant, sites: Ids, standing: Ids) -> NDArray[np.bool_]:
        """In which documents a variant explains no more than its base: nothing of what it adds was written, or the
        originals of that stand, and of those of the base so few that no part of the document can have been left
        alone."""
        said = self._said(v.added, sites).sum(axis=0)
        worse = said + self._stood(v.added, standing).sum(axis=0) < -OUTDONE
        left_alone = self._stood(v.shared, standing).sum(axis=0) <= 3 * STANDING
        return np.asarray((said == 0) | worse & ~left_alone)

    def concerned(self, hopeful: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which candidates that can say something are in a ``hopeful`` table; shape ``(candidates, documents)``."""
        return np.asarray(self._able @ hopeful.astype(np.float32) > 0)

    def absent(self, table: Ids, candidate: Ids) -> Floats:
        """The logarithms of the probabilities that converters of these tables lack these pairs."""
        return np.where(self.rare[table], RARE_ABSENT, self._absent[candidate])

    def says(self, candidate: Ids, ratio: Floats) -> Floats:
        """What places of candidates say for their tables, given their own contexts' log ratios."""
        said = np.minimum(ratio, self.limit[candidate]) * self.weight[candidate]
        return np.asarray(np.where(ratio > SPOKEN, np.maximum(said, self.telling[candidate]), said))

    def rows(self, candidate: Ids) -> tuple[Ids, Ids, Floats]:
        """For places of candidates one row a table: the place, the table, and what an original standing there says."""
        count = self._count[candidate]
        place = np.repeat(np.arange(len(candidate)), count)
        nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        at = np.repeat(self._first[candidate], count) + nth
        return place, self._tables[at], self._standing[at]


def _standing_weights(candidates: Sequence[Candidate]) -> Iterator[float]:
    """For every row, candidate by candidate, how much the pair's standing original counts."""
    pairs = Counter(t for c in candidates for t in c.tables)
    rumours = Counter(t for c in candidates for t in c.rumoured)
    rumoured_tables = {t for t, n in pairs.items() if n - rumours[t] < PROVEN_SHARE * n}
    for c in candidates:
        for t in c.tables:
            yield 1.0 if t not in c.rumoured else RUMOURED_TABLE if t in rumoured_tables else RUMOUR
