"""Workbooks: the texts of cells sheet by sheet, with headers and footers, then comments, text boxes and charts.

A text that several cells share is read once, at the first of them, and is corrected for all. Formulas, their results,
numbers and names are not read. The heads of tables and of pivot tables are read for their context only: formulas refer
to them by their words, and Excel repairs a table whose head says something else than its definition. So is what
formulas and filters know cells by (:mod:`.conditions`), and names where formulas look for cells by them (``INDIRECT``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from html import unescape

from .conditions import Conditions
from .markup import Grammar, Source
from .opc import DRAWN, Office, OfficePackage, gathered
from .packaged import number
from .story import SHEET, Story
from .woven import Bit, Paragraph, weave

_MAIN = tuple(f"{kind}.main+xml" for kind in (
    "spreadsheetml.sheet", "spreadsheetml.template", "ms-excel.sheet.macroEnabled", "ms-excel.template.macroEnabled"))
_STRINGS = "spreadsheetml.sharedStrings+xml"
_SAID = ("spreadsheetml.comments+xml", "ms-excel.threadedcomments+xml", "drawing+xml", *DRAWN)
_NAMING = ("spreadsheetml.table+xml", "spreadsheetml.pivotCacheDefinition+xml")
_MARGINS = {f"x:{which}{where}": where.lower() for which in ("odd", "even", "first") for where in ("Header", "Footer")}
_CELLS = Grammar({"x": SHEET}, " ".join(("x:c x:f x:v x:is", *_MARGINS)))
_ATTRIBUTE = re.compile(r"""\s(r|t)\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(r"<(?:[^\s<>/:]+:)?f\s[^<>]*>")
_SPILLING = re.compile(r"""\st\s*=\s*["'](?:array|dataTable)["']""")
_AREA = re.compile(r"""\sref\s*=\s*["']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?["']""")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_EVERYWHERE = (0, 0, 1 << 30, 1 << 30)
_CODE = re.compile(
    r"""&amp;(?:(?:"|&quot;).*?(?:"|&quot;)|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|(&amp;|[A-Za-z]))""", re.S)
_SECTIONS = {"L", "C", "R"}
_SIGNS = {"&amp;": "&", **dict.fromkeys("PNDTFAZG", "\ufffc")}
_CONDITION = re.compile(r"<(?:[^\s<>/:]+:)?(?:f|formula[12]?|definedName)(?:\s[^<>]*)?>([^<]*)")
_FILTER = re.compile(r"""<(?:[^\s<>/:]+:)?(?:filter|customFilter)\s[^<>]*?val\s*=\s*["']([^"']*)["']""")
_MOST_AREAS = 200  # each cell is looked for in all of them
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read(data: bytes, kind: str) -> Office:
    """The workbook in ``data``. Raises :class:`FormatError`."""
    package = OfficePackage(data)
    main = package.main(("workbook", "工作簿"), *_MAIN)
    sheets = _sheets(package, main)
    parts = [*sheets, *package.of_type(_STRINGS, *_SAID)]
    sources = {part: package.xml(part) for part in parts}
    shared = [p for part in package.of_type(_STRINGS) for p in Story(part, "", sources[part].text).paragraphs]
    cells = list(_cells(sheets, sources, shared))
    known = _known(package, main, [sources[part].text for part in sheets])
    for paragraph in cells:
        paragraph.bits = [_shown(bit, sources[paragraph.part].text) for bit in paragraph.bits]
        known.keep(paragraph)
    others = [(part, Story(part, part, sources[part].text).paragraphs) for part in package.of_type(*_SAID)]
    paragraphs = gathered(package, [(main, cells), *others])
    number(paragraphs)
    return Office(package, sources, weave(paragraphs, kind))


def _sheets(package: OfficePackage, main: str) -> dict[str, str]:
    """The parts that hold sheets of cells, in order, each with the sheet's name."""
    related = package.relationships(main)
    named = ((i, e.get("name", "")) for e in package.tree(main).iter() if e.tag.endswith("}sheet")
             for k, i in e.items() if k.endswith("}id"))
    return {related[i][1]: name for i, name in named if i in related and related[i][1] in package}


def _known(package: OfficePackage, main: str, sheets: list[str]) -> Conditions:
    """What formulas, filters and lists to choose from quote, heads of tables, and names that can be put together."""
    book = package.tree(main)
    formulas = [unescape(text) for sheet in (*sheets, package.xml(main).text) for text in _CONDITION.findall(sheet)]
    names = [unescape(value) for sheet in sheets for value in _FILTER.findall(sheet)]
    for part in package.of_type(*_NAMING):
        for e in package.tree(part).iter():
            if e.tag.endswith(("}tableColumn", "}cacheField")):
                names += (_ESCAPED.sub(lambda m: chr(int(m[1], 16)), e.get(name, ""))
                          for name in ("name", "totalsRowLabel"))
            elif e.tag.endswith(("}filter", "}customFilter")):
                names.append(e.get("val", ""))
    if any("INDIRECT(" in text for text in formulas):
        names += (e.get("name", "") for e in book.iter() if e.tag.endswith(("}sheet", "}definedName")))
    return Conditions(formulas, names)


def _shown(bit: Bit, source: str) -> Bit:
    """``bit`` with a line break where the cell has one."""
    return bit._replace(text="\n") if bit.text == " " and "\n" in source[bit.start : bit.end] else bit


def _cells(sheets: dict[str, str], sources: dict[str, Source], shared: list[Paragraph]) -> Iterator[Paragraph]:
    """What the cells say; each shared text where it is used first."""
    used: set[int] = set()
    for part, name in sheets.items():
        source = sources[part].text
        within = iter(Story(part, "", source).paragraphs if "inlineStr" in source else ())
        spilled = _spilled(source)
        cell, place, kind, value = "", "", "", -1
        for tag in _CELLS.tags(source):
            if tag.name == "x:c" and tag.opens:
                found = dict(_ATTRIBUTE.findall(source, tag.start, tag.end))
                cell, kind = unescape(found.get("r", "")), found.get("t", "")
                place = f"{name}!{cell}"
            elif tag.name == "x:f":
                kind = ""  # what follows is its result
            elif tag.name == "x:is" and tag.opens and (paragraph := next(within, None)) is not None:
                paragraph.place = place
                yield paragraph
            elif tag.name == "x:v" and tag.opens:
                value = tag.end
            elif tag.name == "x:v" and kind == "s":
                if (index := _index(source[value : tag.start])) < len(shared) and index not in used:
                    used.add(index)
                    shared[index].place = place
                    yield shared[index]
            elif tag.name == "x:v" and kind == "str" and not _within(cell, spilled):
                paragraph = Paragraph(part, place, 0)
                paragraph.read(source, value, tag.start)
                yield paragraph
            elif tag.name in _MARGINS:
                if tag.closes and not tag.opens:
                    sections = _margin(Paragraph(part, f"{name} {_MARGINS[tag.name]}", 0), source, value, tag.start)
                    yield from (section for section in sections if section.bits)
                value = tag.end


def _margin(paragraph: Paragraph, source: str, start: int, end: int) -> Iterator[Paragraph]:
    """The sections of a header or footer; codes in it say formats, which divide no word, or what Excel puts there."""
    for code in _CODE.finditer(source, start, end):
        paragraph.read(source, start, code.start())
        if code[1] in _SECTIONS:
            yield paragraph
            paragraph = Paragraph(paragraph.part, paragraph.place, 0)
        elif code[1] in _SIGNS:
            paragraph.add(_SIGNS[code[1]])
        start = code.end()
    paragraph.read(source, start, end)
    yield paragraph


def _spilled(source: str) -> list[tuple[int, int, int, int]]:
    """Where results of formulas stand in other cells, not marked as such: first column and row, last column and row."""
    areas = []
    for formula in _FORMULA.finditer(source):
        if _SPILLING.search(formula[0]):
            found = _AREA.search(formula[0])
            if found is None:
                return [_EVERYWHERE]
            if found[3]:
                areas.append((_column(found[1]), int(found[2]), _column(found[3]), int(found[4])))
    return areas if len(areas) <= _MOST_AREAS else [_EVERYWHERE]


def _within(cell: str, areas: list[tuple[int, int, int, int]]) -> bool:
    """Whether ``cell`` stands in one of ``areas``, or may do so, when it has no name."""
    if not areas:
        return False
    found = _CELL.fullmatch(cell)
    if found is None:
        return True
    column, row = _column(found[1]), int(found[2])
    return any(left <= column <= right and top <= row <= bottom for left, top, right, bottom in areas)


def _column(letters: str) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    return reduce(lambda n, letter: 26 * n + ord(letter) - ord("A") + 1, letters, 0)


def _index(text: str) -> int:
    """The index that a cell refers to its text by; one that no table reaches for what is none."""
    text = text.strip()
    return int(text) if len(text) < 10 and text.isascii() and text.isdecimal() else 1 << 62
