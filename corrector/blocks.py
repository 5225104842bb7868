"""Blocks of code in Markdown, as CommonMark tells them.

:class:`Blocks` reads lines. A line belongs to the quotes and list items that it goes on (:func:`_kept`) or opens
(:func:`_opened`); what it holds behind their marks decides whether code begins or ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .spans import Span

_LINE = re.compile(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_QUOTE = re.compile(r" {0,3}> ?")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_MARKER = re.compile(r" {0,3}(?:(?P<quote>> ?)|(?P<item>[-+*]|(?P<number>\d{1,9})[.)])(?= |$)"
                     r"|(?P<own>\[\^[^\[\]\s]+\]:|(?:!!!|\?\?\?\+?)(?= |$)))")
_FENCE = re.compile(r" *+(?:(?P<ticks>`{3,}+)[^`]*|(?P<tildes>~{3,}+).*)$")
_FENCE_END = re.compile(r" *+(`{3,}+|~{3,}+) *$")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_UNDERLINE = re.compile(r" {0,3}=+ *$")  # of a heading, if there is one
_ELEMENT = re.compile(r" {0,3}<(!--|script\b|pre\b|style\b|textarea\b)", re.I)
_DEEPEST = 20  # containers that are told apart; no author nests as many, and each costs time at each line
_OWN_WIDTH = 4  # footnotes and the boxes of MkDocs are indented by as much: not in CommonMark, but in many documents
_PROSE = re.compile("[，。；：？！、]")
_CODE = re.compile(r"[\[\]{}=<>;$\\|&#_]|[A-Za-z0-9]\(|\(\)|//|[A-Za-z0-9(:,] ?[\"']")


@dataclass(slots=True)
class Blocks:
    """A pass over the lines of ``text`` from ``at``, and what is open at the present one.

    ``within``: quotes (0) and list items (by how much their lines are indented), the outermost first. ``fence``: the
    one that opened the code that began at ``start``; indented code has none.
    """

    text: str
    at: int
    indented: bool
    within: list[int] = field(default_factory=list)
    paragraph: bool = False
    fence: str = ""
    start: int = -1
    end: int = -1
    missing: set[str] = field(default_factory=set)

    def code(self) -> Iterator[Span]:
        """Fenced and indented code."""
        for m in _LINE.finditer(self.text, self.at):
            if m.start() < self.at:  # in a comment or the like
                continue
            line = m[1].expandtabs(4)
            kept, at = _kept(self.within, line)
            if self.fence and kept == len(self.within):
                self.end = m.end(1)
                if self._closed_by(line, at):
                    yield from self._taken()
                continue
            if self.fence:  # it ends with what it stands in
                yield from self._taken()
            opened, at = _opened(line, at, self.paragraph and kept == len(self.within))
            yield from self._read(m, line, at, self.within[:kept] + opened, bool(opened))
        if self.fence:
            self.end = len(self.text)
        yield from self._taken()

    def _taken(self) -> Iterator[Span]:
        """The code that was open, if any."""
        if self.start >= 0 and (self.fence or _no_prose(self.text[self.start : self.end])):
            yield self.start, self.end
        self.fence, self.start = "", -1

    def _closed_by(self, line: str, at: int) -> bool:
        m = None if _deep(line, at, self.within) else _FENCE_END.match(line, at)
        return m is not None and m[1].startswith(self.fence)

    def _read(self, m: re.Match[str], line: str, at: int, within: list[int], opened: bool) -> Iterator[Span]:
        """Goes on to a line, in no fence, that stands ``within`` these from ``at``."""
        if not line[at:].strip(" "):
            self.within, self.paragraph = within[:_DEEPEST], False
        elif self.indented and _deep(line, at, within) and (opened or not self.paragraph):
            self.within, self.paragraph = within[:_DEEPEST], False
            self.start, self.end = m.start() if self.start < 0 else self.start, m.end(1)
        else:
            yield from self._taken()
            self._read_text(m, line, at, within[:_DEEPEST], opened)

    def _read_text(self, m: re.Match[str], line: str, at: int, within: list[int], opened: bool) -> None:
        fence = None if _deep(line, at, within) else _FENCE.match(line, at)
        element = _ELEMENT.match(line, at)
        ends = _HEADING.match(line, at) or _RULE.match(line, at) or (self.paragraph and _UNDERLINE.match(line, at))
        text = not (fence or element or ends)
        if opened or not (text and self.paragraph):  # else the paragraph goes on, though marks of quotes may lack
            self.within = within
        self.paragraph = text
        if fence:
            self.fence, self.start, self.end = fence["ticks"] or fence["tildes"], m.start(), m.end(1)
        elif element:
            closing = "-->" if element[1] == "!--" else rf"</{element[1].lower()}\s*>"
            self.at = after(closing, self.text, m.start() + 2, self.missing)


def _deep(line: str, at: int, within: list[int]) -> bool:
    """Whether ``line`` is indented as code; never in a list, where authors indent by what they like."""
    return line.startswith("    ", at) and not any(within)


def _kept(within: list[int], line: str) -> tuple[int, int]:
    """How many of the containers ``line`` goes on, and where it does so."""
    at = 0
    for i, width in enumerate(within):
        if width:
            if line.startswith(" " * width, at):
                at += width
            elif line[at:].strip(" "):
                return i, at
        else:
            quote = _QUOTE.match(line, at)
            if quote is None:
                return i, at
            at = quote.end()
    return len(within), at


def _opened(line: str, at: int, interrupts: bool) -> tuple[list[int], int]:
    """The containers that ``line`` opens from ``at``, and where their content begins."""
    found: list[int] = []
    while len(found) < _DEEPEST and (m := _MARKER.match(line, at)) and not _RULE.match(line, at):
        start, at = at, m.end()
        if m["quote"]:
            found.append(0)
            continue
        empty = not line[at:].strip(" ")
        if m["item"] and interrupts and not found and (empty or m["number"] not in (None, "1")):
            return found, start
        spaces = len(line[at : at + 5]) - len(line[at : at + 5].lstrip(" "))
        at += 1 if empty or spaces > 4 else spaces
        found.append(_OWN_WIDTH if m["own"] else at - start)
    return found, at


def _no_prose(code: str) -> bool:
    """Whether indented lines are code, as CommonMark says of all. In Chinese documents they may be paragraphs, which is
    told by Chinese punctuation without signs of code, in all but a few lines."""
    signs = [_CODE.search(line) is not None for line in code.split("\n") if _CODE.search(line) or _PROSE.search(line)]
    return 5 * sum(signs) >= len(signs)


def after(closing: str, text: str, at: int, missing: set[str]) -> int:
    """The end of the next ``closing``, or 0; one that is ``missing`` is not looked for again."""
    m = None if closing in missing else re.compile(closing, re.I).search(text, at)
    if not m:
        missing.add(closing)
    return m.end() if m else 0
