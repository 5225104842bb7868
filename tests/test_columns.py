"""Edits as columns: the same edits as in the reports, and the same text after them."""

from __future__ import annotations

import re

import pytest

from corrector.api import Corrector
from corrector.columns import EditColumns, applied
from corrector.document import document
from corrector.engine import run


def test_columns_and_reports_agree(damaged: str, healthy: str) -> None:
    corrector = Corrector()
    documents = [document(t) for t in (damaged, "", healthy, damaged.replace("\n", ""), "https://a.b/效劳")]
    columns, reports = corrector.columns(documents), corrector.check_documents(documents)
    assert len(columns) >= 16
    for some, report in zip(columns.by_text(len(documents)), reports, strict=True):
        assert some.edits() == [e._replace(reason="") for e in report.edits]
        assert applied(report.text, some.at_level("certain").changes()) == report.apply("certain")
    assert len(corrector.columns([])) == len(EditColumns.joined([])) == 0


def test_batches_are_numbered_through(monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    corrector, documents = Corrector(), [document(damaged)] * 3
    whole = corrector.columns(documents)
    monkeypatch.setattr(run, "BATCH_DOCUMENTS", 1)
    each = corrector.columns(documents)
    assert [e.edits() for e in each.by_text(3)] == [e.edits() for e in whole.by_text(3)]
    assert len(each) == 3 * len(corrector.columns(documents[:1])) > 0


def test_many_changes(damaged: str) -> None:
    text = damaged * 1000
    changes = [(m.start(), m.end(), "则") for m in re.finditer("那么", text)]
    assert applied(text, changes) == text.replace("那么", "则")
    assert applied(text, []) == text
