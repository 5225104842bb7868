"""The public face: `check`, `fix`, `diagnose`, `check_many` and the `Corrector` behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from . import models
from .columns import EditColumns
from .document import Document, document
from .edits import Tier
from .engine.explain import Trace
from .engine.run import Engine
from .engine.slipmodel import default_slips
from .lexicon import Lexicon, default_lexicon
from .lexicon.read import load_phrases
from .result import Diagnosis, Report
from .views import Views

T = TypeVar("T", str, str | Path)
Text = TypeVar("Text")


class Corrector:
    """A corrector with its options read once. Thread-safe: only a list grows in it, behind a lock. In another process,
    to which it may be sent, it is made again from its options.

    ``converters`` names the tables to use (default: all); ``level`` is the tier from which ``fix`` applies edits;
    without ``document_evidence`` each place is judged by its context alone; ``lexicon`` replaces the dictionaries; of
    its pairs only those are corrected that a model knows, so own tables need one made by ``corrector train``;
    ``phrases`` names files of own phrases to keep or restore, with the columns of those in ``dictionaries/phrases``;
    ``model`` names folders that ``corrector train`` wrote, whose tables are used beside those of the dictionaries;
    with ``misread`` the documents are known to be misread by recognition, however little of it shows, and slips of
    sound are looked for in all of them, not only in those that are damaged; ``False`` looks for neither, and is faster.
    Raises ``KeyError`` for an unknown converter, ``ValueError`` for an unknown level, a folder without a model or a
    file without phrases, ``OSError`` for one that cannot be read.
    """

    def __init__(self, *, converters: str | Sequence[str] | None = None, level: str = Tier.LIKELY,
                 document_evidence: bool = True, lexicon: Lexicon | None = None,
                 phrases: str | Path | Sequence[str | Path] = (), model: str | Path | Sequence[str | Path] = (),
                 misread: bool | None = None) -> None:
        converters, phrases, model = tuple(each(converters or ())), tuple(each(phrases)), tuple(each(model))
        self._again = partial(Corrector, converters=converters, level=level, document_evidence=document_evidence,
                              lexicon=lexicon, phrases=phrases, model=model, misread=misread)
        own = [models.load(Path(folder)) for folder in model]
        lexicon = models.widened(lexicon or default_lexicon(), own)
        added = [phrase for path in phrases for phrase in load_phrases(Path(path))]
        lexicon = replace(lexicon, phrases=(*lexicon.phrases, *added))
        only = tuple(lexicon.table(name).name for name in converters)
        engine = Engine(lexicon, models.beside(own), only or None, document_evidence, Tier(level),
                        None if misread is False else default_slips(), bool(misread))
        self._views = Views(engine, lexicon)

    def __reduce__(self) -> tuple[Callable[[], Corrector], tuple[()]]:
        return self._again, ()

    def check_documents(self, documents: Iterable[Document]) -> list[Report]:
        """One report a document, in order."""
        return self._views.check_many(documents)

    def columns(self, documents: Iterable[Document | str]) -> EditColumns:
        """The edits of all documents, or plain texts, and of all tiers as columns: faster and smaller than reports,
        where many are needed. Raises ``TypeError`` as :meth:`check_many` does."""
        return self._views.columns(map(_document, _several(documents, "columns")))

    def check_many(self, texts: Iterable[str]) -> list[Report]:
        """One report a text, in order. Raises ``TypeError`` for a single text, which would be read sign by sign."""
        return self.check_documents(map(_document, _several(texts, "check_many")))

    def check(self, text: str) -> Report:
        """Everything found in ``text``."""
        return self.check_documents((_document(text),))[0]

    def explain(self, document: Document, offset: int | None = None) -> list[Trace]:
        """Why the places that ``offset`` touches, or all, were corrected or left: one trace a candidate.

        The surest first; all of them in the order of the text, and where several stand the surest first.
        """
        return self._views.explain(document, offset)

    def fix(self, text: str) -> str:
        """``text`` with the edits at or above the corrector's level carried out."""
        return self.check(text).apply()

    def diagnose(self, text: str) -> Sequence[Diagnosis]:
        """The converters that touched ``text``."""
        return self.check(text).diagnosis


def _document(text: str | Document) -> Document:
    if isinstance(text, str):
        return document(text)
    if not isinstance(text, Document):
        raise TypeError(f"a text is a str, not {type(text).__name__}")
    return text


def _several(texts: Iterable[Text], method: str) -> Iterable[Text]:
    if isinstance(texts, str):
        raise TypeError(f"{method} takes several texts; check takes one")
    return texts


def each(named: T | Sequence[T]) -> Sequence[T]:
    """One name, or several: a string is one."""
    return [named] if isinstance(named, str | Path) else named


@cache
def _default() -> Corrector:
    return Corrector()


def check(text: str) -> Report:
    """Everything found in ``text``, with the default options."""
    return _default().check(text)


def check_many(texts: Iterable[str]) -> list[Report]:
    """One report a text, in order, with the default options."""
    return _default().check_many(texts)


def fix(text: str) -> str:
    """``text`` corrected with the default options."""
    return _default().fix(text)


def diagnose(text: str) -> Sequence[Diagnosis]:
    """The converters that touched ``text``."""
    return _default().diagnose(text)
