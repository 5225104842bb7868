"""Arrow arrays: the texts that stand in one, however deep, and the same array with other texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from ..errors import Trouble

try:
    import pyarrow as pa
    import pyarrow.compute as pc
except ImportError:
    pa = pc = None

Texts = list[Any]  # strings, None, or the Trouble with one


@dataclass(frozen=True, slots=True)
class Column:
    """The ``texts`` in a column, the ``rows`` they stand in, and what makes a column of other texts."""

    texts: Texts
    rows: list[int]
    rebuilt: Callable[[Texts], Any]


def native(path: str | Path, mode: str = "rb") -> Any:
    """The file at ``path`` for Arrow, which by itself opens none whose name is not UTF-8. Raises ``OSError``."""
    return pa.OSFile(os.fsencode(path), mode)


def opened(array: Any, path: tuple[str, ...], rows: Sequence[int], name: str) -> Column:
    """The texts in ``array``, an Arrow array whose elements stand in ``rows``. Raises :class:`Trouble`."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        inner = opened(array.dictionary_decode(), path, rows, name)
        return Column(inner.texts, inner.rows, lambda new: inner.rebuilt(new).dictionary_encode().cast(kind))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = [n or 0 for n in pc.list_value_length(array).to_pylist()]
        within = opened(array.flatten(), path, [r for r, n in zip(rows, lengths, strict=True) for _ in range(n)], name)
        offsets = pa.array([0, *accumulate(lengths)], pa.int64() if pa.types.is_large_list(kind) else pa.int32())
        missing = array.is_null() if array.null_count else None
        return Column(within.texts, within.rows, lambda new: type(array).from_arrays(
            offsets, within.rebuilt(new), type=kind, mask=missing))
    if path and pa.types.is_struct(kind):
        index = kind.get_field_index(path[0])
        if index < 0:
            raise Trouble(f"{name} has no {path[0]}")
        parts = [array.field(i) for i in range(kind.num_fields)]
        part = opened(parts[index], path[1:], rows, f"{name}.{path[0]}")
        missing = array.is_null() if array.null_count else None
        return Column(part.texts, part.rows, lambda new: pa.StructArray.from_arrays(
            [part.rebuilt(new) if i == index else p for i, p in enumerate(parts)], fields=list(kind), mask=missing))
    if path or not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
                    or pa.types.is_null(kind)):
        raise Trouble(f"{name} is {kind}, not text")
    return Column(_texts(array), list(rows), lambda new: pa.array(new, kind))


def _texts(array: Any) -> Texts:
    try:
        texts: Texts = array.to_pylist()
        return texts
    except UnicodeDecodeError:
        return [_text(value) for value in array.cast(pa.large_binary()).to_pylist()]


def _text(value: bytes | None) -> str | Trouble | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError as error:
        return Trouble(f"not valid UTF-8 at byte {error.start} of the text")
