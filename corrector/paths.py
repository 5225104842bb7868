"""Paths: what kind of thing they name, and how they are shown. Whatever reads a file may ask this; how files are walked
and written is in :mod:`.files`."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def regular(path: Path) -> Path:
    """``path``, if reading it comes to an end: a named pipe or a device may be waited for without one.

    Streams that are open, as ``<(…)`` of a shell is, will be ended. Raises ``OSError``.
    """
    mode = path.stat().st_mode
    ends = stat.S_ISREG(mode) or is_stream(path) or str(path) == os.devnull
    if ends or stat.S_ISDIR(mode):  # of which reading says more
        return path
    raise OSError(errno.ENXIO, "not a regular file", str(path))


def shown(path: Path) -> str:
    """``path`` as one would type it in the working folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def is_stream(path: Path) -> bool:
    """Whether ``path`` names what is open already: a file that others write to, perhaps."""
    return str(path).startswith(("/dev/std", "/dev/fd/", "/proc/self/fd/"))
