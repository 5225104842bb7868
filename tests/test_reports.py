"""Outputs: what the contract promises of JSON, diffs that patch and git take, terminals that obey nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector import report as reports
from corrector.api import check
from corrector.edits import Edit
from corrector.formats import Place
from corrector.formats.text import TextFile, read
from corrector.report import Result
from corrector.report.diff import unified
from corrector.report.json import file_object
from corrector.report.terminal import lines
from corrector.result import Flag, Report


def result(text: str, report: Report | None = None, places: Sequence[Place] = (), path: str = "a.txt") -> Result:
    opened = read(text.encode(), "text")
    opened = TextFile(opened.document, opened.decoded, tuple(places))
    return Result(path, "text", opened, report or check(text), text.encode(), "likely")


def test_the_object_of_a_file(damaged: str) -> None:
    value = file_object(result(damaged))
    assert list(value) == ["path", "kind", "encoding", "chars", "diagnosis", "edits", "flags", "errors"]
    assert (value["path"], value["kind"], value["encoding"], value["chars"], value["errors"]) == (
        "a.txt", "text", "utf-8", len(damaged), [])
    for e in value["edits"]:
        assert set(e) >= {"start", "end", "line", "column", "original", "replacement", "converter", "kind",
                          "confidence", "tier", "reason"}
        assert damaged[e["start"] : e["end"]] == e["original"]
        line = damaged.split("\n")[e["line"] - 1]
        assert line[e["column"] - 1 :].startswith(e["original"])
    found = value["diagnosis"][0]
    assert found["converter"] == "A" and found["spans"] == [[0, len(damaged)]]
    assert {"converted": "效劳", "original": "服务", "count": 2} in found["evidence"]


def test_a_container_names_part_and_paragraph() -> None:
    edit = Edit(7, 9, "开展", "发展")
    report = Report("第一段甲\n科学开展", [edit], flags=[Flag(0, 2, "第一", "x")])
    value = file_object(result(report.text, report, [Place(0, "body", 1), Place(5, "body", 2)]))
    assert {k: value["edits"][0][k] for k in ("part", "paragraph", "start", "end")} == {
        "part": "body", "paragraph": 2, "start": 2, "end": 4}
    assert value["flags"][0]["paragraph"] == 1


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_json_is_json(name: str, damaged: str) -> None:
    output = reports.output(name)
    parts = [output.file(result(damaged, path="a\udcff.txt"), chinese=True, verbose=False),
             output.failed("b.txt", "一行"), output.file(result(""), chinese=True, verbose=False)]
    data = output.head(chinese=True) + output.between.join(parts) + output.tail(1, 1, True)
    files = json.loads(data)["files"] if name == "json" else [json.loads(x) for x in data.decode().splitlines()]
    assert [f["path"] for f in files] == ["a\udcff.txt", "b.txt", "a.txt"]
    assert [f["errors"] for f in files] == [[], ["一行"], []]


def test_no_files_are_json_too() -> None:
    output = reports.output("json")
    assert json.loads(output.head(chinese=True) + output.tail(0, 0, False)) == {"schema": 1, "files": []}


LINES = st.lists(st.text(alphabet="开展发x \r\u2028", max_size=5), min_size=1, max_size=30)


@given(LINES, st.data())
def test_patch_takes_the_diff(tmp_path_factory: pytest.TempPathFactory, rows: list[str], data: st.DataObject) -> None:
    if shutil.which("patch") is None:
        pytest.skip("no patch here")
    before = "\n".join(rows)
    after = "\n".join(r + "改" if data.draw(st.integers(0, 5)) == 0 else r for r in rows)
    folder = tmp_path_factory.mktemp("p")
    (folder / "a b.txt").write_bytes(before.encode())
    patch = unified("a b.txt", before.encode(), after.encode())
    assert bool(patch) == (before != after)
    if patch:
        subprocess.run(["patch", "-p1", "-s", "--binary"], input=patch, cwd=folder, check=True)
    assert (folder / "a b.txt").read_bytes() == after.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_git_takes_the_diff_in_every_encoding(tmp_path: Path, encoding: str, damaged: str, healthy: str) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git here")
    before = damaged.replace("\n", "\r\n").encode(encoding)
    path = tmp_path / "报告.txt"
    path.write_bytes(before)
    opened = read(before, "text")
    file = Result("报告.txt", "text", opened, check(opened.document.text), before, "likely")
    patch = reports.output("diff").file(file, chinese=False, verbose=False)
    subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path, check=True, capture_output=True)
    assert path.read_bytes() == healthy.replace("\n", "\r\n").encode(encoding)


def test_the_terminal_shows_each_edit_in_its_sentence(damaged: str) -> None:
    shown = list(lines("a.txt", check(damaged), level="likely", chinese=False))
    assert "a.txt" in shown[0] and "converter A" in shown[1]
    assert any("我们坚持原" in line and "那么" in line and "则" in line for line in shown)
    assert "places: 8" in shown[-1]


def test_healthy_text_has_no_lines(healthy: str) -> None:
    assert list(lines("a.txt", check(healthy), level="likely", chinese=True)) == []


def test_a_document_cannot_command_the_terminal() -> None:
    text = "\x1b[31m科学开展\x07\u202e完"
    at = text.index("开展")
    report = Report(text, [Edit(at, at + 2, "开展", "发展", reason="\x1b]0;x")], flags=[Flag(0, 1, "\x1b", "\x9b")])
    shown = "\n".join(lines("\x1b.txt", report, level="likely", chinese=True, verbose=True))
    controls = [c for c in "".join(shown.split("\x1b[")) if c in "\x1b\x07\u202e\x9b"]
    assert controls == []


