"""Spark: a column corrected by whatever cluster there is; extra ``spark``.

    from corrector.bulk.spark import correct
    fixed = correct(df, "text", level="certain")     # the same columns, and "edits"

Nothing is shuffled and nothing collected. Every Python worker of an executor loads the model once, and shares its pages
with the others, since it is memory-mapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..config import Config
from ..edits import Edit, apply
from ..errors import Trouble
from .arrays import opened
from .texts import configured, shared

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

EDIT = ("start", "end", "original", "replacement", "converter", "confidence", "tier")


def correct(df: DataFrame, column: str, *, edits: str = "edits", **options: Any) -> DataFrame:
    """``df`` with the strings of ``column`` corrected, and a new last column ``edits``: an array of structures.

    The structures have the fields of :data:`EDIT`; offsets count code points of the text as it was. The array is empty
    for null, and null for a text that cannot be checked, which stays as it was. ``options`` are ``level``,
    ``converters``, ``model``, ``document_evidence``, ``misread``. Raises ``ValueError`` when there is no such column of
    strings, one called ``edits`` already, or no such level.
    """
    from pyspark.sql import types

    if column not in df.columns or not isinstance(df.schema[column].dataType, types.StringType):
        raise ValueError(f"no column of strings called {column!r}; the columns are {', '.join(df.columns)}")
    if edits in df.columns:
        raise ValueError(f"there is a column {edits!r} already; name another with edits=")
    kinds: dict[str, types.DataType] = {"start": types.IntegerType(), "end": types.IntegerType(),
                                        "confidence": types.DoubleType()}
    edit = types.StructType([types.StructField(name, kinds.get(name, types.StringType())) for name in EDIT])
    schema = types.StructType([*df.schema.fields, types.StructField(edits, types.ArrayType(edit))])
    config = configured(options)
    index = df.columns.index(column)

    def corrected(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            yield _batch(batch, index, edits, config)

    return df.mapInArrow(corrected, schema)


def _batch(batch: Any, index: int, name: str, config: Config) -> Any:
    """An Arrow batch with the texts of a column corrected and the edits put behind."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = batch.column(index)
    texts = opened(column, (), range(len(column)), batch.schema.names[index]).texts
    found = iter(shared(config).made([t for t in texts if isinstance(t, str)]))
    made: list[list[Edit] | Trouble] = [next(found) if isinstance(t, str) else t or [] for t in texts]
    fixed = [None if isinstance(own, Trouble) else apply(t, own) if own else t
             for t, own in zip(texts, made, strict=True)]
    rows = [None if isinstance(own, Trouble) else
            [{n: str(e.tier) if n == "tier" else getattr(e, n) for n in EDIT} for e in own] for own in made]
    kinds = {"start": pa.int32(), "end": pa.int32(), "confidence": pa.float64()}
    edit = pa.struct([(n, kinds.get(n, pa.string())) for n in EDIT])
    columns = [pc.coalesce(pa.array(fixed, c.type), c) if i == index else c for i, c in enumerate(batch.columns)]
    return pa.RecordBatch.from_arrays([*columns, pa.array(rows, pa.list_(edit))], [*batch.schema.names, name])
