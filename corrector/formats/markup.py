"""Markup as source: XML is checked by expat, then read by positions, so that an edit is a splice and no more.

A tree that is parsed and written again loses what no tree holds: quotes, the order and the place of namespaces, blanks
in tags. Here the text stays as it is. In well-formed XML no ``<`` stands in an attribute, so one regular expression
finds every tag; that it is well-formed, and has no entities of its own, :func:`decode` makes sure of.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from . import FormatError
from .charset import XML, declared, exact

Splice = tuple[int, int, str]  # source[start:end] becomes this text


@dataclass(frozen=True, slots=True)
class Source:
    """The text of some markup, and how to write it back; a byte that is none of its encoding stands as a surrogate."""

    text: str
    encoding: str
    bom: bytes = b""

    def written(self, splices: Iterable[Splice]) -> bytes:
        """The bytes with ``splices`` carried out; a character that the encoding lacks becomes a reference."""
        writable = ((a, b, new.encode(self.encoding, "xmlcharrefreplace").decode(self.encoding))
                    for a, b, new in splices)
        return self.bom + spliced(self.text, writable).encode(self.encoding, "surrogateescape")


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
    return Source(text, encoding, bom)


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

    A comment, a CDATA section or a processing instruction is a tag that neither opens nor closes, called ``!``,
    ``![`` and ``?``.
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

    def tags(self, source: str, name: str) -> Iterator[Tag]:
        """The tags of these elements in ``source``, and comments and the like. ``name`` is said in errors."""
        meant = self._meant(source, name)
        elements = "|".join(
            re.escape(own + ":" if own else "") + f"(?:{'|'.join(self._names[prefix])})"
            for own, prefix in meant.items())
        canonical = _Canonical(meant)
        pattern = re.compile(
            rf"<(?:(/?)({elements or '(?!)'})(?=[\s/>])(?:[^>\"']++|\"[^\"]*\"|'[^']*')*+>"
            r"|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.S)
        for m in pattern.finditer(source):
            slash, raw = m[1], m[2]
            start, end = m.span()
            if raw is not None:
                yield Tag(canonical[raw], not slash, bool(slash) or source[end - 2] == "/", start, end)
            else:
                yield Tag({"!-": "!", "![": "!["}.get(source[start + 1 : start + 3], "?"), False, False, start, end)

    def _meant(self, source: str, name: str) -> dict[str, str]:
        """The prefixes that ``source`` uses for these namespaces, each with the canonical one."""
        meant: dict[str, str] = {}
        others = set()
        for own, uri in _declared(source):
            if not uri:  # Office takes the default back in some extensions, which say nothing that is read
                continue
            prefix = self._prefix.get(uri)
            if prefix is None or prefix not in self._names or meant.setdefault(own, prefix) != prefix:
                others.add(own)
        if twice := others & meant.keys():
            raise _unreadable(name, f"the prefix {min(twice)!r} has two meanings")
        return meant


class _Canonical(dict[str, str]):
    """Canonical names of elements by those in the source, whose prefixes are ``meant`` so."""

    def __init__(self, meant: Mapping[str, str]) -> None:
        self._meant = meant

    def __missing__(self, raw: str) -> str:
        own, _, local = raw.rpartition(":")
        name = self[raw] = f"{self._meant[own]}:{local}"
        return name


_TAG = re.compile(r"""<[^\s<>/!?](?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>""")
_NAMESPACE = re.compile(r"""\sxmlns(?::([^\s=]+))?\s*=\s*("[^"]*"|'[^']*')""")


def _declared(source: str) -> Iterator[tuple[str, str]]:
    """Every prefix and namespace that a tag declares; the same words in the text say nothing."""
    at = source.find("xmlns")
    while at >= 0:
        tag = _TAG.match(source, source.rfind("<", 0, at))
        if tag is not None and tag.end() > at:
            yield from ((own, uri[1:-1]) for own, uri in _NAMESPACE.findall(tag[0]))
            at = tag.end()
        at = source.find("xmlns", at + 1)


class Characters(NamedTuple):
    """Some text and where it stands in the source. ``plain``: each character is written as itself."""

    text: str
    start: int
    end: int
    plain: bool


_BLANKS = " \t\r\n"
_CHARACTERS = re.compile(
    r"[^&<\r\n\ud800-\udfff]+|&[^;&<\s]{1,40};|[ \t]*[\r\n][ \t\r\n]*"
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
    end = source.rfind("</")
    if end >= 0:
        return end, end, child
    end = source.rindex("/>")
    name = source[source.rindex("<", 0, end) + 1 : end].split()[0]
    return end, end + 2, f">{child}</{name}>"
