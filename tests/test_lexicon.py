"""Reading dictionaries: strict where a slip would hide, lenient for a table jotted down by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from corrector.lexicon import LexiconError, Pair, default_lexicon, load
from corrector.lexicon.read import load_allowed, load_phrases, load_set_phrases, load_table, split_phrase

HEAD = "original\tconverted\tkind\tevidence\tcount\tnote\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table(tmp_path: Path) -> None:
    path = write(tmp_path / "X.tsv", f"# 学校论文\n{HEAD}发展\t开展\tword\tseen\t12\t科学发展→科学开展\n")
    table = load_table(path)
    assert (table.name, table.title) == ("X", "学校论文")
    assert table.pairs == (Pair("发展", "开展", "word", "seen", 12, "科学发展→科学开展"),)


def test_two_columns_are_enough_in_any_order_of_rows(tmp_path: Path) -> None:
    table = load_table(write(tmp_path / "X.tsv", "\ufefforiginal\tconverted\n部分\t局部\n发展\t开展\n"))
    assert [p.original for p in table.pairs] == ["发展", "部分"]
    assert (table.pairs[0].kind, table.pairs[0].evidence) == ("word", "seen")


def test_a_table_extends_another(tmp_path: Path) -> None:
    write(tmp_path / "X.tsv", "# 家\noriginal\tconverted\n发展\t开展\n部分\t局部\n")
    path = write(tmp_path / "Y.tsv", "# 分支\n# extends: X\noriginal\tconverted\n部分\t部份\n")
    assert [(p.original, p.converted) for p in load_table(path).pairs] == [("发展", "开展"), ("部分", "部份")]


@pytest.mark.parametrize(("text", "line"), [
    ("original\tother\n发展\t开展\n", 1),
    (f"{HEAD}发展\t开展\tword\tseen\t1\tnote\textra\n", 2),
    (f"{HEAD}\t开展\n", 2),
    (f"{HEAD}发展\t开展\tword\tseen\tmany\n", 2),
    (f"{HEAD}部分\t局部\n发展\t𠮷展\n", 3),
    (f"{HEAD}发展\t开\uffff\n", 2),
    (f"{HEAD}发展\t发展\n", 2),
    (f"{HEAD}发展\t开展\tverb\n", 2),
    (f"{HEAD}发展\t开展\tword\tmine\n", 2),
    ("# extends: base/A\noriginal\tconverted\n", 1),
    ("# only comments\n", 1),
    ("# extends: X\noriginal\tconverted\n", 1),
    ("# extends: gone\noriginal\tconverted\n", 1),
])
def test_a_slip_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(LexiconError) as caught:
        load_table(write(tmp_path / "X.tsv", text))
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{tmp_path / 'X.tsv'}:{line}: ")


@pytest.mark.parametrize("row", ["𠮷𠮷𠮷𠮷\t9", "轻舟\t9", "轻舟已过\tmany"])
def test_a_set_phrase_is_one_that_can_be_looked_for(tmp_path: Path, row: str) -> None:
    with pytest.raises(LexiconError, match=r"s\.tsv:2: ") as caught:
        load_set_phrases(write(tmp_path / "s.tsv", f"word\tdocuments\tbesides\treason\n{row}\n"))
    assert caught.value.chinese != caught.value.english


def test_a_table_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "X.tsv"
    path.write_bytes("original\tconverted\n发展\t开展\n".encode("gb18030"))
    with pytest.raises(LexiconError, match="not UTF-8"):
        load_table(path)


def test_phrases_and_allowed_words(tmp_path: Path) -> None:
    keep = load_phrases(write(tmp_path / "k.tsv", "phrase\treason\n[开展]活动\t常用\n"), keep=True)
    restore = load_phrases(write(tmp_path / "r.tsv", "phrase\treplacement\treason\n奠定[根底]\t基础\t常用\n"),
                           keep=False)
    assert (keep[0].text, keep[0].start, keep[0].end, keep[0].keep) == ("开展活动", 0, 2, True)
    assert (restore[0].text, restore[0].start, restore[0].replacement) == ("奠定根底", 2, "基础")
    assert load_allowed(write(tmp_path / "a.tsv", "word\treason\n平安产险\t公司名\n")) == {"平安产险"}


@pytest.mark.parametrize("marked", ["根底", "[]根底", "[根]底]", "[[根底]]", "]根底[", "[根][底]"])
def test_a_phrase_needs_one_span(marked: str) -> None:
    with pytest.raises(ValueError, match="exactly one span"):
        split_phrase(marked)


def test_a_folder_may_lack_everything(tmp_path: Path) -> None:
    assert load(tmp_path).tables == ()


def test_the_shipped_tables() -> None:
    lexicon = default_lexicon()
    assert {"A", "A2", "B"} <= {t.name for t in lexicon.tables}
    assert {"发展", "则", "部分", "服务"} <= {p.original for p in lexicon.table("A").pairs}
    with pytest.raises(KeyError, match="known: A"):
        lexicon.table("no such")
