"""What a worker is given: files of the corpus, or a part of one, in a form that travels."""

from __future__ import annotations

from dataclasses import dataclass

BLOCK = 1 << 20  # bytes read at a time
LARGEST = 16 << 20  # bytes: a longer record is rejected


@dataclass(frozen=True, slots=True)
class Input:
    """A file of the corpus: where it is, its ``name`` below the corpus, its ``kind``."""

    path: str
    name: str
    kind: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Shard:
    """What one worker does at a time: a part ``[start:end]`` of a file (or group of files), or ``data`` of it.

    ``weight`` counts the bytes of the input that it stands for. ``oversized`` is the length of a record that was passed
    over, ``failure`` says why the file could not be read to its end.
    """

    unit: int
    index: int
    inputs: tuple[Input, ...]
    start: int
    end: int
    weight: int
    data: bytes | None = None
    oversized: int = 0
    failure: str = ""

    @property
    def name(self) -> str:
        """What the files of this shard are called."""
        return f"{self.unit:06d}-{self.index:06d}"
