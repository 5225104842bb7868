"""A project's own rules, written: phrases and weights go into the files that its configuration names.

Without a configuration one is made in the working folder; one without such a file is given the line that names it.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path

from . import config as configs
from .config import Config
from .engine.features import WINDOW
from .errors import Trouble
from .files import make_folder, write
from .lexicon.read import (
    KEEP_COLUMNS,
    RESTORE_COLUMNS,
    WEIGHT_COLUMNS,
    load_phrases,
    load_weights,
    split_phrase,
)
from .paths import regular

COLUMNS = {"keep": KEEP_COLUMNS, "restore": RESTORE_COLUMNS, "weights": WEIGHT_COLUMNS}
REACH = 4  # characters of context on either side of a phrase made from a place
_SECTION = re.compile(r"^\[tool\.corrector\][ \t]*(?:#[^\r\n]*)?(?=\r?$)", re.M)


def phrase_at(text: str, start: int, end: int) -> str:
    """The phrase round ``text[start:end]``, as keep files have it: up to four characters, no punctuation.

    >>> phrase_at("坚持因地制宜开展治理，", 6, 8)
    '因地制宜[开展]治理'

    Raises :class:`Trouble` where nothing stands beside it.
    """
    left, right = start, end
    while left > max(0, start - REACH) and text[left - 1].isalnum():
        left -= 1
    while right < min(len(text), end + REACH) and text[right].isalnum():
        right += 1
    if (left, right) == (start, end):
        raise Trouble(f"{text[start:end]!r} stands alone here, which makes no phrase; see “allowed” in corrector.toml",
                      f"“{text[start:end]}”在这里独立成句，构不成短语；可用 corrector.toml 的 allowed")
    return f"{text[left:start]}[{text[start:end]}]{text[end:right]}"


def add_keep(phrase: str, reason: str, near: Path, config: Path | None = None) -> Path:
    """Writes ``phrase`` (its span in brackets) into the keep file for the file ``near``; returns that file.

    Raises :class:`Trouble`, ``OSError``.
    """
    if any(not c.isprintable() for c in phrase + reason):
        raise Trouble("a phrase and its reason are one line without tabs", "短语和理由须在一行之内，不含制表符")
    if phrase.startswith("#"):
        raise Trouble("a phrase cannot begin with #: that is a comment in the file",
                      "短语不能以 # 开头：写进文件就成了注释")
    text, start, end = split_phrase(phrase)
    if start > WINDOW or len(text) - end > WINDOW:
        raise Trouble(f"at most {WINDOW} characters on either side of the brackets",
                      f"方括号两边各不能超过 {WINDOW} 个字")
    return add_rows("keep", [(phrase, reason)], near, config)


def drop_keep(phrase: str, path: Path) -> None:
    """Takes ``phrase`` out of the keep file ``path`` again, if it is there. Raises ``OSError``."""
    with _turn(), suppress(FileNotFoundError):
        lines = path.read_bytes().split(b"\n")
        write(path, b"\n".join(line for line in lines if line.split(b"\t")[0] != phrase.encode()))


def add_rows(key: str, rows: Iterable[tuple[str, ...]], near: Path, config: Path | None = None) -> Path:
    """Writes ``rows`` into the file that the configuration of ``near`` names under ``key``; returns that file.

    A row takes the place of one that begins with the same cells; a new one comes before the first that sorts after it,
    and before the comments above that. Raises :class:`Trouble`, ``OSError``.
    """
    with _turn():
        configs.forget()
        path = _own_file(key, near, config)
        configs.forget()
        _add(key, rows, path)
    return path


@contextmanager
def _turn() -> Iterator[None]:
    """Those who write rules take turns: each reads a file and writes it again, and would undo what another wrote."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    everybody = os.open(Path(__file__).parent, os.O_RDONLY)  # is there for all of them, whatever the project
    try:
        with suppress(OSError):  # not every network has locks
            fcntl.flock(everybody, fcntl.LOCK_EX)
        yield
    finally:
        os.close(everybody)


def _add(key: str, rows: Iterable[tuple[str, ...]], path: Path) -> None:
    lines, newline = ["\t".join(COLUMNS[key])], "\n"
    if path.exists():
        _load(key, path)
        lines = path.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
        newline = _newline(path.read_bytes())
    first = next(i for i, line in enumerate(lines) if _is_row(line)) + 1
    for row in rows:
        _put(lines, first, row, 2 if key == "weights" else 1)
    make_folder(path.parent)
    write(path, "".join(f"{line}{newline}" for line in lines).encode())


def _put(lines: list[str], first: int, row: tuple[str, ...], identity: int) -> None:
    """Puts ``row``, which is known by so many cells, among the rows that begin at ``first``."""
    own = row[:identity]
    known = [(i, tuple(lines[i].split("\t")[:identity])) for i in range(first, len(lines)) if _is_row(lines[i])]
    if same := [i for i, cells in known if cells == own]:
        for i in reversed(same[1:]):
            del lines[i]
        lines[same[0]] = "\t".join(row)
        return
    place = max((i + 1 for i, _ in takewhile(lambda r: r[1] < own, known)), default=first)
    lines.insert(place, "\t".join(row))


def _is_row(line: str) -> bool:
    return bool(line) and line[0] != "#"


def _newline(data: bytes) -> str:
    return "\r\n" if b"\r\n" in data else "\n"


def _load(key: str, path: Path) -> object:
    """Reads the file, so that one which cannot be read is not written to."""
    return load_weights(path) if key == "weights" else load_phrases(path, keep=key == "keep")


def _own_file(key: str, near: Path, config: Path | None) -> Path:
    found = (configs.load(config) if config else configs.find(near)) or Config()
    named: tuple[Path, ...] = getattr(found, key)
    if named:
        return named[0]
    if config is None and found.folder == Path():
        config = Path("corrector.toml").absolute()
        if not near.absolute().is_relative_to(config.parent):
            config = near.absolute().with_name("corrector.toml")
    elif config is None:
        own = found.folder / "corrector.toml"
        config = own if own.is_file() else found.folder / "pyproject.toml"
    file = f"corrector-{key}.tsv"
    _name(key, file, config)
    return config.absolute().parent / file


def _name(key: str, file: str, path: Path) -> None:
    """Writes ``key``, naming ``file``, into a configuration that has none."""
    data = regular(path).read_bytes() if path.exists() else b""
    text, newline = data.decode("utf-8-sig"), _newline(data)
    line = f'{key} = "{file}"'
    if path.name == "pyproject.toml":
        section = _SECTION.search(text)
        new = f"{text[: section.end()]}{newline}{line}{text[section.end() :]}" if section else ""
    else:
        new = line + newline + text
    try:
        values = tomllib.loads(new)
        values = values["tool"]["corrector"] if path.name == "pyproject.toml" else values
        understood = values[key] == file
    except (ValueError, KeyError, TypeError):
        understood = False
    if not understood:
        raise Trouble(f"name a {key} file in it: {line}", f"请在其中写上一行：{line}", about=str(path))
    write(path, new.encode())
