"""Model folders: what ``corrector train`` writes, and ``--model`` names.

A folder holds ``context.bin`` and ``manifest.json`` (read by :mod:`corrector.engine.model`) and in ``tables/`` the
converter tables it was trained for. They stand beside the shipped tables, whose judgements they leave alone: a pair
that several models know belongs to the shipped one, then to the one named first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from .engine import model as contexts
from .engine.features import BITS, code_points, features, pair_key
from .engine.model import ContextModel
from .engine.several import Several
from .errors import Trouble
from .lexicon import Lexicon, Table
from .lexicon.read import load_table
from .paths import shown

TABLES = "tables"


@dataclass(frozen=True)
class Model:
    """An own model: its weights, and the tables that it was trained for."""

    context: ContextModel
    tables: tuple[Table, ...]


def fingerprint() -> str:
    """What the weights of a model depend on besides its training: the features. Another one means another version."""
    codes, _ = code_points("推动经济社会科学开展，为人民效劳")
    rows = features(codes, np.array([32]), np.array([34]), np.array([1], dtype=np.uint32))
    return f"{BITS}-{int(rows.astype(np.int64).sum()):x}"


def load(folder: Path) -> Model:
    """The model in ``folder``. Raises :class:`Trouble` in one line that says what is wrong with it."""
    absolute = folder.absolute()
    return _load(absolute, shown(absolute))


@cache
def _load(folder: Path, about: str) -> Model:
    try:
        if contexts.manifest(folder).get("features") != fingerprint():
            raise Trouble("made by another version of corrector; make it again with corrector train",
                          "由另一版本的 corrector 训练而成；请用 corrector train 重新训练", about=about)
        context = contexts.load(folder)
        tables = tuple(load_table(path) for path in sorted((folder / TABLES).glob("*.tsv")))
    except Trouble:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Trouble("not a model: a folder written by corrector train is needed",
                      "不是模型；这里要的是 corrector train 写出的文件夹", about=about) from None
    if len(context.weights) != 1 << BITS:
        raise Trouble("context.bin is cut short; make the model again", "context.bin 不完整；请重新训练",
                      about=about)
    return Model(context, tables)


def beside(own: Sequence[Model]) -> ContextModel | Several:
    """The shipped model, with ``own`` ones beside it."""
    return Several((contexts.load(), *(m.context for m in own))) if own else contexts.load()


def unjudged(table: Table, own: Sequence[Model]) -> int:
    """How many pairs of ``table`` no model knows, and so corrects; none when it came with one of the ``own``."""
    if any(t.name == table.name for model in own for t in model.tables):
        return 0
    known = {key for model in (contexts.load(), *(m.context for m in own)) for key in model.pairs}
    return sum(bool(p.converted) and pair_key(p.original, p.converted) not in known for p in table.pairs)


def widened(lexicon: Lexicon, own: Sequence[Model]) -> Lexicon:
    """``lexicon`` with the tables of ``own`` models; one that is there already stays.

    Models trained for tables of one name share it, with the pairs of all; of an original the first one's is taken.
    """
    tables: dict[str, Table] = {}
    for table in (t for model in own for t in model.tables):
        first = tables.setdefault(table.name, table)
        pairs = {p.original: p for p in (*table.pairs, *first.pairs)}
        tables[table.name] = replace(first, pairs=tuple(pairs[original] for original in sorted(pairs)))
    tables |= {t.name: t for t in lexicon.tables}
    return replace(lexicon, tables=tuple(tables[name] for name in sorted(tables)))
