"""Reading a folder of corpora: ``NAME.jsonl.xz`` files whose lines are ``{"id", "text"}``."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path


def read(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every document as ``(corpus, id, text)``, corpora by name, documents in the order of the file."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield path.name.removesuffix(".jsonl.xz"), record["id"], record["text"]
