"""A run from its beginning, or from where it stood, to its end. Start reading here.

    files → shards → workers → (in order) assembly, ledger, tally → books in place → summary.json, last

The folder ``_corrector`` of the target holds ``plan.json`` (what this run is; another one is refused), ``work/``
(shards and their marks, until the end) and the books. A run is complete when ``summary.json`` stands.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from ..errors import Trouble
from ..files import require_room
from . import plan
from .assembly import Assembly
from .ledger import Ledger
from .lock import alone
from .marks import load, put
from .plan import joined
from .pool import Todo, results
from .shard import Input, Shard
from .streams import compression, zstandard
from .tally import SCHEMA, Tally, summary
from .task import Task

Page = Callable[[dict[str, Any]], str]


class Watcher:
    """Is told how far a run is; does nothing by itself."""

    def begin(self, size: int) -> None:
        """A run begins over ``size`` bytes of input."""

    def step(self, size: int, done: bool, tally: Tally) -> None:
        """``size`` more bytes of it are through, ``done`` in an earlier run or now; ``tally`` so far."""

    def failed(self, path: Path, error: OSError) -> None:
        """A file or folder cannot be listed."""

    def skipped(self, path: Path) -> None:
        """A file is of no known kind."""


@dataclass
class Result:
    """What came of a run: its summary, and whether an earlier run had brought it to its end."""

    summary: dict[str, Any]
    before: bool = False


def run(task: Task, page: Page, jobs: int = 1, watcher: Watcher | None = None) -> Result:
    """Corrects a corpus; goes on with a run that was interrupted. ``page`` makes the report of a summary.

    Raises :class:`Trouble` when it may not or cannot be done, ``OSError`` when the output cannot be written; the same
    call goes on from there.
    """
    watcher = watcher or Watcher()
    files = plan.inputs(task, watcher.failed, watcher.skipped)
    _possible(task, files)
    task.books.mkdir(parents=True, exist_ok=True)
    with alone(task.books / "lock"):
        _same(task, files)
        if (found := _complete(task)) is not None:
            shutil.rmtree(task.work, ignore_errors=True)
            return Result(found, before=True)
        task.work.mkdir(exist_ok=True)
        tally = _carry_out(task, files, jobs, watcher)
        whole = {"schema": SCHEMA, "input": task.source.name, "dry_run": task.dry_run, "files": len(files),
                 "fields": list(task.fields), **summary(tally, task.config.level)}
        put(task.books / "report.html", page(whole).encode("utf-8", "backslashreplace"))
        if hasattr(os, "sync"):
            os.sync()
        put(task.books / "summary.json", _json(whole))
        shutil.rmtree(task.work, ignore_errors=True)
        return Result(whole)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _possible(task: Task, files: list[Input]) -> None:
    """Says before anything is written what would fail later."""
    source, target = task.source.resolve(), task.target.resolve()
    if (target if source.is_dir() else target / source.name) == source:
        raise Trouble("the output would replace the input; choose another folder",
                      "输出会覆盖输入，请换一个文件夹", about=str(task.target))
    for file in files:
        if file.kind == "parquet":
            from . import parquet

            parquet.required()
        elif compression(file.path) == "zst":
            zstandard()
    require_room(task.target, task.books.name)


def _same(task: Task, files: list[Input]) -> None:
    """Makes sure that what stands in the target is this run, or nothing. A dry run gives way."""
    path = task.books / "plan.json"
    this = plan.fingerprint(task, files)
    try:
        other = json.loads(path.read_bytes())
    except FileNotFoundError:
        other = None
    except ValueError:
        other = {}
    if other == this:
        return
    if other is not None and not other.get("dry_run"):
        options = any(other.get(name) != this[name] for name in ("options", "dry_run"))
        english, chinese = (("options", "选项") if options else ("input", "输入") if other.get("input") != this["input"]
                            else ("dictionaries, models or version", "词典、模型或版本"))
        raise Trouble(f"holds a run with other {english}; choose another folder, or delete this one",
                      f"里面是另一次运行，{chinese}不同；请换一个文件夹，或先把它删掉", about=str(task.target))
    for old in task.books.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name != "lock":
            old.unlink()
    put(path, _json(this))


def _complete(task: Task) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((task.books / "summary.json").read_bytes())
    except FileNotFoundError:
        return None
    return found


def _carry_out(task: Task, files: list[Input], jobs: int, watcher: Watcher) -> Tally:
    """Everything but the report and the end."""
    watcher.begin(sum(f.size for f in files))
    tally = Tally()
    earlier: set[str] = set()
    with ExitStack() as opened:
        ledger = Ledger(task, opened)
        found = results(_todo(task, files, earlier), task, jobs)
        opened.callback(found.close)
        for unit, shards in groupby(found, lambda done: done[0].unit):
            with ExitStack() as part:
                assembly: Assembly | None = None
                for shard, mark in shards:
                    needed = joined(shard.inputs) and not task.dry_run
                    if not shard.index and needed and not _assembled(task, unit, shard.inputs):
                        assembly = Assembly(task, shard, part)
                    if assembly is not None:
                        assembly.add(shard)
                    ledger.add(shard, mark)
                    tally.add(mark.tally)
                    watcher.step(shard.weight, shard.name in earlier, tally)
                if assembly is not None:
                    assembly.close()
        ledger.close()
    return tally


def _assembled(task: Task, number: int, unit: tuple[Input, ...]) -> bool:
    """Whether the output of the unit is in its place."""
    return (task.work / f"{number:06d}.whole").exists() and (task.target / unit[0].name).exists()


def _todo(task: Task, files: list[Input], earlier: set[str]) -> Iterator[Todo]:
    """Every shard, with its mark if an earlier run did it; these are noted in ``earlier``."""
    for number, unit in enumerate(plan.units(files)):
        assembled = _assembled(task, number, unit)
        for shard in _shards(number, unit):
            mark = load(task.work / f"{shard.name}.mark", task.target, assembled)
            if mark is not None:
                earlier.add(shard.name)
            yield shard, mark


def _shards(number: int, unit: tuple[Input, ...]) -> Iterator[Shard]:
    """The shards of a unit; where its file cannot be read, one that says so."""
    index = 0
    try:
        for shard in plan.shards(number, unit):
            yield shard
            index += 1
    except OSError as error:
        yield Shard(number, index, unit, 0, 0, 0, b"", 0, error.strerror or str(error))
