"""The output of the shards of one file put together: aside, and in its place when the last one is there."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Protocol

from . import streams
from .shard import BLOCK, Shard
from .task import Task


class Assembly:
    """Takes the shards of one file in order. Whatever becomes of the run, ``opened`` closes what is open."""

    def __init__(self, task: Task, first: Shard, opened: ExitStack) -> None:
        file = first.inputs[0]
        self._work = task.work
        self._target = task.target / file.name
        self._aside = task.work / f"{first.unit:06d}.part"
        self._aside.unlink(missing_ok=True)  # of a run that was interrupted
        self._names: list[str] = []
        self._sink: _Sink
        if file.kind == "parquet":
            from .parquet import Joined

            self._sink = Joined(self._aside, opened)
        else:
            self._sink = _Joined(self._aside, streams.compression(file.path), opened)

    def add(self, shard: Shard) -> None:
        """The next shard."""
        path = self._work / f"{shard.name}.out"
        self._names.append(path.name)
        if path.exists():
            self._sink.add(path)

    def close(self) -> None:
        """Renames the file and takes away what it was made of. Once ``UNIT.whole`` stands, shards are not missed."""
        self._sink.close()
        if self._aside.exists():  # a file that was rejected as a whole has no output
            self._target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self._aside, self._target)
        self._aside.with_suffix(".whole").touch()
        for name in self._names:
            (self._work / name).unlink(missing_ok=True)


class _Sink(Protocol):
    def add(self, path: Path) -> None: ...

    def close(self) -> None: ...


class _Joined:
    def __init__(self, path: Path, compression: str, opened: ExitStack) -> None:
        self._path = path
        self._opened = opened
        self._file: BinaryIO | None = None
        self._encoder = streams.encoder(compression)

    def add(self, path: Path) -> None:
        if self._file is None:
            self._file = self._opened.enter_context(self._path.open("wb"))
        with path.open("rb") as shard:
            while block := shard.read(BLOCK):
                self._file.write(self._encoder.compress(block))

    def close(self) -> None:
        if self._file is None:
            return
        self._file.write(self._encoder.flush())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
