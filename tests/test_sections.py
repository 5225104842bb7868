"""Sections of CDATA: text like any other, however little of a word stands in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.api import Corrector
from corrector.edits import Edit, apply, at_level
from corrector.formats import Tracked, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, said
from tests.revised import settled
from tests.test_epub import book as pages
from tests.test_odf import opendocument
from tests.test_xlsx import workbook
from tests.word import package

CUTS = st.sets(st.integers(0, len(DAMAGED)), max_size=12)
Make = Callable[[list[str]], tuple[bytes, str]]


def divided(text: str, cuts: set[int]) -> list[str]:
    """The lines of ``text``, every second piece between ``cuts`` in a section."""
    out = ""
    bounds = [0, *sorted(cuts), len(text)]
    for number, (start, end) in enumerate(pairwise(bounds)):
        inside = "<![CDATA[{}]]>" if number % 2 else "{}"
        out += "\n".join(inside.format(piece) for piece in text[start:end].split("\n"))
    return out.rstrip("\n").replace("\n<![CDATA[]]>", "\n").split("\n")[:3]


def word(lines: list[str]) -> tuple[bytes, str]:
    return package("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)), "a.docx"


def text(lines: list[str]) -> tuple[bytes, str]:
    return opendocument("".join(f"<text:p>{line}</text:p>" for line in lines)), "a.odt"


def cells(lines: list[str]) -> tuple[bytes, str]:
    return workbook("".join(f'<c r="A{i}" t="str"><v>{line}</v></c>' for i, line in enumerate(lines, 1)), []), "a.xlsx"


def book(lines: list[str]) -> tuple[bytes, str]:
    return pages({"a.xhtml": "".join(f"<p>{line}</p>" for line in lines)}), "a.epub"


@pytest.mark.parametrize("make", [word, text, cells, book])
@given(cuts=CUTS)
def test_words_in_sections_are_corrected(make: Make, cuts: set[int]) -> None:
    data, name = make(divided(DAMAGED, cuts))
    assert said(data, name) == DAMAGED.rstrip("\n")
    fixed = corrected(data, name)
    assert said(fixed, name) == HEALTHY.rstrip("\n")
    assert len(changed(data, fixed)) == 1


def test_what_is_new_means_itself_in_a_section() -> None:
    data, name = word(["<!-- <![CDATA[ -->甲乙<![CDATA[丙<&丁\n]]>"])
    _, opened = open_bytes(data, name)
    assert opened.document.text == "甲乙丙<&丁 "
    edits = [Edit(1, 2, "乙", "<&>"), Edit(2, 3, "丙", "]]&gt;")]
    written = opened.write(edits)
    assert said(written, name) == apply(opened.document.text, edits)
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        assert "甲&lt;&amp;&gt;<![CDATA[]]>]]&amp;gt;<![CDATA[<&丁" in file.read("word/document.xml").decode()


@pytest.mark.parametrize("name", ["a.xhtml", "a.html"])
def test_pages_have_sections_where_they_are_xml(name: str) -> None:
    head = '<?xml version="1.0" encoding="{}"?><style>/*<![CDATA[*/ a > b {{}} /*]]>*/</style><p>甲<b/>'
    data = (head.format("big5") + "<![CDATA[乙<b>丙&amp;]]>丁").encode("big5")
    _, opened = open_bytes(data, name)
    assert opened.document.text == "甲乙<b>丙&amp;丁"
    written = opened.write([Edit(2, 3, "<", "则>"), Edit(5, 6, "丙", "丑")])
    assert said(written, name) == "甲乙则>b>丑&amp;丁"
    plain = data[data.index(b"?>") + 2 :].decode("big5").encode()
    assert said(plain, name) == ("甲乙<b>丙&amp;丁" if name == "a.xhtml" else "甲丙&]]>丁")


def test_a_revision_cuts_no_section() -> None:
    data, name = word([line.replace("效劳", "<![CDATA[效劳]]>") for line in DAMAGED.split()])
    _, opened = open_bytes(data, name)
    edits = at_level(Corrector().check_documents([opened.document])[0].edits)
    assert isinstance(opened, Tracked)
    marked = opened.markable(edits)
    assert {e.original for e in edits if e not in marked} == {"效劳"}
    tracked = opened.write_tracked(marked, author="a", date="2024-05-01T08:00:00Z", comments=False)
    assert said(tracked, name) == HEALTHY.rstrip("\n").replace("服务", "效劳")
    assert settled(tracked, False) == settled(data, False)
