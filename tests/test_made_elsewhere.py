"""Files as the libraries of others make them: corrected, opened by these libraries again, and all formats compared."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pptx
from odf import draw, office, style, table, text
from odf.opendocument import OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText, load
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected

LINES, WHOLE = DAMAGED.split(), HEALTHY.split()
Tree = Any


def saved(document: Any) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def runs(line: str) -> list[str]:
    """``line`` in pieces that cut its words."""
    return [line[i : i + 3] for i in range(0, len(line), 3)]


def presentation() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = LINES[0]
    frame = slide.shapes.add_textbox(0, 0, Pt(400), Pt(100)).text_frame
    for i, piece in enumerate(runs(LINES[1])):
        run = frame.paragraphs[0].add_run()
        run.text, run.font.bold, run.font.size = piece, bool(i % 2), Pt(10 + i)
    cells = slide.shapes.add_table(1, 2, 0, 0, Pt(400), Pt(100)).table
    cells.cell(0, 0).text, cells.cell(0, 1).text = LINES[2], "为人民效劳"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Pt(400), Pt(100)).text_frame.text = LINES[0]
    data = CategoryChartData()
    data.categories = ["效劳", "根底"]
    data.add_series("开展", (1, 2))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Pt(300), Pt(300), data).chart
    chart.chart_title.text_frame.text = LINES[2]
    slide.notes_slide.notes_text_frame.text = "\n".join(LINES)
    return saved(deck)


def test_a_presentation_of_python_pptx() -> None:
    data = presentation()
    fixed = corrected(data, "a.pptx")
    assert {name.split("/")[1] for name in changed(data, fixed)} == {"slides", "charts", "notesSlides"}
    before, after = (pptx.Presentation(io.BytesIO(d)).slides[0] for d in (data, fixed))
    title, box, cells, group, chart = after.shapes
    assert title.text == group.shapes[0].text_frame.text == WHOLE[0]
    assert box.text_frame.text == WHOLE[1]
    formats = [[(r.font.bold, r.font.size) for r in s.shapes[1].text_frame.paragraphs[0].runs] for s in (before, after)]
    assert formats[0] == formats[1]
    assert [cells.table.cell(0, i).text for i in (0, 1)] == [WHOLE[2], "为人民服务"]
    assert list(chart.chart.plots[0].categories) == ["效劳", "根底"]  # as the workbook in the chart has them
    assert chart.chart.chart_title.text_frame.text == WHOLE[2]
    assert after.notes_slide.notes_text_frame.text == "\n".join(WHOLE)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "效劳"
    for i, line in enumerate(LINES, 1):
        sheet.cell(i, 1).value = sheet.cell(i, 2).value = line
    sheet["C1"] = CellRichText(*(TextBlock(InlineFont(b=bool(i % 2)), piece) for i, piece in enumerate(runs(LINES[1]))))
    sheet["C2"], sheet["C3"], sheet["C4"] = "=A1&\"效劳\"", 3, True
    sheet["A1"].comment = Comment("".join(LINES), "某人")
    sheet["E1"], sheet["F1"], sheet["E2"], sheet["F2"] = "效劳工程", "根底设施", "为人民效劳", 2
    sheet.add_table(Table(displayName="表", ref="E1:F2"))
    sheet.add_data_validation(DataValidation(type="list", formula1='"效劳,根底"', sqref="G1"))
    book.defined_names["根底"] = DefinedName("根底", attr_text="效劳!$A$1")
    chart = BarChart()
    chart.title = LINES[2]
    chart.add_data(Reference(sheet, min_col=6, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "H1")
    return saved(book)


def test_a_workbook_of_openpyxl() -> None:
    data = workbook()
    fixed = corrected(data, "a.xlsx")
    assert changed(data, fixed) == {"xl/worksheets/sheet1.xml", "xl/comments/comment1.xml", "xl/charts/chart1.xml"}
    before, after = (openpyxl.load_workbook(io.BytesIO(d), rich_text=True) for d in (data, fixed))
    sheet = after["效劳"]
    assert [sheet.cell(i, j).value for j in (1, 2) for i in (1, 2, 3)] == WHOLE * 2
    assert str(sheet["C1"].value) == WHOLE[1]
    fonts = [[block.font.b for block in b["效劳"]["C1"].value if isinstance(block, TextBlock)] for b in (before, after)]
    assert fonts[1] == fonts[0][: len(fonts[1])]
    assert [sheet[c].value for c in ("C2", "C3", "C4")] == ["=A1&\"效劳\"", 3, True]
    assert [sheet[c].value for c in ("E1", "F1", "E2")] == ["效劳工程", "根底设施", "为人民服务"]
    assert sheet["A1"].comment.text == "".join(WHOLE)
    assert after.defined_names["根底"].attr_text == "效劳!$A$1"
    assert sheet.data_validations.dataValidation[0].formula1 == '"效劳,根底"'


def spans(line: str) -> text.P:
    paragraph = text.P()
    for i, piece in enumerate(runs(line)):
        paragraph.addElement(text.Span(stylename=f"T{i % 2}", text=piece))
    return paragraph


def letter() -> bytes:
    document = OpenDocumentText()
    for i in range(2):
        look = style.Style(name=f"T{i}", family="text")
        look.addElement(style.TextProperties(fontweight=("normal", "bold")[i]))
        document.automaticstyles.addElement(look)
    document.text.addElement(text.H(outlinelevel=1, text=LINES[0]))
    document.text.addElement(spans(LINES[1]))
    rows = table.Table(name="效劳")
    row = table.TableRow()
    cell = table.TableCell()
    cell.addElement(text.P(text=LINES[2]))
    row.addElement(cell)
    rows.addElement(row)
    document.text.addElement(rows)
    paragraph = text.P(text="为人民效劳")
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    body = text.NoteBody()
    body.addElement(text.P(text=LINES[0]))
    note.addElement(body)
    paragraph.addElement(note)
    paragraph.addElement(office.Annotation(name="开展"))
    document.text.addElement(paragraph)
    return saved(document)


def sheet() -> bytes:
    document = OpenDocumentSpreadsheet()
    rows = table.Table(name="效劳")
    for line in LINES:
        row = table.TableRow()
        for formula in ({}, {"formula": 'of:="为人民效劳"'}):
            cell = table.TableCell(valuetype="string", **formula)
            cell.addElement(text.P(text=line))
            row.addElement(cell)
        rows.addElement(row)
    document.spreadsheet.addElement(rows)
    return saved(document)


def slides() -> bytes:
    document = OpenDocumentPresentation()
    layout = style.PageLayout(name="开展")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="M", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    page = draw.Page(masterpagename=master, name="效劳")
    frame, box = draw.Frame(width="10cm", height="5cm"), draw.TextBox()
    for line in LINES:
        box.addElement(spans(line))
    frame.addElement(box)
    page.addElement(frame)
    document.presentation.addElement(page)
    return saved(document)


def paragraphs(data: bytes) -> list[str]:
    loaded = load(io.BytesIO(data))
    return [str(p) for kind in (text.H, text.P) for p in loaded.getElementsByType(kind)]


def test_documents_of_odfpy() -> None:
    for make, name, expected in (
        (letter, "a.odt", [WHOLE[0], WHOLE[1], WHOLE[2], f"为人民服务1{WHOLE[0]}", WHOLE[0]]),
        (sheet, "a.ods", [line for pair in zip(WHOLE, LINES, strict=True) for line in pair]),
        (slides, "a.odp", WHOLE),
    ):
        data = make()
        fixed = corrected(data, name)
        assert changed(data, fixed) == {"content.xml"}
        assert paragraphs(fixed) == expected
        styles = [[s.getAttribute("stylename") for s in load(io.BytesIO(d)).getElementsByType(text.Span)]
                  for d in (data, fixed)]
        assert styles[0] == styles[1]
