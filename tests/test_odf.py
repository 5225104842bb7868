"""OpenDocument: words split over spans in any way, fields and deletions left alone, the package as it was."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.edits import Edit
from corrector.formats import FormatError, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, package, repacked, said

NAMES = ("office", "text", "table", "drawing", "presentation", "style", "svg-compatible")
PREFIXES = {"drawing": "draw", "svg-compatible": "svg"}
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(f'xmlns:{PREFIXES.get(n, n)}="{NAMESPACE}{n}:1.0"' for n in NAMES)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RUNS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["", "T1", "T2"])), min_size=1)


def poured(text: str, runs: list[tuple[int, str]]) -> str:
    """Paragraphs of ``text`` in spans of these lengths and styles, taken again and again."""
    paragraphs, turn = [], 0
    for line in text.rstrip("\n").split("\n"):
        pieces, at = [], 0
        while at < len(line):
            length, style = runs[turn % len(runs)]
            turn += 1
            some = line[at : at + length]
            pieces.append(f'<text:span text:style-name="{style}">{some}</text:span>' if style else some)
            at += length
        paragraphs.append(f"<text:p>{''.join(pieces)}</text:p>")
    return "".join(paragraphs)


def opendocument(body: str, kind: str = "text", styles: str = "", manifest: str = "") -> bytes:
    return package({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {SPACES} {DC}><office:body>{body}</office:body>"
                       "</office:document-content>",
        "Pictures/a.png": b"\x89PNG 0" * 99,
        "styles.xml": f"<office:document-styles {SPACES}>{styles}</office:document-styles>",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
    })


@given(RUNS)
def test_any_layout_of_spans(runs: list[tuple[int, str]]) -> None:
    data = opendocument(poured(DAMAGED, runs))
    assert said(data, "a.odt") == DAMAGED.rstrip("\n")
    fixed = corrected(data, "a.odt")
    assert said(fixed, "a.odt") == HEALTHY.rstrip("\n")
    assert changed(data, fixed) == {"content.xml"}
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type, first.header_offset) == ("mimetype", zipfile.ZIP_STORED, 0)


@given(RUNS)
def test_a_flat_document(runs: list[tuple[int, str]]) -> None:
    paragraphs = poured(DAMAGED, runs)
    around = (f'<?xml version="1.0" encoding="UTF-8"?>\r\n<office:document {SPACES}><office:master-styles>'
              "<style:header><text:p>页眉</text:p></style:header></office:master-styles><office:body>{}</office:body>"
              "<!-- 开展 --></office:document>")
    data = around.format(paragraphs).encode()
    assert said(data, "a.fodt") == "页眉\n" + DAMAGED.rstrip("\n")
    fixed = corrected(data, "a.fodt")
    assert said(fixed, "a.fodt") == "页眉\n" + HEALTHY.rstrip("\n")
    assert fixed.partition(b"<office:body>")[0] == data.partition(b"<office:body>")[0]
    assert fixed.partition(b"</office:body>")[2] == data.partition(b"</office:body>")[2]


def test_flat_sheets_name_their_places_and_others_are_refused() -> None:
    cell = '<table:table table:name="甲"><table:table-cell><text:p>一</text:p></table:table-cell></table:table>'
    places = open_bytes(f"<office:document {SPACES}>{cell}</office:document>".encode(), "a.fods")[1].places
    assert [place.part for place in places] == ["甲"]
    with pytest.raises(FormatError, match="no OpenDocument"):
        open_bytes(b"<a/>", "a.fodt")
    with pytest.raises(FormatError, match="cannot be read"):
        open_bytes(opendocument("甲"), "a.fodp")


@pytest.mark.parametrize(("body", "text"), [
    ('<text:h>一<text:s text:c="2"/>二<text:tab/>三<text:line-break/>四</text:h>', "一  二\t三\n四"),
    ("<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion>"
     '</text:changed-region></text:tracked-changes><text:p>一<text:change text:change-id="a"/>二</text:p>', "一二"),
    ("<text:p>一<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注</text:p>"
     "</text:note-body></text:note>二</text:p>", "一二\n脚注"),
    ("<text:p>一<office:annotation><dc:creator>某人</dc:creator><text:p>批注</text:p></office:annotation>二</text:p>",
     "一二\n批注"),
    ("<text:p>一<draw:frame><draw:text-box><text:p>框</text:p></draw:text-box><svg:title>图</svg:title></draw:frame>"
     "<text:ruby><text:ruby-base>汉</text:ruby-base><text:ruby-text>hàn</text:ruby-text></text:ruby></text:p>",
     "一汉\n框\nhàn"),
    ("<text:p>\n  一\n  <text:span>二</text:span> \n</text:p>", "一 二 "),
])
def test_what_is_read(body: str, text: str) -> None:
    assert said(opendocument(body), "a.odt") == text


def test_fields_and_results_of_formulas_stay_but_not_what_was_typed_in() -> None:
    cells = ('<table:table-cell table:formula="of:=1" office:string-value="为人民效劳">{}</table:table-cell>'
             '<table:table-cell office:string-value="为人民">{}</table:table-cell>'
             '<table:table-cell office:value-type="string">{}</table:table-cell>')
    table = f'<table:table table:name="开展"><table:table-row>{cells}</table:table-row></table:table>'
    data = opendocument(
        table.replace("{}", poured("为人民效劳", [(9, "")])) + poured(DAMAGED, [(4, "T1")]) +
        "<text:p><text:user-field-get>为人民效劳</text:user-field-get>，"
        "<text:text-input>为人民效劳</text:text-input></text:p>", "spreadsheet")
    opened = open_bytes(data, "a.ods")[1]
    assert opened.places[0].part == "开展"
    fixed = said(corrected(data, "a.ods"), "a.ods")
    assert fixed == f"为人民效劳\n为人民效劳\n为人民服务\n{HEALTHY}为人民效劳，为人民服务"


def test_the_value_of_a_cell_follows_its_text() -> None:
    cell = '<table:table-cell office:value-type="string" office:string-value={1}{0}{1}>{2}</table:table-cell>'
    cells = [cell.format(value, quote, f"<office:annotation>{poured('批', [(1, '')])}</office:annotation>{text}")
             for value, quote, text in (
                 ("为人民效劳", '"', poured("为人民效劳", [(3, "T1"), (1, "")])),
                 ("&quot;甲&quot; &amp; &#20026;人民效劳", "'", "<text:p>\n 'x'</text:p>".replace(
                     "'x'", "&quot;甲&quot; &amp; 为人民效劳")),
                 ("为人民效劳\n为人民效劳", "'", "<text:p>为人民效劳<text:line-break/>为人民效劳</text:p>"),
                 ("甲&#10;为人民效劳", '"', "<text:p>甲<text:line-break/>为人民效劳</text:p>"),
                 ("为人民效劳 为人民效劳", '"', poured("为人民效劳\n为人民效劳", [(9, "")])))]
    data = opendocument(f"<table:table>{''.join(cells)}</table:table>{poured(DAMAGED, [(4, '')])}", "spreadsheet")
    fixed = corrected(data, "a.ods")
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        content = file.read("content.xml").decode()
    assert content.count('string-value="为人民服务"') == 1
    assert "string-value='&quot;甲&quot; &amp; &#20026;人民服务'" in content
    assert "string-value='为人民服务\n为人民服务'" in content and 'string-value="甲&#10;为人民服务"' in content
    assert said(fixed, "a.ods").split("\n")[:12] == [
        "批", "为人民服务", "批", '"甲" & 为人民服务', "批", "为人民服务", "为人民服务", "批", "甲", "为人民服务", "批",
        "为人民效劳"]
    opened = open_bytes(data, "a.ods")[1]
    at = opened.document.text.index("效")
    written = opened.write([Edit(at, at + 1, "效", "\"'<&")])
    assert said(written, "a.ods").split("\n")[1] == "为人民\"'<&劳"


def test_cells_that_formulas_know_by_their_words_stay() -> None:
    cells = "".join(f"<table:table-cell{formula}>{poured(text, [(2, '')])}</table:table-cell>" for text, formula in (
        ("为人民效劳", ""), ("科学 开展", ""), ("坚持原那么", ""), ("为人民效劳。", ""),
        ("甲为人民效劳乙", ""), ("全心全意为人民效劳。", ""),
        ("1", ' table:formula="of:=COUNTIF([.A1:.A9];&quot;为人民效劳&quot;)+(A1=&quot;科学 开展&quot;)"'),
        ("1", ' table:formula="of:=COUNTIF([.A1:.A9];&quot;甲*效劳*&quot;)"')))
    rule = """<table:content-validation table:condition='of:cell-content-is-in-list("坚持原那么";"甲")'/>"""
    rule += '<table:filter-condition table:operator="=" table:value="全心全意为人民效劳。"/>'
    data = opendocument(f"{rule}<table:table>{cells}</table:table>{poured(DAMAGED, [(4, '')])}", "spreadsheet")
    assert said(corrected(data, "a.ods"), "a.ods").split("\n")[:6] == [
        "为人民效劳", "科学 开展", "坚持原那么", "为人民服务。", "甲为人民效劳乙", "全心全意为人民效劳。"]


def test_links_follow_the_headings_that_they_name() -> None:
    link = '<text:p><text:a xlink:href="#{}|outline">甲</text:a></text:p>'
    names = ["全心全意为人民效劳", "1.2.全心全意为人民效劳", "1.坚持原那么", "全心全意为人民效劳。", "根底设施"]
    headings = "".join(f"<text:h>{text}</text:h>" for text in ("全心全意为人民效劳", "1.坚持原那么", "坚持原那么"))
    data = opendocument("".join(link.format(name) for name in names) + headings + poured(DAMAGED, [(4, "")]))
    data = repacked(data, lambda name, content: (name, content.replace(b" xmlns:dc", b' xmlns:xlink="x" xmlns:dc')))
    with zipfile.ZipFile(io.BytesIO(corrected(data, "a.odt"))) as file:
        content = file.read("content.xml").decode()
    assert re.findall(r'href="#(.*?)\|', content) == [
        "全心全意为人民服务", "1.2.全心全意为人民服务", "1.坚持原则", "全心全意为人民效劳。", "根底设施"]


@pytest.mark.parametrize(("kind", "data"), [("spreadsheet", ""), ("presentation", "根底设施")])
def test_charts_without_what_they_repeat_of_sheets(kind: str, data: str) -> None:
    chart = (f'<chart:chart xmlns:chart="{NAMESPACE}chart:1.0"><chart:title><text:p>为人民效劳</text:p></chart:title>'
             '<table:table table:name="local-table"><text:p>根底设施</text:p></table:table></chart:chart>')
    rows = ('<file-entry full-path="Object 1/" media-type="application/vnd.oasis.opendocument.chart"/>'
            '<file-entry full-path="Object 2/" media-type="application/vnd.oasis.opendocument.text"/>')
    cells = f'<table:table table:name="表">{poured(DAMAGED, [(4, "")])}{{}}<text:p>甲</text:p></table:table>'
    part = f"<office:document-content {SPACES}><office:chart>{chart}</office:chart></office:document-content>"
    packed = repacked(opendocument(cells.format(""), kind, manifest=rows), lambda *member: member,
                      **{f"Object {i}/content.xml": part for i in (1, 2)})
    flat = f"<office:document {SPACES}>{cells.format(chart)}</office:document>".encode()
    for book, name, names in ((packed, "a.odp", ["Object 1/content.xml"]), (flat, f"a.fod{kind[0]}", [])):
        parts = {place.part for place in open_bytes(book, name)[1].places}
        assert parts.issuperset(names) and "local-table" not in parts
        fixed = said(corrected(book, name), name).split("\n")
        assert [line for line in fixed if line not in HEALTHY] == ["甲"]
        assert ("基础设施" in fixed) is bool(data)


def test_headers_in_styles_and_slides_by_number() -> None:
    notes = f"<presentation:notes>{poured('备注', [(2, '')])}</presentation:notes>"
    slide = f"<draw:page>{poured('甲', [(1, '')])}{notes}</draw:page>"
    header = f"<style:master-page><style:header>{poured('页眉', [(1, 'T1')])}</style:header></style:master-page>"
    opened = open_bytes(opendocument(slide + slide, "presentation", header), "a.odp")[1]
    assert opened.document.text == "甲\n备注\n甲\n备注\n页眉"
    assert [p.part for p in opened.places] == ["slide 1", "slide 1 notes", "slide 2", "slide 2 notes", "styles.xml"]


def test_headers_and_footers_of_slides_are_declared_before_them() -> None:
    declared = "".join(f'<presentation:{kind}-decl presentation:name="a">{text}</presentation:{kind}-decl>'
                       for kind, text in (("header", "为人民效劳"), ("footer", "科学开展"), ("date-time", "五月")))
    shown = '<draw:page presentation:use-footer-name="a"><text:p><presentation:footer/></text:p></draw:page>'
    data = opendocument(declared + poured(DAMAGED, [(4, "")]) + shown, "presentation")
    opened = open_bytes(data, "a.odp")[1]
    assert [p.part for p in opened.places[:2]] == ["content.xml"] * 2
    assert said(corrected(data, "a.odp"), "a.odp") == "为人民服务\n科学发展\n" + HEALTHY.rstrip("\n")


def test_what_is_refused() -> None:
    encrypted = opendocument("", manifest="<manifest:encryption-data/>")
    for data, message in ((encrypted, "password"), (package({"content.xml": "<a/>"}), "no OpenDocument"),
                          (opendocument("<text:p>"), "cannot be read"),
                          (package({"mimetype": "application/vnd.oasis.opendocument.text"}), "content.xml is missing")):
        with pytest.raises(FormatError, match=message):
            open_bytes(data, "a.odt")
