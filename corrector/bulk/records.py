"""Records of any kind of input, from their texts to the edits made in them, which are noted on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..edits import Edit
from ..errors import Trouble
from .sheet import Sheet
from .texts import Texts

Made = list[list[Edit]]


@dataclass(slots=True)
class Record:
    """``texts`` with the names of their fields; ``raw`` is what is written down when there is a ``reason`` to reject.

    A ``blank`` is no record, but counts as a line.
    """

    number: int
    texts: list[tuple[str, str]] = field(default_factory=list)
    identity: str | None = None
    reason: str = ""
    raw: bytes | None = None
    blank: bool = False


def settled(records: Sequence[Record], file: str, texts: Texts, sheet: Sheet) -> Iterator[Made | None]:
    """For each record the edits to make in each of its texts; ``None`` when it is rejected."""
    found = iter(texts.check([text for r in records if not r.reason for _, text in r.texts]))
    for record in records:
        edits: Made = []
        for checked in [next(found) for _ in record.texts if not record.reason]:
            if isinstance(checked, Trouble):
                record.reason = str(checked)
            else:
                edits.append(checked)
        if record.reason:
            sheet.reject(file, record.number, record.reason, record.raw)
            yield None
            continue
        made = [texts.made(e) for e in edits]
        if record.texts:
            sheet.document(file, record.number, record.identity, record.texts, edits, made)
        elif not record.blank:
            sheet.tally.without_text += 1
        yield made
