"""What the tests of bulk share: a corpus, runs of the command over it, and what is compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conftest import DAMAGED, HEALTHY
from test_cli import run

PLAIN = "天气很好，大家一起去公园散步。"


def records(count: int, extra: str = "") -> list[dict[str, Any]]:
    """Damaged, healthy and plain ones by turns, no two alike."""
    texts = (DAMAGED, HEALTHY, PLAIN, DAMAGED.replace("\n", ""))
    return [{"id": f"r{i}", "n": i / 4, "text": f"第{i}号。{texts[i % 4]}{extra}"} for i in range(count)]


def jsonl(rows: Sequence[object]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def bulk(folder: Path, *args: str, lang: str = "C.UTF-8") -> tuple[int, str]:
    """Exit status and standard error of ``corrector bulk``."""
    done = run(folder, "bulk", *args, lang=lang)
    assert not done.stdout
    return done.returncode, done.stderr.decode()


def hashes(folder: Path) -> dict[str, str]:
    """Every file below, by content."""
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.rglob("*")) if p.is_file()}


def edits(target: Path) -> list[dict[str, Any]]:
    """The rows of ``edits.parquet``."""
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(target / "_corrector/edits.parquet").to_pylist()
    return rows


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
