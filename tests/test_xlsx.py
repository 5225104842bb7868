"""Workbooks: texts that cells share or hold, split over runs in any way; formulas, readings and names untouched."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.formats import FormatError, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, office, related, repacked, said

X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
KIND = "vnd.openxmlformats-officedocument.spreadsheetml."
RUNS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["", "<rPr><b/></rPr>"])), min_size=1)
LINES = DAMAGED.rstrip("\n").split("\n")


def poured(text: str, runs: list[tuple[int, str]]) -> str:
    """``text`` in runs of these lengths and formats, taken again and again."""
    pieces, at, turn = [], 0, 0
    while at < len(text):
        length, format_ = runs[turn % len(runs)]
        turn += 1
        pieces.append(f"<r>{format_}<t>{text[at : at + length]}</t></r>")
        at += length
    return "".join(pieces)


def workbook(cells: str, strings: list[str], **more: tuple[str, str]) -> bytes:
    """A workbook of the sheets 开展 with ``cells`` and 空, with these shared strings; ``more`` are other parts."""
    kinds = {"xl/workbook.xml": KIND + "sheet.main", "xl/strings.xml": KIND + "sharedStrings",
             "xl/sheet1.xml": KIND + "worksheet", "xl/sheet2.xml": KIND + "worksheet"}
    members = {
        "xl/workbook.xml":
            f'<workbook {X} {R}><sheets><sheet name="开展" r:id="worksheet1"/><sheet name="空" r:id="worksheet2"/>'
            "</sheets><definedNames><definedName name=\"效劳\">开展!$A$1</definedName></definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": related(worksheet2="sheet2.xml", worksheet1="sheet1.xml"),
        "xl/sheet2.xml": f"<worksheet {X}/>",
        "xl/sheet1.xml": f"<worksheet {X}><sheetData><row>{cells}</row></sheetData></worksheet>",
        "xl/strings.xml": f"<sst {X}>{''.join(f'<si>{s}</si>' for s in strings)}</sst>",
    }
    for name, (kind, content) in more.items():
        kinds[f"xl/{name}.xml"] = kind
        members[f"xl/{name}.xml"] = content
    return office("xl/workbook.xml", kinds, members)


def shared(**cells: int) -> str:
    return "".join(f'<c r="{ref}" s="1" t="s"><v>{index}</v></c>' for ref, index in cells.items())


@given(RUNS, st.permutations([0, 1, 2]))
def test_any_layout_of_runs(runs: list[tuple[int, str]], order: list[int]) -> None:
    cells = shared(**{f"A{i + 1}": order.index(i) for i in range(3)}, B9=order[0])
    data = workbook(cells, [poured(LINES[i], runs) for i in order])
    assert said(data, "a.xlsx").split("\n") == LINES
    fixed = corrected(data, "a.xlsx")
    assert said(fixed, "a.xlsx") == HEALTHY.rstrip("\n")
    assert changed(data, fixed) == {"xl/strings.xml"}


def test_headers_and_footers() -> None:
    margins = ('<headerFooter differentFirst="1"><oddHeader>&amp;L&amp;"仿宋,加粗"&amp;12为人民&amp;B效&amp;B劳&amp;C'
               "第&amp;P页&amp;R&amp;KFF0000甲&amp;&amp;L乙</oddHeader><evenFooter/><firstFooter>&amp;C坚持原那么，按照"
               "规那么办事，推动科学开展</firstFooter></headerFooter>")
    data = repacked(workbook("", []), lambda name, content: (
        name, content.replace(b"</sheetData>", f"</sheetData>{margins}".encode())))
    opened = open_bytes(data, "a.xlsx")[1]
    assert opened.document.text == "为人民效劳\n第\ufffc页\n甲&L乙\n坚持原那么，按照规那么办事，推动科学开展"
    assert [(p.part, p.paragraph) for p in opened.places] == [
        ("开展 header", 1), ("开展 header", 2), ("开展 header", 3), ("开展 footer", 1)]
    fixed = corrected(data, "a.xlsx")
    assert said(fixed, "a.xlsx").split("\n")[::3] == ["为人民服务", "坚持原则，按照规则办事，推动科学发展"]
    assert changed(data, fixed) == {"xl/sheet1.xml"}
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        assert '&amp;12为人民&amp;B服&amp;B务&amp;C' in file.read("xl/sheet1.xml").decode()


def test_cells_in_their_order_each_text_once() -> None:
    others = ('<c r="C2" t="str"><v>外&lt;</v></c>'
              '<c r="D1" t="inlineStr"><is><t>里</t></is></c><c r="E1" t="str"><f>"开展"&amp;A1</f><v>开展</v></c>'
              '<c r="F1"><v>2</v></c><c r="G1" t="e"><v>#N/A</v></c><c r="H1" t="s"><v>99</v></c>')
    data = workbook(
        shared(A1=1, B1=0, C1=1) + others,
        ["<t>乙</t>", "<r><t>甲</t></r><rPh sb='0' eb='1'><t>jia</t></rPh><phoneticPr fontId='1'/>", "<t>没有用到</t>"],
        comments1=(KIND + "comments", f'<comments {X}><authors><author>某人</author></authors><commentList><comment '
                   'ref="A1"><text><r><t>批</t></r><r><t>注</t></r></text></comment></commentList></comments>'),
        threads=("vnd.ms-excel.threadedcomments", '<ThreadedComments xmlns="http://schemas.microsoft.com/office/'
                 'spreadsheetml/2018/threadedcomments"><threadedComment><text>答复</text></threadedComment>'
                 "</ThreadedComments>"))
    opened = open_bytes(data, "a.xlsx")[1]
    assert opened.document.text.split("\n") == ["甲", "乙", "外<", "里", "批注", "答复"]
    cells = [f"开展!{cell}" for cell in ("A1", "B1", "C2", "D1")]
    assert [p.part for p in opened.places] == [*cells, "xl/comments1.xml", "xl/threads.xml"]


def test_formulas_names_and_heads_of_tables_stay() -> None:
    rest = '<c r="A9" t="str"><f>效劳&amp;"效劳"</f><v>为人民效劳</v></c>'
    inline = "".join(f'<c r="A{i}" t="inlineStr"><is><t>{line}</t></is></c>' for i, line in enumerate(LINES, 1))
    strings = ["<t>为人民效劳\n根底设施</t>", "<t>为人民效劳，为人民效劳</t>", "<t>坚持原那么</t>"]
    data = workbook(inline + shared(B1=0, B2=1, B3=2) + rest, strings,
                    table=(KIND + "table", f'<table {X} ref="B1:B2"><tableColumns count="1"><tableColumn id="1" '
                           'name="为人民效劳_x000a_根底设施" totalsRowLabel="坚持原那么"/></tableColumns></table>'))
    fixed = corrected(data, "a.xlsx")
    assert changed(data, fixed) == {"xl/sheet1.xml", "xl/strings.xml"}
    assert said(fixed, "a.xlsx") == f"{HEALTHY}为人民效劳\n根底设施\n为人民服务，为人民服务\n坚持原那么"


def test_cells_that_formulas_know_by_their_words_stay() -> None:
    known = ["为人民效劳", "坚持原那么", "根底设施", '说"效劳"', "效劳", "为人民效劳。"]
    inline = "".join(f'<c r="A{i}" t="inlineStr"><is><t>{line}</t></is></c>'
                     for i, line in enumerate((*LINES, *known), 1))
    formulas = ('<c r="B1"><f>COUNTIF(A:A,"*为人民效劳")</f></c><c r="B2"><f>A1="说""效劳"""</f></c>')
    rest = ('<dataValidations><dataValidation type="list"><formula1>"坚持原那么,根底设施"</formula1></dataValidation>'
            "</dataValidations>")
    data = repacked(workbook(inline + formulas, []), lambda name, content: (
        name, content.replace(b"</sheetData>", f"</sheetData>{rest}".encode())))
    said_now = said(corrected(data, "a.xlsx"), "a.xlsx").split("\n")
    assert said_now == [*HEALTHY.split(), *known[:4], "服务", "为人民服务。"]
    names = repacked(data, lambda name, content: (name, content.replace(b"COUNTIF(A:A", b"INDIRECT(A7")))
    assert said(corrected(names, "a.xlsx"), "a.xlsx").split("\n") == [*said_now[:-2], "效劳", "为人民服务。"]


@pytest.mark.parametrize(("formula", "left"), [
    ('COUNTIF(A:A,"*效劳的*")', "社区是社会治理的重要组成部分，是为人民效劳的前沿。"),
    ('SUMIF(A:A,"社区*效劳?前沿。",B:B)', "社区是社会治理的重要组成部分，是为人民效劳的前沿。"),
    ('COUNTIF(A:A,"效劳*")+COUNTIF(A:A,"*效劳")+COUNTIF(A:A,"效劳")+COUNTIF(A:A,"*~*效劳*")', ""),
    ('ISNUMBER(SEARCH({"x";"规那么"},A2))', "我们坚持原则，按照规那么办事，全心全意为人民服务。"),
    ('SUBSTITUTE(A2,"规那么","开展")', "我们坚持原则，按照规那么办事，全心全意为人民服务。"),
    ('IF(LEFT(A3,2)="根底","效劳","开展")', "根底设施建设的根底更加牢固，推动经济社会科学发展。"),
])
def test_words_that_formulas_look_for_in_cells_stay(formula: str, left: str) -> None:
    inline = "".join(f'<c r="A{i}" t="inlineStr"><is><t>{line}</t></is></c>' for i, line in enumerate(LINES, 1))
    lines = said(corrected(workbook(f"{inline}<c><f>{formula}</f></c>", []), "a.xlsx"), "a.xlsx").split("\n")
    assert [line for line in lines if line not in HEALTHY.split()] == ([left] if left else [])


def test_cells_that_filters_know_by_their_words_stay() -> None:
    filters = ('<autoFilter ref="A1:A9"><filterColumn colId="0"><filters><filter val="为人民效劳"/></filters>'
               '</filterColumn><filterColumn colId="1"><customFilters><customFilter operator="equal" val="*规那么*"/>'
               "</customFilters></filterColumn></autoFilter>")
    data = repacked(workbook(shared(A1=0, A2=1, A3=2, A4=3), [f"<t>{s}</t>" for s in (*LINES, "为人民效劳")]),
                    lambda name, content: (name, content.replace(b"</sheetData>", f"</sheetData>{filters}".encode())))
    fixed = said(corrected(data, "a.xlsx"), "a.xlsx")
    assert fixed == HEALTHY.replace("规则", "规那么") + "为人民效劳"


def test_results_that_spill_into_other_cells_stay() -> None:
    text = '<c r="A1" t="str"><v>外</v></c>'
    array = '<c r="A2" t="str"><f t="array" ref="A2:A3">B1:B2</f><v>果</v></c><c r="A3" t="str"><v>果</v></c>'
    assert said(workbook(text, []), "a.xlsx") == "外"
    assert said(workbook(text + array, []), "a.xlsx") == "外"
    assert said(workbook(text + array.replace(' ref="A2:A3"', ""), []), "a.xlsx") == ""
    assert said(workbook(text + array.replace("A2:A3", "A1:XFD9"), []), "a.xlsx") == ""
    nameless = '<c t="str"><v>甲</v></c>'
    assert said(workbook(nameless, []), "a.xlsx") == "甲"
    assert said(workbook(array + nameless, []), "a.xlsx") == ""


def test_an_extension_with_a_namespace_of_its_own() -> None:
    text = '<c r="A{}" t="str"><v>{}</v></c>'
    other = f'<c r="B1"><v>1</v><extLst xmlns="urn:x-other">{text.format(1, "乙")}</extLst></c>'
    assert said(workbook(text.format(1, "甲") + other + text.format(2, "丙"), []), "a.xlsx") == "甲\n丙"


def test_a_document_of_another_program_is_named() -> None:
    with pytest.raises(FormatError, match="no presentation"):
        open_bytes(workbook("", []), "a.pptx")
