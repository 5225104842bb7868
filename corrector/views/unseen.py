"""What no reader sees: characters without width, and how lines end. The engine reads neither, as it has learnt.

Every line end is ``\\n`` to it. What is written keeps the document's own line ends; a character without width goes with
the word in the middle of which it stood, but one that may not be edited is seen, and cuts it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from ..columns import Edits
from ..document import Document, Span, disjoint, document
from ..edits import Edit
from ..result import Report
from .batch import UNSEEN, UNSEEN_SIGNS, Batch
from .view import Viewed, without

_END = re.compile("\r\n?|\n")
_LEFT_OUT = re.compile(f"\r(?=\n)|[{UNSEEN_SIGNS.replace(chr(13), '')}]+")
_NOWHERE = (sys.maxsize, sys.maxsize)


def as_read(text: str) -> str:
    """``text`` as the engine reads it.

    >>> as_read("\ufeff根\u200b底\\r\\n")
    '根底\\n'
    """
    return _LEFT_OUT.sub("", text).replace("\r", "\n")


class Unseen(Viewed):
    """A document read without what is not seen in it."""

    __slots__ = ()

    def report(self, report: Report) -> Report:
        """The report about the document, from the one about its view."""
        return self.told(report, Edits.of(report.edits).moved(self.view.origins, self._edit))

    def _edit(self, e: Edit) -> Edit:
        """An edit of the view where it stands in the source; one across lines ends them as they end there."""
        start, end = self.view.span(e.start, e.end)
        original = self.view.source.text[start:end]
        own = iter(_END.findall(original))
        return e._replace(start=start, end=end, original=original,
                          replacement=_END.sub(lambda _: next(own), e.replacement))


def _left_out(source: Document) -> Iterator[Span]:
    """What is not seen, without signs that are protected: no edit may run across these."""
    spans = iter(source.protected)
    start, end = next(spans, _NOWHERE)
    for m in _LEFT_OUT.finditer(source.text):
        while end <= m.start():
            start, end = next(spans, _NOWHERE)
        if m.end() <= start or m[0] == "\r":
            yield m.span()


def fold(documents: Sequence[Document], batch: Batch) -> Iterator[tuple[int, Unseen]]:
    """Each of ``documents`` that has something of the kind, with its number; ``batch`` has their texts."""
    for i in np.flatnonzero(batch.count(batch.places(UNSEEN))).tolist():
        source = documents[i]
        view = without(source, [*_left_out(source)])
        text = view.document.text.replace("\r", "\n")
        protected = view.document.protected
        if len(source.text) - len(text) > source.text.count("\r\n"):  # an address is one whatever was not seen in it
            protected = disjoint(protected, document(text).protected)
        read = replace(view.document, text=text, protected=protected)
        yield i, Unseen(replace(view, document=read))
