"""What every command that reads files does: gather them, have each checked (:mod:`.checking`), count, and say.

Start with :class:`Run`. A command gives :meth:`Run.each` a *finish*: a plain function from a :class:`Result` to
what the command needs of it. It runs where the file was checked, so that only its result travels.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import click

from .. import config as configs
from .. import paths
from ..errors import Trouble, said
from ..files import write
from ..formats import lacking
from ..report import Result
from .checking import Options, Outcome, failed, outcomes
from .language import CHINESE, tr

FOUND, FAILED = 1, 2
PROGRESS_FROM = 20  # files
T = TypeVar("T")


@dataclass
class Run:
    """One call of a command: its files, its exit status, what it skipped. Each failure is one line, said once."""

    options: Options = field(default_factory=Options)
    quiet: bool = False
    verbose: bool = False
    status: int = 0
    skipped: int = 0
    ignored: int = 0
    lacking: Counter[str] = field(default_factory=Counter)
    drawn: bool = False  # a bar stands in the last line of standard error
    _said: set[str] = field(default_factory=set)
    _lost: dict[str, Outcome[Any]] = field(default_factory=dict)  # what failed before it could be read

    def fail(self, about: object, error: BaseException | str) -> None:
        """Says that something could not be done. That nobody reads the output any more is no failure: it is raised."""
        if isinstance(error, BrokenPipeError) and not error.filename:
            raise error
        line = f"{plain(str(about)) or repr('')}: {plain(error if isinstance(error, str) else said(error, CHINESE))}"
        if line not in self._said:
            self._said.add(line)
            self._say(f"corrector: {line}")
        self.status = FAILED

    def tell_unjudged(self, config: configs.Config) -> None:
        """Says once of each own table of ``config`` what is not corrected for want of a model."""
        with suppress(Trouble):  # which is said of each file
            for path, count in configs.unjudged(self.options.over(config)) if config.tables else ():
                line = tr(f"{shown(path)}: no model knows {count} of its pairs, so they are not corrected; "
                          "make one with corrector train",
                          f"{shown(path)}：有 {count} 个词对没有模型，不会改动；请用 corrector train 训练")
                if line not in self._said:
                    self._said.add(line)
                    self.tell(line)

    def found(self) -> None:
        """Notes that a file needs edits."""
        self.status = max(self.status, FOUND)

    def tell(self, line: str) -> None:
        """A line for the person on standard error, unless ``--quiet``."""
        if not self.quiet:
            self._say(line)

    def _say(self, line: str) -> None:
        click.echo("\r\x1b[K" * self.drawn + line, err=True)

    def files(self, given: tuple[str, ...], leave_out: Collection[Path] = (), *, by_name: bool = False) -> list[str]:
        """The files that ``given`` names, each once, or ``by_name``: a link is another one; ``-`` is standard input."""
        from ..files import walk

        def skip(path: Path) -> None:
            self.skipped += 1
            if self.verbose:
                self.tell(f"{plain(str(path))}: " + tr("skipped, of no known kind", "跳过，不是已知的文件类型"))

        files: dict[str, str] = {}
        key = os.path.abspath if by_name else os.path.realpath
        for name in dict.fromkeys(given):
            folder = name != "-" and os.path.isdir(name)
            for found in map(str, walk(Path(name), self._lose, skip, leave_out)) if folder else (name,):
                if self._wanted(found) and not (folder and self._lacks(found)):
                    files.setdefault("-" if found == "-" else key(found), found)
        folders = [os.path.realpath(name) for name in given if os.path.isdir(name)]
        for path in leave_out:
            if path.exists() and any(path.is_relative_to(folder) for folder in folders):
                self.tell(f"{shown(path)}: " + tr("not read, since it is written to", "是输出的位置，不读其中的文件"))
        return list(files.values())

    def _lose(self, path: str | Path, error: Trouble | OSError) -> None:
        """Says why ``path`` is none of the files, and keeps it for :meth:`each`: what is not told of looks healthy."""
        self._lost[str(path)] = outcome = failed(str(path), error)
        self.fail(outcome.about or path, outcome.failure)

    def _wanted(self, path: str) -> bool:
        try:
            config = self.options.config_for(path)
            if path == "-" or not config.ignores(Path(path)):
                self.tell_unjudged(config)
                return True
        except Trouble as error:
            self._lose(path, error)
            return False
        self.ignored += 1
        if self.verbose:
            self.tell(f"{plain(path)}: " + tr("ignored by the configuration", "配置中注明不检查"))
        return False

    def _lacks(self, path: str) -> bool:
        """Whether something must be installed first; for what a folder holds this is said once, and is no failure."""
        error = lacking(path)
        if error is not None:
            self.lacking[said(error, CHINESE)] += 1
        return error is not None

    def each(self, files: list[str], finish: Callable[[Result], T], jobs: int = 1) -> Iterator[Outcome[T]]:
        """What ``finish`` made of each file, in order. Failures are said here, and come out with a ``failure``; first
        those of :meth:`files`."""
        with self._progress(len(files)) as step:
            for outcome in chain(self._lost.values(), outcomes(files, self.options, finish, jobs)):
                if outcome.failure:
                    self.fail(outcome.about or outcome.path, outcome.failure)
                yield outcome
                step()
        if self.skipped:
            self.tell(tr(f"skipped, of no known kind: {self.skipped}", f"跳过未知类型的文件：{self.skipped} 个"))
        for why, count in self.lacking.items():
            self.tell(tr(f"skipped: {why} ({count} files)", f"跳过：{why}（{count} 个文件）"))
        if not (files or self.skipped or self.lacking or self.ignored or self.status):
            self.tell(tr("no files there", "这里没有文件"))
        if self.ignored:
            self.tell(tr(f"ignored by the configuration: {self.ignored}", f"按配置不检查的文件：{self.ignored} 个"))

    @contextmanager
    def _progress(self, count: int) -> Iterator[Callable[[], None]]:
        # On a terminal that the results go to as well, the bar would be torn by them.
        if self.quiet or count < PROGRESS_FROM or not sys.stderr.isatty() or sys.stdout.isatty():
            yield lambda: None
            return
        with click.progressbar(length=count, file=sys.stderr) as bar:
            self.drawn = True
            yield lambda: bar.update(1)
        self.drawn = False


def plain(line: str) -> str:
    """``line`` without what a terminal would obey, and with file names that are not UTF-8 made printable."""
    printable = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in printable)


def shown(path: Path) -> str:
    """``path`` as one would type it here."""
    return plain(paths.shown(path))


def deliver(data: bytes, output: Path | None, others: Iterable[str | Path | None]) -> None:
    """Writes to the file ``output``; without one, or with ``-``, to standard output.

    Raises ``OSError``, and :class:`Trouble` when it is one of the ``others`` that were read or written.
    """
    if output is None or str(output) == "-":
        put(data)
        return
    if os.path.realpath(output) in (os.path.realpath(other) for other in others if other is not None):
        raise Trouble("is named twice; choose another file to write", "同一个文件给了两次，请换一个文件来写",
                      about=str(output))
    write(output, data)


def tell_left_out(run: Run, count: int) -> None:
    """Says how many pairs a converter table could not hold."""
    if count:
        run.tell(tr(f"pairs left out: {count}; a table has one row an original, of characters up to U+FFFE",
                    f"未写入的词对：{count} 个；词表里一个原词只占一行，字符不超过 U+FFFE"))


def put(data: bytes) -> None:
    """Writes to standard output, in order with what ``click.echo`` writes. Raises ``OSError`` that names it; when
    nobody reads it any more, ``BrokenPipeError`` that names nothing."""
    left = memoryview(data)
    try:
        sys.stdout.flush()
        while left:  # without a buffer, PYTHONUNBUFFERED=1, a full disk takes a part and says nothing
            left = left[sys.stdout.buffer.write(left) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        error.filename = tr("standard output", "标准输出")
        raise
