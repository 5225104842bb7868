"""Documents to learn from, as users have them: files of all known kinds, folders, JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..document import Document, document
from ..errors import Trouble
from ..files import walk
from ..formats import Place, known, open_bytes
from ..paths import regular
from ..review.decisions import SUFFIX as DECISIONS
from ..views.unseen import as_read
from .corpora import records

LINES = (".jsonl", ".jsonl.xz")
Failed = Callable[[Path, BaseException], None]


class Read(NamedTuple):
    """A document that was read, its name, and the places of a container."""

    name: str
    document: Document
    places: Sequence[Place] = ()


def documents(path: Path, failed: Failed) -> Iterator[tuple[str, str]]:
    """Name and text of every document in ``path``: of those that :func:`read` gives.

    The text is as the engine reads it, so that what is learnt is what is met.
    """
    return ((one.name, as_read(one.document.text)) for one in read(path, failed))


def read(path: Path, failed: Failed) -> Iterator[Read]:
    """Every document in ``path``, a file or a folder; ``failed`` is told of what cannot be read.

    The tables in a model's folder are none, nor are review decisions in any. Of JSON Lines the field ``text`` of every
    line is one; of a damaged file those that come first.
    """
    folder = path.is_dir()
    models = {file.parent.resolve() for file in path.rglob("context.bin") if file.with_name("manifest.json").is_file()}
    for file in walk(path, failed, lambda _: None, models, wanted=_wanted) if folder else (path,):
        name = file.relative_to(path).as_posix() if folder else file.name
        try:
            if name.endswith(LINES):
                yield from (Read(f"{name}:{number}", document(text)) for number, _, text in records(file))
            else:
                opened = open_bytes(regular(file).read_bytes(), file)[1]
                yield Read(name, opened.document, opened.places)
        except (Trouble, OSError) as error:
            failed(file, error)


def _wanted(name: str) -> object:
    return known(name) or (name.endswith(LINES) and not name.endswith(DECISIONS))
