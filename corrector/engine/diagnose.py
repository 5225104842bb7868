"""Diagnosis: which converter acted on which part of a document, from the evidence of all its sites.

Start with :class:`Columns`. A converter leaves no original behind. A site has likelihood 1 where the converter acted
and ``1 - p`` where it did not; an original still standing speaks against it. What each table may say at all is in
:mod:`.tables`, how belief goes from one part of a document to the next in :mod:`.parts`.

Everything is done for all documents and tables of a batch at once. A *column* is a document and a table that may
have acted on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import among, distinct, new, ranked
from .features import Ids
from .parts import Parts, chain
from .scan import Found, Places, Scanner
from .tables import PAIR_LIMIT, SPOKEN, Tables

Floats = NDArray[np.float64]

PAIR_STANDING = -2.0  # log odds that a pair is in the table that acted, for each original of it that stands
COUNTED = 64  # documents whose words are counted together: a table of more would not stay in the cache
LOOKS = 3  # at a document, each time without the pairs that its converter was seen to lack
HARDLY = 0.95  # of what an original says: what is less is worth another look
HOPELESS = 0.5  # a table that could not reach this belief in any part is not looked at


class Rows(NamedTuple):
    """Places as seen by the columns that they matter to: parallel arrays."""

    place: Ids
    column: Ids
    part: Ids
    weight: Floats

    def cells(self, columns: int) -> Ids:
        """Where each place is in a matrix of so many columns with a row a part, as one number."""
        return self.part * columns + self.column

    def take(self, matrix: Floats) -> Floats:
        """What the matrix has for each place."""
        return np.asarray(matrix.ravel().take(self.cells(matrix.shape[1]), mode="clip"))


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

    def sums(self, values: Floats) -> Floats:
        """For each group the sum of its places' ``values``."""
        return _sums(self.group, values, len(self.pair))

    def among(self, others: Groups) -> tuple[Ids, Ids]:
        """Which of the groups are ``others`` too, and which of them."""
        own, their = ((g.column << 32) + g.pair for g in (self, others))
        at = np.minimum(np.searchsorted(their, own), len(their) - 1)
        same = np.flatnonzero(their[at] == own) if len(their) else at[:0]
        return same, at[same]


class _Heard(NamedTuple):
    """What was heard of each part of each column, ``ratios`` and how far the table was ``active``; and of each pair
    where it was: what its sites said, and its originals that stood."""

    ratios: Floats
    active: Floats
    said: Floats
    stood: Floats


class Columns:
    """The columns of a batch that could have acted, with their sites and standing originals. Immutable once made."""

    def __init__(self, tables: Tables, parts: Parts, scanner: Scanner, found: Found, always: NDArray[np.bool_]) -> None:
        """``always`` tells of which candidates the sites are wanted in any document."""
        self.tables, self.parts = tables, parts
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
        self._see(own, against, hopeful // size, hopeful % size, active.max(axis=0, initial=0.0) > HOPELESS)

    def _see(self, own: Rows, against: Rows, document: Ids, table: Ids, wanted: NDArray[np.bool_]) -> None:
        """Has those of the columns that are ``wanted``."""
        columns = np.flatnonzero(wanted)
        self.own, self.against = _only(own, columns), _only(against, columns)
        self.document, self.table = document[columns], table[columns]

    def _only(self, wanted: NDArray[np.bool_]) -> Columns:
        """Those of the columns that are ``wanted``."""
        some = copy(self)
        some._see(self.own, self.against, self.document, self.table, wanted)
        return some

    def _rows(self, places: Places, document: Ids, concerned: NDArray[np.bool_], bound: Floats | None = None) -> Rows:
        """A row for each of the places' tables: what it could say at most by ``bound``, else that it stands."""
        looked = np.flatnonzero(concerned.take(places.candidate * concerned.shape[1] + document))
        candidate, document = places.candidate[looked], document[looked]
        part = self.parts(places.start[looked], document)
        at, table, weight = self.tables.rows(candidate)
        column = document[at] * len(self.tables.names) + table
        return Rows(looked[at], column, part[at], weight if bound is None else bound[candidate[at]])

    def needed(self) -> NDArray[np.bool_]:
        """Which ``sites`` must be judged by their context."""
        needed = np.zeros(len(self.sites), dtype=np.bool_)
        needed[self.own.place] = True
        return needed

    def believe(self, ratio: Floats, news: Floats, scored: Ids) -> Beliefs:
        """The beliefs, given for the ``scored`` sites what each says for its pair (a log ratio), and how much of that
        others have not said."""
        full = np.zeros(len(self.sites))
        full[scored] = self.tables.says(self.sites.candidate[scored], ratio) * news
        return self._only(self._telling(full))._believed(full)

    def _believed(self, full: Floats) -> Beliefs:
        """The beliefs, given what each site says."""
        tables, own = self.tables, self.own
        here = Groups.of(own.column, self.sites.candidate[own.place], len(tables.kind))
        there = Groups.of(self.against.column, self.standing.candidate[self.against.place], len(tables.kind))
        against = self.against._replace(weight=self.against.weight * there.weight)
        same, of = there.among(here)
        heard = self._heard(full[own.place], against, here, there, same, of)
        most, least = (PAIR_LIMIT * tables.kind[g.pair] * tables.share[self.table[g.column]] for g in (here, there))
        said = np.minimum(heard.said, np.maximum(most, tables.telling[here.pair]))
        stood = np.maximum(heard.stood, -least)
        said[of] += stood[same]
        alone = np.delete(np.arange(len(there.pair)), same)
        columns = np.concatenate((here.column, there.column[alone]))
        absent = tables.absent(self.table[columns], np.concatenate((here.pair, there.pair[alone])))
        what = _perhaps(np.concatenate((said, stood[alone])), absent)
        total = tables.gate[self.table] + _sums(columns, what, len(self.table))
        active = heard.active / (1 + np.exp(-np.clip(total, -50, 50)))
        return Beliefs(self, against, active, active * self._shares(total, heard.ratios))

    def _telling(self, full: Floats) -> NDArray[np.bool_]:
        """The columns but for those of variants whose additional pairs say hardly anything beside their base; each site
        says what is in ``full``."""
        own, candidate = self.own, self.sites.candidate[self.own.place]
        there = self.document * len(self.tables.names) + self.table
        silent = np.zeros(len(self.table), dtype=np.bool_)
        for v in self.tables.variants:
            said = _sums(own.column, full[own.place] * v.adds[candidate], len(silent))
            silent |= (self.table == v.table) & (said < SPOKEN) & among(there - v.table + v.base, there)
        return ~silent

    def _heard(self, values: Floats, against: Rows, here: Groups, there: Groups, same: Ids, of: Ids) -> _Heard:
        """What sites, ``values`` each, and originals that stand ``against`` say; the groups ``same`` of these are
        ``of`` those of sites. A converter lacks a pair whose originals stand amid what the rest of its table wrote:
        they say nothing then of where it acted, and the document is looked at again."""
        own, counts = self.own, self.parts.counts[self.document]
        said = Rows(own.place, own.column, own.part, values * here.weight)
        lacking = self.tables.absent(self.table[there.column], there.pair)
        firm = held = 1 / (1 + np.exp(lacking))
        ratios, active = (np.zeros((int(counts.max(initial=0)), len(counts))) for _ in range(2))
        again = np.arange(len(counts))
        for _ in range(LOOKS):
            standing = against._replace(weight=against.weight * held[there.group])
            seen = _matrix(_only(said, again), _only(standing, again), counts[again])
            ratios[: len(seen), again], active[: len(seen), again] = seen, chain(seen, counts[again])
            wrote, left = own.take(active), against.take(active)
            both = there.sums(np.where(left > 0.5, against.weight, 0.0) * left)
            both[same] += here.sums(np.where(wrote > 0.5, values, 0.0) * wrote)[of]
            held = np.minimum(1 / (1 + np.exp(np.clip(lacking - both, -50, 50))), firm)
            again = distinct(there.column[held < HARDLY * firm])
        return _Heard(ratios, active, here.sums(values * wrote), there.sums(against.weight * left))

    def _shares(self, total: Floats, ratios: Floats) -> Floats:
        """The share of each column in what its document says, from the ``total`` of its log odds; where several
        families speak for damage, as in a compilation of what two tables wrote, that in each part, from its ratios."""
        best = np.full(len(self.parts.starts), -np.inf)
        np.maximum.at(best, self.document, total)
        share = np.exp(np.maximum(total - best[self.document], -50))
        share /= _sums(self.document, share, len(best))[self.document]
        loud = np.flatnonzero(total > 0)
        family = self.document[loud] * len(self.tables.names) + self.tables.family[self.table[loud]]
        family, order = ranked(family)
        loud = loud[order]
        begins = new(family)
        several = np.bincount(self.document[loud[begins]], minlength=len(best)) > 1
        if not several.any():
            return np.asarray(share)
        own = several[self.document[loud]]
        loud, begins = loud[own], begins[own]
        first, group = np.flatnonzero(begins), np.cumsum(begins) - 1
        document = self.document[loud[first]]
        families = np.maximum.reduceat(ratios[:, loud], first, axis=1)
        gate = np.maximum.reduceat(self.tables.gate[self.table[loud]], first)
        acted = _by_part(families, gate, document, self.parts.counts[document])
        inside = share[loud] / np.add.reduceat(share[loud], first)[group]
        shares = np.tile(share, (len(ratios), 1))
        shares[:, loud] = acted[:, group] * inside
        return shares


class Beliefs(NamedTuple):
    """What was found of ``columns``, and of the originals that stand ``against`` them. ``active`` and ``acted`` have a
    column each and one row a part, the first part of its document first: how likely the table acted on it by what it
    says itself, and beside what the other tables say."""

    columns: Columns
    against: Rows
    active: Floats
    acted: Floats

    def at_sites(self) -> Floats:
        """For every site the probability that one of its tables acted on its part."""
        own = self.columns.own
        return _sums(own.place, own.take(self.acted), len(self.columns.sites))

    def pair_active(self, acted: Floats, ratio: Floats, scored: Ids) -> Floats:
        """For every scored site the probability that its pair is in the table that acted; ``acted`` is at_sites."""
        of, tables = self.columns, self.columns.tables
        size = len(tables.pair_prior)
        stood = _sums(self.against.place, self.against.take(self.acted), len(of.standing))
        keys = of.site_document[scored] * size + of.sites.candidate[scored]
        said = acted[scored] * ratio * tables.kind[of.sites.candidate[scored]]
        every = len(of.parts.starts) * size
        odds = tables.pair_prior[of.sites.candidate[scored]] + _sums(keys, said, every)[keys]
        other = of.standing_document * size + of.standing.candidate
        odds += PAIR_STANDING * _sums(other, stood, every)[keys]
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


def _portions(found: Found, document: Ids, documents: int) -> Iterator[tuple[Found, Ids, int]]:
    """What was found in some of the documents at a time: of each word its document's number among them, and how many
    they are."""
    firsts = range(0, documents, COUNTED)
    bounds = np.searchsorted(document, [*firsts, documents]).tolist()
    for first, begin, end in zip(firsts, bounds, bounds[1:], strict=False):
        yield found.part(begin, end), document[begin:end] - first, min(COUNTED, documents - first)


def _only(rows: Rows, columns: Ids) -> Rows:
    """The rows of these columns, which are sorted, numbered anew."""
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
    sums = _sums(own.cells(columns), own.weight, height * columns)
    sums += _sums(against.cells(columns), against.weight, height * columns)
    return sums.reshape(height, columns)


def _perhaps(said: Floats, absent: Floats) -> Floats:
    """What pairs say that may be absent from the table, with these logarithms of probabilities."""
    return np.where(said < 0, np.logaddexp(np.log1p(-np.exp(absent)) + np.minimum(said, 0), absent), said)


def _by_part(ratios: Floats, gate: Floats, document: Ids, counts: Ids) -> Floats:
    """The share of each column in each part of its document, shape ``(parts, columns)``, by how much its ratios exceed
    the best of the others, and by its ``gate``, which decides between tables that write the same words; columns of
    one document stand together."""
    first, group = np.flatnonzero(new(document)), np.cumsum(new(document)) - 1
    best = np.maximum.reduceat(ratios, first, axis=1)[:, group]
    leads = ratios == best
    second = np.maximum.reduceat(np.where(leads, -np.inf, ratios), first, axis=1)[:, group]
    alone = np.add.reduceat(leads.astype(np.int64), first, axis=1)[:, group] == 1
    odds = np.clip(chain(ratios - np.where(leads & alone, second, best), counts, least=0.0), 1e-12, 1 - 1e-12)
    odds *= np.exp(gate) / (1 - odds)
    return np.asarray(odds / np.add.reduceat(odds, first, axis=1)[:, group])


def _sums(keys: Ids, values: Floats, size: int) -> Floats:
    return np.bincount(keys, values, minlength=size).astype(np.float64, copy=False)
