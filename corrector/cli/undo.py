"""``corrector undo``: take a ``fix --in-place`` back, byte for byte."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from .. import journal as journals
from ..journal import Undone
from . import options
from .language import tr
from .work import Run


@click.command(help=tr("Take a fix back, byte for byte. Files changed since are named and left alone.",
                       "逐字节撤销一次 fix；此后又改动过的文件会列出，不动它。"))
@click.argument("journal", type=options.FILE, metavar=tr("JOURNAL", "日志"))
@options.quiet
@options.lang
def undo(journal: Path, quiet: bool) -> int:
    run = Run(quiet=quiet)
    try:
        entries = journals.load(journal)
    except (OSError, journals.JournalError) as error:
        run.fail(journal, error)
        return run.status
    done: Counter[Undone] = Counter()
    for entry in reversed(entries):
        try:
            became = journals.undo(entry)
        except OSError as error:
            run.fail(entry.path, error)
            continue
        done[became] += 1
        if became is Undone.CHANGED:
            run.fail(entry.path, tr("changed since; left as it is", "此后又改动过，未撤销"))
    restored, already = done[Undone.RESTORED], done[Undone.ALREADY]
    if restored or not already:
        run.tell(tr(f"files restored: {restored}", f"还原 {restored} 个文件"))
    if already:
        run.tell(tr(f"nothing to restore, already as before the fix: {already}",
                    f"无须还原，已是改正前的样子：{already} 个文件"))
    return run.status
