"""Word documents that take in web pages: what programs export is often nothing but that."""

from __future__ import annotations

import io
import zipfile

import pytest

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import Tracked, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, said
from tests.word import package

BEFORE, AFTER = DAMAGED.replace("效劳", "效<b>劳</b>"), HEALTHY.replace("服务", "服<b>务</b>")
PAGE = f"<html><head><style>p {{ color: red }}</style></head><body><p>{BEFORE}</p></body></html>"
ARCHIVE = ("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"----=a\"\r\n\r\n------=a\r\nContent-Type: "
           'text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
           f"{PAGE.replace('=', '=3D')}\r\n------=a\r\nContent-Type: image/png\r\n\r\niVBORw0KGgo=\r\n------=a--\r\n")


def document(page: str, extension: str, kind: str) -> bytes:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    declared = f'<Default Extension="{extension}" ContentType="{kind}"/>'
    return package('<w:altChunk xmlns:r="urn:x" r:id="a"/>', declared, **{
        "word/_rels/document.xml.rels":
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="a" Type="{relation}" Target="/word/a.{extension}"/></Relationships>',
        f"word/a.{extension}": page})


@pytest.mark.parametrize(("page", "extension", "kind"), [
    (PAGE, "html", "text/html"), (f"<?xml version='1.0'?>{PAGE}", "xhtml", "application/xhtml+xml"),
    (ARCHIVE, "mht", "message/rfc822")])
def test_a_page_is_corrected_in_its_place(page: str, extension: str, kind: str) -> None:
    data = document(page, extension, kind)
    assert HEALTHY.replace("\n", "") in said(corrected(data, "a.docx"), "a.docx")
    fixed = corrected(data, "a.docx")
    assert changed(data, fixed) == {f"word/a.{extension}"}
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        now = file.read(f"word/a.{extension}").decode()
    assert now == page.replace(BEFORE, AFTER)


def test_it_has_no_revisions() -> None:
    _, opened = open_bytes(document(PAGE, "html", "text/html"), "a.docx")
    assert isinstance(opened, Tracked)
    edits = at_level(Corrector().check_documents([opened.document])[0].edits)
    assert edits and opened.markable(edits) == []


def test_what_is_no_page_is_left() -> None:
    for page, kind in (("\0\1\2", "text/html"), (PAGE, "application/rtf")):
        assert said(document(page, "html", kind), "a.docx") == ""
