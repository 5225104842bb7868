"""Punctuation: put right where the whole document proves it, left alone where writers use it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import columns_agree, edits_fit

import corrector
from corrector.edits import Tier

HEALTHY = """关于做好工作的通知（试行）
根据国发〔2024〕8号文件精神（以下简称“通知”），各科室要认真学习。
（一）提高认识。学习《安全生产法》，牢记“安全第一”的方针。
（二）加强领导。把“服务群众”作为大事（见附件），学习《通知》和《意见》。
"""
PIECES = st.sampled_from([
    "〔一〕", "〔2024〕8号", "〔", "〕", "“", "”", "〞", "‚", "‛", "?", "《", "》", "通知", "学习", "我们,他们", "，",
    "\n", "（", "）", "我们坚持原那么，", "為人民效勞", "局\n部", "https://a.b/?通知?", "是为人民效劳的前沿。",
])


@pytest.mark.parametrize("changes", ["“‚ ”‛", "”〞", "《? 》?", "《?", "》?", "（〔 ）〕", "“‚ ”‛ 《? 》?"])
def test_damaged_marks_come_back(changes: str) -> None:
    damaged = HEALTHY
    for old, new in changes.split():
        damaged = damaged.replace(old, new)
    edits = corrector.check(damaged).edits
    assert {(e.kind, e.tier) for e in edits} <= {("glyph", Tier.LIKELY), ("glyph", Tier.CERTAIN)}
    assert corrector.fix(damaged) == HEALTHY


@pytest.mark.parametrize("text", [
    HEALTHY, "参见国发〔2024〕8号、国办发〔2023〕12号、皖政〔2022〕3号。\n", "前人多有论述〔1〕〔2〕〔3〕〔12〕。\n",
    "〔唐〕李白、〔宋〕苏轼、〔清〕曹雪芹。\n", "你学习了吗?他写了什么报告?我不知道他为什么要写通知。\n",
    "〔一〕我们（包括他们）都去。\n〔二〕他们也去。\n",
    "痹\n〔～症〕关节酸痛的病。\n〔麻～〕见“麻”。\n蓖\n〔～麻〕一种草本植物，种子可以榨油。\n",
])
def test_marks_that_writers_use_stay(text: str) -> None:
    assert corrector.check(text).edits == ()


def test_a_year_in_brackets_is_no_number_of_a_document(damaged: str) -> None:
    books, numbers = "著有《山中的集市》〔1984〕、《渡口》〔1991〕等书", "文旅发〔2019〕12号、皖政〔2020〕第3号"
    fixed = corrector.fix(f"{damaged}{books}，据{numbers}文件修订。\n")
    assert "《山中的集市》（1984）、《渡口》（1991）等书" in fixed
    assert numbers in fixed


def test_notes_at_the_end_of_a_document_stay_amid_brackets_that_were_round() -> None:
    healthy = HEALTHY + "（三）抓好落实（含督查）。\n"
    notes = "〔1〕 见《安全生产法》释义第二章。\n〔2〕 参见《通知》注〔1〕。\n"
    assert corrector.fix(healthy.replace("（", "〔").replace("）", "〕") + notes) == healthy + notes


def test_the_number_of_a_document_stays_after_a_converter(damaged: str, healthy: str) -> None:
    more = "根据国发〔2024〕8号文件，〔一〕提高认识；〔二〕加强领导〔见附件〕。\n"
    right = "根据国发〔2024〕8号文件，（一）提高认识；（二）加强领导（见附件）。\n"
    assert corrector.fix(damaged * 2 + more) == healthy * 2 + right


def test_a_difference_of_width_is_only_proposed() -> None:
    text = "我们来了，他们也来了，大家都来了。" * 8 + "我们走了,他们也走了。"
    (edit,) = corrector.check(text).edits
    assert (edit.original, edit.replacement, edit.tier) == (",", "，", Tier.POSSIBLE)
    assert corrector.check(text.replace("，", ",")).edits == ()


@given(st.lists(PIECES, max_size=40).map("".join))
def test_columns_and_reports_agree(text: str) -> None:
    columns_agree([text])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_edits_fit_and_can_be_taken_back(text: str) -> None:
    edits_fit(text)


def test_a_doubtful_edit_does_not_hide_what_the_marks_prove() -> None:
    fixed = corrector.fix("?大会?‚菲‛位臵")
    assert fixed == "?大会?“菲”位置"
    assert corrector.fix(fixed) == fixed
