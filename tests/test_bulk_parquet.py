"""Parquet: the texts are corrected, the rest of the file is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from bulk import bulk, edits, hashes, lines, records
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from corrector.bulk import parquet  # noqa: E402
from corrector.bulk.arrays import opened  # noqa: E402

TEXT = st.none() | st.text("开展a", max_size=3)


def table(count: int) -> object:
    rows = records(count)
    return pa.table({
        "when": pa.array([i * 1_000_000_007 for i in range(count)], pa.timestamp("ns")),
        "text": pa.array([None if i % 7 == 3 else r["text"] for i, r in enumerate(rows)], pa.large_string()),
        "id": [r["id"] for r in rows],
        "score": pa.array([r["n"] for r in rows], pa.float32()),
    }).replace_schema_metadata({"made by": "a test"})


def test_other_columns_schema_and_compression_stay(tmp_path: Path, damaged: str, healthy: str) -> None:
    before = table(40)
    pq.write_table(before, tmp_path / "a.parquet", row_group_size=9, compression={"text": "zstd", "id": "gzip"})
    assert bulk(tmp_path, "a.parquet", "out")[0] == 0
    after = pq.ParquetFile(tmp_path / "out/a.parquet")
    was = pq.ParquetFile(tmp_path / "a.parquet")
    assert after.schema_arrow.equals(was.schema_arrow, check_metadata=True)
    now = after.read()
    assert now.drop_columns(["text"]).equals(before.drop_columns(["text"]))  # type: ignore[attr-defined]
    texts = zip(before["text"].to_pylist(), now["text"].to_pylist(), strict=True)  # type: ignore[index]
    assert all(b == (a and a.replace(damaged, healthy)) or a.replace("\n", "") == a for a, b in texts)
    assert after.metadata.num_row_groups == was.metadata.num_row_groups == 5
    assert [after.metadata.row_group(0).column(i).compression for i in range(4)] == [
        was.metadata.row_group(0).column(i).compression for i in range(4)]
    found = edits(tmp_path / "out")
    assert {(e["record"], e["id"]) for e in found} == {(e["record"], f"r{e['record'] - 1}") for e in found}
    assert len(found) == 8 * sum(i % 7 != 3 and i % 4 in (0, 3) for i in range(40))


def test_names_that_are_not_utf8(tmp_path: Path, damaged: str, healthy: str) -> None:
    pq.write_table(pa.table({"text": [damaged, damaged]}), tmp_path / "a.parquet", row_group_size=1)
    (tmp_path / "in\udcff").mkdir()
    (tmp_path / "a.parquet").rename(tmp_path / "in\udcff/b\udcff.parquet")
    said = "documents: 2, damaged: 2 (100.0%), edits: 16\nreport: out\ufffd/_corrector/report.html\n"
    assert bulk(tmp_path, "in\udcff", "out\udcff") == (0, said)
    target = tmp_path / "out\udcff"
    target.joinpath("b\udcff.parquet").rename(tmp_path / "b.parquet")
    assert pq.read_table(tmp_path / "b.parquet")["text"].to_pylist() == [healthy, healthy]
    target.rename(tmp_path / "out")
    assert {e["file"] for e in edits(tmp_path / "out")} == {"b\\udcff.parquet"}


def test_nested_columns(tmp_path: Path, damaged: str, healthy: str) -> None:
    talk = pa.list_(pa.struct([("who", pa.int8()), ("say", pa.string())]))
    rows = [[{"who": 1, "say": damaged}, {"who": 2, "say": None}], None, [],
            [None, {"who": 3, "say": damaged}, {"who": 4, "say": damaged}]]
    meta = pa.array([{"t": damaged, "u": damaged, "n": i} for i in range(4)])
    pq.write_table(pa.table({"talk": pa.array(rows, talk), "meta": meta}), tmp_path / "a.parquet")
    fields = ("talk.say", "meta.t", "title", "meta.u")  # a table may lack some of them, as a record may
    assert bulk(tmp_path, "a.parquet", "out", *(a for f in fields for a in ("--field", f)))[0] == 0
    assert {e["field"] for e in edits(tmp_path / "out")} == {"talk.say", "meta.t", "meta.u"}
    after = pq.read_table(tmp_path / "out/a.parquet")
    assert after["talk"].to_pylist() == [
        [{"who": 1, "say": healthy}, {"who": 2, "say": None}], None, [],
        [None, {"who": 3, "say": healthy}, {"who": 4, "say": healthy}]]
    assert after["meta"].to_pylist() == [{"t": healthy, "u": healthy, "n": i} for i in range(4)]


def test_columns_of_one_name(tmp_path: Path, damaged: str, healthy: str) -> None:
    columns = [[damaged], ["a"], ["b"], [damaged]]
    pq.write_table(pa.table(columns, names=["text", "id", "id", "text"]), tmp_path / "a.parquet")
    assert bulk(tmp_path, "a.parquet", "out")[0] == 0
    assert [c.to_pylist() for c in pq.ParquetFile(tmp_path / "out/a.parquet").read().columns] == [
        [healthy], ["a"], ["b"], [healthy]]
    assert {e["id"] for e in edits(tmp_path / "out")} == {"a"}


def test_a_nested_id(tmp_path: Path, damaged: str) -> None:
    meta = [{"key": ["a", "b"], "n": 7}]
    pq.write_table(pa.table({"text": [damaged], "meta": meta, "meta.n": ["whole"]}), tmp_path / "a.parquet")
    for field, said in (("meta.key", "a"), ("meta.n", "whole"), ("meta", '{"key": ["a", "b"], "n": 7}'), ("no", None)):
        assert bulk(tmp_path, "a.parquet", f"out-{field}", "--id", field)[0] == 0
        assert {e["id"] for e in edits(tmp_path / f"out-{field}")} == {said}


def test_what_is_rejected(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "in").mkdir()
    broken = pa.array([damaged.encode(), b"\xff\xfe"]).view(pa.string())
    pq.write_table(pa.table({"text": broken}), tmp_path / "in/a.parquet")
    pq.write_table(pa.table({"text": [1]}), tmp_path / "in/b.parquet")
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "in/c.parquet")
    (tmp_path / "in/d.parquet").write_bytes(b"PAR1 is not enough")
    assert bulk(tmp_path, "in", "out")[0] == 2
    rejected = {(r["file"], r["record"]): r["reason"] for r in lines(tmp_path / "out/_corrector/rejected.jsonl")}
    assert rejected["a.parquet", 2].startswith("not valid UTF-8 at byte 0")
    assert rejected["b.parquet", None] == "text is int64, not text"
    assert rejected["c.parquet", None] == "no column text; the columns are: body"
    assert rejected["d.parquet", None].startswith("not a Parquet file")
    assert pq.read_table(tmp_path / "out/a.parquet").num_rows == 1


def test_a_damaged_file_ends_no_run(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "in").mkdir()
    pq.write_table(table(200), tmp_path / "in/b.parquet", row_group_size=50)
    data = bytearray((tmp_path / "in/b.parquet").read_bytes())
    group = pq.ParquetFile(tmp_path / "in/b.parquet").metadata.row_group(2).column(1)
    start = group.dictionary_page_offset or group.data_page_offset
    data[start : start + 30] = b"\xff" * 30  # the head of a page
    (tmp_path / "in/a.parquet").write_bytes(data)
    footer = pq.ParquetFile(tmp_path / "in/b.parquet").metadata.serialized_size
    data[-8 - footer : -8 - footer + 40] = b"\xff" * 40
    (tmp_path / "in/c.parquet").write_bytes(data)
    assert bulk(tmp_path, "in", "out")[0] == 2
    rejected = lines(tmp_path / "out/_corrector/rejected.jsonl")
    assert [(r["file"], r["record"], r["reason"][:9]) for r in rejected] == [
        ("a.parquet", None, "damaged: "), ("c.parquet", None, "damaged: ")]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["_corrector", "b.parquet"]
    assert {e["file"] for e in edits(tmp_path / "out")} == {"b.parquet"}


def test_shards_of_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_bulk import carry_out

    pq.write_table(table(60), tmp_path / "a.parquet", row_group_size=10)
    carry_out(tmp_path / "a.parquet", tmp_path / "one")
    monkeypatch.setattr(parquet, "SHARD", 1500)
    monkeypatch.setattr(parquet, "BATCH", 1000)
    carry_out(tmp_path / "a.parquet", tmp_path / "many")
    one, many = (pq.read_table(tmp_path / name / "a.parquet") for name in ("one", "many"))
    assert one.equals(many)
    assert edits(tmp_path / "one") == edits(tmp_path / "many")


def test_an_empty_table(tmp_path: Path) -> None:
    pq.write_table(table(0), tmp_path / "a.parquet")
    assert bulk(tmp_path, "a.parquet", "out")[0] == 0
    assert pq.read_table(tmp_path / "out/a.parquet").equals(pq.read_table(tmp_path / "a.parquet"))
    assert "lock" in "".join(hashes(tmp_path / "out"))


ROW = st.none() | st.fixed_dictionaries({"t": TEXT, "n": st.integers(0, 9)})


@given(st.lists(st.none() | st.lists(ROW, max_size=3), max_size=6), st.integers(0, 2))
def test_any_nesting_is_put_together_again(rows: list[object], skip: int) -> None:
    array = pa.array(rows, pa.list_(pa.struct([("t", pa.string()), ("n", pa.int64())])))[skip:]
    column = opened(array, ("t",), range(len(array)), "x")
    assert column.rebuilt(column.texts).to_pylist() == array.to_pylist()
    doubled = column.rebuilt([t and t * 2 for t in column.texts]).to_pylist()
    assert doubled == [row and [v and {**v, "t": v["t"] and v["t"] * 2} for v in row]  # type: ignore[attr-defined]
                       for row in array.to_pylist()]
