"""A user's own healthy text, brought into the form of a folder of corpora (:mod:`.corpora`)."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from .documents import documents

PIECE = 4000  # characters: as much of a document as is looked at in calibration
MANY = 100  # documents from which the pieces of one stay together in one part of the split


def corpora(given: Sequence[Path], aside: Path, failed: Callable[[Path, BaseException], None]) -> Path | None:
    """The folder to train from: the one ``given`` if it holds corpora, else ``aside``, with everything written there.
    ``None`` if there is nothing to write.

    Documents of all known kinds and ``.jsonl`` files with a field ``text`` are taken; ``failed`` is told of those that
    cannot be read.
    """
    if len(given) == 1 and any(given[0].glob("*.jsonl.xz")):
        return given[0]
    found = [d for path in given for d in documents(path, failed)]
    if not found:
        return None
    # Pieces whose names differ by a version only fall into the same part: see split.
    form = "{}({:04}-)" if len(found) >= MANY else "{}#{}"
    with lzma.open(aside / "own.jsonl.xz", "wt", encoding="utf-8", preset=0) as lines:
        for name, text in found:
            for number, piece in enumerate(_pieces(text)):
                lines.write(json.dumps({"id": form.format(name, number), "text": piece}, ensure_ascii=False) + "\n")
    return aside


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.rfind("\n", start + PIECE // 2, start + PIECE) + 1 if len(text) > start + PIECE else len(text)
        end = end or start + PIECE
        yield text[start:end]
        start = end
