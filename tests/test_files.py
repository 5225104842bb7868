"""Walking and writing: what is found, in which order, and that nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from corrector.errors import Trouble
from corrector.files import require_room, walk, write


def tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def found(root: Path, *leave_out: Path) -> tuple[list[str], list[str], list[str]]:
    """Files, failures, skipped: relative to ``root``."""
    failed: list[Path] = []
    skipped: list[Path] = []
    files = list(walk(root, lambda p, _: failed.append(p), skipped.append, leave_out))
    return tuple([str(p.relative_to(root)) for p in paths] for paths in (files, failed, skipped))  # type: ignore[return-value]


def test_known_kinds_sorted_and_the_rest_counted(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a/z.md", "a/c.bin", "a.txt", ".hidden/x.txt", ".x.txt", "~$a.txt")
    assert found(tmp_path) == (["a.txt", "b.txt", "a/z.md"], [], ["a/c.bin"])


def test_a_folder_that_is_named_is_walked_even_where_it_is_ignored(tmp_path: Path) -> None:
    tree(tmp_path, "data/a.txt", "data/sub/b.csv", "data/out/c.txt", "d.csv")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("/data/\n*.csv\n")
    (tmp_path / "data/.gitignore").write_text("out/\n")
    assert found(tmp_path)[0] == []
    assert found(tmp_path / "data")[0] == ["a.txt", "sub/b.csv"]
    assert found(tmp_path / "data/sub")[0] == ["b.csv"]


def test_gitignore_of_the_folder_below_and_above(tmp_path: Path) -> None:
    tree(tmp_path, "sub/a.txt", "sub/b.txt", "sub/draft/c.txt", "sub/deep/d.txt", "sub/deep/keep.txt")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("b.txt\n")
    (tmp_path / "sub/.gitignore").write_text("/draft/\n")
    (tmp_path / "sub/deep/.gitignore").write_text("*\n!keep.txt\n")
    assert found(tmp_path / "sub")[0] == ["a.txt", "deep/keep.txt"]


def test_above_the_repository_nothing_counts(tmp_path: Path) -> None:
    tree(tmp_path, "repo/a.txt")
    (tmp_path / "repo/.git").mkdir()
    (tmp_path / ".gitignore").write_text("*\n")
    assert found(tmp_path / "repo")[0] == ["a.txt"]


def test_patterns_that_mean_nothing_are_passed_over(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt")
    (tmp_path / ".gitignore").write_bytes(b"!\n//\n\xff\nb.txt\n\\\n")
    assert found(tmp_path)[0] == ["a.txt"]


@pytest.mark.parametrize(("pattern", "left"), [
    ("[z-a]*", ["1.txt", "a.txt"]), ("[[:alpha:]].txt", ["1.txt"]), ("[![:digit:]_]*", ["1.txt"]),
    ("[:digit:].txt", ["1.txt", "a.txt"]), ("[[:none:]].txt", ["1.txt", "a.txt"]), ("[a--]*", ["1.txt"]),
    ("[^a-Z]*", ["a.txt"]),
])
def test_brackets_are_read_as_git_reads_them(tmp_path: Path, pattern: str, left: list[str]) -> None:
    tree(tmp_path, "1.txt", "a.txt")
    (tmp_path / ".gitignore").write_text(f"{pattern}\nb.txt\n")
    assert found(tmp_path)[0] == left
    if git := shutil.which("git"):
        subprocess.run([git, "init", "-q"], cwd=tmp_path, check=True)
        listed = [git, "ls-files", "-o", "--exclude-standard", "*.txt"]
        assert subprocess.run(listed, cwd=tmp_path, capture_output=True, text=True).stdout.split() == left


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.txt")
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path) == (["a/x.txt"], [], [])


def test_broken_and_looping_links_fail(tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    assert found(tmp_path) == ([], ["gone.txt", "self.txt"], [])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert found(tmp_path) == ([], [], ["pipe.txt"])


def test_the_output_folder_is_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "out/a.txt")
    assert found(tmp_path, (tmp_path / "out").resolve())[0] == ["a.txt"]


def test_a_folder_that_cannot_be_listed_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a/x.txt", "b/y.txt")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(tmp_path) == (["b/y.txt"], ["a"], [])


def test_write_keeps_permissions_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.txt"]


def test_write_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(tmp_path / "pipe", b"new")
        assert os.read(reader, 9) == b"new"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_a_stream_that_is_open_goes_on(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        log.write(b"what stood there, ")
        log.flush()
        write(Path(f"/dev/fd/{log.fileno()}"), b"and more")
    assert (tmp_path / "log").read_bytes() == b"what stood there, and more"


def test_an_error_names_what_was_to_be_written(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere" / "a.txt", tmp_path):
        with pytest.raises(OSError) as caught:
            write(path, b"new")
        assert caught.value.filename == str(path)
    assert os.listdir(tmp_path) == []


def test_what_comes_first_may_still_refuse(tmp_path: Path) -> None:
    def refuse() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        write(tmp_path / "a.txt", b"new", refuse)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_disk_error_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(OSError, match="No space"):
        write(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        write(path, b"new")
    assert path.read_text() == "old"


def test_room_is_asked_for_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/own").touch()
    for folder in ("full", "new", "new/below"):
        require_room(tmp_path / folder, "own")
    with pytest.raises(Trouble, match="holds other files"):
        require_room(tmp_path / "full", "another")
    with pytest.raises(Trouble, match="is a file"):
        require_room(tmp_path / "full/own", "own")
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path)
    with pytest.raises(PermissionError):
        require_room(tmp_path / "new/below", "own")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
