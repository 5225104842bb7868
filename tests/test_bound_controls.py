"""Content controls of Word whose words stand elsewhere in the package: Word shows these when it opens the document."""

from __future__ import annotations

import io
import zipfile

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import Tracked, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, said
from tests.word import W, package, poured

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
ROOT = RELATIONS.format(
    f'<Relationship Id="a" Type="{RELATED}/officeDocument" Target="word/document.xml"/><Relationship Id="b" Type='
    '"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="core.xml"/>')
OWN = RELATIONS.format(f'<Relationship Id="c" Type="{RELATED}/customXml" Target="../customXml/item1.xml"/>')
CORE = '<p xmlns:dc="urn:x"><dc:title>科学开展&amp;为人民效劳</dc:title><dc:subject>为人民效劳</dc:subject></p>'
ITEM = "<r><甲 乙='为人民效劳'>坚持原那么</甲><丙>坚持原那么</丙><丁>坚持</丁></r>"


def control(content: str, bound: bool = True) -> str:
    binding = '<w:dataBinding w:xpath="/x" w:storeItemID="{0}"/>' if bound else ""
    return f"<w:sdt><w:sdtPr>{binding}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def document(item: str = ITEM) -> bytes:
    run = "<w:r><w:t>{}</w:t></w:r>"
    inline = f"<w:p>{run.format('题目：')}{control(run.format('坚持原') + run.format('那么'))}{run.format('。')}</w:p>"
    block = control(f"<w:p>{run.format('科学开展&amp;为人民效劳')}</w:p>")
    free = control(f"<w:p>{run.format('为人民效劳')}</w:p>", bound=False)
    data = package(poured(DAMAGED, [(40, 0)]) + inline + block + free, **{
        "word/_rels/document.xml.rels": OWN, "core.xml": CORE, "customXml/item1.xml": item})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, ROOT if name == "_rels/.rels" else old.read(name))
    return out.getvalue()


def member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def test_a_control_and_the_value_that_it_shows_change_alike() -> None:
    data = document()
    fixed = corrected(data, "a.docx")
    assert changed(data, fixed) == {"word/document.xml", "core.xml", "customXml/item1.xml"}
    assert said(fixed, "a.docx") == HEALTHY + "题目：坚持原则。\n科学发展&为人民服务\n为人民服务"
    assert member(fixed, "core.xml") == CORE.replace("科学开展&amp;为人民效劳", "科学发展&amp;为人民服务")
    assert member(fixed, "customXml/item1.xml") == ITEM.replace("坚持原那么", "坚持原则")


def test_a_store_that_is_no_xml_is_left() -> None:
    data = document(item="no XML <坚持原那么>坚持原那么</")
    assert changed(data, corrected(data, "a.docx")) == {"word/document.xml", "core.xml"}


def test_revisions_in_such_a_control_would_not_be_shown() -> None:
    _, opened = open_bytes(document(), "a.docx")
    edits = at_level(Corrector().check_documents([opened.document])[0].edits)
    assert isinstance(opened, Tracked)
    marked = opened.markable(edits)
    assert len(edits) - len(marked) == 3
    tracked = opened.write_tracked(marked, author="a", date="2024-05-01T08:00:00Z", comments=False)
    assert changed(document(), tracked) == {"word/document.xml"}
    assert W in member(tracked, "word/document.xml")


def test_what_was_chosen_of_a_list_stays_as_the_list_says() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    choice = ("<w:sdt><w:sdtPr><w:{0}><w:listItem w:displayText='为人民效劳' w:value='1'/></w:{0}></w:sdtPr>"
              "<w:sdtContent>{1}</w:sdtContent></w:sdt>")
    inline = f"<w:p>{run.format('坚持原那么，')}{choice.format('dropDownList', run.format('为人民效劳'))}</w:p>"
    block = choice.format("comboBox", f"<w:p>{run.format('为人民效劳')}</w:p>")
    data = package(poured(DAMAGED, [(40, 0)]) + inline + block)
    assert said(corrected(data, "a.docx"), "a.docx") == f"{HEALTHY}坚持原则，为人民效劳\n为人民效劳"
