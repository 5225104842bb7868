"""``corrector apply``: carry out a decisions file."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import click

from ..edits import apply as edited_text
from ..errors import Trouble, about
from ..formats import open_bytes
from ..journal import Journal, entry
from ..paths import regular
from ..review.carry import plan
from ..review.decisions import Row, now
from ..review.places import moved
from ..review.session import path_of
from ..review.store import Store
from . import options
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


@click.command(help=tr("Carry out a decisions file; what is undecided stays as it is.",
                       "执行审阅决定文件；未决定之处保持原样。"))
@click.argument("decisions", type=options.FILE, metavar=tr("DECISIONS", "决定文件"))
@options.writing
@options.quiet
@options.lang
def apply(decisions: Path, output: str | None, in_place: bool, journal: Path | None, quiet: bool) -> int:
    require_destination(output, in_place, journal)
    run = Run(quiet=quiet)
    try:
        decisions.stat()  # to the store a file that is not there is an empty one
        store = Store(decisions)
    except (OSError, Trouble) as error:
        run.fail(decisions, error)
        return run.status
    folder = decisions.parent
    paths = {name: path_of(decisions, name) for name in store.by_file()}
    if output == "-" and len(paths) > 1:
        raise click.UsageError(tr("only one file goes to standard output", "标准输出只能写一个文件"))
    given = tuple(paths.values()) if len(paths) == 1 else (str(folder),)
    carry_out(run, store, paths, given, output, journal)
    if not any(row.applies for row in store.rows.values()):
        left = sum(not row.decided for row in store.rows.values())
        run.tell(tr(f"nothing is accepted; undecided: {left}", f"没有接受任何改动；未决定 {left} 处"))
    return run.status


def carry_out(run: Run, store: Store, paths: dict[str, str], given: tuple[str, ...], output: str | None,
              journal: Path | None = None) -> int:
    """Writes the files at ``paths``, by their names in ``store``; without an ``output`` in place.

    ``given`` are the arguments that named them. Returns how many places were changed. Failures are said.
    """
    total = 0
    rows = store.by_file()
    with ExitStack() as stack:
        destination: Destination
        if output == "-":
            destination = Output()
        elif output is not None:
            destination = Elsewhere(output, given, {os.path.realpath(p) for p in (*paths.values(), str(store.path))})
        else:
            destination = InPlace(stack.enter_context(Journal(journal or journal_path())))
            stack.callback(destination.tell, run)  # after an interruption too
        for name, path in paths.items():
            try:
                total += _one(run, store, rows.get(name, []), path, destination)
            except (OSError, Trouble) as error:
                run.fail(about(error) or path, error)
        if total and output is None:
            with suppress(OSError):  # nothing is lost
                store.tidy()
    return total


def _one(run: Run, store: Store, rows: list[Row], path: str, destination: Destination) -> int:
    data = regular(Path(path)).read_bytes()
    _, opened = open_bytes(data, path)
    text = opened.document.text
    todo = plan(rows, text)
    suffix = suffix_for(opened, todo.edits, destination.wanted)
    new = written(opened, data, todo.edits, suffix)
    in_place = isinstance(destination, InPlace) and not suffix
    changed = in_place and new != data
    destination.take(path, Fixed(new, len(todo.edits), entry(Path(path), data, new) if changed else None, suffix))
    if in_place and todo.edits:
        rejected = moved(rows, text, todo.edits, edited_text(text, todo.edits), opened.places)
        when = now()
        try:
            store.put((*rejected, *(replace(row, applied=when) for row in todo.rows)))
        except (OSError, Trouble) as error:
            run.fail(store.path, error)
    if todo.done:
        run.tell(f"{plain(path)}" + tr(": already as decided", "：已是决定后的样子"))
    elif todo.edits:
        run.tell(f"{plain(path)}" + tr(f": corrected {len(todo.edits)}", f"：改正 {len(todo.edits)} 处"))
    if todo.lost:
        count, first = len(todo.lost), todo.lost[0].place
        run.fail(path, tr(f"the text has changed at {count} decided places, first at {first}; they were left as they "
                          "are: review them again",
                          f"有 {count} 处已决定的文字后来变了（第一处在 {first}），未改动；请重新审阅"))
    return len(todo.edits)
