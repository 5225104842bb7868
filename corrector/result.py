"""Results: what one checked text gives back.

A :class:`Report` holds the edits of all three tiers, the diagnosis (which converter touched which part, and how we
know) and flags for damage that cannot be repaired. It is what the engine returns and what every output in
``corrector/report`` prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import edits as _edits
from .edits import Edit, Tier


@dataclass(frozen=True, slots=True)
class Evidence:
    """``converted`` stands ``count`` times where healthy text would have ``original``."""

    converted: str
    original: str
    count: int


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One converter found in a text.

    ``probability`` that it touched the text at all; ``spans`` are the half-open code-point ranges it touched.
    """

    converter: str
    probability: float
    spans: tuple[tuple[int, int], ...]
    evidence: tuple[Evidence, ...]

    def share(self, text: str) -> float:
        """How much of the ``text`` it touched, from 0 to 1."""
        return sum(end - start for start, end in self.spans) / max(1, len(text))


@dataclass(frozen=True, slots=True)
class Flag:
    """What was seen and left alone: damage that cannot be repaired (``kind`` is ``year``: one that an uploader
    rewrote), or a document that could not be read (``unread``)."""

    start: int
    end: int
    text: str
    reason: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one text. ``edits`` are sorted, never overlap, and hold all three tiers."""

    text: str
    edits: Sequence[Edit]
    diagnosis: Sequence[Diagnosis] = ()
    flags: Sequence[Flag] = ()
    level: str = Tier.LIKELY

    def apply(self, level: str | None = None) -> str:
        """The corrected text, with the edits at or above ``level`` (default: the level of the corrector)."""
        return _edits.apply(self.text, _edits.at_level(self.edits, level or self.level))

    def undo(self, fixed: str, level: str | None = None) -> str:
        """The original text, from what ``apply`` at the same level made of it.

        Raises :class:`corrector.edits.EditError` when ``fixed`` is not that text.
        """
        return _edits.undo(fixed, _edits.at_level(self.edits, level or self.level))
