"""Phrases: contexts in which a word is certainly healthy (keep) or certainly damaged (restore).

They are the part of the context knowledge that people can read and extend. Where several fit a place the longest
decides, and of two as long the one that keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..lexicon import Phrase
from .features import WINDOW, Codes
from .scan import Candidate, Places

KEPT, RESTORED = -1, 1


@dataclass(frozen=True, slots=True)
class _Rule:
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
        for phrase in sorted(phrases, key=lambda p: (len(p.text), p.keep)):
            word = phrase.text[phrase.start : phrase.end]
            if phrase.start > WINDOW or len(phrase.text) - phrase.end > WINDOW:
                continue
            around = tuple((k - phrase.start, ord(c)) for k, c in enumerate(phrase.text)
                           if not phrase.start <= k < phrase.end)
            for i in by_word.get(word, ()):
                if phrase.keep or candidates[i].pair.original == phrase.replacement:
                    rule = _Rule(around, KEPT if phrase.keep else RESTORED)
                    self._rules.setdefault(i, []).append(rule)

    def verdicts(self, codes: Codes, sites: Places) -> NDArray[np.int8]:
        """For each site what the phrases say: -1 healthy, 1 damaged, 0 nothing."""
        said = np.zeros(len(sites), dtype=np.int8)
        if not self._rules:
            return said
        for candidate in np.unique(sites.candidate).tolist():
            if candidate not in self._rules:
                continue
            own = np.flatnonzero(sites.candidate == candidate)
            for rule in self._rules[candidate]:
                fits = own
                for offset, code in rule.around:
                    fits = fits[codes[sites.start[fits] + offset] == code]
                said[fits] = rule.verdict
        return said
