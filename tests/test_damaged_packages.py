"""Files of every kind of package, damaged anywhere: they are read and written, or refused in one line."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrector.edits import Edit
from corrector.formats import FormatError, open_bytes
from tests.conftest import HEALTHY
from tests.packages import changed, corrected, package, said
from tests.test_containers import FILES

JUNK = [b"", b"<", b"</", b">", b"&", b'"', b"\0", b"\xff", b"&#xD800;", b"<!-- ", b"]]>", b"<a:p>", b"</text:p>",
        b"<v>", b' t="s"', b'<?xml version="1.0" encoding="punycode"?>', b"9" * 5000, b' xmlns="urn:x"', b"../../x"]
MAKERS = {name: make for name, make in FILES.items() if name != "a.html"}


def members(make: Callable[[], bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(make())) as file:
        return {name: file.read(name) for name in file.namelist()}


WHOLE = {name: members(make) for name, make in MAKERS.items()}


def taken(data: bytes, name: str) -> None:
    """Reads, corrects and reads again what can be read at all."""
    try:
        _, opened = open_bytes(data, name)
    except FormatError as error:
        assert "\n" not in str(error) and error.chinese != str(error)
        return
    text = opened.document.text
    text.encode()
    fixed = {i for a, b in opened.document.protected for i in range(a, b)}
    edits = [Edit(i, i + 1, c, "则") for i, c in enumerate(text) if i not in fixed]
    open_bytes(opened.write(edits), name)


@settings(max_examples=150)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_member_is_damaged(name: str, data: st.DataObject) -> None:
    changed = dict(WHOLE[name])
    member = data.draw(st.sampled_from(sorted(changed)))
    content = changed[member]
    start = data.draw(st.integers(0, len(content)))
    end = start + data.draw(st.integers(0, 40))
    changed[member] = content[:start] + data.draw(st.sampled_from(JUNK)) + content[end:]
    taken(package(changed), name)


@settings(max_examples=100)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_the_package_is_damaged(name: str, data: st.DataObject) -> None:
    whole = bytearray(package(WHOLE[name]))
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    taken(bytes(whole[: data.draw(st.integers(1, len(whole)))] if data.draw(st.booleans()) else whole), name)


@pytest.mark.parametrize(("before", "after"), [(b"PK\0\0" * 9, b""), (b"", b"behind"), (b"PK00", b"PK\3\4behind")])
def test_what_stands_around_the_archive_stays(before: bytes, after: bytes) -> None:
    data = before + package(WHOLE["a.odt"]) + after
    fixed = corrected(data, "a.odt")
    assert HEALTHY.split()[1] in said(fixed, "a.odt") and changed(data, fixed) == {"content.xml"}
    assert fixed.startswith(before + b"PK\3\4") and fixed.endswith(after)
    directory, = struct.unpack_from("<I", fixed, fixed.rindex(b"PK\5\6") + 16)
    first, = struct.unpack_from("<I", fixed, directory + 42)
    assert (first, fixed[directory : directory + 4]) == (len(before), b"PK\1\2")
