"""A batch of texts as one row of code points, and the few of them that any fold asks about: one pass finds them all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..engine.features import codes_of
from ..engine.kernels import where

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Ids = NDArray[np.int64]

SIGNS = "〔〕〞‚‛"  # marks that converters and fonts write
UNSEEN_SIGNS = "\r\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufe00\ufe01\ufe02\ufe0e\ufe0f\ufeff"
COMMA = "，"
SPACE, END, SIGN, TRADITIONAL, MARK, GLYPH, UNSEEN, PAUSE = range(1, 9)  # kinds of characters


def table(characters: str, *, han: bool = False) -> Flags:
    """A table of the first plane that is true for ``characters``, and with ``han`` for the Chinese ones that the folds
    know; its last entry stands for all beyond it."""
    flags = np.zeros(1 << 16, dtype=np.bool_)
    flags[[ord(c) for c in characters]] = True
    if han:
        flags[0x3400:0x4DC0] = flags[0x4E00:0xA000] = True
    return flags


@cache
def traditional() -> Flags:
    """A table of the characters of the commoner half of Big5 that GB 2312 has not: simplified text has hardly any."""
    trails = bytes(range(0xA1, 0xFF))
    common = _grid(range(0xA4, 0xC7), bytes(range(0x40, 0x7F)) + trails).decode("big5", "ignore")
    simplified = _grid(range(0xB0, 0xF8), trails).decode("gb2312", "ignore")
    flags = table(common) & ~table(simplified)
    flags[:0x3400] = False
    return flags


def _grid(leads: range, trails: bytes) -> bytes:
    """Every character of two bytes that begins with one of ``leads`` and ends with one of ``trails``."""
    return bytes(b for lead in leads for trail in trails for b in (lead, trail))


_KIND = np.zeros(1 << 16, dtype=np.uint8)
for _kind, _characters in ((SPACE, " "), (END, "\0\n\f"), (SIGN, "Xx*#^~|"), (MARK, "!,:;?"), (GLYPH, SIGNS),
                           (UNSEEN, UNSEEN_SIGNS), (PAUSE, COMMA)):
    _KIND[table(_characters)] = _kind
_KIND[traditional()] = TRADITIONAL
_SOME = _KIND > 0


class Batch:
    """``texts`` with a NUL before, between and after them: ``codes``; each begins at one of ``starts``."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        joined = "\0".join(("", *texts, ""))
        self.codes = codes_of(joined)
        self.lengths: Ids = np.fromiter((len(t) + 1 for t in texts), dtype=np.int64, count=len(texts))
        self.starts: Ids = np.concatenate(([1], 1 + np.cumsum(self.lengths)))
        self._at = where(_SOME, self.codes)
        self._kinds = _KIND.take(self.codes[self._at], mode="clip")

    def places(self, kind: int) -> Ids:
        """Where the characters of one kind stand."""
        return self._at[np.flatnonzero(self._kinds == kind)]

    def lines(self) -> tuple[Ids, Flags]:
        """Where the lines end, and which have a comma; the first is the NUL before all texts."""
        ends = np.flatnonzero(self._kinds == END)
        return self._at[ends], np.diff(np.cumsum(self._kinds == PAUSE)[ends], prepend=0) > 0

    def count(self, places: Ids) -> Ids:
        """How many of the ``places``, which are sorted, each text has."""
        return np.diff(np.searchsorted(places, self.starts))

    def text_of(self, places: Ids) -> Ids:
        """The number of the text in which each place stands."""
        return np.asarray(np.searchsorted(self.starts, places, side="right") - 1, dtype=np.int64)
