"""Web pages: words split over inline tags in any way, every byte outside the edits kept, broken pages too."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.api import Corrector
from corrector.edits import Edit, at_level
from corrector.formats import FormatError, open_bytes
from tests.conftest import DAMAGED, HEALTHY

CORRECTOR = Corrector()
INLINE = ["<b>", "</b>", "<a href='原那么>'>", "</a>", "<span title=\"原那么\">", "</span>", "<!-- 原那么 -->", "<wbr>",
          "<font color=red>", "</i>"]


def said(data: bytes, name: str = "a.html") -> str:
    return open_bytes(data, name)[1].document.text


def corrected(data: bytes, name: str = "a.html") -> bytes:
    _, opened = open_bytes(data, name)
    return opened.write(at_level(CORRECTOR.check_documents([opened.document])[0].edits))


def page(body: str, charset: str = "utf-8") -> bytes:
    return f"<!doctype html>\n<meta charset={charset}>\r\n<body>{body}".encode(charset)


@given(st.dictionaries(st.integers(0, len(DAMAGED) - 1), st.sampled_from(INLINE), max_size=40),
       st.sampled_from(["utf-8", "gb18030"]))
def test_words_divided_by_tags(tags: dict[int, str], charset: str) -> None:
    divided = "".join(tags.get(i, "") + ("\n<p>" if c == "\n" else c) for i, c in enumerate(DAMAGED))
    data = page(divided, charset)
    assert said(data) == DAMAGED.rstrip("\n")
    fixed = corrected(data)
    assert said(fixed) == HEALTHY.rstrip("\n")
    kept = [tag for i, tag in sorted(tags.items())]
    left = fixed.decode(charset)
    for tag in kept:
        assert tag in left
        left = left[left.index(tag) + len(tag) :]


SOUP = ["<", ">", "<p", "</p>", "<b>", "原那么", "&#21407;", "&nbsp", "&", "<!--", "-->", "<script>", "</script>", "'",
        '"', "=", "<a x=", "<ruby>", "<rt>", "<![CDATA[", "]]>", "<?php", "?>", "<pre>", "</pre>", "\n", " ", "<svg>",
        "/>", "<title>", "<!-- corrector: off -->", "<del>", "<br>"]


@given(st.lists(st.sampled_from(SOUP), max_size=60), st.sampled_from(["a.html", "a.xhtml"]))
def test_any_page_is_read_and_kept(tokens: list[str], name: str) -> None:
    data = "".join(["<meta charset=utf-8>", *tokens]).encode()
    _, opened = open_bytes(data, name)
    assert opened.write([]) == data
    text = opened.document.text
    at = text.find("那么")
    if at >= 0 and not any(a < at + 2 and at < b for a, b in opened.document.protected):
        fixed = opened.write([Edit(at, at + 2, "那么", "则")]).decode()
        assert any(data.decode()[:i] + "则" + data.decode()[i + 2 :] == fixed
                   for i in range(len(data)) if data.decode()[i : i + 2] == "那么")


@pytest.mark.parametrize(("body", "text"), [
    ("<p>一<p>二<div>三</div>四<br>五", "一\n二\n三\n四\n五"),
    ("<ul><li>一<li>二</ul><table><tr><td>三<td>四", "一\n二\n三\n四"),
    ("一\n  二<b> </b>\n三<br>\n四\n", "一二 三\n四"),
    ("原那\r\n\t么 a\n乙\nb\n", "原那么 a 乙 b"),
    ("<ruby>开<rt>kai</rt>展<rt>zhan</ruby>了", "开展了\nkai\nzhan"),
    ("<script>开<!-- <script>展</script> 局 --></script>一", "一"),
    ("<style>开</style><textarea>开<p></textarea>一<input value=开>二<template>开</template>三", "一\ufffc二\n三"),
    ("1 < 2 且 3 > 2，&lt;开展&gt;&#24320;&#x5C55;", "1 < 2 且 3 > 2，<开展>开展"),
    ("<p title='>开'>一</p><a href=x/>二</a><img alt=开 src=a>三", "一\n二\ufffc三"),
    ("<del>删</del><ins>增</ins>", "增"),
    ("<?php echo $a->b('开展') ?>一<title>题<b></title>", "一\n题<b>"),
    ("一<title>二<p title='开展'>三", "一"),
    ("R&D开展局部; 二&copy;&#24320;", "R&D开展局部; 二©开"),
])
def test_what_is_read(body: str, text: str) -> None:
    assert said(page(body)) == text


@pytest.mark.parametrize("body", [
    "<pre>为人民效劳</pre>", "<code>为人民效劳</code>", "<kbd>为人民效劳", "<math><mi>为人民效劳</mi></math>",
    "<!-- corrector: off -->为人民效劳<!-- x -->",
    "<select><option>为人民效劳<option value=1>坚持原那么</select>",
    "<datalist><option>为人民效劳</option></datalist>",
])
def test_what_is_protected(body: str) -> None:
    data = page(f"<p>{DAMAGED}</p>{body}")
    fixed = corrected(data)
    assert HEALTHY.encode() in fixed
    assert body.encode() in fixed


def test_names_with_prefixes() -> None:
    others = ('<h:script>var a = "为人民效劳"; // <h:p></h:script><h:style>p:after { content: "为人民效劳" }</h:style>'
              "<h:pre>为人民效劳</h:pre><h:del>为人民效劳</h:del><m:math><m:mtext>为人民效劳</m:mtext></m:math>")
    lines = "".join(f"<h:p>{line}</h:p>" for line in DAMAGED.split())
    data = ('<h:html xmlns:h="http://www.w3.org/1999/xhtml" xmlns:m="http://www.w3.org/1998/Math/MathML">'
            f"{others}{lines}</h:html>").encode()
    assert said(data, "a.xhtml") == f"为人民效劳\n为人民效劳\n{DAMAGED}".rstrip("\n")
    fixed = corrected(data, "a.xhtml")
    assert others.encode() in fixed
    assert said(fixed, "a.xhtml").endswith(HEALTHY.rstrip("\n"))


def test_the_declared_encoding_stays() -> None:
    for charset in ("gb2312", "gbk", "utf-8", "utf-16"):
        data = (f"<html><meta http-equiv=Content-Type content='text/html; charset={charset}'>"
                f"{DAMAGED}</html>").encode("gb18030" if charset.startswith("gb") else charset)
        fixed = corrected(data)
        assert fixed[:40] == data[:40]
        assert said(fixed) == HEALTHY.replace("\n", "")


def test_a_character_that_the_encoding_lacks() -> None:
    opened = open_bytes(page("原那麼", "big5"), "a.html")[1]
    assert opened.write([Edit(1, 3, "那麼", "则")]).endswith("原&#21017;".encode("big5"))


def test_bytes_that_are_no_text_stay() -> None:
    data = page(DAMAGED.replace("\n", "<br>")).replace("前沿".encode(), b"\xe5\x89\xff")
    fixed = corrected(data)
    assert b"\xe5\x89\xff" in fixed
    assert "全心全意为人民服务".encode() in fixed


def test_a_wrong_declaration_is_seen_through() -> None:
    data = page(DAMAGED).replace(b"utf-8", b"gb2312")
    assert said(data) == DAMAGED.replace("\n", "")


def test_entities_are_refused() -> None:
    data = b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><html>&e;</html>'
    with pytest.raises(FormatError, match="attack"):
        open_bytes(data, "a.xhtml")


def test_places_are_lines_of_the_source() -> None:
    places = open_bytes(page("一\n\n<p>二<p>三\n<p>四"), "a.html")[1].places
    assert [(p.part, p.paragraph) for p in places] == [("line 3", 1), ("line 5", 1), ("line 5", 2), ("line 6", 1)]


@pytest.mark.parametrize("hostile", ["<", "<a ", "<a b='", "<!--", "<script>", "<script><!--<script>", "</", "&", "<b>",
                                     "<?php ", "<![CDATA[", "<ruby><rt>", "=\"", "<!DOCTYPE [", "<title>"])
def test_no_page_takes_long(hostile: str) -> None:
    for name in ("a.html", "a.xhtml"):
        start = time.process_time()
        said(page(hostile * 20_000), name)
        assert time.process_time() - start < 5
