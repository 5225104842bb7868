"""Where corrected files go: nothing is recorded that was not done, and what was done is told whatever happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_cli import run

from corrector.cli import fix as fixing
from corrector.cli.destinations import Elsewhere, Fixed, InPlace
from corrector.errors import Trouble
from corrector.journal import Journal, entry, load


def test_what_may_not_be_written_is_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Journal(tmp_path / "j.json") as journal:
        with pytest.raises(PermissionError):
            InPlace(journal).take(str(path), Fixed(b"new", 1, entry(path, b"old", b"new")))
        assert not journal.used
    assert path.read_bytes() == b"old"


def test_a_pipe_is_not_fixed_in_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Journal(tmp_path / "j.json") as journal, pytest.raises(Trouble, match="-o"):
        InPlace(journal).take(str(tmp_path / "pipe"), Fixed(b"b", 1, entry(tmp_path / "pipe", b"a", b"b")))


@pytest.mark.parametrize("given", ["-o h.txt/a.txt", "-o h.txt/sub/a.txt", "--in-place --journal h.txt/j"])
def test_what_is_no_folder_is_said_to_be_none(tmp_path: Path, damaged: str, given: str) -> None:
    for name in ("a.txt", "h.txt"):
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "a.txt", *given.split())
    line, = done.stderr.decode().splitlines()
    assert done.returncode == 2 and "Not a directory" in line and given.split()[-1] in line
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {damaged}


def test_an_interrupted_run_tells_of_its_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 damaged: str) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    take = InPlace.take

    def interrupted(self: InPlace, path: str, fixed: Fixed) -> None:
        if Path(path).name == "b.txt":
            raise KeyboardInterrupt
        take(self, path, fixed)

    monkeypatch.setattr(InPlace, "take", interrupted)
    journal = tmp_path / "j.json"
    done = CliRunner().invoke(fixing.fix, ["--in-place", "--journal", str(journal), str(tmp_path)])
    assert done.exit_code != 0 and str(journal) in done.stderr
    assert [Path(e.path).name for e in load(journal)] == ["a.txt"]


@pytest.mark.parametrize(("path", "output"), [
    ("a.txt", "b.docx"), ("-", "b.pdf"), ("a.docx", "b.md"), ("a.odt", "b.ods"),
])
def test_no_file_is_called_what_it_is_not(tmp_path: Path, path: str, output: str) -> None:
    with pytest.raises(Trouble, match=rf"write to a name with {Path(path).suffix or '.txt'}"):
        Elsewhere(str(tmp_path / output), (path,), set()).take(path, Fixed(b"new", 1))
    assert not (tmp_path / output).exists()
    for path, output in (("a.md", "b.txt"), ("a.htm", "b.txt"), ("a.docx", "b.docm.new"), ("a.unknown", "b.csv")):
        Elsewhere(str(tmp_path / output), (path,), set()).take(path, Fixed(b"new", 1))


@pytest.mark.parametrize("paths", [("a.doc", "a.docx", "b/a.docx"), ("a.docx", "a.doc", "b/a.docx")])
def test_what_keeps_its_name_has_it(tmp_path: Path, paths: tuple[str, ...]) -> None:
    destination = Elsewhere(str(tmp_path / "out"), paths, set(map(os.path.realpath, paths)))
    failed = []
    for path in paths:
        try:
            destination.take(path, Fixed(path.encode(), 1, suffix=".docx" if path == "a.doc" else ""))
        except Trouble as error:
            failed.append(f"{path}: {error}")
    said = f"{tmp_path / 'out/a.docx'} is what a.docx is written to; write this one elsewhere"
    assert failed == [f"a.doc: {said}", f"b/a.docx: {said}"]
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "out").iterdir()] == [("a.docx", b"a.docx")]


def test_nothing_is_written_beside_the_folder_that_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (work / "a.txt").write_bytes(b"another")
    destination = Elsewhere("out", (".", "../a.txt", "-"), {str(tmp_path / "a.txt")})
    for path in ("../a.txt", "docs/../docs/b.txt", "-"):
        destination.take(path, Fixed(b"new", 1))
    assert sorted(str(p) for p in Path("out").rglob("*.txt")) == ["out/a.txt", "out/docs/b.txt", "out/stdin.txt"]
    assert (work / "a.txt").read_bytes() == b"another" and len(list(tmp_path.iterdir())) == 1


def test_links_have_their_names_in_another_folder(tmp_path: Path, damaged: str, healthy: str) -> None:
    (tmp_path / "in/sub").mkdir(parents=True)
    (tmp_path / "in/sub/b.txt").write_text(damaged, encoding="utf-8")
    (tmp_path / "in/a.txt").symlink_to("sub/b.txt")
    assert run(tmp_path, "fix", "in", "-o", "out").returncode == 0
    assert {p.relative_to(tmp_path / "out").as_posix(): p.read_text(encoding="utf-8")
            for p in (tmp_path / "out").rglob("*.txt")} == {"a.txt": healthy, "sub/b.txt": healthy}
    assert run(tmp_path, "fix", "in", "--in-place", "--journal", "j").returncode == 0
    assert len(load(tmp_path / "j")) == 1


def test_a_folder_that_is_not_read_is_named(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(damaged, encoding="utf-8")
    said = [run(tmp_path, "fix", "in", "-o", "in/new").stderr for _ in range(2)]
    assert [line.count(b"in/new: not read, since it is written to") for line in said] == [0, 1]
