"""Phrases: contexts in which a word is certainly healthy (keep) or certainly damaged (restore).

They are the part of the context knowledge that people can read and extend. Where several fit a place the longest
decides, and of two as long the one that keeps.

A phrase fits although its neighbours are damaged themselves: its variants, as the converter of its word writes them
(安康开展, of 健康发展) and with one character misread (重要组戌局部), are made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..damage import damage
from ..lexicon import Pair, Phrase, Table
from .features import WINDOW, Codes
from .scan import Candidate, Places

KEPT, RESTORED = -1, 1


class _Rule(NamedTuple):
    """One phrase for one candidate: code points around it, by their distance from its start."""

    around: tuple[tuple[int, int], ...]
    verdict: int


class PhraseBook:
    """The phrases of a lexicon, by candidate. Immutable after it is made."""

    def __init__(self, phrases: Sequence[Phrase], candidates: Sequence[Candidate]) -> None:
        self._rules: dict[int, list[_Rule]] = {}
        by_word: dict[str, list[int]] = {}
        for i, c in enumerate(candidates):
            by_word.setdefault(c.pair.converted, []).append(i)
        written, misread = _tables(candidates), _misreadings(candidates)
        rules: set[tuple[int, bool, int, str, str]] = set()
        for phrase in phrases:
            for i in by_word.get(phrase.text[phrase.start : phrase.end], ()):
                if phrase.keep or candidates[i].pair.original == phrase.replacement:
                    tables = [written[name] for name in candidates[i].tables]
                    for before, after in _variants(phrase, tables, misread):
                        rules.add((len(before + after), phrase.keep, i, before, after))
        for _, keep, i, before, after in sorted(rules):
            if len(before) <= WINDOW and len(after) <= WINDOW:
                length = len(candidates[i].pair.converted)
                around = (*((k - len(before), ord(c)) for k, c in enumerate(before)),
                          *((k + length, ord(c)) for k, c in enumerate(after)))
                self._rules.setdefault(i, []).append(_Rule(around, KEPT if keep else RESTORED))

    def verdicts(self, codes: Codes, sites: Places) -> NDArray[np.int8]:
        """For each site what the phrases say: -1 healthy, 1 damaged, 0 nothing."""
        said = np.zeros(len(sites), dtype=np.int8)
        if not self._rules:
            return said
        for candidate in np.flatnonzero(np.bincount(sites.candidate)).tolist():
            if candidate not in self._rules:
                continue
            own = np.flatnonzero(sites.candidate == candidate)
            for rule in self._rules[candidate]:
                fits = own
                for offset, code in rule.around:
                    fits = fits[codes[sites.start[fits] + offset] == code]
                said[fits] = rule.verdict
        return said


def _tables(candidates: Sequence[Candidate]) -> dict[str, Table]:
    """The tables of the candidates, with the pairs that are among them."""
    pairs: dict[str, list[Pair]] = {}
    for c in candidates:
        for name in c.tables:
            pairs.setdefault(name, []).append(c.pair)
    return {name: Table(name, "", tuple(own)) for name, own in pairs.items()}


def _misreadings(candidates: Sequence[Candidate]) -> dict[str, set[str]]:
    """For each character what it is misread as, by the slips of shape."""
    misread: dict[str, set[str]] = {}
    for pair in (c.pair for c in candidates if c.pair.kind == "shape"):
        if len(pair.original) == len(pair.converted):
            for right, wrong in zip(pair.original, pair.converted, strict=True):
                if right != wrong:
                    misread.setdefault(right, set()).add(wrong)
    return misread


def _variants(phrase: Phrase, tables: Sequence[Table], misread: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """What stands before and after the word: as it is, as a converter of the word writes it, with one misreading."""
    before, after = phrase.text[: phrase.start], phrase.text[phrase.end :]
    yield before, after
    around = before + after
    for table in tables:
        if any(pair.original in around for pair in table.pairs):
            yield damage(before, table).text, damage(after, table).text
    if len(around) > 1:  # one character, misread, would say nothing any more
        for k, right in enumerate(around):
            for wrong in misread.get(right, ()):
                other = around[:k] + wrong + around[k + 1 :]
                yield other[: len(before)], other[len(before) :]
