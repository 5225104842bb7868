"""Decisions: written and read again, found again in a text edited elsewhere, never applied where nobody decided."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrector.api import check
from corrector.edits import Edit, apply
from corrector.errors import Trouble
from corrector.formats import Place
from corrector.result import Report
from corrector.review import store as stores
from corrector.review.carry import plan
from corrector.review.decisions import DecisionsError, Row, Verdict, line, parse
from corrector.review.places import merged, moved
from corrector.review.session import Session, Subject, default_decisions
from corrector.review.store import Store

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
ROWS = st.builds(lambda before, original, replacement, start, decision: Row(
    "a/b.txt", "0" * 16, "1:1", start, start + len(original), before, original, "", replacement, decision=decision),
    WORDS, WORDS, WORDS, st.integers(0, 99), st.sampled_from(Verdict))


@given(st.lists(ROWS))
def test_rows_come_back(rows: list[Row]) -> None:
    assert parse(b"".join(line(r) + b"\n" for r in rows)) == {r.key: r for r in rows}


@pytest.mark.parametrize("bad", [
    b"{}", b"[1]", b"x", line(Row("a", "h", "1:1", 3, 4, "", "ab", "", "c")),
    line(Row("a", "h", "1:1", 3, 5, "", "ab", "", "c", edited="\n")), b'{"file": 1, "decision": "accepted"}',
    line(Row("a", "h", "1:1", 3, 5, "", "ab", "", "c", confidence=float("nan"))),
    line(Row("a\0b", "h", "1:1", 3, 5, "", "ab", "", "c")), line(Row("\ud800", "h", "1:1", 3, 5, "", "ab", "", "c")),
])
def test_a_line_that_is_no_row_is_named(bad: bytes) -> None:
    good = line(Row("a", "h", "1:1", 0, 1, "", "x", "", "y"))
    with pytest.raises(DecisionsError, match="line 2 "):
        parse(good + b"\n" + bad + b"\n")
    assert len(parse(good + b"\n" + bad)) == 1, "a last line cut short is left out"
    with pytest.raises(DecisionsError, match="no decisions"):
        parse(bad)


def test_a_line_of_somebody_else_is_not_written_over(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "a.txt.review.jsonl"
    path.write_text("要记的一行", encoding="utf-8")
    with pytest.raises(DecisionsError):
        session(tmp_path, damaged)
    assert path.read_text(encoding="utf-8") == "要记的一行"


def session(tmp_path: Path, text: str, edits: list[Edit] | None = None) -> Session:
    report = check(text) if edits is None else Report(text, edits)
    return Session(Store(tmp_path / "a.txt.review.jsonl"), [Subject(str(tmp_path / "a.txt"), "text", report)], "me")


def standing(text: str, word: str, new: str) -> list[Edit]:
    """An edit at every place where ``word`` stands."""
    return [Edit(i, i + len(word), word, new) for i in range(len(text)) if text.startswith(word, i)]


def test_decided_once_is_not_asked_again(tmp_path: Path, damaged: str) -> None:
    first = session(tmp_path, damaged)
    first.decide(0, [0], Verdict.ACCEPTED)
    first.decide(0, [2], Verdict.REJECTED)
    first.decide(0, [3], Verdict.EDITED, "规矩")
    before = first.store.path.read_bytes().splitlines()
    again = session(tmp_path, "新写的第一行。\n" + damaged + "新写的最后一行。\n")
    rows = [p.row for p in again.files[0].proposals]
    assert [str(r.decision) for r in rows[:4]] == ["accepted", "undecided", "rejected", "edited"]
    assert all(again.files[0].subject.report.text[p.start : p.end] == p.row.original for p in again.files[0].proposals)
    after = again.store.path.read_bytes().splitlines()
    assert [b for b in before if b'"undecided"' not in b] == [a for a in after if b'"undecided"' not in a]
    assert len(after) == len(before)


def test_words_that_stand_there_already_are_a_rejection(tmp_path: Path, damaged: str) -> None:
    review = session(tmp_path, damaged)
    review.decide(0, [1], Verdict.EDITED, review.files[0].proposals[1].row.original)
    review.decide(0, [0, 7], Verdict.ACCEPTED)
    rows = [p.row for p in review.files[0].proposals]
    todo = plan(rows, damaged)
    after = apply(damaged, todo.edits)
    assert len(todo.edits) == 2
    review.store.put(moved(rows, damaged, todo.edits, after))
    again = session(tmp_path, after).files[0].proposals
    assert [p.row.original for p in again if p.row.decided] == [rows[1].original]


def test_the_file_is_sorted_and_one_decision_is_one_line(tmp_path: Path, damaged: str) -> None:
    one = session(tmp_path, damaged)
    before = one.store.path.read_bytes().splitlines()
    one.decide(0, [4], Verdict.ACCEPTED)
    after = one.store.path.read_bytes().splitlines()
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [4]
    row = one.files[0].proposals[4].row
    assert (row.file, row.by, len(row.at)) == ("a.txt", "me", 20)
    one.undo()
    assert one.store.path.read_bytes().splitlines() == before
    assert one.undo() is None


def test_of_places_that_look_the_same_each_is_its_own(tmp_path: Path) -> None:
    text = "科学开展\n" * 3
    one = session(tmp_path, text, standing(text, "开展", "发展"))
    one.decide(0, [1], Verdict.ACCEPTED)
    assert apply(text, plan(list(one.store.rows.values()), text).edits) == "科学开展\n科学发展\n科学开展\n"
    more = "科学开展\n" * 4
    asked = session(tmp_path, more, standing(more, "开展", "发展"))
    assert not any(p.row.decided for p in asked.files[0].proposals), "which of the four was meant cannot be told"
    found = plan(list(one.store.rows.values()), more)
    assert not found.edits and len(found.lost) == 1


@given(st.data())
def test_what_is_applied_is_what_was_decided(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="开展\n学", min_size=1, max_size=60))
    edits: list[Edit] = []
    for e in standing(text, "开展", "发"):
        if not edits or e.start >= edits[-1].end:
            edits.append(e)
    one = session(tmp_path_factory.mktemp("d"), text, edits)
    wanted = []
    for i, e in enumerate(edits):
        verdict = data.draw(st.sampled_from(Verdict))
        one.decide(0, [i], verdict, "别的" if verdict is Verdict.EDITED else "")
        if verdict in (Verdict.ACCEPTED, Verdict.EDITED):
            wanted.append(e._replace(replacement="别的") if verdict is Verdict.EDITED else e)
    rows = list(Store(one.store.path).rows.values())
    found = plan(rows, text)
    after = apply(text, found.edits)
    assert after == apply(text, wanted) and not found.lost
    assert plan(rows, after).done == (after != text)
    one.store.put(moved(rows, text, found.edits, after))
    left = merged("a.txt", after, [], one.store.by_file().get("a.txt", []))
    rejected = [p.row for p in one.files[0].proposals if p.row.decision is Verdict.REJECTED]
    assert len([p for p in left if p.row.decision is Verdict.REJECTED]) == len(rejected)


def test_git_may_change_the_ends_of_lines(tmp_path: Path, damaged: str) -> None:
    one = session(tmp_path, damaged.replace("\n", "\r\n"))
    one.decide(0, range(8), Verdict.ACCEPTED)
    found = plan(list(one.store.rows.values()), damaged)
    assert apply(damaged, found.edits) == check(damaged).apply("possible") and not found.lost


def test_a_place_of_a_container_is_named_as_it_stands_later() -> None:
    text = "甲那么，乙那么。\n丙那么，丁那么。"
    places = [Place(0, "a", 1), Place(text.index("丙"), "b", 1)]
    rows = [p.row for p in merged("a", text, standing(text, "那么", "则"), [], places)]
    edits = [r.edit(r.start) for r in rows[:3]]
    rejected = replace(rows[3], decision=Verdict.REJECTED)
    old, row = moved([rejected], text, edits, apply(text, edits), places)
    assert (rejected.place, row.place) == ("b:1:6", "b:1:5")
    assert replace(old, applied="") == rejected and old.applied and not row.applied


def test_of_decisions_that_were_merged_the_last_holds() -> None:
    one = Row("a", "h", "1:1", 0, 2, "", "开展", "活", "发展", decision=Verdict.ACCEPTED, at="2026-01-02T00:00:00Z")
    same = replace(one, hash="i")
    assert [e.replacement for e in plan([one, same], "开展活").edits] == ["发展"]
    for at, left in (("2026-01-01T00:00:00Z", one), ("2026-01-03T00:00:00Z", None)):
        other = replace(same, decision=Verdict.REJECTED, at=at)
        for rows in ([one, other], [other, one]):
            assert plan(rows, "开展活").rows == ((one,) if left else ())
            assert [p.row for p in merged("a", "开展活", [], rows)] == [left or other]


def test_two_decisions_about_one_place(tmp_path: Path) -> None:
    row = Row("a", "h", "1:1", 0, 2, "", "开展", "活", "发展", decision=Verdict.ACCEPTED)
    other = replace(row, start=1, end=3, original="展活", before="开", after="")
    with pytest.raises(Trouble, match="two decisions"):
        plan([row, other], "开展活")


def test_nothing_is_written_that_cannot_be_seen() -> None:
    row = Row("a", "h", "1:1", 0, 3, "", "局\n部", "", "部\n分", decision=Verdict.ACCEPTED)
    assert plan([row], "局\n部").edits
    for words in ("部\x01分", "部\ud800分", "部\r分"):
        with pytest.raises(Trouble, match="1:1"):
            plan([replace(row, replacement=words)], "局\n部")


def test_a_large_file_is_appended_to_and_sorted_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "SMALL", 0)
    text = "科学开展\n" * 20
    one = session(tmp_path, text, standing(text, "开展", "发展"))
    path = one.store.path
    one.decide(0, [3], Verdict.ACCEPTED)
    one.decide(0, [3], Verdict.REJECTED)
    assert len(path.read_bytes().splitlines()) == 22
    crashed = path.read_bytes() + line(one.files[0].proposals[5].row)[:-9]
    assert [r.decision for r in parse(crashed).values() if r.decided] == [Verdict.REJECTED]
    one.store.tidy()
    rows = path.read_bytes().splitlines()
    assert len(rows) == 20 and list(parse(path.read_bytes())) == sorted(parse(path.read_bytes()))
    path.write_bytes(crashed)
    again = session(tmp_path, text, standing(text, "开展", "发展"))
    assert again.store.path.read_bytes().splitlines() == rows


def test_somebody_else_writes_the_file(tmp_path: Path, damaged: str) -> None:
    one = session(tmp_path, damaged)
    session(tmp_path, damaged).decide(0, [0], Verdict.ACCEPTED)
    with pytest.raises(Trouble, match="reload"):
        one.decide(0, [1], Verdict.ACCEPTED)
    assert not one.files[0].proposals[1].row.decided


@pytest.mark.parametrize("words", ["一行\n两行", "\x1b[31m", "\u202e"])
def test_words_that_may_not_be_written(tmp_path: Path, damaged: str, words: str) -> None:
    with pytest.raises(Trouble, match="one line"):
        session(tmp_path, damaged).decide(0, [0], Verdict.EDITED, words)


def test_where_decisions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_decisions(["a/b.txt"]) == Path("a/b.txt.review.jsonl")
    assert default_decisions(["."]) == tmp_path.parent / f"{tmp_path.name}.review.jsonl"
    assert default_decisions(["a", "b"]) == Path("corrector.review.jsonl")
