"""What formulas know the cells of a workbook by: these words stay, or else the result of the formula would change.

A formula may compare the whole of a cell (``A1="甲"``) or look for words in it, by wildcards (``COUNTIF(A:A,"*甲*")``)
or with a function (``SEARCH("甲",A1)``). What it looks for is kept where it may find it, and not the rest of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from ..document import disjoint
from .woven import Paragraph

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_SOUGHT = re.compile(r'(?:(?:SEARCH|FIND)B?\(|SUBSTITUTE\([^"]{0,200}[,;]|(?:LEFT|RIGHT|MID)B?\([^"()]*\)\s*(?:=|<>))'
                     r'\s*("(?:[^"]|"")*"|\{[^{}]*\})', re.I)
_AROUND = "<>="  # before a word in a condition
_MOST_PATTERNS = 100  # with one word: in each cell that has it, all are tried
_WILD = re.compile(r"(?<!~)[*?]")
_ESCAPE = re.compile(r"~([*?~])")


_Pattern = tuple[str, ...]  # what stands between wildcards; the first begins a cell, the last ends it


class Conditions:
    """The words by which ``formulas``, and conditions of filters and the like, know cells; see :meth:`keep`."""

    def __init__(self, formulas: Iterable[str], conditions: Iterable[str] = ()) -> None:
        self._whole: set[str] = set()
        patterns: set[_Pattern] = set()
        for formula in formulas:
            for word in _quoted(formula):
                self._whole |= {words(word), *(words(one.strip(_AROUND)) for one in word.split(","))}
                patterns.add(_pattern(word.lstrip(_AROUND)))
            patterns |= {("", word, "") for m in _SOUGHT.finditer(formula) for word in _quoted(m[1])}
        for condition in conditions:
            self._whole.add(words(condition))
            patterns.add(_pattern(condition))
        self._by_piece: dict[str, list[_Pattern]] = {}
        for pattern in (pattern for pattern in patterns if len(pattern) > 1):
            for piece in pattern:
                if not piece.isascii():
                    self._by_piece.setdefault(piece, []).append(pattern)
        self._pieces = list(self._by_piece)
        self._finder = AhoCorasick(self._pieces)

    def keep(self, paragraph: Paragraph) -> None:
        """Lets nothing be edited in the text of a cell by which it is known."""
        text = paragraph.text
        if words(text) in self._whole:
            paragraph.kept = [(0, len(text))]
        elif found := self._finder.find_matches_as_indexes(text, overlapping=True):
            known = {i for i in {i for i, _, _ in found} if self._looked_for(self._pieces[i], text.strip())}
            paragraph.kept = list(disjoint(sorted((start, end) for i, start, end in found if i in known)))

    def _looked_for(self, piece: str, text: str) -> bool:
        patterns = self._by_piece[piece]
        return len(patterns) > _MOST_PATTERNS or any(_matches(pattern, text) for pattern in patterns)


def words(text: str) -> str:
    """``text`` with its blanks made alike, by which a cell is known."""
    return " ".join(text.split())


def _quoted(formula: str) -> list[str]:
    return [word.replace('""', '"') for word in _QUOTED.findall(formula)]


def _pattern(condition: str) -> _Pattern:
    return tuple(_ESCAPE.sub(r"\1", piece) for piece in _WILD.split(condition))


def _matches(pattern: _Pattern, text: str) -> bool:
    first, *others, last = pattern
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in others:
        at = text.find(piece, at, end) + len(piece)
        if at < len(piece):
            return False
    return True
