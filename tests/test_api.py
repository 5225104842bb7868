"""The public face: what options may be called, and where a corrector may go."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import corrector
from corrector import Corrector
from corrector.bulk.texts import configured
from corrector.lexicon import default_lexicon
from corrector.lexicon.model import Lexicon


def test_a_corrector_goes_to_another_process(damaged: str, healthy: str) -> None:
    only = Corrector(converters=["B"])
    with get_context("spawn").Pool(1) as pool:
        assert pool.map(Corrector().fix, [damaged, healthy]) == [healthy, healthy]
        assert pool.map(only.fix, [damaged]) == [only.fix(damaged)] != [healthy]
    lexicon = Lexicon(default_lexicon().tables, allowed=frozenset({"根底"}))
    copied = pickle.loads(pickle.dumps(Corrector(lexicon=lexicon, level="certain", misread=False)))
    assert copied.check(damaged) == Corrector(lexicon=lexicon, level="certain", misread=False).check(damaged)
    assert copy.deepcopy(only).fix(damaged) == only.fix(damaged)


def test_a_copy_has_the_options_that_were_given(damaged: str) -> None:
    names = ["B"]
    only, once = Corrector(converters=names), Corrector(converters=iter(names))  # type: ignore[arg-type]
    names[:] = []
    assert [c.fix(damaged) for c in (copy.deepcopy(only), copy.deepcopy(once))] == [only.fix(damaged)] * 2
    assert only.fix(damaged) != corrector.fix(damaged)


def test_public_names_come_when_they_are_asked_for() -> None:
    for first in ("Edit", "edits", "columns", "fix"):
        seen = f"import corrector; corrector.{first}; assert corrector.Edit is corrector.edits.Edit"
        subprocess.run([sys.executable, "-c", seen], check=True)
    assert all(hasattr(corrector, name) for name in corrector.__all__)
    assert not hasattr(corrector, "Nothing") and not hasattr(corrector, "__wrapped__")


def test_one_name_is_not_so_many_letters(damaged: str) -> None:
    assert Corrector(converters="A2").check(damaged) == Corrector(converters=["A2"]).check(damaged)
    with pytest.raises(KeyError, match="no converter 'AB'"):
        Corrector(converters="AB")
    assert configured({"converters": "A2", "model": "own"}).converter == ("A2",)
    assert configured({"converters": "A2", "model": "own"}).model == (Path("own").absolute(),)


def test_a_single_text_is_no_row_of_texts() -> None:
    with pytest.raises(TypeError, match="check takes one"):
        corrector.check_many("效劳")
    with pytest.raises(TypeError, match="columns takes several texts"):
        Corrector().columns("效劳")


@pytest.mark.parametrize("text", [None, 3, "效劳".encode(), ["效劳"]])
def test_what_is_no_text_is_told_what_it_is(text: Any) -> None:
    for asked in (corrector.check, corrector.fix, corrector.diagnose, lambda text: corrector.check_many([text])):
        with pytest.raises(TypeError, match=f"a text is a str, not {type(text).__name__}"):
            asked(text)


@pytest.mark.parametrize(("allowed", "place"), [
    ("效劳", "为人民效 劳。"), ("效劳", "为人民效\n劳。"), ("效劳", "为人民效\u200b劳。"),
    ("效劳", "為經濟建設和人民生活效勞。"), ("原那么", "坚持原那\r\n么。"), ("原那么", "坚持原\n那么。"),
])
def test_an_allowed_word_is_the_same_word_when_it_is_cut(damaged: str, allowed: str, place: str) -> None:
    allowing = Corrector(lexicon=replace(default_lexicon(), allowed=frozenset({allowed})))
    text = damaged + place
    assert any(e.start >= len(damaged) and not set(allowed) & set(e.replacement) for e in corrector.check(text).edits)
    edits = allowing.check(text).edits
    assert len(edits) > 4 and all(set(allowed) & set(e.replacement) for e in edits if e.start >= len(damaged)), "joined"
    [columns] = allowing.columns([text]).by_text(1)
    assert [e.original for e in columns.edits()] == [e.original for e in edits]
