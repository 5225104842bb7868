"""``corrector train``: a context model for own converter tables, from own healthy text."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from ..errors import Trouble, about
from ..files import require_room
from ..lexicon import Table, default_lexicon
from ..lexicon.read import load_table
from . import options
from .figures import figures
from .language import CHINESE, tr
from .work import Run, shown

_STEPS = {
    "learn": ("learning from healthy text", "正在从完好的文本学习"),
    "measure": ("measuring on documents that were held out", "正在用留出的文档测量"),
    "write": ("writing", "正在写出"),
}


@click.command(help=tr(
    "Train the context model for own converter tables. HEALTHY are documents, folders of them, .jsonl files, or one "
    "folder of corpora (NAME.jsonl.xz, and NAME.arpa.xz: language models of words). A part of them is held out, and "
    "the figures on it are printed. Use the result with --model DIR, beside what is shipped. Without --table: for all "
    "dictionaries, which is how that is made.",
    "为自己的转换词表训练上下文模型：完好文本可以是文档、文档所在的文件夹、.jsonl，或语料文件夹（NAME.jsonl.xz，还有"
    "词语的语言模型 NAME.arpa.xz）。其中一部分留出不学，训练后打印在这部分上的实测数字。"
    "结果用 --model DIR 加在自带的模型旁边。不给 --table 就是全部词典：自带的模型就是这样来的。"))
@click.argument("healthy", nargs=-1, required=True, type=options.FILE,
                metavar=tr("HEALTHY…", "完好文本…"))
@click.option("--table", "files", multiple=True, type=options.FILE, metavar="TABLE",
              help=tr("A converter table, as learn writes it; may be given again.",
                      "转换词表（learn 写出的那种），可多次给出。"))
@click.option("-o", "--output", required=True, type=options.FILE, metavar="DIR",
              help=tr("The folder of the model.", "模型写到这个文件夹。"))
@options.quiet
@options.lang
def train(healthy: tuple[Path, ...], files: tuple[Path, ...], output: Path, quiet: bool) -> int:
    run = Run(quiet=quiet)
    tables = _tables(files, run)
    if tables is None:
        return run.status
    try:
        require_room(output, "manifest.json")
        facts = _made(healthy, tables, output, run)
        if facts is None:
            return run.status
    except (Trouble, OSError) as error:
        run.fail(about(error) or healthy[0], error)
        return run.status
    if not quiet:
        click.echo(figures(facts, {t.name for t in tables} or None, CHINESE), nl=False)
    if not facts["measured"]["characters"]:
        run.tell(tr("nothing was measured: of so little text no document is held out for it; give more",
                    "没有实测数字：完好文本太少，没有留出文档可测；请多给一些"))
    learnt, digest = f"{facts['sites']:,}", facts["sha256"][:16]
    run.tell(tr(f"learnt from {learnt} places, sha256 {digest}; use it with --model {shown(output)}",
                f"学自 {learnt} 处，sha256 {digest}；用法：--model {shown(output)}"))
    return run.status


def _tables(files: tuple[Path, ...], run: Run) -> list[Table] | None:
    names = {t.name for t in default_lexicon().tables}
    tables = []
    for file in files:
        try:
            table = load_table(file)
        except (Trouble, OSError) as error:
            run.fail(about(error) or file, error)
            return None
        usable = any(p.converted for p in table.pairs)
        if table.name in names or not usable:
            run.fail(file, tr("holds no pairs that can be undone", "没有可以还原的词对") if not usable else
                     tr(f"a table called {table.name} is there already; rename the file",
                        f"已有一张叫 {table.name} 的词表，请给文件换个名字"))
            return None
        names.add(table.name)
        tables.append(table)
    return tables


def _made(healthy: tuple[Path, ...], tables: list[Table], output: Path, run: Run) -> dict[str, Any] | None:
    try:
        from ..learn import healthy as texts
        from ..learn.make import make
    except ImportError as error:
        raise Trouble(f"training needs {error.name}: pip install 'zh-corrector[train]'",
                      f"训练需要 {error.name}：pip install 'zh-corrector[train]'") from None
    with tempfile.TemporaryDirectory() as aside:
        corpora = texts.corpora(healthy, Path(aside), run.fail)
        if corpora is None:
            if not run.status:
                raise Trouble("no healthy text there", "这里没有完好的文本", about=str(healthy[0]))
            return None
        return make(corpora, tables, output, lambda step: run.tell(tr(*_STEPS[step])))
