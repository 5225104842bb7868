"""Presentations: slide by slide, each with its tables, diagrams, charts, comments and notes; then layouts and masters.

A chart's titles are read; what it repeats of its workbook is not. Of layouts and masters, what all slides show is read:
not the placeholders, whose words only say what to put there.
"""

from __future__ import annotations

from collections.abc import Iterator

from .markup import Grammar, Source
from .opc import DRAWN, Office, OfficePackage, gathered
from .packaged import number
from .story import SLIDE, Story
from .woven import Paragraph, weave

_MAIN = tuple(f"{kind}.main+xml" for kind in (
    "presentationml.presentation", "presentationml.slideshow", "presentationml.template",
    "ms-powerpoint.presentation.macroEnabled", "ms-powerpoint.slideshow.macroEnabled",
    "ms-powerpoint.template.macroEnabled"))
_NOTES = ("presentationml.notesSlide+xml",)
_SAID = (*DRAWN, "presentationml.comments+xml", "ms-powerpoint.comments+xml")
_SHAPES = Grammar({"p": SLIDE}, "p:sp p:ph")
_MASTERS = ("presentationml.slideLayout+xml", "presentationml.slideMaster+xml")


def read(data: bytes, kind: str) -> Office:
    """The presentation in ``data``. Raises :class:`FormatError`."""
    package = OfficePackage(data)
    main = package.main(("presentation", "演示文稿"), *_MAIN)
    sources: dict[str, Source] = {}
    paragraphs = gathered(package, _said(package, main, sources))
    number(paragraphs)
    return Office(package, sources, weave(paragraphs, kind))


def _said(package: OfficePackage, main: str, sources: dict[str, Source]) -> Iterator[tuple[str, list[Paragraph]]]:
    """What each part says, which goes into ``sources``."""
    for part, place in _parts(package, main):
        if part not in sources and part in package:
            source = sources[part] = package.xml(part)
            paragraphs = Story(part, place, source.text).paragraphs
            if package.types[part].endswith(_MASTERS):
                paragraphs = list(_shown(source.text, paragraphs))
            yield part, paragraphs


def _parts(package: OfficePackage, main: str) -> Iterator[tuple[str, str]]:
    """The parts to read in their order, each with the name of its place."""
    related = package.relationships(main)
    slides = [related[i][1] for e in package.tree(main).iter() if e.tag.endswith("}sldId")
              for k, i in e.items() if k.endswith("}id") and i in related]
    for count, slide in enumerate(slides, 1):
        yield slide, f"slide {count}"
        for part in _related(package, slide, *_SAID):
            yield part, f"slide {count}"
            yield from ((drawn, f"slide {count}") for drawn in _related(package, part, *DRAWN))  # over a chart
        for notes in _related(package, slide, *_NOTES):
            yield notes, f"slide {count} notes"
    yield from ((part, part) for part in package.of_type(*_MASTERS))


def _related(package: OfficePackage, part: str, *types: str) -> list[str]:
    """What ``part`` refers to of these content types, in their order."""
    targets = [target for _, target in package.relationships(part).values()]
    return [t for kind in types for t in targets if package.types.get(t, "").endswith(kind)]


def _shown(source: str, paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Those of ``paragraphs`` that stand in no placeholder."""
    shape, holds, hidden = 0, False, []
    for tag in _SHAPES.tags(source):
        if tag.name == "p:ph":
            holds = True
        elif tag.name == "p:sp" and tag.opens:
            shape, holds = tag.start, False
        elif tag.name == "p:sp" and holds:
            hidden.append((shape, tag.end))
    for paragraph in paragraphs:
        at = max((bit.end for bit in paragraph.bits), default=0)
        if not any(a < at < b for a, b in hidden):
            yield paragraph
