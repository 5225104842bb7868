"""Line ends: the engine reads every one as ``\\n``, as it has learnt them; what is written keeps the document's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..columns import Edits
from ..document import Document
from ..edits import Edit
from ..engine.explain import Trace
from ..result import Report
from .view import View, without

_END = re.compile("\r\n?|\n")
_LEFT_OUT = re.compile("\r(?=\n)")


@dataclass(frozen=True, slots=True)
class Endings:
    """A document read with one kind of line ends."""

    view: View

    @property
    def document(self) -> Document:
        return self.view.document

    def seen(self, offset: int) -> int:
        return self.view.seen(offset)

    def traces(self, found: Iterable[Trace]) -> list[Trace]:
        return self.view.traces(found)

    def report(self, report: Report) -> Report:
        """The report about the document, from the one about its view."""
        edits = Edits.of(report.edits).moved(self.view.origins, self._edit)
        return replace(report, text=self.view.source.text, edits=edits,
                       diagnosis=self.view.diagnosis(report.diagnosis), flags=self.view.flags(report.flags))

    def _edit(self, e: Edit) -> Edit:
        """An edit of the view where it stands in the source; one across lines ends them as they end there."""
        start, end = self.view.span(e.start, e.end)
        original = self.view.source.text[start:end]
        own = iter(_END.findall(original))
        return e._replace(start=start, end=end, original=original,
                          replacement=_END.sub(lambda _: next(own), e.replacement))


def fold(documents: Sequence[Document]) -> Iterator[tuple[int, Endings]]:
    """Each of ``documents`` with other line ends than ``\\n``, with its number."""
    for i, source in enumerate(documents):
        if "\r" in source.text:
            view = without(source, [m.span() for m in _LEFT_OUT.finditer(source.text)])
            read = replace(view.document, text=view.document.text.replace("\r", "\n"))
            yield i, Endings(replace(view, document=read))
