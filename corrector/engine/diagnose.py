"""Diagnosis: which converter acted on which part of a document, from the evidence of all its sites.

Start with :class:`Columns`. A converter leaves no original behind. A site has likelihood 1 where the converter acted
and ``1 - p`` where it did not; an original still standing speaks against it. Parts of a document (lines, short ones
put together, long ones cut) form a chain with two states, damaged or not, so that titles left unconverted do not
switch the diagnosis off for the body, nor damage spill over the rest.

Everything is done for all documents and tables of a batch at once. A *column* is a document and a table that may
have acted on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import new, ranked
from .features import Codes, Ids
from .scan import Candidate, Found, Places, Scanner

Floats = NDArray[np.float64]

PART_LENGTH = 150  # code points; parts of a long document are longer, so that it has at most MOST_PARTS
MOST_PARTS = 2000
PRIOR = -1.0  # log odds that the first part was converted, before looking; GATE guards the whole
STAY_HEALTHY = 0.998
STAY_DAMAGED = 0.9995
GATE = -2.0  # log odds of a table before looking at the whole: what the context model says is held against this
RARE = -3.5  # more for a table that is seldom met
RARE_PAIR = 0.5  # of PAIR_LIMIT for its pairs: several must speak, one that an old style likes is not enough
PAIR_LIMIT = 5.0  # all places of a pair together can say no more than this, however often it stands
STANDING = -3.0  # log ratio of an original in plain sight (it may be a title, a quotation, a misread word)
PART_FLOOR = -5.0
WEIGHT = {"seen": 1.0, "learnt": 1.0, "reported": 0.3}  # unproven pairs weigh less
STANDING_WEIGHT = {"seen": 1.0, "learnt": 1.0, "reported": 0.02}  # the table may well not have them
# Many mirrors leave brackets and quotation marks alone, and many authors write the rarer form themselves.
KIND = {"word": 1.0, "character": 1.0, "punctuation": 0.25, "glyph": 0.5, "coined": 1.0, "dated": 1.0, "plain": 1.0}
STANDING_KIND = KIND | {"punctuation": 0.05, "glyph": 0.05}
# Hardly anybody writes these but the converter (no corpus has one), so that a single place says as much as several
# pairs of a table that is seldom met: a coined word proves it, a dated one needs a little more.
TELLING = {"coined": 9.0, "dated": 6.0}
MUTE = "plain"  # who likes one such word likes the next (若是, 如今, 时分), so that together they prove a style at most
SPOKEN = 1.0  # log ratio of a place from which it tells so much: its context is not against it
PAIR_PRIOR = {"seen": 3.0, "learnt": 3.0, "reported": -2.0}  # log odds that a pair is in a table that acted
PAIR_STANDING = -2.0
SHORTEST = 4  # parts: columns of up to so many, four times as many and so on are one array
COUNTED = 64  # documents whose words are counted together: a table of more would not stay in the cache
HOPELESS = 0.5  # a table that could not reach this belief in any part is not looked at


class Tables:
    """The candidates' tables as arrays. ``limit`` and ``expected`` are the model's, one a candidate: see there."""

    def __init__(self, candidates: tuple[Candidate, ...], limit: Floats, expected: Floats, rare: set[str]) -> None:
        self.names = sorted({t for c in candidates for t in c.tables})
        number = {t: i for i, t in enumerate(self.names)}
        self.rare = np.array([name in rare for name in self.names], dtype=np.bool_)
        self.gate = np.array([GATE + (RARE if name in rare else 0.0) for name in self.names])
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
        # a table of rumours only is judged by what is rumoured
        proven = {t for c in candidates if c.pair.evidence != "reported" for t in c.tables}
        self._standing = np.array([
            STANDING * (STANDING_WEIGHT[c.pair.evidence] if t in proven else 0.3) * STANDING_KIND[c.pair.kind]
            for c in candidates for t in c.tables
        ])
        self._standing *= np.repeat(limit > 0, self._count)
        # the same rows, table by table
        order = np.argsort(self._tables, kind="stable")
        self._own = np.repeat(np.arange(len(candidates)), self._count)[order]
        self._own_first = np.searchsorted(self._tables[order], np.arange(len(self.names)))
        self._own_standing = self._standing[order]
        self._members = np.split(self._own, self._own_first[1:]) if self.names else []
        self.members = [frozenset(own.tolist()) for own in self._members]  # candidates, by table
        self._most_standing = (PAIR_LIMIT * self.kind)[self._own] * self.share[self._tables[order]]
        self._most = np.maximum(self._most_standing, self.telling[self._own])

    def at_most(self, sites: Ids) -> Floats:
        """What the tables could say at most in each document, from the numbers of the words that each candidate writes
        (shape ``(candidates, documents)``), whatever their contexts say; shape ``(tables, documents)``."""
        if not len(self.names):
            return np.zeros((0, sites.shape[1]))
        said = np.minimum((sites * self.bound[:, None])[self._own], self._most[:, None])
        return np.asarray(np.add.reduceat(said, self._own_first))

    def hopeful(self, sites: Ids, standing: Ids) -> NDArray[np.bool_]:
        """Which tables could speak loudly enough in which documents, beside their originals that stand, which are
        counted as sites are: most are out of the question in most."""
        best = self.at_most(sites)
        hopeful = (best >= -PRIOR / 2) & (best > np.where(self.rare, -self.gate, 0.0)[:, None])
        # a table that is seldom met must have had the whole document
        doubtful = np.flatnonzero(hopeful[self.rare].any(axis=0))
        if len(doubtful):
            stood = standing[:, doubtful][self._own] * self._own_standing[:, None]
            stood = np.maximum(stood, -self._most_standing[:, None])
            held = self.gate[:, None] + np.add.reduceat(stood, self._own_first)
            hopeful[:, doubtful] &= best[:, doubtful] + np.where(self.rare[:, None], held, 0.0) > 0
        return np.asarray(hopeful)

    def concerned(self, hopeful: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which candidates that can say something are in a ``hopeful`` table; shape ``(candidates, documents)``."""
        concerned = np.zeros((len(self._count), hopeful.shape[1]), dtype=np.bool_)
        for own, documents in zip(self._members, hopeful, strict=True):
            concerned[np.ix_(own, np.flatnonzero(documents))] = True
        return concerned & (self.limit > 0)[:, None]

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


class Parts(NamedTuple):
    """The parts of a batch: ``offset[d]`` is the first part of document ``d``, ``length[d]`` its parts' least size."""

    starts: Ids
    lines: Ids
    length: Ids
    offset: Ids

    @property
    def counts(self) -> Ids:
        """How many parts each document has."""
        return np.diff(self.offset)

    @classmethod
    def of(cls, codes: Codes, starts: Ids, sizes: Ids) -> Parts:
        """The parts of the documents that start at ``starts`` in ``codes`` and have ``sizes`` code points."""
        length = np.maximum(PART_LENGTH, -(-sizes // MOST_PARTS))
        ends = codes == 10
        ends[starts - 1] = True
        lines = np.flatnonzero(ends) + 1
        return cls(starts, lines, length, np.concatenate(([0], np.cumsum(sizes // length + 1))))

    def document(self, place: Ids) -> Ids:
        """The document of each place, in the order of the text."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.searchsorted(place, self.starts), append=len(place)))

    def __call__(self, place: Ids, document: Ids) -> Ids:
        """The part of each place: numbered from the first of its document."""
        line = self.lines[np.searchsorted(self.lines, place, side="right") - 1]
        length = self.length[document]
        inside = place - line
        anchor = line + np.where(inside >= 2 * length, inside // length * length, 0)
        return (anchor - self.starts[document]) // length

    def spans(self, document: int, chosen: NDArray[np.bool_], size: int) -> tuple[tuple[int, int], ...]:
        """The chosen parts of a document as half-open ranges of its ``size`` code points; neighbours are one."""
        if chosen[: int(self.offset[document + 1] - self.offset[document])].all():
            return ((0, size),)
        start, length = int(self.starts[document]), int(self.length[document])
        first, last = np.searchsorted(self.lines, [start, start + size + 1]).tolist()
        lines = self.lines[first:last] - start
        cuts = [line + k for line, following in zip(lines.tolist(), [*lines.tolist()[1:], size], strict=True)
                for k in range(0, max(1, following - line), length) if not 0 < k < 2 * length]
        part = np.array(cuts) // length
        spans: list[tuple[int, int]] = []
        for cut, end, p in zip(cuts, [*cuts[1:], size], part.tolist(), strict=True):
            if p < len(chosen) and chosen[p] and end > cut:
                joined = spans and spans[-1][1] == cut
                spans.append((spans.pop()[0] if joined else cut, end))
        return tuple(spans)


class Beliefs(NamedTuple):
    """What was found, one entry a column. ``active`` has one row a part, the first part of its document first."""

    document: Ids
    table: Ids
    share: Floats
    active: Floats


class Rows(NamedTuple):
    """Places as seen by the columns that they matter to: parallel arrays."""

    place: Ids
    column: Ids
    part: Ids
    weight: Floats


class Groups(NamedTuple):
    """Places by pair and column: ``group`` tells to which of these a place belongs, ``weight`` what it counts in its
    document. An author who likes a word repeats it, so the k-th counts 1/√k."""

    column: Ids
    pair: Ids
    group: Ids
    weight: Floats

    @staticmethod
    def of(column: Ids, pair: Ids, pairs: int) -> Groups:
        """The groups of places, one of so many ``pairs`` each."""
        keys = column * pairs + pair
        ordered, order = ranked(keys)
        begins = new(ordered)
        first = np.flatnonzero(begins)
        group, weight = np.empty(len(keys), dtype=np.int64), np.empty(len(keys))
        group[order] = np.cumsum(begins) - 1
        weight[order] = 1 / np.sqrt(np.arange(len(keys)) - np.repeat(first, np.diff(first, append=len(keys))) + 1)
        return Groups(*np.divmod(ordered[first], pairs), group, weight)

    def pooled(self, ratios: Floats, limit: Floats, share: Floats, telling: Floats) -> Floats:
        """For each column the sum over its pairs, each at most its ``limit`` times the column's ``share`` either way,
        or what it is ``telling``."""
        most = np.maximum(limit[self.pair] * share[self.column], telling[self.pair])
        return _sums(self.column, np.clip(_sums(self.group, ratios, len(most)), -most, most), len(share))


class Columns:
    """The columns of a batch that could have acted, with their sites and standing originals."""

    def __init__(self, tables: Tables, parts: Parts, scanner: Scanner, found: Found, always: NDArray[np.bool_]) -> None:
        """``always`` tells of which candidates the sites are wanted in any document."""
        self._tables, self._parts = tables, parts
        size = len(tables.names)
        document = parts.document(found.start)
        portions = _portions(found, document, len(parts.starts))
        speaks = np.concatenate([tables.hopeful(*scanner.counts(*some)) for some in portions], axis=1)
        concerned = tables.concerned(speaks)
        self.sites, self.standing = scanner.places(found, document, concerned | always[:, None])
        self.site_document = parts.document(self.sites.start)
        self.standing_document = parts.document(self.standing.start)
        hopeful = np.flatnonzero(speaks.T)
        own = _only(self._rows(self.sites, self.site_document, concerned, tables.bound), hopeful)
        against = _only(self._rows(self.standing, self.standing_document, concerned), hopeful)
        counts = parts.counts[hopeful // size]
        active = chain(_matrix(own, against, counts), counts)
        groups = Groups.of(against.column, self.standing.candidate[against.place], len(tables.kind))
        against = Rows(against.place, against.column, against.part, against.weight * groups.weight)
        kept = np.flatnonzero(active.max(axis=0, initial=0.0) > HOPELESS)
        self.own, self.against = _only(own, kept), _only(against, kept)
        self.document, self.table = np.divmod(hopeful[kept], size)

    def _rows(self, places: Places, document: Ids, concerned: NDArray[np.bool_], bound: Floats | None = None) -> Rows:
        """A row for each of the places' tables: what it could say at most by ``bound``, else that it stands."""
        looked = np.flatnonzero(concerned.take(places.candidate * concerned.shape[1] + document))
        candidate, document = places.candidate[looked], document[looked]
        part = self._parts(places.start[looked], document)
        at, table, weight = self._tables.rows(candidate)
        column = document[at] * len(self._tables.names) + table
        return Rows(looked[at], column, part[at], weight if bound is None else bound[candidate[at]])

    def needed(self) -> NDArray[np.bool_]:
        """Which ``sites`` must be judged by their context."""
        needed = np.zeros(len(self.sites), dtype=np.bool_)
        needed[self.own.place] = True
        return needed

    def believe(self, ratio: Floats, news: Floats, scored: Ids) -> Beliefs:
        """The beliefs, given for the ``scored`` sites what each says for its pair (a log ratio), and how much of that
        others have not said."""
        own = self.own
        full = np.zeros(len(self.sites))
        full[scored] = self._tables.says(self.sites.candidate[scored], ratio) * news
        values = full[own.place]
        size = len(self._tables.kind)
        groups = Groups.of(own.column, self.sites.candidate[own.place], size)
        repeated = Rows(own.place, own.column, own.part, values * groups.weight)
        counts = self._parts.counts[self.document]
        active = chain(_matrix(repeated, self.against, counts), counts)
        limit, telling = PAIR_LIMIT * self._tables.kind, self._tables.telling
        share = self._tables.share[self.table]
        said = groups.pooled(values * active[own.part, own.column], limit, share, telling)
        against = self.against
        groups = Groups.of(against.column, self.standing.candidate[against.place], size)
        said += groups.pooled(against.weight * active[against.part, against.column], limit, share,
                              np.zeros_like(telling))
        total = self._tables.gate[self.table] + said
        active /= 1 + np.exp(-np.clip(total, -50, 50))
        best = np.full(len(self._parts.starts), -np.inf)
        np.maximum.at(best, self.document, total)
        share = np.exp(np.maximum(total - best[self.document], -50))
        share /= _sums(self.document, share, len(best))[self.document]
        return Beliefs(self.document, self.table, share, active)

    def at_sites(self, beliefs: Beliefs) -> Floats:
        """For every site the probability that one of its tables acted on its part."""
        own = self.own
        return _sums(own.place, (beliefs.share * beliefs.active)[own.part, own.column], len(self.sites))

    def pair_active(self, beliefs: Beliefs, acted: Floats, ratio: Floats, scored: Ids) -> Floats:
        """For every scored site the probability that its pair is in the table that acted; ``acted`` is at_sites."""
        size = len(self._tables.pair_prior)
        against = self.against
        stood = _sums(against.place, (beliefs.share * beliefs.active)[against.part, against.column], len(self.standing))
        keys = self.site_document[scored] * size + self.sites.candidate[scored]
        said = acted[scored] * ratio * self._tables.kind[self.sites.candidate[scored]]
        every = len(self._parts.starts) * size
        odds = self._tables.pair_prior[self.sites.candidate[scored]] + _sums(keys, said, every)[keys]
        other = self.standing_document * size + self.standing.candidate
        odds += PAIR_STANDING * _sums(other, stood, every)[keys]
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


def _portions(found: Found, document: Ids, documents: int) -> Iterator[tuple[Found, Ids, int]]:
    """What was found in some of the documents at a time: of each word its document's number among them, and how many
    they are."""
    firsts = range(0, documents, COUNTED)
    bounds = np.searchsorted(document, [*firsts, documents]).tolist()
    for first, begin, end in zip(firsts, bounds, bounds[1:], strict=False):
        yield found.part(begin, end), document[begin:end] - first, min(COUNTED, documents - first)


def chain(ratios: Floats, counts: Ids) -> Floats:
    """The belief in damage of each part, from the parts' log ratios, shape ``(parts, columns)``; column by column
    for the first ``counts`` parts, which are those of its document. Columns of about one length are done together."""
    believed = np.zeros_like(ratios)
    reached = 0
    while reached < counts.max(initial=0):
        length = max(SHORTEST, 4 * reached)
        own = np.flatnonzero((counts > reached) & (counts <= length))
        if len(own):
            believed[:length, own] = _forward_backward(ratios[:length].take(own, axis=1), counts[own])
        reached = length
    return believed


def _forward_backward(ratios: Floats, counts: Ids) -> Floats:
    """Both ways in one loop, as odds: the first row of ``odds`` goes forwards from the prior, the second backwards.

    One part further, odds o with what was heard there, h, become (damaged·o·h + enter) / (leave·o·h + healthy), that
    is ``top - span / (o + shift)``; backwards goes a likelihood ratio, for which enter and leave change places.
    """
    said = np.exp(np.clip(ratios, PART_FLOOR, 50))
    beyond = np.arange(len(ratios))[:, None] >= counts
    enter, leave = 1 - STAY_HEALTHY, 1 - STAY_DAMAGED
    lost = np.array([[leave], [enter]])
    unheard = 1 / np.stack([said, said[::-1]], axis=1)
    shift = unheard * (STAY_HEALTHY / lost)
    span = unheard * ((STAY_DAMAGED * STAY_HEALTHY - enter * leave) / lost**2)
    top = np.broadcast_to(STAY_DAMAGED / lost, span.shape).copy()
    span[:, 1][beyond[::-1]], top[:, 1][beyond[::-1]] = 0.0, 1.0
    odds = np.empty_like(span)
    odds[0] = [[np.exp(PRIOR)], [1.0]]
    for before, shift_here, span_here, top_here, after in zip(odds, shift, span, top, odds[1:], strict=False):
        np.add(before, shift_here, after)
        np.divide(span_here, after, after)
        np.subtract(top_here, after, after)
    believed = odds[:, 0] * said
    believed *= odds[::-1, 1]
    believed /= 1 + believed
    believed[:, np.maximum(ratios, 0).sum(axis=0) < -PRIOR / 2] = 0.0
    believed[beyond] = 0.0
    return np.asarray(believed)


def _only(rows: Rows, columns: Ids) -> Rows:
    """The rows of these columns, numbered anew."""
    if not len(columns):
        none = np.empty(0, dtype=np.int64)
        return Rows(none, none, none, np.empty(0))
    number = np.full(max(int(columns[-1]), int(rows.column.max(initial=0))) + 1, -1, dtype=np.int64)
    number[columns] = np.arange(len(columns))
    at = number[rows.column]
    kept = np.flatnonzero(at >= 0)
    return Rows(rows.place[kept], at[kept], rows.part[kept], rows.weight[kept])


def _matrix(own: Rows, against: Rows, counts: Ids) -> Floats:
    """The sums of both, shape ``(parts, columns)``; each column has so many parts."""
    height, columns = int(counts.max(initial=0)), len(counts)
    sums = _sums(own.part * columns + own.column, own.weight, height * columns)
    sums += _sums(against.part * columns + against.column, against.weight, height * columns)
    return sums.reshape(height, columns)


def _sums(keys: Ids, values: Floats, size: int) -> Floats:
    return np.bincount(keys, values, minlength=size).astype(np.float64, copy=False)
