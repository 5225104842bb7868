"""Files: walking folders and writing so that nothing is lost."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .formats.text import SUFFIXES


def walk(path: Path, failed: Callable[[Path, OSError], None]) -> Iterator[Path]:
    """``path`` itself if it is a file, else the files of known kinds below it, sorted. Links to folders are not
    followed, so that a loop cannot be walked; folders that cannot be listed go to ``failed``."""
    if not path.is_dir():
        yield path
        return

    def unlistable(error: OSError) -> None:
        failed(Path(error.filename), error)

    for folder, folders, files in os.walk(path, onerror=unlistable):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES:
                yield Path(folder, name)


def write(path: Path, data: bytes) -> None:
    """Writes aside and renames, so that ``path`` holds the old bytes or the new; its permissions are kept."""
    target = path.resolve()
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        os.chmod(aside, mode)
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
