"""Files: walking folders, reading, and writing so that nothing is lost.

A walk respects ``.gitignore`` (of the folder, of what is above it up to the repository, of what is below), leaves out
hidden files and folders, does not follow links to folders, and takes regular files of known kinds only.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .formats import known

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Ignored:
    """The ``.gitignore`` rules that hold in a folder, outermost first, each with the folder it counts from."""

    rules: tuple[tuple[Path, GitIgnoreSpec], ...] = ()

    def under(self, folder: Path) -> Ignored:
        """The rules that hold in ``folder``, a folder in one whose rules these are."""
        try:
            lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return self
        return Ignored((*self.rules, (folder, spec(lines))))

    def __call__(self, path: Path, folder: bool) -> bool:
        ignored = False
        for base, patterns in self.rules:
            found = patterns.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
            ignored = ignored if found is None else found
        return ignored


def spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Patterns written as in ``.gitignore``; like Git, it passes over those that mean nothing."""
    from pathspec import GitIgnoreSpec

    lines = list(lines)
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if line.strip(" /!") and not line.endswith("\\"))


def _above(folder: Path) -> Ignored:
    """The rules of the folders above ``folder`` that belong to the same repository."""
    chain = [folder, *folder.parents]
    root = next((i for i, f in enumerate(chain) if (f / ".git").exists()), 0)
    rules = Ignored()
    for outer in reversed(chain[1 : root + 1]):
        rules = rules.under(outer)
    return rules


def walk(folder: Path, failed: Callable[[Path, OSError], None], skipped: Callable[[Path], None],
         leave_out: Path | None = None, *, wanted: Callable[[str], object] = known,
         above: bool = True) -> Iterator[Path]:
    """The files of known kinds (whose name is ``wanted``) below ``folder``, sorted by path.

    Folders that cannot be listed, and broken or looping links of a known kind, go to ``failed``; files of no known
    kind to ``skipped``. What lies in the folder ``leave_out`` (resolved) is not looked at. Unless ``above``, the
    ``.gitignore`` files above ``folder`` do not count: corpora often lie in a repository that ignores them.
    """
    real = folder.resolve()
    pending = [(folder, real, _above(real) if above else Ignored())]
    while pending:
        here, real, rules = pending.pop()
        if real == leave_out:
            continue
        try:
            with os.scandir(here) as listing:
                entries = sorted((e for e in listing if not e.name.startswith(".")), key=lambda e: e.name)
        except OSError as error:
            failed(here, error)
            continue
        rules = rules.under(real)
        below = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if rules(real / entry.name, is_folder):
                continue
            if is_folder:
                below.append((here / entry.name, real / entry.name, rules))
            elif os.path.isdir(entry):
                continue
            elif not wanted(entry.name):
                skipped(here / entry.name)
            else:
                yield from _regular(here / entry.name, failed, skipped)
        pending += reversed(below)


def _regular(path: Path, failed: Callable[[Path, OSError], None], skipped: Callable[[Path], None]) -> Iterator[Path]:
    try:
        # A pipe would be waited for without end.
        if stat.S_ISREG(path.stat().st_mode):
            yield path
        else:
            skipped(path)
    except OSError as error:
        failed(path, error)


def write(path: Path, data: bytes) -> None:
    """Writes aside and renames, so that ``path`` holds the old bytes or the new; permissions and owner are kept.

    A link is followed, and stays. Raises ``OSError``, for a file that may not be written too.
    """
    target = path.resolve()
    old = target.stat() if target.exists() else None
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:60]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if old is not None and hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(aside, old.st_uid, old.st_gid)
        os.chmod(aside, stat.S_IMODE(old.st_mode) if old is not None else 0o666 & ~_umask())
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
