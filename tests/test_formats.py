"""The registry of file kinds: by suffix, unknown ones as text, and places in containers."""

from __future__ import annotations

import pytest

from corrector import formats
from corrector.formats import Format, FormatError, Place, known, locate, open_bytes


def test_kinds_by_suffix() -> None:
    markdown, text = known("a/报告.MD"), known("b.txt")
    assert markdown is not None and markdown.kind == "markdown"
    assert text is not None and text.kind == "text"
    assert known("c.bin") is None
    assert known("Makefile") is None


def test_an_unknown_suffix_is_tried_as_text() -> None:
    kind, opened = open_bytes("开展".encode(), "a.log")
    assert (kind, opened.document.text, opened.encoding) == ("text", "开展", "utf-8")


def test_every_row_names_a_suffix_once() -> None:
    suffixes = [s for f in formats.FORMATS for s in f.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(s.startswith(".") and s == s.lower() for s in suffixes)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Format("sheet", (".sheet",), "no_such_module", "office")
    monkeypatch.setitem(formats._BY_SUFFIX, ".sheet", row)
    with pytest.raises(FormatError, match=r"pip install 'zh-corrector\[office\]'"):
        open_bytes(b"", "a.sheet")


def test_locate() -> None:
    places = [Place(0, "body", 1), Place(10, "body", 2), Place(15, "footer", 1)]
    assert locate(places, 0) == (places[0], 0)
    assert locate(places, 12) == (places[1], 2)
    assert locate(places, 15) == (places[2], 0)
