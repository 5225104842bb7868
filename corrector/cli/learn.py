"""``corrector learn``: a converter table from damaged documents and their healthy twins."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..errors import Trouble
from ..files import walk
from ..formats import open_bytes
from ..paths import regular
from . import options
from .language import tr
from .work import Run, deliver, tell_left_out


@click.command(help=tr(
    "A converter table from damaged documents and their healthy twins: DAMAGED ORIGINAL, and again for more; two "
    "folders are matched by the names in them. The twins may differ in other ways too.",
    "由受损文档与其完好原文学出一张转换词表：成对给出 受损 原文，可给多对；两个文件夹按文件名配对。"
    "两份文档可以另有其他差异。"))
@click.argument("paths", nargs=-1, required=True, type=options.FILE, metavar=tr("DAMAGED ORIGINAL…", "受损 原文…"))
@click.option("-o", "--output", type=options.FILE, metavar="TABLE",
              help=tr("Instead of standard output, which is -.", "不写标准输出（-），写到这里。"))
@click.option("--least", type=click.IntRange(2), default=2, show_default=True, metavar="N",
              help=tr("Leave out pairs seen less often.", "出现次数不到这么多的词对不要。"))
@click.option("--title", type=options.TEXT, default="",
              help=tr("The head comment: where the converter is met.", "表头注释：在哪里见到这个转换器。"))
@options.quiet
@options.lang
def learn(paths: tuple[Path, ...], output: Path | None, least: int, title: str, quiet: bool) -> int:
    from ..learn import tables
    from ..learn.reference import default_reference
    from ..learn.sheet import fitting, table_file

    if len(paths) % 2:
        raise click.UsageError(tr("the files come in pairs: DAMAGED ORIGINAL", "文件要成对给出：受损文档、完好原文"))
    run = Run(quiet=quiet)
    twins = [(first, second) for damaged, original in zip(paths[::2], paths[1::2], strict=True)
             for first, second in _matched(damaged, original, run)]
    texts = [(a, b) for first, second in twins
             if (a := _text(first, run)) is not None and (b := _text(second, run)) is not None]
    if not texts:
        if not run.status:
            run.fail(paths[0], tr("no documents there", "这里没有文档"))
        return run.status
    learnt = [p for p in tables.learn(texts, default_reference()) if p.count >= least]
    found = fitting(learnt)
    data = table_file(title or tr("Learnt from twins", "由成对文档学得"), (p.pair() for p in found))
    try:
        deliver(data, output, (path for pair in twins for path in pair))
    except (Trouble, OSError) as error:
        run.fail(output or "-", error)
        return run.status
    tell_left_out(run, len(learnt) - len(found))
    stayed = sum(p.stayed for p in found)
    run.tell(tr(f"{len(texts)} twins, {len(found)} pairs; the original stayed at {stayed} places",
                f"{len(texts)} 对文档，学得 {len(found)} 个词对；原词未被替换的有 {stayed} 处"))
    if not learnt:
        run.tell(tr("no difference is met often enough to be a converter's: more twins may show some",
                    "没有一种差异多到像是转换器所为；多给几对文档也许能看出来"))
    return run.status


def _matched(first: Path, second: Path, run: Run) -> list[tuple[Path, Path]]:
    """The twins that two files or two folders hold; files without a twin are said."""
    if not first.is_dir() and not second.is_dir():
        return [(first, second)]
    for path in (first, second):
        if not path.is_dir():
            run.fail(path, tr("no folder; a folder is matched with a folder", "不是文件夹；文件夹要与文件夹配对"))
            return []
    twins = []
    for path in walk(first, run.fail, lambda _: None):
        twin = second / path.relative_to(first)
        if twin.is_file():
            twins.append((path, twin))
        else:
            run.fail(path, tr(f"no twin in {second}", f"在 {second} 中没有同名的文档"))
    return twins


def _text(path: Path, run: Run) -> str | None:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else regular(path).read_bytes()
        return open_bytes(data, path)[1].document.text
    except (Trouble, OSError) as error:
        run.fail(path, error)
        return None
