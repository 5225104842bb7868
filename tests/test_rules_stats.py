"""``corrector rules stats``, and the floor that every shipped pair must keep to or be only proposed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from conftest import DAMAGED
from test_cli import run

from corrector.cli.figures import figures, rows
from corrector.document import document
from corrector.engine.features import pair_key
from corrector.engine.model import load, manifest
from corrector.engine.run import Engine
from corrector.learn.measure import Figures, Measured
from corrector.lexicon import default_lexicon


def test_each_shipped_pair_keeps_to_the_floor_or_is_only_proposed() -> None:
    facts = manifest()
    assert Measured.of(facts["judged"]).weak() == load().possible


def test_every_table_was_measured() -> None:
    for part in ("judged", "measured"):
        for table in default_lexicon().tables:
            assert {(p["original"], p["converted"]) for p in manifest()[part]["tables"][table.name]} == {
                (p.original, p.converted) for p in table.pairs}


def test_a_pair_that_is_only_proposed_is_never_applied_unasked() -> None:
    engine = Engine(default_lexicon(), replace(load(), possible=frozenset({pair_key("发展", "开展")})))
    [edit] = [e for e in engine.check(document(DAMAGED)).edits if e.replacement == "发展"]
    assert edit.tier == "possible"
    assert any(e.tier == "certain" for e in engine.check(document(DAMAGED)).edits)


def test_the_command(tmp_path: Path) -> None:
    lines = run(tmp_path, "rules", "stats", "H").stdout.decode().splitlines()
    assert lines[0].split("\t")[:4] == ["table", "original", "converted", "places"]
    assert lines[-1].startswith("H\t*\t*\t") and len(lines) == len(default_lexicon().table("H").pairs) + 2
    value = json.loads(run(tmp_path, "rules", "stats", "--format", "json").stdout)
    assert value["schema"] == 1 and len(value["pairs"]) == sum(len(t.pairs) for t in default_lexicon().tables)
    assert set(value["pairs"][0]) == {"table", "original", "converted", "places", "recall", "precision", "healthy",
                                      "tier"}
    done = run(tmp_path, "rules", "stats", "nothing")
    assert done.returncode == 2 and "no converter 'nothing'" in done.stderr.decode()
    done = run(tmp_path, "rules", "stats", "--model", "m")
    assert (done.returncode, done.stderr.decode()) == (
        2, "corrector: m: not a model: a folder written by corrector train is needed\n")


def test_figures_without_places_are_left_empty() -> None:
    pair = {"original": "甲", "converted": "乙", "places": 0, "restored": 0, "wrong": 0, "healthy": 0}
    facts = {"pairs": [], "measured": {"characters": 0, "tables": {"own": [pair]}}}
    [row] = rows(facts)
    assert (row["recall"], row["precision"], row["healthy"], row["tier"]) == (None, None, None, "untrained")
    assert "not learnt" in figures(facts, None, False) and "没有学到" in figures(facts, None, True)


def test_places_that_several_tables_write_alike_are_not_counted_once_each() -> None:
    words = ("本题", "此题")
    few = Measured(10_000_000, {name: {words: Figures(2, 1, 2)} for name in ("A", "A2", "B", "B1")})
    many = Measured(10_000_000, {name: {words: Figures(20, 8, 8)} for name in ("A", "A2", "B", "B1")})
    assert few.weak() == set() and many.weak() == {pair_key(*words)}
