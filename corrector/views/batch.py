"""A batch of texts as one row of code points, and the few of them that any fold asks about: one pass finds them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Ids = NDArray[np.int64]

SPACE, END, SIGN, COMMA, TRADITIONAL, MARK, GLYPH = range(1, 8)  # kinds of characters


def han() -> list[int]:
    """The code points of Chinese characters that the folds know."""
    return [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]


def table(characters: Iterable[int]) -> Flags:
    """A table of the first plane that is true for ``characters``; its last entry stands for all beyond it."""
    flags = np.zeros(1 << 16, dtype=np.bool_)
    flags[list(characters)] = True
    return flags


def traditional(code: int) -> bool:
    """Whether a character is one of the commoner of Big5 and none of GB 2312: hardly a simplified text has it."""
    character = chr(code)
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return "\xa4" <= character.encode("big5", "replace").decode("latin-1")[0] <= "\xc6"
    return False


_KIND = np.zeros(1 << 16, dtype=np.int8)
for _kind, _codes in ((SPACE, b" "), (END, b"\0\n\f"), (SIGN, b"Xx*#^~|"), (COMMA, [ord("，")]), (MARK, b"!,:;?"),
                      (GLYPH, map(ord, "〔〕〞‚‛")),
                      (TRADITIONAL, filter(traditional, han()))):
    _KIND[list(_codes)] = _kind


class Batch:
    """``texts`` with a NUL before, between and after them: ``codes``; each begins at one of ``starts``."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        joined = "\0".join(("", *texts, ""))
        self.codes: Codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self.lengths: Ids = np.fromiter((len(t) + 1 for t in texts), dtype=np.int64, count=len(texts))
        self.starts: Ids = np.concatenate(([1], 1 + np.cumsum(self.lengths)))
        kinds = _KIND.take(self.codes, mode="clip")
        self._at: Ids = np.flatnonzero(kinds > 0)
        self._kinds = kinds[self._at]

    def places(self, kind: int) -> Ids:
        """Where the characters of one kind stand."""
        found: Ids = self._at[self._kinds == kind]
        return found

    def text_of(self, places: Ids) -> Ids:
        """The number of the text in which each place stands."""
        return np.asarray(np.searchsorted(self.starts, places, side="right") - 1, dtype=np.int64)
