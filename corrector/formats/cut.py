"""One run of Word cut into runs: what stays, what is deleted, what is inserted, all with its properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..document import Span
from .markup import Splice, escaped, spliced
from .woven import Change

if TYPE_CHECKING:
    from .comments import Comments
    from .revisions import Revisions

_BLANKS = " \t\r\n"
_RUN = re.compile(r"<((?:[^\s<>/:]+:)?)r(?=[\s>])(?:[^<>\"']++|\"[^\"<]*\"|'[^'<]*')*>")
_CHILD = re.compile(r"<(?:(/?)((?:[^\s<>/:!?]+:)?)([^\s<>/:!?]+)(?:[^<>\"']++|\"[^\"<]*\"|'[^'<]*')*>"
                    r"|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.S)


class Cut:
    """The run at ``source[start:end]``; ``insertion`` is where the revision around it opens, or -1.

    ``inside`` are splices for what is nested in it. Inside somebody else's insertion a deletion is nested, as Word does
    it, and what we insert stands beside it: the insertion is closed before ours and opened again behind it.
    """

    def __init__(self, source: str, start: int, end: int, insertion: int, inside: Sequence[Splice]) -> None:
        self._source, self._inside = source, inside
        opening = _RUN.match(source, start)
        if opening is None:
            raise ValueError(f"no run at {start}")
        self._opening, self._prefix = opening[0], opening[1]
        self._children = list(_children(source, opening.end(), source.rindex("<", start, end)))
        self._properties = ""
        if self._children and self._children[0][0] == "rPr":
            _, first, last = self._children.pop(0)
            self._properties = source[first:last]
        self._around = _around(source, insertion, start) if insertion >= 0 else None
        self._out: list[str] = []
        self._kept: list[str] = []  # the content of the run that is being gathered
        self._count = 0

    def written(self, changes: Sequence[Change], revisions: Revisions, notes: Comments) -> str:
        """The runs that take the place of this one, with ``changes`` as ``revisions``."""
        for name, start, end in self._children:
            own = [c for c in changes if start < c.start < end]
            if name == "t" and own:
                self._cut_text(start, end, own, revisions, notes)
            else:
                inside = [(a - start, b - start, new) for a, b, new in self._inside if start <= a < end]
                self._kept.append(spliced(self._source[start:end], inside))
        self._flush(revisions)
        return "".join(self._out)

    def _cut_text(self, start: int, end: int, changes: Sequence[Change], revisions: Revisions,
                  notes: Comments) -> None:
        source, prefix = self._source, self._prefix
        first, last = source.index(">", start) + 1, source.rindex("<", start, end)
        if "preserve" not in source[start:first]:  # blanks at the ends are not shown, and must not appear now
            while source[first] in _BLANKS:
                first += 1
            while source[last - 1] in _BLANKS:
                last -= 1
        at = first
        for change in changes:
            self._keep(source[at : change.start])
            self._flush(revisions)
            self._out.append(notes.before(change, prefix))
            if change.end > change.start:
                run = self._run("delText", source[change.start : change.end], revisions.again(self._properties))
                self._out.append(f"<{prefix}del{revisions.by(prefix)}>{run}</{prefix}del>")
            if change.text:
                run = self._run("t", escaped(change.text), revisions.settled(self._properties))
                inserted = f"<{prefix}ins{revisions.by(prefix)}>{run}</{prefix}ins>"
                if self._around is not None:
                    opening, closing = self._around
                    inserted = closing + inserted + opening
                self._out.append(inserted)
            self._out.append(notes.after(change, prefix))
            at = change.end
        self._keep(source[at:last])

    def _keep(self, text: str) -> None:
        if text:
            self._kept.append(self._text("t", text))

    def _flush(self, revisions: Revisions) -> None:
        if self._kept:
            properties = revisions.again(self._properties) if self._count else self._properties
            self._out.append(f"{self._opening}{properties}{''.join(self._kept)}</{self._prefix}r>")
            self._kept = []
            self._count += 1

    def _run(self, name: str, text: str, properties: str) -> str:
        return f"{self._opening}{properties}{self._text(name, text)}</{self._prefix}r>"

    def _text(self, name: str, text: str) -> str:
        return f'<{self._prefix}{name} xml:space="preserve">{text}</{self._prefix}{name}>'


def texts(source: str, start: int, end: int) -> list[Span]:
    """Where the texts stand that can be cut in the run at ``source[start:end]``."""
    opening = _RUN.match(source, start)
    if opening is None:
        return []
    return [(a, b) for name, a, b in _children(source, opening.end(), source.rindex("<", start, end)) if name == "t"]


def _children(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The elements at the top of ``source[start:end]``: local name, start, end."""
    depth = first = 0
    name = ""
    for m in _CHILD.finditer(source, start, end):
        if m[3] is None:
            continue
        if depth == 0:
            name, first = m[3], m.start()
        if not m[0].endswith("/>"):
            depth += -1 if m[1] else 1
        if depth == 0:
            yield name, first, m.end()


def _around(source: str, insertion: int, run: int) -> tuple[str, str] | None:
    """The tags of the insertion at ``insertion``, if the run at ``run`` stands directly in it."""
    opening = _CHILD.match(source, insertion)
    if opening is None or opening[3] is None:
        return None
    depth = sum(0 if m[0].endswith("/>") else -1 if m[1] else 1
                for m in _CHILD.finditer(source, opening.end(), run) if m[3] is not None)
    return None if depth else (opening[0], f"</{opening[2]}{opening[3]}>")
