"""Scan: one pass over a text gives the sites, and the originals that still stand.

A site is a place where a word stands that some converter writes; one place may be a site of several pairs. The pass
looks each two neighbouring characters up in a table (numpy), which is faster than an automaton that reports millions
of matches one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..lexicon import Lexicon, Pair
from .features import Codes, Ids, pair_key

_CHUNK = 1 << 18  # code points at a time


@dataclass(frozen=True, slots=True)
class Candidate:
    """A distinct pair, with the tables that have it; a slip is in none."""

    pair: Pair
    key: int
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where candidates stand, in the order of the text: parallel arrays."""

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
        return Places(self.candidate[chosen], self.start[chosen], self.end[chosen])


class Scanner:
    """The compiled words of a lexicon. Immutable after it is made."""

    def __init__(self, lexicon: Lexicon, converters: tuple[str, ...] | None = None) -> None:
        found: dict[tuple[str, str], tuple[Pair, list[str]]] = {}
        for table in lexicon.tables:
            if converters is not None and table.name not in converters:
                continue
            for pair in table.pairs:
                if pair.converted:
                    found.setdefault((pair.original, pair.converted), (pair, []))[1].append(table.name)
        for slip in lexicon.slips:
            found.setdefault((slip.word, slip.slip), (Pair(slip.word, slip.slip, slip.kind, "seen"), []))
        self.candidates = tuple(Candidate(p, pair_key(*k), tuple(t)) for k, (p, t) in sorted(found.items()))
        self.keys = np.array([c.key for c in self.candidates], dtype=np.uint32)
        words = sorted({w for c in self.candidates for w in (c.pair.original, c.pair.converted)})
        self._words = _Words(words)
        number = {w: i for i, w in enumerate(words)}
        self._as_converted = _Index([number[c.pair.converted] for c in self.candidates], len(words))
        self._as_original = _Index([number[c.pair.original] for c in self.candidates], len(words))
        # 内容→容: the 容 of a 内容 that stands was written by nobody
        self._inside = [(i, k) for i, c in enumerate(self.candidates) for k in range(len(c.pair.original))
                        if c.pair.original.startswith(c.pair.converted, k)]

    def __call__(self, codes: Codes) -> tuple[Places, Places]:
        """Sites and standing originals in ``codes``."""
        word, start = self._words.find(codes)
        end = start + self._words.lengths[word]
        sites = self._as_converted.places(word, start, end)
        # an original inside a longer word that a converter writes, 凡 in 但凡, is no sign of health
        written = np.flatnonzero(self._as_converted.known[word] & (end - start > 1))
        size = len(codes) + 1
        open_words = np.cumsum(np.bincount(start[written], minlength=size) - np.bincount(end[written], minlength=size))
        covered = open_words[start] > 0
        free = np.flatnonzero(~(covered & (end - start == 1)))
        standing = self._as_original.places(word[free], start[free], end[free])
        return self._outside(sites, standing), standing

    def _outside(self, sites: Places, standing: Places) -> Places:
        """``sites`` without those that stand inside their own original."""
        size = len(self.candidates)
        covered = []
        for candidate, offset in self._inside:
            own = standing.start[standing.candidate == candidate]
            covered.append((own + offset) * size + candidate)
        keys = np.concatenate(covered) if covered else np.empty(0, dtype=np.int64)
        return sites[~np.isin(sites.start * size + sites.candidate, keys)] if len(keys) else sites


class _Index:
    """For each word the candidates that it belongs to, as one array with bounds."""

    def __init__(self, words: list[int], size: int) -> None:
        of = np.array(words, dtype=np.int64)
        self._candidates = np.argsort(of, kind="stable")
        self._bounds = np.searchsorted(of[self._candidates], np.arange(size + 1))
        self.known = np.diff(self._bounds) > 0

    def places(self, word: Ids, start: Ids, end: Ids) -> Places:
        kept = np.flatnonzero(self.known[word])
        word, start, end = word[kept], start[kept], end[kept]
        first, count = self._bounds[word], self._bounds[word + 1] - self._bounds[word]
        row = np.repeat(np.arange(len(word)), count)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return Places(self._candidates[first[row] + nth], start[row], end[row])


class _Words:
    """Finds every occurrence of every word, overlapping ones too."""

    def __init__(self, words: list[str]) -> None:
        self.lengths = np.array([len(w) for w in words], dtype=np.int64)
        characters = sorted({c for w in words for c in w if ord(c) < 0xFFFF})
        self._size = len(characters) + 1
        self._id = np.zeros(1 << 16, dtype=np.int32)  # the last, U+FFFF, stands for all beyond it: in no word
        self._id[[ord(c) for c in characters]] = np.arange(1, self._size)
        self._single = np.full(self._size, -1, dtype=np.int32)
        self._double = np.full(self._size * self._size, -1, dtype=np.int32)
        # 0: no word starts with these two characters; 1: one does; 2: one of more than two characters does
        self._begins = np.zeros(self._size * self._size, dtype=np.int8)
        self._longer: dict[int, list[tuple[int, Codes]]] = {}
        for i, word in enumerate(words):
            ids = [int(self._id[ord(c)]) if ord(c) < 0xFFFF else 0 for c in word]
            if 0 in ids or not ids:
                raise ValueError(f"{word!r} has a character that the scan does not know")
            if len(ids) == 1:
                self._single[ids[0]] = i
                continue
            bigram = ids[0] * self._size + ids[1]
            self._begins[bigram] = max(self._begins[bigram], min(2, len(ids) - 1))
            if len(ids) == 2:
                self._double[bigram] = i
            else:
                rest = np.array([ord(c) for c in word[2:]], dtype=np.uint32)
                self._longer.setdefault(bigram, []).append((i, rest))

    def find(self, codes: Codes) -> tuple[Ids, Ids]:
        """Words and where they start, sorted by start."""
        found = [self._chunk(codes, at) for at in range(0, len(codes), _CHUNK)]
        return np.concatenate([w for w, _ in found]), np.concatenate([s for _, s in found])

    def _chunk(self, codes: Codes, at: int) -> tuple[Ids, Ids]:
        piece = codes[at : at + _CHUNK + 1]
        ids = self._id.take(piece, mode="clip")
        own = ids[:_CHUNK]
        word = self._single.take(own, mode="clip")
        alone = np.flatnonzero(word >= 0)
        bigrams = ids[:-1] * np.int32(self._size) + ids[1:]
        hit = np.flatnonzero(self._begins.take(bigrams, mode="clip") > 0)
        bigram = bigrams[hit]
        pair = self._double[bigram]
        two = pair >= 0
        words, starts = [word[alone], pair[two]], [alone, hit[two]]
        more = self._begins[bigram] == 2
        places, begun = hit[more], bigram[more]
        for value in np.unique(begun).tolist():
            here = places[begun == value]
            for number, rest in self._longer[value]:
                fits = here[here + at + 2 + len(rest) <= len(codes)]
                for k, code in enumerate(rest):
                    fits = fits[codes[fits + at + 2 + k] == code]
                words.append(np.full(len(fits), number, dtype=np.int32))
                starts.append(fits)
        start = np.concatenate(starts)
        order = np.argsort(start, kind="stable")
        return np.concatenate(words)[order].astype(np.int64), start[order] + at
