"""Files of every known format: each is one document, and is written below the target under the same name.

A text file larger than a shard is cut by lines, and each part is a document of its own (:func:`part`), so that memory
stays bounded; a large container is rejected.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import Trouble, said
from ..formats import FormatError, Opened, open_bytes
from .marks import Mark, put
from .plan import Input
from .sheet import Sheet
from .task import Task
from .texts import Texts

LARGEST = 64 << 20  # bytes of a container


def correct(files: tuple[Input, ...], task: Task, texts: Texts, sheet: Sheet, mark: Mark) -> None:
    """Corrects a group of files. Those that cannot be read are rejected; raises ``OSError`` for one not written."""
    opened: list[tuple[Input, bytes, Opened]] = []
    for file in files:
        try:
            opened.append((file, *_read(file)))
        except (Trouble, OSError) as error:
            sheet.reject(file.name, None, said(error, chinese=False))
    found = texts.check_documents([o.document for _, _, o in opened])
    for (file, data, one), edits in zip(opened, found, strict=True):
        try:
            corrected = _written(file, data, one, edits, texts, sheet)
        except Trouble as error:
            sheet.reject(file.name, None, said(error, chinese=False))
            continue
        if not task.dry_run:
            target = task.target / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            mark.files[file.name] = put(target, corrected)


def part(file: Input, data: bytes, texts: Texts, sheet: Sheet, mark: Mark) -> bytes:
    """A part of a large text corrected. One that cannot be read is rejected, and stays as it is."""
    try:
        _, opened = open_bytes(data, file.path)
        corrected = _written(file, data, opened, texts.check_documents([opened.document])[0], texts, sheet)
        mark.characters = len(opened.document.text)
        return corrected
    except Trouble as error:
        sheet.reject(file.name, None, f"{said(error, chinese=False)}; that part is left as it was")
        return data


def _read(file: Input) -> tuple[bytes, Opened]:
    if file.size > LARGEST:
        raise FormatError(f"larger than {LARGEST >> 20} MiB; correct it alone with corrector fix")
    data = Path(file.path).read_bytes()
    return data, open_bytes(data, file.path)[1]


def _written(file: Input, data: bytes, opened: Opened, edits: object, texts: Texts, sheet: Sheet) -> bytes:
    """The bytes of the file with its edits, which are noted. Raises :class:`Trouble`."""
    if isinstance(edits, Trouble):
        raise edits
    assert isinstance(edits, list)
    made = texts.made(edits)
    written = opened.write(made) if made else data
    sheet.document(file.name, 1, None, [("", opened.document.text)], [edits], [made], opened.places)
    return written
