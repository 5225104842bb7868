"""The configuration: found by walking up, read as data, and told apart from nonsense."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from corrector.config import Config, ConfigError, chosen, corrector, find, load
from corrector.document import document
from corrector.errors import Trouble


@pytest.fixture(autouse=True)
def forget() -> None:
    """Configurations are remembered within one run of the command."""
    from corrector import config

    config.forget()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(tmp_path: Path, text: str) -> Config:
    config = load(write(tmp_path / "corrector.toml", text))
    assert config is not None
    return config


def test_thenearest_one_holds(tmp_path: Path) -> None:
    write(tmp_path / "corrector.toml", 'level = "certain"')
    write(tmp_path / "a/corrector.toml", 'level = "possible"')
    assert find(tmp_path / "a/b/c.txt").level == "possible"
    assert find(tmp_path / "d.txt").level == "certain"
    assert find(tmp_path).level == "certain"


def test_a_file_above_is_not_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "sub/corrector.toml", 'level = "possible"\nignore-paths = ["*"]')
    write(tmp_path / "corrector.toml", 'level = "certain"')
    monkeypatch.chdir(tmp_path / "sub")
    assert find(Path("../a.txt")).level == "certain"
    assert not find(Path("b.txt")).ignores(Path("../a.txt"))


def test_a_folder_that_may_not_be_looked_into_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = os.stat

    def refuse(path: str | Path, **given: Any) -> os.stat_result:
        if Path(path).parent.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **given)

    write(tmp_path / "corrector.toml", 'level = "certain"')
    monkeypatch.setattr(os, "stat", refuse)
    assert find(tmp_path / "locked/a.txt").level == "certain"


def test_pyproject_counts_only_with_its_table(tmp_path: Path) -> None:
    write(tmp_path / "corrector.toml", 'level = "certain"')
    write(tmp_path / "a/pyproject.toml", "[tool.other]\nx = 1\n")
    write(tmp_path / "b/pyproject.toml", '[tool.corrector]\nlevel = "possible"\n')
    assert find(tmp_path / "a/x.txt").level == "certain"
    assert find(tmp_path / "b/x.txt").level == "possible"


def test_the_command_line_wins(tmp_path: Path) -> None:
    config = loaded(tmp_path, 'level = "certain"\nconverter = "A"\nno-document-evidence = true')
    over = chosen(config, level="possible", converters=("B",), alone=False)
    assert (over.level, over.converter, over.no_document_evidence) == ("possible", ("B",), True)
    kept = chosen(config, level=None, converters=(), alone=False)
    assert (kept.level, kept.converter) == ("certain", ("A",))
    assert chosen(Config(), level=None, converters=(), alone=False).level == "likely"


@pytest.mark.parametrize("text", [
    'levle = "certain"', 'level = "sure"', "converter = 3", "allowed = [1]", 'ignore-patterns = ["("]',
    'no-document-evidence = "yes"', "level = ", "[tool.corrector]\nlevel = 1", 'allowed = [""]',
    'tables = ["a\\u0000b"]', 'model = ["a\\u0000b"]',
])
def test_nonsense_is_one_line_in_both_languages(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert caught.value.about == str(tmp_path / "corrector.toml")
    assert "\n" not in str(caught.value) + caught.value.chinese


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    for name, content, said in (("a", "allowed = [“效劳”]".encode(), "not a TOML file"),
                                ("b", 'allowed = ["效劳"]'.encode("gb18030"), "not UTF-8")):
        (tmp_path / f"{name}.toml").write_bytes(content)
        with pytest.raises(ConfigError, match=said):
            load(tmp_path / f"{name}.toml")
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "gone.toml")


def test_ignored_paths_are_written_as_in_gitignore(tmp_path: Path) -> None:
    config = loaded(tmp_path, 'ignore-paths = ["引文/", "*.csv", "!keep.csv"]')
    assert [config.ignores(tmp_path / p) for p in ("引文/a.txt", "x/b.csv", "keep.csv", "c.txt")] == [
        True, True, False, False]
    assert not config.ignores(tmp_path.parent / "b.csv")


def test_ignored_patterns_are_protected(tmp_path: Path) -> None:
    config = loaded(tmp_path, 'ignore-patterns = ["平安产险|平安", "《[^》]*》"]')
    text = "平安产险与《开展局部》、局部。`平安`"
    protected = config.protect(document(text, "markdown")).protected
    assert [text[a:b] for a, b in protected] == ["平安产险", "《开展局部》", "`平安`"]
    assert Config().protect(document(text)) == document(text)


def test_own_tables_and_phrases_join_the_lexicon(tmp_path: Path) -> None:
    write(tmp_path / "own/mine.tsv", "original\tconverted\n发展\t开展\n")
    write(tmp_path / "own/keep.tsv", "phrase\treason\n[开展]活动\t常用\n")
    write(tmp_path / "own/restore.tsv", "phrase\treplacement\treason\n奠定[根底]\t基础\t常用\n")
    lexicon = loaded(tmp_path, 'tables = ["own/mine.tsv"]\nkeep = "own/keep.tsv"\nrestore = ["own/restore.tsv"]\n'
                               'allowed = ["平安产险"]').lexicon
    assert lexicon.table("mine").pairs[0].converted == "开展"
    assert lexicon.table("A")
    assert [p.text for p in lexicon.phrases[-2:]] == ["开展活动", "奠定根底"]
    assert "平安产险" in lexicon.allowed


def test_a_broken_table_is_named_with_its_line(tmp_path: Path) -> None:
    write(tmp_path / "mine.tsv", "original\tconverted\n\t开展\n")
    with pytest.raises(Trouble) as caught:
        _ = loaded(tmp_path, 'tables = ["mine.tsv"]').lexicon
    assert caught.value.about == f"{tmp_path / 'mine.tsv'}:2"
    with pytest.raises(ConfigError, match="No such file"):
        _ = Config(tables=(tmp_path / "gone.tsv",)).lexicon


def test_what_is_wrong_with_a_table_is_not_said_of_the_converter(tmp_path: Path) -> None:
    write(tmp_path / "mine.tsv", "original\tconverted\tkind\tevidence\n发展\t开展\tverb\tseen\n")
    with pytest.raises(Trouble, match="kind 'verb' is none of") as caught:
        corrector(loaded(tmp_path, 'tables = ["mine.tsv"]\nconverter = "mine"'))
    assert "kind“verb”" in caught.value.chinese
    with pytest.raises(Trouble, match="no converter 'yours'") as unknown:
        corrector(Config(converter=("A", "yours")))
    assert unknown.value.chinese.startswith("没有这个转换器：yours；")


@pytest.mark.parametrize("tables", [["a.tsv", "sub/a.tsv"], ["sub/A.tsv"]])
def test_a_table_does_not_take_the_place_of_another(tmp_path: Path, tables: list[str]) -> None:
    for name in tables:
        write(tmp_path / name, "original\tconverted\n发展\t开展\n")
    with pytest.raises(ConfigError, match="is there already; rename the file") as caught:
        _ = loaded(tmp_path, f"tables = {tables}").lexicon
    assert caught.value.about == str(tmp_path / tables[-1])
    assert loaded(tmp_path / "twice", 'tables = ["../sub/b.tsv", "../sub/b.tsv"]').tables


def test_a_relative_path_is_found_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "corrector.toml", 'level = "certain"')
    monkeypatch.chdir(tmp_path)
    assert find(Path("x/y.txt")).level == "certain"
