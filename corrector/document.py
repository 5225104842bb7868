"""A document: a text, its kind and the spans in it that nobody may edit.

Formats make documents, the engine reads them. Protected spans are found once, here: URLs, e-mail addresses and file
paths; :mod:`.markdown` finds those of Markdown and HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from .markdown import markup
from .spans import Finder, Span, disjoint, matches

__all__ = ["Document", "Span", "disjoint", "document", "protecting"]

_END = r"\s<>\"，。；、！？）》」』"  # what ends a URL or a path in Chinese prose
_STOP = _END + r"'（《「『“”‘’【】：:*?|()\[\]{},;=…—`$&"  # what no path holds that is told by its extension
_ADDRESS = rf"(?:[^{_END}{{}}]++|\{{[^{_END}{{}}]*+\}})++"  # }} that nothing in it opened is not part of it, as in TeX
_DOMAIN = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
_TOP = ("com|cn|org|net|edu|gov|mil|int|info|biz|io|ai|me|cc|tv|co|dev|app|top|xyz|vip|site|online|tech|club|cloud|wang"
        "|shop|ltd|pro|hk|mo|tw|sg|jp|kr|in|ru|uk|de|fr|eu|us|ca|au")
_DRIVE = re.compile(r":(?:\\|/(?!/))(?<=[A-Za-z]:.)(?<![A-Za-z0-9].:.)")
_NAMES = r"(?:[^\s:*?\"<>|，。；！？（）\\]|（[^\s（）\\]*）)++"  # of folders and files of Windows, without spaces
_ON_DRIVE = re.compile(rf"[A-Za-z]:(?:/[^{_END}]+|\\(?:{_NAMES}(?: {_NAMES})*+\\)*+(?:{_NAMES})?)")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
_LONGEST = 255  # characters of a path
_LONGEST_FIRST = 8  # of its first name when that is Chinese: more are prose that runs into the path
_EXTENSION = re.compile(  # capitals, if not well known, rather begin a sentence after an ASCII full stop: 10mg/L.BA处理
    r"\.(?:[a-z][a-z0-9]{0,4}|7z|PDF|TXT|MD|CSV|HTML?|DOCX?|XLSX?|PPTX?|WPS|OFD|ZIP|RAR|PNG|JPE?G|GIF|MP[34])"
    r"(?![A-Za-z0-9_/\\]|[.-][A-Za-z0-9])")
_LAST_STOP = re.compile(rf".*[{_STOP}]", re.S)
_LAST_CHINESE = re.compile(r".*[^!-~]", re.S)
_SEPARATOR = re.compile(r"[/\\]")
_ROOT = re.compile(r"[/\\][\w.-]+[/\\]", re.ASCII)  # as in 修改/etc/hosts.conf


def _led_by(signs: str, longest: int, pattern: str) -> Finder:
    """Matches of ``pattern``, which begins with a literal, with up to ``longest`` of the ``signs`` that lead to it:
    looked for from the literal back, since any word may be such a run."""
    compiled, last = cache(lambda: re.compile(pattern)), cache(lambda: re.compile(rf".*[^{signs}]", re.S))

    def spans(text: str) -> Iterator[Span]:
        for m in compiled().finditer(text):
            lowest = max(0, m.start() - longest)
            other = last().match(text, lowest, m.start())
            yield other.end() if other else lowest, m.end()

    return spans


def _on_drives(text: str) -> Iterator[Span]:
    """Paths that begin with a drive: in quotes all that is quoted."""
    done = 0
    for m in _DRIVE.finditer(text):
        start = m.start() - 1
        if start < done:
            continue
        quote = _QUOTES.get(text[start - 1 : start])
        closed = text[m.end() : m.end() + _LONGEST].partition("\n")[0].find(quote) if quote else -1
        path = _ON_DRIVE.match(text, start) if closed < 0 else None
        done = path.end() if path else m.end() + max(closed, 0)
        yield start, done


def _files(text: str) -> Iterator[Span]:
    """Paths told by a separator and an ASCII extension; 和/或 and 局部.md are none. Looked for from the extension back:
    no sign says where a Chinese name begins."""
    done = 0
    for m in _EXTENSION.finditer(text):
        lowest = max(done, m.start() - _LONGEST)
        stop = _LAST_STOP.match(text, lowest, m.start())
        start = stop.end() if stop else lowest
        separator = _SEPARATOR.search(text, start, m.start())
        if separator:
            yield _first(text, start, separator.start(), m.start()), m.end()
        done = m.end()


def _first(text: str, start: int, separator: int, end: int) -> int:
    """Where the path begins, from ``start`` to its first ``separator``; its extension begins at ``end``."""
    chinese = _LAST_CHINESE.match(text, start, separator)
    if not chinese or chinese.end() < separator:
        return chinese.end() if chinese else start
    prose = separator - start > _LONGEST_FIRST or _ROOT.match(text, separator, end)
    return separator if prose else start


# A mark that must stand in the text, and what finds the spans: plain prose pays for a substring search only. In the
# patterns the literal comes first and what may not stand before it after it: only then the search skips to the literal.
_EVERYWHERE: tuple[tuple[str, Finder], ...] = (
    ("://", _led_by("A-Za-z0-9+.-", 16, rf"://(?<=[A-Za-z0-9+.-]{{2}}://){_ADDRESS}")),
    ("www.", matches(rf"www\.{_ADDRESS}")),
    ("@", _led_by("A-Za-z0-9_.+-", 64, rf"@(?<=[A-Za-z0-9_.+-]@){_DOMAIN}")),
    ("@", _led_by(r"\w.+-", 64, rf"@(?<=[^\W\x00-\x7f]@){_DOMAIN}")),
    (":\\", _on_drives),
    (":/", _on_drives),
    ("\\", matches(r"\\\\(?<!\\\\\\)[A-Za-z0-9_.-]+\\[^\s:*?\"<>|，。；！？]+")),
    ("\\", _files),
    ("/", matches(r"/(?<![\w/]/)(?:[\w.-]+/)+[\w.-]*", re.ASCII)),
    ("/", matches(rf"/(?<![\w/.~]/)(?:home|Users|usr|var|etc|tmp|opt|mnt|data|root|srv)/{_ADDRESS}", re.ASCII)),
    ("/", matches(rf"\./(?<![\w/.~]\./){_ADDRESS}", re.ASCII)),
    ("/", matches(rf"\.\./(?<![\w/.~]\.\./){_ADDRESS}", re.ASCII)),
    ("/", matches(rf"~/(?<![\w/.~]~/){_ADDRESS}", re.ASCII)),
    ("/", _files),
    ("/", _led_by("A-Za-z0-9.-", 255, rf"\.(?<=[A-Za-z0-9-]\.)(?:{_TOP})(?::\d{{1,5}})?/[^{_END}（：){{}}]+")),
)
# by a sign of the mark: most prose has none of them
_BY_SIGN = {sign: [row for row in _EVERYWHERE if sign in row[0]] for sign in "/@\\."}


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` with sorted, disjoint half-open ``protected`` spans (code points) that are read but never edited."""

    text: str
    kind: str = "text"
    protected: tuple[Span, ...] = ()


def document(text: str, kind: str = "text") -> Document:
    """A document of ``text`` whose protected spans are found by its ``kind``: ``text``, ``markdown`` or ``html``."""
    sources: list[Iterable[Span]] = [find(text) for sign, finders in _BY_SIGN.items() if sign in text
                                     for mark, find in finders if mark in text]
    if kind != "text":
        sources += markup(text, indented=kind == "markdown")
    return Document(text, kind, disjoint(*sources)) if sources else Document(text, kind)


def protecting(document: Document, patterns: Iterable[re.Pattern[str]]) -> Document:
    """``document`` with what the ``patterns`` match protected as well."""
    own = [(m.span() for m in pattern.finditer(document.text)) for pattern in patterns]
    return replace(document, protected=disjoint(document.protected, *own)) if own else document
