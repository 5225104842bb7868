"""The dictionaries keep to their rules, and the lint sees every way not to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corrector.lexicon.lint import lint, lint_table
from corrector.lexicon.read import default_lexicon, dictionaries

HEAD = "# 家\noriginal\tconverted\tkind\tevidence\tcount\tnote\n"


def test_a_slip_is_no_word_of_healthy_text() -> None:
    for row in (dictionaries() / "slips.tsv").read_text(encoding="utf-8").splitlines()[2:]:
        counts = [int(n) for n in re.findall(r"”(\d+) 次", row)]
        assert len(counts) < 2 or counts[0] >= 1000 * counts[1], row


def test_the_shipped_dictionaries_are_clean() -> None:
    assert lint(dictionaries()) == []


@pytest.mark.parametrize(("rows", "line", "says"), [
    ("部分\t局部\tword\tseen\t\tx\n发展\t开展\tword\tseen\t\tx\n", 4, "not sorted"),
    ("发展\t开展\tword\tseen\t\tx\n发展\t进展\tword\tseen\t\tx\n", 4, "second row"),
    ("发展\t开展\tword\tseen\t\t\n", 3, "no reason"),
    ("发展\t开展\tverb\tseen\t\tx\n", 3, "kind"),
    ("发展\t开展\tword\tguessed\t\tx\n", 3, "evidence"),
    ("发展\t开展\tword\tseen\tmany\tx\n", 3, "whole number"),
    ("发展\t发展\tword\tseen\t\tx\n", 3, "changes nothing"),
    ("发展\t\tword\tseen\t\tx\n", 3, "deletion"),
    ("发展\t𠮷展\tword\tseen\t\tx\n", 3, "U+20BB7"),
    ("\t开展\tword\tseen\t\tx\n", 3, "empty"),
    ("发展\t 开展\tword\tseen\t\tx\n", 3, "white space"),
    ("丙\t甲\tword\tseen\t\tx\n乙\t丙\tword\tseen\t\tx\n甲\t乙\tword\tseen\t\tx\n", 3, "a cycle: 丙→甲→乙→丙"),
])
def test_what_the_lint_sees(tmp_path: Path, rows: str, line: int, says: str) -> None:
    path = tmp_path / "X.tsv"
    path.write_text(HEAD + rows, encoding="utf-8")
    assert [p.line for p in lint_table(path) if says in p.message and p.chinese != p.message] == [line]


def test_a_chain_is_no_cycle(tmp_path: Path) -> None:
    path = tmp_path / "X.tsv"
    path.write_text(HEAD + "成本\t本钱\tword\tseen\t\tx\n费用\t成本\tword\tseen\t\tx\n", encoding="utf-8")
    assert lint_table(path) == []


def test_a_table_extends_only_one_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "X.tsv"
    path.write_text(f"# extends: base/A\n{HEAD}", encoding="utf-8")
    assert [p.message for p in lint_table(path)] == ["extends 'base/A', which is no name of a table beside this one"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        lint_table(tmp_path / "gone.tsv")


def test_lists_are_checked_too(tmp_path: Path) -> None:
    phrases = tmp_path / "phrases"
    phrases.mkdir()
    (phrases / "keep.tsv").write_text("phrase\treason\n[开展]活动\t\n开展\tx\n", encoding="utf-8")
    (phrases / "restore.tsv").write_text("phrase\treplacement\treason\n奠定[根底]\t根底\tx\n", encoding="utf-8")
    (phrases / "set.tsv").write_text("word\tdocuments\tbesides\treason\n轻舟\t9\t\tx\n", encoding="utf-8")
    (tmp_path / "allowed.tsv").write_text("word\treason\n乙\tx\n丙\tx\n", encoding="utf-8")
    said = [p.message for p in lint(tmp_path)]
    assert [any(word in m for m in said) for word in ("no reason", "exactly one span", "changes nothing",
                                                      "not sorted", "four to ten")] == [True] * 5


def test_the_benchmarks_learn_what_no_dictionary_has() -> None:
    known = {(p.original, p.converted) for table in default_lexicon().tables for p in table.pairs}
    rows = (Path(__file__).parents[1] / "benchmarks/synonyms.tsv").read_text(encoding="utf-8").splitlines()[2:]
    assert [row for row in rows if tuple(row.split("\t")[:2]) in known] == []
