"""Word documents: all that a person reads in them as one text, and edits that keep every format.

Content controls may be bound to values that stand elsewhere in the package (the title on a cover is that of the
document): Word shows the value when it opens the document, whatever the control says, so both change alike. It also
takes in web pages that lie in the package (``altChunk``); what programs export often holds nothing else.

Start with :func:`read`. How a part is read stands in :mod:`.story`, how edits find their characters in :mod:`.woven`,
how the package keeps its other bytes in :mod:`.zipped`; tracked changes are written by :mod:`.revisions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..edits import Edit
from . import FormatError
from .html import decode as decode_page
from .hypertext import Hypertext
from .markup import Source
from .opc import DRAWN, Office, OfficePackage, gathered
from .packaged import unsigned
from .story import Story
from .woven import Paragraph, weave

_MAIN = tuple(f"{kind}.main+xml" for kind in ("document", "document.macroEnabled", "template",
                                              "macroEnabledTemplate"))
_WORDS = tuple(f"wordprocessingml.{kind}+xml" for kind in ("footnotes", "endnotes", "header", "footer", "comments"))

_STORES = ("/customXml", "/core-properties", "/extended-properties", "/extendedProperties")
_XHTML = "application/xhtml+xml"
_PAGES = ("text/html", _XHTML, "message/rfc822")
_LEAF = re.compile(">([^<>]+)</")


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
    sources |= _stored(package, main, [control for story in stories.values() for control in story.bound])
    pages = dict(_pages(package, main, sources))
    said = [*((part, story.paragraphs) for part, story in stories.items()), *pages.items()]
    woven = weave(gathered(package, said), kind)
    return Docx(package, sources, woven, main, stories)


def _pages(package: OfficePackage, main: str, sources: dict[str, Source]) -> Iterator[tuple[str, list[Paragraph]]]:
    """What the web pages say that Word takes in when it opens the document; they go into ``sources``.

    An archive of one (.mht) is read as a page: what is encoded in it is no text, and stays.
    """
    for kind, part in package.relationships(main).values():
        if kind.endswith("/aFChunk") and package.types.get(part) in _PAGES:
            with suppress(FormatError):  # what is not read need not be sound
                source = decode_page(package.read(part), package.types[part] == _XHTML)
                paragraphs = Hypertext(part, source).paragraphs
                sources[part] = source
                yield part, paragraphs


def _stored(package: OfficePackage, main: str, bound: Iterable[tuple[Paragraph, int, str]]) -> dict[str, Source]:
    """The parts that hold values of ``bound`` controls; a value becomes a twin of the first control that says it."""
    said = {text: (paragraph, start) for paragraph, start, text in reversed([*bound]) if text.strip()}
    related = [*package.relationships("").values(), *package.relationships(main).values()] if said else []
    sources: dict[str, Source] = {}
    for part in (target for kind, target in related if kind.endswith(_STORES) and target in package):
        with suppress(FormatError):  # what is not read need not be sound
            source = package.xml(part)
            for leaf in _LEAF.finditer(source.text):
                value = Paragraph(part, part, 0)
                value.read(source.text, *leaf.span(1))
                if value.text in said:
                    paragraph, value.offset = said[value.text]
                    paragraph.twins.append(value)
                    sources[part] = source
    return sources
