"""PDF: lines become paragraphs again, places are named by page and line, what is corrected is written as text."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import Exported, FormatError, locate, open_bytes
from tests import libreoffice
from tests.conftest import DAMAGED, HEALTHY
from tests.test_cli import run

EXAMPLE = Path(__file__).parent.parent / "examples/养老服务.docx"
CORRECTOR = Corrector()


def pdf(*pages: list[str]) -> bytes:
    """A PDF with these lines on its pages; its font is one that every reader has."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
               "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
               "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
               "/Supplement 4>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4>>>>]>>"]
    for i, lines in enumerate(pages):
        drawn = "BT /F 12 Tf 14 TL 50 800 Td " + " ".join(
            f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines) + " ET"
        objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
                    f"/Contents {5 + 2 * i} 0 R>>", f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream"]
    out, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(objects) + 1
    return out + (f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
                  f"startxref\n{len(out)}\n%%EOF").encode()


def wrapped(text: str, width: int) -> list[str]:
    """The lines into which the paragraphs of ``text`` fall."""
    return [line[i : i + width] for line in text.splitlines() for i in range(0, len(line), width)]


def encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(wrapped(DAMAGED, 12))))
    writer.encrypt(user, "owner", algorithm="AES-256")
    data = io.BytesIO()
    writer.write(data)
    return data.getvalue()


@given(st.integers(8, 40))
def test_words_split_by_lines_are_seen(width: int) -> None:
    paragraphs = DAMAGED.splitlines() * 3
    lines = wrapped(DAMAGED * 3, width)
    half = len(lines) // 2
    while lines[half - 1] != paragraphs[0][-len(lines[half - 1]) :]:  # a page ends a paragraph
        half += 1
    _, opened = open_bytes(pdf(lines[:half], lines[half:]), "a.pdf")
    assert [len(opened.places), opened.places[0].part, opened.places[-1].part] == [len(lines), "page 1", "page 2"]
    assert opened.document.text.replace("\n", "") == "".join(paragraphs)
    assert "".join(opened.document.text[s:e] for s, e in opened.document.protected).strip("\n ") == ""
    for edit in CORRECTOR.check_documents([opened.document])[0].edits:
        place, offset = locate(opened.places, edit.start)
        page = lines[:half] if place.part == "page 1" else lines[half:]
        assert page[place.paragraph - 1][offset] == edit.original[0]


def test_the_edits_are_those_of_the_text() -> None:
    _, opened = open_bytes(pdf(wrapped(DAMAGED, 12)), "a.pdf")
    assert opened.document.text == DAMAGED.strip()
    edits = at_level(CORRECTOR.check_documents([opened.document])[0].edits)
    assert isinstance(opened, Exported)
    assert opened.write_as(".txt", edits).decode() == HEALTHY
    assert opened.write_as(".md", edits).decode() == HEALTHY.strip().replace("\n", "\n\n") + "\n"
    with pytest.raises(FormatError, match="cannot be rewritten"):
        opened.write(edits)


def test_markup_is_escaped_in_markdown() -> None:
    _, opened = open_bytes(pdf(["# 题"], ["1. 甲_乙 *丙*"], ["- <丁>"]), "a.pdf")
    assert isinstance(opened, Exported)
    assert opened.write_as(".md", []).decode() == "\\# 题\n\n1\\. 甲_乙 \\*丙\\*\n\n\\- \\<丁>\n"


def test_radicals_are_read_as_characters() -> None:
    assert open_bytes(pdf(["⼀切为了⼈⺠"]), "a.pdf")[1].document.text == "一切为了人民"


def test_half_a_character_is_none() -> None:
    data = pdf(["甲乙丙"]).replace("乙".encode("utf-16-be").hex().encode(), b"d800")
    assert open_bytes(data, "a.pdf")[1].document.text in ("甲�丙", "甲丙")


def test_without_a_password_it_is_only_locked() -> None:
    assert open_bytes(encrypted(""), "a.pdf")[1].document.text == DAMAGED.strip()


@pytest.mark.parametrize(("data", "message"), [
    (pdf([]), "without text, perhaps scanned"),
    (encrypted("secret"), "protected by a password"),
    (pdf(["甲"])[:300], "damaged PDF"),
    (b"", "damaged PDF"),
    (b"\0\1\2 no PDF", "damaged PDF"),
    (pdf(["\ue000\ue001\ue002"]), "do not say which characters"),
], ids=["scanned", "password", "cut", "empty", "binary", "unknown"])
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        open_bytes(data, "a.pdf")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    monkeypatch.delitem(sys.modules, "corrector.formats.pdf", raising=False)
    with pytest.raises(FormatError, match=r"pdf files need pypdf: pip install 'zh-corrector\[pdf\]'"):
        open_bytes(pdf(["甲"]), "a.pdf")


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(wrapped(DAMAGED, 12)))
    checked = run(tmp_path, "check", "a.pdf")
    assert (checked.returncode, b"page 1:4:6" in checked.stdout) == (1, True)
    for way in (["--in-place"], ["-o", "b.pdf"]):
        done = run(tmp_path, "fix", "a.pdf", *way)
        assert done.returncode == 2
        assert done.stderr.decode().splitlines() == [
            "corrector: a.pdf: cannot be written in its own kind; say what to write: -o FILE.txt or -o FILE.md"]
    done = run(tmp_path, "fix", "a.pdf", "-o", "b.txt")
    assert (done.returncode, done.stderr) == (0, b"a.pdf: corrected 8, written as .txt\n")
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == HEALTHY
    (tmp_path / "b.pdf").write_bytes(pdf(wrapped(HEALTHY, 12)))
    assert run(tmp_path, "fix", "b.pdf", "--in-place").returncode == 0
    (tmp_path / "b.pdf").unlink()
    (tmp_path / "out").mkdir()
    assert run(tmp_path, "fix", "a.pdf", "-o", "out").returncode == 0
    assert sorted(p.name for p in tmp_path.rglob("*.*")) == ["a.pdf", "a.txt", "b.txt"]


def test_one_made_by_libreoffice(tmp_path: Path) -> None:
    data = libreoffice.convert(tmp_path, EXAMPLE, "pdf").read_bytes()
    words = []
    for name, read in (("a.docx", EXAMPLE.read_bytes()), ("a.pdf", data)):
        edits = at_level(CORRECTOR.check_documents([open_bytes(read, name)[1].document])[0].edits, "certain")
        words.append(sorted(e.original for e in edits))
    assert len(set(words[0]) - set(words[1])) <= 1
    assert len(words[1]) >= 0.9 * len(words[0])
