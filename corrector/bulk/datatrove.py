"""datatrove: two blocks for a pipeline; extra ``datatrove``.

    pipeline = [JsonlReader("in"), Correct(edits="edits"), JsonlWriter("out")]

:class:`Formatter` changes the text and nothing else. :class:`Correct` does it in batches, writes every edit, and keeps
statistics.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.formatters.base import BaseFormatter
from datatrove.utils.typeshelper import StatHints

from ..edits import Edit, apply
from ..errors import Trouble
from .texts import batches, configured, shared


class Formatter(BaseFormatter):  # type: ignore[misc]
    """Corrects the text of each document. Options: ``level``, ``converters``, ``model``,
    ``document_evidence``, ``misread``."""

    name = "🩹 corrector"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._config = configured(options)

    def format(self, text: str) -> str:
        """``text`` corrected; as it was when it cannot be checked."""
        (made,) = shared(self._config).made([text])
        return text if isinstance(made, Trouble) else apply(text, made)


class Correct(PipelineStep):  # type: ignore[misc]
    """Corrects documents, with the options of :class:`Formatter`.

    ``edits`` is a folder, as datatrove takes them, for one file ``RANK.jsonl.gz`` a task: a row an edit, ``id`` that of
    the document. Each document has the number of its edits in ``metadata["corrector_edits"]``.
    """

    type = "✂️ - FORMAT"
    name = "🩹 corrector"

    def __init__(self, edits: DataFolderLike | None = None, **options: Any) -> None:
        super().__init__()
        self._folder = None if edits is None else get_datafolder(edits)
        self._config = configured(options)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """The documents of this task, corrected."""
        with ExitStack() as stack:
            book = None
            if self._folder is not None:
                book = stack.enter_context(self._folder.open(f"{rank:05d}.jsonl.gz", "wt", compression="gzip",
                                                             encoding="utf-8"))
            for batch in batches(data or ()):
                with self.track_time("batch"):
                    rows = [row for doc in self._corrected(batch) for row in doc]
                if book is not None:
                    book.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                yield from batch

    def _corrected(self, batch: list[Document]) -> Iterator[list[dict[str, Any]]]:
        """Corrects each document, and gives the rows of its edits."""
        for doc, made in zip(batch, shared(self._config).made([doc.text for doc in batch]), strict=True):
            self.stat_update(StatHints.total)
            if isinstance(made, Trouble):
                self.stat_update("unchecked")
                continue
            doc.text = apply(doc.text, made)
            doc.metadata["corrector_edits"] = len(made)
            if made:
                self.stat_update("damaged")
                self.stat_update("edits", value=len(made), unit="damaged")
                for converter in sorted({e.converter for e in made}):
                    self.stat_update(f"damaged_{converter}")
            yield [_row(doc, e) for e in made]


def _row(doc: Document, e: Edit) -> dict[str, Any]:
    return {"id": doc.id, "file": doc.metadata.get("file_path"), "start": e.start, "end": e.end, "original": e.original,
            "replacement": e.replacement, "converter": e.converter, "kind": e.kind, "confidence": e.confidence,
            "tier": str(e.tier)}
