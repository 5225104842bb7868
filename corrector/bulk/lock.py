"""One run at a time on a target. The system takes the lock back from a process that dies, however it dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import Trouble


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock ``path``. Raises :class:`Trouble` when another process has it."""
    with path.open("ab") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise Trouble("another run is writing here; wait for its end, or choose another folder",
                          "另一个运行正在写这个文件夹，请等它结束或换一个文件夹") from None
        yield
