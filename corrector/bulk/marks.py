"""What is written of a shard, and the mark that it is done.

Files are written aside and renamed. Nothing waits for the disk: a mark holds size and checksum of every file that the
shard wrote, and counts only while these are right. After a power failure a torn file is simply made again.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from .shard import BLOCK
from .tally import Tally


@dataclass
class Mark:
    """What came of a shard: its counts, how many ``records`` and ``characters`` (of a text) later ones start after.

    ``files`` are paths below the target folder with size and CRC-32.
    """

    records: int = 0
    characters: int = 0
    tally: Tally = field(default_factory=Tally)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)


def put(path: Path, *parts: bytes | bytearray | memoryview) -> tuple[int, int]:
    """Writes a file aside and renames it; its size and checksum."""
    aside = path.with_name(f".{path.name[:60]}.aside")
    size = sum_ = 0
    with aside.open("wb") as file:
        for part in parts:
            size += file.write(part)
            sum_ = zlib.crc32(part, sum_)
    os.replace(aside, path)
    return size, sum_


def measured(path: Path) -> tuple[int, int]:
    """Size and checksum of a file. Raises ``OSError``."""
    size = sum_ = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            size += len(block)
            sum_ = zlib.crc32(block, sum_)
    return size, sum_


def save(mark: Mark, path: Path) -> None:
    """Writes the mark; from now on the shard is done."""
    put(path, json.dumps({**vars(mark), "tally": mark.tally.to_json()}, ensure_ascii=False)
        .encode("utf-8", "surrogatepass"))


def load(path: Path, target: Path, assembled: bool) -> Mark | None:
    """The mark in ``path`` if it is whole and its files are as it says; the output need not be if ``assembled``."""
    try:
        values = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
        values["tally"] = Tally.from_json(values["tally"])
        mark = Mark(**values)
        for name, (size, sum_) in mark.files.items():
            if not (assembled and name.endswith(".out")) and measured(target / name) != (size, sum_):
                return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return mark
