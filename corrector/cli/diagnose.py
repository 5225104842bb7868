"""``corrector diagnose``: which converter touched which part of a file, with the evidence."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from ..report import Result
from ..report.json import failed_object, file_object, packed
from ..report.terminal import diagnosed, on_terminal
from . import options
from .language import CHINESE, tr
from .work import put


@click.command(help=tr("Which converter touched which part, and how we know.",
                       "判断哪种转换器动过哪一部分，并给出依据。"))
@options.paths
@click.option("--format", "name", type=click.Choice(["terminal", "json", "jsonl"]), default="terminal",
              show_default=True, help=tr("Output format.", "输出格式。"))
@options.checking
def diagnose(paths: tuple[str, ...], name: str, jobs: int, **given: Any) -> int:
    run = options.run(given)
    rows = []
    for outcome in run.each(run.files(paths), partial(_diagnosed, name), jobs):
        if name == "terminal":
            put(b"" if run.quiet else outcome.value or b"")
            continue
        row = outcome.value or _packed(failed_object(outcome.path, outcome.why(english=True)))
        if name == "jsonl":
            put(row + b"\n")
        else:
            rows.append(row)
    if name == "json":
        put(b'{"schema": 1, "files": [\n' + b",\n".join(rows) + b"\n]}\n")
    return run.status


def _diagnosed(name: str, file: Result) -> bytes:
    if name == "terminal":
        return on_terminal(diagnosed(file, CHINESE))
    return _packed(file_object(file))


def _packed(value: dict[str, Any]) -> bytes:
    value.pop("edits")
    return packed(value)
