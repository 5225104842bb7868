"""Tracked changes of Word: edits as ``w:del`` and ``w:ins``, for the reader to accept or to reject.

A run in which something changes is cut (:mod:`.cut`) into runs with the same properties: what stays, what is deleted,
what is inserted, and so on. Rejecting all gives the text and the formats of before, accepting all those of a plain
``fix``. Texts in charts and drawings have no revisions, so they are left alone here: :func:`markable` tells which edits
are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from ..document import Span
from ..edits import Edit
from .comments import Comments
from .cut import Cut, texts
from .markup import Splice, attribute
from .story import WORD
from .woven import Change, by_part

if TYPE_CHECKING:
    from .docx import Docx

_ID = re.compile(r"""\s(?:[^\s<>=:/]+:)?id\s*=\s*["'](\d{1,10})["']""")
_FORMAT_CHANGE = re.compile(r"<((?:[^\s<>/:]+:)?rPrChange)\b.*?</\1\s*>", re.S)


def markable(docx: Docx, edits: Sequence[Edit]) -> list[Edit]:
    """Those of ``edits`` that revisions can mark: all that they change are texts of runs."""
    known: dict[tuple[str, int], list[Span]] = {}
    lost: set[Edit] = set()
    for change in docx.woven.changes(edits, whole=True):
        story = docx.stories.get(change.part)  # none of a value that a control is bound to
        run = story.run(change.start) if story else None
        if run is not None and (key := (change.part, run[0])) not in known:
            known[key] = texts(docx.sources[change.part].text, *run)
        if run is None or not any(_divisible(docx.sources[change.part].text, start, end, change.start)
                                  for start, end in known[change.part, run[0]]):
            lost.add(change.edit)
    return [edit for edit in edits if edit not in lost]


def _divisible(source: str, start: int, end: int, at: int) -> bool:
    """Whether the text at ``source[start:end]`` may be cut at ``at``: it stands there, and no section of CDATA does."""
    section = source.rfind("<![CDATA[", start, at) if start < at < end else -1
    return start < at < end and (section < 0 or source.find("]]>", section, end) < at)


@dataclass
class Revisions:
    """The revisions of one document, by one ``author`` at one ``date`` (ISO 8601), with ``comments`` or without."""

    docx: Docx
    author: str
    date: str
    comments: bool
    _ids: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        used = (int(i) for source in self.docx.sources.values() for i in _ID.findall(source.text))
        self._ids = count(max((i for i in used if i < 1 << 30), default=0) + 1)

    def written(self, edits: Sequence[Edit]) -> dict[str, bytes]:
        """The new bytes of each member that changes or is added; only what is :func:`markable` is written."""
        docx = self.docx
        changed = by_part(docx.woven.changes(markable(docx, edits), whole=True))
        notes = Comments(docx, self)
        if self.comments:
            notes.choose(changed.get(docx.main, ()))
        splices = {part: self._part(part, changes, notes) for part, changes in changed.items()}
        members = notes.members(splices)
        return members | {part: docx.sources[part].written(rows) for part, rows in splices.items()}

    def _part(self, part: str, changes: list[Change], notes: Comments) -> list[Splice]:
        """The splices for one part: one for each run that is touched. A text box stands in a run, in one splice."""
        source, story = self.docx.sources[part].text, self.docx.stories[part]
        by_run: dict[tuple[int, int], list[Change]] = {}
        for change in changes:
            if (run := story.run(change.start)) is not None:
                by_run.setdefault(run, []).append(change)
        done: list[Splice] = []
        for (start, end), own in sorted(by_run.items(), key=lambda item: item[0][1]):  # inner ones end before outer
            inside = []
            while done and done[-1][0] > start:
                inside.append(done.pop())
            cut = Cut(source, start, end, story.inserted.get(start, -1), inside)
            done.append((start, end, cut.written(sorted(own, key=lambda c: c.start), self, notes)))
        return done

    def by(self, prefix: str) -> str:
        """The attributes of a new revision: its number, its author, its date."""
        own = prefix or "w:"
        declared = "" if prefix else f' xmlns:w="{self.namespace}"'  # attributes have no default namespace
        return (f'{declared} {own}id="{next(self._ids)}" {own}author="{attribute(self.author)}" '
                f'{own}date="{self.date}"')

    @property
    def namespace(self) -> str:
        """The one of the two namespaces of Word in which this document is written."""
        return next((uri for uri in WORD if uri in self.docx.sources[self.docx.main].text), WORD[0])

    def again(self, properties: str) -> str:
        """Run properties for another run: a change of format noted in them is another revision there."""
        return _FORMAT_CHANGE.sub(lambda m: _ID.sub(f' {_prefix(m[1])}id="{next(self._ids)}"', m[0], count=1),
                                  properties)

    def settled(self, properties: str) -> str:
        """Run properties without a change of format noted in them, for text that is new."""
        return _FORMAT_CHANGE.sub("", properties)


def _prefix(name: str) -> str:
    return name[: name.rfind(":") + 1] or "w:"
