"""Electronic books: chapters in reading order, tables of contents that follow their headings, locked books refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.formats import FormatError, open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.packages import changed, corrected, package, repacked, said, unmarked

NCX = "http://www.daisy.org/z3986/2005/ncx/"
OPF = "http://www.idpf.org/2007/opf"
TAGS = ["<b>", "</b>", "<span class='原那么'>", "</span>", "<a id='x'/>", "<!-- 原那么 -->", "<i>"]


def chapter(body: str) -> str:
    return ('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
            '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">'
            f'<head><script src="a.js"/><style>开展</style></head><body>{body}</body></html>')


def book(chapters: dict[str, str], contents: str = "", labels: str = "", **more: str) -> bytes:
    """A book whose spine is ``chapters``, listed the other way round; with tables of contents of both forms."""
    items = "".join(f'<item id="i{i}" href="{name}" media-type="application/xhtml+xml"/>'
                    for i, name in reversed(list(enumerate(chapters))))
    spine = "".join(f'<itemref idref="i{i}"/>' for i in range(len(chapters)))
    return package({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                                  '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf":
            f'<package xmlns="{OPF}"><manifest><item id="nav" properties="nav" href="nav.xhtml" '
            'media-type="application/xhtml+xml"/><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            f'{items}</manifest><spine toc="ncx"><itemref idref="nav"/>{spine}</spine></package>',
        "OEBPS/nav.xhtml": chapter(f"<nav>{contents}</nav>"),
        "OEBPS/toc.ncx": f'<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "ncx.dtd"><ncx xmlns="{NCX}">'
                         f'{"".join(f"<navLabel><text>{label}</text></navLabel>" for label in labels.split())}</ncx>',
        **{f"OEBPS/{name.replace('%20', ' ')}": chapter(body) for name, body in chapters.items()},
        **{f"META-INF/{name}.xml": content for name, content in more.items()},
    })


@given(st.dictionaries(st.integers(0, len(DAMAGED) - 1), st.sampled_from(TAGS), max_size=30))
def test_words_divided_by_tags(tags: dict[int, str]) -> None:
    divided = "".join(tags.get(i, "") + ("</p>\n<p>" if c == "\n" else c) for i, c in enumerate(DAMAGED))
    data = book({"a.xhtml": f"<p>{divided}</p>"})
    assert said(data, "a.epub") == DAMAGED.rstrip("\n")
    fixed = corrected(data, "a.epub")
    assert said(fixed, "a.epub") == HEALTHY.rstrip("\n")
    assert changed(data, fixed) == {"OEBPS/a.xhtml"}


def test_in_reading_order() -> None:
    data = book({"b%20c.xhtml": "<h1>第一章</h1><p>甲&#8212;乙&nbsp;丙<br/>丁</p>", "a.xhtml": "<h1>第二章</h1>"},
                "<ol><li><a>第一章</a></li><li><a>附录</a></li></ol>", "第一章 第二章 后记")
    opened = open_bytes(data, "a.epub")[1]
    assert opened.document.text == "第一章\n甲—乙\xa0丙\n丁\n第二章\n附录\n后记"
    assert [(p.part, p.paragraph) for p in opened.places] == [
        ("OEBPS/b c.xhtml", 1), ("OEBPS/b c.xhtml", 2), ("OEBPS/a.xhtml", 1), ("OEBPS/nav.xhtml", 1),
        ("OEBPS/toc.ncx", 1)]


def test_contents_follow_their_headings() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in DAMAGED.split())
    data = book({"a.xhtml": f"<h1>全心全意为人民<i>效</i>劳</h1>{paragraphs}"},
                "<a>全心全意为人民效劳</a>", "全心全意为人民效劳")
    fixed = corrected(data, "a.epub")
    assert changed(data, fixed) == {"OEBPS/a.xhtml", "OEBPS/nav.xhtml", "OEBPS/toc.ncx"}
    assert said(fixed, "a.epub") == f"全心全意为人民服务\n{HEALTHY}".rstrip()


def test_pages_that_stand_outside_of_the_reading_order() -> None:
    data = book({"a.xhtml": "<h1>全心全意为人民效劳</h1>", "toc.xhtml": f"<p>全心全意为人民效劳</p><p>{DAMAGED}</p>"},
                "<a>目录</a>")
    data = repacked(data, lambda name, content: (name, content.replace(b'<itemref idref="i1"/>', b"")))
    opened = open_bytes(data, "a.epub")[1]
    assert [p.part for p in opened.places] == ["OEBPS/a.xhtml", "OEBPS/nav.xhtml", "OEBPS/toc.xhtml"]
    fixed = corrected(data, "a.epub")
    assert changed(data, fixed) == {"OEBPS/a.xhtml", "OEBPS/toc.xhtml"}
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        assert f"<p>全心全意为人民服务</p><p>{HEALTHY}</p>" in file.read("OEBPS/toc.xhtml").decode()


def test_title_and_description_of_the_book() -> None:
    about = ('<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>全心全意为人民效劳</dc:title><dc:creator>'
             "局部</dc:creator><dc:description>&lt;p&gt;坚持原那么，推动科学开展。&lt;/p&gt;</dc:description></metadata>")
    data = book({"a.xhtml": "<h1>全心全意为人民效劳</h1><p>按照规那么办事。</p>"})
    data = repacked(data, lambda name, content: (name, content.replace(b"<manifest>", about.encode() + b"<manifest>")))
    fixed = corrected(data, "a.epub")
    assert changed(data, fixed) == {"OEBPS/a.xhtml", "OEBPS/book.opf"}
    assert said(fixed, "a.epub") == "全心全意为人民服务\n按照规则办事。\n<p>坚持原则，推动科学发展。</p>"
    with zipfile.ZipFile(io.BytesIO(fixed)) as file:
        opf = file.read("OEBPS/book.opf").decode()
    assert "<dc:title>全心全意为人民服务</dc:title><dc:creator>局部</dc:creator>" in opf and "&gt;坚持原则" in opf


def encryption(algorithm: str) -> str:
    return ('<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData '
            f'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="{algorithm}"/>'
            "</e:EncryptedData></encryption>")


def test_locked_books_are_refused_but_not_locked_fonts() -> None:
    assert said(book({"a.xhtml": "甲"}, encryption=encryption("http://www.idpf.org/2008/embedding")), "a.epub") == "甲"
    with pytest.raises(FormatError, match="DRM"):
        open_bytes(book({"a.xhtml": "甲"}, encryption=encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc")),
                   "a.epub")


def test_a_signed_book_is_read_but_not_written() -> None:
    data = book({"a.xhtml": f"<p>{DAMAGED}</p>"}, signatures="<signatures/>")
    assert said(data, "a.epub")
    with pytest.raises(FormatError, match="signature"):
        corrected(data, "a.epub")


def test_a_chapter_that_is_not_well_formed() -> None:
    data = book({"a.xhtml": f"<p>{DAMAGED}<p>&nbsp;<b>"})
    assert HEALTHY.split()[0] in said(corrected(data, "a.epub"), "a.epub")


def test_a_member_that_points_out_of_the_book() -> None:
    with pytest.raises(FormatError, match="points out"):
        open_bytes(book({"../../a.xhtml": "甲"}), "a.epub")


def test_chinese_names_that_are_not_marked_as_utf_8() -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in DAMAGED.split())
    data = unmarked(book({"第一章.xhtml": paragraphs}))
    assert open_bytes(data, "a.epub")[1].places[0].part == "OEBPS/第一章.xhtml"
    fixed = corrected(data, "a.epub")
    assert said(fixed, "a.epub") == HEALTHY.rstrip("\n")
    assert {name.encode("cp437").decode() for name in changed(data, fixed)} == {"OEBPS/第一章.xhtml"}
    assert fixed.count("OEBPS/第一章.xhtml".encode()) == 2


def test_names_with_a_percent_sign() -> None:
    data = book({"b%20c.xhtml": "<p>甲</p>", "d%2520.xhtml": "<p>乙</p>"})  # the second is called just so
    assert said(data, "a.epub") == "甲\n乙"
