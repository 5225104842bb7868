"""The journal: whatever was changed comes back byte for byte, and nothing else is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector import journal
from corrector.journal import Journal, JournalError, Undone, entry, load, undo

LINES = st.lists(st.binary(max_size=6).map(lambda b: b.replace(b"\n", b"")), min_size=1, max_size=8)


@given(LINES, LINES)
def test_any_change_comes_back(tmp_path_factory: pytest.TempPathFactory, before: list[bytes],
                               after: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("j") / "a"
    was, now = b"\n".join(before), b"\n".join(after)
    path.write_bytes(now)
    assert undo(entry(path, was, now)) is (Undone.ALREADY if was == now else Undone.RESTORED)
    assert path.read_bytes() == was


def record(path: Path, *entries: journal.Entry) -> None:
    with Journal(path) as j:
        for e in entries:
            j.record(e)


def test_written_and_read_again(tmp_path: Path) -> None:
    entries = [entry(tmp_path / f"{i}.txt", b"a\nb", b"a\nc") for i in range(3)]
    record(tmp_path / "sub" / "j.json", *entries)
    assert load(tmp_path / "sub" / "j.json") == entries


def test_no_entry_no_file(tmp_path: Path) -> None:
    record(tmp_path / "j.json")
    assert not (tmp_path / "j.json").exists()


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "j.json").write_text("mine")
    with pytest.raises(FileExistsError):
        record(tmp_path / "j.json", entry(tmp_path / "a", b"a", b"b"))
    assert (tmp_path / "j.json").read_text() == "mine"


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError])
def test_what_was_recorded_before_an_interruption_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                              stopped: type[BaseException]) -> None:
    first, second = (entry(tmp_path / f"{i}.txt", b"a\nb", b"a\nc") for i in range(2))

    def interrupted(file: int) -> None:
        os.ftruncate(file, os.fstat(file).st_size - 30)
        raise stopped

    with pytest.raises(stopped), Journal(tmp_path / "j.json") as j:
        j.record(first)
        monkeypatch.setattr(os, "fsync", interrupted)
        j.record(second)
    assert load(tmp_path / "j.json") == [first]


@pytest.mark.parametrize("cut", [3, 4, 40])
def test_a_journal_cut_short_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    entries = [entry(tmp_path / f"{i}.txt", b"a\nb", b"a\nc") for i in range(3)]
    path = tmp_path / "j.json"
    record(path, *entries)
    path.write_bytes(path.read_bytes()[:-cut])
    assert load(path) in (entries, entries[:2])


ONE = b'"before": "", "after": "", "ranges": [], "old": ""}'


@pytest.mark.parametrize("data", [
    b"", b"{}", b"[1]", b"\xff\xfe", b'{"schema": 1, "files": [\n{"path": 1}\n]}',
    b'{"schema":1,"files":[{"path": "a", %s]}\n' % ONE, b'{"schema": 1, "files": [{"path": "a", %s]}\n' % ONE,
    b'{"schema": 1, "files": [\n[\n{"path": "a", %s\n]}\n' % ONE, b'{"schema": 1, "files": [\n%s\n]}' % (b"[" * 99999),
    b'{"schema": 1, "files": [\n{"path": "a\\u0000b", %s\n]}\n' % ONE,
    b'{"schema": 1, "files": [\n{"path": "\\ud800", %s\n]}\n' % ONE,
    b'{"schema": 1, "files": [\n{"path": "a", "before": "", "after": "", "ranges": [[0, 1e999, 0]], "old": ""}\n]}\n',
])
def test_what_is_no_journal(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "j.json").write_bytes(data)
    with pytest.raises(JournalError):
        load(tmp_path / "j.json")


def test_a_file_changed_since_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"changed again")
    assert undo(entry(path, b"before", b"after")) is Undone.CHANGED
    assert path.read_bytes() == b"changed again"


def test_undone_twice_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"after")
    e = entry(path, b"before", b"after")
    assert (undo(e), undo(e)) == (Undone.RESTORED, Undone.ALREADY)
    assert path.read_bytes() == b"before"


def test_a_damaged_entry_restores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"after")
    e = entry(path, b"before", b"after")
    for old in ("AAAA", "坏", "="):
        assert undo(journal.Entry(e.path, e.before, e.after, e.ranges, old)) is Undone.CHANGED
    assert path.read_bytes() == b"after"


def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"after")
    path.chmod(0o640)
    undo(entry(path, b"before", b"after"))
    assert os.stat(path).st_mode & 0o777 == 0o640
