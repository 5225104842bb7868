"""``fix -i``: the keys of ``git add -p``, the same decisions file as the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_cli import run

from corrector.api import check
from corrector.edits import apply


def decisions(path: Path) -> list[str]:
    return [json.loads(row)["decision"] for row in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("keys", "accepted"), [
    ("y\nn\ny\nq\n", [0, 2]), ("n\na\n", [1, 2, 3, 4, 5, 6, 7]), ("y\nd\n", [0]), ("y\nu\nn\ny\n", [1]), ("", []),
    ("?\nx\n\nn\nu\nu\ny\n", [0]),
])
def test_the_keys(tmp_path: Path, damaged: str, keys: str, accepted: list[int]) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "a.txt", "-o", "b.txt", stdin=keys.encode())
    assert done.returncode == 0, done.stderr.decode()
    edits = check(damaged).edits
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == apply(damaged, [edits[i] for i in accepted])
    kept = decisions(tmp_path / "a.txt.review.jsonl")
    assert [i for i, d in enumerate(kept) if d == "accepted"] == accepted


def test_rejected_once_is_not_asked_again(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin="y\nn\ne\n则呢\ny\ny\ny\ny\nn\n".encode())
    once = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert once.startswith("社区是社会治理的重要组成部分，是为人民效劳的前沿。\n我们坚持原则呢，按照规则")
    again = run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin=b"")
    assert b"Accept" not in again.stderr and b"undecided 0" in again.stderr
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == once


def test_what_was_carried_out_is_not_missed_later(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(damaged, encoding="utf-8")
    for keys in (b"y\ny\nq\n", b"n\ny\nq\n", b"y\nq\n"):
        done = run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin=keys)
        assert done.returncode == 0 and b"changed" not in done.stderr, done.stderr
        path.write_text(f"新写的一行。\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    done = run(tmp_path, "apply", "a.txt.review.jsonl", "--in-place")
    assert (done.returncode, done.stderr) == (0, b"a.txt: already as decided\n")


def test_a_large_file_of_decisions_is_sorted_when_they_were_carried_out(tmp_path: Path, damaged: str) -> None:
    for i in range(100):
        (tmp_path / f"{i}.txt").write_text(damaged * 4, encoding="utf-8")
    run(tmp_path, "fix", "-i", ".", "-o", "out", "--decisions", "d.jsonl", "--level", "likely", stdin=b"a\n" * 100)
    assert (tmp_path / "d.jsonl").stat().st_size > 2 << 20
    done = run(tmp_path, "apply", "d.jsonl", "--in-place")
    rows = (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()
    assert done.returncode == 0 and len(rows) == 100 * 4 * 8
    keys = [(r["file"], r["start"]) for r in map(json.loads, rows)]
    assert keys == sorted(keys)


def test_nothing_is_no_correction(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "a.txt", "-o", "-", stdin=b"e\n\nd\n")
    assert (done.returncode, done.stdout.decode()) == (0, damaged)


def test_control_characters_are_asked_again(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "a.txt", "-o", "-", stdin=b"e\n\x1b[31m\nd\n")
    assert b"without control characters" in done.stderr
    assert done.stdout.decode() == damaged


def test_a_folder_shares_one_file_of_decisions(tmp_path: Path, damaged: str) -> None:
    for name in ("d/a.txt", "d/sub/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "d", "-o", "out", stdin=b"a\ny\nq\n")
    assert done.returncode == 0, done.stderr.decode()
    assert set(decisions(tmp_path / "d.review.jsonl")[:9]) == {"accepted"}
    assert (tmp_path / "out/a.txt").read_text(encoding="utf-8") == check(damaged).apply("possible")
    assert (tmp_path / "out/sub/b.txt").read_text(encoding="utf-8") == apply(damaged, check(damaged).edits[:1])


def test_what_was_written_below_the_folder_is_not_asked_about(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    for count in (1, 2):
        done = run(tmp_path, "fix", "-i", ".", "-o", "out", "--decisions", "d.jsonl", stdin=b"y\nq\n")
        assert done.returncode == 0 and f"corrected {count}, undecided {8 - count};".encode() in done.stderr


def test_decisions_that_cannot_be_kept(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "a.txt", "--in-place", "--decisions", "gone/x.jsonl", stdin=b"a\n")
    assert done.returncode == 2 and b"gone/x.jsonl: No such file or directory" in done.stderr
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == damaged


def test_a_phrase_is_kept_with_one_key(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin=b"w\nd\n")
    assert done.returncode == 0 and "重要组成[局部] → corrector-keep.tsv" in done.stderr.decode()
    keep = (tmp_path / "corrector-keep.tsv").read_text(encoding="utf-8")
    assert keep == "phrase\treason\n重要组成[局部]\tnot 部分\n"


def test_a_phrase_is_kept_no_more_when_that_is_taken_back(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged * 2, encoding="utf-8")
    keep = tmp_path / "corrector-keep.tsv"
    for keys, phrases in ((b"w\nn\nu\nu\nq\n", 0), (b"w\n" + b"n\n" * 7 + b"w\nu\nq\n", 1)):
        done = run(tmp_path, "fix", "-i", "a.txt", "-o", "b.txt", stdin=keys)
        assert done.returncode == 0, done.stderr.decode()
        lines = keep.read_text(encoding="utf-8").splitlines()
        assert lines == ["phrase\treason", *["重要组成[局部]\tnot 部分"] * phrases]
