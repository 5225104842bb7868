"""The books of a run: every edit, everything rejected; written aside in the order of the shards, renamed at the end.

``edits.parquet`` with the extra ``bulk``, else ``edits.jsonl``; ``rejected.jsonl`` always.
"""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from .marks import Mark
from .plan import Shard
from .task import Task

_EDIT = re.compile(rb'^\{"record": (\d+), "start": (\d+), "end": (\d+)', re.M)
_REJECTED = re.compile(rb'^\{"record": (\d+)', re.M)
BLOCK = 1 << 20
ROW_GROUP = 8 << 20  # bytes of rows as JSON


class _Book(Protocol):
    name: str

    def add(self, rows: bytes) -> None: ...

    def close(self) -> None: ...


class Ledger:
    """Takes the shards one after the other; :meth:`close` puts the books in their place. ``opened`` closes them."""

    def __init__(self, task: Task, opened: ExitStack) -> None:
        self._task = task
        arrow = find_spec("pyarrow") is not None
        self._edits: _Book = (_Parquet(task.work, "edits.parquet", opened) if arrow
                              else _Lines(task.work, "edits.jsonl", opened))
        self._rejected: _Book = _Lines(task.work, "rejected.jsonl", opened)
        self._unit = -1
        self._records = self._characters = 0  # before the shard, in its file

    def add(self, shard: Shard, mark: Mark) -> None:
        """Enters what a shard wrote."""
        if shard.unit != self._unit:
            self._unit, self._records, self._characters = shard.unit, 0, 0
        for suffix, book, pattern in ((".edits", self._edits, _EDIT), (".rejected", self._rejected, _REJECTED)):
            path = self._task.work / (shard.name + suffix)
            if path.relative_to(self._task.target).as_posix() in mark.files:
                with path.open("rb") as file:
                    while rows := file.readlines(BLOCK):
                        book.add(self._counted(b"".join(rows), pattern))
        self._records += mark.records
        self._characters += mark.characters

    def _counted(self, rows: bytes, pattern: re.Pattern[bytes]) -> bytes:
        """The rows with their numbers counted from the start of the file."""
        records, characters = self._records, self._characters
        if not records and not characters:
            return rows
        if pattern is _REJECTED:
            return pattern.sub(lambda m: b'{"record": %d' % (int(m[1]) + records), rows)
        return pattern.sub(lambda m: b'{"record": %d, "start": %d, "end": %d' % (
            int(m[1]) + records, int(m[2]) + characters, int(m[3]) + characters), rows)

    def close(self) -> None:
        """Ends the books and renames them."""
        for book in (self._edits, self._rejected):
            book.close()
            os.replace(self._task.work / book.name, self._task.books / book.name)


class _Lines:
    def __init__(self, folder: Path, name: str, opened: ExitStack) -> None:
        self.name = name
        self._file = opened.enter_context((folder / name).open("wb"))

    def add(self, rows: bytes) -> None:
        self._file.write(rows)

    def close(self) -> None:
        self._file.close()


class _Parquet:
    def __init__(self, folder: Path, name: str, opened: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.name = name
        word = pa.string()
        self._schema = pa.schema([
            ("file", word), ("record", pa.int64()), ("id", word), ("field", word), ("part", word),
            ("paragraph", pa.int64()), ("start", pa.int64()), ("end", pa.int64()), ("original", word),
            ("replacement", word), ("converter", word), ("kind", word), ("confidence", pa.float64()), ("tier", word),
        ])
        self._writer: Any = opened.enter_context(pq.ParquetWriter(folder / name, self._schema))
        self._rows = bytearray()

    def add(self, rows: bytes) -> None:
        self._rows += rows
        if len(self._rows) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.json

        options = pyarrow.json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
        table = pyarrow.json.read_json(pa.BufferReader(bytes(self._rows)), parse_options=options)
        self._writer.write_table(table.select(self._schema.names))
        self._rows.clear()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()
