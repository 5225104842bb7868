"""A reader of Word documents that owes nothing to ours: lxml trees, revisions accepted or rejected, characters listed.

It is what the tests of tracked changes believe.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
Tree = Any


def trees(data: bytes) -> dict[str, Tree]:
    """The parts of a document that hold paragraphs of Word."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        found = {n: package.read(n).replace(STRICT[1:-1].encode(), W[1:-1].encode()) for n in package.namelist()
                 if n.startswith("word/") and n.endswith(".xml")}
    parsed = {name: etree.fromstring(text) for name, text in found.items()}
    return {name: tree for name, tree in parsed.items() if tree.find(f".//{W}p") is not None}


def _unwrap(element: Tree) -> None:
    parent, at = element.getparent(), element.getparent().index(element)
    for child in reversed(element):
        parent.insert(at, child)
    parent.remove(element)


def settle(tree: Tree, accept: bool, author: str | None = None) -> None:
    """Accepts or rejects the insertions and deletions, of ``author`` or of all."""
    kept, dropped = ("ins", "del") if accept else ("del", "ins")
    for name, keep in ((kept, True), (dropped, False)):
        for element in list(tree.iter(f"{W}{name}")):
            if author is not None and element.get(f"{W}author") != author:
                continue
            if element.getparent() is None or not len(element):  # the mark of a paragraph or a row
                continue
            if keep:
                _unwrap(element)
            else:
                element.getparent().remove(element)
    if not accept:
        for text in tree.iter(f"{W}delText"):
            if not any(a.tag in (f"{W}del", f"{W}moveFrom") for a in text.iterancestors()):
                text.tag = f"{W}t"


def _form(element: Tree) -> tuple[Any, ...]:
    """What an element says, to compare."""
    return element.tag, tuple(sorted(element.attrib.items())), tuple(map(_form, element))


def characters(tree: Tree) -> list[list[tuple[str, Any]]]:
    """A list a paragraph of its characters, each with the properties of its run."""
    paragraphs = []
    for paragraph in tree.iter(f"{W}p"):
        found: list[tuple[str, Any]] = []
        for run in paragraph.iter(f"{W}r"):
            if next(run.iterancestors(f"{W}p")) is not paragraph:
                continue
            properties = run.find(f"{W}rPr")
            known = _form(properties) if properties is not None else ()
            for child in run:
                if child.tag == f"{W}t":
                    preserved = child.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
                    text = child.text or ""
                    found += [(c, known) for c in (text if preserved else text.strip(" \t\r\n"))]
                elif child.tag not in (f"{W}rPr", f"{W}commentReference"):
                    found.append((child.tag, known))
        paragraphs.append(found)
    return paragraphs


def settled(data: bytes, accept: bool, author: str | None = None) -> dict[str, list[list[tuple[str, Any]]]]:
    """The characters of each part after accepting or rejecting."""
    found = {}
    for name, tree in trees(data).items():
        settle(tree, accept, author)
        found[name] = characters(tree)
    return found
