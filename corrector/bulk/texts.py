"""Texts in, edits out: the one place where bulk and its integrations meet the engine.

Batches and pieces are cut here, in the same way for everybody, so that one process, eight, Spark and datatrove give
the same edits for the same text.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from ..api import each
from ..columns import EditColumns
from ..config import Config, chosen
from ..config import corrector as make_corrector
from ..document import Document, document
from ..edits import Edit, Tier
from ..errors import Trouble

BATCH = 900_000  # characters after which a batch ends: with its last text about what the engine takes at once
LONGEST = 1 << 20  # characters; a longer text is checked in pieces, each on its own evidence
_ENDS = ("\n", "。", "！", "？", " ")


@dataclass(frozen=True, slots=True)
class Checked:
    """The edits of all tiers in a row of texts, and why the texts with these numbers could not be checked."""

    edits: EditColumns
    failed: dict[int, Trouble]


class Texts:
    """Corrects texts under one configuration. Made once a process."""

    def __init__(self, config: Config) -> None:
        self._corrector = make_corrector(config)
        self._config = config

    @property
    def level(self) -> str:
        """The tier from which edits are made."""
        return self._config.level

    def check(self, documents: Sequence[Document]) -> Checked:
        """What is found in each document."""
        parts: list[EditColumns] = []
        failed: dict[int, Trouble] = {}
        first = 0
        for batch in batches(documents):
            self._batch([self._config.protect(d) for d in batch], first, parts, failed)
            first += len(batch)
        return Checked(EditColumns.joined(parts), failed)

    def made(self, texts: Sequence[str]) -> list[list[Edit] | Trouble]:
        """The edits to make in each text, in order; a :class:`Trouble` for a text that the engine cannot take."""
        checked = self.check([document(t) for t in texts])
        made = checked.edits.at_level(self.level)
        return [checked.failed.get(i) or some.edits() for i, some in enumerate(made.by_text(len(texts)))]

    def _batch(self, documents: list[Document], first: int, parts: list[EditColumns], failed: dict[int, Trouble],
               ) -> None:
        """Adds what is found in documents that are numbered from ``first``."""
        pieces = [(first + i, start, piece) for i, d in enumerate(documents) for start, piece in _pieces(d)]
        try:
            found = self._corrector.columns(piece for _, _, piece in pieces)
        except MemoryError:
            raise
        except Exception as error:
            # Whatever one text does to the engine, the others are not to suffer.
            if len(documents) == 1:
                failed[first] = Trouble(f"cannot be checked: {type(error).__name__}: {error}")
            else:
                for i, d in enumerate(documents, first):
                    self._batch([d], i, parts, failed)
            return
        number, start = (np.array([piece[k] for piece in pieces], dtype=np.int32)[found.text] for k in (0, 1))
        parts.append(replace(found, text=number, start=found.start + start, end=found.end + start))


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


@functools.lru_cache(maxsize=4)
def shared(config: Config) -> Texts:
    """The :class:`Texts` of this process for ``config``: a cluster's worker loads the model once."""
    return Texts(config)


def configured(options: dict[str, Any]) -> Config:
    """The configuration that keyword arguments describe: ``level``, ``converters``, ``model`` (folders),
    ``document_evidence`` and ``misread``. Raises ``TypeError`` for another, ``ValueError`` for a level that is none:
    here, not in the process far away that corrects."""
    unknown = set(options) - {"level", "converters", "model", "document_evidence", "misread"}
    if unknown:
        raise TypeError(f"unknown option: {', '.join(sorted(unknown))}")
    level = options.get("level")
    if level and level not in (*Tier,):
        raise ValueError(f"no level {level!r}; known: {', '.join(reversed(Tier))}")
    return chosen(Config(), level=level, converters=tuple(each(options.get("converters") or ())),
                  alone=not options.get("document_evidence", True),
                  model=[Path(folder).absolute() for folder in each(options.get("model") or ())],
                  misread=options.get("misread"))
