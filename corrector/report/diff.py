"""A unified diff that ``git apply`` and ``patch -p1`` accept."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ..edits import Edit, apply, at_level
from ..lines import Lines
from . import Output, Result
from .terminal import coloured, on_terminal, visible

CONTEXT = 3


class Block(NamedTuple):
    """Lines ``[start:end]`` of the old file, in whose place stand ``[to:to_end]`` of the new one."""

    start: int
    end: int
    to: int
    to_end: int


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """The diff of one file; empty when nothing changed.

    It compares bytes, so that it fits a file of any encoding and line ending.
    """
    old, new = _lines(before), _lines(after)
    blocks = list(_blocks(old, new))
    if not blocks:
        return b""
    pieces = [b"--- %s\n+++ %s\n" % (_name("a", path), _name("b", path))]
    for hunk in _hunks(blocks):
        start, end = max(0, hunk[0].start - CONTEXT), min(len(old), hunk[-1].end + CONTEXT)
        to, to_end = _beside(hunk, start, end)
        pieces.append(b"@@ -%s +%s @@\n" % (_range(start, end), _range(to, to_end)))
        for block in hunk:
            pieces += [_line(b" ", line) for line in old[start : block.start]]
            pieces += [_line(b"-", line) for line in old[block.start : block.end]]
            pieces += [_line(b"+", line) for line in new[block.to : block.to_end]]
            start = block.end
        pieces += [_line(b" ", line) for line in old[start:end]]
    return b"".join(pieces)


def _name(side: str, path: str) -> bytes:
    """``path`` as the tools expect it: from the folder one stands in, or from the root for what is not below it.

    A tab follows a name with spaces; what would break the line is written as Git does.
    """
    full = Path(os.path.abspath(path))
    below = full.relative_to(Path.cwd() if full.is_relative_to(Path.cwd()) else full.anchor).as_posix()
    name = os.fsencode(f"{side}/{below}")
    if re.search(rb'[\0-\x1f\x7f"\\]', name):
        return b'"%s"' % re.sub(rb'[\0-\x1f\x7f"\\]', _escaped, name)
    return name + (b"\t" if b" " in name else b"")


def _escaped(byte: re.Match[bytes]) -> bytes:
    return b"\\" + byte[0] if byte[0] in b'"\\' else b"\\%03o" % ord(byte[0])


def _lines(data: bytes) -> list[bytes]:
    """Lines split at line feeds only: all other separators are text to ``patch``. The last may have no line feed."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + [last] * bool(last)


def _blocks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Block]:
    """What changed, in order. Lines that stand once on both sides show what belongs together."""
    at = to = 0
    for i, j in (*_anchors(old, new), (len(old), len(new))):
        if (i, j) != (at, to):
            yield from _between(old, new, Block(at, i, to, j))
        at, to = i + 1, j + 1


def _anchors(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    several = {line for side in (old, new) for line, count in Counter(side).items() if count > 1}
    places = {line: j for j, line in enumerate(new)}
    last = -1
    for i, line in enumerate(old):
        j = places.get(line, -1)
        if j > last and line not in several:
            yield i, j
            last = j


def _between(old: Sequence[bytes], new: Sequence[bytes], all_: Block) -> Iterator[Block]:
    """The changed lines of ``all_``: one by one where both sides have as many, else all but equal ends."""
    start, end, to, to_end = all_
    while start < end and to < to_end and old[start] == new[to]:
        start, to = start + 1, to + 1
    while start < end and to < to_end and old[end - 1] == new[to_end - 1]:
        end, to_end = end - 1, to_end - 1
    if end - start != to_end - to:
        yield Block(start, end, to, to_end)
        return
    shift, first = to - start, start
    for i in range(start, end + 1):
        if i == end or old[i] == new[i + shift]:
            if first < i:
                yield Block(first, i, first + shift, i + shift)
            first = i + 1


def _beside(hunk: Sequence[Block], start: int, end: int) -> tuple[int, int]:
    """The lines of the new file that stand in a hunk beside ``[start:end]`` of the old one."""
    return hunk[0].to - hunk[0].start + start, hunk[-1].to_end - hunk[-1].end + end


def _range(start: int, end: int) -> bytes:
    return b"%d,%d" % (start + (start < end), end - start)


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else sign + line + b"\n\\ No newline at end of file\n"


def _hunks(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The blocks that are shown together, as their contexts meet."""
    hunk: list[Block] = []
    for block in blocks:
        if hunk and block.start - hunk[-1].end > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _words(path: str, text: str, edits: Sequence[Edit]) -> Iterator[str]:
    """The diff as a person reads it: what was exchanged stands out in its line."""
    starts = Lines(text).starts
    ends = [*starts[1:], len(text)]
    name = visible(os.path.normpath(path))
    yield click.style(f"--- a/{name}", bold=True)
    yield click.style(f"+++ b/{name}", bold=True)
    changed = dict(_changed(starts, edits))

    def same(first: int, last: int) -> Iterator[str]:
        yield from (" " + visible(text[starts[i] : ends[i]].rstrip("\r\n")) for i in range(first, last))

    for hunk in _hunks(changed):
        at, end = max(0, hunk[0].start - CONTEXT), min(len(starts), hunk[-1].end + CONTEXT)
        end -= end == len(starts) and starts[-1] == len(text)  # what follows the last line feed is no line
        to, to_end = _beside(hunk, at, end)
        yield click.style(f"@@ -{at + 1},{end - at} +{to + 1},{to_end - to} @@", fg="cyan")
        for block in hunk:
            yield from same(at, block.start)
            at = block.end
            yield from _exchanged(text, starts[block.start], ends[at - 1], changed[block])
        yield from same(at, end)


def _changed(starts: Sequence[int], edits: Sequence[Edit]) -> Iterable[tuple[Block, list[Edit]]]:
    """The lines that edits touch, with those edits."""
    changed: list[tuple[Block, list[Edit]]] = []
    shift = 0
    for e in edits:
        start, end = bisect_right(starts, e.start) - 1, bisect_right(starts, e.end)
        together = bool(changed) and start < changed[-1][0].end
        block, here = changed.pop() if together else (Block(start, end, start + shift, end), [])
        here.append(e)
        shift += e.replacement.count("\n") - e.original.count("\n")
        end = max(end, block.end)
        changed.append((block._replace(end=end, to_end=end + shift), here))
    return changed


def _exchanged(text: str, start: int, end: int, edits: Sequence[Edit]) -> Iterator[str]:
    """The lines ``text[start:end]`` as they were, and as the edits make them."""
    old, new = list[str](), list[str]()
    for e in edits:
        old += (text[start : e.start], e.original)
        new += (text[start : e.start], e.replacement)
        start = e.end
    rest = text[start:end].rstrip("\r\n")
    yield from _side("-", "red", [*old, rest])
    yield from _side("+", "green", [*new, rest])


def _side(sign: str, colour: str, pieces: Sequence[str]) -> Iterator[str]:
    """The lines of one side; every second piece is what was exchanged."""
    line = click.style(sign, fg=colour)
    for i, piece in enumerate(pieces):
        row, *rows = (visible(row) for row in re.split("\r?\n", piece))
        line += click.style(row, fg=colour, reverse=i % 2 == 1 or None)
        for row in rows:
            yield line
            line = click.style(sign, fg=colour) + click.style(row, fg=colour, reverse=i % 2 == 1 or None)
    yield line


class Diff(Output):
    """The diff of every file that would change; of a container, of its text. On a terminal the words are coloured."""

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
