"""Text files: told encodings, byte-identical outside the edits, and left alone when they cannot be told."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corrector.edits import Edit
from corrector.formats.text import TextError, decode, read

SIMPLIFIED = "我们坚持稳中求进的工作总基调，推进科学开展。"
TRADITIONAL = "我們堅持穩中求進的工作總基調，推進科學發展。"


@pytest.mark.parametrize(("text", "encoding"), [
    (SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "gb18030"), (TRADITIONAL, "big5"),
    (SIMPLIFIED + "\n\t1", "utf-16-le"), (SIMPLIFIED + "\n\t1", "utf-16-be"), ("各位代表", "gb18030"),
    ("各位代表", "big5"), ("人民\n", "utf-16-le"), ("Word: 人民\n", "utf-16-be"), ("plain", "utf-8"), ("", "utf-8"),
])
def test_encodings_without_a_mark(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.bom) == (text, encoding, b"")


@pytest.mark.parametrize(("bom", "encoding"), [
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
])
def test_byte_order_marks_are_kept_out_of_the_text(bom: bytes, encoding: str) -> None:
    data = bom + SIMPLIFIED.encode(encoding)
    decoded = decode(data)
    assert (decoded.text, decoded.bom) == (SIMPLIFIED, bom)
    assert decoded.encode(decoded.text) == data


@pytest.mark.parametrize(("data", "says"), [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 99, "old Office version"),
    (b"abc\0def\n", "binary"), (b"name\0value\0\r\n" * 50, "binary"),
    (bytes(range(1, 256)), "encoding cannot be told"),
    (SIMPLIFIED.encode() + b"\xff" + SIMPLIFIED.encode(), f"at byte {len(SIMPLIFIED.encode())}"),
    (SIMPLIFIED.encode()[:-1], "not valid UTF-8"),
    (codecs.BOM_UTF16_LE + b"a", "not valid utf-16-le"),
    ("Café déjà vu, naïve résumé".encode("cp1252"), "encoding cannot be told"),
])
def test_what_cannot_be_read_is_refused_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(TextError, match=says) as caught:
        decode(data)
    assert "\n" not in str(caught.value)
    assert caught.value.chinese != str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_only_the_edit_changes_bytes(encoding: str, newline: str) -> None:
    text = newline.join(["各位代表：", "推进科学开展的道路", "\x0c完\u3000", ""])
    data = text.encode(encoding)
    at = text.index("开展")
    written = read(data, "text").write([Edit(at, at + 2, "开展", "发展")])
    assert written == text.replace("开展", "发展").encode(encoding)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    data = text.encode()
    assert read(data, "text").write([]) == data


@given(st.binary(max_size=80))
def test_any_bytes_come_back_as_they_were_or_are_refused(data: bytes) -> None:
    try:
        opened = read(data, "text")
    except TextError:
        assume(False)
    assert opened.write([]) == data


def test_a_character_that_the_encoding_lacks() -> None:
    opened = read(TRADITIONAL.encode("big5"), "text")
    with pytest.raises(TextError, match="big5"):
        opened.write([Edit(0, 1, "我", "这")])


def test_kind_decides_what_is_protected() -> None:
    data = "`开展`".encode()
    assert read(data, "text").document.protected == ()
    assert read(data, "markdown").document.protected == ((0, 4),)
