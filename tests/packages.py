"""Packages for tests: made from their members, and compared byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from corrector.api import Corrector
from corrector.edits import at_level
from corrector.formats import open_bytes

CORRECTOR = Corrector()
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(members: dict[str, str | bytes]) -> bytes:
    """A package of ``members`` in their order; one called ``mimetype`` is stored."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name, (2024, 5, 1, 8, 0, 2)), content, method)
    return data.getvalue()


def office(main: str, kinds: dict[str, str], members: dict[str, str]) -> bytes:
    """An Office package about ``main``, with the content types ``kinds`` of its parts."""
    types = "".join(f'<Override PartName="/{n}" ContentType="application/{t}+xml"/>' for n, t in kinds.items())
    return package({
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": related(officeDocument=main),
        **members,
    })


def related(**targets: str) -> str:
    """The relationships to ``targets``, by their kinds; the ids are the kinds (a figure behind them is of the id)."""
    rows = "".join(f'<Relationship Id="{kind}" Type="{_KINDS}/{kind.rstrip("0123456789")}" Target="{target}"/>'
                   for kind, target in targets.items())
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def repacked(data: bytes, change: Callable[[str, bytes], tuple[str, str | bytes]], **more: str) -> bytes:
    """``data`` with each member's name and content as ``change`` makes them, and ``more`` members."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return package({**dict(change(name, file.read(name)) for name in file.namelist()), **more})


def unmarked(data: bytes) -> bytes:
    """``data`` without the marks that say that names are in UTF-8."""
    out = bytearray(data)
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = data.find(sign)
        while start >= 0:
            out[start + at + 1] &= ~0x08
            start = data.find(sign, start + 1)
    return bytes(out)


def said(data: bytes, name: str) -> str:
    """The text of the file."""
    return open_bytes(data, name)[1].document.text


def corrected(data: bytes, name: str) -> bytes:
    """The file as ``fix`` writes it."""
    _, opened = open_bytes(data, name)
    return opened.write(at_level(CORRECTOR.check_documents([opened.document])[0].edits))


def changed(before: bytes, after: bytes) -> set[str]:
    """The members that changed; asserts that all others kept their bytes, headers, attributes and order."""
    old, new = _raw(before), _raw(after)
    assert list(old) == list(new)
    with zipfile.ZipFile(io.BytesIO(after)) as file:
        assert file.testzip() is None
    for name, (info, _) in old.items():
        now = new[name][0]
        assert (info.compress_type, info.date_time, info.external_attr) == (
            now.compress_type, now.date_time, now.external_attr)
    return {name for name in old if old[name][1] != new[name][1]}


def _raw(data: bytes) -> dict[str, tuple[zipfile.ZipInfo, bytes]]:
    """The members with their bytes in the package, local header and all."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        found = {}
        for info in file.infolist():
            at = info.header_offset
            name, extra = struct.unpack_from("<HH", data, at + 26)
            found[info.filename] = info, data[at : at + 30 + name + extra + info.compress_size]
    return found
