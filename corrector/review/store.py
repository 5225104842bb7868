"""The decisions file on the disk: every decision is there, flushed, before anybody is told that it was taken.

A small file is replaced as a whole, sorted, at each decision. In a large one decisions are appended, and
:meth:`Store.tidy` sorts it when there is time: of two lines for one place the later holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ..errors import Trouble
from ..files import write
from ..paths import regular
from . import decisions
from .decisions import Key, Row

SMALL = 1 << 19  # bytes that are replaced as a whole without anybody waiting


class Store:
    """The rows of one decisions file; a file that does not exist has none."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`~.decisions.DecisionsError`, ``OSError``."""
        self.path = path
        self.rows: dict[Key, Row] = {}
        self._lines: dict[Key, bytes] = {}
        self._size = 0
        self._untidy = self._cut = False
        self._stamp: tuple[int, int, int] | None = None
        self._read()

    def _read(self) -> None:
        try:
            data = regular(self.path).read_bytes()
        except FileNotFoundError:
            data = b""
        self.rows = decisions.parse(data)
        self._lines = {key: decisions.line(row) for key, row in self.rows.items()}
        self._size = len(data)
        self._untidy = data != self._sorted()
        self._cut = bool(data) and not data.endswith(b"\n")
        self._stamp = self._now()

    def _now(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def changed(self) -> bool:
        """Whether somebody else wrote the file since it was last read or written here."""
        return self._now() != self._stamp

    def require_ours(self) -> None:
        """Raises :class:`Trouble` when the file is not what it was when it was last read or written here."""
        if self.changed():
            raise Trouble("the decisions file was changed by another program; reload",
                          "审阅决定文件被别的程序改动过，请重新载入", about=str(self.path))

    def by_file(self) -> dict[str, list[Row]]:
        """The rows of each file, by its name; the names sorted."""
        files: dict[str, list[Row]] = {}
        for key in sorted(self.rows):
            files.setdefault(key[0], []).append(self.rows[key])
        return files

    def put(self, rows: Iterable[Row], drop: Iterable[Key] = ()) -> None:
        """Takes ``rows`` in, and ``drop`` out, and has the result on the disk. Raises :class:`Trouble`, ``OSError``."""
        self.require_ours()
        new = {row.key: row for row in rows if self.rows.get(row.key) != row}
        gone = {key for key in drop if key in self.rows}
        if not new and not gone:
            return
        before = self.rows, self._lines
        lines = {key: decisions.line(row) for key, row in new.items()}
        if gone or self._cut or self._size < SMALL or len(new) > len(self.rows) // 8:
            self.rows = {k: r for k, r in self.rows.items() if k not in gone} | new
            self._lines = {k: line for k, line in self._lines.items() if k not in gone} | lines
            try:
                self._replace()
            except BaseException:
                self.rows, self._lines = before
                raise
        else:
            self._append(b"".join(line + b"\n" for line in lines.values()))
            self.rows |= new
            self._lines |= lines

    def _append(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._untidy = True
        self._stamp = self._now()

    def _sorted(self) -> bytes:
        return b"".join(self._lines[key] + b"\n" for key in sorted(self._lines))

    def _replace(self) -> None:
        data = self._sorted()
        write(self.path, data)
        self._size = len(data)
        self._untidy = self._cut = False
        self._stamp = self._now()

    def tidy(self) -> None:
        """Sorts the file, one line a row, if it is not so. Raises ``OSError``."""
        if self._untidy and not self.changed():
            self._replace()
