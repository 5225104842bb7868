"""OpenDocument: texts, spreadsheets and presentations, with the headers and footers in their styles.

Everything stands in paragraphs (``text:p``, ``text:h``) of two members, ``content.xml`` and ``styles.xml``; a flat
document is both in one, and charts are documents in the document. Of their data nothing is read that they repeat of a
sheet. What slides show as their header and footer is declared once, before them. What fields show is read for its
context, and so are results of formulas, heads of pivot tables and what formulas know cells by (:mod:`.conditions`).
Where a cell holds its text as a value too, as pandas writes it, both change alike; one whose value says something else
is only read. A link that names a heading by its words follows it. Not read are deletions of revisions, numbers of
notes, authors and dates of comments, and descriptions of pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from . import FormatError
from .conditions import Conditions
from .markup import Grammar, Source, Splice, Tag, attribute, decode, tree
from .packaged import Packaged, number
from .single import Single
from .woven import Change, Paragraph, weave
from .zipped import Package, PackageError, protected

_FLAT = ("fodt", "fods", "fodp")  # kinds that are no package
_MANIFEST = "META-INF/manifest.xml"
_CHART = ".opendocument.chart"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_GRAMMAR = Grammar(
    {prefix: (f"{_OASIS}{name}:1.0",) for prefix, name in (
        ("text", "text"), ("office", "office"), ("draw", "drawing"), ("table", "table"), ("svg", "svg-compatible"),
        ("presentation", "presentation"), ("meta", "meta"), ("style", "style"), ("form", "form"), ("chart", "chart"))}
    | {"dc": ("http://purl.org/dc/elements/1.1/",), "math": ("http://www.w3.org/1998/Math/MathML",)},
    "text:* office:* draw:* table:* svg:* presentation:* meta:* style:* form:* chart:chart dc:* math:*")
_PARAGRAPHS = {"text:p", "text:h", "text:ruby-text", "presentation:header-decl", "presentation:footer-decl"}
_INLINE = {"text:span", "text:a", "text:meta", "text:ruby", "text:ruby-base", "text:text-input"}
_SIGNS = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_BREAKS = str.maketrans("\n\ufffc", "  ")  # a line break in a text and as it is read in a value
_CELLS = {"table:table-cell", "table:covered-table-cell"}
_HIDDEN = {"text:tracked-changes", "table:tracked-changes"}
_CONDITION = re.compile(r"""\s[^\s<>=:]+:(?:formula|condition)\s*=\s*("[^"]*"|'[^']*')""")
_FILTER = re.compile(r"""<[^\s<>:]+:filter-(?:condition|set-item)\s[^<>]*?:value\s*=\s*("[^"]*"|'[^']*')""")
_COMPUTED = re.compile(r"\s[^\s<>=:]+:formula\s*=")
_VALUE = re.compile(r"""\s[^\s<>=:]+:string-value\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(r"""\s[^\s<>=:]+:(?:source-field-)?name\s*=\s*("[^"]*"|'[^']*')""")
_OUTLINE = re.compile(r"""\s[^\s<>=:]+:href\s*=\s*["']#((?:\d+\.)*)([^"'|]+)\|outline["']""")
_COUNT = re.compile(r"""\s[^\s<>=:]+:c\s*=\s*["'](\d{1,3})["']""")


class OpenDocument(Packaged):
    """An OpenDocument that was read."""

    __slots__ = ()

    def _splices(self, part: str, changes: list[Change]) -> Iterable[Splice]:
        return _splices(changes)


class FlatDocument(Single):
    """An OpenDocument in one piece that was read."""

    __slots__ = ()

    def _splices(self, changes: list[Change]) -> Iterable[Splice]:
        return _splices(changes)


def _splices(changes: list[Change]) -> list[Splice]:
    return [(c.start, c.end, attribute(c.text).replace("'", "&apos;")) for c in changes]  # also in values of cells


def read(data: bytes, kind: str) -> OpenDocument | FlatDocument:
    """The OpenDocument in ``data``. Raises :class:`FormatError`."""
    if kind in _FLAT:
        return _flat(data, kind)
    package = Package(data)
    manifest = package.read(_MANIFEST) if _MANIFEST in package else b"<none/>"
    if b"encryption-data" in manifest:
        raise protected()
    type_ = package.read("mimetype") if "mimetype" in package else b""
    if not type_.startswith(b"application/vnd.oasis.opendocument."):
        raise PackageError("a zip file, but no OpenDocument", "是压缩包，但不是 OpenDocument 文档")
    rows = ({name.rpartition("}")[2]: value for name, value in e.items()}
            for e in tree(manifest, _MANIFEST, doctype=True).iter())
    charts = [row.get("full-path", "") + "content.xml" for row in rows if row.get("media-type", "").endswith(_CHART)]
    others = [part for part in (*charts, "styles.xml") if part in package]
    sources = {part: decode(package.read(part), part) for part in ("content.xml", *others)}
    paragraphs: list[Paragraph] = []
    for part, source in sources.items():
        paragraphs += _Reader(part, source, by_sheet=b"spreadsheet" in type_).paragraphs
    number(paragraphs)
    return OpenDocument(package, sources, weave(paragraphs, kind))


def _flat(data: bytes, kind: str) -> FlatDocument:
    source = decode(data, "the document")
    if f"{_OASIS}office:1.0" not in source.text:
        raise FormatError("XML, but no OpenDocument", "是 XML，但不是 OpenDocument 文档")
    paragraphs = _Reader("the document", source, by_sheet=kind == "fods").paragraphs
    number(paragraphs)
    return FlatDocument(source, weave(paragraphs, kind))


class _Reader:
    """The ``paragraphs`` of one member. In a spreadsheet a place is named by its sheet, on a slide by its number."""

    def __init__(self, part: str, source: Source, by_sheet: bool) -> None:
        self.paragraphs: list[Paragraph] = []
        self._part, self._place, self._source, self._by_sheet = part, part, source.text, by_sheet
        self._open: list[tuple[Paragraph | None, bool]] = [(None, True)]  # where text goes, and whether to edit it
        self._hidden = self._charts = self._slides = 0
        self._heads: list[str] = []
        self._cells: list[tuple[Paragraph | None, int]] = []  # what each open cell has as its value, and where it began
        self._valued: list[tuple[Paragraph, list[Paragraph]]] = []
        self._headings: list[Paragraph] = []
        self._links: list[tuple[Paragraph, ...]] = []  # to headings by their words, with their number and without
        at = 0
        for tag in _GRAMMAR.tags(self._source):
            paragraph, editable = self._open[-1]
            if paragraph is not None and not self._hidden:
                paragraph.read(self._source, at, tag.start, editable)
            at = tag.end
            if tag.opens or tag.closes:
                self._take(tag)
        for paragraph in self.paragraphs:
            paragraph.collapse()
        if by_sheet:
            formulas, filters = (map(_unquoted, pattern.findall(self._source)) for pattern in (_CONDITION, _FILTER))
            known = Conditions(formulas, [*filters, *self._heads])
            for paragraph in self.paragraphs:
                known.keep(paragraph)
        headings = {heading.text: heading for heading in reversed(self._headings)}
        for link in self._links:
            words = next((words for words in link if words.text in headings), None)
            if words is not None:
                headings[words.text].twins.append(words)
        for value, said in self._valued:
            value.collapse()
            text = value.text.translate(_BREAKS)
            same = [paragraph for paragraph in said if paragraph.text.translate(_BREAKS) == text]
            for paragraph in same[:1]:
                paragraph.twins.append(value)
            for paragraph in said if not same else ():
                paragraph.kept = [(0, len(paragraph.text))]

    def _take(self, tag: Tag) -> None:
        name = tag.name
        if name == "chart:chart":
            self._charts += tag.opens - tag.closes
        if name in _HIDDEN or (name == "table:table" and self._by_sheet and self._charts):
            self._hidden += tag.opens - tag.closes
        elif self._hidden:
            return
        elif name in _SIGNS:
            self._take_sign(tag)
        else:
            if tag.opens:
                self._take_place(tag)
                self._open.append(self._inside(tag))
            if tag.closes:
                self._open.pop()
            if name in _CELLS:
                self._take_cell(tag)

    def _take_cell(self, tag: Tag) -> None:
        if tag.opens:
            self._cells.append((self._value(tag), len(self.paragraphs)))
        if tag.closes:
            value, begun = self._cells.pop()
            if value is not None:
                self._valued.append((value, self.paragraphs[begun:]))

    def _value(self, tag: Tag) -> Paragraph | None:
        """The text that a cell has as its value, if any."""
        found = _VALUE.search(self._source, tag.start, tag.end)
        return self._attribute(found.start(1) + 1, found.end(1) - 1) if found else None

    def _attribute(self, start: int, end: int) -> Paragraph:
        value = Paragraph(self._part, self._place, 0)
        value.read(self._source, start, end)
        return value

    def _inside(self, tag: Tag) -> tuple[Paragraph | None, bool]:
        """Where the text in this element goes, and whether it may be edited."""
        paragraph, editable = self._open[-1]
        if tag.name in _PARAGRAPHS:
            paragraph = Paragraph(self._part, self._place, 0)
            self.paragraphs.append(paragraph)
            if tag.name == "text:h":
                self._headings.append(paragraph)
            return paragraph, editable
        if tag.name == "text:a" and (found := _OUTLINE.search(self._source, tag.start, tag.end)):
            self._links.append(tuple(self._attribute(found.start(i), found.end(2)) for i in (1, 2)))
        if tag.name in _INLINE:
            return paragraph, editable
        if tag.name in _CELLS and _COMPUTED.search(self._source, tag.start, tag.end):
            return None, False
        if tag.name.startswith("text:") and tag.name != "text:note":  # a field, or what holds paragraphs
            return paragraph, editable and paragraph is None
        return None, editable

    def _take_sign(self, tag: Tag) -> None:
        paragraph = self._open[-1][0]
        if tag.opens and paragraph is not None:
            count = _COUNT.search(self._source, tag.start, tag.end) if tag.name == "text:s" else None
            paragraph.add(_SIGNS[tag.name] * int(count[1] if count else 1))

    def _take_place(self, tag: Tag) -> None:
        if tag.name == "draw:page":
            self._slides += 1
            self._place = f"slide {self._slides}"
        elif tag.name == "presentation:notes" and self._slides:
            self._place = f"slide {self._slides} notes"
        elif tag.name == "table:data-pilot-field":
            self._heads.append(self._name(tag))
        elif tag.name == "table:table" and self._by_sheet:
            self._place = self._name(tag) or self._part

    def _name(self, tag: Tag) -> str:
        found = _NAME.search(self._source, tag.start, tag.end)
        return _unquoted(found[1]) if found else ""


def _unquoted(value: str) -> str:
    """The text of an attribute's ``value``."""
    return unescape(value[1:-1])
