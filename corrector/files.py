"""Files: walking folders, reading, and writing so that nothing is lost.

A walk respects ``.gitignore`` (of the folder, of what is above it up to the repository, of what is below), leaves out
hidden files and folders and the books of bulk runs, does not follow links to folders, and takes regular files of known
kinds only.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Trouble
from .formats import known
from .paths import is_stream, regular

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Ignored:
    """The ``.gitignore`` rules that hold in a folder, outermost first, each with the folder it counts from."""

    rules: tuple[tuple[Path, GitIgnoreSpec], ...] = ()

    def under(self, folder: Path) -> Ignored:
        """The rules that hold in ``folder``, a folder in one whose rules these are."""
        try:
            lines = regular(folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return self
        return Ignored((*self.rules, (folder, spec(lines))))

    def __call__(self, path: Path, folder: bool) -> bool:
        ignored = False
        for base, patterns in self.rules:
            found = patterns.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
            ignored = ignored if found is None else found
        return ignored


_BRACKETS = re.compile(r"(\[[!^]?)(\]?(?:\[:[a-z]+:\]|[^\]])*\])")
_CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "lower": "a-z", "upper": "A-Z", "blank": " \t",
            "space": " \t-\r", "xdigit": "0-9a-fA-F", "punct": "!-.:-@[-`{-~", "cntrl": "\x01-\x1f\x7f"}


def spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Patterns written as in ``.gitignore``; like Git, it passes over those that mean nothing."""
    from pathspec import GitIgnoreSpec

    lines = [_BRACKETS.sub(_plain, line) for line in lines]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of brackets in brackets, which mean themselves
        try:
            return GitIgnoreSpec.from_lines(lines)
        except (ValueError, re.error):
            return GitIgnoreSpec.from_lines(filter(_meant, lines))


def _plain(brackets: re.Match[str]) -> str:
    """``[[:digit:]_]`` as ``[0-9_]``, which is all that pathspec knows; like Git, ``[z-a]`` as ``[z]``."""
    inside = re.sub(r"\[:([a-z]+):\]", lambda name: _CLASSES.get(name[1], name[0]), brackets[2])
    return brackets[1] + re.sub(r"(.)-([^\]])", lambda ends: ends[0] if ends[1] <= ends[2] else ends[1], inside)


def _meant(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):  # such as ! alone
        return False
    return True


BOOKS = "_corrector"  # the folder of what a bulk run writes about itself: damaged words, but no documents
_HIDDEN = (".", "~$")  # the second are what Word and its like write beside an open file, and hide where they can


def _above(folder: Path) -> Ignored:
    """The rules of the folders above ``folder`` that belong to the same repository."""
    chain = [folder, *folder.parents]
    root = next((i for i, f in enumerate(chain) if os.path.exists(f / ".git")), 0)
    rules = Ignored()
    for outer in reversed(chain[1 : root + 1]):
        rules = rules.under(outer)
    return rules


def walk(folder: Path, failed: Callable[[Path, OSError], None], skipped: Callable[[Path], None],
         leave_out: Collection[Path] = (), *, wanted: Callable[[str], object] = known,
         above: bool = True) -> Iterator[Path]:
    """The files of known kinds (whose name is ``wanted``) below ``folder``, sorted by path.

    Folders that cannot be listed, and broken or looping links of a known kind, go to ``failed``; files of no known
    kind to ``skipped``. What lies in a folder of ``leave_out`` (resolved) is not looked at. Unless ``above``, the
    ``.gitignore`` files above ``folder`` do not count: corpora often lie in a repository that ignores them. Nor do they
    where they ignore ``folder`` itself: it was named.
    """
    real = folder.resolve()
    rules = _above(real) if above else Ignored()
    pending = [(folder, real, Ignored() if rules(real, True) else rules)]
    while pending:
        here, real, rules = pending.pop()
        if real in leave_out:
            continue
        try:
            with os.scandir(here) as listing:
                entries = sorted((e for e in listing if not e.name.startswith(_HIDDEN)), key=lambda e: e.name)
        except OSError as error:
            failed(here, error)
            continue
        rules = rules.under(real)
        below = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if rules(real / entry.name, is_folder):
                continue
            if is_folder and entry.name == BOOKS:
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


def nameable(path: str) -> bool:
    """Whether a file can be called ``path``: names that come out of files may be anything."""
    try:
        return bool(path) and b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def make_folder(path: Path) -> None:
    """Makes the folder ``path``, and those above it, where there is none. Raises ``OSError``."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # which would be said of what is to be written there
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from None


def require_room(folder: Path, own: str) -> None:
    """Makes sure, before long work, that what comes of it can be put into ``folder``, which may hold an earlier result:
    known by the file ``own``. Raises :class:`Trouble`, ``OSError``."""
    if folder.exists():
        if not folder.is_dir():
            raise Trouble("is a file; the output needs a folder", "是文件；输出需要一个文件夹", about=str(folder))
        if not (folder / own).exists() and any(folder.iterdir()):
            raise Trouble("holds other files; choose an empty or a new folder",
                          "里面已有别的文件，请换一个空的或新的文件夹", about=str(folder))
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def write(path: Path, data: bytes, first: Callable[[], None] = lambda: None) -> None:
    """Writes aside and renames, so that ``path`` holds the old bytes or the new; permissions and owner are kept.

    ``first`` is called when nothing but the renaming is left to do. A link is followed, and stays; pipes, devices and
    open streams are written into. Raises ``OSError`` about ``path``, for a file that may not be written too.
    """
    try:
        old = path.stat() if path.exists() else None
        if is_stream(path) or (old is not None and not stat.S_ISREG(old.st_mode)):
            first()
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "ab") as stream:
                stream.write(data)
        else:
            _replace(path.resolve(), old, data, first)
    except OSError as error:
        error.filename = str(path)  # not what was written aside
        raise


def _replace(target: Path, old: os.stat_result | None, data: bytes, first: Callable[[], None]) -> None:
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    aside = target.with_name(f".{target.name[:60]}.{secrets.token_hex(6)}")
    mode = 0o600 if old is not None else 0o666  # what only some may read, nobody else may read meanwhile
    try:
        with open(aside, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(aside, old.st_uid, old.st_gid)
            os.chmod(aside, stat.S_IMODE(old.st_mode))
        first()
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
