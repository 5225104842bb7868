"""Files of every known format: each is one document, and is written below the target under the same name.

A text file larger than a shard is cut by lines, and each part is a document of its own (:func:`part`), so that memory
stays bounded; a large container is rejected.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..columns import EditColumns
from ..errors import Trouble, said
from ..formats import FormatError, Opened, open_bytes
from .marks import Mark, put
from .plan import Input
from .sheet import Sheet
from .tally import Source
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
    checked = texts.check([o.document for _, _, o in opened])
    each = checked.edits.by_text(len(opened))
    for i, ((file, data, one), found) in enumerate(zip(opened, each, strict=True)):
        try:
            if i in checked.failed:
                raise checked.failed[i]
            corrected = _written(file, data, one, found, texts, sheet)
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
        checked = texts.check([opened.document])
        if checked.failed:
            raise checked.failed[0]
        corrected = _written(file, data, opened, checked.edits, texts, sheet)
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


def _written(file: Input, data: bytes, opened: Opened, found: EditColumns, texts: Texts, sheet: Sheet) -> bytes:
    """The bytes of the file with its edits, which are noted. Raises :class:`Trouble`."""
    made = found.at_level(texts.level)
    written = opened.write(made.edits()) if len(made) else data
    # the only text of its sheet entry, whichever it was among those checked
    found, made = (replace(columns, text=np.zeros_like(columns.text)) for columns in (found, made))
    sheet.add([Source(file.name, 1, None, "", opened.document.text)], found, made, opened.places)
    return written
