"""Comments of Word that say why an edit was made. Word has them in the body only, outside text boxes and ruby."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from ..edits import Edit
from .markup import Splice, attribute, escaped, last_child
from .opc import TYPES, relationships_of
from .woven import Change

if TYPE_CHECKING:
    from .docx import Docx
    from .revisions import Revisions

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ID = re.compile(r"""<[^\s<>]*:?comment\s[^<]*?\b(?:\w+:)?id\s*=\s*["'](\d{1,10})["']""")


class Comments:
    """The comments that are added to ``docx``, one an edit, from the author of ``revisions``."""

    def __init__(self, docx: Docx, revisions: Revisions) -> None:
        self._docx, self._revisions = docx, revisions
        self._rows: list[str] = []
        related = docx.package.relationships(docx.main).values()
        self._part = next((t for kind, t in related if kind in (_KIND, _STRICT) and t in docx.sources), "")
        text = docx.sources[self._part].text if self._part else ""
        self._ids = count(max(map(int, _ID.findall(text)), default=-1) + 1)
        self._first: set[Change] = set()  # the first and the last change of each edit that gets a comment
        self._last: set[Change] = set()
        self._numbers: dict[Edit, int] = {}

    def choose(self, changes: Iterable[Change]) -> None:
        """Takes the edits that may have a comment from the ``changes`` of the body, which revisions can mark."""
        story = self._docx.stories[self._docx.main]
        by_edit: dict[Edit, list[Change]] = {}
        runs: dict[Edit, set[int]] = {}
        for change in changes:
            run = story.run(change.start)
            if run is not None and run[0] not in story.older:  # a range may not run from one branch into another
                by_edit.setdefault(change.edit, []).append(change)
                runs.setdefault(change.edit, set()).add(run[0])
        for edit, own in by_edit.items():
            if runs[edit].isdisjoint(story.nested):
                self._first.add(own[0])
                self._last.add(own[-1])

    def before(self, change: Change, prefix: str) -> str:
        """What stands before ``change``: the beginning of a comment's range."""
        if change not in self._first:
            return ""
        edit = change.edit
        number = self._numbers[edit] = next(self._ids)
        author, date = self._revisions.author, self._revisions.date
        said = f"{edit.original}→{edit.replacement}" + (f"：{edit.reason}" if edit.reason else "")
        self._rows.append(
            f'<w:comment xmlns:w="{self._revisions.namespace}" w:id="{number}" w:author="{attribute(author)}" '
            f'w:date="{date}" w:initials="{attribute(author[:1])}">'
            f'<w:p><w:r><w:t xml:space="preserve">{escaped(said)}</w:t></w:r></w:p></w:comment>')
        return self._anchor("commentRangeStart", number, prefix)

    def after(self, change: Change, prefix: str) -> str:
        """What stands after ``change``: the end of a comment's range, and its sign."""
        if change not in self._last:
            return ""
        number = self._numbers[change.edit]
        sign = self._anchor("commentReference", number, prefix)
        return f"{self._anchor('commentRangeEnd', number, prefix)}<{prefix}r>{sign}</{prefix}r>"

    def _anchor(self, name: str, number: int, prefix: str) -> str:
        declared = "" if prefix else f' xmlns:w="{self._revisions.namespace}"'
        return f'<{prefix}{name}{declared} {prefix or "w:"}id="{number}"/>'

    def members(self, splices: dict[str, list[Splice]]) -> dict[str, bytes]:
        """The members that come with the comments; where the part is there already, they join its ``splices``."""
        if not self._rows:
            return {}
        rows, package = "".join(self._rows), self._docx.package
        if self._part:
            splices.setdefault(self._part, []).append(last_child(self._docx.sources[self._part].text, rows))
            return {}
        folder = posixpath.dirname(self._docx.main)
        name = posixpath.join(folder, next(n for n in map("comments{}.xml".format, ("", *range(1, 99)))
                                           if posixpath.join(folder, n) not in package))
        types = package.xml(TYPES)
        override = f'<Override xmlns="{_TYPES}" PartName="/{attribute(name)}" ContentType="{_TYPE}"/>'
        root = f'<w:comments xmlns:w="{self._revisions.namespace}">{rows}</w:comments>'
        return {TYPES: types.written([last_child(types.text, override)]), name: (_HEAD + root).encode(),
                **self._related(posixpath.basename(name))}

    def _related(self, target: str) -> dict[str, bytes]:
        """The member with the relationships of the body, and one more in it, to ``target``."""
        kind = _STRICT if "purl.oclc.org" in self._revisions.namespace else _KIND
        name = self._docx.package.part(relationships_of(self._docx.main))
        if name not in self._docx.package:
            row = f'<Relationship Id="rIdComments" Type="{kind}" Target="{target}"/>'
            return {name: f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{row}</Relationships>'.encode()}
        source = self._docx.package.xml(name)
        own = next(i for i in map("rIdComments{}".format, count(1)) if i not in source.text)
        row = f'<Relationship xmlns="{_RELATIONS}" Id="{own}" Type="{kind}" Target="{target}"/>'
        return {name: source.written([last_child(source.text, row)])}
