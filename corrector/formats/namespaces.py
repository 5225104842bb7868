"""Namespaces of XML by positions: what the prefixes of its tags stand for, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"""<[^\s<>/!?](?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>""")
_ANY = re.compile(r"""<(?:(/?)([^\s<>/!?]+)(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>"""
                  r"|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)", re.S)
_NAMESPACE = re.compile(r"""\sxmlns(?::([^\s=]+))?\s*=\s*("[^"]*"|'[^']*')""")


def prefixes(source: str) -> Iterator[tuple[str, str]]:
    """Every prefix and namespace that a tag declares; the same words in the text say nothing."""
    at = source.find("xmlns")
    while at >= 0:
        tag = _TAG.match(source, source.rfind("<", 0, at))
        if tag is not None and tag.end() > at:
            yield from _in(tag[0])
            at = tag.end()
        at = source.find("xmlns", at + 1)


def namespaces(source: str) -> Iterator[tuple[int, str]]:
    """Where each tag starts, in order, and the namespace of its element."""
    scopes: list[dict[str, str]] = [{}]
    for m in _ANY.finditer(source):
        slash, name = m[1], m[2]
        if name is None:
            continue
        if not slash:
            scopes.append(scopes[-1] | dict(_in(m[0])) if "xmlns" in m[0] else scopes[-1])
        yield m.start(), scopes[-1].get(name.rpartition(":")[0], "")
        if (slash or m[0].endswith("/>")) and len(scopes) > 1:  # a document type may quote what looks like a tag
            scopes.pop()


def _in(tag: str) -> Iterator[tuple[str, str]]:
    return ((own, uri[1:-1]) for own, uri in _NAMESPACE.findall(tag))
