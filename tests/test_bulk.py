"""`corrector bulk` over JSON Lines and folders: what it writes, what it rejects, what it refuses."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bulk import bulk, edits, hashes, jsonl, lines, records
from test_docx import package, poured

import corrector
from corrector.bulk import plan
from corrector.bulk.lock import alone
from corrector.bulk.page import page
from corrector.bulk.run import Result, Watcher, run
from corrector.bulk.streams import blocks
from corrector.bulk.task import Task
from corrector.bulk.texts import configured
from corrector.edits import Edit, apply
from corrector.errors import Trouble

zstandard = pytest.importorskip("zstandard")


def carry_out(source: Path, target: Path, **options: object) -> Result:
    return run(Task(source, target, configured({}), **options), lambda facts: page(facts, chinese=True))  # type: ignore[arg-type]


def as_edits(rows: list[dict[str, Any]]) -> list[Edit]:
    return [Edit(r["start"], r["end"], r["original"], r["replacement"]) for r in rows]


def unzst(data: bytes) -> bytes:
    """The first frame, as careless readers have it."""
    return bytes(zstandard.ZstdDecompressor().stream_reader(data).read())


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards of two kilobytes, so that a small corpus has many."""
    monkeypatch.setattr(plan, "SHARD", 2000)
    monkeypatch.setattr("corrector.bulk.streams.CHUNK", 100)


def test_every_edit_is_on_record(tmp_path: Path) -> None:
    rows = records(40)
    (tmp_path / "a.jsonl").write_bytes(jsonl(rows))
    assert bulk(tmp_path, "a.jsonl", "out") == (0, "documents: 40, damaged: 20 (50.0%), edits: 160\n"
                                                   "report: out/_corrector/report.html\n")
    after = lines(tmp_path / "out/a.jsonl")
    assert [r["text"] for r in after] == [r.apply() for r in corrector.check_many([row["text"] for row in rows])]
    assert [{**r, "text": ""} for r in after] == [{**r, "text": ""} for r in rows]
    found = edits(tmp_path / "out")
    for number, (row, new) in enumerate(zip(rows, after, strict=True), 1):
        own = [e for e in found if e["record"] == number]
        assert {e["id"] for e in own} <= {row["id"]} and {e["file"] for e in own} <= {"a.jsonl"}
        assert apply(row["text"], as_edits(own)) == new["text"]
    facts = json.loads((tmp_path / "out/_corrector/summary.json").read_bytes())
    assert (facts["documents"], facts["damaged"], facts["edits"]) == (40, 20, 160)
    assert sum(facts["confidence"]["counts"]) == facts["edits"] + facts["not_made"] == sum(facts["tiers"].values())


def test_shards_change_nothing(tmp_path: Path, small: None) -> None:
    data = jsonl(records(60))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(data)
    (tmp_path / "in/b.jsonl.gz").write_bytes(gzip.compress(data))
    (tmp_path / "in/c.jsonl.xz").write_bytes(lzma.compress(data))
    (tmp_path / "in/d.jsonl.zst").write_bytes(zstandard.compress(data))
    result = carry_out(tmp_path / "in", tmp_path / "out")
    out = tmp_path / "out"
    plain = (out / "a.jsonl").read_bytes()
    assert plain != data
    assert gzip.decompress((out / "b.jsonl.gz").read_bytes()) == plain
    assert lzma.decompress((out / "c.jsonl.xz").read_bytes()) == plain
    # One frame: many readers of Zstandard stop after the first.
    assert unzst((out / "d.jsonl.zst").read_bytes()) == plain
    assert result.summary["documents"] == 240
    by_file = [[{**e, "file": ""} for e in edits(out) if e["file"] == name]
               for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl.xz", "d.jsonl.zst")]
    assert by_file[0] == by_file[1] == by_file[2] == by_file[3]
    assert [e["id"] for e in by_file[0]] == [f"r{e['record'] - 1}" for e in by_file[0]]


def test_bad_records_stop_nothing(tmp_path: Path, damaged: str) -> None:
    good = jsonl([{"id": 7, "text": damaged}])
    bad = [b'{"text": 5}\n', b'{"text": "a\n', b'{"text": "\xff"}\n', b'["text"]\n', rb'{"text": "\ud800"}' + b"\n",
           b"[" * 100_000 + b"\n"]
    (tmp_path / "a.jsonl").write_bytes(good + b"\n" + b"".join(bad) + b'{"text": null}\n{}\n' + good)
    status, said = bulk(tmp_path, "a.jsonl", "out")
    assert status == 2
    assert said.endswith("corrector: out/_corrector/rejected.jsonl: rejected: 6; the reasons stand there\n")
    rejected = lines(tmp_path / "out/_corrector/rejected.jsonl")
    assert [r["record"] for r in rejected] == [3, 4, 5, 6, 7, 8]
    assert [r["reason"].split(":")[0] for r in rejected] == [
        "text is a number, not a string", "not valid JSON", "not valid UTF-8 at byte 10 of the line",
        "the record is a list, not an object", "half of a surrogate pair, which is no character", "nested too deeply"]
    assert rejected[0]["raw"].encode() == bad[0]
    after = (tmp_path / "out/a.jsonl").read_bytes().splitlines()
    assert len(after) == 5 and after[1] == b"" and after[2:4] == [b'{"text": null}', b"{}"]
    assert {(e["record"], e["id"]) for e in edits(tmp_path / "out")} == {(1, "7"), (11, "7")}


@pytest.mark.parametrize(("suffix", "pack", "unpack"), [
    ("gz", gzip.compress, gzip.decompress), ("xz", lzma.compress, lzma.decompress),
    ("zst", zstandard.compress, unzst)])
def test_a_damaged_stream_gives_what_could_be_read(tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes],
                                                   unpack: Callable[[bytes], bytes]) -> None:
    rng = random.Random(0)
    data = pack(jsonl([{**r, "noise": rng.randbytes(2000).hex()} for r in records(300)]))
    (tmp_path / f"a.jsonl.{suffix}").write_bytes(data[: len(data) // 2])
    carry_out(tmp_path / f"a.jsonl.{suffix}", tmp_path / "out")
    assert "the compressed stream is damaged: " in (tmp_path / "out/_corrector/rejected.jsonl").read_text()
    assert unpack((tmp_path / f"out/a.jsonl.{suffix}").read_bytes()).count(b"\n") > 50


@pytest.mark.parametrize(("suffix", "pack"), [
    ("gz", gzip.compress), ("xz", lzma.compress), ("zst", zstandard.compress)])
def test_a_stream_that_holds_very_much_is_unpacked_little_by_little(tmp_path: Path, suffix: str,
                                                                    pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"a.jsonl.{suffix}"
    path.write_bytes(pack(b"\n" + b" " * (160 << 20) + b"\n"))
    sizes = [len(block) for block, _ in blocks(path, suffix)]
    assert sum(sizes) == (160 << 20) + 2 and max(sizes) <= 64 << 20


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_record_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: None, suffix: str,
                                           ) -> None:
    monkeypatch.setattr(plan, "LARGEST", 5000)
    monkeypatch.setattr("corrector.bulk.jsonl.LARGEST", 5000)
    rows = records(20)
    data = jsonl([*rows[:10], {"id": "giant", "text": "大" * 9000}, *rows[10:]])
    (tmp_path / f"a.jsonl{suffix}").write_bytes(gzip.compress(data) if suffix else data)
    carry_out(tmp_path / f"a.jsonl{suffix}", tmp_path / "out")
    after = (tmp_path / f"out/a.jsonl{suffix}").read_bytes()
    assert [json.loads(x)["id"] for x in (gzip.decompress(after) if suffix else after).splitlines()] == [
        r["id"] for r in rows]
    (rejected,) = lines(tmp_path / "out/_corrector/rejected.jsonl")
    assert rejected["record"] == 11 and rejected["reason"].startswith("a record of ")
    assert [e["id"] for e in edits(tmp_path / "out") if e["record"] == 13] == ["r11"] * 8


def test_nested_fields_and_exact_lines(tmp_path: Path, damaged: str, healthy: str) -> None:
    line = '{"n":1.50,"chat":[{"say": %s},{"say":null}],"title":"原那么","meta":{"text":%s}}\r\n'
    (tmp_path / "a.jsonl").write_bytes((line % (json.dumps(damaged), json.dumps(damaged, ensure_ascii=False))).encode())
    assert bulk(tmp_path, "a.jsonl", "out", "--field", "chat.say", "--field", "meta.text")[0] == 0
    assert (tmp_path / "out/a.jsonl").read_bytes().decode() == line % (
        json.dumps(healthy), json.dumps(healthy, ensure_ascii=False))
    assert {e["field"] for e in edits(tmp_path / "out")} == {"chat.0.say", "meta.text"}


def test_a_field_that_no_record_has(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(records(2)))
    status, said = bulk(tmp_path, "a.jsonl", "out", "--field", "txt")
    assert status == 2 and "corrector: --field: no record has a text there: txt\n" in said


def test_folder_of_files(tmp_path: Path, damaged: str, healthy: str) -> None:
    tree = tmp_path / "in"
    (tree / "sub").mkdir(parents=True)
    (tree / "a.txt").write_bytes(damaged.encode("gb18030"))
    (tree / "sub/b.md").write_text(damaged)
    (tree / "c.bin").write_bytes(b"\0")
    (tree / "d.txt").write_bytes(b"\0\1\2")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("in/\n")  # corpora often are: what is asked for is done all the same
    status, said = bulk(tmp_path, "in", "out", "--jobs", "2", lang="zh_CN.UTF-8")
    assert status == 2
    assert said.startswith("跳过未知类型的文件：1 个\n文档 2 篇，受损 2 篇（100.0%），改动 16 处\n")
    assert (tmp_path / "out/a.txt").read_bytes().decode("gb18030") == healthy
    assert (tmp_path / "out/sub/b.md").read_text() == healthy
    assert not (tmp_path / "out/d.txt").exists()
    assert lines(tmp_path / "out/_corrector/rejected.jsonl") == [
        {"record": None, "file": "d.txt", "reason": "a binary file, not text; leave it out, or convert it first"}]


def test_runs_below_the_corpus_are_no_corpus(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "in/deep").mkdir(parents=True)
    (tmp_path / "in/deep/a.txt").write_text(damaged)
    assert bulk(tmp_path, "in/deep", "in/deep/first")[0] == bulk(tmp_path, "in", "in/deep/second")[0] == 0
    facts = json.loads((tmp_path / "in/deep/second/_corrector/summary.json").read_bytes())
    assert (facts["files"], facts["documents"]) == (2, 2)  # what the first run corrected is text like other text
    assert bulk(tmp_path, "in", "in/deep/second")[0] == 0


def test_the_books_of_an_earlier_run_are_no_corpus(tmp_path: Path, damaged: str, healthy: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(damaged)
    assert bulk(tmp_path, "in", "out")[0] == bulk(tmp_path, "out", "again")[0] == 0
    assert (tmp_path / "again/a.txt").read_text() == healthy
    facts = json.loads((tmp_path / "again/_corrector/summary.json").read_bytes())
    assert (facts["files"], facts["documents"], edits(tmp_path / "again")) == (1, 1, [])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_large_text_is_cut_by_lines(tmp_path: Path, small: None, damaged: str, healthy: str, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes((damaged * 40).encode(encoding))
    carry_out(tmp_path / "a.txt", tmp_path / "out")
    assert (tmp_path / "out/a.txt").read_bytes().decode(encoding) == healthy * 40
    assert apply(damaged * 40, as_edits(edits(tmp_path / "out"))) == healthy * 40


def test_a_large_page_of_markdown_is_not_cut_within_its_code(tmp_path: Path, small: None, damaged: str) -> None:
    code = f"```\n{damaged * 20}```\n"
    (tmp_path / "a.md").write_text(damaged + code + damaged)
    carry_out(tmp_path / "a.md", tmp_path / "out")
    after = (tmp_path / "out/a.md").read_text()
    assert code in after and damaged not in after.replace(code, "")


def test_where_edits_of_containers_and_odd_names_stand(tmp_path: Path, damaged: str) -> None:
    paragraphs = damaged.rstrip("\n").split("\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.docx").write_bytes(package(poured(damaged, [(7, 0), (3, 1)])))
    (tmp_path / "in" / os.fsdecode(b"b\xff.jsonl")).write_text(json.dumps({"id": "\ud800", "text": damaged}))
    carry_out(tmp_path / "in", tmp_path / "out")
    found = edits(tmp_path / "out")
    assert {(e["file"], e["id"], e["field"]) for e in found} == {
        ("a.docx", None, None), ("b\\udcff.jsonl", "\\ud800", "text")}
    own = [e for e in found if e["file"] == "a.docx"]
    assert own and {e["part"] for e in own} == {"word/document.xml"}
    assert all(paragraphs[e["paragraph"] - 1][e["start"] : e["end"]] == e["original"] for e in own)


def test_without_arrow_the_edits_are_lines(tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(records(40)))
    carry_out(tmp_path / "a.jsonl", tmp_path / "with")
    monkeypatch.setattr("corrector.bulk.ledger.find_spec", lambda name: None)
    carry_out(tmp_path / "a.jsonl", tmp_path / "without")
    assert lines(tmp_path / "without/_corrector/edits.jsonl") == edits(tmp_path / "with")


def test_dry_run_writes_only_the_books_and_gives_way(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(records(4)))
    assert bulk(tmp_path, "a.jsonl", "out", "--dry-run")[0] == 0
    assert set(hashes(tmp_path / "out")) == {f"_corrector/{n}" for n in (
        "edits.parquet", "lock", "plan.json", "rejected.jsonl", "report.html", "summary.json")}
    assert bulk(tmp_path, "a.jsonl", "out")[0] == 0
    assert (tmp_path / "out/a.jsonl").exists()


def test_the_same_command_again_is_done_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(records(4)) + b"{\n")
    first = bulk(tmp_path, "a.jsonl", "out")
    before = hashes(tmp_path / "out")
    second = bulk(tmp_path, "a.jsonl", "out")
    assert second == (2, "this run was complete already\n" + first[1])
    assert hashes(tmp_path / "out") == before


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(jsonl(records(2)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/precious.txt").write_text("x")
    assert bulk(tmp_path, "nowhere", "out") == (2, "corrector: nowhere: No such file or directory\n")
    assert bulk(tmp_path, "in", "in") == (
        2, "corrector: in: the output would replace the input; choose another folder\n")
    assert bulk(tmp_path, "in", "in/a.jsonl")[1].startswith("corrector: in/a.jsonl: is a file;")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress("正文\n".encode()))
    assert bulk(tmp_path, "b.txt.gz", "out") == (
        2, "corrector: b.txt.gz: of compressed files only JSON Lines are taken, called NAME.jsonl.gz or the like\n")
    assert bulk(tmp_path, "in", "mine") == (
        2, "corrector: mine: holds other files; choose an empty or a new folder\n")
    assert bulk(tmp_path, "in", "out")[0] == 0
    assert bulk(tmp_path, "in", "out", "--level", "certain") == (
        2, "corrector: out: holds a run with other options; choose another folder, or delete this one\n")
    (tmp_path / "in/b.jsonl").write_bytes(b"")
    assert "a run with other input" in bulk(tmp_path, "in", "out")[1]
    (tmp_path / "in/b.jsonl").unlink()
    (tmp_path / "own.tsv").write_text("word\tdocuments\tbesides\treason\n轻舟快马\t50\t\t口号\n", encoding="utf-8")
    (tmp_path / "corrector.toml").write_text('set-phrases = "own.tsv"')
    assert "a run with other dictionaries" in bulk(tmp_path, "in", "out")[1]
    assert hashes(tmp_path / "mine") == {"precious.txt": hashes(tmp_path / "mine")["precious.txt"]}


def test_two_runs_on_one_target(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(records(2)))
    (tmp_path / "out/_corrector").mkdir(parents=True)
    with alone(tmp_path / "out/_corrector/lock"):
        assert bulk(tmp_path, "a.jsonl", "out") == (
            2, "corrector: out: another run is writing here; wait for its end, or choose another folder\n")
    assert bulk(tmp_path, "a.jsonl", "out")[0] == 0


class _Stop(Exception):
    pass


@pytest.mark.parametrize("after", [1, 4, 9])
def test_torn_shards_are_made_again(tmp_path: Path, small: None, after: int) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"in/{name}.jsonl").write_bytes(jsonl(records(40)))
    whole = hashes_of(carry_out, tmp_path, "whole")

    class Interrupt(Watcher):
        left = after

        def step(self, *_: object) -> None:
            self.left -= 1
            if not self.left:
                raise _Stop

    task = Task(tmp_path / "in", tmp_path / "out", configured({}))
    with pytest.raises(_Stop):
        run(task, lambda facts: page(facts, chinese=True), watcher=Interrupt())
    for path in list(task.work.glob("*-000001.out")) + list(task.work.glob("*-000002.mark")):
        path.write_bytes(path.read_bytes()[:-3] + b"\0\0")  # a power failure
    carry_out(tmp_path / "in", tmp_path / "out")
    assert hashes(tmp_path / "out") == whole


def hashes_of(carry: object, tmp_path: Path, name: str) -> dict[str, str]:
    carry_out(tmp_path / "in", tmp_path / name)
    found = hashes(tmp_path / name)
    shutil.rmtree(tmp_path / name)
    return found


def test_a_full_disk_is_said_and_gone_on_from(tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(jsonl(records(40)))
    whole = hashes_of(carry_out, tmp_path, "whole")
    replace, calls = os.replace, 0

    def full(*paths: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 9:
            raise OSError(28, "No space left on device")
        replace(*paths)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        carry_out(tmp_path / "in", tmp_path / "out")
    carry_out(tmp_path / "in", tmp_path / "out")
    assert hashes(tmp_path / "out") == whole


def test_one_text_that_breaks_the_engine(monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    from corrector.api import Corrector
    from corrector.bulk.texts import Texts

    check = Corrector.columns

    def fragile(self: Corrector, documents: object) -> object:
        documents = list(documents)  # type: ignore[call-overload]
        if any("!" in d.text for d in documents):
            raise IndexError("out of range")
        return check(self, documents)

    monkeypatch.setattr(Corrector, "columns", fragile)
    first, second, third = Texts(configured({})).made([damaged, "!", damaged])
    assert first == third and isinstance(first, list) and len(first) == 8
    assert isinstance(second, Trouble) and str(second) == "cannot be checked: IndexError: out of range"


@pytest.mark.parametrize("method", ["read", "Docx.write"])
def test_one_file_that_breaks_its_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str,
                                         damaged: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.docx").write_bytes(package(poured(damaged, [(3, 1)])))
    (tmp_path / "in/b.txt").write_text(damaged, encoding="utf-8")

    def broken(*_: object) -> None:
        raise AssertionError("not\nso")

    monkeypatch.setattr(f"corrector.formats.docx.{method}", broken)
    result = carry_out(tmp_path / "in", tmp_path / "out")
    assert (result.summary["rejected"], result.summary["documents"]) == (1, 1)
    (rejected,) = lines(tmp_path / "out/_corrector/rejected.jsonl")
    assert rejected["reason"] == "internal error (AssertionError: not so); please report it"
    assert [p.name for p in (tmp_path / "out").iterdir() if p.is_file()] == ["b.txt"]


def test_options_of_other_engines_are_refused_where_they_are_given() -> None:
    with pytest.raises(ValueError, match="no level 'sure'; known: possible, likely, certain"):
        configured({"level": "sure"})
    with pytest.raises(TypeError, match="unknown option: models"):
        configured({"models": "own"})


def test_a_long_text_is_checked_in_pieces(monkeypatch: pytest.MonkeyPatch, damaged: str, healthy: str) -> None:
    from corrector.bulk import texts

    monkeypatch.setattr(texts, "LONGEST", 100)
    (found,) = texts.Texts(configured({})).made([damaged * 20])
    assert isinstance(found, list) and apply(damaged * 20, found) == healthy * 20
