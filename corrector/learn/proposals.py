"""The proposals of ``mine`` as a file, and the table made of those that somebody accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from ..errors import Trouble
from ..lexicon import Pair
from ..paths import regular
from .mine import Proposal
from .sheet import table_file
from .tables import kind

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def lines(proposals: Iterable[Proposal]) -> bytes:
    """One JSON object a proposal, best first."""
    return b"".join(json.dumps(asdict(p), ensure_ascii=False).encode() + b"\n" for p in proposals)


def read(path: Path) -> list[Proposal] | None:
    """The proposals in a file that :func:`lines` made; ``None`` for any other file. Raises ``OSError``."""
    if path.suffix != ".jsonl":
        return None
    try:
        rows = [json.loads(line) for line in regular(path).read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Proposal(**row | {"examples": tuple(row["examples"])}) for row in rows]
    except (ValueError, KeyError, TypeError):
        return None


def chosen(proposals: Sequence[Proposal], wanted: str) -> list[Proposal]:
    """The proposals that ``wanted`` numbers, from 1: ``1-12,15``, or ``all``. Raises :class:`Trouble`."""
    if not proposals:
        raise Trouble("no pairs were found that could be accepted", "没有提出词对，无可接受", about="--accept")
    if wanted == "all":
        return list(proposals)
    numbers: set[int] = set()
    for piece in wanted.replace("，", ",").split(","):
        found = _RANGE.fullmatch(piece.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= len(proposals):
            most, said = len(proposals), piece.strip()
            raise Trouble(f"{said!r} is no number from 1 to {most}; write 1-12,15 or all",
                          f"“{said}”不是 1 到 {most} 之间的编号；写法如 1-12,15 或 all", about="--accept")
        numbers.update(range(first, last + 1))
    return [proposals[n - 1] for n in sorted(numbers)]


def table(title: str, proposals: Iterable[Proposal]) -> bytes:
    """The converter table of ``proposals``; each with its first example as the reason."""
    return table_file(title, (Pair(p.original, p.converted, kind(p.original, p.converted), "learnt", p.count,
                                   p.examples[0] if p.examples else "") for p in proposals))
