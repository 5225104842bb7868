"""Links of a Markdown document to its own headings: such a link follows when the words of its heading are corrected.

A heading is linked by an id that the renderer makes of its words; those of the usual ones are known here. A heading
with an id of its own (``{#…}``) keeps it, and so do places that a tag names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from ..document import Document
from ..edits import Edit, apply

_HEADING = re.compile(r"^[ \t>]*#{1,6}[ \t]+([^\r\n]+)|^([^\r\n]+)\r?\n[ \t>]*(?:=+|-+)(?=[ \t]*\r?$)", re.M)
_LINK = re.compile(r"""(?:\]\([ \t]*<?|\]:[ \t]*<?|<a\s[^<>]*?href\s*=\s*["']?|\[\[)#([^\s()\[\]<>|"']+)""")
_OWN = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^\s"'<>]+)|\{#([^\s{}]+)""")
_MARKS = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)|<[^<>]*>|\{[.-][^{}]*\}|[*`]|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
_SLUGS: tuple[Callable[[str], str], ...] = (
    lambda words: re.sub(r"[^\w -]", "", words.lower()).replace(" ", "-"),  # GitHub, GitLab, Gitee, Hugo, VS Code
    lambda words: re.sub(r"\s+", "-", re.sub(r"[^\w\s.-]|^[\W\d_]+", "", words.lower())),  # Pandoc
    lambda words: re.sub(r"\s+", "-", words.lower()),  # VuePress, Typora
)


def followed(document: Document, edits: Sequence[Edit]) -> list[Edit]:
    """``edits``, and with them those that keep links to the headings that they change."""
    text = document.text
    links = list(_links(document))
    if not links:
        return list(edits)
    headings = [m.span(m.lastindex or 0) for m in _HEADING.finditer(text) if _protected(document, m.start()) is None]
    headings = [(start, end) for start, end in headings if "{#" not in text[start:end]]
    old = [text[start:end] for start, end in headings]
    new = [apply(text[start:end], _within(edits, start, end)) for start, end in headings]
    ids = {own: own for m in _OWN.finditer(text) for own in m.groups() if own}
    for slug in _SLUGS:
        for before, after in zip(_ids(old, slug), _ids(new, slug), strict=True):
            ids.setdefault(before, after)
    found = list(edits)
    for start, end in links:
        named = unquote(text[start:end])
        if (now := ids.get(named, named)) != named:
            found.append(Edit(start, end, text[start:end], quote(now) if "%" in text[start:end] else now))
    return sorted(found, key=_start)


def _links(document: Document) -> Iterator[tuple[int, int]]:
    """Where the names stand that links give to places of the document itself; no link is one in code."""
    for m in _LINK.finditer(document.text):
        start = _protected(document, m.start(1))
        if start is not None and (start > m.start() or document.text[start : m.end()].lstrip(" \t>")[0] in "[<"):
            yield m.span(1)


def _protected(document: Document, at: int) -> int | None:
    """Where the protected span begins that holds ``at``, if any does."""
    i = bisect_right(document.protected, at, key=lambda span: span[0]) - 1
    return document.protected[i][0] if i >= 0 and at < document.protected[i][1] else None


def _ids(headings: Iterable[str], slug: Callable[[str], str]) -> Iterator[str]:
    """The ids of ``headings``: one that was there already gets a number."""
    seen: Counter[str] = Counter()
    for heading in headings:
        name = slug(_MARKS.sub(r"\1", heading).strip(" \t#"))
        yield f"{name}-{seen[name]}" if seen[name] else name
        seen[name] += 1


def _within(edits: Sequence[Edit], start: int, end: int) -> list[Edit]:
    """Those of ``edits`` that stand in ``[start:end]``, as edits of just that."""
    first, last = (bisect_right(edits, at - 1, key=_start) for at in (start, end))
    return [e._replace(start=e.start - start, end=e.end - start) for e in edits[first:last] if e.end <= end]


def _start(edit: Edit) -> int:
    return edit.start
