"""Parquet: the named columns corrected, everything else as it was: other columns, their order, schema, compression.

A field may lead into structures and lists; :mod:`.arrays` takes the texts out of a column and puts others back. Row
groups larger than :data:`ROWS` are written as several, so that memory stays bounded.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from json import dumps
from pathlib import Path
from typing import Any, NamedTuple

from ..columns import applied
from ..errors import Trouble
from .arrays import native, opened
from .jsonl import identity
from .marks import Mark
from .records import Record, settled
from .shard import Shard
from .sheet import Sheet
from .task import Task
from .texts import Texts

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    pa = pq = None

SHARD = 128 << 20  # bytes of a file, compressed: putting shards together costs the parent as much as writing them
ROWS = 24 << 20  # bytes, uncompressed
BATCH = 4 << 20
BUFFER = 1 << 20


class Field(NamedTuple):
    """A field as the user calls it, the column it stands in, and the way on inside of that."""

    name: str
    column: int
    path: tuple[str, ...]


def required() -> None:
    """Raises :class:`Trouble` that says how to install what is missing."""
    if pq is None:
        raise Trouble("Parquet needs pyarrow: pip install 'zh-corrector[bulk]'",
                      "Parquet 需要 pyarrow：pip install 'zh-corrector[bulk]'")


def cut(whole: Shard) -> Iterator[Shard]:
    """The file in shards of whole row groups. A file that is none is one shard, which says so."""
    try:
        with native(whole.inputs[0].path) as source, pq.ParquetFile(source) as file:
            meta = file.metadata
            sizes = [_stored(meta.row_group(i)) for i in range(meta.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        yield replace(whole, failure=_unreadable(error))
        return
    start = index = 0
    for end in range(1, len(sizes) + 1):
        weight = sum(sizes[start:end])
        if weight >= SHARD and end < len(sizes):
            yield replace(whole, index=index, start=start, end=end, weight=weight)
            start, index = end, index + 1
    yield replace(whole, index=index, start=start, end=len(sizes), weight=sum(sizes[start:]))


def _stored(group: Any) -> int:
    return sum(group.column(i).total_compressed_size for i in range(group.num_columns))


def correct(shard: Shard, task: Task, texts: Texts, sheet: Sheet, mark: Mark, output: Path) -> None:
    """Writes the corrected row groups of ``shard`` to ``output``; a file that cannot be read is rejected."""
    name = shard.inputs[0].name
    output.unlink(missing_ok=True)
    if shard.failure:
        sheet.reject(name, None, shard.failure)
        return
    aside = output.with_suffix(".aside")
    try:
        with (native(shard.inputs[0].path) as source,
              pq.ParquetFile(source, buffer_size=BUFFER, pre_buffer=False) as file):
            places = _places(file.schema_arrow, task.fields)
            with nullcontext() if task.dry_run else _writer(aside, file) as sink:
                for group in range(shard.start, shard.end):
                    _group(file, group, places, name, texts, sheet, task, mark, sink)
        if not task.dry_run:
            aside.replace(output)
    except Trouble as error:
        sheet.reject(name, None, str(error))
    except (pa.ArrowException, OSError) as error:
        failure = _unreadable(error)
        sheet.forget()  # the rows before that are not in the output
        mark.records = 0
        sheet.reject(name, None, failure)


def _unreadable(error: Exception) -> str:
    """What is wrong with a file at which Arrow stopped. Raises ``error`` if it is the system's, which has a number."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) is not None:
        raise error
    return f"not a Parquet file: {_line(error)}" if isinstance(error, pa.ArrowInvalid) else f"damaged: {_line(error)}"


def _places(schema: Any, fields: Sequence[str]) -> list[Field]:
    """Where those of the fields stand that the table has. Raises :class:`Trouble` when it has none."""
    found = []
    for field in fields:
        for column, rest in ((field, ""), field.partition(".")[::2]):
            if columns := schema.get_all_field_indices(column):  # of one name there may be several
                found += [Field(field, i, tuple(rest.split(".")) if rest else ()) for i in columns]
                break
    if not found:
        raise Trouble(f"no column {' or '.join(fields)}; the columns are: {', '.join(schema.names)}")
    return found


@contextmanager
def _writer(path: Path, file: Any) -> Iterator[Any]:
    """A writer of files like ``file``: the same schema with its metadata, each column compressed as it is there."""
    meta = file.metadata
    columns = [meta.row_group(0).column(i) for i in range(meta.num_columns)] if meta.num_row_groups else []
    codecs = {c.path_in_schema: "none" if c.compression == "UNCOMPRESSED" else c.compression.lower() for c in columns}
    with (native(path, "wb") as sink,
          pq.ParquetWriter(sink, file.schema_arrow, compression=codecs or "snappy") as writer):
        yield writer


def _group(file: Any, group: int, places: list[Field], name: str, texts: Texts, sheet: Sheet,
           task: Task, mark: Mark, sink: Any) -> None:
    """Corrects one row group."""
    facts = file.metadata.row_group(group)
    rows = max(1, min(65536, BATCH * facts.num_rows // max(1, facts.total_byte_size)))
    waiting: list[Any] = []
    size = 0
    for batch in file.iter_batches(rows, row_groups=[group]):
        waiting.append(_batch(batch, places, name, texts, sheet, task, mark))
        size += batch.nbytes
        if size >= ROWS and sink is not None:
            sink.write_table(pa.Table.from_batches(waiting), row_group_size=2**26)
            waiting, size = [], 0
    if sink is not None and (waiting or facts.num_rows == 0):
        sink.write_table(pa.Table.from_batches(waiting, file.schema_arrow), row_group_size=2**26)


def _batch(batch: Any, places: list[Field], name: str, texts: Texts, sheet: Sheet, task: Task,
           mark: Mark) -> Any:
    """The batch with its texts corrected, without the rows that are rejected."""
    columns = [opened(batch.column(p.column), p.path, range(batch.num_rows), batch.schema.names[p.column])
               for p in places]
    fixed: list[list[Any]] = [[None if isinstance(t, Trouble) else t for t in column.texts] for column in columns]
    identify = _identities(batch, task.identity)
    records = [Record(mark.records + row + 1, identity=identify(row)) for row in range(batch.num_rows)]
    at: list[list[tuple[int, int]]] = [[] for _ in records]  # where the texts of each record stand
    for c, column in enumerate(columns):
        for k, (row, text) in enumerate(zip(column.rows, column.texts, strict=True)):
            if isinstance(text, Trouble):
                records[row].reason = str(text)
            elif text is not None:
                records[row].texts.append((places[c].name, text))
                at[row].append((c, k))
    for row, record in enumerate(records):
        if record.reason:
            record.raw = _raw(batch, row)
    kept = []
    for record, spots, made in zip(records, at, settled(records, name, texts, sheet), strict=True):
        kept.append(made is not None)
        for (c, k), (_, text), edits in zip(spots, record.texts, made or (), strict=made is not None):
            fixed[c][k] = applied(text, edits.changes())
    mark.records += batch.num_rows
    for (_, i, path), column, new in zip(places, columns, fixed, strict=True):
        if new != column.texts:
            # Another field may have changed the same column.
            now = opened(batch.column(i), path, range(batch.num_rows), "")
            batch = batch.set_column(i, batch.schema.field(i), now.rebuilt(new))
    return batch if all(kept) else batch.filter(pa.array(kept))


def _raw(batch: Any, row: int) -> bytes | None:
    """A row as JSON, to be written down; ``None`` when it cannot be."""
    try:
        values = batch.slice(row, 1).to_pylist()[0]
        return dumps(values, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, pa.ArrowException):
        return None


def _identities(batch: Any, field: str) -> Callable[[int], str | None]:
    """The id of a row, if there is such a column."""
    path = tuple(field.split("."))
    for index in (i for name in (field, path[0]) for i in batch.schema.get_all_field_indices(name)):
        name, values = batch.schema.names[index], batch.column(index)
        return lambda row: identity({name: values[row].as_py()}, path)
    return lambda row: None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


class Joined:
    """Shards of one file put together again, row group by row group."""

    def __init__(self, path: Path, opened: ExitStack) -> None:
        self._path = path
        self._opened = opened
        self._shards = 0
        self._writer: Any = None

    def add(self, path: Path) -> None:
        """The next shard. The first one alone is the whole file, as long as no other comes."""
        self._shards += 1
        if self._shards == 1:
            self._first = path
            return
        if self._writer is None:
            with native(self._first) as source, pq.ParquetFile(source) as file:
                self._writer = self._opened.enter_context(_writer(self._path, file))
            self._copy(self._first)
        self._copy(path)

    def _copy(self, path: Path) -> None:
        with native(path) as source, pq.ParquetFile(source, pre_buffer=False) as file:
            for i in range(file.metadata.num_row_groups):
                self._writer.write_table(file.read_row_group(i), row_group_size=2**26)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        elif self._shards:
            shutil.copyfile(self._first, self._path)
