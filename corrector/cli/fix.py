"""``corrector fix``: write corrected files. Where they go is decided in :mod:`.destinations`."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..edits import at_level
from ..errors import Trouble
from ..formats import Tracked
from ..journal import Journal, entry
from . import options
from .destinations import Destination, Elsewhere, Fixed, InPlace, Output
from .language import tr
from .work import Checked, Run, plain


@dataclass(frozen=True, slots=True)
class Tracking:
    """How to write edits as tracked changes; ``date`` is in ISO 8601."""

    author: str
    date: str
    comments: bool


@click.command(help=tr("Write corrected files: elsewhere with -o, or --in-place with a journal.",
                       "写出改正后的文件：用 -o 写到别处，或用 --in-place 原地改并留日志。"))
@options.paths
@click.option("-o", "--output", metavar="OUT",
              help=tr("A file, a folder for several, or - for standard output.",
                      "文件；多个输入时为文件夹；- 为标准输出。"))
@click.option("--in-place", is_flag=True,
              help=tr("Replace the files; a journal takes it back.", "原地改，凭日志可撤销。"))
@click.option("--journal", type=click.Path(path_type=Path), metavar="FILE",
              help=tr("Where to write the journal.", "日志写到哪里。"))
@click.option("--track-changes", is_flag=True,
              help=tr("Word: write revisions to accept or reject.", "Word 文档：写成可接受或拒绝的修订。"))
@click.option("--comments", is_flag=True,
              help=tr("With --track-changes: reasons as comments.", "与 --track-changes 同用：以批注说明依据。"))
@click.option("--author", default="corrector", metavar="NAME", help=tr("Author of the revisions.", "修订的作者。"))
@click.option("--date", default="", metavar="ISO",
              help=tr("Date of the revisions (default: now).", "修订的日期（默认现在）。"))
@options.checking
def fix(paths: tuple[str, ...], output: str | None, in_place: bool, journal: Path | None, track_changes: bool,
        comments: bool, author: str, date: str, jobs: int, **given: Any) -> int:
    if output is None and not in_place and paths == ("-",):
        output = "-"
    _usage(paths, output, in_place)
    tracking = None
    if track_changes:
        tracking = Tracking(author, date or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), comments)
    run = options.run(given)
    files = run.files(paths, Path(output).resolve() if output not in (None, "-") else None)
    finish = partial(_fixed, tracking, in_place)
    if output == "-":
        _carry_out(run, files, finish, jobs, Output())
    elif output is not None:
        inputs = {os.path.realpath(f) for f in files if f != "-"}
        _carry_out(run, files, finish, jobs, Elsewhere(Path(output), paths, inputs))
    else:
        name = f"journal-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.json"
        with Journal(journal or Path(".corrector", name)) as record:
            _carry_out(run, files, finish, jobs, InPlace(record))
        if record.used:
            run.tell(tr(f"journal: {record.path} (corrector undo takes it back)",
                        f"日志：{record.path}（用 corrector undo 撤销）"))
    return run.status


def _usage(paths: tuple[str, ...], output: str | None, in_place: bool) -> None:
    if in_place == (output is not None):
        raise click.UsageError(tr("say where to write: -o OUT, or --in-place", "请说明写到哪里：-o OUT 或 --in-place"))
    if in_place and "-" in paths:
        raise click.UsageError(tr("standard input cannot be fixed in place", "标准输入不能原地改"))
    if output == "-" and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise click.UsageError(tr("only one file goes to standard output", "标准输出只能写一个文件"))


def _fixed(tracking: Tracking | None, in_place: bool, file: Checked) -> Fixed:
    edits = at_level(file.report.edits, file.level)
    if not edits:
        return Fixed(file.data, 0)
    if tracking is None:
        data = file.opened.write(edits)
    elif isinstance(file.opened, Tracked):
        data = file.opened.write_tracked(edits, author=tracking.author, date=tracking.date,
                                         comments=tracking.comments)
    else:
        raise Trouble(f"{file.kind} files have no tracked changes", f"{file.kind} 文件没有修订功能")
    return Fixed(data, len(edits), entry(Path(file.path), file.data, data) if in_place else None)


def _carry_out(run: Run, files: list[str], finish: partial[Fixed], jobs: int, destination: Destination) -> None:
    for outcome in run.each(files, finish, jobs):
        if outcome.value is None:
            continue
        try:
            destination.take(outcome.path, outcome.value)
        except (Trouble, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            run.fail(outcome.path, error)
            continue
        count = outcome.value.count
        if count:
            run.tell(f"{plain(outcome.path)}" + tr(f": corrected {count}", f"：改正 {count} 处"))
