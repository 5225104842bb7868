"""Reading JSON Lines, and folders of corpora: ``NAME.jsonl.xz`` files whose lines are ``{"id", "text"}``."""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator
from pathlib import Path

from ..errors import Trouble
from ..paths import regular
from ..surrogates import whole


def records(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, id and text of each record of JSON Lines, plain or ``.xz``; one without an id is called by its line.

    A record whose text is null is left out. Raises :class:`Trouble` at a line that is no record, or that is damaged.
    """
    number = 1
    try:
        with (lzma.open if path.suffix == ".xz" else open)(regular(path), "rt", encoding="utf-8-sig") as lines:
            for line in lines:
                record = json.loads(line) if line.strip() else {"text": None}
                if record["text"] is not None:
                    yield number, str(record.get("id", number)), whole(str(record["text"]))
                number += 1
    except (ValueError, KeyError, TypeError, lzma.LZMAError, EOFError) as error:
        why = getattr(error, "msg", None) or error
        raise Trouble(f"no JSON Lines with a field “text” from line {number} on ({why}); the rest is not read",
                      f"从第 {number} 行起不是带 text 字段的 JSON Lines（{why}），其余未读", about=str(path)) from None


def read(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Every document as ``(corpus, id, text)``, corpora by name, documents in the order of the file.

    Raises :class:`Trouble` as :func:`records` does.
    """
    for path in sorted(folder.glob("*.jsonl.xz")):
        for _, identity, text in records(path):
            yield path.name.removesuffix(".jsonl.xz"), identity, text


def folders(about: str | None, output: Path) -> tuple[Path, Path]:
    """The folders of a training command: the corpora and, if not said otherwise, ``output``."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--output", type=Path, default=output)
    options = parser.parse_args()
    return options.corpora, options.output
