"""How far a corpus is: one bar on a terminal, else a plain line now and then."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from types import TracebackType

import click

from ..bulk.run import Watcher
from ..bulk.tally import Tally
from .language import tr
from .work import Run, plain

BAR_EVERY, LINE_EVERY = 0.2, 30.0  # seconds
WIDTH = 24  # of the bar
NARROW = 72  # columns of a terminal; below it figures alone: a line that wraps cannot be drawn again


class Bar(Watcher):
    """Shows the share done, the rate, the time left and the edits so far on standard error."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._terminal = sys.stderr.isatty()
        self._size = self._through = self._now = 0
        self._begun = self._shown = time.monotonic()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
                 ) -> None:
        if self._run.drawn:
            self._run.drawn = False
            click.echo(err=True)

    def begin(self, size: int) -> None:
        self._size = size
        self._begun = self._shown = time.monotonic()
        if self._terminal and not self._run.quiet:
            self._draw(0.0, 0)

    def step(self, size: int, done: bool, tally: Tally) -> None:
        self._through += size
        self._now += 0 if done else size
        now = time.monotonic()
        last = self._terminal and self._through >= self._size
        if self._run.quiet or (now - self._shown < (BAR_EVERY if self._terminal else LINE_EVERY) and not last):
            return
        self._shown = now
        self._draw(now - self._begun, tally.edits(self._run.options.level or "likely"))

    def _draw(self, seconds: float, edits: int) -> None:
        share = self._through / self._size if self._size else 1.0
        rate = self._now / seconds if seconds else 0.0
        left = _clock((self._size - self._through) / rate) if rate else "--:--"
        line = f"{share:6.1%}  {rate / 1e6:.1f} MB/s  " + tr(f"left {left}  edits {edits:,}",
                                                            f"剩余 {left}  改动 {edits:,}")
        if not self._terminal:
            click.echo(line, err=True)
            return
        columns = shutil.get_terminal_size().columns
        bar = f"[{'#' * int(share * WIDTH):<{WIDTH}}] " if columns >= NARROW else ""
        click.echo(f"\r\x1b[K{(bar + line)[: columns - 5]}", err=True, nl=False)  # four signs of it may be wide
        self._run.drawn = True

    def failed(self, path: Path, error: OSError) -> None:
        self._run.fail(path, error)

    def skipped(self, path: Path) -> None:
        self._run.skipped += 1
        if self._run.verbose:
            self._run.tell(f"{plain(str(path))}: " + tr("skipped, of no known kind", "跳过，不是已知的文件类型"))


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
