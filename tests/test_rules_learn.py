"""``corrector rules learn``: what decisions speak for, its effect on cases, and the files it writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DAMAGED, HEALTHY
from hypothesis import given
from hypothesis import strategies as st
from test_cli import run
from word import package, poured

from corrector import Corrector, check
from corrector.learn.decided import taught
from corrector.lexicon import Lexicon, Phrase, default_lexicon
from corrector.lexicon.model import Weight
from corrector.lexicon.read import LexiconError, load_weights
from corrector.review.decisions import Row, Verdict, line


def row(before: str, after: str, verdict: str, *, confidence: float = 0.95, start: int = 0,
        original: str = "开展", replacement: str = "发展") -> Row:
    tier = "likely" if confidence >= 0.9 else "possible"
    return Row("a.txt", "0" * 16, "1:1", start, start + len(original), before, original, after, replacement, "A",
               confidence=confidence, tier=tier, decision=Verdict(verdict))


def phrases(rows: list[Row]) -> list[tuple[str, str]]:
    found = [t.rule for t in taught(rows)]
    return [(p.text[: p.start] + f"[{p.text[p.start : p.end]}]" + p.text[p.end :], p.replacement)
            for p in found if isinstance(p, Phrase)]


def weights(rows: list[Row]) -> dict[str, float]:
    return {t.rule.original: t.rule.odds for t in taught(rows) if isinstance(t.rule, Weight)}


def test_a_phrase_is_what_rejected_places_share() -> None:
    rows = [row("学校组织同学们", "冬令营活动", "rejected"), row("暑期里同学们", "冬令营活动", "rejected"),
            row("经济社会", "水平", "accepted")]
    assert phrases(rows) == [("同学们[开展]冬令营活", "")]


def test_no_phrase_covers_a_place_of_the_other_verdict() -> None:
    rows = [row("同学们", "活动", "rejected"), row("的同学们", "活动了", "accepted")]
    assert phrases(rows) == []


def test_uncertain_places_that_were_accepted_make_restore_phrases() -> None:
    rows = [row("产业", "迅猛", "accepted", confidence=0.6), row("经济", "水平", "accepted", confidence=0.97)]
    assert phrases(rows) == [("产业[开展]迅猛", "发展")]


def test_weights_follow_the_verdicts() -> None:
    assert weights([row("甲", "乙", "rejected")] * 5)["发展"] < -1.5
    assert weights([row("甲", "乙", "accepted", confidence=0.6)] * 5)["发展"] > 0.5
    assert weights([row("甲", "乙", "accepted")] * 2 + [row("丙", "丁", "undecided")] * 9) == {}


sides = st.text("甲乙丙，", max_size=5)


@given(st.lists(st.builds(row, sides, sides, st.sampled_from(["accepted", "rejected", "undecided"])), max_size=12))
def test_phrases_agree_with_every_decision(rows: list[Row]) -> None:
    for rule in (t.rule for t in taught(rows)):
        if isinstance(rule, Phrase):
            before, after = rule.text[: rule.start], rule.text[rule.end :]
            covered = [r for r in rows if r.before.endswith(before) and r.after.startswith(after) and r.decided]
            assert covered and all(r.applies != rule.keep for r in covered)


def test_a_weight_decides_and_a_phrase_is_above_it() -> None:
    base = default_lexicon()
    heavy = Lexicon(base.tables, base.phrases, base.allowed, base.slips, (Weight("发展", "开展", -20.0),))
    assert Corrector(lexicon=heavy).fix(DAMAGED) == HEALTHY.replace("科学发展", "科学开展")
    certain = Phrase("科学开展", 2, 4, "发展", "", keep=False)
    assert Corrector(lexicon=replace(heavy, phrases=(*base.phrases, certain))).fix(DAMAGED) == HEALTHY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A damaged file, and decisions that reject 开展→发展 in it."""
    (tmp_path / "a.txt").write_text(DAMAGED, encoding="utf-8")
    rows = []
    for e in check(DAMAGED).edits:
        verdict = "rejected" if e.replacement == "发展" else "accepted"
        head, tail = DAMAGED[: e.start].rpartition("\n")[2], DAMAGED[e.end :].partition("\n")[0]
        rows.append(row(head[-20:], tail[:20], verdict, start=e.start, original=e.original, replacement=e.replacement))
    (tmp_path / "a.txt.review.jsonl").write_bytes(b"".join(line(r) + b"\n" for r in rows))
    cases = [{"why": "empty", "text": ""}, {"why": "kept", "text": DAMAGED.replace(DAMAGED.split("\n")[2], "")},
             {"why": "x", "damaged": DAMAGED, "healthy": HEALTHY.replace("科学发展", "科学开展")}]
    (tmp_path / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    return tmp_path


def test_the_change_is_shown_before_it_is_accepted(project: Path) -> None:
    done = run(project, "rules", "learn", "a.txt.review.jsonl")
    assert done.stdout.decode().splitlines() == [
        "keep  社会科学[开展]  (accepted 0, rejected 1)",
        "- a.txt:3:23: 推动经济社会科学[开展→发展]。",
        "texts: 1; edits that fall away: 1, new ones: 0",
    ]
    assert not (project / "corrector.toml").exists()
    done = run(project, "rules", "learn", "a.txt.review.jsonl", "--case", "cases.json")
    assert done.stdout.decode().splitlines()[-1] == "cases that come out right: 1 of 3 before, 2 after"


def test_a_place_is_heard_once_however_often_its_neighbours_were_corrected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DAMAGED, encoding="utf-8")
    for keys in (b"y\nn\ny\nq\n", b"y\nq\n", b"y\nq\n"):
        run(tmp_path, "fix", "-i", "a.txt", "--in-place", stdin=keys)
    kept = [json.loads(x) for x in (tmp_path / "a.txt.review.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(r["decision"] == "rejected" for r in kept) > 1
    said = run(tmp_path, "rules", "learn", "a.txt.review.jsonl").stdout.decode()
    assert "(accepted 0, rejected 1)" in said


def test_what_is_never_edited_is_no_effect_and_places_are_those_of_check(tmp_path: Path) -> None:
    (tmp_path / "corrector.toml").write_text('ignore-patterns = ["【[^】]*】"]\n', encoding="utf-8")
    (tmp_path / "a.md").write_text(f"{DAMAGED}\n`科学开展`【科学开展】\n", encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(package(poured(DAMAGED, [(4, 1)])))
    for name in ("a.md", "a.docx"):
        run(tmp_path, "fix", "-i", name, "-o", "out" + name[1:], stdin=b"n\n" * 20)
    said = run(tmp_path, "rules", "learn", "a.md.review.jsonl", "a.docx.review.jsonl").stdout.decode().splitlines()
    places = [line.split(": ")[0] for line in said if line.endswith("科学[开展→发展]。")]
    assert places == ["- a.md:3:23", "- a.docx:word/document.xml:3:23"]
    found = sum(len(json.loads(line)["edits"]) for line in
                run(tmp_path, "check", "a.md", "a.docx", "--format", "jsonl").stdout.splitlines())
    assert said[-1] == f"texts: 2; edits that fall away: {found}, new ones: 0"


def test_accepted_rules_hold_from_then_on(project: Path) -> None:
    done = run(project, "rules", "learn", "a.txt.review.jsonl", "--accept")
    assert (done.returncode, done.stderr.decode()) == (0, "added to corrector-keep.tsv: 1\n")
    assert (project / "corrector-keep.tsv").read_text(encoding="utf-8") == (
        "phrase\treason\n社会科学[开展]\treview: accepted 0, rejected 1\n")
    assert "科学开展" in run(project, "fix", "a.txt", "-o", "-").stdout.decode()
    again = run(project, "rules", "learn", "a.txt.review.jsonl", "--accept")
    assert "edits that fall away: 0" in again.stdout.decode()


@pytest.mark.parametrize(("args", "said"), [
    (("none.review.jsonl",), "none.review.jsonl: No such file or directory"),
    (("a.txt",), "a.txt: line 1 is no decision of corrector"),
    (("one-line.txt",), "one-line.txt: holds no decisions; a file written by corrector review is needed"),
    (("a.txt.review.jsonl", "--case", "no.json"), "no.json: No such file or directory"),
    (("a.txt.review.jsonl", "--case", "number.json"), "number.json: no cases: a list of"),
])
def test_bad_input_is_one_line(project: Path, args: tuple[str, ...], said: str) -> None:
    (project / "one-line.txt").write_text("x", encoding="utf-8")
    (project / "number.json").write_text('[{"text": 5}]', encoding="utf-8")
    done = run(project, "rules", "learn", *args)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"corrector: {said}") and done.stderr.count(b"\n") == 1


def test_weights_are_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "w.tsv"
    for value in ("much", "nan", "99"):
        path.write_text(f"original\tconverted\tweight\treason\n发展\t开展\t{value}\t\n", encoding="utf-8")
        with pytest.raises(LexiconError, match=r"w\.tsv:2"):
            load_weights(path)


def test_decisions_are_no_case(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("同学们开展冬令营活动。", encoding="utf-8")
    decisions = tmp_path / "a.txt.review.jsonl"
    decisions.write_bytes(line(row("同学们", "冬令营活动", "rejected")) + b"\n")
    done = run(tmp_path, "rules", "learn", decisions.name, "--case", ".")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines()[-1].startswith("texts: 1; ")
    (tmp_path / "a.txt").unlink()
    done = run(tmp_path, "rules", "learn", decisions.name, "--case", ".")
    assert (done.returncode, done.stderr) == (2, b"corrector: .: no cases there: name documents or .json files\n")
