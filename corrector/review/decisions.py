"""The decisions file, ``*.review.jsonl``: one proposal a line, with what was decided about it.

A decided line never changes by itself: its position and hash are those of the text that was decided on, so a file
edited elsewhere makes no difference in it; only when it was carried out in place is added. Where the place stands now
is found by its context: :mod:`.places`.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any

from ..edits import Edit, Tier
from ..errors import Trouble
from ..files import nameable

SUFFIX = ".review.jsonl"


class Verdict(StrEnum):
    """What was decided; ``edited`` is accepted with words of one's own."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"


class DecisionsError(Trouble):
    """A decisions file that cannot be read."""


Key = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal and its decision.

    ``file`` is a path from the folder of the decisions file, with ``/``. ``start`` and ``end`` count code points of the
    text whose hash is ``hash``; ``place`` names the start for people. ``before`` and ``after`` are the context in its
    line; of the ``of`` places with just this context it is the ``nth``. ``edited`` are the words of an ``edited`` one.
    ``applied`` is when it was carried out in the file itself, or, of a rejected one, when that gave its place another
    context and so another row.
    """

    file: str
    hash: str
    place: str
    start: int
    end: int
    before: str
    original: str
    after: str
    replacement: str
    converter: str = ""
    kind: str = "converter"
    confidence: float = 1.0
    tier: str = Tier.CERTAIN
    reason: str = ""
    nth: int = 1
    of: int = 1
    decision: Verdict = Verdict.UNDECIDED
    edited: str = ""
    by: str = ""
    at: str = ""
    applied: str = ""

    @property
    def key(self) -> Key:
        """What rows are sorted by, and what tells one from another."""
        return self.file, self.start, self.end, self.hash

    @property
    def decided(self) -> bool:
        return self.decision is not Verdict.UNDECIDED

    @property
    def applies(self) -> bool:
        """Whether the decision changes the text: words of one's own may be those that stand there."""
        return self.decision in (Verdict.ACCEPTED, Verdict.EDITED) and self.words != self.original

    @property
    def words(self) -> str:
        """What is to stand there."""
        return self.edited if self.decision is Verdict.EDITED else self.replacement

    def edit(self, start: int) -> Edit:
        """The edit that carries the decision out where the place now starts."""
        return Edit(start, start + len(self.original), self.original, self.words, self.converter, self.kind,
                    self.confidence, Tier(self.tier), self.reason)


def now() -> str:
    """The time, as rows have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def text_hash(text: str) -> str:
    """What tells one text from another: 16 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once: there may be fifty thousand lines
_NAMES = tuple(Row.__slots__)  # the names and the order in a line
_values = attrgetter(*_NAMES)
_SPARSE = {"nth": 1, "of": 1, "edited": "", "by": "", "at": "", "applied": ""}  # left out when they say nothing
_TYPES: dict[str, type | tuple[type, ...]] = {"start": int, "end": int, "nth": int, "of": int,
                                              "confidence": (int, float)}


def line(row: Row) -> bytes:
    """The row as one line of JSON, without its end."""
    value = dict(zip(_NAMES, _values(row), strict=True))
    for name, nothing in _SPARSE.items():
        if value[name] == nothing:
            del value[name]
    return _encode(value).encode("utf-8", "backslashreplace")


def parse(data: bytes) -> dict[Key, Row]:
    """The rows of a decisions file by their keys; of several lines for one place the last holds.

    A last line without an end, after rows, was cut short by a crash, before anybody was told that it is kept: it is
    left out when it is no row. Raises :class:`DecisionsError`.
    """
    rows: dict[Key, Row] = {}
    lines = data.split(b"\n")
    for number, content in enumerate(lines, 1):
        if not content.strip():
            continue
        try:
            row = _row(json.loads(content))
        except (ValueError, KeyError, TypeError, RecursionError):
            if number < len(lines):
                raise DecisionsError(f"line {number} is no decision of corrector; take it out, or review again",
                                     f"第 {number} 行不是 corrector 的审阅决定；请删去这一行，或重新审阅") from None
            if not rows:
                raise DecisionsError("holds no decisions; a file written by corrector review is needed",
                                     "里面没有审阅决定；这里要的是 corrector review 写出的文件") from None
            break
        rows[row.key] = row
    return rows


def _row(value: dict[str, Any]) -> Row:
    given = {name: value[name] for name in _NAMES if name in value}
    for name, one in given.items():
        if not isinstance(one, _TYPES.get(name, str)) or isinstance(one, bool):
            raise ValueError(f"{name}: {one!r}")
    row = Row(**given | {"decision": Verdict(given["decision"])})
    Tier(row.tier)
    if not 0 <= row.confidence <= 1:
        raise ValueError(f"confidence: {row.confidence}")
    here = row.start >= 0 and row.end - row.start == len(row.original)
    if not (here and sound(row.edited, row.original) and nameable(row.file)):
        raise ValueError(row.place)
    return row


def sound(words: str, original: str) -> bool:
    """Whether these words may take the place of ``original``: one line, nothing unseen but what it has itself."""
    return all(c.isprintable() or c in "\t\u3000" or c in original for c in words)
