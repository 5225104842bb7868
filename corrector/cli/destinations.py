"""Where ``fix`` puts corrected files. Nothing is lost: see :class:`InPlace` and :class:`Elsewhere`."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import click

from ..errors import Trouble, said
from ..files import write
from ..journal import Entry, Journal, digest
from .language import CHINESE, tr
from .work import Run, put


@dataclass(frozen=True, slots=True)
class Fixed:
    """A corrected file: its new bytes, how many edits, and what the journal needs (only in place)."""

    data: bytes
    count: int
    entry: Entry | None = None


class Destination(Protocol):
    """A place for corrected files."""

    def take(self, path: str, fixed: Fixed) -> None:
        """Stores what became of the input ``path``. Raises :class:`Trouble`, ``OSError``."""


class Output:
    """Standard output, for one file."""

    def take(self, path: str, fixed: Fixed) -> None:
        put(fixed.data)


@dataclass
class InPlace:
    """The file itself: recorded in the journal first, and replaced only if it is still what was read."""

    journal: Journal

    def take(self, path: str, fixed: Fixed) -> None:
        if fixed.entry is None:
            return
        if digest(Path(path).read_bytes()) != fixed.entry.before:
            raise Trouble("changed while it was being corrected; left as it is", "改正期间又被改动，未写入")
        try:
            self.journal.record(fixed.entry)
        except OSError as error:
            # Without a journal nothing may be replaced, this file or another.
            line = f"{self.journal.path}: {said(error, CHINESE)}; "
            raise click.ClickException(line + tr("nothing more was changed", "此后的文件均未改动")) from None
        write(Path(path), fixed.data)

    def tell(self, run: Run) -> None:
        """Says where the journal is, if there is one."""
        if self.journal.used:
            run.tell(tr(f"journal: {self.journal.path} (corrector undo takes it back)",
                        f"日志：{self.journal.path}（用 corrector undo 撤销）"))


def journal_path() -> Path:
    """Where the journal of this run is written when nobody says where."""
    return Path(".corrector", f"journal-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.json")


def require_destination(output: str | None, in_place: bool) -> None:
    """Raises ``click.UsageError`` unless just one of ``-o`` and ``--in-place`` is given."""
    if in_place == (output is not None):
        raise click.UsageError(tr("say where to write: -o OUT, or --in-place", "请说明写到哪里：-o OUT 或 --in-place"))


@dataclass
class Elsewhere:
    """A file, or a folder in which files stand as they stood below the folder that was named.

    No two files are written to one place, and no input is written over.
    """

    output: Path
    given: tuple[str, ...]
    inputs: set[str]
    _written: set[str] = field(default_factory=set)

    @property
    def folder(self) -> bool:
        """Whether ``output`` is one."""
        return len(self.given) > 1 or Path(self.given[0]).is_dir() or self.output.is_dir()

    def take(self, path: str, fixed: Fixed) -> None:
        target = self.output / self._name(path) if self.folder else self.output
        real = os.path.realpath(target)
        if real in self.inputs:
            raise Trouble(f"{target} is one of the inputs; use --in-place",
                          f"{target} 本身就是要改的文件；原地改请用 --in-place")
        if real in self._written:
            raise Trouble(f"{target} was written just now for another file", f"{target} 刚写入了另一个同名文件")
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, fixed.data)
        self._written.add(real)

    def _name(self, path: str) -> Path:
        for given in self.given:
            if given != "-" and Path(given).is_dir() and Path(path).is_relative_to(given):
                return Path(path).relative_to(given)
        return Path("stdin.txt" if path == "-" else Path(path).name)
