"""Every format of many parts, through every command: checked, fixed, taken back, corrected in bulk, reviewed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import run
from test_review_server import Client, reviewing

from tests import test_epub, test_html
from tests.conftest import DAMAGED
from tests.packages import corrected, said
from tests.test_made_elsewhere import letter, presentation, sheet, slides, workbook

PARAGRAPHS = "".join(f"<p>{line}</p>" for line in DAMAGED.split())
FILES: dict[str, Callable[[], bytes]] = {
    "a.epub": lambda: test_epub.book({"a.xhtml": PARAGRAPHS}, "<a>效劳</a>", "效劳"),
    "a.html": lambda: test_html.page(PARAGRAPHS, "gb18030"),
    "a.odp": slides, "a.ods": sheet, "a.odt": letter, "a.pptx": presentation, "a.xlsx": workbook,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "d").mkdir()
    for name, make in FILES.items():
        (tmp_path / "d" / name).write_bytes(make())
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_check_names_the_places(folder: Path) -> None:
    done = run(folder, "check", "d", "--format", "jsonl")
    assert done.returncode == 1, done.stderr.decode()
    found = {Path(row["path"]).name: row for row in map(json.loads, done.stdout.splitlines())}
    assert list(found) == sorted(FILES)
    for name, row in found.items():
        assert row["kind"] == name[2:] and not row["errors"]
        assert all(e["part"] and e["paragraph"] >= 1 and e["original"] for e in row["edits"])
    for way in ("terminal", "sarif", "github", "diff", "html"):
        assert run(folder, "check", "d", "--format", way).returncode == 1


@pytest.mark.parametrize("name", ["a.html", "a.pptx", "a.xlsx"])
def test_explain_takes_the_places_of_check(folder: Path, name: str) -> None:
    edit = json.loads(run(folder, "check", f"d/{name}", "--format", "jsonl").stdout)["edits"][0]
    place = f"d/{name}:{edit['part']}:{edit['paragraph']}:{edit['start'] + 1}"
    done = run(folder, "explain", place, "--format", "json")
    assert done.returncode == 0, done.stderr.decode()
    assert edit["original"] in done.stdout.decode()
    assert run(folder, "explain", f"d/{name}:{edit['part']}:99:1").returncode == 2


def test_fix_and_undo(folder: Path) -> None:
    before = contents(folder / "d")
    assert run(folder, "fix", "--in-place", "d", "--journal", "j.json", "--jobs", "2").returncode == 0
    assert contents(folder / "d") == {name: corrected(data, name) for name, data in before.items()}
    assert run(folder, "check", "d", "--quiet").returncode == 0
    assert run(folder, "undo", "j.json").returncode == 0
    assert contents(folder / "d") == before


def test_bulk(folder: Path) -> None:
    assert run(folder, "bulk", "d", "out").returncode == 0
    assert contents(folder / "out") == {name: corrected(data, name) for name, data in contents(folder / "d").items()}


def test_there_are_no_tracked_changes(folder: Path) -> None:
    before = contents(folder / "d")
    done = run(folder, "fix", "--track-changes", "d", "-o", "out")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        f"corrector: d/{name}: {name[2:]} files have no tracked changes here; fix it without --track-changes"
        for name in sorted(FILES)]
    assert contents(folder / "d") == before and not list((folder / "out").glob("*"))


def test_review(folder: Path) -> None:
    before = contents(folder / "d")
    done = run(folder, "fix", "-i", "d", "-o", "out", stdin=b"y\na\n" + b"a\n" * len(FILES))
    assert done.returncode == 0, done.stderr.decode()
    after = contents(folder / "out")
    assert {name for name in FILES if said(after[name], name) == said(before[name], name)} == set()
    assert run(folder, "apply", "d.review.jsonl", "-o", "again").returncode == 0
    assert contents(folder / "again/d") == after
    with reviewing(folder, "d") as address:
        client = Client(address)
        for i in range(len(FILES)):
            status, shown = client.api(f"files/{i}")
            assert status == 200 and "效劳" in shown


@pytest.mark.parametrize("way", [["-o", "out"], ["--in-place"]], ids=["elsewhere", "in-place"])
def test_broken_files_are_left_alone(folder: Path, way: list[str]) -> None:
    for name, data in contents(folder / "d").items():
        (folder / "d" / name).write_bytes(b"\0\xff\0" if name == "a.html" else data[: len(data) * 2 // 3])
    before = contents(folder / "d")
    done = run(folder, "fix", "d", *way)
    assert done.returncode == 2
    lines = done.stderr.decode().splitlines()
    assert [line.split(": ")[1] for line in lines if line.startswith("corrector: ")] == [
        f"d/{name}" for name in sorted(FILES)]
    assert contents(folder / "d") == before
