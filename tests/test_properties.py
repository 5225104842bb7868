"""What holds for every text: edits fit, never overlap, and can be taken back; healthy and fixed text stays."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import columns_agree, edits_fit

import corrector
from corrector.damage import damage
from corrector.document import Document, document
from corrector.edits import Tier, at_level
from corrector.lexicon import default_lexicon

PIECES = st.sampled_from([
    "我们坚持原那么", "社区是社会治理的重要组成局部", "全心全意为人民效劳", "推动经济社会科学开展", "按照规那么",
    "根底设施", "开展活动", "否那么", "平安生产", "效劳", "那么", "发展", "部分", "若", "假设", "第", "〔一〕",
    "，", "。", "\n", "\r\n", " ", "\u3000", "abc", "𠮷", "https://a.b/开展",
])
TEXTS = st.lists(PIECES, max_size=25).map("".join)
LEVELS = st.sampled_from(list(Tier))


@given(TEXTS)
def test_edits_fit_are_sorted_and_never_overlap(text: str) -> None:
    position = 0
    for e in corrector.check(text).edits:
        assert position <= e.start < e.end <= len(text)
        assert text[e.start : e.end] == e.original != e.replacement
        assert 0.5 <= e.confidence <= 1
        assert e.tier is Tier.of(e.confidence)
        position = e.end


@given(TEXTS, LEVELS)
def test_what_is_applied_can_be_taken_back(text: str, level: Tier) -> None:
    report = corrector.check(text)
    assert report.undo(report.apply(level), level) == text


@given(TEXTS, LEVELS)
def test_text_outside_the_edits_is_kept(text: str, level: Tier) -> None:
    report = corrector.check(text)
    fixed = report.apply(level)
    position = shift = 0
    for e in at_level(report.edits, level):
        assert fixed[position + shift : e.start + shift] == text[position : e.start]
        position, shift = e.end, shift + len(e.replacement) - len(e.original)
    assert fixed[position + shift :] == text[position:]


# CRLF with LF or with CR, never all three: a CR and a LF around an empty line are one line end.
ENDS = st.sampled_from("\n\r").flatmap(lambda e: st.lists(st.sampled_from([e, "\r\n"]), min_size=1, max_size=3))


@given(TEXTS, ENDS, st.integers(0, 30),
       st.lists(st.integers(0, 300), max_size=8), st.sampled_from("\u200b\ufeff\xad"))
def test_what_is_not_seen_changes_nothing(text: str, ends: list[str], width: int, at: list[int], sign: str) -> None:
    lines = text.replace("\r", "").split("\n")
    if width:
        lines = [line[i : i + width] for line in lines for i in range(0, len(line), width)]
    own = cycle(ends)
    other = "".join(line + next(own) for line in lines)
    for place in at:  # what stands in an address is seen: nobody may edit it
        more = other[:place] + sign + other[place:]
        if not other.startswith("\n", place) and not any(a <= place < b for a, b in document(more).protected):
            other = more
    edits_fit(other)
    columns_agree([other, text])
    report, seen = corrector.check(other), corrector.check("".join(f"{line}\n" for line in lines))
    assert re.sub("\r\n?", "\n", report.apply("possible")).replace(sign, "") == seen.apply("possible")
    assert [(e.confidence, e.reason) for e in report.edits] == [(e.confidence, e.reason) for e in seen.edits]
    traces = [(t.start, t.end, round(t.confidence, 4)) for t in corrector.Corrector().explain(document(other))]
    assert all((e.start, e.end, e.confidence) in traces for e in report.edits)


def test_a_sign_without_width_goes_with_the_word_that_it_cut(damaged: str, healthy: str) -> None:
    assert corrector.fix("\ufeff" + damaged.replace("局部，", "局\u200b部\u200b，")) == (
        "\ufeff" + healthy.replace("部分，", "部分\u200b，"))


def test_a_sign_without_width_that_may_not_be_edited_is_seen(damaged: str, healthy: str) -> None:
    text = damaged.replace("局部", "局\u200b部").replace("规那么", "规那\u200b么")
    at = text.index("\u200b")
    [report] = corrector.Corrector().check_documents([Document(text, "docx", ((at, at + 1),))])
    assert report.apply() == healthy.replace("部分", "局\u200b部")


def test_an_address_is_one_whatever_is_not_seen_in_it(damaged: str, healthy: str) -> None:
    assert corrector.fix(damaged + "详见https:\u200b//a.b/局部") == healthy + "详见https:\u200b//a.b/局部"


def test_what_is_not_seen_makes_no_markup_of_the_text_of_a_container(damaged: str, healthy: str) -> None:
    read = replace(document("管\u200b理。\n" + damaged.replace("局部", "`局部`", 1)), kind="docx")
    [report] = corrector.Corrector().check_documents([read])
    assert report.apply() == "管\u200b理。\n" + healthy.replace("部分", "`部分`", 1)


@given(TEXTS)
def test_the_same_text_gives_the_same_report(text: str) -> None:
    assert corrector.check_many([text, text]) == [corrector.check(text)] * 2


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    report = corrector.check(text)
    assert report.undo(report.apply("possible"), "possible") == text


def test_fixed_text_stays(damaged: str, healthy: str) -> None:
    assert corrector.fix(damaged) == healthy
    assert corrector.fix(healthy) == healthy


def test_a_damaged_document_comes_back(healthy: str) -> None:
    assert corrector.fix(damage(healthy, default_lexicon().table("A")).text) == healthy


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n\n", "\u2028"])
def test_line_endings_change_nothing(damaged: str, healthy: str, newline: str) -> None:
    assert corrector.fix(damaged.replace("\n", newline)) == healthy.replace("\n", newline)


def test_levels_nest(damaged: str) -> None:
    edits = corrector.check(damaged).edits
    certain, likely, possible = (at_level(edits, level) for level in Tier)
    assert set(certain) <= set(likely) <= set(possible) == set(edits)
