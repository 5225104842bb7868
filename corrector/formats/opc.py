"""Office Open XML packages: which part is what, by content type and relationship, never by its name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from .markup import Source, Splice, decode, escaped, spliced, tree
from .packaged import Packaged
from .woven import Change, Paragraph, echo
from .zipped import Package, PackageError

TYPES = "[Content_Types].xml"
DRAWN = ("drawingml.diagramData+xml", "drawingml.diagramDrawing+xml", "drawingml.chart+xml",
         "drawingml.chartshapes+xml")
_NUMBER = re.compile(r"(\d+)")


class OfficePackage(Package):
    """A .docx, .pptx or .xlsx file. ``types`` holds the content type of every member."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        if TYPES not in self:
            raise PackageError("a zip file, but no Office document", "是压缩包，但不是 Office 文档")
        self._by_key = {_key(name): name for name in self.members}
        self.types = self._types()

    def _types(self) -> dict[str, str]:
        defaults, overrides = {}, {}
        for row in self.tree(TYPES):
            value = row.get("ContentType", "")
            if "Extension" in row.attrib:
                defaults[row.attrib["Extension"].lower()] = value
            elif "PartName" in row.attrib:
                overrides[_key(row.attrib["PartName"].lstrip("/"))] = value
        return {n: overrides.get(_key(n)) or defaults.get(n.rpartition(".")[2].lower(), "") for n in self.members}

    def part(self, name: str) -> str:
        """The member called so, in any case and percent-encoded or not; ``name`` itself if there is none."""
        return name if name in self else self._by_key.get(_key(name), name)

    def xml(self, name: str) -> Source:
        """A member that holds XML."""
        return decode(self.read(name), name)

    def tree(self, name: str) -> Element:
        """A member that holds XML, as a tree."""
        return tree(self.read(name), name)

    def of_type(self, *endings: str) -> list[str]:
        """The members whose content type ends so, in the order of the endings, then of their numbers."""
        found = (sorted((n for n, t in self.types.items() if t.endswith(e)), key=_natural) for e in endings)
        return [name for names in found for name in names]

    def relationships(self, part: str) -> dict[str, tuple[str, str]]:
        """By id, the type and target of what ``part`` refers to inside the package; nothing outside is looked at."""
        folder, rels = posixpath.dirname(part), self.part(relationships_of(part))
        if rels not in self:
            return {}
        related = {}
        for row in self.tree(rels):
            if row.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, row.get("Target", ""))).lstrip("/")
                related[row.get("Id", "")] = row.get("Type", ""), self.part(target)
        return related

    def main(self, what: tuple[str, str], *types: str) -> str:
        """The part that the package is about, whose content type ends like one of ``types``.

        Raises :class:`PackageError` for a package that is not ``what`` (in English, and in Chinese).
        """
        named = [target for kind, target in self.relationships("").values() if kind.endswith("/officeDocument")]
        found = next((n for n in named if self.types.get(n, "").endswith(types)), "")
        if not found:
            raise PackageError(f"an Office file, but no {what[0]}", f"是 Office 文件，但不是 {what[1]}")
        return found

    def signed(self) -> bool:
        return bool(self.of_type("digital-signature-xmlsignature+xml"))


class Office(Packaged):
    """A package of Office that was read."""

    __slots__ = ()

    def _splices(self, part: str, changes: list[Change]) -> Iterable[Splice]:
        return _splices(self.sources[part].text, changes)


def gathered(package: OfficePackage, said: Iterable[tuple[str, list[Paragraph]]]) -> list[Paragraph]:
    """All that is ``said`` part by part; a diagram as it was drawn only repeats what its data said."""
    paragraphs: list[Paragraph] = []
    for part, own in said:
        drawn = package.types[part].endswith("drawingml.diagramDrawing+xml")
        paragraphs += echo(paragraphs, own) if drawn else own
    return paragraphs


def relationships_of(part: str) -> str:
    """The member that holds the relationships of ``part``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _key(name: str) -> str:
    """What two names of one part have in common."""
    return unquote(name).lower()


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(x), "") if x.isdigit() else (0, x) for x in _NUMBER.split(name)]


def _splices(source: str, changes: list[Change]) -> Iterator[Splice]:
    """The splices for ``changes``; blanks that come to stand at the end of a text are marked to be kept."""
    by_tag: dict[int, list[Splice]] = {}
    for c in changes:
        by_tag.setdefault(source.rfind("<", 0, c.start), []).append((c.start, c.end, escaped(c.text)))
    for tag, splices in by_tag.items():
        yield from splices
        opening = _TEXT.match(source, tag)
        if opening is None or "preserve" in opening[0]:
            continue
        text = source[opening.end() : source.find("<", opening.end())]
        core = text.strip(" \t\r\n")
        start = opening.end() + text.find(core)
        kept = spliced(core, [(a - start, b - start, new) for a, b, new in splices])
        if kept != kept.strip(" \t\r\n"):
            end = opening.end() + len(text)
            yield opening.end() - 1, opening.end() - 1, ' xml:space="preserve"'
            yield from ((a, b, "") for a, b in ((opening.end(), start), (start + len(core), end)) if a < b)


# Texts of Word and Excel: in those of DrawingML (a:t) blanks are always kept.
_TEXT = re.compile(r"<(?!a:)(?:[^\s<>/:]+:)?t(?=[\s>])[^<>]*>")
