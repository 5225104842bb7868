"""What formulas of workbooks compare cells with: such a cell stays, or else the result of the formula would change."""

from __future__ import annotations

import re
from collections.abc import Iterable

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_AROUND = "<>=*"  # before and behind a word in a condition


def words(text: str) -> str:
    """``text`` with its blanks made alike, by which a cell is known."""
    return " ".join(text.split())


def quoted(formulas: Iterable[str]) -> set[str]:
    """The :func:`words` that ``formulas`` quote, and those of lists to choose from (``"甲,乙"``).

    >>> sorted(quoted(['COUNTIF(A:A,"<>甲")', '"乙,丙"']))
    ['丙', '乙', '乙,丙', '甲']
    """
    found = {word for formula in formulas for word in _QUOTED.findall(formula)}
    return {words(one.replace('""', '"').strip(_AROUND)) for word in found for one in (word, *word.split(","))}
