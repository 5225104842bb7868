"""Records of any kind of input, from their texts to the edits made in them, which are noted on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..columns import EditColumns
from ..document import document
from .sheet import Sheet
from .tally import Source
from .texts import Texts

Made = list[EditColumns]


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
    given = [(r, name, text) for r in records if not r.reason for name, text in r.texts]
    checked = texts.check([document(text) for _, _, text in given])
    if checked.failed:
        for i, trouble in checked.failed.items():
            given[i][0].reason = str(trouble)
        yield from settled(records, file, texts, sheet)
        return
    made = checked.edits.at_level(texts.level)
    sheet.add([Source(file, r.number, r.identity, name, text) for r, name, text in given], checked.edits, made)
    del checked  # the columns of a long record are long
    each = made.by_text(len(given))
    for record in records:
        if record.reason:
            sheet.reject(file, record.number, record.reason, record.raw)
            yield None
            continue
        if not record.texts and not record.blank:
            sheet.tally.without_text += 1
        yield [next(each) for _ in record.texts]
