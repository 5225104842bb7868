"""Word documents: words split over runs in any way, formats and other bytes kept, revisions settled by others."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import FormatError, Tracked, open_bytes
from tests import libreoffice
from tests.conftest import DAMAGED, HEALTHY
from tests.revised import characters, settled, trees

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMATS = ["", "<w:b/>", "<w:i/>", '<w:color w:val="FF0000"/>', '<w:sz w:val="32"/>', "<w:b/><w:i/>"]
TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         'wordprocessingml.document.main+xml"/></Types>')
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>')
RUNS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, len(FORMATS) - 1)), min_size=1, max_size=40)
CORRECTOR = Corrector()


def package(body: str, **more: str) -> bytes:
    """A Word document with this body, and more members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("_rels/.rels", RELS)
        file.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, text in more.items():
            file.writestr(name, text)
    return data.getvalue()


def poured(text: str, runs: list[tuple[int, int]]) -> str:
    """Paragraphs of ``text`` in runs of these lengths and formats, taken again and again."""
    paragraphs, turn = [], 0
    for line in text.rstrip("\n").split("\n"):
        pieces, at = [], 0
        while at < len(line):
            length, kind = runs[turn % len(runs)]
            turn += 1
            text = f'<w:t xml:space="preserve">{line[at : at + length]}</w:t>'
            pieces.append(f"<w:r><w:rPr>{FORMATS[kind]}</w:rPr>{text}</w:r>")
            at += length
        paragraphs.append(f"<w:p>{''.join(pieces)}</w:p>")
    return "".join(paragraphs)


def corrected(data: bytes, comments: bool = False) -> tuple[bytes, bytes]:
    """``data`` fixed, and with tracked changes."""
    _, opened = open_bytes(data, "a.docx")
    edits = at_level(CORRECTOR.check_documents([opened.document])[0].edits)
    assert isinstance(opened, Tracked)
    tracked = opened.write_tracked(edits, author="甲 & \"乙\"", date="2024-05-01T08:00:00Z", comments=comments)
    return opened.write(edits), tracked


def said(data: bytes) -> str:
    return open_bytes(data, "a.docx")[1].document.text


def body(data: bytes, accept: bool) -> object:
    return settled(data, accept)["word/document.xml"]


@settings(max_examples=200)
@given(RUNS, st.booleans())
def test_any_layout_of_runs(runs: list[tuple[int, int]], comments: bool) -> None:
    data = package(poured(DAMAGED, runs))
    fixed, tracked = corrected(data, comments)
    assert said(data) == DAMAGED.rstrip("\n")
    assert said(fixed) == HEALTHY.rstrip("\n")
    assert said(tracked).startswith(said(fixed))  # and the comments
    assert body(tracked, False) == body(data, True)
    assert [[c for c, _ in p] for p in body(tracked, True)] == [[c for c, _ in p] for p in body(fixed, True)]


def test_the_speech_gives_the_edits_of_its_text() -> None:
    path = Path(__file__).parent.parent.parent / "shared/cases/speech-2023.txt"
    if not path.exists():
        pytest.skip("needs ../shared/cases/speech-2023.txt")
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    fixed, tracked = corrected(package(poured(text, [(1, 1), (3, 2), (7, 0), (2, 4)])))
    assert said(fixed) == said(tracked) == CORRECTOR.fix(text)


def test_other_bytes_stay() -> None:
    data = package(poured(DAMAGED, [(5, 1)]), **{"word/media/x.bin": "\0" * 999, "docProps/core.xml": "<a  b = 'c'/>"})
    fixed, _ = corrected(data)
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(fixed)) as after:
        assert before.namelist() == after.namelist()
        changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
        assert changed == ["word/document.xml"]
        assert after.testzip() is None


def test_deletions_and_instructions_are_not_read() -> None:
    data = package(
        '<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>插入</w:t></w:r></w:ins>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')
    assert said(data) == "插入结果"


def test_inside_an_insertion_of_somebody_else() -> None:
    paragraphs = poured(DAMAGED, [(99, 1)]).replace("<w:p>", '<w:p><w:ins w:id="7" w:author="b">')
    data = package(paragraphs.replace("</w:p>", "</w:ins></w:p>"))
    fixed, tracked = corrected(data)
    assert settled(tracked, False, "甲 & \"乙\"") == settled(data, False, "甲 & \"乙\"")
    assert body(tracked, True) == body(fixed, True)
    assert body(tracked, False) == body(data, False)


@pytest.mark.parametrize(("data", "message"), [
    (b"", "empty"), (b"text", "check the file type"), (b"PK\3\4 broken", "damaged"),
    (package("")[:-30], "damaged"),
    (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "password"),
    (package("", **{"../evil": "x"}), "points out"),
    (package("<w:p>"), "cannot be read"),
    (package(" " * (40 << 20)), "zip bomb"),
])
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        open_bytes(data, "a.docx")


def test_entities_are_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("[Content_Types].xml", '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + TYPES)
    with pytest.raises(FormatError, match="attack"):
        open_bytes(data.getvalue(), "a.docx")


def test_libreoffice_settles_it_alike(tmp_path: Path) -> None:
    layouts = [[(1 + (i * j) % 5, (i + j) % len(FORMATS)) for j in range(1, 30)] for i in range(1, 40)]
    data = package("".join(poured(DAMAGED, runs) for runs in layouts))
    fixed, tracked = corrected(data)
    out = libreoffice.settle(tmp_path, {"a.keep.docx": data, "b.keep.docx": fixed, "a.accept.docx": tracked,
                                        "a.reject.docx": tracked})
    read = {name: characters(trees(stored)["word/document.xml"]) for name, stored in out.items()}
    assert read["a.reject.docx"] == read["a.keep.docx"]
    assert read["a.accept.docx"] == read["b.keep.docx"]
