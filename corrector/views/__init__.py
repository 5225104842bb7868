"""Views: texts as the engine should read them. Start here.

What is damaged in its form, broken words and traditional script, is folded before the engine sees it, and so is what
no reader sees: each fold finds the documents that need it, makes of them what the engine reads, and turns the report
about that into one about the untouched original. Marks are judged by the whole document (:mod:`.glyphs`). Most
documents need no fold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from ..columns import EditColumns, Edits
from ..document import Document, protecting
from ..engine.explain import Trace
from ..engine.run import Engine, batches
from ..lexicon import Lexicon
from ..result import Report
from . import broken, glyphs, script, unseen
from .agreed import agreed
from .batch import Batch
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
    """An engine that reads through views. Thread-safe: all that changes is the list of what edits of columns say.

    The allowed words of the lexicon are protected where they stand, and in what is read instead: cut by a blank or a
    line end, or in traditional script, they are the same words.
    """

    def __init__(self, engine: Engine, lexicon: Lexicon) -> None:
        self._engine = engine
        self._words = Words(lexicon)
        self._glyphs = glyphs.Glyphs(lexicon.glyphs)
        self._overconverted = script.Overconverted(lexicon.overconverted)
        self._pairs = engine.pairs
        longest_first = sorted(lexicon.allowed, key=len, reverse=True)
        self._allowed, self._cut = ([re.compile("|".join(sign.join(map(re.escape, word)) for word in longest_first))]
                                    if longest_first else [] for sign in ("", r"\s*"))

    def check_many(self, documents: Iterable[Document]) -> list[Report]:
        """One report a document, in order."""
        return [report for batch in batches(documents) for report in self._batch(batch)]

    def columns(self, documents: Iterable[Document]) -> EditColumns:
        """The edits of all documents, the same as in their reports."""
        found: list[EditColumns] = []
        count = 0
        for batch in batches(documents):
            read, folds = self._folded(batch)
            columns = self._engine.columns(read)
            bounds = np.searchsorted(columns.text, np.arange(len(batch) + 1)).tolist()
            own = {i: Report(read[i].text, Edits(columns[bounds[i] : bounds[i + 1]])) for i, _ in folds}
            made = dict(own)
            for i, fold in reversed(folds):
                made[i] = fold.report(made[i])
            columns = self._pairs.exchanged(columns, {i: r.edits for i, r in made.items() if r is not own[i]})
            found.append(replace(columns, text=columns.text + np.int32(count)))
            count += len(batch)
        return EditColumns.joined(found)

    def explain(self, document: Document, offset: int | None = None) -> list[Trace]:
        """See :meth:`corrector.engine.run.Engine.explain`."""
        read, folds = self._folded([document])
        seen = offset
        for _, fold in folds:
            seen = None if seen is None else fold.seen(seen)
        traces = self._engine.explain(read[0], seen)
        for _, fold in reversed(folds):
            traces = fold.traces(traces)
        [report] = self._reports(read, folds)
        traces = sorted(agreed(traces, report.edits, offset), key=lambda t: -t.confidence)
        return traces if offset is not None else sorted(traces, key=lambda t: t.start)

    def _batch(self, documents: Sequence[Document]) -> list[Report]:
        return self._reports(*self._folded(documents))

    def _reports(self, read: Sequence[Document], folds: Sequence[tuple[int, Fold]]) -> list[Report]:
        """The reports about the documents, of which ``folds`` made what is ``read``."""
        reports = self._engine.check_many(read)
        for i, fold in reversed(folds):
            reports[i] = fold.report(reports[i])
        return reports

    def _folded(self, documents: Sequence[Document]) -> tuple[list[Document], list[tuple[int, Fold]]]:
        """What the engine is to read, and the folds that made it, in the order in which they were made."""
        read = _protecting(documents, self._allowed)
        batch = Batch([d.text for d in read])
        folds: list[tuple[int, Fold]] = [*unseen.fold(read, batch)]
        if folds:
            for i, fold in folds:
                read[i] = fold.document
            batch = Batch([d.text for d in read])
        folds += glyphs.fold(read, batch, self._glyphs)
        translated = dict(script.fold(read, batch, self._overconverted))
        folds += translated.items()
        if translated:
            read = [translated[i].document if i in translated else d for i, d in enumerate(read)]
            batch = Batch([d.text for d in read])
        for i, joined in broken.fold(tuple(read), batch, self._words):
            folds.append((i, joined))
            read[i] = joined.document
        return _protecting(read, self._cut), folds


def _protecting(documents: Sequence[Document], patterns: Sequence[re.Pattern[str]]) -> list[Document]:
    return [protecting(d, patterns) for d in documents] if patterns else list(documents)
