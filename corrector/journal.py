"""The journal of a ``fix --in-place``: what is needed to take it back, byte for byte.

It knows bytes only, no formats: for each file the hashes before and after, and the byte ranges that changed with what
stood there. Each file is recorded, and on the disk, before it is replaced; a journal cut short by a crash can be read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import Enum, auto
from pathlib import Path
from typing import IO, Any

import numpy as np

from .errors import Trouble
from .files import make_folder, nameable, write
from .paths import regular

_HEAD = b'{"schema": 1, "files": ['


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its absolute ``path``, SHA-256 ``before`` and ``after``, and how to go back.

    In the changed file each range ``[start:end]`` of ``ranges`` (bytes, rows of ``start, end, length``) takes the next
    ``length`` bytes of ``old``, which is compressed and in Base64.
    """

    path: str
    before: str
    after: str
    ranges: tuple[tuple[int, int, int], ...]
    old: str


class JournalError(Trouble):
    """A journal that cannot be read."""


def digest(data: bytes) -> str:
    """The SHA-256 of ``data``, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def entry(path: Path, before: bytes, after: bytes) -> Entry:
    """The entry of a file that is to go from ``before`` to ``after``."""
    ranges, old = [], []
    for was, start, end in _differences(before, after):
        ranges.append((start, end, len(was)))
        old.append(was)
    packed = base64.b64encode(zlib.compress(b"".join(old))).decode("ascii")
    return Entry(str(path.absolute()), digest(before), digest(after), tuple(ranges), packed)


def _differences(before: bytes, after: bytes) -> Iterator[tuple[bytes, int, int]]:
    """What stood there, and the range of ``after`` that stands there now: by lines, which edits keep."""
    old, new = before.split(b"\n"), after.split(b"\n")
    if len(old) != len(new):
        old, new = [before], [after]
    at = 0
    for was, now in zip(old, new, strict=True):
        if was != now:
            head = _common(was, now)
            tail = _common(was[head:][::-1], now[head:][::-1])
            yield was[head : len(was) - tail], at + head, at + len(now) - tail
        at += len(now) + 1


def _common(one: bytes, other: bytes) -> int:
    """How many bytes they share from the start; a line may be the whole of a large file."""
    length = min(len(one), len(other))
    differ = np.frombuffer(one, np.uint8, length) != np.frombuffer(other, np.uint8, length)
    return int(differ.argmax()) if differ.any() else length


class Journal:
    """A journal being written; the file is made with the first entry. Used in a ``with`` statement."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None
        self._whole = False  # whether the last entry is

    def __enter__(self) -> Journal:
        return self

    def record(self, entry: Entry) -> None:
        """Puts ``entry`` on the disk. Raises ``OSError``; an existing file is never overwritten."""
        line = json.dumps(asdict(entry))
        self._whole = False
        if self._file is None:
            make_folder(self.path.parent)
            self._file = self.path.open("x", encoding="utf-8", errors="surrogateescape", newline="\n")
            self._file.write(_HEAD.decode() + "\n")
        else:
            self._file.write(",\n")
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._whole = True

    @property
    def used(self) -> bool:
        """Whether anything was recorded."""
        return self._file is not None

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError), self._file:  # without its end, as after a crash, it can be read
                if self._whole:
                    self._file.write("\n]}\n")


def load(path: Path) -> list[Entry]:
    """The entries of a journal, also of one cut short. Raises :class:`JournalError`, ``OSError``."""
    first, *lines = regular(path).read_bytes().split(b"\n")
    if first != _HEAD:
        raise JournalError("not a journal of corrector", "不是 corrector 的日志")
    entries = []
    for number, line in enumerate(lines, 1):
        if line == b"]}":
            break
        try:
            entries.append(_entry(json.loads(line.removesuffix(b","))))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            if number == len(lines):  # the crash came while this was written, so its file was not replaced
                break
            raise JournalError("a damaged journal", "日志已损坏") from None
    return entries


def _entry(row: dict[str, Any]) -> Entry:
    ranges = tuple((int(a), int(b), int(n)) for a, b, n in row["ranges"])
    if not nameable(row["path"]):
        raise ValueError(row["path"])
    return Entry(row["path"], str(row["before"]), str(row["after"]), ranges, str(row["old"]))


class Undone(Enum):
    """What became of a file: it had been ``CHANGED`` since and is left alone, or had come back ``ALREADY``."""

    RESTORED = auto()
    ALREADY = auto()
    CHANGED = auto()


def undo(entry: Entry) -> Undone:
    """Restores one file. Raises ``OSError``."""
    path = Path(entry.path)
    data = regular(path).read_bytes()
    now = digest(data)
    if now == entry.before:
        return Undone.ALREADY
    if now != entry.after:
        return Undone.CHANGED
    try:
        old = zlib.decompress(base64.b64decode(entry.old))
    except (zlib.error, ValueError):
        return Undone.CHANGED
    pieces: list[bytes] = []
    position = used = 0
    for start, end, length in entry.ranges:
        pieces += (data[position:start], old[used : used + length])
        position, used = end, used + length
    restored = b"".join((*pieces, data[position:]))
    if digest(restored) != entry.before:
        return Undone.CHANGED
    write(path, restored)
    return Undone.RESTORED
