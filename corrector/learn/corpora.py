"""Reading a folder of corpora: ``NAME.jsonl.xz`` files whose lines are ``{"id", "text"}``."""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from ..surrogates import whole


def read(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every document as ``(corpus, id, text)``, corpora by name, documents in the order of the file."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield path.name.removesuffix(".jsonl.xz"), record["id"], whole(record["text"])


def folders(about: str | None, output: Path) -> tuple[Path, Path]:
    """The folders of a training command: the corpora and, if not said otherwise, ``output``."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--output", type=Path, default=output)
    options = parser.parse_args()
    return options.corpora, options.output
