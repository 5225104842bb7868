"""A project's own rules, written: a keep-phrase goes into the file that its configuration names.

Without a configuration one is made in the working folder; one without a keep file is given the line that names it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from . import config as configs
from .config import Config
from .errors import Trouble
from .files import write
from .lexicon.read import KEEP_COLUMNS, load_phrases, split_phrase

KEEP_FILE = "corrector-keep.tsv"
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
    path = _keep_file(near, config)
    rows = {phrase: f"{phrase}\t{reason}"}
    head = ["\t".join(KEEP_COLUMNS)]
    if path.exists():
        load_phrases(path, keep=True)
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        first = next(i for i, line in enumerate(lines) if line and line[0] != "#")
        head = lines[: first + 1]
        rows |= {line.split("\t")[0]: line for line in lines[first + 1 :] if line}
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, "".join(f"{line}\n" for line in (*head, *(rows[p] for p in sorted(rows)))).encode())
    return path


def _keep_file(near: Path, config: Path | None) -> Path:
    found = (configs.load(config) if config else configs.find(near)) or Config()
    if found.keep:
        return found.keep[0]
    if config is None and found.folder == Path():
        config = Path("corrector.toml").absolute()
        if not near.absolute().is_relative_to(config.parent):
            config = near.absolute().with_name("corrector.toml")
    elif config is None:
        own = found.folder / "corrector.toml"
        config = own if own.is_file() else found.folder / "pyproject.toml"
    _name_keep_file(config)
    configs.load.cache_clear()
    configs.nearest.cache_clear()
    return config.absolute().parent / KEEP_FILE


def _name_keep_file(path: Path) -> None:
    """Writes the key ``keep`` into a configuration that has none."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    line = f'keep = "{KEEP_FILE}"\n'
    if path.name == "pyproject.toml":
        section = _SECTION.search(text)
        new = f"{text[: section.end()]}\n{line.rstrip()}{text[section.end() :]}" if section else ""
    else:
        new = line + text
    try:
        values = tomllib.loads(new)
        values = values["tool"]["corrector"] if path.name == "pyproject.toml" else values
        understood = values["keep"] == KEEP_FILE
    except (ValueError, KeyError, TypeError):
        understood = False
    if not understood:
        raise Trouble(f"name a keep file in it: {line.strip()}", f"请在其中写上一行：{line.strip()}", about=str(path))
    write(path, new.encode())
