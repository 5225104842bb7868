"""The records of one shard while it is worked on: edits, rejected records, counts.

A file of edits has one line of JSON, an object of ``sources`` and ``pairs``, and then rows of :data:`ROW`, which count
in these. Record numbers (and in a text cut by lines, offsets) count from the start of the shard; the ledger adds what
came before.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..columns import EditColumns, Written
from ..formats import Place
from .tally import Source, Tally

ROW = np.dtype([("source", "<i4"), ("start", "<i4"), ("end", "<i4"), ("pair", "<i4"), ("confidence", "<f8")])
SOURCE = ("record", "file", "id", "field", "part", "paragraph")
KEPT = 1 << 20  # bytes of a rejected record that are written down; a longer one is in the input


@dataclass
class Sheet:
    """Collects edits as rows of numbers: there may be hundreds of thousands from one record."""

    tally: Tally = field(default_factory=Tally)
    rejected: bytearray = field(default_factory=bytearray)
    _rows: list[NDArray[Any]] = field(default_factory=list)
    _sources: list[tuple[object, ...]] = field(default_factory=list)
    _pairs: Sequence[Written] = ()

    def add(self, sources: Sequence[Source], found: EditColumns, made: EditColumns) -> None:
        """Notes texts, all edits found in them, and those that are made."""
        self.tally.note(sources, found, made)
        if not len(made):
            return
        rows = np.empty(len(made), ROW)
        for name in ("start", "end", "pair", "confidence"):
            rows[name] = getattr(made, name)
        texts, firsts = np.unique(made.text, return_index=True)
        bounds = [*firsts.tolist(), len(made)]
        for text, first, last in zip(texts.tolist(), bounds, bounds[1:], strict=False):
            self._place(sources[text], rows[first:last])
        self._rows.append(rows)
        self._pairs = made.pairs

    def _place(self, source: Source, rows: NDArray[Any]) -> None:
        """Says of rows where they stand."""
        if not source.places:
            rows["source"] = len(self._sources)
            self._sources.append(_names(source))
            return
        starts = np.array([p.start for p in source.places], dtype=np.int32)
        at = np.maximum(np.searchsorted(starts, rows["start"], side="right") - 1, 0)
        used, number = np.unique(at, return_inverse=True)
        rows["source"] = len(self._sources) + number
        rows["start"] -= starts[at]
        rows["end"] -= starts[at]
        self._sources += [_names(source, source.places[i]) for i in used.tolist()]

    def forget(self) -> None:
        """Empties the sheet: what was noted is not to be in the output."""
        for name, value in vars(Sheet()).items():
            setattr(self, name, value)

    def edits(self) -> Iterator[bytes | memoryview]:
        """The file of edits; nothing when there are none."""
        if self._rows:
            used = np.unique(np.concatenate([np.unique(rows["pair"]) for rows in self._rows]))
            names = {"sources": self._sources, "pairs": [self._pairs[p] for p in used.tolist()]}
            yield _dumps(names)
            for rows in self._rows:
                rows["pair"] = np.searchsorted(used, rows["pair"])
                yield rows.view(np.uint8).data

    def reject(self, file: str, record: int | None, reason: str, raw: bytes | None = None) -> None:
        """Notes a record, or with ``None`` a file, that cannot be taken."""
        self.tally.rejected += 1
        row: dict[str, object] = {"record": record, "file": file, "reason": reason}
        if raw is not None and len(raw) <= KEPT:
            try:
                row["raw"] = raw.decode("utf-8")
            except UnicodeDecodeError:
                row["base64"] = base64.b64encode(raw).decode("ascii")
        self.rejected += _dumps(row)


def _names(s: Source, place: Place | None = None) -> tuple[object, ...]:
    """The values of :data:`SOURCE`."""
    part, paragraph = (place.part, place.paragraph) if place else (None, None)
    return s.record, _plain(s.file), _plain(s.identity), _plain(s.field or None), part, paragraph


def _plain(name: str | None) -> str | None:
    """Names may hold what is no UTF-8; that is escaped."""
    return name and name.encode("utf-8", "backslashreplace").decode("utf-8")


def _dumps(value: object) -> bytes:
    return dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
