"""A unified diff that ``git apply`` and ``patch -p1`` accept."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import click

from ..edits import Edit, apply, at_level
from . import Result, line_starts
from .terminal import coloured, on_terminal, visible

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


def _words(path: str, text: str, edits: Sequence[Edit]) -> Iterator[str]:
    """The diff as a person reads it: what was exchanged stands out in its line."""
    starts = line_starts(text)
    ends = [*(s - 1 for s in starts[1:]), len(text)]
    changed: dict[int, list[Edit]] = {}
    for e in edits:
        changed.setdefault(bisect_right(starts, e.start) - 1, []).append(e)
    name = visible(os.path.normpath(path))
    yield click.style(f"--- a/{name}", bold=True)
    yield click.style(f"+++ b/{name}", bold=True)
    for first, last in _hunks(sorted(changed), len(starts)):
        last -= last == len(starts) and starts[-1] == len(text)  # what follows the last line feed is no line
        yield click.style(f"@@ -{first + 1},{last - first} +{first + 1},{last - first} @@", fg="cyan")
        for i in range(first, last):
            if i not in changed:
                yield " " + visible(text[starts[i] : ends[i]].rstrip("\r"))
                continue
            old, new, at = [click.style("-", fg="red")], [click.style("+", fg="green")], starts[i]
            for e in changed[i]:
                same = visible(text[at : e.start])
                old += (click.style(same, fg="red"), click.style(visible(e.original), fg="red", reverse=True))
                new += (click.style(same, fg="green"), click.style(visible(e.replacement), fg="green", reverse=True))
                at = e.end
            rest = visible(text[at : ends[i]].rstrip("\r"))
            yield "".join((*old, click.style(rest, fg="red")))
            yield "".join((*new, click.style(rest, fg="green")))


class Diff:
    """The diff of every file that would change; of a container, of its text. On a terminal the words are coloured."""

    between = b""

    def head(self, *, chinese: bool) -> bytes:
        return b""

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        edits = at_level(result.report.edits, result.level)
        if not edits:
            return b""
        text = result.report.text
        if coloured():
            return on_terminal(_words(result.path, text, edits))
        if result.opened.encoding:
            return unified(result.path, result.data, result.opened.write(edits))
        return unified(result.path, text.encode(), apply(text, edits).encode())

    def failed(self, path: str, message: str) -> bytes:
        return b""

    def tail(self, edits: int, status: int, chinese: bool) -> bytes:
        return b""
