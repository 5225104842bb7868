"""File kinds: bytes in, a :class:`~corrector.document.Document` out, edits back into bytes. One module a kind.

Start here. To add a kind:

1. write ``corrector/formats/NAME.py`` with a function ``read(data, kind)`` that returns an :class:`Opened`;
2. give it a row in :data:`FORMATS`. The module is imported when the first file of its suffixes is met, so it may
   import what an extra installs; when that is absent the user is told which extra to install. One that needs a program
   has a function ``ready()``, which raises :class:`FormatError` without it.

**The whole file is one document**, so that document evidence runs over all of it. A container (.docx, .html …) joins
the texts of its paragraphs, headers, footnotes … with ``"\\n"``, puts each of these joints into
``Document.protected``, and lists in ``places`` where each paragraph starts. Offsets of edits count in the joined text;
reports turn them into part, paragraph and offset with :func:`locate`.

Containers share their walls: :mod:`.woven` makes one text of many pieces and finds the way back, :mod:`.markup` reads
XML by positions (:mod:`.hypertext` HTML), :mod:`.zipped` guards a package and keeps its other bytes, :mod:`.packaged`
puts these together, and :mod:`.opc` and :mod:`.story` know what all files of Office have in common.

``read`` raises :class:`FormatError` for bytes that it cannot take, in one line that says what to do about it.
``Opened.write`` returns new bytes in which everything outside the edits is as it was.
"""

from __future__ import annotations

import importlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from types import ModuleType
from typing import Protocol, runtime_checkable

from ..document import Document
from ..edits import Edit
from ..errors import Trouble

OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # how files of old Office versions begin, and encrypted ones of new


class FormatError(Trouble):
    """A file that cannot be read or written: one line in English, and the same line in Chinese."""


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of a container: it starts at code point ``start`` of the document's text.

    ``part`` names the member it stands in (``word/document.xml``, ``slide 3``), ``paragraph`` counts from 1 in it. In a
    PDF the parts are pages, and each line has a place.
    """

    start: int
    part: str
    paragraph: int


class Opened(Protocol):
    """A file that was read. ``encoding`` is a name that Python knows, or ``""`` for a container."""

    @property
    def document(self) -> Document: ...

    @property
    def encoding(self) -> str: ...

    @property
    def places(self) -> Sequence[Place]:
        """Where each paragraph of a container starts, sorted; empty for text, which is reported by line."""

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The file with ``edits`` (sorted, of ``document.text``) carried out; raises :class:`FormatError`."""


@runtime_checkable
class Exported(Protocol):
    """An :class:`Opened` that cannot be written in its own kind: ``write`` raises, another kind takes its place.

    ``suffixes`` names the kinds that it can be written as, the usual one first.
    """

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def write_as(self, suffix: str, edits: Sequence[Edit]) -> bytes:
        """A new file of the kind ``suffix``, with ``edits`` carried out."""


@runtime_checkable
class Tracked(Protocol):
    """An :class:`Opened` that can also write edits as revisions which the reader accepts or rejects."""

    def markable(self, edits: Sequence[Edit]) -> list[Edit]:
        """Those of ``edits`` that revisions can mark; the others, in charts and drawings, are left."""

    def write_tracked(self, edits: Sequence[Edit], *, author: str, date: str, comments: bool) -> bytes:
        """The file with the markable ones of ``edits`` as tracked changes, with reasons as comments if asked.

        ``date`` is in ISO 8601.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the registry. ``extra`` names the extra of this package that ``module`` needs, if any."""

    kind: str
    suffixes: tuple[str, ...]
    module: str
    extra: str = ""


FORMATS = (
    Format("text", (".txt", ".text", ".csv", ".tsv", ".srt"), "text"),
    Format("markdown", (".md", ".markdown"), "text"),
    Format("docx", (".docx", ".docm", ".dotx", ".dotm"), "docx"),
    Format("pptx", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "pptx"),
    Format("xlsx", (".xlsx", ".xlsm", ".xltx", ".xltm"), "xlsx"),
    Format("odt", (".odt", ".ott", ".odm"), "odf"),
    Format("ods", (".ods", ".ots"), "odf"),
    Format("odp", (".odp", ".otp"), "odf"),
    Format("fodt", (".fodt",), "odf"),
    Format("fods", (".fods",), "odf"),
    Format("fodp", (".fodp",), "odf"),
    Format("epub", (".epub",), "epub"),
    Format("html", (".html", ".htm"), "html"),
    Format("xhtml", (".xhtml", ".xht"), "html"),
    Format("pdf", (".pdf",), "pdf", "pdf"),
    Format("doc", (".doc", ".dot"), "legacy"),
    Format("wps", (".wps", ".wpt"), "legacy"),
    Format("rtf", (".rtf",), "legacy"),
)
_BY_SUFFIX = {suffix: format_ for format_ in FORMATS for suffix in format_.suffixes}


def known(path: str | PurePath) -> Format | None:
    """The format of a file by its suffix; ``None`` when it is of no known kind."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower())


def open_bytes(data: bytes, path: str | PurePath) -> tuple[str, Opened]:
    """The kind of a file and what was read from ``data``; unknown suffixes are tried as text.

    Raises :class:`FormatError`.
    """
    format_ = known(path) or FORMATS[0]
    opened: Opened = _module(format_).read(data, format_.kind)
    return format_.kind, opened


def lacking(path: str | PurePath) -> FormatError | None:
    """The error with which reading a file of this kind would fail, whatever is in it, for want of what it needs."""
    format_ = known(path)
    return _lacking(format_) if format_ else None


@cache
def _lacking(format_: Format) -> FormatError | None:
    try:
        ready: Callable[[], object] | None = getattr(_module(format_), "ready", None)
        if ready is not None:
            ready()
    except FormatError as error:
        return error
    return None


def _module(format_: Format) -> ModuleType:
    try:
        return importlib.import_module(f"{__name__}.{format_.module}")
    except ImportError as error:
        if not format_.extra:
            raise
        raise uninstalled(format_.kind, format_.extra, error.name or "") from None


def uninstalled(kind: str, extra: str, name: str) -> FormatError:
    """The error for a kind of file that needs the package ``name``, which ``extra`` installs."""
    install = f"pip install 'zh-corrector[{extra}]'"
    return FormatError(f"{kind} files need {name}: {install}", f"{kind} 文件需要 {name}：{install}")


def locate(places: Sequence[Place], offset: int) -> tuple[Place, int]:
    """The paragraph in which ``offset`` stands, and the offset in it; ``places`` must not be empty."""
    place = places[max(0, bisect_right(places, offset, key=lambda p: p.start) - 1)]
    return place, offset - place.start
