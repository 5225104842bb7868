"""The public face: `check`, `fix`, `diagnose`, `check_many` and the `Corrector` behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .document import Document
from .result import Diagnosis, Report


class Corrector:
    """A corrector with its options read once. Thread-safe: nothing in it changes after it is made."""

    def __init__(self, *, converters: Sequence[str] | None = None, level: str = "likely",
                 document_evidence: bool = True) -> None:
        raise NotImplementedError

    def check_documents(self, documents: Iterable[Document]) -> list[Report]:
        """One report a document, in order."""
        raise NotImplementedError

    def check_many(self, texts: Iterable[str]) -> list[Report]:
        raise NotImplementedError

    def check(self, text: str) -> Report:
        raise NotImplementedError

    def fix(self, text: str) -> str:
        raise NotImplementedError

    def diagnose(self, text: str) -> Sequence[Diagnosis]:
        raise NotImplementedError

    def explain(self, document: Document, offset: int) -> object:
        raise NotImplementedError
