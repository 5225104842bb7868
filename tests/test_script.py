"""Traditional script: read as simplified, written as the document writes; what OpenCC got wrong is put right."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from laws import columns_agree, edits_fit

import corrector
from corrector.cli.fix import fix
from corrector.document import document
from corrector.views import script
from corrector.views.batch import Batch

PIECES = st.sampled_from([
    "我們堅持原那麼，", "社區是社會治理的重要組成局部，", "為人民效勞。", "推動經濟社會科學開展，", "係統",
    "關係統計", "𠮷", "效 勞", "\n", "蔘加", "裡程", "https://a.b/係統", "局\n部", "简体的原那么",
])
TEXTS = st.lists(PIECES, max_size=25).map("".join)
OVERCONVERTED = script.Overconverted(corrector.lexicon.default_lexicon().overconverted)


def folded(text: str) -> bool:
    return bool(list(script.fold([document(text)], Batch([text]), OVERCONVERTED)))


@pytest.mark.parametrize("standard", ["s2t", "s2tw", "s2hk"])
def test_both_scripts_give_the_same_edits(damaged: str, healthy: str, standard: str) -> None:
    from opencc import OpenCC

    convert = OpenCC(standard).convert
    report = corrector.check(convert(damaged))
    assert [(e.start, e.end, e.confidence) for e in report.edits] == [
        (e.start, e.end, e.confidence) for e in corrector.check(damaged).edits]
    assert report.apply() == convert(healthy)


def test_simplified_text_is_read_as_it_is(damaged: str) -> None:
    assert not folded(damaged) and not folded("乾隆皇帝著书立说，小猫咪喆喆")
    assert folded("社會治理的重要組成部分")


def test_a_simplified_paragraph_of_a_mixed_document_stays_simplified(damaged: str) -> None:
    text = "這是舊時的文章，講的是我們國家的歷史。" * 3 + "\n" + damaged * 2
    assert folded(text)
    assert "则办事" in corrector.fix(text) and "服务的前沿" in corrector.fix(text)


def test_a_broken_word_in_traditional_script(damaged: str) -> None:
    text = "社區是社會治理的重要組成局\n部，是為人民效 勞的前沿，為人民效勞。我們堅持原那麼，按照規那麼辦事。"
    assert corrector.fix(text) == (
        "社區是社會治理的重要組成部\n分，是為人民服 務的前沿，為人民服務。我們堅持原則，按照規則辦事。")


def test_what_conversion_got_wrong() -> None:
    text = "我們蔘加了這個係統的會議，關係統計方法，見 https://a.b/係統"
    edits = corrector.check(text).edits
    assert [(e.original, e.replacement, e.kind) for e in edits] == [
        ("蔘加", "參加", "script"), ("係統", "系統", "script")]
    assert corrector.check("这里说的是蔘加").edits == ()


def test_without_opencc_the_report_says_what_to_install(monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    monkeypatch.setattr(script, "find_spec", lambda _: None)
    report = corrector.check("社會治理的重要組成局部")
    assert "zh-corrector[traditional]" in report.flags[0].reason
    assert corrector.check(damaged).flags == ()


def test_without_opencc_fix_says_that_it_is_not_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(script, "find_spec", lambda _: None)
    (tmp_path / "a.txt").write_text("社會治理的重要組成局部，我們會努力", encoding="utf-8")
    (tmp_path / "b.txt").write_text("平静", encoding="utf-8")
    done = CliRunner().invoke(fix, [str(tmp_path), "-o", str(tmp_path / "out")])
    assert (done.exit_code, done.stderr.count("zh-corrector[traditional]")) == (0, 1)


@given(TEXTS)
def test_edits_fit_and_can_be_taken_back(text: str) -> None:
    edits_fit(text)


@given(st.lists(TEXTS, max_size=3))
def test_columns_and_reports_agree(texts: list[str]) -> None:
    columns_agree(texts)


@given(st.text(max_size=100))
def test_simplifying_keeps_offsets(text: str) -> None:
    assert len(script.simplified(text)) == len(text)


def test_phrases_that_are_not_simplified_by_their_characters() -> None:
    assert script.simplified("乾隆皇帝瞭解以後答覆說，瞭望塔沒有乾") == "乾隆皇帝了解以后答复说，瞭望塔没有干"


def test_half_a_surrogate_pair_is_no_trouble() -> None:
    text = "國家應該關注\ud83d\ude00這個問題\ud83d，坚持原那么。"
    report = corrector.check(text)
    assert len(script.simplified(text)) == len(text)
    assert all(text[e.start : e.end] == e.original for e in report.edits)
