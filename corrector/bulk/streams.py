"""Compressed streams: read as streams, written in parts.

gzip and xz allow several members in one file, and every reader takes them: each shard is one. Several frames of
Zstandard are allowed too, but widespread readers stop silently after the first: there, one frame is written.
"""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from ..errors import Trouble

XZ_PRESET = 3  # the usual 6 needs 94 MB of memory a process and runs at a third of the speed
ZSTD_LEVEL = 3
CHUNK = 1 << 11  # bytes unpacked at once: a few may hold very much, in .zst thirty thousand times as much


class Encoder(Protocol):
    """What goes over the bytes of a whole file when its shards are put together."""

    def compress(self, data: bytes) -> bytes: ...

    def flush(self) -> bytes: ...


class _Plain:
    def compress(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def zstandard() -> Any:
    """The package of that name. Raises :class:`Trouble` that says how to install it."""
    try:
        import zstandard as package
    except ImportError:
        raise Trouble(".zst files need zstandard: pip install 'zh-corrector[bulk]'",
                      ".zst 文件需要 zstandard：pip install 'zh-corrector[bulk]'") from None
    return package


def compression(path: str | Path) -> str:
    """``gz``, ``xz`` or ``zst`` by the suffix; empty for a plain file."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    return suffix if suffix in ("gz", "xz", "zst") else ""


def packed(data: bytes, kind: str) -> bytes:
    """A shard as it is kept: a member of its own, or plain where :func:`encoder` compresses the whole."""
    if kind == "gz":
        return gzip.compress(data, 6, mtime=0)
    return lzma.compress(data, preset=XZ_PRESET) if kind == "xz" else data


def encoder(kind: str) -> Encoder:
    """What the joined shards of a file go through."""
    if kind != "zst":
        return _Plain()
    return cast(Encoder, zstandard().ZstdCompressor(level=ZSTD_LEVEL, write_checksum=True).compressobj())


def blocks(path: Path, kind: str) -> Iterator[tuple[bytes, int]]:
    """What is in the compressed file ``path``, in blocks, each with how far into the file it reaches.

    Raises :class:`Trouble` where the stream is damaged or cut short; what comes before that has been given.
    """
    damaged: tuple[type[Exception], ...] = (EOFError, zlib.error, lzma.LZMAError)
    make: Callable[[], Any] = lzma.LZMADecompressor
    if kind == "gz":
        make = partial(zlib.decompressobj, 31)
    elif kind == "zst":
        package = zstandard()
        make, damaged = package.ZstdDecompressor().decompressobj, (*damaged, package.ZstdError)
    try:
        with path.open("rb") as file:
            yield from _members(file, make)
    except damaged as error:
        said = " ".join(str(error).split())
        raise Trouble(f"the compressed stream is damaged: {said}", f"压缩流已损坏：{said}") from None


def _members(file: BinaryIO, make: Callable[[], Any]) -> Iterator[tuple[bytes, int]]:
    decoder = None
    while data := file.read(CHUNK):
        while data:
            if decoder is None:
                data = data.lstrip(b"\0")  # padding between members
                if not data:
                    break
                decoder = make()
            yield decoder.decompress(data), file.tell()
            data = decoder.unused_data if decoder.eof else b""
            if decoder.eof:
                decoder = None
    if decoder is not None:
        raise EOFError("it ends early")
