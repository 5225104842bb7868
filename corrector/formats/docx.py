"""Word documents: all that a person reads in them as one text, and edits that keep every format.

Start with :func:`read`. How a part is read stands in :mod:`.story`, how edits find their characters in :mod:`.woven`,
how the package keeps its other bytes in :mod:`.zipped`; tracked changes are written by :mod:`.revisions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..edits import Edit
from .opc import DRAWN, Office, OfficePackage, gathered
from .packaged import unsigned
from .story import Story
from .woven import weave

_MAIN = tuple(f"{kind}.main+xml" for kind in ("document", "document.macroEnabled", "template",
                                              "macroEnabledTemplate"))
_WORDS = tuple(f"wordprocessingml.{kind}+xml" for kind in ("footnotes", "endnotes", "header", "footer", "comments"))


@dataclass(frozen=True, slots=True)
class Docx(Office):
    """A Word document that was read: see also :class:`corrector.formats.Tracked`."""

    package: OfficePackage
    main: str
    stories: Mapping[str, Story]

    def markable(self, edits: Sequence[Edit]) -> list[Edit]:
        """Those of ``edits`` that revisions can mark."""
        from .revisions import markable

        return markable(self, edits)

    def write_tracked(self, edits: Sequence[Edit], *, author: str, date: str, comments: bool) -> bytes:
        """The document with ``edits`` as revisions. Raises :class:`FormatError` for a signed one."""
        from .revisions import Revisions

        unsigned(self.package)
        return self.package.rewritten(Revisions(self, author, date, comments).written(edits))


def read(data: bytes, kind: str) -> Docx:
    """The Word document in ``data``. Raises :class:`FormatError`."""
    package = OfficePackage(data)
    main = package.main(("Word document", "Word 文档"), *_MAIN)
    parts = [main, *package.of_type(*_WORDS, *DRAWN)]
    sources = {part: package.xml(part) for part in parts}
    stories = {part: Story(part, part, source.text) for part, source in sources.items()}
    woven = weave(gathered(package, ((part, story.paragraphs) for part, story in stories.items())), kind)
    return Docx(package, sources, woven, main, stories)
