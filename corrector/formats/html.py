"""Web pages: what :mod:`.hypertext` reads in them, and edits as splices of the source, be it well-formed or not.

The encoding is the one of the byte order mark, else the one that the page declares, else told from its text. Bytes that
are not valid in it stay as they are; a character that it cannot write becomes a reference (``&#21017;``).
"""

from __future__ import annotations

from .charset import META, XML, declared, exact
from .hypertext import Hypertext
from .markup import Source
from .single import Single
from .text import TextError
from .text import decode as told
from .woven import Paragraph, weave


def read(data: bytes, kind: str) -> Single:
    """The page in ``data``. Raises :class:`FormatError`."""
    source = decode(data, kind == "xhtml")
    paragraphs = Hypertext("the page", source).paragraphs
    _name_lines(source.text, paragraphs)
    return Single(source, weave(paragraphs, kind))


def decode(data: bytes, xml: bool = False) -> Source:
    """The source of the page in ``data``, which is XHTML if ``xml`` or itself says so. Raises :class:`FormatError`."""
    text, encoding, bom = _decoded(data)
    return Source(text, encoding, bom, xml or text.startswith("<?xml"))


def _decoded(data: bytes) -> tuple[str, str, bytes]:
    bom, encoding = declared(data, XML, META)
    text = exact(data[len(bom) :], encoding) if encoding else None
    if text is None:
        try:
            found = told(data)
            return found.text, found.encoding, found.bom
        except TextError:  # a page mostly in the encoding that it declares, with some bytes that are not
            text = exact(data[len(bom) :], encoding, "surrogateescape") if encoding and b"\0" not in data else None
            if text is None:
                raise
    return text, encoding, bom


def _name_lines(source: str, paragraphs: list[Paragraph]) -> None:
    """Names the place of each paragraph by its line, and numbers those of one line."""
    line, at, number = 1, 0, 0
    for paragraph in paragraphs:
        start = next((bit.start for bit in paragraph.bits if bit.start), at)
        passed = source.count("\n", at, start)
        number = 1 if passed else number + 1
        line, at = line + passed, max(at, start)
        paragraph.place, paragraph.number = f"line {line}", number
