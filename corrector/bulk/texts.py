"""Texts in, edits out: the one place where bulk and its integrations meet the engine.

Batches and pieces are cut here, in the same way for everybody, so that one process, eight, Spark and datatrove give
the same edits for the same text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from ..config import Config, chosen
from ..config import corrector as make_corrector
from ..document import Document, document
from ..edits import Edit, at_level
from ..errors import Trouble

BATCH = 1 << 18  # characters handed to the engine at once
LONGEST = 1 << 20  # characters; a longer text is checked in pieces, each on its own evidence
_ENDS = ("\n", "。", "！", "？", " ")


class Texts:
    """Corrects texts under one configuration. Made once a process."""

    def __init__(self, config: Config) -> None:
        self._corrector = make_corrector(config)
        self._config = config

    @property
    def level(self) -> str:
        """The tier from which edits are made."""
        return self._config.level

    def check(self, texts: Sequence[str]) -> list[list[Edit] | Trouble]:
        """The edits of all tiers of each text, in order; a :class:`Trouble` for a text that the engine cannot take."""
        return self.check_documents([document(t) for t in texts])

    def check_documents(self, documents: Sequence[Document]) -> list[list[Edit] | Trouble]:
        """The same of documents."""
        found: list[list[Edit] | Trouble] = []
        for batch in batches(documents):
            found += self._batch([self._config.protect(d) for d in batch])
        return found

    def made(self, edits: Iterable[Edit]) -> list[Edit]:
        """Those of ``edits`` that reach the level."""
        return at_level(edits, self._config.level)

    def _batch(self, documents: list[Document]) -> list[list[Edit] | Trouble]:
        pieces = [(i, start, piece) for i, d in enumerate(documents) for start, piece in _pieces(d)]
        try:
            reports = self._corrector.check_documents([piece for _, _, piece in pieces])
        except MemoryError:
            raise
        except Exception as error:
            # Whatever one text does to the engine, the others are not to suffer.
            if len(documents) > 1:
                return [found for d in documents for found in self._batch([d])]
            return [Trouble(f"cannot be checked: {type(error).__name__}: {error}")]
        found: list[list[Edit] | Trouble] = [[] for _ in documents]
        for (i, start, _), report in zip(pieces, reports, strict=True):
            edits = found[i]
            assert isinstance(edits, list)
            edits += _moved(report.edits, start)
        return found


class _Written(Protocol):
    @property
    def text(self) -> str: ...


W = TypeVar("W", bound=_Written)


def batches(documents: Iterable[W]) -> Iterator[list[W]]:
    """``documents``, of this project or another's, in lists of about :data:`BATCH` characters."""
    batch: list[W] = []
    size = 0
    for d in documents:
        batch.append(d)
        size += len(d.text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pieces(whole: Document) -> Iterator[tuple[int, Document]]:
    """``whole`` in pieces of at most :data:`LONGEST` characters, with their offsets; cut where a line ends."""
    text = whole.text
    if len(text) <= LONGEST:
        yield 0, whole
        return
    start = 0
    while start < len(text):
        end = min(len(text), start + LONGEST)
        if end < len(text):
            cuts = (text.rfind(sign, start + LONGEST // 2, end) for sign in _ENDS)
            end = next((cut + 1 for cut in cuts if cut >= 0), end)
        spans = tuple((max(a, start) - start, min(b, end) - start) for a, b in whole.protected if a < end and b > start)
        yield start, Document(text[start:end], whole.kind, spans)
        start = end


def _moved(edits: Sequence[Edit], by: int) -> Sequence[Edit]:
    # Reasons go: nothing in bulk tells them, and a long text may have a million.
    return [replace(e, start=e.start + by, end=e.end + by, reason="") for e in edits] if by else edits


@functools.lru_cache(maxsize=4)
def shared(config: Config) -> Texts:
    """The :class:`Texts` of this process for ``config``: a cluster's worker loads the model once."""
    return Texts(config)


def configured(options: dict[str, Any]) -> Config:
    """The configuration that keyword arguments describe: ``level``, ``converters``, ``document_evidence``."""
    unknown = set(options) - {"level", "converters", "document_evidence"}
    if unknown:
        raise TypeError(f"unknown option: {', '.join(sorted(unknown))}")
    return chosen(Config(), level=options.get("level"), converters=tuple(options.get("converters") or ()),
                  alone=not options.get("document_evidence", True))
