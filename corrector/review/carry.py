"""Decisions carried out: rows and a file in, the edits that they ask for out. Nothing undecided is applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..edits import Edit, EditError, undo
from ..errors import Trouble
from .decisions import Row, sound, text_hash
from .places import Contexts


@dataclass(frozen=True, slots=True)
class Plan:
    """What rows ask of a text: ``edits``, sorted, and the ``rows`` that they carry out.

    ``lost`` are the rows whose place is not in it any more, though they were never carried out. ``done`` says that the
    text is what the rows have already made of the one they speak of.
    """

    edits: tuple[Edit, ...] = ()
    rows: tuple[Row, ...] = ()
    lost: tuple[Row, ...] = ()
    done: bool = False


def plan(rows: Sequence[Row], text: str) -> Plan:
    """The plan for ``text`` of ``rows``, all of one file.

    Raises :class:`Trouble` when the places of two rows overlap, or one wants what cannot be seen.
    """
    wanted = [r for r in rows if r.applies]
    if _done(wanted, text):
        return Plan(done=True)
    contexts = Contexts(text, (r.original for r in rows))
    for row in wanted:
        if not sound(row.words, row.original):  # the file may be written by hand
            raise Trouble(f"the correction at {row.place} has control characters", f"{row.place} 处的改正含有控制字符")
    found = [p for p in contexts.standing(r for r in rows if r.decided) if p.row.applies]
    edits = tuple(p.row.edit(p.start) for p in found)
    for one, other in pairwise(edits):
        if other.start < one.end:
            raise Trouble(f"two decisions want the place of {one.original!r}; review it again",
                          f"“{one.original}”处有两个决定相互冲突，请重新审阅")
    lost = tuple(r for r in wanted if not r.applied and contexts.find(r) is None)
    return Plan(edits, tuple(p.row for p in found), lost, done=bool(wanted) and not edits and not lost)


def _done(wanted: Sequence[Row], text: str) -> bool:
    """Whether taking all of ``wanted`` back gives the text that they were decided on."""
    hashes = {r.hash for r in wanted}
    if len(hashes) != 1 or text_hash(text) in hashes:
        return False
    try:
        return text_hash(undo(text, [r.edit(r.start) for r in sorted(wanted, key=lambda r: r.start)])) in hashes
    except EditError:
        return False
