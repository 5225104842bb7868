"""Slips of shape: found in a document that was misread, left alone in one that was not."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DAMAGED, HEALTHY
from hypothesis import given
from hypothesis import strategies as st

from corrector import Corrector
from corrector.columns import EditColumns
from corrector.document import document
from corrector.engine.features import code_points
from corrector.engine.ngrams import fold, key
from corrector.engine.scan import Places
from corrector.engine.slipmodel import default_slips
from corrector.engine.slips import GivenBack
from corrector.learn.ngrams import counted, static

TRUE = (
    "本办法自发布之日起施行，由国务院有关部门负责解释。\n"
    "各级人民政府应当加强对安全生产工作的领导，及时协调解决存在的重大问题。\n"
    "生产经营单位的主要负责人对本单位的安全生产工作全面负责。\n"
    "设备的安装、使用和维修应当符合国家标准或者行业标准。\n"
    "金融机构应当按照规定保存客户身份资料和交易记录，并向主管部门报告。\n"
    "学校应当把学生的健康放在首位，保证学生每天有一小时的体育活动时间。\n"
) * 2
SLIPS = {"自发布之日": "自发布之曰", "人民政府": "入民政府", "重大问题": "重大间题", "负责人对": "负贵人对",
         "设备的安": "没备的安", "金融机构": "全融机构", "主管部门报": "主营部门报", "学生的健康": "学生的建康",
         "体育活动": "体育活劲", "有关部门": "有关部们", "国家标准": "囯家标准", "应当把": "应当杷"}


def misread() -> str:
    text = TRUE
    for right, wrong in SLIPS.items():
        text = text.replace(right, wrong, 1)
    return text


def slips(text: str, floor: float = 0.9, *, told: bool = False) -> dict[int, str]:
    return {e.start: e.replacement for e in Corrector(misread=told or None).check(text).edits
            if e.kind == "shape" and e.confidence >= floor}


@pytest.mark.parametrize("told", [False, True])
def test_a_misread_document_is_read_aright(told: bool) -> None:
    text = misread()
    wrong = {i: b for i, (a, b) in enumerate(zip(text, TRUE, strict=True)) if a != b}
    found = slips(text, 0.5, told=told)
    assert len(found.items() & wrong.items()) >= len(wrong) - 2
    assert not found.keys() - wrong.keys()


def test_a_short_document_is_enough_if_its_slips_strike_the_eye() -> None:
    text = ("全市各级农业部门要把春耕备耕作为当前的中心任务，组织技木人员深入田间地头，指异农民科学施肥。"
            "粮食安全事关国计民生，必须常抓不懈，各级领导干部要确保机具处于良好的伏态。")
    assert slips(text) == {text.index("木人"): "术", text.index("异农"): "导", text.index("伏态"): "状"}


def test_who_is_told_needs_no_evidence() -> None:
    at = TRUE.index("金融")
    text = TRUE.replace("金融机构", "全融机构", 1)
    assert slips(text) == {}
    assert slips(text, 0.5, told=True) == {at: "金"}


def test_who_does_not_want_slips_gets_none() -> None:
    assert not Corrector(misread=False).check(misread()).edits


@pytest.mark.parametrize("text", [TRUE, HEALTHY])
def test_health_is_seen_even_if_told_otherwise(text: str) -> None:
    assert not slips(text, told=True)


@pytest.mark.parametrize("text", [
    TRUE, HEALTHY, "", "臵", "某人叫林垚，住在圐圙村，常与友人郜翀往来。", TRUE + "其父名曰己，母名入。",
])
def test_a_healthy_document_is_left_alone(text: str) -> None:
    assert not slips(text)


def test_one_odd_place_is_not_enough() -> None:
    assert not slips(TRUE.replace("学生的健康", "学生的建康", 1))


def test_the_reason_says_what_is_odd() -> None:
    edits = [e for e in Corrector(misread=True).check(misread()).edits if e.kind == "shape"]
    assert all(e.converter == "" and e.original in e.reason and e.replacement in e.reason for e in edits)


def test_a_slip_is_explained() -> None:
    text = misread()
    [trace] = Corrector(misread=True).explain(document(text), text.index("间题"))
    assert (trace.pair.converted, trace.pair.original, trace.pair.kind) == ("间", "问", "shape")
    assert "“问”" in trace.pair.note and trace.confidence > 0.5


def test_columns_say_the_same_as_reports() -> None:
    texts = [misread(), DAMAGED, HEALTHY, DAMAGED + misread()]
    corrector = Corrector(misread=True)
    reports = [list(r.edits) for r in corrector.check_many(texts)]
    columns: EditColumns = corrector.columns(map(document, texts))
    for edits, own in zip(reports, columns.by_text(len(texts)), strict=True):
        assert [(e.start, e.end, e.replacement, e.kind) for e in edits] == [
            (e.start, e.end, e.replacement, e.kind) for e in own.edits()]


def test_what_stands_beside_it_in_a_batch_changes_nothing() -> None:
    texts = [HEALTHY, misread(), TRUE, DAMAGED]
    together = Corrector(misread=True).check_many(texts)
    assert [r.edits for r in together] == [Corrector(misread=True).check(t).edits for t in texts]


def test_how_the_next_document_begins_changes_nothing() -> None:
    text = ("各部门要认真学刁贯彻会议精神，切实抓好各项工作的落实。\n车部地区要加快基础设施建设，努力提咼服务水平。\n"
            "人力发展现代农业，增加农民收人，改善人民生活。\n")
    beside = "东我们己经在各地开展调查，发现人量问题，有关部门止在研究，学刁先进经验，努刀完咸任务。"
    assert [Corrector().check_many(texts)[0].edits for texts in ([text, beside], [text, text])] == (
        [Corrector().check(text).edits] * 2)


def test_a_protected_place_is_left() -> None:
    text = misread() + "见 https://example.org/全融机构 。"
    assert Corrector(misread=True).check(text).apply().endswith("全融机构 。")


@given(st.lists(st.tuples(st.integers(0, len(DAMAGED) - 1), st.sampled_from("戌臵曰入末千问")), max_size=12))
def test_slips_and_converters_never_touch_the_same_place(placed: list[tuple[int, str]]) -> None:
    text = list(DAMAGED + misread())
    for at, c in placed:
        text[at] = c
    report = Corrector(misread=True).check("".join(text))
    assert report.undo(report.apply("possible"), "possible") == report.text


def test_what_converters_wrote_is_given_back_before_slips_are_looked_for() -> None:
    codes, _ = code_points("科学开展原那么好")
    edits = Places(np.array([0, 1]), np.array([26, 29]), np.array([28, 31]))
    back, touched = GivenBack([("发展", "开展"), ("则", "那么")])(codes, edits)
    assert "".join(map(chr, back[24:32])) == "科学发展原那么好"
    assert np.flatnonzero(touched).tolist() == [26, 27, 28, 29, 30, 31]


@pytest.mark.parametrize("count", [1, 7, 100, 50_000])
def test_every_key_has_its_value(count: int) -> None:
    draw = np.random.default_rng(count)
    keys = np.unique(draw.integers(0, 2**48, 2 * count).astype(np.uint64))
    known, others = keys[::2], keys[1::2]
    values = draw.integers(1, 16, len(known))
    level = static(known, values, 4, np.uint8)
    assert level(known).tolist() == values.tolist()
    assert np.count_nonzero(level(others)) <= 1 + count / 10  # a tag of four bits is right by chance once in sixteen


def test_n_grams_are_counted_as_they_are_looked_up() -> None:
    grams, common = counted(["安全生产，安全第一。"] * 3, [("安全带", 4)], 6)
    assert grams.single[ord("全")] == 10
    first, second, third = (np.array([ord(c)], dtype=np.uint32) for c in "安全生")
    assert grams.seen(first, second)[0] > grams.seen(second, third)[0] > 2 > grams.seen(first, third)[0] == 0
    assert grams.triples(key(first, second, third)) > 0
    assert grams.fours(key(first, second, third, np.array([ord("产")], dtype=np.uint32))) > 0
    assert key(first, second)[0] in common


def test_what_was_seen_stands_better() -> None:
    characters = fold(code_points("金融机构")[0])
    at, meant = np.array([24]), np.array([[ord("金"), ord("全")]], dtype=np.uint32)
    grams = default_slips().grams
    [[right, wrong]] = grams.stand(characters, at, meant)[:3].sum(axis=0)
    assert right > wrong + 3
    assert grams.quick(characters, at, meant).argmax() == 0


def test_characters_are_folded() -> None:
    assert fold(np.array([ord("７"), ord("Q")], dtype=np.uint32)).tolist() == [ord("0"), ord("a")]


def test_the_shipped_model_is_whole() -> None:
    model = default_slips()
    assert model.meant.shape == model.likeness.shape
    assert len(model.grams.pairs.cells) > 1_000_000
    assert (model.rows >= 0).sum() == len(model.meant)
