"""Markup as source: XML is checked by expat, then read by positions, so that an edit is a splice and no more.

A tree that is parsed and written again loses what no tree holds: quotes, the order and the place of namespaces, blanks
in tags. Here the text stays as it is. In well-formed XML no ``<`` stands in an attribute, so one regular expression
finds every tag; that it is well-formed, and has no entities of its own, :func:`decode` makes sure of.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from . import FormatError
from .charset import XML, declared, exact
from .namespaces import namespaces, prefixes

Splice = tuple[int, int, str]  # source[start:end] becomes this text
_SECTION = "<![CDATA["
_PASSED = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.S)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of some markup, and how to write it back; a byte that is none of its encoding stands as a surrogate.

    In ``xml`` sections of CDATA are text like any other.
    """

    text: str
    encoding: str
    bom: bytes = b""
    xml: bool = False

    def written(self, splices: Iterable[Splice]) -> bytes:
        """The bytes with ``splices`` carried out; a character that the encoding lacks becomes a reference."""
        writable: Iterable[Splice] = ((a, b, new.encode(self.encoding, "xmlcharrefreplace").decode(self.encoding))
                                      for a, b, new in splices)
        if self.xml and _SECTION in self.text:
            writable = _beside_sections(self.text, writable)
        return self.bom + spliced(self.text, writable).encode(self.encoding, "surrogateescape")


def _beside_sections(source: str, splices: Iterable[Splice]) -> Iterator[Splice]:
    """``splices`` that end a section of CDATA before a reference, which would mean its characters there."""
    sections = [m.span() for m in _PASSED.finditer(source) if m[0].startswith(_SECTION)]
    for start, end, new in splices:
        i = bisect_right(sections, (start,)) - 1
        inside = i >= 0 and start < sections[i][1]
        yield start, end, f"]]>{new}{_SECTION}" if inside and "&" in new else new


def decode(data: bytes, name: str, doctype: bool = False) -> Source:
    """The XML in ``data``, well-formed and without entities of its own; raises :class:`FormatError`.

    Office files have no document type; with ``doctype`` one is allowed, and what it refers to is never fetched.
    """
    bom, encoding = declared(data, XML)
    encoding = encoding or "utf-8"
    text = exact(data[len(bom) :], encoding)
    if text is None:
        raise _unreadable(name, f"not valid {encoding}")
    _check(text, name, doctype)
    return Source(text, encoding, bom, xml=True)


def tree(data: bytes, name: str, doctype: bool = False) -> ElementTree.Element:
    """The XML in ``data`` as a tree, for what is only looked up in it; raises :class:`FormatError`."""
    try:
        return ElementTree.fromstring(decode(data, name, doctype).text)
    except ElementTree.ParseError as error:
        raise _unreadable(name, str(error)) from None


def _check(text: str, name: str, doctype: bool) -> None:
    # The encoding is given, since expat knows few and the one declared need not be the one it is checked in.
    parser = expat.ParserCreate("utf-8")

    def refuse(*_: object) -> None:
        raise FormatError(f"{name} defines entities or a document type; refused, since this may be an attack",
                          f"{name} 自定义了实体或文档类型，疑似攻击，不予处理")

    if not doctype:
        parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise _unreadable(name, str(error)) from None


def _unreadable(name: str, why: str) -> FormatError:
    return FormatError(f"{name} cannot be read ({why}); open the file in its program, repair and save it",
                       f"{name} 无法读取（{why}）；请用相应的软件打开、修复并另存")


class Tag(NamedTuple):
    """A tag at ``source[start:end]``, by its canonical ``name``; ``<a/>`` opens and closes.

    A comment or a processing instruction is a tag that neither opens nor closes, called ``!`` and ``?``.
    """

    name: str
    opens: bool
    closes: bool
    start: int
    end: int


class Grammar:
    """Which elements are read: canonical names such as ``w:t``, with the namespaces that each prefix may stand for.

    ``text:*`` are all elements of a namespace.
    """

    def __init__(self, namespaces: Mapping[str, tuple[str, ...]], names: str) -> None:
        self._prefix = {uri: prefix for prefix, uris in namespaces.items() for uri in uris}
        self._names: dict[str, list[str]] = {}
        for name in names.split():
            prefix, _, local = name.partition(":")
            self._names.setdefault(prefix, []).append(local.replace("*", r"[^\s<>/:]+"))

    def tags(self, source: str) -> Iterator[Tag]:
        """The tags of these elements in ``source``, and comments and the like."""
        meant, divided = self._meant(source)
        elements = "|".join(
            re.escape(own + ":" if own else "") + f"(?:{'|'.join(name for p in means for name in self._names[p])})"
            for own, means in meant.items())
        canonical = _Canonical({own: means[0] for own, means in meant.items()})
        found = namespaces(source)
        pattern = re.compile(
            rf"<(?:(/?)({elements or '(?!)'})(?=[\s/>])(?:[^>\"']++|\"[^\"]*\"|'[^']*')*+>"
            r"|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.S)
        for m in pattern.finditer(source):
            slash, raw = m[1], m[2]
            start, end = m.span()
            if raw is not None:
                uri = next((uri for at, uri in found if at == start), "") if divided else ""
                if name := self._name(raw, uri) if divided else canonical[raw]:
                    yield Tag(name, not slash, bool(slash) or source[end - 2] == "/", start, end)
            elif source[start + 1 : start + 3] != "![":
                yield Tag(source[start + 1], False, False, start, end)

    def _meant(self, source: str) -> tuple[dict[str, list[str]], bool]:
        """The prefixes that ``source`` uses for these namespaces, with the canonical ones; if any means more things."""
        meant: dict[str, list[str]] = {}
        others = set()
        for own, uri in prefixes(source):
            if not uri:  # Office takes the default back in some extensions, which say nothing that is read
                continue
            prefix = self._prefix.get(uri)
            if prefix is None or prefix not in self._names:
                others.add(own)
            elif prefix not in meant.setdefault(own, []):
                meant[own].append(prefix)
        return meant, any(own in others or len(means) > 1 for own, means in meant.items())

    def _name(self, raw: str, uri: str) -> str:
        """The canonical name of an element of the namespace ``uri``, ``""`` for one that is not read."""
        prefix, local = self._prefix.get(uri, ""), raw.rpartition(":")[2]
        read = any(re.fullmatch(name, local) for name in self._names.get(prefix, ()))
        return f"{prefix}:{local}" if read else ""


class _Canonical(dict[str, str]):
    """Canonical names of elements by those in the source, whose prefixes are ``meant`` so."""

    def __init__(self, meant: Mapping[str, str]) -> None:
        self._meant = meant

    def __missing__(self, raw: str) -> str:
        own, _, local = raw.rpartition(":")
        name = self[raw] = f"{self._meant[own]}:{local}"
        return name


class Characters(NamedTuple):
    """Some text and where it stands in the source. ``plain``: each character is written as itself."""

    text: str
    start: int
    end: int
    plain: bool


_BLANKS = " \t\r\n"
_LINE_BREAKS = str.maketrans("\r\n", "  ")
_CHARACTERS = re.compile(
    r"[^&<\r\n\ud800-\udfff]+|&[A-Za-z0-9#]{1,40};|[ \t]*[\r\n][ \t\r\n]*|<!\[CDATA\[(?s:.*?)\]\]>"
    r"|<(?:[^>\"']++|\"[^\"]*\"|'[^']*')*+>|[&<]|[\ud800-\udfff]+")


def characters(source: str, start: int, end: int) -> Iterator[Characters]:
    """The character data in ``source[start:end]``. A line break is a blank, as it is to whoever lays the text out."""
    for m in _CHARACTERS.finditer(source, start, end):
        raw = m[0]
        if raw[0] == "&" and len(raw) > 1:
            text = html.unescape(raw)
            yield Characters("\ufffc" if text == raw or text in "\r\n" else text, *m.span(), False)
        elif not raw.strip(_BLANKS) and ("\n" in raw or "\r" in raw):
            yield Characters(" ", *m.span(), False)
        elif "\ud800" <= raw[0] <= "\udfff":  # bytes that are no text
            yield Characters("\ufffc", *m.span(), False)
        elif raw[0] != "<":
            yield Characters(raw, *m.span(), True)
        elif len(text := raw.removeprefix(_SECTION)) < len(raw) and text != "]]>":
            text = text.removesuffix("]]>").translate(_LINE_BREAKS)
            yield Characters(text, m.start() + len(_SECTION), m.end() - len("]]>"), True)


def escaped(text: str) -> str:
    """``text`` as character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """``text`` as it stands between double quotes."""
    return escaped(text).replace('"', "&quot;")


def spliced(source: str, splices: Iterable[Splice]) -> str:
    """``source`` with ``splices``, which must not overlap, carried out; those at one place in the order given."""
    pieces: list[str] = []
    position = 0
    for start, end, text in sorted(splices, key=lambda splice: splice[:2]):
        if start < position:
            raise ValueError(f"splices overlap at {start}")
        pieces += (source[position:start], text)
        position = end
    pieces.append(source[position:])
    return "".join(pieces)


def last_child(source: str, child: str) -> Splice:
    """The splice that puts ``child`` last into the root of ``source``, which may be an empty element."""
    source = source.rstrip()
    while source.endswith(("-->", "?>")):  # after the root
        source = source[: source.rindex("<!--" if source.endswith("-->") else "<?")].rstrip()
    if not source.endswith("/>"):
        end = source.rindex("</")
        return end, end, child
    end = len(source) - len("/>")
    name = source[source.rindex("<") + 1 : end].split()[0]
    return end, end + 2, f">{child}</{name}>"
