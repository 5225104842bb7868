"""Electronic books: the chapters in reading order, then tables of contents and pages that only links lead to, then
title and description.

What of these says what a heading says is corrected as the heading is. What is encrypted is not read, but for fonts; a
book with digital rights management is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from . import FormatError
from .html import decode as decode_page
from .hypertext import Hypertext
from .markup import Grammar, Source, decode, tree
from .packaged import Packaged, number
from .woven import Paragraph, echo, weave
from .zipped import Package, PackageError

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "image/svg+xml", "text/html")
_NCX = "application/x-dtbncx+xml"
_UNREAD = 4
_LABELS = Grammar({"ncx": ("http://www.daisy.org/z3986/2005/ncx/",)}, "ncx:text")
_ABOUT = Grammar({"dc": ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/")},
                 "dc:title dc:description")


def read(data: bytes, kind: str) -> Packaged:
    """The book in ``data``. Raises :class:`FormatError`."""
    package = Package(data)
    if _CONTAINER not in package:
        raise PackageError("a zip file, but no book (EPUB)", "是压缩包，但不是 EPUB 电子书")
    _unlocked(package)
    sources: dict[str, Source] = {}
    paragraphs: list[Paragraph] = []
    root = _root(package)
    for item in _items(package, root):
        source = sources[item.part] = _source(package, item)
        said = (_labels(_LABELS, item.part, source.text) if item.type == _NCX else
                Hypertext(item.part, source).paragraphs)
        paragraphs += echo(paragraphs, said) if item.rank else said
    sources[root] = decode(package.read(root), root, doctype=True)
    paragraphs += echo(paragraphs, _labels(_ABOUT, root, sources[root].text))
    number(paragraphs)
    return Packaged(package, sources, weave(paragraphs, kind))


class _Item(NamedTuple):
    """A member of the book, its media type, and when it is read: chapters first, what repeats their headings later.

    Those of one ``rank`` are read by their ``place``.
    """

    part: str
    type: str
    rank: int
    place: int


def _unlocked(package: Package) -> None:
    """Raises :class:`PackageError` for a book that only the publisher's program can read."""
    if _ENCRYPTION in package:
        methods = (e.get("Algorithm") for e in tree(package.read(_ENCRYPTION), _ENCRYPTION).iter()
                   if e.tag.endswith("}EncryptionMethod"))
        if any(method not in _FONTS for method in methods):
            raise PackageError("protected by digital rights management (DRM), so it cannot be read or corrected",
                               "有数字版权保护（DRM），无法读取和改正")


def _root(package: Package) -> str:
    """The member that says what the book is and lists what is in it."""
    return next((e.get("full-path", "") for e in tree(package.read(_CONTAINER), _CONTAINER).iter()
                 if e.tag.endswith("}rootfile")), "")


def _items(package: Package, root: str) -> Iterable[_Item]:
    """What there is to read in the book: the spine, the table of contents, other pages, and its older form."""
    listing = list(tree(package.read(root), root, doctype=True).iter())
    spine = {e.get("idref", ""): place for place, e in enumerate(listing) if e.tag.endswith("}itemref")}
    rows = ((e, spine.get(e.get("id", ""))) for e in listing if e.tag.endswith("}item"))
    found = [_Item(_member(package, root, e.get("href", "")), e.get("media-type", ""), _rank(e, place), place or 0)
             for e, place in rows]
    items: dict[str, _Item] = {}
    for item in sorted(found, key=lambda item: (item.rank, item.place)):
        if item.rank < _UNREAD and item.part in package:
            items.setdefault(item.part, item)
    return items.values()


def _member(package: Package, root: str, href: str) -> str:
    """The member that ``root`` calls ``href``."""
    path = posixpath.join(posixpath.dirname(root), href.partition("#")[0])
    names = [posixpath.normpath(p) for p in (unquote(path), path)]  # some books do not mean it by their %
    return next((name for name in names if name in package), names[0])


def _rank(row: Element, place: int | None) -> int:
    """When the item in a ``row`` of the manifest, which may have a ``place`` in the spine, is read, if it is."""
    type_ = row.get("media-type", "")
    if type_ in _PAGES and "nav" in row.get("properties", "").split():
        return 1
    if type_ in _PAGES and place is not None:
        return 0
    return 2 if "html" in type_ else 3 if type_ == _NCX else _UNREAD


def _source(package: Package, item: _Item) -> Source:
    data = package.read(item.part)
    if item.type == _NCX:
        return decode(data, item.part, doctype=True)
    try:
        return decode_page(data, "xml" in item.type)
    except FormatError as error:
        raise FormatError(f"{item.part}: {error}", f"{item.part}：{error.chinese}") from None


def _labels(grammar: Grammar, part: str, source: str) -> list[Paragraph]:
    """The texts in the elements of ``grammar``: titles of a table of contents of the older form, or of the book."""
    labels: list[Paragraph] = []
    start = -1
    for tag in grammar.tags(source):
        if tag.opens and not tag.closes:
            start = tag.end
        elif tag.closes and not tag.opens and start >= 0:
            labels.append(Paragraph(part, part, 0))
            labels[-1].read(source, start, tag.start)
            labels[-1].collapse()
            start = -1
    return labels
