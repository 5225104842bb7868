"""Web pages: what :mod:`.hypertext` reads in them, and edits as splices of the source, be it well-formed or not.

The encoding is the one of the byte order mark, else the one that the page declares, else told from its text. Bytes that
are not valid in it stay as they are; a character that it cannot write becomes a reference (``&#21017;``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Document
from ..edits import Edit
from . import Place
from .charset import META, XML, declared, exact
from .hypertext import Hypertext
from .markup import Source
from .text import TextError
from .text import decode as told
from .woven import Paragraph, Woven, splices, weave


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: see :class:`corrector.formats.Opened`. Its places are named by the lines of the source."""

    source: Source
    woven: Woven

    @property
    def document(self) -> Document:
        return self.woven.document

    @property
    def encoding(self) -> str:
        return self.source.encoding

    @property
    def places(self) -> Sequence[Place]:
        return self.woven.places

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the corrected page."""
        return self.source.written(splices(self.woven.changes(edits)))


def read(data: bytes, kind: str) -> Page:
    """The page in ``data``. Raises :class:`FormatError`."""
    source = decode(data)
    xml = kind == "xhtml" or source.text.startswith("<?xml")
    paragraphs = Hypertext("the page", source.text, xml).paragraphs
    _name_lines(source.text, paragraphs)
    return Page(source, weave(paragraphs, kind))


def decode(data: bytes) -> Source:
    """The source of the page in ``data``. Raises :class:`FormatError`."""
    bom, encoding = declared(data, XML, META)
    text = exact(data[len(bom) :], encoding) if encoding else None
    if text is None:
        try:
            found = told(data)
            return Source(found.text, found.encoding, found.bom)
        except TextError:  # a page mostly in the encoding that it declares, with some bytes that are not
            text = exact(data[len(bom) :], encoding, "surrogateescape") if encoding and b"\0" not in data else None
            if text is None:
                raise
    return Source(text, encoding, bom)


def _name_lines(source: str, paragraphs: list[Paragraph]) -> None:
    """Names the place of each paragraph by its line, and numbers those of one line."""
    line, at, number = 1, 0, 0
    for paragraph in paragraphs:
        start = next((bit.start for bit in paragraph.bits if bit.start), at)
        passed = source.count("\n", at, start)
        number = 1 if passed else number + 1
        line, at = line + passed, max(at, start)
        paragraph.place, paragraph.number = f"line {line}", number
