"""Edits: what is applied can be taken back, and nothing else of the text changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.edits import Edit, EditError, apply, at_level, undo


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(alphabet="开展发则那么局部。\r\n a", max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    edits = [
        Edit(a, b, text[a:b], draw(st.text(alphabet="原则服务x", max_size=3)))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return text, edits


@given(edited())
def test_undo_takes_apply_back(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert undo(apply(text, edits), edits) == text


@given(edited())
def test_text_outside_edits_is_kept(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    fixed = apply(text, edits)
    position = shift = 0
    for e in [*edits, Edit(len(text), len(text), "", "")]:
        assert fixed[position + shift : e.start + shift] == text[position : e.start]
        shift += len(e.replacement) - len(e.original)
        position = e.end


def test_edits_that_do_not_fit_are_refused() -> None:
    with pytest.raises(EditError):
        apply("发展", [Edit(0, 2, "开展", "发展")])
    with pytest.raises(EditError):
        apply("开展效劳", [Edit(0, 3, "开展效", "x"), Edit(2, 4, "效劳", "服务")])


def test_levels_are_floors() -> None:
    edits = [Edit(0, 1, "a", "b", confidence=c) for c in (0.995, 0.93, 0.6)]
    assert [len(at_level(edits, level)) for level in ("certain", "likely", "possible")] == [1, 2, 3]
