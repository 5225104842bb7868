"""The journal of a ``fix --in-place``: what is needed to take it back, byte for byte."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .edits import Edit, apply
from .files import write
from .formats.text import decode


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: hashes before and after, and the edits ``(start, end, original, replacement)`` that restore it."""

    path: str
    before: str
    after: str
    inverse: tuple[tuple[int, int, str, str], ...]


class JournalError(ValueError):
    """A journal that cannot be read."""


def digest(data: bytes) -> str:
    """The SHA-256 of ``data``, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def save(path: Path, entries: list[Entry]) -> None:
    """Writes a journal; done before the files are replaced, so that a crash leaves it usable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [asdict(e) for e in entries]
    write(path, (json.dumps({"schema": 1, "files": files}, ensure_ascii=False, indent=1) + "\n").encode())


def load(path: Path) -> list[Entry]:
    """The entries of a journal. Raises :class:`JournalError`, ``OSError``."""
    try:
        files = json.loads(path.read_bytes())["files"]
        return [Entry(f["path"], f["before"], f["after"], tuple((a, b, c, d) for a, b, c, d in f["inverse"]))
                for f in files]
    except (ValueError, KeyError, TypeError):
        raise JournalError("not a journal of corrector") from None


def undo(entry: Entry) -> bool:
    """Restores one file. False when it was changed since and is left alone. Raises ``OSError``."""
    path = Path(entry.path)
    data = path.read_bytes()
    if digest(data) == entry.before:
        return True
    if digest(data) != entry.after:
        return False
    decoded = decode(data)
    restored = decoded.encode(apply(decoded.text, [Edit(*row) for row in entry.inverse]))
    if digest(restored) != entry.before:
        return False
    write(path, restored)
    return True
