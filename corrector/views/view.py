"""A view: a text as the engine should read it, and where each of its characters stands in the text it was made of.

The engine judges views and knows nothing of them. What leaves a part of a text out (:mod:`.broken`, :mod:`.unseen`)
makes a view of it, and turns the report about the view into one about the text: edits always refer to the untouched
original.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..columns import Places
from ..document import Document, Span, disjoint
from ..edits import Edit
from ..engine.explain import Trace
from ..result import Diagnosis, Flag, Report

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """``document`` as the engine reads it, made of ``source``.

    The map of offsets is kept by its runs: character ``i`` of the view stands at ``i + shift[k]`` of the source, where
    ``k`` is the last run with ``at[k] <= i``; ``at[0]`` is 0, both arrays ascend.
    """

    document: Document
    source: Document
    at: Ids
    shift: Ids

    def origin(self, offset: int) -> int:
        """Where the character at ``offset`` of the view stands in the source; the end stands at the end."""
        return offset + int(self.shift[np.searchsorted(self.at, offset, side="right") - 1])

    def seen(self, offset: int) -> int:
        """The character of the view in which the source's ``offset`` is seen; what was left out, in the one after."""
        k = int(np.searchsorted(self.at + self.shift, offset, side="right")) - 1
        end = int(self.at[k + 1]) if k + 1 < len(self.at) else offset
        return min(offset - int(self.shift[k]), end)

    def span(self, start: int, end: int) -> Span:
        """The span of the source that ``[start, end)`` of the view was made of, without what was left out around it."""
        return (self.origin(start), self.origin(end - 1) + 1) if start < end else (self.origin(start),) * 2

    def origins(self, starts: Places, ends: Places) -> tuple[Places, Places]:
        """:meth:`span` of many that are not empty: where they begin and end in the source."""
        return (starts + self.shift[np.searchsorted(self.at, starts, side="right") - 1],
                ends + self.shift[np.searchsorted(self.at, ends - 1, side="right") - 1])

    def inside(self, start: int, end: int) -> list[Span]:
        """What was left out of the source within ``[start, end)`` of the view: offset in the view, and length."""
        first, last = np.searchsorted(self.at, (start, end - 1), side="right").tolist()
        return [(int(self.at[k]), int(self.shift[k] - self.shift[k - 1])) for k in range(first, last)]

    def diagnosis(self, found: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
        """``found`` in the view, in the offsets of the source."""
        return tuple(replace(d, spans=tuple(self.span(*s) for s in d.spans)) for d in found)

    def flags(self, found: Iterable[Flag]) -> tuple[Flag, ...]:
        """``found`` in the view, in the offsets and words of the source."""
        spans = ((f, *self.span(f.start, f.end)) for f in found)
        return tuple(replace(f, start=start, end=end, text=self.source.text[start:end]) for f, start, end in spans)

    def traces(self, found: Iterable[Trace]) -> list[Trace]:
        """``found`` in the view, in the offsets of the source."""
        spans = ((t, *self.span(t.start, t.end)) for t in found)
        return [replace(t, start=start, end=end, diagnosis=self.diagnosis(t.diagnosis)) for t, start, end in spans]


class Unmoved:
    """A fold that leaves every character where it is: what such folds have in common."""

    __slots__ = ()

    def seen(self, offset: int) -> int:
        return offset

    def traces(self, found: Iterable[Trace]) -> list[Trace]:
        return list(found)


@dataclass(frozen=True, slots=True)
class Viewed:
    """A document that the engine reads as its ``view``: what such folds have in common."""

    view: View

    @property
    def document(self) -> Document:
        return self.view.document

    def seen(self, offset: int) -> int:
        return self.view.seen(offset)

    def traces(self, found: Iterable[Trace]) -> list[Trace]:
        return self.view.traces(found)

    def told(self, report: Report, edits: Sequence[Edit]) -> Report:
        """The ``report`` about the view as one about the document, with ``edits`` of that."""
        return replace(report, text=self.view.source.text, edits=edits,
                       diagnosis=self.view.diagnosis(report.diagnosis), flags=self.view.flags(report.flags))


def without(source: Document, gaps: Sequence[Span]) -> View:
    """A view of ``source`` that leaves the ``gaps`` out: sorted, disjoint, none of them empty.

    >>> view = without(Document("根 据规\\n则"), [(1, 2), (4, 5)])
    >>> view.document.text, view.span(0, 2), view.span(2, 4), view.inside(2, 4)
    ('根据规则', (0, 3), (3, 6), [(3, 1)])
    """
    text = source.text
    edges = [0, *(edge for gap in gaps for edge in gap), len(text)]
    pieces = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    starts, ends = np.array(edges[1:-1], dtype=np.int64).reshape(-1, 2).T
    shift = np.concatenate(([0], np.cumsum(ends - starts)))
    at = np.concatenate(([0], starts - shift[:-1]))
    view = View(Document("".join(pieces), source.kind), source, at, shift)
    if not source.protected:
        return view
    spans = disjoint((view.seen(start), view.seen(end)) for start, end in source.protected)
    return replace(view, document=replace(view.document, protected=spans))
