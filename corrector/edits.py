"""Edits: what the corrector proposes, applies and takes back.

Start reading here: an :class:`Edit` is the one value that every other part of the project exchanges.
Everything in this module is immutable and pure: text in, text out.

Offsets count Unicode code points of the decoded, original text. Edits of one text are sorted and never overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple


class Tier(StrEnum):
    """How sure an edit is: ``certain`` (confidence ≥ 0.99), ``likely`` (≥ 0.9), ``possible`` (≥ 0.5)."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def floor(self) -> float:
        """The lowest confidence of this tier."""
        return _FLOORS[self]

    @classmethod
    def of(cls, confidence: float) -> Tier:
        """The tier of a confidence of at least 0.5."""
        if confidence >= cls.CERTAIN.floor:
            return cls.CERTAIN
        return cls.LIKELY if confidence >= cls.LIKELY.floor else cls.POSSIBLE


_FLOORS = {Tier.CERTAIN: 0.99, Tier.LIKELY: 0.9, Tier.POSSIBLE: 0.5}


class Edit(NamedTuple):
    """One proposed correction: ``text[start:end] == original`` becomes ``replacement``.

    ``kind`` says what kind of damage it undoes (``converter``, ``shape``, ``sound``, ``glyph``, ``script``,
    ``broken``); ``converter`` names the table, ``confidence`` is a calibrated probability in [0.5, 1], ``reason`` says
    why in words.
    """

    start: int
    end: int
    original: str
    replacement: str
    converter: str = ""
    kind: str = "converter"
    confidence: float = 1.0
    tier: Tier = Tier.CERTAIN
    reason: str = ""


class EditError(ValueError):
    """Edits that overlap, are out of order, or do not fit the text they are applied to."""


def at_level(edits: Iterable[Edit], level: str = Tier.LIKELY) -> list[Edit]:
    """The edits whose confidence reaches ``level`` (``certain``, ``likely`` or ``possible``)."""
    floor = Tier(level).floor
    return [e for e in edits if e.confidence >= floor]


def trim(start: int, end: int, original: str, replacement: str) -> tuple[int, int, str]:
    """The part of an edit that differs: ``[start:end]`` becomes the text.

    >>> trim(4, 7, "原那么", "原则")
    (5, 7, '则')
    """
    shorter = min(len(original), len(replacement))
    head = tail = 0
    while head < shorter and original[head] == replacement[head]:
        head += 1
    while tail < shorter - head and original[-1 - tail] == replacement[-1 - tail]:
        tail += 1
    return start + head, end - tail, replacement[head : len(replacement) - tail]


def apply(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with every edit carried out.

    >>> apply("推进科学开展", [Edit(4, 6, "开展", "发展")])
    '推进科学发展'

    Raises :class:`EditError` when the edits overlap, are unsorted or do not match ``text``.
    """
    pieces: list[str] = []
    position = 0
    for e in edits:
        if e.start < position or text[e.start : e.end] != e.original:
            raise EditError(f"edit {e.original!r} at {e.start} does not fit the text")
        pieces += (text[position : e.start], e.replacement)
        position = e.end
    pieces.append(text[position:])
    return "".join(pieces)


def invert(edits: Iterable[Edit]) -> list[Edit]:
    """The edits that take ``edits`` back: offsets refer to the corrected text."""
    inverse: list[Edit] = []
    shift = 0
    for e in edits:
        start = e.start + shift
        inverse.append(e._replace(start=start, end=start + len(e.replacement), original=e.replacement,
                                  replacement=e.original))
        shift += len(e.replacement) - len(e.original)
    return inverse


def undo(fixed: str, edits: Iterable[Edit]) -> str:
    """The text from which ``apply`` made ``fixed``: ``undo(apply(t, e), e) == t``."""
    return apply(fixed, invert(edits))
