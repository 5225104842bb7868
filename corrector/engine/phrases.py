"""Phrases: contexts in which a word is certainly healthy (keep) or certainly damaged (restore).

They are the part of the context knowledge that people can read and extend. Where several fit a place the longest
decides, and of two as long the one that keeps.

A phrase fits although its neighbours are damaged themselves: its variants, as the converter of its word writes them
(安康开展, of 健康发展) and with one character misread (重要组戌局部), are made once.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..damage import damage
from ..lexicon import Pair, Phrase, Table
from .features import WINDOW, Codes, Ids
from .scan import Candidate, Places

KEPT, RESTORED = -1, 1


class PhraseBook:
    """The phrases of a lexicon, by candidate. Immutable after it is made."""

    def __init__(self, phrases: Sequence[Phrase], candidates: Sequence[Candidate]) -> None:
        by_word: dict[str, list[int]] = {}
        for i, c in enumerate(candidates):
            by_word.setdefault(c.pair.converted, []).append(i)
        written, misread = _tables(candidates), _misreadings(candidates)
        rules: set[tuple[int, bool, int, str, str]] = set()
        for phrase in (said for given in phrases for said in _spoken_of(given, by_word)):
            for i in by_word[phrase.text[phrase.start : phrase.end]]:
                if phrase.keep or candidates[i].pair.original == phrase.replacement:
                    tables = [written[name] for name in candidates[i].tables]
                    for before, after in _variants(phrase, tables, misread):
                        rules.add((len(before + after), phrase.keep, i, before, after))
        # a phrase that is the word alone, and the shortest
        self._alone = np.zeros(len(candidates), dtype=np.int8)
        for around, keep, i, _, _ in rules:
            if not around:
                self._alone[i] = KEPT if keep else self._alone[i] or RESTORED
        rows = [(i, keep, before, after, len(candidates[i].pair.converted))
                for around, keep, i, before, after in sorted(rules)
                if around and len(before) <= WINDOW and len(after) <= WINDOW]
        self._verdict = np.array([KEPT if keep else RESTORED for _, keep, *_ in rows], dtype=np.int8)
        # of each rule the characters it asks for, and how far they are from the start of the word
        longest = max((len(before + after) for _, _, before, after, _ in rows), default=0)
        self._asked = np.zeros((longest, len(rows)), dtype=np.uint32)
        self._offset = np.zeros((longest, len(rows)), dtype=np.int64)
        for row, (_, _, before, after, length) in enumerate(rows):
            self._asked[: len(before + after), row] = [ord(c) for c in before + after]
            self._offset[: len(before + after), row] = [*range(-len(before), 0), *range(length, length + len(after))]
        # what a rule asks for beside the word, before it if it can, finds the rule
        beside = [(i, bool(before), ord(before[-1] if before else after[0])) for i, _, before, after, _ in rows]
        candidate, left, character = np.array(beside, dtype=np.int64).reshape(-1, 3).T
        keys = _key(candidate, left, character)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        self._known = np.zeros((2, 1 << 16), dtype=np.bool_)
        self._known[left, _hash(keys)] = True

    def verdicts(self, codes: Codes, sites: Places) -> NDArray[np.int8]:
        """For each site what the phrases say: -1 healthy, 1 damaged, 0 nothing."""
        said = self._alone.take(sites.candidate)
        places, rules = [], []
        for left, beside in ((1, sites.start - 1), (0, sites.end)):
            keys = _key(sites.candidate, left, codes[beside])
            some = np.flatnonzero(self._known[left].take(_hash(keys)))
            first, last = (np.searchsorted(self._keys, keys[some], side) for side in ("left", "right"))
            count = last - first
            places.append(np.repeat(some, count))
            rules.append(self._order[np.arange(count.sum()) + np.repeat(first - (np.cumsum(count) - count), count)])
        place, rule = np.concatenate(places), np.concatenate(rules)
        for asked, offset in zip(self._asked, self._offset, strict=True):
            fits = (codes[sites.start[place] + offset[rule]] == asked[rule]) | (asked[rule] == 0)
            place, rule = place[fits], rule[fits]
        order = np.argsort(rule)  # the last decides
        said[place[order]] = self._verdict[rule[order]]
        return said


def _spoken_of(phrase: Phrase, known: Container[str]) -> Iterator[Phrase]:
    """``phrase`` about a ``known`` word. Who writes one to keep need not know the tables: their words may be within its
    brackets (坚持[原那么], of 那么)."""
    if phrase.text[phrase.start : phrase.end] in known:
        yield phrase
    elif phrase.keep:
        edges = combinations(range(phrase.start, phrase.end + 1), 2)
        yield from (phrase._replace(start=a, end=b) for a, b in edges if phrase.text[a:b] in known)


def _key(candidate: Ids, left: Ids | int, character: Ids | Codes) -> Ids:
    return (candidate * 2 + left) << 21 | character


def _hash(keys: Ids) -> Ids:
    return (keys * 0x9E3779B1 >> 16) & 0xFFFF


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
