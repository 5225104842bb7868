"""A file that is one piece of markup: what web pages and flat OpenDocuments have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..edits import Edit
from .markup import Source, Splice
from .woven import Change, Reading, Woven, splices


@dataclass(frozen=True, slots=True)
class Single(Reading):
    """A file that was read, see :class:`corrector.formats.Opened`, and its ``source``."""

    source: Source
    woven: Woven

    @property
    def encoding(self) -> str:
        return self.source.encoding

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the corrected file."""
        return self.source.written(self._splices(self.woven.changes(edits)))

    def _splices(self, changes: list[Change]) -> Iterable[Splice]:
        """What ``changes`` write into the source."""
        return splices(changes)
