"""Scan: one pass over a text gives the sites, and the originals that still stand.

A site is a place where a word stands that some converter writes; one place may be a site of several pairs. The pass
looks each two neighbouring characters up in a table (numpy), which is faster than an automaton that reports millions
of matches one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..lexicon import Lexicon, Pair
from . import kernels
from .features import Codes, Ids, pair_key

_CHUNK = 1 << 17  # code points at a time


class Candidate(NamedTuple):
    """A distinct pair, with the tables that have it, some of them by rumour only; a slip is in none."""

    pair: Pair
    key: int
    tables: tuple[str, ...]
    rumoured: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Places:
    """Where candidates stand: parallel arrays, in the order of the text as the scanner finds them."""

    candidate: Ids
    start: Ids
    end: Ids

    def __len__(self) -> int:
        return len(self.candidate)

    def __iter__(self) -> Iterator[Ids]:
        return iter((self.candidate, self.start, self.end))

    def rows(self) -> list[tuple[int, int, int]]:
        """Each place as candidate, start and end."""
        return list(zip(*(values.tolist() for values in self), strict=True))

    def __getitem__(self, chosen: NDArray[np.bool_] | Ids) -> Places:
        at = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return Places(self.candidate[at], self.start[at], self.end[at])


class Found(NamedTuple):
    """The words of some tables in a text: which, and where each starts, in the order of the text.

    Those numbered by ``hidden`` stand inside a longer word that a converter writes: they are no originals.
    """

    word: Ids
    start: Ids
    hidden: Ids

    def part(self, begin: int, end: int) -> Found:
        """The words from ``begin`` to ``end``."""
        first, last = np.searchsorted(self.hidden, (begin, end))
        return Found(self.word[begin:end], self.start[begin:end], self.hidden[first:last] - begin)


def _candidate(has: Sequence[tuple[str, Pair]]) -> Candidate:
    """One pair as tables have it, by their names: proven if one of them proves it. A slip has no name."""
    proven = next((p for _, p in has if p.evidence != "reported"), has[0][1])
    tables = tuple(table for table, _ in has if table)
    rumoured = frozenset(table for table, p in has if p.evidence == "reported")
    return Candidate(proven, pair_key(proven.original, proven.converted), tables, rumoured)


class Scanner:
    """The compiled words of a lexicon. Immutable after it is made."""

    def __init__(self, lexicon: Lexicon, converters: tuple[str, ...] | None = None) -> None:
        found: dict[tuple[str, str], list[tuple[str, Pair]]] = {}
        for table in lexicon.tables:
            if converters is not None and table.name not in converters:
                continue
            for pair in table.pairs:
                if pair.converted:
                    found.setdefault((pair.original, pair.converted), []).append((table.name, pair))
        for slip in lexicon.slips:
            found.setdefault((slip.word, slip.slip), [("", Pair(slip.word, slip.slip, slip.kind, "seen"))])
        self.candidates = tuple(_candidate(found[key]) for key in sorted(found))
        self.keys = np.array([c.key for c in self.candidates], dtype=np.uint32)
        words = sorted({w for c in self.candidates for w in (c.pair.original, c.pair.converted)})
        self._words = _Words(words)
        number = {w: i for i, w in enumerate(words)}
        self._as_converted = _Index([number[c.pair.converted] for c in self.candidates], len(words))
        self._as_original = _Index([number[c.pair.original] for c in self.candidates], len(words))
        # 内容→容: the 容 of a 内容 that stands was written by nobody
        self._inside = [(i, k) for i, c in enumerate(self.candidates) for k in range(len(c.pair.original))
                        if c.pair.original.startswith(c.pair.converted, k)]
        self._holds_itself = np.zeros(len(self.candidates), dtype=np.bool_)
        self._holds_itself[[i for i, _ in self._inside]] = True
        # an original inside a longer word that a converter writes, 凡 in 但凡, is no sign of health
        alone = {c.pair.original for c in self.candidates if len(c.pair.original) == 1}
        self._alone = np.array([w in alone for w in words], dtype=np.bool_)
        self._hides = np.array([len(w) > 1 and not alone.isdisjoint(w) for w in words], dtype=np.bool_)
        self._hides &= self._as_converted.known

    def __call__(self, codes: Codes) -> Places:
        """The sites in ``codes``."""
        found = self.find(codes)
        document, all_ = np.zeros(len(found.word), dtype=np.int64), np.ones((len(self.candidates), 1), dtype=np.bool_)
        return self.places(found, document, all_)[0]

    def find(self, codes: Codes) -> Found:
        """The words in ``codes``."""
        word, start = self._words.find(codes)
        hiding, single = (np.flatnonzero(some.take(word, mode="clip")) for some in (self._hides, self._alone))
        first = start[hiding]
        last = first + self._words.lengths.take(word[hiding])
        covered = np.zeros(len(codes), dtype=np.bool_)
        for k in range(int((last - first).max(initial=0))):
            covered[(first + k)[first + k < last]] = True
        return Found(word, start, single[covered.take(start[single])])

    def counts(self, found: Found, document: Ids, documents: int) -> tuple[Ids, Ids]:
        """How often what each candidate writes, and its original, stand in each document, shape ``(candidates,
        documents)``; ``document`` is that of each word."""
        size, keys = len(self._words.lengths), found.word * documents + document
        every, hidden = (np.bincount(some, minlength=size * documents).reshape(size, documents)
                         for some in (keys, keys[found.hidden]))
        written, originals = self._as_converted.of_candidates(every), self._as_original.of_candidates(every - hidden)
        for candidate, _ in self._inside:
            written[candidate] -= originals[candidate]
        return written, originals

    def places(self, found: Found, document: Ids, wanted: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Sites and standing originals: at least those of the ``wanted`` candidates, shape ``(candidates, documents)``.

        Most of the words of a text belong to tables that are out of the question.
        """
        here = found.word * wanted.shape[1] + document
        as_converted, as_original = (index.wanted(wanted).take(here, mode="clip")
                                     for index in (self._as_converted, self._as_original))
        as_original[found.hidden] = False
        sites, standing = (index.places(found.word[at], found.start[at], self._words.lengths) for index, at in (
            (self._as_converted, np.flatnonzero(as_converted)), (self._as_original, np.flatnonzero(as_original))))
        return self._outside(sites, standing), standing

    def _outside(self, sites: Places, standing: Places) -> Places:
        """``sites`` without those that stand inside their own original."""
        around = standing[self._holds_itself.take(standing.candidate)]
        if not len(around):
            return sites
        size, doubtful = len(self.candidates), np.flatnonzero(self._holds_itself.take(sites.candidate))
        covered = [(around.start[around.candidate == candidate] + offset) * size + candidate
                   for candidate, offset in self._inside]
        keys, wanted = np.sort(np.concatenate(covered)), (sites.start * size + sites.candidate)[doubtful]
        kept = np.ones(len(sites), dtype=np.bool_)
        kept[doubtful] = keys[np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)] != wanted
        return sites[kept]


class _Index:
    """For each word the candidates that it belongs to, as one array with bounds."""

    def __init__(self, words: list[int], size: int) -> None:
        self._words = np.array(words, dtype=np.int64)
        self._candidates = np.argsort(self._words, kind="stable")
        bounds = np.searchsorted(self._words[self._candidates], np.arange(size + 1))
        self._first, self._count = bounds[:-1], np.diff(bounds)
        self.known = self._count > 0

    def of_candidates(self, values: Ids) -> Ids:
        """For each candidate the row of its word."""
        return values.take(self._words, axis=0)

    def wanted(self, candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which words belong to one of the wanted candidates; a row a word, as those have one a candidate."""
        words = np.zeros((len(self._count), candidates.shape[1]), dtype=np.bool_)
        for nth in range(int(self._count.max(initial=0))):
            more = np.flatnonzero(self._count > nth)
            words[more] |= candidates[self._candidates[self._first[more] + nth]]
        return words

    def places(self, word: Ids, start: Ids, lengths: Ids) -> Places:
        """Those of each word, which has candidates, one after the other."""
        count = self._count.take(word)
        row = np.repeat(self._first.take(word) - (np.cumsum(count) - count), count)
        row += np.arange(len(row))
        start = np.repeat(start, count)
        return Places(self._candidates.take(row), start, start + np.repeat(lengths.take(word), count))


class _Words:
    """Finds every occurrence of every word, overlapping ones too."""

    def __init__(self, words: list[str]) -> None:
        self.lengths = np.array([len(w) for w in words], dtype=np.int64)
        alone = {w for w in words if len(w) == 1}
        # those that are words themselves come last: a number tells whether a character is one
        characters = sorted({c for w in words for c in w if ord(c) < 0xFFFF}, key=lambda c: (c in alone, c))
        self._size = len(characters) + 1
        self._first_word = self._size - len(alone)
        self._id = np.zeros(1 << 16, dtype=np.int32)  # the last, U+FFFF, stands for all beyond it: in no word
        self._id[[ord(c) for c in characters]] = np.arange(1, self._size)
        self._single = np.full(self._size, -1, dtype=np.int64)
        self._double = np.full(self._size * self._size, -1, dtype=np.int32)
        self._begins = np.zeros(self._size * self._size, dtype=np.bool_)  # whether a word starts with two characters
        longer: dict[int, list[int]] = {}
        for i, word in enumerate(words):
            ids = [int(self._id[ord(c)]) if ord(c) < 0xFFFF else 0 for c in word]
            if 0 in ids or not ids:
                raise ValueError(f"{word!r} has a character that the scan does not know")
            if len(ids) == 1:
                self._single[ids[0]] = i
                continue
            bigram = ids[0] * self._size + ids[1]
            self._begins[bigram] = True
            if len(ids) == 2:
                self._double[bigram] = i
            else:
                longer.setdefault(bigram, []).append(i)
        self._longer = _Longer(words, longer, len(self._begins))
        bits = (np.packbits(some, bitorder="little") for some in (self._begins, self._longer.begins))
        self._known = kernels.Struct(self._id, self._size, self._first_word, self._single, self._double, *bits,
                                     *self._longer.fields())

    def find(self, codes: Codes) -> tuple[Ids, Ids]:
        """Words and where they start, sorted by start."""
        if kernels.library:
            return kernels.words(self._known, self._longer.most + 2, codes)
        chunks = [self._chunk(codes, at) for at in range(0, len(codes), _CHUNK)]
        words, starts, bigrams, begun = (np.concatenate(found) for found in zip(*chunks, strict=True))
        more, places = self._longer.find(codes, bigrams, begun)
        at = np.searchsorted(starts, places, side="right")
        return np.insert(words, at, more), np.insert(starts, at, places)

    def _chunk(self, codes: Codes, at: int) -> tuple[Ids, Ids, Ids, Ids]:
        """Words of one and two characters and where they start; with which two characters longer ones may, and where"""
        ids: NDArray[np.int32] = self._id.take(codes[at : at + _CHUNK + 1], mode="clip")
        bigrams = ids[:-1] * np.int32(self._size) + ids[1:]
        hit = np.flatnonzero((ids[:-1] >= self._first_word) | self._begins.take(bigrams, mode="clip"))
        begun = bigrams[hit].astype(np.int64)
        own = np.empty(2 * len(hit), dtype=np.int64)
        own[::2], own[1::2] = self._single.take(ids[hit], mode="clip"), self._double.take(begun, mode="clip")
        found = np.flatnonzero(own >= 0)
        hit += at
        longer = np.flatnonzero(self._longer.begins.take(begun))
        return own[found], hit[found >> 1], begun[longer], hit[longer]


class _Longer:
    """Words of more than two characters, asked for by the number of the first two."""

    def __init__(self, words: list[str], by_bigram: dict[int, list[int]], size: int) -> None:
        self._bigrams = np.array(sorted(by_bigram), dtype=np.int64)
        self.begins = np.zeros(size, dtype=np.bool_)
        self.begins[self._bigrams] = True
        own = [by_bigram[bigram] for bigram in sorted(by_bigram)]
        self.most = max(map(len, own), default=0)  # that begin with the same two
        longest = max((len(words[i]) for ws in own for i in ws), default=2) - 2
        # what follows the first two characters, then zeros; of each bigram the words in order, then none
        self._word = np.full((self.most, len(own)), -1, dtype=np.int64)
        self._rest = np.zeros((self.most, longest, len(own)), dtype=np.uint32)
        for column, ws in enumerate(own):
            for row, i in enumerate(ws):
                self._word[row, column] = i
                self._rest[row, : len(words[i]) - 2, column] = [ord(c) for c in words[i][2:]]

    def fields(self) -> tuple[NDArray[Any] | int, ...]:
        """What the compiled scan is told of them."""
        most, longest, columns = self._rest.shape
        return self._bigrams, columns, most, longest, self._word, self._rest

    def find(self, codes: Codes, bigrams: Ids, starts: Ids) -> tuple[Ids, Ids]:
        """Words that begin with ``bigrams``, which some do, at ``starts``, and where they start."""
        column = np.searchsorted(self._bigrams, bigrams)
        words, places = [bigrams[:0]], [starts[:0]]
        for number, rest in zip(self._word, self._rest, strict=True):
            fits = number[column] >= 0
            for k, characters in enumerate(rest[:, column]):
                fits &= (characters == 0) | (characters == codes.take(starts + (k + 2), mode="clip"))
            words.append(number[column[fits]])
            places.append(starts[fits])
        return np.concatenate(words), np.concatenate(places)
