"""The records of one shard while it is worked on: rows of edits, rejected records, counts.

Rows are JSON lines. Record numbers (and in a text cut by lines, offsets) count from the start of the shard; they stand
first in a row, so that the ledger can add what came before without reading the rest.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from json import dumps

from ..edits import Edit
from ..formats import Place, locate
from .tally import Tally

ROWS = 4096  # encoded at once
KEPT = 1 << 20  # bytes of a rejected record that are written down; a longer one is in the input


@dataclass
class Sheet:
    """Collects the rows, already as bytes: there may be hundreds of thousands from one record."""

    tally: Tally = field(default_factory=Tally)
    edits: bytearray = field(default_factory=bytearray)
    rejected: bytearray = field(default_factory=bytearray)

    def document(self, file: str, record: int, identity: str | None, texts: Sequence[tuple[str, str]],
                 edits: Sequence[Sequence[Edit]], made: Sequence[Sequence[Edit]], places: Sequence[Place] = ()) -> None:
        """Notes a document: its texts by field, the edits found in each, and those that are made."""
        self.tally.document([text for _, text in texts], edits, made, file, record)
        for (name, _), some in zip(texts, made, strict=True):
            if some:
                where = f'"file": {_json(file)}, "id": {_json(identity)}, "field": {_json(name or None)}'
                for i in range(0, len(some), ROWS):
                    self.edits += _bytes("".join([_row(record, where, e, places) for e in some[i : i + ROWS]]))

    def reject(self, file: str, record: int | None, reason: str, raw: bytes | None = None) -> None:
        """Notes a record, or with ``None`` a file, that cannot be taken."""
        self.tally.rejected += 1
        row = {"file": file, "reason": reason}
        if raw is not None and len(raw) > KEPT:
            raw = None
        if raw is not None:
            try:
                row["raw"] = raw.decode("utf-8")
            except UnicodeDecodeError:
                row["base64"] = base64.b64encode(raw).decode("ascii")
        number = "null" if record is None else record
        self.rejected += _bytes(f'{{"record": {number}, {_dumps(row)[1:]}\n')


def _row(record: int, where: str, e: Edit, places: Sequence[Place]) -> str:
    start, end, inside = e.start, e.end, _INSIDE
    if places:
        place, start = locate(places, e.start)
        end, inside = start + e.end - e.start, f'"part": {_json(place.part)}, "paragraph": {place.paragraph}'
    return (f'{{"record": {record}, "start": {start}, "end": {end}, {where}, {inside}, '
            f'{_pair(e.original, e.replacement, e.converter, e.kind)}, '
            f'"confidence": {e.confidence}, "tier": "{e.tier.value}"}}\n')


_INSIDE = '"part": null, "paragraph": null'


def _dumps(value: object) -> str:
    return dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _json(value: str | None) -> str:
    return _dumps(value)


@lru_cache(maxsize=65536)
def _pair(original: str, replacement: str, converter: str, kind: str) -> str:
    return _dumps({"original": original, "replacement": replacement, "converter": converter, "kind": kind})[1:-1]


def _bytes(rows: str) -> bytes:
    return rows.encode("utf-8", "backslashreplace")  # file names may hold what is no UTF-8; JSON has these escapes
