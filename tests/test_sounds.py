"""Slips of sound: set phrases with one character exchanged for another of its sound, missing, or typed twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import DAMAGED, HEALTHY
from hypothesis import given
from hypothesis import strategies as st

from corrector import Corrector, check
from corrector.document import document
from corrector.engine.features import code_points
from corrector.engine.slipmodel import default_slips
from corrector.engine.sounds import SoundFinder, Sounds, fuzzy
from corrector.lexicon import SetPhrase, Syllable, default_lexicon

PHRASES = (SetPhrase("建言献策", 100), SetPhrase("实事求是", 100, frozenset({"实事就是"})),
           SetPhrase("一览无余"))
ALWAYS = Corrector(misread=True)
GRAMS = default_slips().grams
READ = Sounds(default_lexicon().syllables)


def slips(text: str, floor: float = 0.5) -> list[tuple[str, str]]:
    edits = ALWAYS.check(text).edits
    return [(e.original, e.replacement) for e in edits if e.kind == "sound" and e.confidence >= floor]


@pytest.mark.parametrize(("written", "phrase"), [
    ("一愁莫展", "一筹莫展"), ("渊远流长", "源远流长"), ("建言策", "建言献策"), ("实事事求是", "实事求是"),
    ("贯撤落实", "贯彻落实"),
])
def test_a_slip_is_set_right(written: str, phrase: str) -> None:
    found = slips(f"对于这项工作，大家{written}。", 0.9)
    assert found == [(written, phrase)]


def test_a_slip_that_may_be_none_is_only_shown() -> None:
    assert slips("把会议精神原原本，一字不差地传达下去。") == [("原原本", "原原本本")]


@pytest.mark.parametrize("text", [
    "骑手们“骑”乐无穷。", "他把“一愁莫展”写在黑板上。", "《一愁莫展》是一部喜剧。", "把一愁莫展公司的案卷归档。",
    "一愁莫展 名列前矛 渊远流长", "找出错别字：他一愁莫展。", "两国将紧密合作，大好山河尽收眼底。",
    "发奋图强，再接再厉。",
    "根据归根结底的道理，实事求是，建言献策。", HEALTHY,
])
def test_what_is_meant_so_is_left(text: str) -> None:
    assert not slips(text, 0.9)


def test_the_reason_names_the_phrase() -> None:
    [edit] = [e for e in ALWAYS.check("面对难题，他一愁莫展，只好求助。").edits if e.kind == "sound"]
    assert "一筹莫展" in edit.reason and "读音相同" in edit.reason and edit.converter == ""


def test_a_protected_place_is_left() -> None:
    assert not slips("见 https://example.org/他一愁莫展了 。")


def test_converters_come_first() -> None:
    text = DAMAGED + "他一愁莫展，全心全意为人民效劳。"
    report = check(text)
    assert report.apply() == HEALTHY + "他一筹莫展，全心全意为人民服务。"
    assert report.undo(report.apply("possible"), "possible") == text


def test_a_healthy_document_is_not_looked_at_unless_asked() -> None:
    text = "他一愁莫展。\n" + HEALTHY
    assert not check(text).edits
    assert [e.replacement for e in ALWAYS.check(text).edits] == ["一筹莫展"]


def test_columns_and_neighbours_say_the_same() -> None:
    texts = [HEALTHY, "他一愁莫展，大家建言策。", DAMAGED + "名列前矛的学校，渊远流长。"]
    corrector = ALWAYS
    reports = corrector.check_many(texts)
    assert [r.edits for r in reports] == [corrector.check(t).edits for t in texts]
    for report, own in zip(reports, corrector.columns(map(document, texts)).by_text(3), strict=True):
        assert [(e.start, e.end, e.replacement, e.kind) for e in report.edits] == [
            (e.start, e.end, e.replacement, e.kind) for e in own.edits()]


@given(st.sampled_from(PHRASES), st.integers(0, 3), st.text("的了，。", max_size=30), st.text("的了，。", max_size=30))
def test_every_slip_of_a_phrase_is_found(phrase: SetPhrase, nth: int, before: str, after: str) -> None:
    find = SoundFinder(PHRASES, [Syllable("a", "啊" + "".join(sorted({c for p in PHRASES for c in p.text})))], GRAMS)
    wrong = phrase.text[:nth] + "啊" + phrase.text[nth + 1 :]
    text = before + "，" + wrong + "。" + after
    [found] = find(code_points(text)[0])
    assert (found.written, found.phrase, found.how, found.nth) == (wrong, phrase.text, "same", nth)
    assert not find(code_points(text.replace(wrong, phrase.text))[0])


@given(st.text("建言献策实事求是一览无余", max_size=40))
def test_what_is_found_is_one_slip_away(text: str) -> None:
    find = SoundFinder(PHRASES, default_lexicon().syllables, GRAMS)
    for sound in find(code_points(text)[0]):
        assert text[sound.start - 24 : sound.end - 24] == sound.written
        assert sound.written != sound.phrase and sound.written not in PHRASES[1].besides


def test_without_phrases_nothing_is_looked_for() -> None:
    assert not SoundFinder((), (), GRAMS)(code_points("他一愁莫展。")[0])
    assert not len(SoundFinder(PHRASES, (), GRAMS).suspects(np.zeros(60, dtype=np.uint32)))


def test_sounds() -> None:
    assert READ.how("愁", "筹") == "same" and READ.how("陈", "成") == "like" and not READ.how("马", "筹")
    assert fuzzy("zhuang") == "zuan" and fuzzy("lan") == fuzzy("nan")


def test_an_allowed_word_is_left() -> None:
    text = "面对难题，他一愁莫展，只好求助。"
    allowing = Corrector(lexicon=replace(default_lexicon(), allowed=frozenset({"一愁莫展"})), misread=True)
    assert [e.original for e in ALWAYS.check(text).edits] == ["一愁莫展"]
    assert not allowing.check(text).edits
    assert not len(allowing.columns([document(text)]))
