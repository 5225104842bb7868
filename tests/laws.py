"""What holds for the edits of every text, whatever kind of damage a test is about."""

from __future__ import annotations

import corrector
from corrector.document import document
from corrector.edits import Tier


def edits_fit(text: str) -> None:
    """Edits are sorted, apart, in their tiers, change what stands there, and can be taken back."""
    report = corrector.check(text)
    position = 0
    for e in report.edits:
        assert position <= e.start < e.end and text[e.start : e.end] == e.original != e.replacement
        assert e.tier is Tier.of(e.confidence)
        position = e.end
    assert report.text == text and report.undo(report.apply("possible"), "possible") == text


def columns_agree(texts: list[str]) -> None:
    """The columns of edits are those of the reports."""
    documents, checker = [document(t) for t in texts], corrector.Corrector()
    reports = checker.check_documents(documents)
    for some, report in zip(checker.columns(documents).by_text(len(texts)), reports, strict=True):
        assert some.edits() == [e._replace(reason="") for e in report.edits]
