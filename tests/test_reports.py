"""Outputs: what the contract promises of JSON, diffs that patch and git take, terminals that obey nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import program
from test_slips import misread

from corrector import report as reports
from corrector.api import Corrector, check
from corrector.edits import Edit
from corrector.formats import Place
from corrector.formats.text import TextFile, read
from corrector.reasons import said
from corrector.report import Result
from corrector.report.diff import unified
from corrector.report.json import file_object
from corrector.report.terminal import lines
from corrector.result import Flag, Report


def result(text: str, report: Report | None = None, places: Sequence[Place] = (), path: str = "a.txt") -> Result:
    opened = read(text.encode(), "text")
    opened = TextFile(opened.document, opened.decoded, tuple(places))
    return Result(path, "text", opened, report or check(text), text.encode(), "likely")


REASONED = (  # texts with reasons of every form
    "根底设施推动科学开展，为人民效劳，坚持原那么，入选202358工程，会建言策，再接再励，谏言献策。",
    "我们在社区里组织了许多活动，居民们都觉得社区的活动很好。\n" * 4 + "居民按照要求，有计 划地组织活动，都很高兴。\n",
    "社区是社会治理的重要组成局部，是为人民效劳的前沿，要坚持原那么，按规那么办事。\n" * 4 + "我们要坚持,不能放弃",
    "這個國家的皇後，說得很對。", misread(),
)
QUOTED = re.compile(r"“[^”]*”|\S+←[^\s;]+|[^;, ]+×\d+")


def test_reasons_are_english_but_for_what_they_quote() -> None:
    found = [x.reason for r in Corrector(misread=True).check_many(REASONED) for x in (*r.edits, *r.flags)]
    told = {QUOTED.sub("#", said(reason, chinese=False)) for reason in found}
    assert {form for form in told if not form.isascii()} == set()
    assert len({form.split("; also")[0] for form in told}) >= 8
    assert said("別的", chinese=False) == "別的"
    assert all(said(reason, chinese=True) == reason for reason in found)
    page = reports.output("html").file(result(REASONED[0]), chinese=False, verbose=False).decode()
    assert "a year was rewritten" in page and "also in this document" in page


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
    data = output.head(chinese=True) + output.between.join(parts) + output.tail(1, 1, chinese=True)
    files = json.loads(data)["files"] if name == "json" else [json.loads(x) for x in data.decode().splitlines()]
    assert [f["path"] for f in files] == ["a\udcff.txt", "b.txt", "a.txt"]
    assert [f["errors"] for f in files] == [[], ["一行"], []]


def test_no_files_are_json_too() -> None:
    output = reports.output("json")
    assert json.loads(output.head(chinese=True) + output.tail(0, 0, chinese=False)) == {"schema": 1, "files": []}


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


@given(st.lists(st.sampled_from(["甲", "乙", "丙\r", "", "x"]), max_size=12), st.data())
def test_patch_takes_lines_joined_and_broken(tmp_path_factory: pytest.TempPathFactory, rows: list[str],
                                             data: st.DataObject) -> None:
    patch = program("patch")
    before = "\n".join(f"{row}{i if i % 3 else ''}" for i, row in enumerate(rows)).encode()
    cuts = sorted(data.draw(st.sets(st.integers(0, len(before)), max_size=4)))
    pieces = [before[a:b] for a, b in pairwise((0, *cuts, len(before)))]
    after = b"".join(p + data.draw(st.sampled_from([b"", b"\n", b"\n\n"])) if i % 2 else p.replace(b"\n", b"")
                     for i, p in enumerate(pieces))
    folder = tmp_path_factory.mktemp("p")
    (folder / "a.txt").write_bytes(before)
    if found := unified("a.txt", before, after):
        subprocess.run([patch, "-p1", "-s", "--binary", "--fuzz=0"], input=found, cwd=folder, check=True)
    if after:  # patch removes what becomes empty
        assert (folder / "a.txt").read_bytes() == after


def test_a_diff_shows_what_was_joined_and_no_more() -> None:
    before = ["一", "局", "部", "", *"二三四五六七八九十", ""]
    after = ["一", "局部", "", *"二三四五六七八玖十", ""]
    shown = unified("a.txt", "\n".join(before).encode(), "\n".join(after).encode()).decode().split("\n")
    assert shown[2:] == ["@@ -1,6 +1,5 @@", " 一", "-局", "-部", "+局部", " ", " 二", " 三",
                         "@@ -9,5 +8,5 @@", " 六", " 七", " 八", "-九", "+玖", " 十", ""]


@pytest.mark.parametrize("name", ["a b.txt", 'a"b\\c.txt', "a\tb.txt", "a\nb.txt", "报告.txt"])
def test_git_and_patch_take_every_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for path, tool in ((name, "git apply"), (str(tmp_path / name), "patch -p1 -s")):
        (tmp_path / name).write_bytes(b"old\n")
        program(tool.split()[0])
        subprocess.run(tool.split(), input=unified(path, b"old\n", b"new\n"), cwd=tmp_path, check=True)
        assert (tmp_path / name).read_bytes() == b"new\n"


def test_what_is_not_below_is_named_from_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    shown = unified("../a.txt", b"old\n", b"new\n").decode()
    assert shown.startswith(f"--- a{tmp_path}/a.txt\n+++ b{tmp_path}/a.txt\n")


def test_a_coloured_diff_of_lines_that_were_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corrector.report.diff.coloured", lambda: True)
    text = "一\r\n二\r\n三局\r\n部四\r\n五\r\n六\r\n科学开展\r\n"
    edits = [Edit(7, 11, "局\r\n部", "局部"), Edit(22, 24, "开展", "发展")]
    data = reports.output("diff").file(result(text, Report(text, edits)), chinese=False, verbose=False).decode()
    assert click.unstyle(data).split("\n")[2:] == [
        "@@ -1,7 +1,6 @@", " 一", " 二", "-三局", "-部四", "+三局部四", " 五", " 六", "-科学开展", "+科学发展", ""]


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


def test_git_takes_line_feeds_inside_characters(tmp_path: Path) -> None:
    before = "读〈论语〉\n科学发展\n".encode("utf-16")  # 《 and 》 have the bytes 0x0A and 0x0B
    after = "读《论语》\n科学发展\n".encode("utf-16")
    (tmp_path / "a.txt").write_bytes(before)
    patch = unified(str(tmp_path / "a.txt"), before, after)
    subprocess.run([program("git"), "apply", "-p", str(len(tmp_path.parts))], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "a.txt").read_bytes() == after


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


