"""What a person reads: the diagnosis on top, each edit in its sentence, a summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from ..edits import Edit, at_level
from ..formats import Place
from ..reasons import said
from ..result import Report
from . import Output, Result, naming

CONTEXT = 20
EVIDENCE = 5


def visible(text: str) -> str:
    """``text`` of a document on one line, without characters that a terminal would obey.

    >>> visible("第一行\\x1b[31m\\n")
    '第一行�[31m '
    """
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def lines(path: str, report: Report, *, level: str, chinese: bool, verbose: bool = False,
          places: Sequence[Place] = ()) -> Iterator[str]:
    """The lines for one file: nothing for a healthy one."""
    edits = at_level(report.edits, level)
    if not edits and not report.flags:
        return
    yield click.style(visible(path), bold=True)
    yield from diagnosis(report, chinese)
    name = naming(report.text, places)
    for e in edits:
        yield f"  {name(e.start):>8}  {in_context(report.text, e)}  {e.confidence:.3f}"
        if verbose:
            yield click.style(f"{'':12}{e.converter}  {visible(said(e.reason, chinese))}", dim=True)
    for f in report.flags:
        yield click.style(f"  {name(f.start):>8}  {visible(f.text)}  {visible(said(f.reason, chinese))}", fg="yellow")
    yield _summary(len(edits), len(report.edits) - len(edits), len(report.flags), chinese)


def diagnosis(report: Report, chinese: bool, every: bool = False) -> Iterator[str]:
    """A line a converter that was found, with the strongest or ``every`` piece of evidence."""
    for d in report.diagnosis:
        evidence = d.evidence if every else d.evidence[:EVIDENCE]
        shown = "、".join(f"{visible(e.converted)}←{visible(e.original)}×{e.count}" for e in evidence)
        share = d.share(report.text)
        words = (f"  转换器 {d.converter}（概率 {d.probability:.4f}，全文的 {share:.0%}）：{shown}" if chinese else
                 f"  converter {d.converter} (probability {d.probability:.4f}, {share:.0%} of the text): {shown}")
        yield click.style(words, fg="cyan")


def diagnosed(result: Result, chinese: bool) -> Iterator[str]:
    """The lines of ``diagnose`` for one file, with the lines that were touched and all evidence."""
    report = result.report
    if not report.diagnosis:
        yield f"{visible(result.path)}: " + ("没有转换器的痕迹" if chinese else "no trace of a converter")
        return
    yield click.style(visible(result.path), bold=True)
    name = naming(report.text, result.opened.places)
    for line, found in zip(diagnosis(report, chinese, every=True), report.diagnosis, strict=True):
        yield line
        spans = "、".join(f"{name(a)} – {name(max(a, b - 1))}" for a, b in found.spans)
        yield f"    {'范围' if chinese else 'from – to'}: {spans}"


def in_context(text: str, e: Edit) -> str:
    """The edit in its line of ``text``, old and new."""
    left = visible(text[max(0, e.start - CONTEXT) : e.start].rsplit("\n", 1)[-1])
    right = visible(text[e.end : e.end + CONTEXT].split("\n", 1)[0].rstrip("\r"))
    old = click.style(f"[-{visible(e.original)}-]", fg="red")
    new = click.style(f"{{+{visible(e.replacement)}+}}", fg="green")
    return f"{left}{old}{new}{right}"


def _summary(edits: int, below: int, flags: int, chinese: bool) -> str:
    words = [f"共 {edits} 处" if chinese else f"places: {edits}"]
    if below:
        words.append(f"另有 {below} 处存疑" if chinese else f"below the level: {below}")
    if flags:
        words.append(f"{flags} 处损坏无法修复" if chinese else f"beyond repair: {flags}")
    return "  " + ("，" if chinese else ", ").join(words)


class Terminal(Output):
    """The lines of every file with something to say; colours where standard output is a terminal."""

    between = b"\n"

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        return on_terminal(lines(result.path, result.report, level=result.level, chinese=chinese, verbose=verbose,
                                 places=result.opened.places))

    def tail(self, edits: int, status: int, *, chinese: bool) -> bytes:
        if status:
            return b""
        return on_terminal(["没有发现转换器造成的损坏。" if chinese else "Nothing to fix."])


def coloured() -> bool:
    """Whether standard output is a terminal, and nobody asked for no colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def on_terminal(shown: Iterable[str]) -> bytes:
    """Lines as standard output takes them; colours where it is a terminal and nobody asked for none."""
    text = "".join(line + "\n" for line in shown)
    if not coloured():
        text = click.unstyle(text)
    return text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
