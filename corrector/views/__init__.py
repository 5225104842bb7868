"""Views: texts as the engine should read them. Start here.

What is damaged in its form, broken words and traditional script, is folded before the engine sees it: each fold finds
the documents that need it, makes of them what the engine reads, and turns the report about that into one about the
untouched original. Nearly all documents need none and pass as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ..document import Document
from ..engine.explain import Trace
from ..engine.run import Engine, batches
from ..lexicon import Lexicon
from ..result import Report
from . import broken
from .gaps import Words


class Fold(Protocol):
    """One fold of one document."""

    @property
    def document(self) -> Document:
        """What is read instead."""

    def seen(self, offset: int) -> int:
        """Where ``offset`` of the document is in what is read."""

    def report(self, report: Report) -> Report:
        """The report about the document, from the one about what was read."""

    def traces(self, found: Sequence[Trace]) -> list[Trace]:
        """Traces of the document, from those of what was read."""


class Views:
    """An engine that reads through views. Immutable after it is made."""

    def __init__(self, engine: Engine, lexicon: Lexicon) -> None:
        self._engine = engine
        self._words = Words(lexicon)

    def check_many(self, documents: Iterable[Document]) -> list[Report]:
        """One report a document, in order."""
        return [report for batch in batches(documents) for report in self._batch(batch)]

    def _batch(self, documents: Sequence[Document]) -> list[Report]:
        read, folds = self._folded(documents)
        reports = self._engine.check_many(read)
        for i, fold in reversed(folds):
            reports[i] = fold.report(reports[i])
        return reports

    def explain(self, document: Document, offset: int | None = None) -> list[Trace]:
        """See :meth:`corrector.engine.run.Engine.explain`."""
        read, folds = self._folded([document])
        for _, fold in folds:
            offset = None if offset is None else fold.seen(offset)
        traces = self._engine.explain(read[0], offset)
        for _, fold in reversed(folds):
            traces = fold.traces(traces)
        return traces

    def _folded(self, documents: Sequence[Document]) -> tuple[list[Document], list[tuple[int, Fold]]]:
        """What the engine is to read, and the folds that made it, in the order in which they were made."""
        read = list(documents)
        folds: list[tuple[int, Fold]] = []
        for i, fold in broken.fold(read, self._words):
            folds.append((i, fold))
            read[i] = fold.document
        return read, folds
