"""Killed at any moment, or out of memory, and started again, a run ends as one that was left alone."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk import PLAIN, bulk, hashes, jsonl, lines, records
from click.testing import CliRunner
from test_cli import PACKAGE

from corrector.bulk import plan
from corrector.bulk.shard import Shard
from corrector.cli.bulk import bulk as command

TIMES = 20
# The command with small shards, so that a small corpus has many of them; they are cut in the parent.
COMMAND = """
import sys
from corrector.bulk import plan
if __name__ == "__main__":
    plan.SHARD = 3000
    sys.argv[1:] = ["bulk", "in", "out", "--jobs", "2"]
    from corrector.cli import main
    main()
"""


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, folder / "command.py"], cwd=folder, stderr=subprocess.PIPE,
                            env={**os.environ, "PYTHONPATH": str(PACKAGE), "LANG": "C.UTF-8"})


def ended(process: subprocess.Popen[bytes]) -> int:
    with process:
        process.communicate(timeout=120)
    return process.returncode


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "command.py").write_text(COMMAND)
    tree = tmp_path / "in"
    (tree / "texts").mkdir(parents=True)
    rows = records(60)
    (tree / "a.jsonl").write_bytes(jsonl(rows) + b"{broken\n")
    (tree / "b.jsonl.gz").write_bytes(gzip.compress(jsonl(rows[::-1])))
    for i, row in enumerate(rows[:20]):
        (tree / f"texts/{i}.txt").write_text(row["text"])
    if (pq := pytest.importorskip("pyarrow.parquet")) is not None:
        import pyarrow as pa

        pq.write_table(pa.Table.from_pylist(rows), tree / "c.parquet", row_group_size=20)
    return tmp_path


def test_killed_at_random_moments(corpus: Path) -> None:
    begun = time.monotonic()
    assert ended(start(corpus)) == 2
    lasts = time.monotonic() - begun
    whole = hashes(corpus / "out")
    rng = random.Random(os.environ.get("CORRECTOR_FAULT_SEED", "bulk"))
    kills = 0
    while kills < TIMES:
        shutil.rmtree(corpus / "out")
        # Several kills a run: from its first moment to the one in which it would have been complete.
        for _ in range(4):
            process = start(corpus)
            time.sleep(rng.uniform(0.1, lasts))
            process.send_signal(signal.SIGKILL)
            killed = ended(process) == -signal.SIGKILL
            kills += killed
            lasts = lasts if killed else max(0.2, 0.8 * lasts)  # the first run may have met a busy machine
        assert ended(start(corpus)) == 2
        assert hashes(corpus / "out") == whole


def test_workers_end_with_the_parent(corpus: Path) -> None:
    process = start(corpus)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        ended(process)
        pytest.skip("needs /proc")
    workers: list[str] = []
    while len(workers) < 3 and process.poll() is None:  # two, and what tracks their resources
        workers = children.read_text().split()
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    ended(process)
    for _ in range(200):
        if not any(Path(f"/proc/{w}").exists() for w in workers):
            return
        time.sleep(0.05)
    pytest.fail(f"still there: {workers}")


def test_a_lack_of_memory_is_about_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(data: bytes, path: str) -> object:
        raise MemoryError

    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.txt").write_text(PLAIN, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("corrector.bulk.documents.open_bytes", lacking)
        done = CliRunner().invoke(command, [str(source), str(target)], standalone_mode=False)
    assert (done.return_value, done.stderr) == (2, f"corrector: {target}: out of memory\n")
    assert bulk(tmp_path, "in", "out")[0] == 0
    assert not (target / "_corrector/rejected.jsonl").read_bytes()


def test_what_could_not_be_read_at_all_is_not_in_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(whole: Shard) -> Iterator[Shard]:
        if whole.inputs[0].name != "empty.jsonl":
            raise PermissionError(13, "Permission denied")
        yield whole

    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name, data in (("a.jsonl", b"{}\n"), ("b.txt", b"x" * 99), ("c.jsonl.gz", b"x"), ("empty.jsonl", b"")):
        (source / name).write_bytes(data)
    monkeypatch.setattr(plan, "SHARD", 50)
    monkeypatch.setattr(plan, "_ranges", lost)
    done = CliRunner().invoke(command, [str(source), str(target)], standalone_mode=False)
    assert done.return_value == 2 and "documents: 0," in done.stderr
    assert sorted(path.name for path in target.iterdir()) == ["_corrector", "empty.jsonl"]
    assert [row["file"] for row in lines(target / "_corrector/rejected.jsonl")] == ["a.jsonl", "b.txt", "c.jsonl.gz"]
