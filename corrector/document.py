"""A document: a text, its kind and the spans in it that nobody may edit.

Formats make documents, the engine reads them. Protected spans are found once, here: URLs, e-mail addresses, file paths,
and in Markdown and HTML also code, front matter, LaTeX, tags and what stands between ``<!-- corrector: off -->`` and
``<!-- corrector: on -->``.

Every pattern must take time linear in the text, whatever the text: no scan may start again and again over the same
characters. What opens and closes is therefore paired in one pass (:func:`_paired`), not matched by one expression.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from heapq import merge

Span = tuple[int, int]
_END = r"\s<>\"，。；、！？）》」』"  # what ends a URL or a path in Chinese prose


def _matches(pattern: str, flags: int = 0) -> Callable[[str], Iterator[Span]]:
    compiled = cache(lambda: re.compile(pattern, flags))  # when it is needed: most documents need few
    return lambda text: (m.span() for m in compiled().finditer(text))


def _paired(opening: str, closing: str, *, to_end: bool = False, flags: int = 0) -> Callable[[str], Iterator[Span]]:
    """From each ``opening`` to the next ``closing``; one never closed reaches ``to_end`` of the text, or is none."""
    tokens = cache(lambda: re.compile(f"(?P<opening>{opening})|{closing}", flags))

    def spans(text: str) -> Iterator[Span]:
        start = -1
        for m in tokens().finditer(text):
            if start < 0 and m["opening"] is not None:
                start = m.start()
            elif start >= 0 and m["opening"] is None:
                yield start, m.end()
                start = -1
        if start >= 0 and to_end:
            yield start, len(text)

    return spans


_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})([^\n]*)$", re.M)
_TICKS = re.compile(r"`+|\n[ \t\r]*\n")


def _fences(text: str) -> Iterator[Span]:
    """Fenced code: closed by a fence of the same sign, no shorter and with nothing after it, or by the end."""
    start, fence = -1, ""
    for m in _FENCE.finditer(text):
        sign, after = m[1], m[2]
        if start < 0:
            if sign[0] == "~" or "`" not in after:
                start, fence = m.start(), sign
        elif sign[0] == fence[0] and len(sign) >= len(fence) and not after.strip():
            yield start, m.end()
            start = -1
    if start >= 0:
        yield start, len(text)


def _code_spans(text: str) -> Iterator[Span]:
    """Code spans: from a run of backticks to the next run just as long in the same paragraph."""
    starts, ends = array("q"), array("q")
    for m in _TICKS.finditer(text):
        starts.append(m.start())
        ends.append(m.end())
    partner = array("q", bytes(8 * len(starts)))
    closes: dict[int, int] = {}
    for i in range(len(starts) - 1, -1, -1):
        if text[starts[i]] == "\n":
            closes.clear()
        else:
            length = ends[i] - starts[i]
            partner[i] = closes.get(length, 0)
            closes[length] = i
    i = 0
    while i < len(starts):
        if partner[i]:
            yield starts[i], ends[partner[i]]
            i = partner[i]
        i += 1


# A mark that must stand in the text, and what finds the spans: plain prose pays for a substring search only. In the
# patterns the literal comes first and what may not stand before it after it: only then the search skips to the literal.
_EVERYWHERE: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("://", _matches(rf"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{1,15}}://[^{_END}]+")),
    ("www.", _matches(rf"www\.[^{_END}]+")),
    ("@", _matches(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")),
    ("\\", _matches(r"\b[A-Za-z]:\\[^\s:*?\"<>|，。；！？]+")),
    ("\\", _matches(r"\\\\(?<!\\\\\\)[A-Za-z0-9_.-]+\\[^\s:*?\"<>|，。；！？]+")),
    ("/", _matches(r"/(?<![\w/]/)(?:[\w.-]+/)+[\w.-]*", re.ASCII)),
    ("/", _matches(rf"/(?<![\w/.~]/)(?:home|Users|usr|var|etc|tmp|opt|mnt|data|root|srv)/[^{_END}]+", re.ASCII)),
    ("/", _matches(rf"\./(?<![\w/.~]\./)[^{_END}]+", re.ASCII)),
    ("/", _matches(rf"\.\./(?<![\w/.~]\.\./)[^{_END}]+", re.ASCII)),
    ("/", _matches(rf"~/(?<![\w/.~]~/)[^{_END}]+", re.ASCII)),
)
_MARKUP: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("---", _matches(r"\A---[ \t]*\r?\n.*?\n---[ \t]*\r?(?:\n|\Z)", re.S)),
    ("+++", _matches(r"\A\+\+\+[ \t]*\r?\n.*?\n\+\+\+[ \t]*\r?(?:\n|\Z)", re.S)),
    ("```", _fences),
    ("~~~", _fences),
    ("`", _code_spans),
    ("](", _matches(r"(?<=\]\()[^()\n]*")),
    ("]:", _matches(r"^[ \t>]*\[[^\[\]\n]+\]:[ \t]*[A-Za-z0-9<./#][^\s，。；、]*", re.M)),
    ("$$", _matches(r"\$\$[^$]*\$\$")),
    ("$", _matches(r"(?<![\\$])\$(?![\s$])[^$\n]*(?<![\s\\])\$(?![\d$])")),
    ("\\(", _paired(r"\\\(", r"\\\)")),
    ("\\[", _paired(r"\\\[", r"\\\]")),
    ("\\begin{", _paired(r"\\begin\{(?:equation|align|gather|math|displaymath|eqnarray|multline)\*?\}",
                         r"\\end\{(?:equation|align|gather|math|displaymath|eqnarray|multline)\*?\}")),
    ("<!--", _paired(r"<!--[ \t]*corrector:[ \t]*off[ \t]*-->", r"<!--[ \t]*corrector:[ \t]*on[ \t]*-->", to_end=True)),
    ("<!--", _paired(r"<!--", r"-->")),
    ("<", _paired(r"<(?:script|style|code|pre|kbd|samp|math)\b", r"</(?:script|style|code|pre|kbd|samp|math)\s*>",
                  flags=re.I)),
    ("<", _matches(r"</?[A-Za-z!][^<>]*>")),
)
_MARKS = {mark for mark, _ in _EVERYWHERE}
_MARKS_OF_MARKUP = _MARKS | {mark for mark, _ in _MARKUP}


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` with sorted, disjoint half-open ``protected`` spans (code points) that are read but never edited."""

    text: str
    kind: str = "text"
    protected: tuple[Span, ...] = ()


def document(text: str, kind: str = "text") -> Document:
    """A document of ``text`` whose protected spans are found by its ``kind``: ``text``, ``markdown`` or ``html``."""
    finders = _EVERYWHERE if kind == "text" else _EVERYWHERE + _MARKUP
    marks = {mark for mark in (_MARKS if kind == "text" else _MARKS_OF_MARKUP) if mark[-1] in text and mark in text}
    if not marks:
        return Document(text, kind)
    return Document(text, kind, disjoint(*(find(text) for mark, find in finders if mark in marks)))


def protecting(document: Document, patterns: Iterable[re.Pattern[str]]) -> Document:
    """``document`` with what the ``patterns`` match protected as well."""
    own = [(m.span() for m in pattern.finditer(document.text)) for pattern in patterns]
    return replace(document, protected=disjoint(document.protected, *own)) if own else document


def disjoint(*sources: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of all ``sources``, each sorted: those that overlap or touch made one, empty ones left out.

    >>> disjoint([(0, 2), (7, 9)], [(1, 4), (5, 5)])
    ((0, 4), (7, 9))
    """
    out: list[Span] = []
    for start, end in merge(*sources):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        elif end > start:
            out.append((start, end))
    return tuple(out)
