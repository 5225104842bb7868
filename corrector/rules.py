"""A project's own rules, written: phrases and weights go into the files that its configuration names.

Without a configuration one is made in the working folder; one without such a file is given the line that names it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from . import config as configs
from .config import Config
from .errors import Trouble
from .files import write
from .lexicon.read import (
    KEEP_COLUMNS,
    RESTORE_COLUMNS,
    WEIGHT_COLUMNS,
    load_phrases,
    load_weights,
    split_phrase,
)

COLUMNS = {"keep": KEEP_COLUMNS, "restore": RESTORE_COLUMNS, "weights": WEIGHT_COLUMNS}
REACH = 4  # characters of context on either side of a phrase made from a place
_SECTION = re.compile(r"^\[tool\.corrector\][ \t]*(?:#.*)?$", re.M)


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
    try:
        split_phrase(phrase)
    except ValueError as error:
        raise Trouble(str(error), f"{phrase!r} 要有且只有一处用方括号标出，例如 因地制宜[开展]治理") from None
    return add_rows("keep", [(phrase, reason)], near, config)


def add_rows(key: str, rows: Iterable[tuple[str, ...]], near: Path, config: Path | None = None) -> Path:
    """Writes ``rows`` into the file that the configuration of ``near`` names under ``key``; returns that file.

    A row takes the place of one that begins with the same cells. Raises :class:`Trouble`, ``OSError``.
    """
    path, columns = _own_file(key, near, config), COLUMNS[key]
    identity = 2 if key == "weights" else 1
    kept: dict[tuple[str, ...], str] = {}
    head = ["\t".join(columns)]
    if path.exists():
        _load(key, path)
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        first = next(i for i, line in enumerate(lines) if line and line[0] != "#")
        head = lines[: first + 1]
        kept = {tuple(line.split("\t")[:identity]): line for line in lines[first + 1 :] if line}
    kept |= {row[:identity]: "\t".join(row) for row in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, "".join(f"{line}\n" for line in (*head, *(kept[k] for k in sorted(kept)))).encode())
    return path


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
    configs.load.cache_clear()
    configs.nearest.cache_clear()
    return config.absolute().parent / file


def _name(key: str, file: str, path: Path) -> None:
    """Writes ``key``, naming ``file``, into a configuration that has none."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    line = f'{key} = "{file}"\n'
    if path.name == "pyproject.toml":
        section = _SECTION.search(text)
        new = f"{text[: section.end()]}\n{line.rstrip()}{text[section.end() :]}" if section else ""
    else:
        new = line + text
    try:
        values = tomllib.loads(new)
        values = values["tool"]["corrector"] if path.name == "pyproject.toml" else values
        understood = values[key] == file
    except (ValueError, KeyError, TypeError):
        understood = False
    if not understood:
        raise Trouble(f"name a {key} file in it: {line.strip()}", f"请在其中写上一行：{line.strip()}", about=str(path))
    write(path, new.encode())
