"""Older Word documents: read through LibreOffice, corrected as .docx beside them or where one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from corrector.cli.destinations import Fixed, InPlace
from corrector.errors import Trouble
from corrector.formats import Exported, FormatError, Tracked, open_bytes
from corrector.journal import Journal
from tests import libreoffice
from tests.conftest import DAMAGED, HEALTHY
from tests.support import program
from tests.test_cli import run
from tests.word import package, poured

RTF = ("{\\rtf1\\ansi\\uc0 " + "".join(f"\\u{ord(c)} " if c != "\n" else "\\par " for c in DAMAGED) + "}").encode()


def text(path: Path) -> str:
    return open_bytes(path.read_bytes(), path)[1].document.text


def test_the_command(tmp_path: Path) -> None:
    program("soffice")
    (tmp_path / "a.rtf").write_bytes(RTF)
    done = run(tmp_path, "fix", "a.rtf", "--in-place")
    assert (done.returncode, done.stderr) == (0, b"a.rtf: corrected 8, written as .docx\n")
    assert text(tmp_path / "a.docx") == HEALTHY.strip()
    assert (tmp_path / "a.rtf").read_bytes() == RTF
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.docx", "a.rtf"]


def test_what_stands_beside_it_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"another")
    with pytest.raises(Trouble, match="is there already"):
        InPlace(Journal(tmp_path / "j")).take(str(tmp_path / "a.rtf"), Fixed(b"new", 1, suffix=".docx"))
    assert (tmp_path / "a.docx").read_bytes() == b"another"


def test_a_document_of_word_97(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(package(poured(DAMAGED, [(3, 1), (4, 0)])))
    data = libreoffice.convert(tmp_path, tmp_path / "a.docx", "doc").read_bytes()
    for name in ("a.doc", "a.wps"):  # it is known by its content
        kind, opened = open_bytes(data, name)
        assert kind == name[2:]
        assert opened.document.text == DAMAGED.strip()
        assert isinstance(opened, Exported)
        assert isinstance(opened, Tracked)
        assert opened.suffixes == (".docx",)
    with pytest.raises(FormatError, match=r"corrected as \.docx only"):
        opened.write([])


def test_a_new_document_under_an_old_name() -> None:
    assert open_bytes(package(poured(DAMAGED, [(9, 1)])), "a.doc")[1].document.text == DAMAGED.strip()


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.rtf"])
def test_what_is_something_else(name: str) -> None:
    with pytest.raises(FormatError, match="check the file type"):
        open_bytes(b"<a><img src='http://localhost/a.png'></a>", name)


def test_a_web_page_under_an_old_name(tmp_path: Path) -> None:
    head = '\ufeff<html xmlns:w="urn:x"><!--[if gte mso 9]><xml>原那么</xml><![endif]-->'
    lines = "".join(f"<p class=MsoNormal>{line}<o:p></o:p></p>" for line in DAMAGED.split())
    (tmp_path / "a.doc").write_text(head + lines, encoding="utf-8")
    done = run(tmp_path, "fix", "a.doc", "--in-place", "--journal", "j")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, b"a.doc: corrected 8")
    assert (tmp_path / "a.doc").read_bytes().startswith(head.encode())
    assert text(tmp_path / "a.doc") == HEALTHY.strip()


def test_a_document_of_word_2003_in_xml() -> None:
    program("soffice")
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in DAMAGED.split())
    data = ('<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<w:wordDocument '
            f'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>{lines}</w:body></w:wordDocument>')
    assert open_bytes(data.encode(), "a.doc")[1].document.text == DAMAGED.strip()


def test_a_damaged_one() -> None:
    program("soffice")
    with pytest.raises(FormatError, match="damaged, or protected"):
        open_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0\1" * 999, "a.doc")


def test_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.rtf").write_bytes(RTF)
    done = run(tmp_path, "check", "a.rtf")
    assert done.returncode == 2
    assert done.stderr.decode() == (
        "corrector: a.rtf: older Word documents need LibreOffice: install it, or save the file as .docx\n")


def test_a_folder_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("a.rtf", "b.rtf", "c.doc"):
        (tmp_path / name).write_bytes(RTF)
    (tmp_path / "d.txt").write_text(HEALTHY, encoding="utf-8")
    done = run(tmp_path, "check", ".", "--lang", "en")
    assert done.returncode == 0
    assert done.stderr.decode() == (
        "skipped: older Word documents need LibreOffice: install it, or save the file as .docx (3 files)\n")
