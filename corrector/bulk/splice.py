"""JSON edited in place: strings inside a line are replaced, every other byte of it stays as it was.

Writing the parsed value again would change how numbers, spaces and escapes are written, and lose duplicate keys.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring, encode_basestring_ascii

from ..columns import Change, applied

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[][{},:]', re.S)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.S)


def splice(line: str, edits: Mapping[Path, tuple[str, Iterable[Change]]]) -> str:
    """``line``, a JSON text, with the string at each path (whose value is given) changed.

    >>> splice('{"n": 1.0, "t": "科学开展"}', {("t",): ("科学开展", [(2, 4, "发展")])})
    '{"n": 1.0, "t": "科学发展"}'
    """
    found = _found(line, edits)
    spans = found or {p: (start, end) for p, start, end in strings(line) if p in edits}  # of equal keys the last
    pieces: list[str] = []
    position = 0
    for path, (start, end) in sorted(spans.items(), key=lambda item: item[1]):
        text, changes = edits[path]
        token = encode_basestring(applied(text, changes)) if found else _token(line[start:end], text, changes)
        pieces += (line[position:start], token)
        position = end
    pieces.append(line[position:])
    return "".join(pieces)


def _found(line: str, edits: Mapping[Path, tuple[str, Iterable[Change]]]) -> dict[Path, tuple[int, int]] | None:
    """The spans of the strings by their text alone, which is fast; ``None`` when that could be mistaken.

    It cannot where each is found once, and no other string has an escape, so that none can mean the same.
    """
    spans: dict[Path, tuple[int, int]] = {}
    escapes = line.count("\\")
    for path, (text, _) in edits.items():
        token = encode_basestring(text)
        start = line.find(token)
        if start < 0 or line.find(token, start + 1) >= 0:
            return None
        spans[path] = start, start + len(token)
        escapes -= token.count("\\")
    return None if escapes else spans


def strings(line: str) -> Iterator[tuple[Path, int, int]]:
    """The string values of a JSON text, quotes included: path, start, end."""
    path: list[str | int] = []
    key = False  # whether the next string is one
    for token in _TOKEN.finditer(line):
        sign = line[token.start()]
        if sign == '"':
            if key:
                path[-1] = json.loads(token[0])
            else:
                yield tuple(path), token.start(), token.end()
        elif sign in "{[":
            key = sign == "{"
            path.append("" if key else 0)
        elif sign in "]}":
            path.pop()
        elif sign == ":":
            key = False
        else:
            last = path[-1]
            key = isinstance(last, str)
            if isinstance(last, int):
                path[-1] = last + 1


def _token(token: str, text: str, changes: Iterable[Change]) -> str:
    """The string ``token``, which means ``text``, after ``changes``; escapes outside of them as they were."""
    for encode in (encode_basestring, encode_basestring_ascii):
        if encode(text) == token:
            return encode(applied(text, changes))
    plain = not token.isascii()
    means, stands = [0], [1]  # where a stretch without escapes begins: in the text, in the token
    for escape in _ESCAPE.finditer(token):
        means.append(means[-1] + escape.start() - stands[-1] + 1)
        stands.append(escape.end())

    def at(offset: int) -> int:
        i = bisect_right(means, offset) - 1
        return stands[i] + offset - means[i]

    pieces: list[str] = []
    position = 0
    for start, end, replacement in changes:
        written = (encode_basestring if plain else encode_basestring_ascii)(replacement)[1:-1]
        pieces += (token[position : at(start)], written)
        position = at(end)
    pieces.append(token[position:])
    return "".join(pieces)
