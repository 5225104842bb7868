"""A document: a text, its kind and the spans in it that nobody may edit.

Formats make documents, the engine reads them. Protected spans are found once, here, by regular expressions over the
whole text: URLs, e-mail addresses, file paths, and in Markdown and HTML also code, front matter, LaTeX, tags and
what stands between ``<!-- corrector: off -->`` and ``<!-- corrector: on -->``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A mark that must stand in the text, and the pattern: plain prose pays for a substring search only.
_EVERYWHERE = (
    ("://", re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>\"，。；、！？）》」』]+")),
    ("www.", re.compile(r"www\.[^\s<>\"，。；、！？）》」』]+")),
    ("@", re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")),
    (":\\", re.compile(r"\b[A-Za-z]:\\[^\s:*?\"<>|，。；！？]+")),
    ("/", re.compile(r"(?<![\w/])~?/(?:[\w.-]+/)+[\w.-]*", re.ASCII)),
)
_MARKUP = (
    ("---", re.compile(r"\A---\n.*?\n---(?:\n|\Z)", re.S)),
    ("```", re.compile(r"^ {0,3}```.*?(?:^ {0,3}```[^\n]*$|\Z)", re.S | re.M)),
    ("~~~", re.compile(r"^ {0,3}~~~.*?(?:^ {0,3}~~~[^\n]*$|\Z)", re.S | re.M)),
    ("`", re.compile(r"`[^`\n]+`")),
    ("](", re.compile(r"(?<=\]\()[^()\n]*")),
    ("$", re.compile(r"\$\$[^$]*\$\$|\$[^$\n]+\$")),
    ("\\", re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.S)),
    ("corrector: off", re.compile(r"<!-- corrector: off -->.*?(?:<!-- corrector: on -->|\Z)", re.S)),
    ("<", re.compile(r"</?[A-Za-z!][^<>]*>")),
)


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` with sorted, disjoint half-open ``protected`` spans (code points) that are read but never edited."""

    text: str
    kind: str = "text"
    protected: tuple[tuple[int, int], ...] = ()


def document(text: str, kind: str = "text") -> Document:
    """A document of ``text`` whose protected spans are found by its ``kind``: ``text``, ``markdown`` or ``html``."""
    patterns = [p for mark, p in _EVERYWHERE if mark in text]
    if kind != "text":
        patterns += [p for mark, p in _MARKUP if mark in text]
    return Document(text, kind, disjoint([m.span() for p in patterns for m in p.finditer(text)]))


def disjoint(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """``spans`` sorted, those that overlap or touch made one, empty ones left out."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        elif end > start:
            out.append((start, end))
    return tuple(out)
