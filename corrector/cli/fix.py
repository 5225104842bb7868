"""``corrector fix``: write corrected files. Where they go is decided in :mod:`.destinations`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..edits import at_level
from ..errors import Trouble, about
from ..formats import Tracked
from ..journal import Journal, entry
from ..report import Result
from ..views.script import UNREAD
from . import options, tracking
from .destinations import (
    Destination,
    Elsewhere,
    Fixed,
    InPlace,
    Output,
    journal_path,
    require_destination,
    suffix_for,
    written,
)
from .language import tr
from .work import Run, plain


@click.command(help=tr("Write corrected files: elsewhere with -o, or --in-place with a journal.",
                       "写出改正后的文件：用 -o 写到别处，或用 --in-place 原地改并留日志。"))
@options.paths
@options.writing
@click.option("-i", "--interactive", is_flag=True,
              help=tr("Ask at each place, and keep the decisions.", "逐处询问，并保存决定。"))
@click.option("--decisions", type=options.FILE, metavar="FILE",
              help=tr("With -i: the decisions file (default: PATH.review.jsonl).",
                      "与 -i 同用：决定文件（默认为 路径.review.jsonl）。"))
@tracking.tracking
@options.checking
def fix(paths: tuple[str, ...], output: str | None, in_place: bool, journal: Path | None, interactive: bool,
        decisions: Path | None, track_changes: bool, comments: bool, author: str | None, date: str | None, jobs: int,
        **given: Any) -> int:
    if output is None and not in_place and paths == ("-",):
        output = "-"
    require_destination(output, in_place, journal)
    _usage(paths, output, in_place)
    revisions = tracking.chosen(track_changes, comments, author, date)
    own = () if output in (None, "-") else (Path(output).resolve(),)  # what was written there is no input
    if interactive:
        from .interactive import interact

        if track_changes or "-" in paths:
            raise click.UsageError(tr("-i asks about files, and writes no --track-changes",
                                      "-i 只用于文件，也不与 --track-changes 同用"))
        return interact(paths, output, journal, decisions, jobs, own, given)
    if decisions is not None:
        raise click.UsageError(tr("--decisions goes with -i; corrector apply carries decisions out",
                                  "--decisions 与 -i 同用；执行决定请用 corrector apply"))
    run = options.run(given)
    files = run.files(paths, own, by_name=output is not None)
    if output == "-":
        _carry_out(run, files, revisions, jobs, Output())
    elif output is not None:
        inputs = {os.path.realpath(f) for f in files if f != "-"}
        _carry_out(run, files, revisions, jobs, Elsewhere(output, paths, inputs))
    else:
        with Journal(journal or journal_path()) as record:
            destination = InPlace(record)
            try:
                _carry_out(run, files, revisions, jobs, destination)
            finally:  # after an interruption too
                destination.tell(run)
    return run.status


def _usage(paths: tuple[str, ...], output: str | None, in_place: bool) -> None:
    if in_place and "-" in paths:
        raise click.UsageError(tr("standard input cannot be fixed in place", "标准输入不能原地改"))
    if output == "-" and (len(paths) > 1 or os.path.isdir(paths[0])):
        raise click.UsageError(tr("only one file goes to standard output", "标准输出只能写一个文件"))
    if output is not None and any(os.path.isdir(p) and os.path.realpath(p) == os.path.realpath(output) for p in paths):
        raise click.ClickException(tr(f"{plain(output)} is one of the inputs; use --in-place",
                                      f"{plain(output)} 本身就是要改的文件夹；原地改请用 --in-place"))


def _fixed(revisions: tracking.Tracking | None, wanted: str | None, file: Result) -> Fixed:
    edits, opened = at_level(file.report.edits, file.level), file.opened
    if revisions is not None and not isinstance(opened, Tracked):
        raise Trouble(f"{file.kind} files have no tracked changes here; fix it without --track-changes",
                      f"{file.kind} 文件不能写成修订；请去掉 --track-changes 再试")
    found = len(edits)
    if revisions is not None and isinstance(opened, Tracked):
        edits = opened.markable(edits)
    suffix = suffix_for(opened, edits, wanted)
    if edits and revisions is not None:
        assert isinstance(opened, Tracked)
        data = opened.write_tracked(edits, author=revisions.author, date=revisions.date, comments=revisions.comments)
    else:
        data = written(opened, file.data, edits, suffix)
    in_place = wanted is None and not suffix and bool(edits)
    kept = entry(Path(file.path), file.data, data) if in_place else None
    unread = any(flag.kind == UNREAD for flag in file.report.flags)
    return Fixed(data, len(edits), kept, suffix, found - len(edits), unread)


def _carry_out(run: Run, files: list[str], revisions: tracking.Tracking | None, jobs: int,
               destination: Destination) -> None:
    finish = partial(_fixed, revisions, destination.wanted)
    for outcome in run.each(files, finish, jobs):
        if outcome.value is None:
            continue
        try:
            destination.take(outcome.path, outcome.value)
        except (Trouble, OSError) as error:
            run.fail(about(error) or outcome.path, error)
            continue
        count, suffix, left = outcome.value.count, outcome.value.suffix, outcome.value.left
        if count:
            kind = tr(f", written as {suffix}", f"，写成 {suffix}") if suffix else ""
            run.tell(f"{plain(outcome.path)}" + tr(f": corrected {count}", f"：改正 {count} 处") + kind)
        if left:
            run.tell(f"{plain(outcome.path)}: " + tr(
                f"left {left} in charts, drawings and the like, which have no revisions; "
                "fix it without --track-changes",
                f"图表、图形等中的 {left} 处不能写成修订，未改；要改请去掉 --track-changes"))
        if outcome.value.unread:
            run.tell(f"{plain(outcome.path)}: " + tr(
                "in traditional script, corrected in part; for the rest pip install 'zh-corrector[traditional]'",
                "是繁体文本，只改了一部分；其余要先 pip install 'zh-corrector[traditional]'"))
