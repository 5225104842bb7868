"""The engine: what it finds does not depend on what stands beside a document, nor on how the scan is done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import DAMAGED, HEALTHY
from hypothesis import given
from hypothesis import strategies as st

from corrector import Corrector
from corrector.damage import damage
from corrector.document import document
from corrector.engine.features import COUNT, WINDOW, code_points, features
from corrector.engine.flags import flags
from corrector.engine.parts import Parts, chain
from corrector.engine.scan import Scanner
from corrector.engine.together import AGAIN, Alike
from corrector.lexicon import Lexicon, Pair, Table, default_lexicon
from corrector.lexicon.model import Phrase, Slip

ALPHABET = "发开展原则那么内容的选项是若假设就安全平服务效劳方案法 ，。\n〔〕"
TEXTS = st.lists(st.text(alphabet=ALPHABET, max_size=60), min_size=1, max_size=5)


@given(TEXTS)
def test_the_scan_finds_what_a_plain_search_finds(texts: list[str]) -> None:
    codes, starts = code_points(*texts)
    scanner = Scanner(default_lexicon(), ("A",))
    sites = scanner(codes)
    found = set(zip(sites.candidate.tolist(), sites.start.tolist(), strict=True))
    wanted = {
        (i, int(start) + k)
        for text, start in zip(texts, starts, strict=True)
        for i, c in enumerate(scanner.candidates) for k in range(len(text))
        if text.startswith(c.pair.converted, k)
    }
    # only a word inside its own original, 容 in 内容, is left out
    assert found <= wanted
    assert all(scanner.candidates[c].pair.converted in scanner.candidates[c].pair.original
               for c, _ in wanted - found)


@given(st.lists(st.sampled_from([DAMAGED, HEALTHY, "", "\n", "我们开展活动。", DAMAGED * 3, "a" * 400]), max_size=6))
def test_a_batch_is_its_documents(texts: list[str]) -> None:
    corrector = Corrector()
    assert corrector.check_many(texts) == [corrector.check(t) for t in texts]


def test_features_do_not_depend_on_the_chunk() -> None:
    codes, _ = code_points(DAMAGED)
    starts = np.arange(WINDOW, WINDOW + 40)
    keys = np.full(40, 7, dtype=np.uint32)
    together = features(codes, starts, starts + 1, keys)
    assert together.shape == (40, COUNT)
    assert (together[3:4] == features(codes, starts[3:4], starts[3:4] + 1, keys[3:4])).all()


@given(st.lists(st.text(alphabet="字\n", max_size=900), min_size=1, max_size=3))
def test_the_spans_of_all_parts_are_the_document(texts: list[str]) -> None:
    codes, starts = code_points(*texts)
    parts = Parts.of(codes, starts, np.array([len(t) for t in texts]))
    for i, text in enumerate(texts):
        count = int(parts.offset[i + 1] - parts.offset[i])
        chosen = np.ones(count, dtype=np.bool_)
        assert parts.spans(i, chosen, len(text)) == ((0, len(text)),)
        chosen[-1] = False
        spans = parts.spans(i, chosen, len(text))
        assert all(0 <= a < b <= len(text) for a, b in spans)


def test_a_variant_is_named_only_where_it_explains_more() -> None:
    more = "会议进行了三天，讨论了工作的内容和方法。\n"
    converted = damage(more, default_lexicon().table("A2")).text
    assert converted == "会议进展了三天，讨论了工作的容和法。\n"
    for text, named in ((DAMAGED, ["A"]), (DAMAGED + more, ["A"]), (DAMAGED + converted, ["A2"])):
        assert [d.converter for d in Corrector().diagnose(text)] == named


def test_in_a_compilation_each_part_is_told_by_its_own_converter() -> None:
    lessons = (
        "如果学生没有掌握计算的方法，老师必须根据情况提供帮助。\n"
        "请根据题目判断，选择所有正确的答案，注意运算的顺序。\n"
        "如果条件满足，可以减少实验的次数，结果还要计算清楚。\n"
        "学生对这个问题的理解一定要准确，注意了解特殊的情况。\n"
        "比赛结束以后，学生还要根据记录估计每一组用去的时间。\n"
        "如果第二组的数据不够准确，必须按照原来的顺序再做一次。\n"
    )
    corrector, converted = Corrector(), damage(lessons, default_lexicon().table("B")).text
    fixed = corrector.fix(DAMAGED * 2 + converted)
    assert fixed.startswith(HEALTHY * 2)
    assert all(word in fixed[len(HEALTHY) * 2 :] for word in ("如果学生", "必须", "注意", "选择", "满足", "第二组"))
    assert corrector.fix(fixed) == fixed


def test_a_converter_may_lack_pairs_of_its_table() -> None:
    plain = ("区域发展要靠服务业的发展，发展的关键在人才，服务的质量在管理。\n"
             "部分项目的计划没有考虑安全，项目的安全计划只写了一部分。\n")
    table = default_lexicon().table("A")
    own = [p for p in table.pairs if p.original not in ("发展", "服务", "安全", "计划")]
    fixed = Corrector().fix(damage(HEALTHY + plain + HEALTHY.replace("社区", "街道"), table, own).text)
    assert not any(word in fixed for word in ("原那么", "规那么", "根底", "组成局部"))
    assert fixed.count("发展") == 5 and fixed.count("安全") == 2


def test_a_kept_phrase_is_kept_and_a_restored_one_restored() -> None:
    base = default_lexicon()
    kept = Lexicon(base.tables, (Phrase("推动经济社会科学开展", 8, 10, "", "x", True),))
    assert "科学开展" in Corrector(lexicon=kept).fix(DAMAGED)
    restored = Lexicon(base.tables, (Phrase("众人开展着", 2, 4, "发展", "x", False),))
    text = DAMAGED + "众人开展着。\n"
    assert "众人发展着" in Corrector(lexicon=restored).fix(text)


def test_a_phrase_may_be_the_word_alone() -> None:
    for keep, verdict in ((True, "科学开展"), (False, "科学发展")):
        phrases = (Phrase("开展", 0, 2, "" if keep else "发展", "x", keep),)
        assert verdict in Corrector(lexicon=Lexicon(default_lexicon().tables, phrases)).fix(DAMAGED)


def test_a_phrase_said_again_says_little_more() -> None:
    codes, starts = code_points("监视区域。又监视区域，其监视员")
    at = starts[0] + np.array([0, 6, 12])
    news = Alike.of(codes, np.zeros(3, dtype=np.int64), at, at + 2).news()
    assert np.allclose(news, [(1 + AGAIN) / 2, (1 + AGAIN) / 2, 1])


def test_the_longer_phrase_decides() -> None:
    phrases = (Phrase("科学开展", 2, 4, "发展", "x", False), Phrase("社会科学开展", 4, 6, "", "x", True))
    assert "科学开展" in Corrector(lexicon=Lexicon(default_lexicon().tables, phrases)).fix(DAMAGED)


def test_a_slip_needs_no_converter() -> None:
    lexicon = Lexicon(default_lexicon().tables, slips=(Slip("设臵", "设置", "shape"),))
    [edit] = Corrector(lexicon=lexicon).check("机构设臵合理。").edits
    assert (edit.replacement, edit.kind, edit.converter, edit.tier) == ("设置", "shape", "", "certain")


def test_a_lexicon_without_tables_finds_nothing() -> None:
    assert Corrector(lexicon=Lexicon(())).check(DAMAGED).edits == ()


def test_a_pair_not_trained_for_is_left_alone() -> None:
    table = Table("own", "", (Pair("社区", "小区", "word", "seen"),))
    assert Corrector(lexicon=Lexicon((table,))).check("小区是前沿。" * 5).edits == ()


@pytest.mark.parametrize(("text", "found"), [
    ("入选202358工程。", ["202358工程"]), ("2023年计划，12023工程，2024工程", []), ("202358", []),
])
def test_a_year_in_a_word_is_flagged(text: str, found: list[str]) -> None:
    assert [f.text for f in flags(text)] == found


def test_only_a_damaged_document_has_flags() -> None:
    corrector = Corrector()
    assert not corrector.check(HEALTHY + "入选202358工程。").flags
    assert corrector.check(DAMAGED + "入选202358工程。").flags


def test_parts_of_longer_documents_are_none_of_a_shorter_one() -> None:
    short, long = np.array([[1.2], [0.0], [0.4]]), np.linspace(-1, 3, 90)[:, None]
    beside = np.zeros((90, 2))
    beside[:3, :1], beside[:, 1:] = short, long
    believed = chain(beside, np.array([3, 90]))
    assert np.array_equal(believed[:3, :1], chain(short, np.array([3])))
    assert np.array_equal(believed[:, 1:], chain(long, np.array([90])))
    assert not believed[3:, 0].any()


def test_protected_spans_are_read_but_not_edited() -> None:
    text = DAMAGED + "见 https://example.org/科学开展 。"
    [report] = Corrector().check_documents([document(text)])
    assert report.apply().endswith("https://example.org/科学开展 。")


def test_without_document_evidence_each_place_stands_alone() -> None:
    text = "社会治理的重要组成局部。"
    assert not Corrector().check(text).edits or Corrector().check(text).edits[0].confidence < 0.99
    assert Corrector(document_evidence=False).check(text).edits[0].replacement == "部分"


@pytest.mark.parametrize(("place", "confidence"), [("〔2024", 0.0), ("?中华", 0.99), ("根 据", 0.6), ("开展", 0.9)])
def test_the_trace_says_what_the_report_says(place: str, confidence: float) -> None:
    text = ("各单位要认真贯彻〔2024〕8号文件精神，推进全区科学开展，坚持原那么，全心全意为人民效劳。\n"
            "依据?中华人民共和国教育法?和?教师法?的规定，根 据学校实际，制定本办法，各单 位执行。\n")
    at = text.index(place)
    said = Corrector().explain(document(text), at)[0].confidence
    assert said == max((e.confidence for e in Corrector().check(text).edits if e.start == at), default=0.0)
    assert said >= confidence


def test_own_phrases_keep_and_restore(tmp_path: Path) -> None:
    kept, restored = tmp_path / "kept.tsv", tmp_path / "restored.tsv"
    kept.write_text("phrase\treason\n重要组成[局部]\t本行的说法\n", encoding="utf-8")
    restored.write_text("phrase\treplacement\treason\n[标准]之家\t规范\t本行的说法\n", encoding="utf-8")
    text = DAMAGED + "这是基层工作的重要组成局部，送到平安镇标准之家。"
    own = Corrector(phrases=[kept, str(restored)])
    assert Corrector().fix(text).endswith("重要组成部分，送到平安镇标准之家。")
    assert own.fix(text).endswith("重要组成局部，送到平安镇规范之家。")
    assert Corrector(phrases=str(kept)).fix(text).endswith("重要组成局部，送到平安镇标准之家。")


def test_a_phrase_keeps_the_words_within_its_brackets(tmp_path: Path) -> None:
    path = tmp_path / "kept.tsv"
    path.write_text("phrase\treason\n[为人民效劳]的前沿\t引文\n我们坚持[原那么]\t引文\n", encoding="utf-8")
    kept = HEALTHY.replace("服务的", "效劳的").replace("原则", "原那么")
    assert Corrector(phrases=path).fix(DAMAGED) == kept


def test_what_is_no_file_of_phrases_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.tsv"
    path.write_text("word\treason\n平安\t姓名\n", encoding="utf-8")
    with pytest.raises(ValueError, match="phrase"):
        Corrector(phrases=path)


@given(st.integers(0, len(DAMAGED) - 1))
def test_the_trace_is_the_decision(offset: int) -> None:
    corrector = Corrector()
    edits = [e for e in corrector.check(DAMAGED).edits if e.start <= offset < e.end]
    traces = corrector.explain(document(DAMAGED), offset)
    for trace in traces:
        if trace.tables:
            assert sum(p.weight for p in trace.pieces) == pytest.approx(trace.score)
    for edit in edits:
        assert traces[0].pair.original == edit.replacement
        assert traces[0].confidence == pytest.approx(edit.confidence, abs=1e-4)


def test_the_trace_of_a_protected_place_says_that_nothing_is_done() -> None:
    text = DAMAGED + "见 https://example.org/科学开展 。"
    assert all(t.confidence == 0.0 for t in Corrector().explain(document(text), text.rindex("开展")))


def test_all_traces_are_those_of_every_place() -> None:
    corrector, text = Corrector(), document(DAMAGED)
    each = dict.fromkeys(t for offset in range(len(DAMAGED)) for t in corrector.explain(text, offset))
    assert list(each) == corrector.explain(text)


def test_a_pair_is_as_proven_as_in_the_table_that_proves_it_best() -> None:
    """… while each table is asked by itself what the original says in plain sight."""
    for evidence in (("reported", "seen"), ("seen", "reported")):
        pairs = dict(zip("XY", (Pair("服务", "效劳", "word", e) for e in evidence), strict=True))
        [candidate] = Scanner(Lexicon(tuple(Table(name, "", (pair,)) for name, pair in pairs.items()))).candidates
        assert candidate.pair.evidence == "seen"
        assert candidate.tables == ("X", "Y")
        assert candidate.rumoured == {name for name, pair in pairs.items() if pair.evidence == "reported"}


def test_a_table_of_rumours_does_not_outdo_the_one_that_proves_their_pairs() -> None:
    converted = damage("公司发展很快，服务质量好，基础工作扎实。", default_lexicon().table("A")).text
    assert [d.converter for d in Corrector().diagnose(converted)] == ["A"]
