"""Word documents that should not be touched, by the command: one clear line, status 2, the original as it was."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import open_bytes
from tests.conftest import DAMAGED, HEALTHY
from tests.test_cli import run
from tests.word import package, poured

SIGNATURE = ('<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/vnd.openxmlformats-package.'
             'digital-signature-xmlsignature+xml"/>')
SIGNED = package(poured(DAMAGED, [(4, 1)]), SIGNATURE, **{"_xmlsignatures/sig1.xml": "<Signature/>"})
OLE = bytes.fromhex("D0CF11E0A1B11AE1").ljust(512, b"\0")


def overlapping() -> bytes:
    """A package whose body says that it starts where the member before it starts: both share their bytes."""
    data = bytearray(package(poured(DAMAGED, [(4, 1)])))
    entries = []
    at = struct.unpack_from("<I", data, len(data) - 6)[0]
    while data[at : at + 4] == b"PK\1\2":
        entries.append(at)
        at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    data[entries[-1] + 42 : entries[-1] + 46] = data[entries[-2] + 42 : entries[-2] + 46]
    return bytes(data)


@pytest.mark.parametrize(("data", "message"), [
    (SIGNED, b"digitally signed, and a change would break the signature"),
    (overlapping(), b"overlaps what follows it"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), b"protected by a password"),
    (OLE, b"rename it to .doc"),
], ids=["signed", "overlapping", "password", "old"])
@pytest.mark.parametrize("way", [["-o", "out.docx"], ["--in-place"], ["-o", "out.docx", "--track-changes"]],
                         ids=["elsewhere", "in-place", "tracked"])
def test_what_fix_refuses(data: bytes, message: bytes, way: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    done = run(tmp_path, "fix", "a.docx", *way)
    assert done.returncode == 2
    assert done.stderr.startswith(b"corrector: a.docx: ")
    assert message in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["a.docx"]


def test_a_signed_document_is_checked(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(SIGNED)
    assert run(tmp_path, "check", "a.docx").returncode == 1


def test_five_hundred_pages() -> None:
    copies = 500 * 600 // len(DAMAGED)
    data = package(poured(DAMAGED * copies, [(5, 1), (11, 0), (2, 3)]))
    _, opened = open_bytes(data, "a.docx")
    fixed = opened.write(at_level(Corrector().check_documents([opened.document])[0].edits))
    assert open_bytes(fixed, "a.docx")[1].document.text == (HEALTHY * copies).rstrip("\n")
