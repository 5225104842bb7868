"""``corrector bulk``: a corpus, on one machine, with a record of every edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .. import config as configs
from ..errors import Trouble, about
from . import options
from .language import CHINESE, tr
from .work import Run, shown


@click.command(help=tr(
    "Correct a corpus: IN is a folder of files, JSON Lines (.jsonl, .gz, .zst, .xz) or Parquet; OUT gets the same "
    "names, and _corrector/ with every edit, a report and what was rejected. The same command again goes on with a run "
    "that was interrupted.",
    "改正整个语料库：IN 是文件夹、JSON Lines（.jsonl，可带 .gz、.zst、.xz）或 Parquet；OUT 里文件名不变，"
    "_corrector/ 里有每处改动的记录、报告和被拒收的记录。中断后再运行同一条命令即可接着做。"))
@click.argument("source", metavar="IN", type=options.FILE)
@click.argument("target", metavar="OUT", type=options.FILE)
@click.option("--field", "fields", type=options.TEXT, multiple=True, default=("text",), show_default=True,
              metavar="NAME", help=tr("Where a record has its text; dotted for nested ones; may be given again.",
                                      "记录中文本所在的字段，嵌套的用点号连接，可多次给出。"))
@click.option("--id", "identity", type=options.TEXT, default="id", show_default=True, metavar="NAME",
              help=tr("Where a record has its id.", "记录中编号所在的字段。"))
@click.option("--dry-run", is_flag=True,
              help=tr("Only the records and the report, no corrected files.", "只写改动记录和报告，不写改正后的文件。"))
@options.checking
def bulk(source: Path, target: Path, fields: tuple[str, ...], identity: str, dry_run: bool, jobs: int,
         **given: Any) -> int:
    from ..bulk.page import page
    from ..bulk.run import run as carry_out
    from ..bulk.task import Task
    from .progress import Bar

    if Path("-") in (source, target):
        raise click.UsageError(tr("a corpus is a file or a folder, not standard input or output",
                                  "语料应为文件或文件夹，不能用标准输入输出"))
    run = options.run(given)
    try:
        config = run.options.over(run.options.config_for(str(source)))
        configs.corrector(config)
        run.tell_unjudged(config)
        task = Task(source, target, config, fields, identity, dry_run)
        with Bar(run) as bar:
            result = carry_out(task, lambda facts: page(facts, chinese=CHINESE), jobs, bar)
    except (Trouble, OSError, MemoryError) as error:
        run.fail(about(error) or target, error)  # what has no name is the output: a full disk, another run
        return run.status
    _conclude(run, task.books, result.summary, result.before)
    return run.status


def _conclude(run: Run, books: Path, facts: dict[str, Any], before: bool) -> None:
    """Says what came of it."""
    if before:
        run.tell(tr("this run was complete already", "这次运行此前已经完成"))
    if run.skipped:
        run.tell(tr(f"skipped, of no known kind: {run.skipped}", f"跳过未知类型的文件：{run.skipped} 个"))
    documents, damaged, edits = facts["documents"], facts["damaged"], facts["edits"]
    run.tell(tr(f"documents: {documents:,}, damaged: {damaged:,} ({facts['damaged_share']:.1%}), edits: {edits:,}",
                f"文档 {documents:,} 篇，受损 {damaged:,} 篇（{facts['damaged_share']:.1%}），改动 {edits:,} 处"))
    report = shown(books / "report.html")
    run.tell(tr(f"report: {report}", f"报告：{report}"))
    if not documents and facts["without_text"]:
        names = ", ".join(facts["fields"])
        run.fail("--field", tr(f"no record has a text there: {names}", f"没有一条记录有这个文本字段：{names}"))
    if facts["rejected"]:
        run.fail(books / "rejected.jsonl", tr(f"rejected: {facts['rejected']:,}; the reasons stand there",
                                              f"拒收 {facts['rejected']:,} 条，原因见此文件"))
