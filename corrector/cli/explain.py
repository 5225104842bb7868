"""``corrector explain``: the whole trace of one decision."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from .. import config as configs
from ..document import Document, document
from ..engine.explain import Trace
from ..errors import Trouble
from ..errors import said as told
from ..formats import open_bytes
from ..report import line_starts
from ..result import Report
from . import options
from .language import CHINESE, tr
from .work import FAILED, FOUND

SHOWN = 12  # pieces of context
NEAREST = 3  # corrections named where there is nothing to explain


@click.command(help=tr("Why a place was corrected or left: the context, the document, the phrases.",
                       "某一处为什么改、为什么不改：上下文、整篇文档和词语搭配各说了什么。"))
@click.argument("place", metavar=tr("PATH:LINE:COL", "路径:行:列"), required=False)
@click.option("--text", metavar="TEXT", help=tr("This text instead of a file; every suspicious place in it.",
                                                "不读文件，看这段文字里的每一处。"))
@click.option("--format", "name", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True,
              help=tr("Output format.", "输出格式。"))
@options.checking
def explain(place: str | None, text: str | None, name: str, **given: Any) -> int:
    if (place is None) == (text is None):
        raise click.UsageError(tr("give either PATH:LINE:COL or --text", "请给出 路径:行:列，或用 --text 给出文字"))
    run = options.run(given)
    try:
        if text is None:
            path, read, offset = _placed(place or "")
        else:
            path, read, offset = "-", document(text), None
        config = run.options.over(run.options.config_for(path))
        corrector = configs.corrector(config)
    except (Trouble, OSError, ValueError) as error:
        run.fail(place or "--text", told(error, CHINESE) if isinstance(error, Trouble | OSError) else str(error))
        return run.status
    read = config.protect(read)
    traces = corrector.explain(read, offset)
    if not traces:
        none = tr("no word stands here that a converter writes", "这里没有转换器会写的词")
        run.fail(place or "--text", none + _nearest(corrector.check_documents([read])[0], offset or 0))
        return FAILED
    if name == "json":
        click.echo(json.dumps({"schema": 1, "traces": [asdict(t) for t in traces]}, ensure_ascii=False))
    else:
        click.echo("\n\n".join(_shown(t, read.text) for t in traces))
    return FOUND if any(t.confidence >= 0.5 for t in traces) else 0


def _placed(place: str) -> tuple[str, Document, int]:
    """The file, its text and the offset that ``PATH:LINE:COL`` names; line and column count from 1."""
    path, line, column = place.rsplit(":", 2) if place.count(":") >= 2 else (place, "", "")
    if not (line.isdecimal() and column.isdecimal()):
        raise ValueError(tr("give the place as PATH:LINE:COL, as check prints it",
                            "请写成 路径:行:列，与 check 所示相同"))
    _, opened = open_bytes(Path(path).read_bytes(), path)
    starts = line_starts(opened.document.text)
    if not 1 <= int(line) <= len(starts):
        raise ValueError(tr(f"the file has {len(starts)} lines", f"文件只有 {len(starts)} 行"))
    start, end = [*starts, len(opened.document.text) + 1][int(line) - 1 : int(line) + 1]
    length = end - start - 1
    if not 1 <= int(column) <= length:
        raise ValueError(tr(f"line {line} has {length} characters", f"第 {line} 行只有 {length} 个字"))
    return path, opened.document, start + int(column) - 1


def _nearest(report: Report, offset: int) -> str:
    """Where corrections stand next to a place that has none, each as one may ask for it: `` 3:12 效劳``."""
    starts = line_starts(report.text)
    nearest = sorted(report.edits, key=lambda e: abs(e.start - offset))[:NEAREST]
    named = []
    for e in sorted(nearest, key=lambda e: e.start):
        line = bisect_right(starts, e.start)
        named.append(f"{line}:{e.start - starts[line - 1] + 1} {e.original}")
    return tr("; nearest: ", "；最近的有：") + ", ".join(named) if named else ""


def _shown(trace: Trace, text: str) -> str:
    pair = trace.pair
    around = text[max(0, trace.start - 15) : trace.start] + "【" + text[trace.start : trace.end] + "】"
    around = (around + text[trace.end : trace.end + 15]).replace("\n", "⏎")
    lines = [f"{pair.converted} ← {pair.original}  {trace.confidence:.4f}", f"  {around}"]
    if not trace.tables:
        return "\n".join([*lines, "  " + tr("a slip: no such word", "误字：不成词")])
    lines.append("  " + tr("tables: ", "词表：") + ", ".join(trace.tables) + f"  ({pair.evidence}) {pair.note}")
    if trace.phrase:
        said = tr("healthy", "不改") if trace.phrase == "keep" else tr("damaged", "应改")
        lines.append("  " + tr("phrase list: ", "搭配表：") + said)
    lines.append("  " + tr("context", "上下文") + f" {trace.alone:+.2f}, "
                 + tr("with the rest of the document", "连同文中其他各处") + f" {trace.together:+.2f}")
    weights: defaultdict[str, float] = defaultdict(float)
    for piece in trace.pieces:
        weights[piece.context] += piece.weight
    strongest = sorted(weights.items(), key=lambda item: -abs(item[1]))[:SHOWN]
    lines += [f"    {weight:+.2f}  {context}" for context, weight in strongest]
    lines.append("  " + tr("the pair acted here: ", "这一对词在此处被替换过：") + f"{trace.active:.4f}")
    for d in trace.diagnosis:
        words = "、".join(f"{e.converted}×{e.count}" for e in d.evidence[:6])
        lines.append(f"    {d.converter} {d.probability:.4f}  {words}")
    if not trace.diagnosis:
        lines.append("    " + tr("no converter found in this document", "文中没有发现转换器"))
    return "\n".join(lines)
