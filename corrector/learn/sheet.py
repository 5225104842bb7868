"""Writing a converter table: what ``learn`` and ``mine`` found, in the format of ``dictionaries/converters``."""

from __future__ import annotations

from collections.abc import Iterable

from ..lexicon.model import Pair
from ..lexicon.read import TABLE_COLUMNS


def table_file(title: str, pairs: Iterable[Pair], *, rare: bool = False) -> bytes:
    """The file of a table of ``pairs``; an original that comes twice keeps its first row.

    >>> table_file("my school", [Pair("发展", "开展", "word", "learnt", 3, "科学开展")]).decode().splitlines()[1:]
    ['original\\tconverted\\tkind\\tevidence\\tcount\\tnote', '发展\\t开展\\tword\\tlearnt\\t3\\t科学开展']
    """
    rows: dict[str, Pair] = {}
    for pair in pairs:
        rows.setdefault(pair.original, pair)
    lines = [f"# {' '.join(title.split())}", *["# rare"] * rare, "\t".join(TABLE_COLUMNS)]
    for p in sorted(rows.values(), key=lambda p: p.original):
        count = str(p.count) if p.count else ""
        lines.append("\t".join((p.original, p.converted, p.kind, p.evidence, count, " ".join(p.note.split()))))
    return ("\n".join(lines) + "\n").encode()
