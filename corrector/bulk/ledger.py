"""The books of a run: every edit, everything rejected; written aside in the order of the shards, renamed at the end.

``edits.parquet`` with the extra ``bulk``, else ``edits.jsonl``; ``rejected.jsonl`` always.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..columns import Written
from ..edits import Tier
from .marks import Mark
from .shard import BLOCK, Shard
from .sheet import ROW, SOURCE
from .task import Task

_REJECTED = re.compile(rb'^\{"record": (\d+)', re.M)
ROWS = 1 << 16  # of edits at a time
NAMES = ("file", "record", "id", "field", "part", "paragraph", "start", "end", "original", "replacement", "converter",
         "kind", "confidence", "tier")
_TIERS = [t.value for t in reversed(Tier)]
_FLOORS = [t.floor for t in reversed(Tier)][1:]
_NUMBERS = ("record", "paragraph", "start", "end")


class Coded(NamedTuple):
    """A column of few values: which of them each row has."""

    values: Sequence[Any]
    codes: NDArray[Any]


Columns = dict[str, Coded | NDArray[Any]]


class _Edits(Protocol):
    name: str

    def add(self, columns: Columns) -> None: ...

    def close(self) -> None: ...


class Ledger:
    """Takes the shards one after the other; :meth:`close` puts the books in their place. ``opened`` closes them."""

    def __init__(self, task: Task, opened: ExitStack) -> None:
        self._task = task
        kind: type[_Parquet] | type[_Lines] = _Lines if find_spec("pyarrow") is None else _Parquet
        self._edits: _Edits = kind(task.work, opened)
        self._rejected = opened.enter_context((task.work / "rejected.jsonl").open("wb"))
        self._unit = -1
        self._records = self._characters = 0  # before the shard, in its file

    def add(self, shard: Shard, mark: Mark) -> None:
        """Enters what a shard wrote."""
        if shard.unit != self._unit:
            self._unit, self._records, self._characters = shard.unit, 0, 0
        for suffix, enter in ((".edits", self._enter), (".rejected", self._reject)):
            path = self._task.work / (shard.name + suffix)
            if path.relative_to(self._task.target).as_posix() in mark.files:
                enter(path)
        self._records += mark.records
        self._characters += mark.characters

    def _enter(self, path: Path) -> None:
        for columns in _read(path, self._records, self._characters):
            self._edits.add(columns)

    def _reject(self, path: Path) -> None:
        with path.open("rb") as file:
            while rows := file.readlines(BLOCK):
                self._rejected.write(_REJECTED.sub(lambda m: b'{"record": %d' % (int(m[1]) + self._records),
                                                   b"".join(rows)))

    def close(self) -> None:
        """Ends the books and renames them."""
        self._edits.close()
        self._rejected.close()
        for name in (self._edits.name, "rejected.jsonl"):
            os.replace(self._task.work / name, self._task.books / name)


def _read(path: Path, records: int, characters: int) -> Iterator[Columns]:
    """The edits that a :class:`~corrector.bulk.sheet.Sheet` wrote, some thousand rows at a time.

    So many ``records`` and ``characters`` came before.
    """
    with path.open("rb") as file:
        names = json.loads(file.readline())
        sources = dict(zip(SOURCE, zip(*names["sources"], strict=True), strict=True))
        sources["record"] = tuple(n + records for n in sources["record"])
        pairs = dict(zip(Written._fields, zip(*names["pairs"], strict=True), strict=True))
        while data := file.read(ROWS * ROW.itemsize):
            rows = np.frombuffer(data, ROW)
            columns: Columns = {name: rows[name].astype(np.int64) + characters for name in ("start", "end")}
            columns |= {name: Coded(values, rows["source"]) for name, values in sources.items()}
            columns |= {name: Coded(values, rows["pair"]) for name, values in pairs.items()}
            columns["confidence"] = rows["confidence"]
            columns["tier"] = Coded(_TIERS, np.searchsorted(_FLOORS, rows["confidence"], side="right"))
            yield {name: columns[name] for name in NAMES}


class _Lines:
    name = "edits.jsonl"

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self._file = opened.enter_context((folder / self.name).open("w", encoding="utf-8"))

    def add(self, columns: Columns) -> None:
        plain = [[c.values[i] for i in c.codes.tolist()] if isinstance(c, Coded) else c.tolist()
                 for c in columns.values()]
        for row in zip(*plain, strict=True):
            self._file.write(json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


class _Parquet:
    name = "edits.parquet"

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from .arrays import native

        kinds = dict.fromkeys(_NUMBERS, pa.int64()) | {"confidence": pa.float64()}
        self._schema = pa.schema([(name, kinds.get(name, pa.string())) for name in NAMES])
        sink = opened.enter_context(native(folder / self.name, "wb"))
        self._writer: Any = opened.enter_context(pq.ParquetWriter(sink, self._schema))
        self._waiting: list[Any] = []
        self._rows = 0

    def add(self, columns: Columns) -> None:
        import pyarrow as pa

        arrays = [pa.array(c.values, kind).take(pa.array(c.codes)) if isinstance(c, Coded) else pa.array(c, kind)
                  for c, kind in zip(columns.values(), self._schema.types, strict=True)]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows += len(arrays[0])
        if self._rows >= ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.concat_tables(self._waiting))
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()
