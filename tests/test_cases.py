"""The cases: texts as they are met, in ``tests/cases/*.json``. To report a false positive, add it to ``negative``.

``wild`` are damaged texts with what they were, ``negative`` healthy ones that must stay, ``known-failures`` what is not
restored yet: one that starts to pass must move to ``wild``. All were written for this project. ``synthetic`` ones are
made here: the healthy texts of the others after every converter.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import missing

from corrector import check, fix
from corrector.damage import damage, restore
from corrector.lexicon import default_lexicon

CASES = Path(__file__).parent / "cases"
SPEECH = Path(__file__).parents[2] / "shared" / "cases" / "speech-2023.txt"


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["why"]) for row in rows]


@pytest.mark.parametrize("case", cases("wild"))
def test_wild(case: dict[str, str]) -> None:
    assert fix(case["damaged"]) == case["healthy"]
    assert fix(case["healthy"]) == case["healthy"]


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: dict[str, str]) -> None:
    assert fix(case["text"]) == case["text"]


@pytest.mark.parametrize("case", [pytest.param(*c.values, id=c.id, marks=pytest.mark.xfail)
                                  for c in cases("known-failures")])
def test_known_failures(case: dict[str, str]) -> None:
    assert fix(case["damaged"]) == case["healthy"]


@pytest.mark.parametrize("table", default_lexicon().tables, ids=lambda t: t.name)
def test_synthetic(table: Any) -> None:
    for case in cases("wild"):
        healthy = case.values[0]["healthy"]
        damaged = damage(healthy, table)
        assert restore(damaged) == healthy
        report = check(damaged.text)
        assert report.undo(report.apply()) == damaged.text


def test_the_speech() -> None:
    if not SPEECH.is_file():
        missing("needs the shared cases")
    text = SPEECH.read_text(encoding="utf-8")
    counts = [sum(e.replacement == o for e in check(text).edits if e.confidence >= 0.9)
              for o in ("发展", "服务", "基础", "部分", "反馈")]
    assert counts == [19, 3, 3, 3, 4]
