"""``rules add``: the phrase is in the project's keep file, sorted and once, and the configuration names that file."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_cli import run

from corrector import config, rules
from corrector.errors import Trouble
from corrector.files import write
from corrector.lexicon.read import load_phrases
from corrector.rules import add_keep, phrase_at


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config.forget()


def phrases(path: Path) -> list[str]:
    return [p.text for p in load_phrases(path, keep=True)]


def test_a_project_without_a_configuration_gets_one(tmp_path: Path) -> None:
    for phrase in ("深入[开展]调研", "[效劳]乡里", "深入[开展]调研"):
        path = add_keep(phrase, "常用", tmp_path / "a.txt")
    assert path == tmp_path / "corrector-keep.tsv" and phrases(path) == ["效劳乡里", "深入开展调研"]
    assert (tmp_path / "corrector.toml").read_text(encoding="utf-8") == 'keep = "corrector-keep.tsv"\n'
    assert [p.text for p in config.find(tmp_path / "a.txt").lexicon.phrases[-2:]] == ["效劳乡里", "深入开展调研"]


def test_several_at_once_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(path: Path, data: bytes) -> None:
        time.sleep(0.02)
        write(path, data)

    monkeypatch.setattr(rules, "write", late)
    with ThreadPoolExecutor() as pool:
        path, *_ = pool.map(lambda sign: add_keep(f"{sign}[开展]", "常用", tmp_path), "甲乙丙丁")
    assert phrases(path) == sorted(f"{sign}开展" for sign in "甲乙丙丁")
    assert (tmp_path / "corrector.toml").read_text(encoding="utf-8") == 'keep = "corrector-keep.tsv"\n'


@pytest.mark.parametrize(("name", "text"), [
    ("corrector.toml", 'level = "certain"\n'),
    ("pyproject.toml", '[tool.x]\ny = 1\n[tool.corrector] # 说明\nlevel = "certain"\n'),
])
def test_a_configuration_keeps_what_it_says(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    add_keep("深入[开展]调研", "常用", tmp_path / "sub/a.txt")
    found = config.find(tmp_path / "sub/a.txt")
    assert (found.level, found.keep) == ("certain", (tmp_path / "corrector-keep.tsv",))
    assert set(text.splitlines()) < set((tmp_path / name).read_text(encoding="utf-8").splitlines())


def test_the_keep_file_that_is_named_is_used(tmp_path: Path) -> None:
    (tmp_path / "corrector.toml").write_text('keep = ["own/keep.tsv"]\n', encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/keep.tsv").write_text("# 我们的\nphrase\treason\n深入[开展]调研\t常用\n", encoding="utf-8")
    add_keep("不[效劳]", "人名", tmp_path / "a.txt")
    assert (tmp_path / "own/keep.tsv").read_text(encoding="utf-8") == (
        "# 我们的\nphrase\treason\n不[效劳]\t人名\n深入[开展]调研\t常用\n")
    assert not (tmp_path / "corrector-keep.tsv").exists()


def test_a_configuration_that_cannot_be_extended_is_left_alone(tmp_path: Path) -> None:
    text = 'tool.corrector.level = "certain"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match="name a keep file"):
        add_keep("深入[开展]调研", "常用", tmp_path / "a.txt")
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8") == text


HEAD = "# 我们的\nphrase\treason\n"


@pytest.mark.parametrize(("old", "new"), [
    ("", "深入[开展]调研\tx\n"),
    ("# 会\n不[效劳]\ty\n\n# 校\n科学[开展]\ty\n", "# 会\n不[效劳]\ty\n深入[开展]调研\tx\n\n# 校\n科学[开展]\ty\n"),
    ("# 校\n科学[开展]\ty\n# 会\n不[效劳]\ty\n", "深入[开展]调研\tx\n# 校\n科学[开展]\ty\n# 会\n不[效劳]\ty\n"),
    ("# 会\n不[效劳]\ty\n# 完\n", "# 会\n不[效劳]\ty\n深入[开展]调研\tx\n# 完\n"),
    ("# 校\n深入[开展]调研\ty\n", "# 校\n深入[开展]调研\tx\n"),
    ("不[效劳]\t甲\u2028乙\n", "不[效劳]\t甲\u2028乙\n深入[开展]调研\tx\n"),
    ("不[效劳]\ty", "不[效劳]\ty\n深入[开展]调研\tx\n"),
])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_stands_in_the_file_stays_where_it_is(tmp_path: Path, old: str, new: str, newline: str) -> None:
    (tmp_path / "corrector.toml").write_text('keep = "k.tsv"\n', encoding="utf-8")
    (tmp_path / "k.tsv").write_text(HEAD + old, encoding="utf-8", newline=newline)
    add_keep("深入[开展]调研", "x", tmp_path / "a.txt")
    assert (tmp_path / "k.tsv").read_bytes().decode() == (HEAD + new).replace("\n", newline)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("corrector.toml", 'level = "certain"\r\n', 'keep = "corrector-keep.tsv"\r\nlevel = "certain"\r\n'),
    ("pyproject.toml", '[tool.corrector] # x\r\nlevel = "certain"\r\n',
     '[tool.corrector] # x\r\nkeep = "corrector-keep.tsv"\r\nlevel = "certain"\r\n'),
    ("pyproject.toml", "[tool.corrector]\r\n", '[tool.corrector]\r\nkeep = "corrector-keep.tsv"\r\n'),
])
def test_the_lines_of_a_configuration_end_as_before(tmp_path: Path, name: str, old: str, new: str) -> None:
    (tmp_path / name).write_bytes(old.encode())
    add_keep("深入[开展]调研", "x", tmp_path / "a.txt")
    assert (tmp_path / name).read_bytes() == new.encode()


def test_a_file_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "corrector.toml").write_text('keep = "k.tsv"\n', encoding="utf-8")
    (tmp_path / "k.tsv").write_text(f"{HEAD}开展\tx\n", encoding="utf-8")
    done = run(tmp_path, "rules", "add", "深入[开展]调研")
    assert (done.returncode, done.stderr.decode()) == (
        2, "corrector: k.tsv:3: '开展' needs exactly one span in [brackets]\n")
    assert (tmp_path / "k.tsv").read_text(encoding="utf-8") == f"{HEAD}开展\tx\n"


@pytest.mark.parametrize("phrase", ["开展", "[开展", "[a]b[c]", "深入[开\n展]", "深入[开展]\t", "[]x", "#科学[开展]",
                                    f"{'深' * 25}[开展]", f"[开展]{'深' * 25}"])
def test_a_phrase_that_is_none(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(Trouble):
        add_keep(phrase, "x", tmp_path / "a.txt")
    assert not list(tmp_path.iterdir())


def test_the_phrase_of_a_place() -> None:
    text = "今年，我们因地制宜开展治理工作，成效好。开展"
    assert phrase_at(text, 9, 11) == "因地制宜[开展]治理工作"
    with pytest.raises(Trouble, match="stands alone"):
        phrase_at("，开展。", 1, 3)


def test_the_command(tmp_path: Path) -> None:
    done = run(tmp_path, "rules", "add", "深入[开展]调研", "--reason", "常用")
    assert (done.returncode, done.stderr) == (0, b"added to corrector-keep.tsv\n")
    assert phrases(tmp_path / "corrector-keep.tsv") == ["深入开展调研"]
    bad = run(tmp_path, "rules", "add", "开展", lang="zh_CN.UTF-8")
    assert bad.returncode == 2 and "方括号" in bad.stderr.decode()


def test_the_next_run_honours_it(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin=b"w\nd\n")
    run(tmp_path, "fix", "a.txt", "--in-place")
    fixed = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "重要组成局部，" in fixed and "为人民服务" in fixed


def test_each_phrase_is_used_in_the_same_process(tmp_path: Path, damaged: str) -> None:
    """As in a review, whose files are opened again after every phrase that is added."""
    def found() -> set[tuple[int, int]]:
        own = config.chosen(config.find(tmp_path), level=None, converters=(), alone=False)
        return {(e.start, e.end) for e in config.corrector(own).check(damaged).edits}

    edits = sorted(found())
    for start, end in edits[:2]:
        add_keep(phrase_at(damaged, start, end), "常用", tmp_path)
        assert (start, end) not in found()
