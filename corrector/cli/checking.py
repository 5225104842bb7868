"""Files read and checked, here or in several processes; :mod:`.work` gathers them and says what came of them.

Small files are checked together: for each alone the engine would begin anew.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import config as configs
from ..document import Document
from ..errors import Trouble, said, unforeseen
from ..formats import open_bytes
from ..report import Result
from .language import CHINESE, tr

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from ..api import Corrector
    from ..result import Report

BATCH, MOST = 1 << 18, 100  # bytes, and number, of the files that are checked together
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about checking; ``config`` is a file used instead of the ones found."""

    level: str | None = None
    converters: tuple[str, ...] = ()
    alone: bool = False
    config: Path | None = None
    models: tuple[Path, ...] = ()
    misread: bool | None = None

    def config_for(self, path: str) -> configs.Config:
        """The configuration of ``path``, before the command line is put over it."""
        if self.config is not None:
            return configs.load(self.config) or configs.Config()
        return configs.find(Path.cwd() if path == "-" else Path(path))

    def over(self, config: configs.Config) -> configs.Config:
        """``config`` with the command line put over it."""
        return configs.chosen(config, level=self.level, converters=self.converters, alone=self.alone,
                              model=self.models, misread=self.misread)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: the document to check, with what, and what it is once its report is there."""

    path: str
    document: Document
    corrector: Corrector
    checked: Callable[[Report], Result]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one file: a ``value``, or a ``failure``, which may be ``about`` something else than the file; the
    same in ``english`` for machines."""

    path: str
    value: T | None = None
    failure: str = ""
    about: str = ""
    english: str = ""

    def why(self, *, english: bool) -> str:
        """The failure for an output that names the file itself."""
        return ": ".join(filter(None, (self.about, self.english if english else self.failure)))

    def then(self, action: Callable[[T], S]) -> Outcome[S]:
        """What ``action`` makes of the value. What goes wrong is said of this file: the others are done."""
        if self.value is None:
            return Outcome(self.path, None, self.failure, self.about, self.english)
        try:
            return Outcome(self.path, action(self.value))
        except Exception as error:
            return failed(self.path, error)


def failed(path: str, error: Exception) -> Outcome[Any]:
    """The outcome of a file that could not be read, checked or finished."""
    if isinstance(error, (Trouble, OSError, MemoryError)):
        about = error.about if isinstance(error, Trouble) else ""
        return Outcome(path, None, said(error, CHINESE), about, said(error, chinese=False))
    if os.environ.get("CORRECTOR_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    return Outcome(path, None, unforeseen(error, CHINESE), english=unforeseen(error, chinese=False))


def contents(path: str) -> bytes:
    """The bytes of a file; ``-`` is standard input. Raises ``OSError``."""
    if path == "-":
        return sys.stdin.buffer.read()
    with open(path, "rb") as file:  # of a Path the empty name would be this folder
        return file.read()


def outcomes(files: Sequence[str], options: Options, finish: Callable[[Result], T], jobs: int) -> Iterator[Outcome[T]]:
    """What ``finish`` made of each file, in order. It runs where the file was checked."""
    work = partial(_batch, options, finish)
    jobs = min(jobs, len(files))
    if jobs <= 1:
        return chain.from_iterable(map(work, _batches(files, MOST)))
    return _side_by_side(_batches(files, min(MOST, -(-len(files) // jobs))), work, jobs)


def _batches(files: Iterable[str], most: int) -> Iterator[list[str]]:
    """The files in groups that are small; what is no regular file, and may have to be waited for, is alone."""
    batch: list[str] = []
    room = BATCH
    for path in files:
        size = _size(path)
        if batch and (size > room or len(batch) == most):
            yield batch
            batch, room = [], BATCH
        batch.append(path)
        room -= size
    if batch:
        yield batch


def _size(path: str) -> int:
    with suppress(OSError):
        facts = os.stat(path)
        if stat.S_ISREG(facts.st_mode):
            return facts.st_size
    return BATCH + 1


def _batch(options: Options, finish: Callable[[Result], T], paths: list[str]) -> list[Outcome[T]]:
    files = [Outcome(path, path).then(partial(_read, options)) for path in paths]
    reports = _together([file.value for file in files if file.value is not None])
    return [file.then(partial(_checked, reports)).then(finish) for file in files]


def _read(options: Options, path: str) -> _Read:
    data = contents(path)
    config = options.over(options.config_for(path))
    corrector = configs.corrector(config)
    kind, opened = open_bytes(data, path)
    return _Read(path, config.protect(opened.document), corrector,
                 lambda report: Result(path, kind, opened, report, data, config.level))


def _together(files: list[_Read]) -> dict[str, Report]:
    """The reports of files that can be checked together, by their paths."""
    reports: dict[str, Report] = {}
    for corrector in {file.corrector for file in files}:
        those = [file for file in files if file.corrector is corrector]
        if len(those) > 1:
            with suppress(Exception):  # each alone will show which of them it was
                found = corrector.check_documents([file.document for file in those])
                reports |= zip((file.path for file in those), found, strict=True)
    return reports


def _checked(reports: Mapping[str, Report], file: _Read) -> Result:
    return file.checked(reports.get(file.path) or file.corrector.check_documents([file.document])[0])


def _side_by_side(batches: Iterator[list[str]], work: Callable[[list[str]], list[Outcome[T]]], jobs: int,
                  ) -> Iterator[Outcome[T]]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from ..workers import obey_parent

    pool = ProcessPoolExecutor(jobs, initializer=obey_parent, initargs=(signal.SIG_DFL,))
    waiting: deque[tuple[list[str], Future[list[Outcome[T]]]]] = deque()
    batch: list[str] = []
    try:
        while True:
            # No more than a few ahead: results may be as large as the files.
            for batch in islice(batches, 4 * jobs - len(waiting)):
                waiting.append((batch, _submit(pool, work, batch)))
            if not waiting:
                return
            batch, future = waiting.popleft()
            yield from future.result()
    except BrokenProcessPool:
        english = "a process was killed, perhaps for lack of memory; try --jobs 1"
        lost = tr(english, "进程被终止，可能内存不足；请用 --jobs 1")
        for left in (batch, *(b for b, _ in waiting), *batches):
            yield from (Outcome(path, None, lost, english=english) for path in left)
    finally:
        pool.shutdown(cancel_futures=True)


def _working(work: Callable[[list[str]], list[Outcome[T]]], batch: list[str]) -> list[Outcome[T]]:
    from ..workers import interruptible

    with interruptible(True):
        return work(batch)


def _submit(pool: Executor, work: Callable[[list[str]], list[Outcome[T]]], batch: list[str],
            ) -> Future[list[Outcome[T]]]:
    from concurrent.futures import Future

    from ..workers import interruptible

    if "-" not in batch:
        with interruptible(False):
            return pool.submit(_working, work, batch)
    future = Future[list[Outcome[T]]]()
    future.set_result(work(batch))  # standard input is ours
    return future
