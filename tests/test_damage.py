"""Converters run forward: literal, longest first, and taken back by the truth map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.damage import damage, restore
from corrector.lexicon import Pair, Table, default_lexicon


def table(*rows: tuple[str, str]) -> Table:
    return Table("X", "", tuple(Pair(o, c, "word", "seen") for o, c in rows))


@pytest.mark.parametrize(("text", "rows", "damaged"), [
    ("始发掘进", [("发掘", "开掘")], "始开掘进"),
    ("费用与成本", [("费用", "成本"), ("成本", "本钱")], "成本与本钱"),
    ("选择题", [("选择", "挑选"), ("选择题", "挑选题")], "挑选题"),
    ("内容充实", [("内容", "容")], "容充实"),
    ("运动员", [("动员", "发动")], "运发动"),
    ("没有", [("发展", "开展")], "没有"),
])
def test_literal_longest_once(text: str, rows: list[tuple[str, str]], damaged: str) -> None:
    assert damage(text, table(*rows)).text == damaged


WORDS = st.text(alphabet="发展开部分局则那么", min_size=1, max_size=3)


@given(st.text(alphabet="发展开部分局则那么。\n", max_size=60), st.dictionaries(WORDS, st.text("开局么x", max_size=3)))
def test_the_truth_takes_it_back(text: str, pairs: dict[str, str]) -> None:
    damaged = damage(text, table(*pairs.items()))
    assert restore(damaged) == text
    position = 0
    for change in damaged.truth:
        assert position <= change.start <= change.end
        assert damaged.text[change.start : change.end] == pairs[change.original]
        position = change.end


@pytest.mark.parametrize("name", [t.name for t in default_lexicon().tables])
def test_every_shipped_table_runs(name: str, healthy: str) -> None:
    damaged = damage(healthy, default_lexicon().table(name))
    assert restore(damaged) == healthy


def test_an_empty_original_is_refused() -> None:
    with pytest.raises(ValueError, match="empty original"):
        damage("x", table(("", "x")))


def test_half_a_surrogate_pair_stays() -> None:
    assert damage("科学\ud83d发展", default_lexicon().table("A")).text == "科学\ud83d开展"
