"""Writes ``examples/养老服务.docx``, the damaged Word document of the demo: ``python examples/make_docx.py``.

It has what a report of an office has: headings, formats that change in the middle of a word, a table, a header, a
footer with the page number, a footnote. The text is our own.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMESPACES = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{RELATED}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = ("styles", "footnotes", "header", "footer")

BOLD, ITALIC = "<w:b/>", "<w:i/>"
RED, BLUE = '<w:color w:val="C00000"/>', '<w:color w:val="1F4E79"/>'
MARKED = '<w:highlight w:val="yellow"/>'
NOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r>'
SIGN = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
PAGE = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def paragraph(*runs: str | tuple[str, str], style: str = "") -> str:
    """A paragraph of runs: plain text, pairs of text and format, or markup."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(map(run, runs))}</w:p>"


def run(said: str | tuple[str, str]) -> str:
    """One run of a paragraph."""
    if isinstance(said, str) and said.startswith("<"):
        return said
    text, form = (said, "") if isinstance(said, str) else said
    properties = f"<w:rPr>{form}</w:rPr>" if form else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """A table whose first row is its head."""
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
                      for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join('<w:gridCol w:w="2765"/>' for _ in rows[0])
    body = ""
    for number, row in enumerate(rows):
        shade = "" if number else '<w:shd w:val="clear" w:color="auto" w:fill="DEEAF6"/>'
        body += "<w:tr>" + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="2765" w:type="dxa"/>{shade}</w:tcPr>'
            f'{paragraph(cell if number else (cell, BOLD), style="Cell")}</w:tc>' for cell in row) + "</w:tr>"
    properties = f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>"
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


BODY = (
    paragraph("城东新区社区养老效劳工作情况", style="Title"),
    paragraph("一、根本情况", style="Heading1"),
    paragraph("过去一年，我们坚持以人民为中心的", ("开", BOLD), ("展", BOLD + RED),
              "思想，把养老效劳作为社会治理的重要组成", ("局部", ITALIC), "，全心全意为老年人", ("效", BLUE),
              ("劳", MARKED), "。社区全年开展志愿活动三百余次", NOTE,
              "，根底设施建设的根底更加牢固，各项指标到达预期目标。", style="Body"),
    paragraph("我们坚持政府主导、社会参与的", ("原那", BOLD), ("么", BOLD + ITALIC), "，严格按照平安管理规",
              ("那么", MARKED), "办事，没有发生平安事故，受到广阔群众的", ("欢送", RED), "。", style="Body"),
    table(("工程", "方案", "完成情况"),
          ("日间照料中心", "新建六个", "全部建成，效劳水平不断提高"),
          ("助餐点", "新建二十个", "根本建成，食品平安得到保障"),
          ("上门巡诊", "每月一次", "屡次开展安康讲座")),
    paragraph("二、存在的缺乏", style="Heading1"),
    paragraph("在看到成绩的同时，我们也清醒地看到，工作中还有不少缺乏：", ("一是", BOLD),
              "局部社区效劳能力缺乏，开展后劲不强；", ("二是", BOLD),
              "少数干部效劳意识不强，对群众反响的问题处理不够及时。这些问题不解决，", ("否那么", ITALIC),
              "就会影响养老事业的开展。", style="Body"),
)
TEXTS = {
    "document": f'<w:body>{"".join(BODY)}<w:sectPr><w:headerReference w:type="default" r:id="header"/>'
                '<w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="11906" w:h="16838"/>'
                '<w:pgMar w:top="1440" w:right="1800" w:bottom="1440" w:left="1800" w:header="851" w:footer="992" '
                'w:gutter="0"/></w:sectPr></w:body>',
    "header": paragraph("城东新区为人民效劳中心", style="Header"),
    "footer": paragraph("规那么公开，平安开展　第 ", PAGE, " 页", style="Header"),
    "footnotes": '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
                 '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p>'
                 '</w:footnote><w:footnote w:id="1">'
                 + paragraph(SIGN, " 局部活动由社会组织承办，按照自愿的原那么报名。") + "</w:footnote>",
}
STYLES = {  # whether it is the default; of the paragraph; of its runs
    "Normal": (' w:default="1"', "", '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
               '<w:sz w:val="24"/>'),
    "Title": ("", '<w:spacing w:after="240"/><w:jc w:val="center"/>', '<w:b/><w:sz w:val="36"/>'),
    "Heading1": ("", '<w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="28"/>'),
    "Body": ("", '<w:spacing w:after="120"/><w:ind w:firstLine="480"/>', '<w:sz w:val="24"/>'),
    "Header": ("", '<w:jc w:val="center"/>', '<w:sz w:val="18"/>'),
    "Cell": ("", '<w:spacing w:before="40" w:after="40"/>', '<w:sz w:val="21"/>'),
}
ROOTS = {"document": "document", "header": "hdr", "footer": "ftr", "footnotes": "footnotes"}


def members() -> dict[str, str]:
    """The package: its members by name."""
    types = "".join(f'<Override PartName="/word/{part}.xml" ContentType="{OFFICE}.{part}+xml"/>' for part in PARTS)
    related = "".join(f'<Relationship Id="{part}" Type="{RELATED}/{part}" Target="{part}.xml"/>' for part in PARTS)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"{default}><w:name w:val="{name}"/><w:pPr>{block}</w:pPr>'
        f"<w:rPr>{form}</w:rPr></w:style>" for name, (default, block, form) in STYLES.items())
    found = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{OFFICE}.document.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="main" '
        f'Type="{RELATED}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
    }
    for part, root in ROOTS.items():
        found[f"word/{part}.xml"] = f"<w:{root} {NAMESPACES}>{TEXTS[part]}</w:{root}>"
    return found


if __name__ == "__main__":
    with zipfile.ZipFile(Path(__file__).parent / "养老服务.docx", "w") as package:
        for name, text in members().items():
            package.writestr(zipfile.ZipInfo(name), HEAD + text, zipfile.ZIP_DEFLATED)
