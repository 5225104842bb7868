"""One shard, from the input to its mark. This is what runs in the worker processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from . import documents, jsonl, streams
from .marks import Mark, measured, put, save
from .plan import joined
from .shard import BLOCK, Shard
from .sheet import Sheet
from .task import Task
from .texts import Texts


def correct(shard: Shard, task: Task, texts: Texts) -> Mark:
    """Corrects a shard; what comes of it stands in ``task.work``, the mark last. Raises ``OSError`` of the output."""
    mark, sheet = Mark(), Sheet()
    if not joined(shard.inputs):
        documents.correct(shard.inputs, task, texts, sheet, mark)
    else:
        output = task.work / f"{shard.name}.out"
        if shard.inputs[0].kind == "parquet":
            from . import parquet

            parquet.correct(shard, task, texts, sheet, mark, output)
            if output.exists():
                mark.files[_below(task, output)] = measured(output)
        else:
            data = _lines(shard, task, texts, sheet, mark)
            rejected = shard.failure and not (shard.index or data)  # before anything could be read of it
            if not (task.dry_run or rejected):
                packed = streams.packed(data, streams.compression(shard.inputs[0].path))
                mark.files[_below(task, output)] = put(output, packed)
    for suffix, parts in ((".edits", [*sheet.edits()]), (".rejected", [sheet.rejected] if sheet.rejected else [])):
        path = task.work / (shard.name + suffix)
        if parts:
            mark.files[_below(task, path)] = put(path, *parts)
    mark.tally = sheet.tally
    save(mark, task.work / f"{shard.name}.mark")
    return mark


def waits(shard: Shard, task: Task) -> Path:
    """Where the data of a shard waits for the process that takes it: in a file, since many would fill the memory."""
    return task.work / f"{shard.name}.in"


def _taken(shard: Shard, task: Task) -> Shard:
    """The shard with its data, if it is a piece of a compressed file."""
    if shard.data is not None or not streams.compression(shard.inputs[0].path):
        return shard
    path = waits(shard, task)
    data = path.read_bytes()
    path.unlink()
    return replace(shard, data=data)


def _below(task: Task, path: Path) -> str:
    return path.relative_to(task.target).as_posix()


def _lines(shard: Shard, task: Task, texts: Texts, sheet: Sheet, mark: Mark) -> bytes:
    """What becomes of a part of a file of lines: JSON Lines, or a large text."""
    file = shard.inputs[0]
    shard = _taken(shard, task)
    if shard.failure:
        sheet.reject(file.name, None, shard.failure)
        if file.kind == "text":  # of records some may be there
            return b""
    if file.kind == "text":
        return documents.part(file, shard.data if shard.data is not None else _range(shard), texts, sheet, mark)

    def counted() -> Iterator[bytes | int]:
        for row in _rows(shard):
            mark.records += 1
            yield row

    return b"".join(jsonl.correct(counted(), file.name, task, texts, sheet))


def _rows(shard: Shard) -> Iterator[bytes | int]:
    if shard.data is not None:
        yield from jsonl.lines(BytesIO(shard.data), len(shard.data))
        if shard.oversized:
            yield shard.oversized
    else:
        with open(shard.inputs[0].path, "rb", buffering=BLOCK) as stream:
            stream.seek(shard.start)
            yield from jsonl.lines(stream, shard.end - shard.start)


def _range(shard: Shard) -> bytes:
    with open(shard.inputs[0].path, "rb") as file:
        file.seek(shard.start)
        return file.read(shard.end - shard.start)
