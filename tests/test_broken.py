"""Broken words: damage is seen through gaps, gaps stay where they were, and what is no gap stays unseen."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from laws import columns_agree, edits_fit

import corrector
from corrector.document import Document, document
from corrector.edits import Tier
from corrector.lexicon import default_lexicon
from corrector.views.batch import Batch
from corrector.views.gaps import MARK, Words, find
from corrector.views.view import without

CORRECTOR = corrector.Corrector()
WORDS = Words(default_lexicon())
PIECES = st.sampled_from([
    "我们坚持原那么，", "社区是社会治理的重要组成局", "部，是为人民效", "劳的前沿。", "推动经济社会科学开",
    "展，按照规那么办事，", " ", "\n", "\r\n", "\f", "- 3 -", "第 2 页", "欢迎下载", "X", "根 据", "姓 名",
    "https://a.b/开", "𠮷", "，", "。",
])
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def gaps(text: str) -> list[tuple[str, str]]:
    return [(g.kind, text[g.start : g.end]) for _, found in find(Batch([text]), WORDS) for g in found]


@pytest.mark.parametrize("gap", [" ", "\n", "\r\n", "\f", "\n\f", "\n- 3 -\n", "\n\n第 3 页\n\n", "X"])
def test_damage_is_seen_through_a_gap_which_stays(damaged: str, healthy: str, gap: str) -> None:
    broken = damaged.replace("局部", f"局{gap}部").replace("效劳的", f"效{gap}劳的")
    assert corrector.fix(broken) == healthy.replace("部分", f"部{gap}分").replace("服务的", f"服{gap}务的")


def test_a_word_of_one_character_keeps_no_space_but_a_line_break(damaged: str, healthy: str) -> None:
    assert corrector.fix(damaged.replace("规那么", "规那 么")) == healthy
    assert corrector.fix(damaged.replace("规那么", "规那\n么")) == healthy.replace("规则", "规则\n")


@pytest.mark.parametrize("markup", ["规那~么~要守。", "部*分*居民来。", "|部|分|\n|--|--|\n|组|织|"])
def test_signs_that_mean_something_in_markdown_are_no_noise(damaged: str, healthy: str, markup: str) -> None:
    report = CORRECTOR.check_documents([document(damaged + markup, "markdown")])[0]
    assert report.apply("possible") == healthy + markup
    assert corrector.check(damaged + markup).apply("possible") != healthy + markup


@pytest.mark.parametrize(("written", "meant"), [
    ("规那*么*要守。", "规*则*要守。"), ("规那**么**要守。", "规**则**要守。"), ("那<b>么</b>", "那<b>么</b>"),
    ("组成局<em class=\"a\">部</em>。", "组成部<em class=\"a\">分</em>。"), ("为群众**效**劳。", "为群众**服**务。"),
    ("`局**部**`", "`局**部**`"), ("局**`部`**", "局**`部`**"), ("<code>局</code>部", "<code>局</code>部"),
])
def test_a_word_in_several_formats_of_markdown(damaged: str, healthy: str, written: str, meant: str) -> None:
    report = CORRECTOR.check_documents([document(f"{damaged}\n\n{written}\n", "markdown")])[0]
    assert report.apply() == f"{healthy}\n\n{meant}\n"
    assert report.undo(report.apply()) == report.text


def test_watermarks_are_known_by_their_repetition(damaged: str, healthy: str) -> None:
    def marked(text: str, *words: str) -> str:
        for word in words:
            text = text.replace(word, f"{word[0]}\n精品资料\n{word[1]}", 1)
        return text.replace("设施建设", "设施精品资料建设")

    broken = marked(damaged, "局部", "办事", "推动")
    assert {kind for kind, _ in gaps(broken)} == {MARK}
    assert corrector.fix(broken) == marked(healthy, "部分", "办事", "推动")


@pytest.mark.parametrize("text", [
    "姓 名：王小明\n性 别：男\n单 位：县委党校\n", "目 录\n第一章 总则\n第二章 组织机构\n",
    "春眠不觉晓\n处处闻啼鸟\n夜来风雨声\n花落知多少\n", "工作安排\n各科室要按照要求，认真做好各项工作。\n",
    "我们去了公园\n\n他们没有去，因为下雨了。\n", "第三条 为了加强管理，制定本办法。\n",
])
def test_layout_is_no_gap(text: str) -> None:
    assert gaps(text) == []
    assert corrector.check(text * 8).edits == ()


def test_an_original_cut_in_two_is_no_sign_of_health(damaged: str) -> None:
    text = damaged + "为我们的发 展奠定了根 底，" * 3
    assert [e.replacement for e in corrector.check(text).edits if e.tier is not Tier.POSSIBLE].count("基 础") == 3


def test_joining_is_merely_possible_until_the_document_proves_it() -> None:
    whole = "我们在社区里组织了许多活动，居民们都觉得社区的活动很好，组织活动的人也很高兴。\n" * 4
    (join,) = corrector.check(whole + "居民按照要求，有计 划地组织活动，都很高兴。\n").edits
    assert (join.original, join.replacement, join.kind, join.tier) == ("计 划", "计划", "broken", Tier.POSSIBLE)
    broken = "社 区的居 民都来了，活 动里的居 民很高 兴，组 织的人在社 区里也高 兴，觉 得活 动好，许 多居 民说，\n"
    often = whole + broken * 2
    joins = [e for e in corrector.check(often).edits if e.kind == "broken"]
    assert len(joins) > 10 and {e.tier for e in joins} == {Tier.LIKELY}
    assert "社区的居民都来了" in corrector.fix(often)


def test_lines_of_one_length_are_layout(healthy: str) -> None:
    text = "我们在社区里组织了许多活动，居民们都觉得社区的活动很好，组织活动的人也很高兴。" * 20
    wrapped = "\n".join(text[i : i + 29] for i in range(0, len(text), 29))
    assert corrector.check(wrapped).edits == ()


def test_nothing_is_seen_through_a_joint_of_paragraphs(damaged: str) -> None:
    at = (text := damaged.replace("局部", "局\n部")).index("\n")
    assert not any(e.start <= at < e.end for e in CORRECTOR.check_documents(
        [Document(text, "text", ((at, at + 1),))])[0].edits)


@given(TEXTS)
def test_gaps_are_sorted_disjoint_and_within(text: str) -> None:
    for _, found in find(Batch([text]), WORDS):
        for before, gap in zip([None, *found], found, strict=False):
            assert 0 < gap.start < gap.end < len(text)
            assert before is None or before.end < gap.start


@given(TEXTS, TEXTS)
def test_gaps_do_not_depend_on_the_batch(one: str, other: str) -> None:
    together = dict(find(Batch([one, other, one]), WORDS))
    alone = dict(find(Batch([one]), WORDS))
    assert together.get(0, []) == together.get(2, []) == alone.get(0, [])


@given(st.text(alphabet="甲乙丙丁", min_size=1, max_size=30), st.data())
def test_offsets_there_and_back(text: str, data: st.DataObject) -> None:
    inner = st.tuples(st.integers(1, len(text)), st.integers(1, 4))
    drawn = sorted(data.draw(st.lists(inner, min_size=1, max_size=6, unique_by=lambda g: g[0])))
    following = [*(start for start, _ in drawn[1:]), len(text) + 1]
    spans = [(a, min(a + n, b - 1)) for (a, n), b in zip(drawn, following, strict=True)]
    spans = [(a, b) for a, b in spans if a < b]
    assume(spans)
    view = without(document(text), spans)
    seen = view.document.text
    assert all(text[view.origin(i)] == c and view.seen(view.origin(i)) == i for i, c in enumerate(seen))
    assert view.origin(len(seen)) == len(text) or spans[-1][1] == len(text)
    for i in range(len(text) + 1):
        assert 0 <= view.seen(i) <= len(seen)
    for start in range(len(seen)):
        for end in range(start + 1, len(seen) + 1):
            a, b = view.span(start, end)
            left_out = sum(length for _, length in view.inside(start, end))
            assert b - a == end - start + left_out and text[a] == seen[start] and text[b - 1] == seen[end - 1]


@given(TEXTS)
def test_edits_fit_and_can_be_taken_back(text: str) -> None:
    edits_fit(text)


@given(st.lists(TEXTS, max_size=4))
def test_columns_and_reports_agree(texts: list[str]) -> None:
    columns_agree(texts)


def test_explain_reaches_through_a_gap(damaged: str) -> None:
    text = damaged.replace("局部", "局\n部")
    at = text.index("局")
    for offset in (at, at + 2):
        (trace, *_) = CORRECTOR.explain(document(text), offset)
        assert (trace.start, trace.end) == (at, at + 3)


def test_a_short_line_that_is_repeated_is_repaired_too() -> None:
    lines = "第一季度各乡镇街道要按照县委县政府的统一部署积极主动\n效劳企业\n切实提高工作水平。\n" * 5
    assert "效劳" not in corrector.fix("坚持原那么，全心全意为人民效劳，是重要组成局部。\n" + lines)


@pytest.mark.parametrize("cut", [" ", "\f"])
def test_one_long_line_is_looked_at_once(cut: str) -> None:
    text = cut.join(["坚持原那么，", "全心全意为人民效劳，", "是重要组成局部，"] * 3000)
    assert "效劳" not in corrector.fix(text)


@pytest.mark.parametrize("rest", ["\n接着写。", "\r\n接着写。", " - 这里\n", "# 甲\n", "<div>\n", "---\n", ""])
def test_what_became_shorter_leaves_no_line_without_its_beginning(damaged: str, healthy: str, rest: str) -> None:
    ending = "\r\n" if "\r" in rest else "\n"
    for kind in ("text", "markdown"):
        report = CORRECTOR.check_documents([document(f"{damaged}坚持原那{ending}么{rest}", kind)])[0]
        assert report.apply() == f"{healthy}坚持原{ending}则{rest}"
    assert corrector.fix(f"{damaged}坚持原那\n么，{rest}") == f"{healthy}坚持原则\n，{rest}"
