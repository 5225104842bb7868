"""Where ``fix`` puts corrected files, and as what. Nothing is lost: see :class:`InPlace` and :class:`Elsewhere`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

import click

from ..edits import Edit
from ..errors import Trouble, said
from ..files import make_folder, write
from ..formats import FORMATS, Exported, Opened, known
from ..journal import Entry, Journal, digest
from ..paths import is_stream
from .language import CHINESE, tr
from .work import Run, plain, put


@dataclass(frozen=True, slots=True)
class Fixed:
    """A corrected file: its new bytes, how many edits, and what the journal needs (only in place).

    ``suffix`` is that of the kind which takes the place of one that cannot be written, as .docx that of .doc; ``left``
    counts the edits that tracked changes cannot mark; ``unread`` is true of traditional script without its extra.
    """

    data: bytes
    count: int
    entry: Entry | None = None
    suffix: str = ""
    left: int = 0
    unread: bool = False


class Destination(Protocol):
    """A place for corrected files. ``wanted`` is the suffix asked for: empty for any, ``None`` in place."""

    @property
    def wanted(self) -> str | None: ...

    def take(self, path: str, fixed: Fixed) -> None:
        """Stores what became of the input ``path``. Raises :class:`Trouble`, ``OSError``."""


def suffix_for(opened: Opened, edits: Sequence[Edit], wanted: str | None) -> str:
    """The suffix of what takes the place of a kind that cannot be written; ``""`` when nothing has to.

    Raises :class:`Trouble` when it cannot be what is ``wanted``, or that must be said first.
    """
    if not isinstance(opened, Exported) or (wanted is None and not edits):
        return ""
    kinds = opened.suffixes
    suffix = wanted or kinds[0]
    if suffix not in kinds or (wanted is None and len(kinds) > 1):
        raise Trouble(f"cannot be written in its own kind; say what to write: -o FILE{' or -o FILE'.join(kinds)}",
                      f"不能按原格式写出，请指明写成什么：-o 文件{' 或 -o 文件'.join(kinds)}")
    return suffix


def written(opened: Opened, data: bytes, edits: Sequence[Edit], suffix: str) -> bytes:
    """The corrected file, or what takes its place; ``data`` are its bytes. Raises :class:`Trouble`."""
    if suffix and isinstance(opened, Exported):
        return opened.write_as(suffix, edits)
    return opened.write(edits) if edits else data


_LIKE_TEXT = {"text", "html"}  # modules of kinds that may be called like each other


def _require_kind(path: str, target: Path) -> None:
    """Raises :class:`Trouble` when the name of ``target`` promises another kind than ``path`` is of."""
    own, asked = known(path) or FORMATS[0], known(target)
    suffix = Path(path).suffix or own.suffixes[0]
    if asked is None or {own.module, asked.module} <= _LIKE_TEXT:
        return
    if suffix.lower() != target.suffix.lower():  # .docm too: what a package is, it says itself
        raise Trouble(f"{target} would not be of the kind that its name says; write to a name with {suffix}",
                      f"{target} 的内容会与扩展名不符；请写到以 {suffix} 结尾的文件名")


class Output:
    """Standard output, for one file."""

    wanted = ""

    def take(self, path: str, fixed: Fixed) -> None:
        put(fixed.data)


@dataclass
class InPlace:
    """The file itself: recorded in the journal first, and replaced only if it is still what was read.

    What takes the place of a kind that cannot be written comes to stand beside it.
    """

    journal: Journal
    wanted: ClassVar[None] = None

    def take(self, path: str, fixed: Fixed) -> None:
        if fixed.suffix:
            beside = Path(path).with_suffix(fixed.suffix)
            if beside.exists():
                raise Trouble(f"{beside} is there already; say where to write with -o",
                              f"{beside} 已存在；请用 -o 指明写到哪里")
            write(beside, fixed.data)
        if fixed.entry is None:
            return
        if is_stream(Path(path)) or not Path(path).is_file():
            raise Trouble("no regular file; say where to write with -o", "不是普通文件；请用 -o 指明写到哪里")
        if digest(Path(path).read_bytes()) != fixed.entry.before:
            raise Trouble("changed while it was being corrected; left as it is", "改正期间又被改动，未写入")
        write(Path(path), fixed.data, partial(self._record, fixed.entry))

    def _record(self, entry: Entry) -> None:
        try:
            self.journal.record(entry)
        except OSError as error:
            # Without a journal nothing may be replaced, this file or another.
            line = f"{self.journal.path}: {said(error, CHINESE)}"
            raise click.ClickException(line + tr("; nothing more was changed; --journal FILE writes it elsewhere",
                                                 "；此后的文件均未改动；日志可用 --journal 写到别处")) from None

    def tell(self, run: Run) -> None:
        """Says where the journal is, if there is one."""
        if self.journal.used:
            run.tell(tr(f"journal: {self.journal.path} (corrector undo takes it back)",
                        f"日志：{self.journal.path}（用 corrector undo 撤销）"))


def journal_path() -> Path:
    """Where the journal of this run is written when nobody says where."""
    return Path(".corrector", f"journal-{datetime.now():%Y%m%dT%H%M%S%f}-{os.getpid()}.json")


def require_destination(output: str | None, in_place: bool, journal: Path | None) -> None:
    """Raises ``click.UsageError`` unless just one of ``-o`` and ``--in-place`` is given, a journal with the second."""
    if in_place and output is not None:
        raise click.UsageError(tr("-o OUT and --in-place exclude each other", "-o 与 --in-place 只能用一个"))
    if journal is not None and not in_place:
        raise click.UsageError(tr("--journal goes with --in-place", "--journal 与 --in-place 同用"))
    if not in_place and output is None:
        raise click.UsageError(tr("say where to write: -o OUT, or --in-place", "请说明写到哪里：-o OUT 或 --in-place"))


@dataclass
class Elsewhere:
    """A file, or a folder in which files stand as they stood below the folder that was named.

    No two files are written to one place, and no input is written over. Of a.doc and a.docx the second keeps its name.
    """

    output: str
    given: tuple[str, ...]
    inputs: set[str]
    _written: dict[str, str] = field(default_factory=dict)  # by whom

    def __post_init__(self) -> None:
        if self.folder and Path(self.output).is_file():
            raise click.ClickException(f"{plain(self.output)}: " + tr(
                "is a file; name a folder for what is written", "是文件；要写的不止一个，请给出文件夹"))

    @property
    def folder(self) -> bool:
        """Whether ``output`` is one; a slash at its end says so of one that is still to be made."""
        return (len(self.given) > 1 or self.output.endswith(("/", os.sep)) or os.path.isdir(self.given[0])
                or os.path.isdir(self.output))

    @property
    def wanted(self) -> str:
        return "" if self.folder else Path(self.output).suffix.lower()

    def take(self, path: str, fixed: Fixed) -> None:
        target = Path(self.output)
        if self.folder:
            name = self._name(path)
            target /= name.with_suffix(fixed.suffix) if fixed.suffix else name
        elif not fixed.suffix:
            _require_kind(path, target)
        real = os.path.realpath(target)
        if real in self.inputs:
            raise Trouble(f"{target} is one of the inputs; use --in-place",
                          f"{target} 本身就是要改的文件；原地改请用 --in-place")
        beside = Path(path).with_suffix(fixed.suffix)
        taken = str(beside) if fixed.suffix and os.path.realpath(beside) in self.inputs else self._written.get(real)
        if taken is not None:
            raise Trouble(f"{target} is what {taken} is written to; write this one elsewhere",
                          f"{target} 已用来写 {taken}；请把这个文件写到别处")
        try:
            make_folder(target.parent)
            write(target, fixed.data)
        except OSError as error:
            raise Trouble(f"{target} cannot be written: {said(error, False)}",
                          f"{target} 无法写入：{said(error, True)}") from None
        self._written[real] = path

    def _name(self, path: str) -> Path:
        if path == "-":
            return Path("stdin.txt")
        place = Path(os.path.abspath(path))  # without .., which would lead out of the folder
        for given in map(os.path.abspath, filter(os.path.isdir, self.given)):
            if place.is_relative_to(given):
                return place.relative_to(given)
        return Path(place.name)
