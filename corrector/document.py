"""A document: a text, its kind and the spans in it that nobody may edit.

Formats make documents, the engine reads them. Protected spans are found once, here, by regular expressions over the
whole text: URLs, e-mail addresses, file paths, and in Markdown and HTML also code, front matter, LaTeX, tags and
what stands between ``<!-- corrector: off -->`` and ``<!-- corrector: on -->``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` with sorted, disjoint half-open ``protected`` spans (code points) that are read but never edited."""

    text: str
    kind: str = "text"
    protected: tuple[tuple[int, int], ...] = ()


def document(text: str, kind: str = "text") -> Document:
    """A document of ``text`` whose protected spans are found by its ``kind``: ``text``, ``markdown`` or ``html``."""
    raise NotImplementedError
