"""Reading ``dictionaries/``: tab-separated files whose first row names the columns; ``#`` lines are comments.

The first comment line of a converter table is its title; ``# extends: A`` takes over every pair of another table.
"""

from __future__ import annotations

import functools
from pathlib import Path

from .model import Lexicon, Pair, Table

COLUMNS = ["original", "converted", "kind", "evidence", "count", "note"]


class LexiconError(ValueError):
    """A dictionary that cannot be read; the message names the file and the line."""


def folder() -> Path:
    """Where the dictionaries are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_dictionaries"
    return installed if installed.is_dir() else package.parent / "dictionaries"


@functools.cache
def default_lexicon() -> Lexicon:
    """The shipped dictionaries."""
    return load(folder())


def load(root: Path) -> Lexicon:
    """The lexicon of a dictionaries folder. Raises :class:`LexiconError`."""
    return Lexicon(tuple(load_table(path) for path in sorted((root / "converters").glob("*.tsv"))))


def load_table(path: Path) -> Table:
    """One converter table, with the pairs of the table it extends. Raises :class:`LexiconError`."""
    title, header, pairs = "", False, {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path}:{number}"
        if line.startswith("#"):
            comment = line[1:].strip()
            if comment.startswith("extends:"):
                parent = load_table(path.with_name(comment.removeprefix("extends:").strip() + ".tsv"))
                pairs = {p.original: p for p in parent.pairs} | pairs
            title = title or comment
            continue
        cells = line.split("\t")
        if not header:
            if cells != COLUMNS:
                raise LexiconError(f"{where}: the first row must name the columns {', '.join(COLUMNS)}")
            header = True
            continue
        if len(cells) != len(COLUMNS) or not cells[0] or not (cells[4] or "0").isdigit():
            raise LexiconError(f"{where}: expected {len(COLUMNS)} cells: {', '.join(COLUMNS)}")
        pairs[cells[0]] = Pair(cells[0], cells[1], cells[2], cells[3], int(cells[4] or 0), cells[5])
    return Table(path.stem, title, tuple(pairs[k] for k in sorted(pairs)))
