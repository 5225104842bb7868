"""Outputs: one module an output; each turns a checked file into bytes and knows nothing of where they go.

To add an output, write a module with a class that is an :class:`Output`, and give it a row in :data:`FORMATS`.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..formats import Opened, Place, locate
from ..lines import Lines
from ..result import Report

FORMATS = {
    "terminal": "terminal.Terminal",
    "json": "json.Json",
    "jsonl": "json.JsonLines",
    "sarif": "sarif.Sarif",
    "github": "github.Annotations",
    "diff": "diff.Diff",
    "html": "html.Html",
}
MACHINE = {"json", "jsonl", "sarif", "github"}  # whose messages are English in any language


@dataclass(frozen=True, slots=True)
class Result:
    """One checked file: what was opened, its report, its bytes, and the ``level`` that holds for it."""

    path: str
    kind: str
    opened: Opened
    report: Report
    data: bytes
    level: str


class Output(ABC):
    """One format. What ``file`` returns is written in the order of the files, with ``between`` in between."""

    between = b""

    def head(self, *, chinese: bool) -> bytes:
        """What comes before the first file."""
        return b""

    @abstractmethod
    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        """One file; empty when there is nothing to say of it."""

    def failed(self, path: str, message: str) -> bytes:
        """A file that could not be checked. The message goes to standard error in any case."""
        return b""

    def tail(self, edits: int, status: int, *, chinese: bool) -> bytes:
        """What comes last; ``edits`` reached the level, ``status`` will be the exit status."""
        return b""


def output(name: str) -> Output:
    """The output called ``name`` in :data:`FORMATS`."""
    module, _, kind = FORMATS[name].partition(".")
    made: Output = getattr(importlib.import_module(f"{__name__}.{module}"), kind)()
    return made


def naming(text: str, places: Sequence[Place] = ()) -> Callable[[int], str]:
    """How people are told of an offset in ``text``: ``line:column``, in a container ``part:paragraph:column``."""
    lines = Lines("" if places else text)

    def name(offset: int) -> str:
        if places:
            place, column = locate(places, offset)
            return f"{place.part}:{place.paragraph}:{column + 1}"
        line, column = lines.at(offset)
        return f"{line}:{column}"

    return name
