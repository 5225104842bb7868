"""Presentations: words split over runs in any way, slides in their order with all that they show, other bytes kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.formats import open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, office, related, repacked, said

SPACES = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
          'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
          'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
KIND = "vnd.openxmlformats-officedocument.presentationml."
DRAWN = "vnd.openxmlformats-officedocument.drawingml."
RUNS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["", ' b="1"', ' i="1" sz="3200"'])), min_size=1)


def shape(paragraphs: str, holder: str = "") -> str:
    return f"<p:sp><p:nvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:txBody>{paragraphs}</p:txBody></p:sp>"


def poured(text: str, runs: list[tuple[int, str]]) -> str:
    """Paragraphs of ``text`` in runs of these lengths and formats, taken again and again."""
    paragraphs, turn = [], 0
    for line in text.rstrip("\n").split("\n"):
        pieces, at = [], 0
        while at < len(line):
            length, format_ = runs[turn % len(runs)]
            turn += 1
            pieces.append(f'<a:r><a:rPr lang="zh-CN"{format_}/><a:t>{line[at : at + length]}</a:t></a:r>')
            at += length
        paragraphs.append(f"<a:p>{''.join(pieces)}<a:endParaRPr/></a:p>")
    return "".join(paragraphs)


def presentation(slides: list[str], **more: tuple[str, str]) -> bytes:
    """A presentation of ``slides``, the last first in the package; ``more`` are parts of the first, by kind."""
    kinds = {"ppt/presentation.xml": KIND + "presentation.main"}
    members = {}
    for i in range(len(slides), 0, -1):
        kinds[f"ppt/slides/slide{i}.xml"] = KIND + "slide"
        members[f"ppt/slides/slide{i}.xml"] = f"<p:sld {SPACES}>{slides[i - 1]}</p:sld>"
    ids = "".join(f'<p:sldId id="{255 + i}" r:id="slide{i}"/>' for i in range(1, len(slides) + 1))
    members["ppt/presentation.xml"] = f"<p:presentation {SPACES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    members["ppt/_rels/presentation.xml.rels"] = related(
        **{f"slide{i}": f"slides/slide{i}.xml" for i in range(1, len(slides) + 1)})
    members["ppt/slides/_rels/slide1.xml.rels"] = related(**{kind: f"/ppt/more/{kind}.xml" for kind in more})
    for kind, (type_, content) in more.items():
        kinds[f"ppt/more/{kind}.xml"] = type_
        members[f"ppt/more/{kind}.xml"] = f"<x {SPACES}>{content}</x>"
    return office("ppt/presentation.xml", kinds, members)


@given(RUNS)
def test_any_layout_of_runs(runs: list[tuple[int, str]]) -> None:
    data = presentation(["", shape(poured(DAMAGED, runs)), ""])
    assert said(data, "a.pptx") == DAMAGED.rstrip("\n")
    fixed = corrected(data, "a.pptx")
    assert said(fixed, "a.pptx") == HEALTHY.rstrip("\n")
    assert changed(data, fixed) == {"ppt/slides/slide2.xml"}


def test_all_that_a_slide_shows_in_order() -> None:
    text = [(9, "")]
    number = "<a:p><a:r><a:t>第</a:t></a:r><a:fld><a:t>1</a:t></a:fld><a:br/></a:p>"
    table = f"<a:tbl><a:tr><a:tc><a:txBody>{poured('格子', text)}</a:txBody></a:tc></a:tr></a:tbl>"
    diagram = poured("图示一\n图示二", text)
    master = shape(poured("单击此处", text), '<p:ph type="title"/>') + shape(poured("单位", text))
    data = presentation(
        [shape(poured("甲\n乙", text)) + table + number, shape(poured("丙", text))],
        notesSlide=(KIND + "notesSlide", shape(poured("备注", text))),
        diagramData=(DRAWN + "diagramData", diagram),
        diagramDrawing=("vnd.ms-office.drawingml.diagramDrawing", diagram + poured("画", text)),
        chart=(DRAWN + "chart", poured("图表", text) + "<c>缓存</c>"),
        comments=(KIND + "comments", "<p:cm><p:text>意见 </p:text></p:cm>"),
        slideMaster=(KIND + "slideMaster", master))
    opened = open_bytes(data, "a.pptx")[1]
    assert opened.document.text.split("\n") == [
        "甲", "乙", "格子", "第1", "", "图示一", "图示二", "画", "图表", "意见 ", "备注", "丙", "单位"]
    assert [(p.part, p.paragraph) for p in opened.places][-5:] == [
        ("slide 1", 8), ("slide 1", 9), ("slide 1 notes", 1), ("slide 2", 1), ("ppt/more/slideMaster.xml", 1)]


@pytest.mark.parametrize(("target", "member"), [
    ("slides/slide2.xml", "Slides/SLIDE2.xml"), ("slides/slide%202.xml", "slides/slide%202.xml"),
    ("slides/slide%202.xml", "slides/slide 2.xml"), ("slides/页2.xml", "slides/%E9%A1%B52.xml"),
])
def test_names_of_parts(target: str, member: str) -> None:
    data = repacked(presentation([shape(poured(line, [(3, "")])) for line in DAMAGED.split()]), lambda name, content: (
        name.replace("slides/slide2.xml", member), content.replace(b"slides/slide2.xml", target.encode())))
    fixed = corrected(data, "a.pptx")
    assert said(fixed, "a.pptx") == HEALTHY.rstrip("\n")
    assert len(changed(data, fixed)) == 3


def test_shapes_over_a_chart() -> None:
    text = poured("图注", [(2, "")])
    data = presentation([shape(poured("甲", [(1, "")]))], chart=(DRAWN + "chart", ""), x=(DRAWN + "chartshapes", text))
    assert said(data, "a.pptx") == "甲\n图注"
    rels = related(chart="../more/chart.xml"), related(x="/ppt/more/x.xml")
    data = repacked(data, lambda name, content: (
        name, rels[0].encode() if name == "ppt/slides/_rels/slide1.xml.rels" else content),
        **{"ppt/more/_rels/chart.xml.rels": rels[1]})
    assert said(data, "a.pptx") == "甲\n图注"


def test_a_diagram_says_it_in_both_its_parts() -> None:
    data = presentation([shape(poured(DAMAGED, [(99, "")]))],
                        diagramData=(DRAWN + "diagramData", poured("为人民效劳", [(2, "")])),
                        diagramDrawing=("vnd.ms-office.drawingml.diagramDrawing", poured("为人民效劳", [(4, "")])))
    fixed = corrected(data, "a.pptx")
    assert changed(data, fixed) == {"ppt/slides/slide1.xml", "ppt/more/diagramData.xml", "ppt/more/diagramDrawing.xml"}
