"""Reports that leave the machine: SARIF by its schema, annotations, a page without scripts, a diff with colours."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from test_reports import result

from corrector import report as reports
from corrector.api import check
from corrector.edits import Edit, apply
from corrector.formats import Place
from corrector.report import terminal
from corrector.result import Flag, Report

SCHEMA = json.loads((Path(__file__).parent / "data/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
MARKUP = "<script>alert(1)</script>科学开展&amp;\"'\x07\x1b[31m\r\n::error::%0A"


def written(name: str, *files: reports.Result, status: int = 1) -> str:
    output = reports.output(name)
    parts = [p for f in files if (p := output.file(f, chinese=True, verbose=False))]
    data = output.head(chinese=True) + output.between.join(parts) + output.tail(1, status, chinese=True)
    return data.decode("utf-8", "surrogateescape")


def hostile(path: str = "<b>.txt") -> reports.Result:
    at = MARKUP.index("开展")
    edit = Edit(at, at + 2, "开展", "<发展>", "A", reason="<i>\n::warning::x")
    return result(MARKUP, Report(MARKUP, [edit], flags=[Flag(0, 8, "<script>", "<u>")]), path=path)


def test_sarif_keeps_to_its_schema(damaged: str) -> None:
    placed = [Place(0, "word/document.xml", 1)]
    value = json.loads(written("sarif", result(damaged, path="文 件/a.txt"), hostile("a\udcff.txt"),
                               result(damaged, path="/x/b.docx", places=placed), result("")))
    Draft4Validator(SCHEMA).validate(value)
    assert written("sarif") and Draft4Validator(SCHEMA).is_valid(json.loads(written("sarif", status=0)))
    rows = value["runs"][0]["results"]
    rules = {r["id"] for r in value["runs"][0]["tool"]["driver"]["rules"]}
    assert {r["ruleId"] for r in rows} == rules
    where = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in rows]
    assert set(where) == {"%E6%96%87%20%E4%BB%B6/a.txt", "a%FF.txt", "file:///x/b.docx"}
    assert "region" not in rows[-1]["locations"][0]["physicalLocation"]


def test_sarif_says_what_could_not_be_checked() -> None:
    output = reports.output("sarif")
    parts = (output.head(chinese=False), output.failed("文 件.txt", "not valid utf-8"),
             output.tail(0, 2, chinese=False))
    value = json.loads(b"".join(parts))
    Draft4Validator(SCHEMA).validate(value)
    (invocation,) = value["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    (said,) = invocation["toolExecutionNotifications"]
    assert said["message"]["text"] == "not valid utf-8"
    assert said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%E6%96%87%20%E4%BB%B6.txt"


def test_the_fixes_of_sarif_give_the_corrected_text(damaged: str) -> None:
    lines = damaged.split("\n")
    edits = []
    for row in json.loads(written("sarif", result(damaged)))["runs"][0]["results"]:
        change = row["fixes"][0]["artifactChanges"][0]["replacements"][0]
        r = change["deletedRegion"]
        assert r["startLine"] == r["endLine"]
        start = sum(len(x) + 1 for x in lines[: r["startLine"] - 1]) + r["startColumn"] - 1
        end = start + r["endColumn"] - r["startColumn"]
        edits.append(Edit(start, end, damaged[start:end], change["insertedContent"]["text"]))
    assert apply(damaged, edits) == check(damaged).apply()


def test_annotations_are_one_line_each(damaged: str) -> None:
    shown = written("github", result(damaged, path="a,b:c.txt")).splitlines()
    assert len(shown) == 8
    first = "::warning file=a%2Cb%3Ac.txt,title=词语替换造成的损坏,line=1,endLine=1,col=13,endColumn=15::局部 → 部分 ("
    assert shown[0].startswith(first)
    assert [x.split(" ")[0] for x in written("github", hostile()).splitlines()] == ["::warning", "::notice"]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") or name in ("src", "href", "style") for name, _ in attrs)
        self.seen.add(tag)
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_shows_markup_as_text(damaged: str) -> None:
    page = written("html", hostile(), result(damaged))
    tags = Tags()
    tags.feed(page)
    assert not tags.open and not tags.seen & {"script", "b", "i", "u", "link", "img"}
    assert "<script>alert(1)</script>科学开展<发展>&amp;" in tags.words and "<i>" in tags.words
    assert "url(" not in page and not re.search(r"https?://", page)


def test_every_edit_is_on_the_page(damaged: str) -> None:
    page = written("html", result(damaged))
    assert page.count("<tr class=") == len(check(damaged).edits)
    assert "转换器 A：概率" in page and "效劳 ← 服务 × 2" in page
    assert "没有发现" in written("html", status=0)


def test_a_diff_with_colours(damaged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corrector.report.diff.coloured", lambda: True)
    monkeypatch.setattr(terminal, "coloured", lambda: True)
    shown = written("diff", result(damaged))
    assert {"局部", "部分", "那么", "则"} <= set(re.findall(r"\x1b\[7m(\w+)", shown))
    plain = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert plain[:3] == ["--- a/a.txt", "+++ b/a.txt", "@@ -1,3 +1,3 @@"]
    assert "-" + damaged.splitlines()[0] in plain and "+" + check(damaged).apply().splitlines()[0] in plain
    assert len(plain) == 9
    obeyed = re.sub(r"\x1b\[\d*m", "", written("diff", hostile()))
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", obeyed)
