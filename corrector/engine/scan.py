"""Scan: one Aho-Corasick pass over a text gives the sites, and the originals that still stand.

A site is a place where a word stands that some converter writes; one place may be a site of several pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from ..lexicon import Lexicon, Pair
from .features import pair_key


@dataclass(frozen=True, slots=True)
class Candidate:
    """A distinct pair, with the tables that have it."""

    pair: Pair
    key: int
    tables: tuple[str, ...]


class Scanner:
    """The compiled patterns of a lexicon. Immutable after it is made."""

    def __init__(self, lexicon: Lexicon, converters: tuple[str, ...] | None = None) -> None:
        found: dict[tuple[str, str], tuple[Pair, list[str]]] = {}
        for table in lexicon.tables:
            if converters is not None and table.name not in converters:
                continue
            for pair in table.pairs:
                if pair.converted:
                    found.setdefault((pair.original, pair.converted), (pair, []))[1].append(table.name)
        self.candidates = tuple(Candidate(p, pair_key(*k), tuple(t)) for k, (p, t) in sorted(found.items()))
        words = sorted({w for c in self.candidates for w in (c.pair.original, c.pair.converted)})
        number = {w: i for i, w in enumerate(words)}
        self._automaton = ahocorasick_rs.AhoCorasick(words) if words else None
        self.keys = np.array([c.key for c in self.candidates], dtype=np.uint32)
        self._shortening = {i for i, c in enumerate(self.candidates) if c.pair.converted in c.pair.original}
        as_converted: list[list[int]] = [[] for _ in words]
        as_original: list[list[int]] = [[] for _ in words]
        for i, c in enumerate(self.candidates):
            as_converted[number[c.pair.converted]].append(i)
            as_original[number[c.pair.original]].append(i)
        self._as_converted = [tuple(x) for x in as_converted]
        self._as_original = [tuple(x) for x in as_original]

    def __call__(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sites and standing originals, each an array of ``(candidate, start, end)`` rows in the order of the text."""
        sites: list[tuple[int, int, int]] = []
        standing: list[tuple[int, int, int]] = []
        if self._automaton is not None:
            matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
            covered = [(s, e) for w, s, e in matches if self._as_converted[w]]
            longer = {p for s, e in covered for p in range(s, e) if e - s > 1}
            for word, start, end in matches:
                sites += [(c, start, end) for c in self._as_converted[word]]
                # 若 inside 假若 … an original inside a word that a converter writes is no sign of health
                if start not in longer or end - start > 1:
                    standing += [(c, start, end) for c in self._as_original[word]]
            # 内容→容: the 容 of a 内容 that stands was written by nobody
            whole = {(c, p) for c, start, end in standing if c in self._shortening for p in range(start, end)}
            if whole:
                sites = [s for s in sites if (s[0], s[1]) not in whole]
        return _array(sites), _array(standing)


def _array(rows: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1, 3)
