"""Word documents: all that a person reads in them as one text, and edits that keep every format.

Start with :func:`read`. How a part is read stands in :mod:`.story`, how edits find their characters in :mod:`.woven`,
how the package keeps its other bytes in :mod:`.zipped`; tracked changes are written by :mod:`.revisions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..document import Document
from ..edits import Edit
from . import Place
from .markup import Source
from .opc import OfficePackage, changed_parts
from .story import Story
from .woven import Woven, weave
from .zipped import PackageError

_MAIN = tuple(f"{kind}.main+xml" for kind in ("document", "document.macroEnabled", "template",
                                              "macroEnabledTemplate"))
_WORDS = tuple(f"wordprocessingml.{kind}+xml" for kind in ("footnotes", "endnotes", "header", "footer", "comments"))
_DRAWN = ("drawingml.diagramData+xml", "drawingml.diagramDrawing+xml", "drawingml.chart+xml")


@dataclass(frozen=True, slots=True)
class Docx:
    """A Word document that was read: see :class:`corrector.formats.Opened` and :class:`corrector.formats.Tracked`."""

    package: OfficePackage
    main: str
    sources: Mapping[str, Source]
    stories: Mapping[str, Story]
    woven: Woven

    @property
    def document(self) -> Document:
        return self.woven.document

    @property
    def encoding(self) -> str:
        return ""

    @property
    def places(self) -> Sequence[Place]:
        return self.woven.places

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the corrected document. Raises :class:`FormatError` for a signed one."""
        self.package.unsigned()
        return self.package.rewritten(changed_parts(self.sources, self.woven.changes(edits)))

    def write_tracked(self, edits: Sequence[Edit], *, author: str, date: str, comments: bool) -> bytes:
        """The document with ``edits`` as revisions. Raises :class:`FormatError` for a signed one."""
        from .revisions import Revisions

        self.package.unsigned()
        return self.package.rewritten(Revisions(self, author, date, comments).written(edits))


def read(data: bytes, kind: str) -> Docx:
    """The Word document in ``data``. Raises :class:`FormatError`."""
    package = OfficePackage(data)
    main = package.main(*_MAIN)
    if not main:
        raise PackageError("an Office file, but no Word document", "是 Office 文件，但不是 Word 文档")
    parts = [main, *package.of_type(*_WORDS, *_DRAWN)]
    sources = {part: package.xml(part) for part in parts}
    stories = {part: Story(part, part, source.text) for part, source in sources.items()}
    woven = weave((p for story in stories.values() for p in story.paragraphs), kind)
    return Docx(package, main, sources, stories, woven)
