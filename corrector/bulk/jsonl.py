"""JSON Lines: a record a line. A line without edits is written as it came, byte for byte.

A field is a dotted path; through a list it leads into each element, and a list of strings is so many texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from ..errors import Trouble
from .records import Record, settled
from .shard import BLOCK, LARGEST
from .sheet import Sheet
from .splice import Path, splice
from .task import Task
from .texts import BATCH, Texts

_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "a string", dict: "an object"}
_BOM = "\ufeff"
RECORDS = 1 << 14  # at most in one batch


def lines(stream: BinaryIO, size: int) -> Iterator[bytes | int]:
    """The lines in the next ``size`` bytes; for one longer than :data:`LARGEST` only its length."""
    while size > 0 and (line := stream.readline(min(size, LARGEST + 1))):
        size -= len(line)
        if len(line) <= LARGEST:
            yield line
            continue
        length = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(min(size, BLOCK))):
            size -= len(line)
            length += len(line)
        yield length


def correct(rows: Iterable[bytes | int], file: str, task: Task, texts: Texts, sheet: Sheet) -> Iterator[bytes]:
    """The corrected lines; rejected records are left out."""
    fields = [tuple(name.split(".")) for name in task.fields]
    name = tuple(task.identity.split("."))
    batch: list[tuple[Record, list[Path]]] = []
    size = 0
    for number, raw in enumerate(rows, 1):
        batch.append(_oversized(number, raw) if isinstance(raw, int) else _read(number, raw, fields, name))
        size += sum(len(text) for _, text in batch[-1][0].texts)
        if size >= BATCH or len(batch) >= RECORDS:
            yield from _batch(batch, file, texts, sheet)
            batch, size = [], 0
    yield from _batch(batch, file, texts, sheet)


def _oversized(number: int, size: int) -> tuple[Record, list[Path]]:
    return Record(number, reason=f"a record of {size} bytes, longer than {LARGEST >> 20} MiB"), []


def _read(number: int, raw: bytes, fields: list[tuple[str, ...]], name: tuple[str, ...],
          ) -> tuple[Record, list[Path]]:
    """A line as a record, and where in it the texts stand."""
    record = Record(number, raw=raw)
    found: dict[Path, str] = {}
    if not raw.strip():
        record.blank = True
        return record, []
    try:
        line = raw.decode("utf-8")
        value = json.loads(line.removeprefix(_BOM) if number == 1 else line)
        if not isinstance(value, dict):
            raise Trouble(f"the record is {_kind(value)}, not an object")
        escaped = "\\u" in line  # only so can half of a surrogate pair be written
        for path in fields:
            for at, leaf in leaves(value, path):
                if not isinstance(leaf, str):
                    raise Trouble(f"{_dotted(at)} is {_kind(leaf)}, not a string")
                if escaped:
                    leaf.encode("utf-8")
                found[at] = leaf
        record.identity = identity(value, name)
        record.texts = [(_dotted(at), text) for at, text in found.items()]
    except Trouble as error:
        record.reason = str(error)
    except UnicodeDecodeError as error:
        record.reason = f"not valid UTF-8 at byte {error.start} of the line"
    except UnicodeEncodeError:
        record.reason = "half of a surrogate pair, which is no character"
    except RecursionError:
        record.reason = "nested too deeply"
    except ValueError as error:
        record.reason = f"not valid JSON: {error}"
    return record, list(found)


def _batch(batch: list[tuple[Record, list[Path]]], file: str, texts: Texts, sheet: Sheet) -> Iterator[bytes]:
    """The lines of ``batch``, corrected."""
    records = [record for record, _ in batch]
    for (record, paths), made in zip(batch, settled(records, file, texts, sheet), strict=True):
        if made is None:
            continue
        changes = {at: (text, some.changes()) for at, (_, text), some in zip(paths, record.texts, made, strict=True)
                   if len(some)}
        raw = record.raw or b""
        yield splice(raw.decode("utf-8"), changes).encode("utf-8") if changes else raw


def leaves(value: object, path: tuple[str, ...], at: Path = ()) -> Iterator[tuple[Path, object]]:
    """What stands at a path, with the keys that lead there; nothing where a key is missing or null.

    >>> list(leaves({"a": [{"b": "x"}, {"b": "y"}], "a.c": "z"}, ("a", "b")))
    [(('a', 0, 'b'), 'x'), (('a', 1, 'b'), 'y')]

    Raises :class:`Trouble` where the path leads through what has no keys.
    """
    if value is None:
        return
    if isinstance(value, list):
        for i, element in enumerate(value):
            yield from leaves(element, path, (*at, i))
    elif not path:
        yield at, value
    elif not isinstance(value, dict):
        raise Trouble(f"{_dotted(at)} is {_kind(value)}, not an object")
    else:
        whole = ".".join(path)  # a key may hold dots itself
        key, rest = (whole, ()) if whole in value else (path[0], path[1:])
        if key in value:
            yield from leaves(value[key], rest, (*at, key))


def identity(record: object, path: tuple[str, ...]) -> str | None:
    """What stands at a path, as a string; ``None`` for nothing."""
    try:
        value = next((leaf for _, leaf in leaves(record, path)), None)
    except Trouble:
        return None
    return value if value is None or isinstance(value, str) else json.dumps(value, default=str)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a list" if isinstance(value, list) else "null")


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
