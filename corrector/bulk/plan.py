"""What there is to do: the files of a corpus, how they are cut into shards, and what tells one run from another.

The cuts depend on the input alone. A plain file is cut into ranges of bytes, which the workers read themselves; a
compressed one has to be read in order, so the parent reads it and puts the pieces down. Small files go in groups.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO

from .. import __version__
from ..engine import stored
from ..engine.model import DATA, manifest
from ..errors import Trouble
from ..files import walk
from ..formats import known
from ..paths import regular, shown
from . import streams
from .shard import BLOCK, LARGEST, Input, Shard
from .task import Task

SHARD = 8 << 20  # bytes of text
GROUP = 64  # files at most in one shard
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def kind(path: str | Path) -> str:
    """``jsonl``, ``parquet``, ``text`` (cut by lines when it is large), ``document``, or empty for none of these.

    Markdown is a document: what is code, lines far above it may say.
    """
    name = Path(path)
    bare = name.with_suffix("") if streams.compression(name) else name
    if bare.suffix.lower() in (".jsonl", ".ndjson"):
        return "jsonl"
    if name.suffix.lower() == ".parquet":
        return "parquet"
    format_ = known(name)
    return "" if format_ is None else "text" if format_.kind == "text" else "document"


def inputs(task: Task, failed: Callable[[Path, OSError], None], skipped: Callable[[Path], None]) -> list[Input]:
    """The files of the corpus in the order of their names. Raises ``OSError`` when there is no corpus, and
    :class:`Trouble` for one of a kind that is not taken."""
    if not task.source.is_dir():
        own = kind(task.source)
        if not own and streams.compression(task.source):
            raise Trouble("of compressed files only JSON Lines are taken, called NAME.jsonl.gz or the like",
                          "压缩文件只接受 JSON Lines，文件名应如 NAME.jsonl.gz", about=shown(task.source))
        return [_input(task.source, task.source.name, own or "text")]
    found = walk(task.source, failed, skipped, (task.target.resolve(),), wanted=kind, above=False)
    wanted = (path for path in found if not task.config.ignores(path))
    return [_input(path, path.relative_to(task.source).as_posix(), kind(path)) for path in wanted]


def _input(path: Path, name: str, kind: str) -> Input:
    facts = regular(path).stat()
    return Input(str(path), name, kind, facts.st_size, facts.st_mtime_ns)


def units(files: list[Input]) -> list[tuple[Input, ...]]:
    """The files in groups whose shards are put together: one large file, or several small ones that stay apart."""
    grouped: list[tuple[Input, ...]] = []
    room, size = 0, 0
    for file in files:
        if file.kind in ("jsonl", "parquet") or file.size > SHARD:
            grouped.append((file,))
            room = 0
        elif room and size + file.size <= SHARD:
            grouped[-1] += (file,)
            room, size = room - 1, size + file.size
        else:
            grouped.append((file,))
            room, size = GROUP - 1, file.size
    return grouped


def joined(unit: tuple[Input, ...]) -> bool:
    """Whether the output of the shards of ``unit`` is put together into one file."""
    return unit[0].kind in ("jsonl", "parquet") or (unit[0].kind == "text" and unit[0].size > SHARD)


def shards(number: int, unit: tuple[Input, ...]) -> Iterator[Shard]:
    """The shards of the unit with that number, in order; at least one. Raises ``OSError``."""
    file = unit[0]
    whole = Shard(number, 0, unit, 0, file.size, sum(f.size for f in unit))
    if not joined(unit):
        yield whole
    elif file.kind == "parquet":
        from . import parquet

        yield from parquet.cut(whole)
    elif compression := streams.compression(file.path):
        yield from _fed(whole, compression)
    else:
        yield from _ranges(whole)


def _ranges(whole: Shard) -> Iterator[Shard]:
    """The file in ranges of whole lines; in UTF-16, where a byte of 上 is that of a line end, some may be cut."""
    with open(whole.inputs[0].path, "rb") as file:
        unit = 2 if file.read(2) in _UTF_16 else 1  # bytes: no cut goes through a character
        start, index = 0, 0
        while start < whole.end or not index:
            end = min(start + SHARD, whole.end)
            if end < whole.end:
                file.seek(end)
                _to_line_end(file)
                end = file.tell() + file.tell() % unit
            yield replace(whole, index=index, start=start, end=end, weight=end - start)
            start, index = end, index + 1


def _to_line_end(file: BinaryIO) -> None:
    while (line := file.readline(BLOCK)) and not line.endswith(b"\n"):
        pass


def _fed(whole: Shard, compression: str) -> Iterator[Shard]:
    """The text of a compressed file in pieces of whole lines."""
    buffer = bytearray()
    index = weighed = oversized = cut = 0  # the last line that is whole ends at ``cut``
    failure = ""
    try:
        for block, position in streams.blocks(Path(whole.inputs[0].path), compression):
            if oversized:
                end = block.find(b"\n") + 1
                oversized += end or len(block)
                if not end:
                    continue
                yield replace(whole, index=index, weight=0, data=b"", oversized=oversized)
                index, oversized = index + 1, 0
                block = block[end:]
            if end := block.rfind(b"\n") + 1:
                cut = len(buffer) + end
            buffer += block
            if len(buffer) >= SHARD and cut:
                yield replace(whole, index=index, weight=position - weighed, data=bytes(buffer[:cut]))
                del buffer[:cut]
                index, weighed, cut = index + 1, position, 0
            if len(buffer) > LARGEST:
                oversized, cut = len(buffer), 0
                buffer.clear()
    except Trouble as error:
        failure = str(error)
    yield replace(whole, index=index, weight=whole.end - weighed, data=bytes(buffer), oversized=oversized,
                  failure=failure)


def fingerprint(task: Task, files: list[Input]) -> dict[str, str | bool]:
    """What must be the same for a run to be continued: options, knowledge (program, dictionaries, models), input."""
    config = task.config
    options = (task.fields, task.identity, config.level, config.converter, config.no_document_evidence,
               config.misread, config.ignore_patterns, SHARD, streams.CHUNK)
    trained = [sorted(manifest(folder).items(), key=str) for folder in (DATA, *config.model)]
    slips = [stored.manifest(name)["sha256"] for name in ("slips", "reader")]
    knowledge = (__version__, json.dumps(asdict(config.lexicon), default=sorted), trained, slips)  # sets: in any order
    listed = [(f.name, f.kind, f.size, f.changed) for f in files]
    parts = {"options": options, "knowledge": knowledge, "input": (str(task.source.resolve()), listed)}
    return {name: hashlib.sha256(repr(part).encode("utf-8", "surrogateescape")).hexdigest()
            for name, part in parts.items()} | {"dry_run": task.dry_run}
