"""What nobody may edit in Markdown, and in the HTML that stands in it.

Read :func:`markup` first. As CommonMark does, it looks for blocks of code before it reads what stands in the lines, and
there for code, comments and tags in one pass from left to right: what comes first wins. What was found is blanked
before formulas and links are looked for, so that a mark that is only spoken of, as ```` `<!--` ````, opens nothing.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from heapq import merge

from .blocks import Blocks, after
from .spans import Finder, Span, matches, paired

_FRONT = (
    ("---", re.compile(r"---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.S)),
    ("+++", re.compile(r"\+\+\+[ \t]*\r?\n.*?\n\+\+\+[ \t]*\r?(?:\n|\Z)", re.S)),
)
_MATHS = r"\{(?:equation|align|gather|math|displaymath|eqnarray|multline)\*?\}"
_TITLE = r"(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))"
# A destination has no spaces, but neither has a Chinese sentence: one that is not all ASCII has to look like a path.
_DESTINATION = (r"(?:<[^<>\n]*>|[!-;=?-~]++(?=\s|\Z)|(?:[./#]|[A-Za-z][A-Za-z0-9_.+-]*[:/])[^\s，。；、！？]*"
                r"|(?=[^\s，。；、：！？]++(?:\s|\Z))\S*\.(?:[A-Za-z][A-Za-z0-9]{0,4}|7z)(?:[?#]\S*)?(?=\s|\Z))")
_BRACKETED = re.compile(r"\[([^\[\]\n]+)\]")


@cache
def _definition() -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]*\[(?!\^)([^\[\]\n]+)\]:[ \t]*{_DESTINATION}(?=(?:[ \t]+{_TITLE})?[ \t]*\r?$)", re.M)


def _references(text: str) -> Iterator[Span]:
    """Definitions of links, and the labels that name them: with another label a link is none."""
    found = list(_definition().finditer(text))
    labels = {_label(m[1]) for m in found}
    named = (m.span(1) for m in _BRACKETED.finditer(text) if _label(m[1]) in labels) if labels else ()
    return merge((m.span() for m in found), named)


def _label(words: str) -> str:
    return " ".join(words.split()).casefold()


# A mark that must stand in the text, and what finds the spans, as in document.py.
_INLINE: tuple[tuple[str, Finder], ...] = (
    ("](", matches(r"\]\(([ \t]*(?:<[^<>\n]*>)?+(?:[^()\n]++|\((?:[^()\n]++|\([^()\n]*+\))*+\))*+)", group=1)),
    ("]:", _references),
    ("[[", matches(r"\[\[([^\[\]|\n]++)(?=\]\]|\|)", group=1)),  # of a wiki
    ("[^", matches(r"\[\^[!-Z_-~]*+[^\x00-\x7f\[\]\s][^\[\]\s]*\]")),
    ("{#", matches(r"\{#[^{}\n]*\}")),
    ("$$", matches(r"\$\$[^$]*\$\$")),
    ("$", matches(r"(?<![\\$])\$(?![\s$])[^$\n]*(?<![\s\\])\$(?![\d$])")),
    ("\\(", paired(r"\\\(", r"\\\)")),
    ("\\[", paired(r"\\\[", r"\\\]")),
    ("\\begin{", paired(rf"\\begin{_MATHS}", rf"\\end{_MATHS}")),
)


def markup(text: str, *, indented: bool) -> list[Iterable[Span]]:
    """Sources of spans that are no prose; ``indented``: code may be told by its indentation, as in no web page."""
    front = [(0, m.end()) for mark, pattern in _FRONT if text.startswith(mark) and (m := pattern.match(text))]
    blocks = front
    if "```" in text or "~~~" in text or (indented and ("    " in text or "\t" in text)):
        blocks = front + list(Blocks(text, front[0][1] if front else 0, indented).code())
    rest = _blanked(text, blocks, "\n")  # ends paragraphs
    inline: list[Span] = []
    off: list[Span] = []
    if "`" in rest or "<" in rest:
        inline = list(_code_and_tags(rest))
        off = list(_switched_off(rest, inline))
        rest = _blanked(rest, inline, "`")  # means nothing to the patterns
    return [blocks, inline, off, *(find(rest) for mark, find in _INLINE if mark in rest)]


def _blanked(text: str, spans: Iterable[Span], sign: str) -> str:
    """``text`` with ``sign`` for each character in ``spans``, which are sorted."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], sign * (end - start)]
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


_TICKS = re.compile(r"`+|\n[ \t>\r]*(?:\n|(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t])")
_TOKEN = re.compile(r"`+|<(?=[/!A-Za-z])")
_TAG = re.compile(r"</?+(?P<name>!?[A-Za-z]++)(?:(?:[^<>=\"']|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>|[^<>]*+>)")
_RAW = {"script", "style", "code", "pre", "kbd", "samp", "math"}
_OFF = re.compile(r"<!--[ \t]*corrector:[ \t]*(off|on)[ \t]*-->")


def _code_and_tags(text: str) -> Iterator[Span]:
    """Code spans, comments, tags, and the elements that hold no prose."""
    spans, missing, at = _code_spans(text), set[str](), 0
    while token := _TOKEN.search(text, at):
        start, at = token.span()
        if token[0] != "<":
            end = spans.get(start, 0)
        elif text.startswith("<!--", start):
            end = after(r"-->", text, start + 2, missing)
        else:
            end = _element_end(text, start, missing)
        if end:
            yield start, end
            at = end


def _code_spans(text: str) -> dict[int, int]:
    """Where each run of backticks is closed: by the next run just as long in the same paragraph."""
    starts, ends = array("q"), array("q")
    for m in _TICKS.finditer(text):
        starts.append(m.start())
        ends.append(m.end())
    spans: dict[int, int] = {}
    closes: dict[int, int] = {}
    for start, end in zip(reversed(starts), reversed(ends), strict=True):
        if text[start] == "\n":
            closes.clear()
            continue
        if end - start in closes and not _escaped(text, start):
            spans[start] = closes[end - start]
        closes[end - start] = end
    return spans


def _escaped(text: str, at: int) -> bool:
    return text[at - 1 : at] == "\\" and text[max(at - 2, 0) : at - 1] != "\\"


def _element_end(text: str, start: int, missing: set[str]) -> int:
    """The end of the tag at ``start``, or of its element if that holds no prose; 0 if it is no tag."""
    tag = _TAG.match(text, start)
    if not tag:
        return 0
    name = tag["name"].lower()
    closing = name in _RAW and text[start + 1] != "/" and after(rf"</{name}\s*>", text, tag.end(), missing)
    return closing or tag.end()


def _switched_off(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """From each comment among ``spans`` that says ``off`` to the next that says ``on``, or to the end."""
    start = -1
    for a, b in spans:
        m = _OFF.fullmatch(text, a, b) if text.startswith("<!--", a) else None
        if m and m[1] == "off" and start < 0:
            start = a
        elif m and m[1] == "on" and start >= 0:
            yield start, b
            start = -1
    if start >= 0:
        yield start, len(text)
