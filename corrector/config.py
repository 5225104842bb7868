"""The configuration of a project: ``corrector.toml``, or ``[tool.corrector]`` in ``pyproject.toml``.

Start with :func:`find`: the nearest file, walking up from the file that is checked. It is data only: nothing in it is
executed. Keys are listed in docs/interface.md and in :data:`KEYS`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import models
from .document import Document, protecting
from .edits import Tier
from .errors import Trouble, said
from .files import nameable, spec
from .lexicon import Lexicon, Table, default_lexicon
from .lexicon.read import load_phrases, load_set_phrases, load_table, load_weights
from .paths import regular, shown

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from .api import Corrector


class ConfigError(Trouble):
    """A configuration that cannot be used; ``about`` names the file, from the working folder if it is below it."""

    def __init__(self, english: str, chinese: str = "", *, about: str | Path) -> None:
        super().__init__(english, chinese, about=shown(Path(about)))


def _unread(error: OSError, path: str | Path) -> ConfigError:
    return ConfigError(said(error, chinese=False), said(error, chinese=True), about=path)


@dataclass(frozen=True)
class Config:
    """What a configuration says; empty values say nothing. Paths are absolute, ``folder`` is where it stands, and
    ``named_in`` is what names the ``converter``: its file, or the option."""

    folder: Path = Path()
    level: str = ""
    converter: tuple[str, ...] = ()
    named_in: str | Path = "--converter"
    no_document_evidence: bool = False
    misread: bool | None = None
    tables: tuple[Path, ...] = ()
    model: tuple[Path, ...] = ()
    keep: tuple[Path, ...] = ()
    restore: tuple[Path, ...] = ()
    set_phrases: tuple[Path, ...] = ()
    weights: tuple[Path, ...] = ()
    allowed: tuple[str, ...] = ()
    ignore_paths: tuple[str, ...] = ()
    ignore_patterns: tuple[str, ...] = ()

    def ignores(self, path: Path) -> bool:
        """Whether ``path`` is one that ``ignore-paths`` names."""
        if not self.ignore_paths:
            return False
        absolute = Path(os.path.abspath(path))
        return absolute.is_relative_to(self.folder) and self._paths.match_file(
            absolute.relative_to(self.folder).as_posix())

    @cached_property
    def _paths(self) -> GitIgnoreSpec:
        return spec(self.ignore_paths)

    def protect(self, document: Document) -> Document:
        """``document`` with what ``ignore-patterns`` match protected as well."""
        return protecting(document, map(re.compile, self.ignore_patterns))

    @cached_property
    def lexicon(self) -> Lexicon:
        """The dictionaries with this project's tables, models, phrases and allowed words. Raises :class:`Trouble`."""
        base = default_lexicon()
        try:
            own = self._own_tables({t.name for t in base.tables})
            phrases = [p for path in self.keep for p in load_phrases(path, keep=True)]
            phrases += [p for path in self.restore for p in load_phrases(path, keep=False)]
            weights = tuple(w for path in self.weights for w in load_weights(path))
            fixed = {p.text: p for p in base.set_phrases}
            fixed |= {p.text: p for path in self.set_phrases for p in load_set_phrases(path)}
        except OSError as error:
            raise _unread(error, error.filename) from None
        tables = {t.name: t for t in base.tables} | own
        lexicon = replace(base, tables=tuple(tables[name] for name in sorted(tables)),
                          phrases=(*base.phrases, *phrases), allowed=base.allowed | set(self.allowed), weights=weights,
                          set_phrases=tuple(fixed[text] for text in sorted(fixed)))
        return models.widened(lexicon, [models.load(path) for path in self.model])

    def _own_tables(self, shipped: set[str]) -> dict[str, Table]:
        """The project's tables by name; one that is called like another would silently take its place."""
        files: dict[str, Path] = {}
        for path in self.tables:
            other = files.setdefault(path.stem, path)
            if path.stem in shipped or other.resolve() != path.resolve():
                raise ConfigError(f"a table called {path.stem} is there already; rename the file",
                                  f"已有一张叫 {path.stem} 的词表，请给文件换个名字", about=path)
        return {name: load_table(path) for name, path in files.items()}


def _words(value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise Trouble("a list of strings", "字符串的列表")
    return tuple(values)


def _paths(value: object) -> tuple[str, ...]:
    if not all(map(nameable, _words(value))):
        raise Trouble("a list of file names", "文件名的列表")
    return _words(value)


def _level(value: object) -> str:
    if value not in list(Tier):
        raise Trouble("one of " + ", ".join(Tier), " " + "、".join(Tier) + " 之一")
    return str(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Trouble("true or false", " true 或 false")
    return value


def _patterns(value: object) -> tuple[str, ...]:
    for pattern in _words(value):
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise Trouble(f"a list of regular expressions ({pattern}: {error})",
                          f"正则表达式的列表（{pattern}：{error}）") from None
    return _words(value)


KEYS: dict[str, Callable[[object], Any]] = {
    "level": _level, "converter": _words, "no-document-evidence": _flag, "misread": _flag, "tables": _paths,
    "model": _paths, "keep": _paths, "restore": _paths, "set-phrases": _paths, "weights": _paths, "allowed": _words,
    "ignore-paths": _words, "ignore-patterns": _patterns,
}
_FILES = ("tables", "model", "keep", "restore", "set-phrases", "weights")


def parse(values: dict[str, Any], path: Path) -> Config:
    """The configuration with these ``values``, as they stand in the file ``path``. Raises :class:`ConfigError`."""
    folder = Path(os.path.abspath(path)).parent
    fields: dict[str, Any] = {"folder": folder, "named_in": path}
    for key, value in values.items():
        if key not in KEYS:
            raise ConfigError(f"unknown key {key!r}; known: {', '.join(KEYS)}",
                              f"不认识的键 {key!r}；可用的有：{'、'.join(KEYS)}", about=path)
        try:
            read = KEYS[key](value)
        except Trouble as error:
            raise ConfigError(f"{key} must be {error.english}", f"{key} 的值应为{error.chinese}", about=path) from None
        fields[key.replace("-", "_")] = tuple(folder / p for p in read) if key in _FILES else read
    return Config(**fields)


@lru_cache(maxsize=256)
def load(path: Path) -> Config | None:
    """The configuration in ``path``; ``None`` for a ``pyproject.toml`` without one. Raises :class:`ConfigError`."""
    import tomllib  # most runs have no configuration

    try:
        values = tomllib.loads(regular(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unread(error, path) from None
    except UnicodeDecodeError:
        raise ConfigError("not UTF-8; save it as UTF-8", "不是 UTF-8，请另存为 UTF-8", about=path) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"not a TOML file: {error}", f"不是 TOML 文件：{error}", about=path) from None
    if path.name == "pyproject.toml":
        tool = values.get("tool", {})
        if not isinstance(tool, dict) or not isinstance(tool.get("corrector"), dict):
            return None
        values = tool["corrector"]
    return parse(values, path)


@lru_cache(maxsize=4096)
def nearest(folder: Path) -> Config | None:
    """The configuration in ``folder`` or the first one above it."""
    for name in ("corrector.toml", "pyproject.toml"):
        path = folder / name
        found = load(path) if os.path.isfile(path) else None
        if found is not None:
            return found
    return None if folder.parent == folder else nearest(folder.parent)


def forget() -> None:
    """Has configurations, and the files that they name, read anew: they were, or may have been, written to."""
    for known in (load, nearest, unjudged, corrector):
        known.cache_clear()


def find(path: Path) -> Config:
    """The configuration that holds for the file (or folder) ``path``. Raises :class:`ConfigError`."""
    start = Path(os.path.abspath(path))  # without .., which would be walked up from
    return nearest(start if os.path.isdir(start) else start.parent) or Config()


def chosen(config: Config, *, level: str | None, converters: Sequence[str], alone: bool,
           model: Sequence[Path] = (), misread: bool | None = None) -> Config:
    """``config`` with what the command line says put over it; a ``model`` is used beside those that it names."""
    return replace(config, level=level or config.level or Tier.LIKELY,
                   converter=tuple(converters) or config.converter,
                   named_in=Config.named_in if converters else config.named_in,
                   model=tuple(dict.fromkeys((*model, *config.model))),
                   no_document_evidence=alone or config.no_document_evidence,
                   misread=config.misread if misread is None else misread)


@lru_cache(maxsize=16)
def unjudged(config: Config) -> tuple[tuple[Path, int], ...]:
    """The own tables of ``config`` of which some pairs are not corrected, and how many: see :func:`models.unjudged`.

    Raises :class:`Trouble` when a table or a model cannot be read.
    """
    own = [models.load(folder) for folder in config.model]
    counts = ((path, models.unjudged(config.lexicon.table(path.stem), own)) for path in config.tables
              if path.stem in (config.converter or (path.stem,)))
    return tuple((path, count) for path, count in counts if count)


@lru_cache(maxsize=16)
def corrector(config: Config) -> Corrector:
    """The corrector that ``config`` asks for, made once. Raises :class:`Trouble` for an unknown converter."""
    from .api import Corrector

    for name in config.converter:
        try:
            config.lexicon.table(name)
        except KeyError as error:
            chinese = f"没有这个转换器：{name}；现有：{'、'.join(t.name for t in config.lexicon.tables)}"
            raise ConfigError(str(error.args[0]), chinese, about=config.named_in) from None
    return Corrector(converters=config.converter, level=config.level, lexicon=config.lexicon, model=config.model,
                     document_evidence=not config.no_document_evidence, misread=config.misread)
