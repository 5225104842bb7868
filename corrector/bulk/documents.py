"""Files of every known format: each is one document, and is written below the target under the same name.

A text file larger than a shard is cut by lines, and each part is a document of its own (:func:`part`), so that memory
stays bounded; what cannot be cut, a container or Markdown, is rejected when it is very large.
"""

from __future__ import annotations

from pathlib import Path

from ..errors import Trouble, said, unforeseen
from ..formats import FormatError, Opened, open_bytes
from .marks import Mark, put
from .shard import Input
from .sheet import Sheet
from .tally import Source
from .task import Task
from .texts import Texts

LARGEST = 64 << 20  # bytes of what is not cut


def correct(files: tuple[Input, ...], task: Task, texts: Texts, sheet: Sheet, mark: Mark) -> None:
    """Corrects a group of files. Those that cannot be read are rejected; raises ``OSError`` for one not written."""
    opened: list[tuple[Input, bytes, Opened]] = []
    for file in files:
        try:
            opened.append((file, *_read(file)))
        except Exception as error:
            sheet.reject(file.name, None, why(error))
    checked = texts.check([o.document for _, _, o in opened])
    made = checked.edits.at_level(texts.level)
    done: list[int] = []
    for i, ((file, data, one), own) in enumerate(zip(opened, made.by_text(len(opened)), strict=True)):
        try:
            if i in checked.failed:
                raise checked.failed[i]
            corrected = one.write(own.edits()) if len(own) else data
        except Exception as error:
            sheet.reject(file.name, None, why(error))
            continue
        done.append(i)
        if not task.dry_run:
            target = task.target / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            mark.files[file.name] = put(target, corrected)
    sheet.add([_source(opened[i][0], opened[i][2]) for i in done], checked.edits.of(done), made.of(done))


def part(file: Input, data: bytes, texts: Texts, sheet: Sheet, mark: Mark) -> bytes:
    """A part of a large text corrected. One that cannot be read is rejected, and stays as it is."""
    try:
        _, opened = open_bytes(data, file.path)
        checked = texts.check([opened.document])
        if checked.failed:
            raise checked.failed[0]
        made = checked.edits.at_level(texts.level)
        corrected = opened.write(made.edits()) if len(made) else data
        sheet.add([_source(file, opened)], checked.edits, made)
        mark.characters = len(opened.document.text)
        return corrected
    except Exception as error:
        sheet.reject(file.name, None, f"{why(error)}; that part is left as it was")
        return data


def why(error: Exception) -> str:
    """What is written down about a file that cannot be taken. A mistake of ours is one about that file: whatever one
    does to us, the others are not to suffer, and the run is to come to its end. A ``MemoryError`` is about no file, and
    is raised again."""
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, (Trouble, OSError)):
        return said(error, chinese=False)
    return unforeseen(error, chinese=False)


def _read(file: Input) -> tuple[bytes, Opened]:
    if file.size > LARGEST:
        raise FormatError(f"larger than {LARGEST >> 20} MiB; correct it alone with corrector fix")
    data = Path(file.path).read_bytes()
    return data, open_bytes(data, file.path)[1]


def _source(file: Input, opened: Opened) -> Source:
    return Source(file.name, 1, None, "", opened.document.text, opened.places)
