"""A unified diff that ``git apply`` and ``patch -p1`` accept."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..edits import apply, at_level
from . import Result

CONTEXT = 3


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """The diff of one file; empty when nothing changed.

    It compares bytes, so that it fits a file of any encoding and line ending. Edits never touch line feeds: line ``i``
    of the one is line ``i`` of the other, and there is nothing to search for.
    """
    old, new = _lines(before), _lines(after)
    if len(old) != len(new):
        raise ValueError("a diff needs the same number of lines on both sides")
    changed = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if not changed:
        return b""
    name = _name(path)
    pieces = [b"--- a/%s\n+++ b/%s\n" % (name, name)]
    for start, end in _hunks(changed, len(old)):
        pieces.append(b"@@ -%s +%s @@\n" % (_range(start, old[start:end]), _range(start, new[start:end])))
        at = start
        while at < end:
            stop = at
            while stop < end and old[stop] != new[stop]:
                stop += 1
            pieces += [_line(b"-", line) for line in old[at:stop]]
            pieces += [_line(b"+", line) for line in new[at:stop]]
            if stop < end:
                pieces.append(_line(b" ", old[stop]))
            at = stop + 1
    return b"".join(pieces)


def _name(path: str) -> bytes:
    """``path`` as the tools expect it: below the folder one stands in, and a tab after a name with spaces."""
    name = os.path.normpath(path).lstrip("/")
    return os.fsencode(name) + (b"\t" if " " in name else b"")


def _lines(data: bytes) -> list[bytes]:
    """Lines split at line feeds only: all other separators are text to ``patch``. The last may be empty: no line."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [*(line + b"\n" for line in lines), last]


def _range(start: int, lines: list[bytes]) -> bytes:
    count = sum(map(bool, lines))
    return b"%d,%d" % (start + bool(count), count)


def _line(sign: bytes, line: bytes) -> bytes:
    if not line:
        return b""
    return sign + line if line.endswith(b"\n") else sign + line + b"\n\\ No newline at end of file\n"


def _hunks(changed: list[int], count: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of lines: the changed ones with their context, near ones together."""
    first = last = changed[0]
    for i in changed[1:]:
        if i - last > 2 * CONTEXT:
            yield max(0, first - CONTEXT), last + CONTEXT + 1
            first = i
        last = i
    yield max(0, first - CONTEXT), min(count, last + CONTEXT + 1)


class Diff:
    """The diff of every file that would change; of a container, the diff of its text."""

    between = b""

    def head(self) -> bytes:
        return b""

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        edits = at_level(result.report.edits, result.level)
        if not edits:
            return b""
        if result.opened.encoding:
            return unified(result.path, result.data, result.opened.write(edits))
        text = result.report.text
        return unified(result.path, text.encode(), apply(text, edits).encode())

    def failed(self, path: str, message: str) -> bytes:
        return b""

    def tail(self, edits: int, status: int, chinese: bool) -> bytes:
        return b""
