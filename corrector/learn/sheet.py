"""Writing a converter table: what ``learn`` and ``mine`` found, in the format of ``dictionaries/converters``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from ..lexicon.faults import character_faults
from ..lexicon.model import Pair
from ..lexicon.read import TABLE_COLUMNS, is_directive


class _Row(Protocol):
    @property
    def original(self) -> str: ...
    @property
    def converted(self) -> str: ...


Row = TypeVar("Row", bound=_Row)


def fitting(rows: Iterable[Row]) -> list[Row]:
    """Those that a table can hold: the first of each original, of characters that can be looked for."""
    first: dict[str, Row] = {}
    for row in rows:
        if not any(character_faults(row.original + row.converted)):
            first.setdefault(row.original, row)
    return list(first.values())


def table_file(title: str, pairs: Iterable[Pair], *, rare: bool = False) -> bytes:
    """The file of a table of those ``pairs`` that are :func:`fitting`.

    A title that would be obeyed (``rare``) is written in quotes.

    >>> table_file("my school", [Pair("发展", "开展", "word", "learnt", 3, "科学开展")]).decode().splitlines()[1:]
    ['original\\tconverted\\tkind\\tevidence\\tcount\\tnote', '发展\\t开展\\tword\\tlearnt\\t3\\t科学开展']
    """
    title = " ".join(title.split())
    lines = [f"# “{title}”" if is_directive(title) else f"# {title}", *["# rare"] * rare, "\t".join(TABLE_COLUMNS)]
    for p in sorted(fitting(pairs), key=lambda p: p.original):
        count = str(p.count) if p.count else ""
        lines.append("\t".join((p.original, p.converted, p.kind, p.evidence, count, " ".join(p.note.split()))))
    return ("\n".join(lines) + "\n").encode()
