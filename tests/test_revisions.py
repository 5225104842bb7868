"""Tracked changes: what they cannot mark is left and counted, and comments stand where Word has them."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from corrector.cli import corrector
from corrector.formats.docx import Docx
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import repacked
from tests.test_cli import run
from tests.test_docx import corrected, said
from tests.word import RELS, TYPES, W, package, poured

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
CHART = ('<Override PartName="/word/chart1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         'drawingml.chart+xml"/>')
TEXT = poured(DAMAGED, [(4, 1)])
DRAWN = f"<a:p {A}><a:r><a:t>全心全意为人民效劳</a:t></a:r></a:p>"
COMMENTS = ('<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.comments+xml"/>')


def member(data: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


@pytest.mark.parametrize("way", [["-o", "out.docx"], ["--in-place", "--journal", "j"]])
def test_places_that_revisions_cannot_mark_are_counted(way: list[str], tmp_path: Path) -> None:
    drawing = f"<w:p><w:r><w:drawing>{DRAWN}</w:drawing></w:r><w:t>为人民效劳</w:t></w:p>"
    data = package(TEXT + drawing, CHART, **{"word/chart1.xml": f"<x>{DRAWN}</x>"})
    (tmp_path / "a.docx").write_bytes(data)
    done = run(tmp_path, "fix", "a.docx", "--track-changes", *way)
    assert done.returncode == 0
    assert done.stderr.decode().splitlines()[:2] == [
        "a.docx: corrected 8",
        "a.docx: left 3 in charts, drawings and the like, which have no revisions; fix it without --track-changes"]
    tracked = (tmp_path / way[-1] if way[0] == "-o" else tmp_path / "a.docx").read_bytes()
    assert member(tracked, "word/chart1.xml") == member(data, "word/chart1.xml")
    assert member(tracked).endswith(drawing + "</w:body></w:document>")
    (tmp_path / "b.docx").write_bytes(package("", CHART, **{"word/chart1.xml": f"<x>{DRAWN * 3}</x>"}))
    done = run(tmp_path, "fix", "b.docx", "--track-changes", "-o", "left.docx")
    assert done.stderr.decode().startswith("b.docx: left 3 in charts")
    assert (tmp_path / "left.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_formulas_are_only_read() -> None:
    formula = f"<m:oMath {M}><m:r><w:t>为人民效劳</w:t></m:r><w:r><w:t>原那么</w:t></w:r></m:oMath>"
    data = package(f"{TEXT}<w:p>{formula}</w:p>")
    for after in corrected(data, comments=True):
        assert formula in member(after)
    assert said(data).endswith("为人民效劳原那么")


def test_a_word_that_runs_into_ruby_is_a_revision_without_a_comment() -> None:
    ruby = ("<w:ruby><w:rubyPr/><w:rt><w:r><w:t>me</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>么</w:t></w:r></w:rubyBase></w:ruby>")
    data = package(f"{TEXT}<w:p><w:r><w:t>我们坚持原那</w:t>{ruby}</w:r></w:p>")
    fixed, tracked = corrected(data, comments=True)
    assert said(fixed).startswith(HEALTHY + "我们坚持原则")
    body = member(tracked)
    assert body.count("<w:commentRangeStart") == body.count("<w:commentReference") == 8
    assert "commentR" not in body[body.index("我们坚持原", body.index("科学")) :]


def test_a_comment_stays_in_one_branch() -> None:
    choice, fallback = (f"<mc:{name}>{TEXT}</mc:{name}>" for name in ("Choice", "Fallback"))
    data = package(f"<mc:AlternateContent {MC}>{choice}{fallback}</mc:AlternateContent>")
    _, tracked = corrected(data, comments=True)
    first, second = member(tracked).split("<mc:Fallback>")
    assert first.count("<w:commentRangeStart") == first.count("<w:commentRangeEnd") == 8
    assert "<w:ins" in second and "w:comment" not in second


def test_what_looks_like_a_field_is_none() -> None:
    field = "".join(f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    instructions = field.replace("</w:r>", "</w:r><w:r><w:t>藏</w:t></w:r>", 1)
    assert said(package(f'<w:p><w:pPr><w:jc w:val="end"/></w:pPr>{instructions}<w:r><w:t>甲</w:t></w:r></w:p>')) == "甲"


def test_single_quoted_ids_are_not_given_again() -> None:
    inserted = TEXT.replace("<w:p>", "<w:p><w:ins w:id='3' w:author='b'>").replace("</w:p>", "</w:ins></w:p>")
    comment = "<w:comment w:id = '0' w:author='b>'><w:p><w:r><w:t>批注</w:t></w:r></w:p></w:comment>"
    data = package(inserted, COMMENTS, **{
        "word/comments.xml": f'<w:comments xmlns:w="{W}">{comment}<!-- </w:comments> --></w:comments><!-- </w:x> -->',
        "word/_rels/document.xml.rels":
            RELS.replace("officeDocument\"", "comments\"").replace("word/document.xml", "comments.xml")})
    _, tracked = corrected(data, comments=True)
    ids = re.findall(r"<w:(?:ins|del) w:id=\"(\d+)\"", member(tracked))
    assert len(ids) == len(set(ids)) and "3" not in ids
    comments = etree.fromstring(member(tracked, "word/comments.xml").encode())
    assert [c.get(f"{{{W}}}id") for c in comments] == ["0", None, *map(str, range(1, 9))]


def test_the_content_types_may_have_a_prefix() -> None:
    prefixed = re.sub(r"<(/?)([A-Z])", r"<\1ct:\2", TYPES.format("")).replace("xmlns", "xmlns:ct")
    data = repacked(package(TEXT), lambda name, content: (name, prefixed if "Types" in name else content))
    _, tracked = corrected(data, comments=True)
    types = etree.fromstring(member(tracked, "[Content_Types].xml").encode())
    assert [etree.QName(row).namespace for row in types] == [etree.QName(types).namespace] * len(types)
    assert "开展→发展" in said(tracked)  # so the comments are found


def test_a_body_in_a_folder_that_is_not_ascii() -> None:
    data = repacked(package(TEXT), lambda name, content: (
        name.replace("word/", "文档/"), content.replace(b"word/", "文档/".encode())))
    _, tracked = corrected(data, comments=True)
    with zipfile.ZipFile(io.BytesIO(tracked)) as file:
        assert file.namelist()[-2:] == ["文档/_rels/document.xml.rels", "文档/comments.xml"]
    assert member(tracked, "文档/comments.xml").count("<w:comment ") == 8


def test_one_that_fails_keeps_no_other_from_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = package(TEXT)
    for name in ("a.docx", "b.docx"):
        (tmp_path / name).write_bytes(data if name == "b.docx" else package(TEXT * 2))
    write = Docx.write_tracked

    def fails(self: Docx, *args: object, **more: object) -> bytes:
        if len(self.document.text) > 2 * len(DAMAGED) - 2:
            raise KeyError("甲")
        return write(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Docx, "write_tracked", fails)
    files = [str(tmp_path / name) for name in ("a.docx", "b.docx")]
    given = ["fix", *files, "--track-changes", "-o", str(tmp_path / "out")]
    done = CliRunner().invoke(corrector, given, standalone_mode=False)
    assert done.return_value == 2
    assert "a.docx: " in done.output and "KeyError" in done.output
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["b.docx"]
