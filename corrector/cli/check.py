"""``corrector check``: report, change nothing."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from .. import report as reports
from ..edits import at_level
from . import options
from .language import CHINESE, tr
from .work import put


@click.command(help=tr("Report, change nothing. Exit status 1 when something is found.",
                       "检查，不改动文件。查出问题时退出状态为 1。"))
@options.paths
@click.option("--format", "name", type=click.Choice(list(reports.FORMATS)), default="terminal", show_default=True,
              help=tr("Output format.", "输出格式。"))
@options.checking
def check(paths: tuple[str, ...], name: str, jobs: int, **given: Any) -> int:
    run = options.run(given)
    output = reports.output(name)
    finish = partial(_rendered, name, given["verbose"])
    silent = run.quiet and name == "terminal"  # what another program reads is whole
    if not silent:
        put(output.head(chinese=CHINESE))
    first, total = True, 0
    for outcome in run.each(run.files(paths), finish, jobs):
        failure = outcome.why(english=name in reports.MACHINE)
        count, rendered = outcome.value or (0, output.failed(outcome.path, failure))
        total += count
        if count:
            run.found()
        if rendered and not silent:
            put(rendered if first else output.between + rendered)
            first = False
    if not silent:
        put(output.tail(total, run.status, chinese=CHINESE))
    return run.status


def _rendered(name: str, verbose: bool, file: reports.Result) -> tuple[int, bytes]:
    """How many edits reach the level, and the file in the format called ``name``."""
    count = len(at_level(file.report.edits, file.level))
    return count, reports.output(name).file(file, chinese=CHINESE, verbose=verbose)
