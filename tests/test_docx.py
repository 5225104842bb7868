"""Word documents: words split over runs in any way, formats and other bytes kept, revisions settled by others."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import FormatError, Tracked, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.revised import settled
from tests.word import FORMATS, TYPES, W, package, poured

RUNS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, len(FORMATS) - 1)), min_size=1, max_size=40)
CORRECTOR = Corrector()


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


def test_a_soft_hyphen_stays_in_the_word_that_it_divides() -> None:
    data = package(poured(DAMAGED, [(40, 0)]).replace("局部", "局</w:t><w:softHyphen/><w:t>部"))
    fixed, tracked = corrected(data)
    assert said(fixed) == said(tracked) == HEALTHY.rstrip("\n")
    assert all(zipfile.ZipFile(io.BytesIO(d)).read("word/document.xml").count(b"<w:softHyphen/>") == 1
               for d in (fixed, tracked))


def test_a_prefix_may_mean_something_else_inside() -> None:
    drawing, other = "http://schemas.openxmlformats.org/drawingml/2006/main", "urn:x-other"
    inner = "".join(f'<p xmlns="{space}"><r><t>{text}</t></r></p>' for space, text in ((drawing, "乙"), (other, "丙")))
    run = "<r><!-- <p> --><t>{}</t></r>"
    assert said(package(f'<p xmlns="{W}">{run.format("甲")}<r>{inner}</r><r/>{run.format("丁")}</p>')) == "甲丁\n乙"


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
        entity = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        file.writestr("[Content_Types].xml", entity + TYPES.format(""))
    with pytest.raises(FormatError, match="attack"):
        open_bytes(data.getvalue(), "a.docx")
