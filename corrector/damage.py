"""A converter run forward: literal substrings, leftmost, longest first, blind to words; one pass.

Tests and training are made of this: the truth map says what every written place was.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from .lexicon import Table


@dataclass(frozen=True, slots=True)
class Change:
    """``text[start:end]`` of the damaged text was ``original``."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged text and, in its order, every place the converter wrote."""

    text: str
    truth: tuple[Change, ...]


@functools.cache
def _compiled(table: Table) -> tuple[re.Pattern[str], dict[str, str]]:
    writes = {p.original: p.converted for p in table.pairs}
    longest_first = sorted(writes, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"), writes


def damage(text: str, table: Table) -> Damaged:
    """What the converter ``table`` makes of ``text``.

    >>> from corrector.lexicon import Pair, Table
    >>> table = Table("X", "an example", (Pair("则", "那么", "character", "seen"), Pair("发展", "开展", "word", "seen")))
    >>> damage("发展的原则", table).text
    '开展的原那么'
    """
    pattern, writes = _compiled(table)
    pieces: list[str] = []
    truth: list[Change] = []
    position = length = 0
    for match in pattern.finditer(text):
        original = match.group()
        converted = writes[original]
        pieces += (text[position : match.start()], converted)
        start = length + match.start() - position
        length = start + len(converted)
        truth.append(Change(start, length, original))
        position = match.end()
    pieces.append(text[position:])
    return Damaged("".join(pieces), tuple(truth))


def restore(damaged: Damaged) -> str:
    """The text that was damaged: ``restore(damage(t, table)) == t``."""
    pieces: list[str] = []
    position = 0
    for change in damaged.truth:
        pieces += (damaged.text[position : change.start], change.original)
        position = change.end
    pieces.append(damaged.text[position:])
    return "".join(pieces)
