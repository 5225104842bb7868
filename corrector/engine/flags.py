"""Flags: damage that is seen but cannot be repaired, and is therefore never guessed.

Uploaders shift the years of a document to sell it again, and programs that do so write digits into words: what stands
as 202358工程 had another number, and nobody can tell which.
"""

from __future__ import annotations

import re

from .. import reasons
from ..result import Flag

_YEAR_IN_WORD = re.compile(r"20\d{3,5}(?:工程|计划|规划|战略|目标|行动)")
KIND = "year"


def flags(text: str) -> tuple[Flag, ...]:
    """What in ``text`` was damaged beyond repair, in the order of the text.

    >>> [f.text for f in flags("入选202358工程，2023年计划")]
    ['202358工程']
    """
    found = []
    for match in _YEAR_IN_WORD.finditer(text):
        start, end = match.span()
        if not text[start - 1 : start].isdecimal():  # a look behind in the pattern would slow every search
            found.append(Flag(start, end, match[0], reasons.YEAR(), KIND))
    return tuple(found)
