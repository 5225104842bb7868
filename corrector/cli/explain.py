"""``corrector explain``: the whole trace of one decision."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from .. import config as configs
from ..document import document
from ..engine.explain import Trace
from ..errors import Trouble
from ..errors import said as told
from ..formats import Opened, Place, open_bytes
from ..lines import Lines
from ..reasons import said as reason
from ..report import naming
from ..report.terminal import visible
from ..result import Report
from . import options
from .checking import contents
from .language import CHINESE, tr
from .work import FAILED, put

SHOWN = 12  # pieces of context
NEAREST = 3  # corrections named where there is nothing to explain


@click.command(help=tr("Why a place was corrected or left: the context, the document, the phrases. In the context ＿ "
                       "is the word itself, ≈的 a character of the same class as 的.",
                       "某一处为什么改、为什么不改：上下文、整篇文档和词语搭配各说了什么。"
                       "上下文里 ＿ 是这个词，≈的 是与“的”同类的字。"))
@click.argument("place", metavar=tr("PATH:LINE:COL", "路径:行:列"), required=False)
@click.option("-:", "piped", metavar="LINE:COL", hidden=True)  # -:1:13 looks like an option, and so it is one
@click.option("--text", type=options.TEXT, metavar="TEXT",
              help=tr("This text instead of a file; every suspicious place in it.", "不读文件，看这段文字里的每一处。"))
@click.option("--format", "name", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True,
              help=tr("Output format.", "输出格式。"))
@options.checking
def explain(place: str | None, piped: str | None, text: str | None, name: str, **given: Any) -> int:
    if [place, piped, text].count(None) != 2:
        raise click.UsageError(tr("give either PATH:LINE:COL or --text", "请给出 路径:行:列，或用 --text 给出文字"))
    if piped is not None:
        place = f"-:{piped}"
    run = options.run(given)
    try:
        if text is None:
            path, opened, offset = _placed(place or "")
            read, places = opened.document, opened.places
        else:
            path, read, offset, places = "-", document(text), None, ()
        config = run.options.over(run.options.config_for(path))
        corrector = configs.corrector(config)
        run.tell_unjudged(config)
    except (Trouble, OSError, ValueError) as error:
        run.fail(getattr(error, "about", "") or ("--text" if place is None else place), told(error, CHINESE))
        return run.status
    read = config.protect(read)
    traces = corrector.explain(read, offset)
    if not traces:
        none = tr("no word stands here that a converter writes", "这里没有转换器会写的词")
        run.fail(place or "--text", none + _nearest(corrector.check_documents([read])[0], offset or 0, places))
        return FAILED
    if name == "json":
        put(json.dumps({"schema": 1, "traces": [asdict(t) for t in traces]}, ensure_ascii=False).encode() + b"\n")
    else:
        click.echo("\n\n".join("\n".join(map(visible, _shown(t, read.text))) for t in traces))
    return run.status


def _placed(place: str) -> tuple[str, Opened, int]:
    """The file, what was read from it and the offset that ``PATH:LINE:COL`` names; line and column count from 1.

    In a container it is ``PATH:PART:PARAGRAPH:COL``.
    """
    path, line, column = place.rsplit(":", 2) if place.count(":") >= 2 else (place, "", "")
    if not (line.isdecimal() and column.isdecimal()):
        raise ValueError(tr("give the place as PATH:LINE:COL, as check prints it",
                            "请写成 路径:行:列，与 check 所示相同"))
    path, part = _parted(path)
    _, opened = open_bytes(contents(path), path)
    text = opened.document.text
    if part:
        starts = {(p.part, p.paragraph): p.start for p in opened.places}
        if (part, int(line)) not in starts:
            raise ValueError(tr("the file has no such place; check prints those that it has",
                                "文件里没有这个位置，请照 check 所示填写"))
        start = starts[part, int(line)]
        end = min((s for s in starts.values() if s > start), default=len(text) + 1)
    else:
        lines = Lines(text).starts
        if not 1 <= int(line) <= len(lines):
            raise ValueError(tr(f"the file has {len(lines)} lines", f"文件只有 {len(lines)} 行"))
        start, end = [*lines, len(text) + 1][int(line) - 1 : int(line) + 1]
    length = end - start - 1
    if not 1 <= int(column) <= length:
        raise ValueError(tr(f"line {line} has {length} characters", f"第 {line} 行只有 {length} 个字"))
    return path, opened, start + int(column) - 1


def _parted(path: str) -> tuple[str, str]:
    """``path`` without the name of a part behind it, and that name."""
    file, part = path, ""
    while not _there(file) and ":" in file:
        file, _, last = file.rpartition(":")
        part = f"{last}:{part}" if part else last
    return (file, part) if _there(file) else (path, "")


def _there(path: str) -> bool:
    return path == "-" or Path(path).exists()


def _nearest(report: Report, offset: int, places: Sequence[Place]) -> str:
    """Where corrections stand next to a place that has none, each as one may ask for it: `` 3:12 效劳``."""
    nearest = sorted(report.edits, key=lambda e: abs(e.start - offset))[:NEAREST]
    name = naming(report.text, places)
    named = [f"{name(e.start)} {e.original}" for e in sorted(nearest, key=lambda e: e.start)]
    return tr("; nearest: ", "；最近的有：") + tr(", ", "、").join(named) if named else ""


def _shown(trace: Trace, text: str) -> list[str]:
    pair = trace.pair
    around = text[max(0, trace.start - 15) : trace.start] + "【" + text[trace.start : trace.end] + "】"
    around = (around + text[trace.end : trace.end + 15]).replace("\n", "⏎")
    lines = [f"{pair.converted} ← {pair.original}  {trace.confidence:.4f}", f"  {around}"]
    if not trace.tables:
        why = reason(trace.pair.note, CHINESE) or tr("a slip: no such word", "误字：不成词")
        return [*lines, f"  {why}", "  " + tr("log odds", "对数几率") + f" {trace.together:+.2f}"]
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
    return lines
