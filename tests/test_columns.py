"""Edits as columns: the same edits as in the reports, and the same text after them."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from corrector.api import Corrector
from corrector.columns import EditColumns, Edits, applied
from corrector.document import document
from corrector.edits import Tier
from corrector.engine import run


def test_columns_and_reports_agree(damaged: str, healthy: str) -> None:
    corrector = Corrector()
    documents = [document(t) for t in (damaged, "", healthy, damaged.replace("\n", ""), "https://a.b/效劳")]
    columns, reports = corrector.columns(documents), corrector.check_documents(documents)
    assert len(columns) >= 16
    for some, report in zip(columns.by_text(len(documents)), reports, strict=True):
        assert some.edits() == [e._replace(reason="") for e in report.edits]
        assert applied(report.text, some.at_level("certain").changes()) == report.apply("certain")
    plain = [d.text for d in documents]
    assert corrector.columns(plain).edits() == corrector.columns([document(t) for t in plain]).edits()
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


def test_edits_of_a_report_are_a_sequence_like_any(damaged: str) -> None:
    edits = Corrector().check(damaged).edits
    values = tuple(edits)
    assert isinstance(edits, Edits) and edits == Corrector().check(damaged).edits
    assert edits == values and values == edits
    assert (len(edits), edits[0], edits[-2:], values[1] in edits) == (len(values), values[0], values[-2:], True)
    assert repr(edits) == repr(values) and hash(edits) == hash(values)
    assert pickle.loads(pickle.dumps(edits)) == values == copy.deepcopy(edits)
    assert edits != values[1:] and edits != list(values)


def test_edits_are_taken_from_and_added_to_without_making_them(damaged: str) -> None:
    made = Corrector().check(damaged).edits
    values, word = tuple(made), made[0].original
    for edits in (Edits.of(made), Edits.of(values)):
        starts = edits.starts({word})
        assert starts == [e.start for e in values if e.original == word]
        assert {w.original for w in edits.written()} == {e.original for e in values}
        likely = [e for e in values if e.original == word and e.confidence >= Tier.LIKELY.floor]
        assert edits.carried_out({word}) == {word: len(likely)}
        rest = edits.without(starts)
        assert [e._replace(reason="") for e in rest] == [e._replace(reason="") for e in values if e.original != word]
        again = rest.with_others(e for e in values if e.original == word)
        assert again.spans() == [(e.start, e.end) for e in values] == [(e.start, e.end) for e in again]
        assert len(again) == len(values)
