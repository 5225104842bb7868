"""What a person reads: the diagnosis on top, each edit in its sentence, a summary."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import click

from ..edits import at_level
from ..result import Report
from .json import line_starts

CONTEXT = 20


def lines(path: str, report: Report, *, level: str, chinese: bool, verbose: bool = False) -> Iterator[str]:
    """The lines for one file."""
    edits = at_level(report.edits, level)
    if not edits:
        return
    yield click.style(path, bold=True)
    for d in report.diagnosis:
        shown = "、".join(f"{e.converted}←{e.original}×{e.count}" for e in d.evidence[:5])
        share = sum(b - a for a, b in d.spans) / max(1, len(report.text))
        words = (f"  转换器 {d.converter}（概率 {d.probability:.4f}，全文的 {share:.0%}）：{shown}" if chinese else
                 f"  converter {d.converter} (probability {d.probability:.4f}, {share:.0%} of the text): {shown}")
        yield click.style(words, fg="cyan")
    starts = line_starts(report.text)
    for e in edits:
        line = bisect_right(starts, e.start)
        left = report.text[max(starts[line - 1], e.start - CONTEXT) : e.start]
        right = report.text[e.end : e.end + CONTEXT].split("\n", 1)[0].rstrip("\r")
        place = f"{line}:{e.start - starts[line - 1] + 1}"
        old = click.style(f"[-{e.original}-]", fg="red")
        new = click.style(f"{{+{e.replacement}+}}", fg="green")
        yield f"  {place:>10}  {left}{old}{new}{right}  {e.confidence:.3f}"
        if verbose:
            yield f"{'':14}{e.reason}"
    yield f"  共 {len(edits)} 处" if chinese else f"  {len(edits)} places"
