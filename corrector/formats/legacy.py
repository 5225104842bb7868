"""Older Word documents (.doc, .wps, .rtf): LibreOffice makes a .docx of each, and that is read and written.

Many a .doc that a website gives out is in truth a web page, which Word opens as well: that is read and written itself.

It runs with a profile of its own in a temporary folder, in which macros are off and nothing that a document links to is
loaded, and is stopped when it takes too long.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from ..document import Document
from ..edits import Edit
from . import OLE, FormatError, Place
from .docx import Docx
from .docx import read as read_docx
from .html import read as read_page
from .single import Single

_SECONDS = 180  # a thousand pages take twenty
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice",
             r"C:\Program Files\LibreOffice\program\soffice.com")
_FILTER = "docx:MS Word 2007 XML"
# What begins so is no matter what its name says; many a .doc is in truth an .rtf.
_CONTENTS = ((OLE, ".doc"), (b"{\\rtf", ".rtf"), (b"PK\3\4", ".docx"))
_XML = b'<?mso-application progid="Word.Document"?>'  # of Word 2003
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:html|!doctype html)\b", re.I)
_COMMON = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_COMMON, "MacroSecurityLevel", "3"),
    (_COMMON, "DisableMacrosExecution", "true"),
    (_COMMON, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


@dataclass(frozen=True, slots=True)
class Legacy:
    """An older document, as the ``docx`` made of it: :class:`corrector.formats.Exported` and ``Tracked``."""

    docx: Docx
    converted: bytes
    suffixes: tuple[str, ...] = (".docx",)

    @property
    def document(self) -> Document:
        return self.docx.document

    @property
    def encoding(self) -> str:
        return ""

    @property
    def places(self) -> Sequence[Place]:
        return self.docx.places

    def write(self, edits: Sequence[Edit]) -> NoReturn:
        """Raises :class:`FormatError`."""
        raise FormatError("an older document, corrected as .docx only: corrector fix FILE -o FILE.docx",
                          "旧格式的文档，只能改正后存为 .docx：corrector fix 文件 -o 文件.docx")

    def write_as(self, suffix: str, edits: Sequence[Edit]) -> bytes:
        """The corrected document as .docx."""
        return self.docx.write(edits) if edits else self.converted

    def markable(self, edits: Sequence[Edit]) -> list[Edit]:
        """Those of ``edits`` that revisions can mark."""
        return self.docx.markable(edits)

    def write_tracked(self, edits: Sequence[Edit], *, author: str, date: str, comments: bool) -> bytes:
        """The document as .docx, with ``edits`` as revisions."""
        return self.docx.write_tracked(edits, author=author, date=date, comments=comments)


def read(data: bytes, kind: str) -> Legacy | Single:
    """The document in ``data``. Raises :class:`FormatError`."""
    if _PAGE.match(data):
        return read_page(data, kind)
    suffix = next((s for start, s in _CONTENTS if data.startswith(start)), ".xml" if _XML in data[:512] else "")
    if suffix == ".docx":
        return Legacy(read_docx(data, kind), data)
    if not suffix and (kind != "wps" or b"\0" not in data[:512]):  # Microsoft Works has no one sign of its own
        raise FormatError("not the older Word document that its name says; check the file type",
                          "内容不是旧格式的 Word 文档，与扩展名不符；请检查文件类型")
    converted = _converted(data, suffix or f".{kind}")
    return Legacy(read_docx(converted, kind), converted)


def ready() -> str:
    """The path of LibreOffice. Raises :class:`FormatError` where it is not installed."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise FormatError("older Word documents need LibreOffice: install it, or save the file as .docx",
                          "旧格式的 Word 文档需要 LibreOffice：请安装，或把文件另存为 .docx")
    return program


def _converted(data: bytes, suffix: str) -> bytes:
    """What LibreOffice makes of ``data`` as .docx."""
    program = ready()
    with tempfile.TemporaryDirectory(prefix="corrector-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"a{suffix}"
        source.write_bytes(data)
        _settle(folder / "profile")
        _run([program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
              "--nolockcheck", "--convert-to", _FILTER, "--outdir", str(folder / "out"), str(source)])
        try:
            return (folder / "out" / "a.docx").read_bytes()
        except FileNotFoundError:
            raise FormatError("LibreOffice cannot open it: damaged, or protected by a password; save it as .docx",
                              "LibreOffice 打不开：文件已损坏或有密码保护；请另存为 .docx 再试") from None


def _settle(profile: Path) -> None:
    """Writes the settings of a new profile."""
    items = "".join(f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
                    "</item>" for path, name, value in _SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>", encoding="utf-8")


def _run(command: list[str]) -> None:
    """Runs LibreOffice, whose first process starts others; all are ended when the time is up."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          start_new_session=True) as process:
        try:
            process.wait(_SECONDS)
        except BaseException as error:
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            raise FormatError(f"LibreOffice took more than {_SECONDS} s to open it; save it as .docx",
                              f"LibreOffice 用了 {_SECONDS} 秒还没有打开；请另存为 .docx 再试") from None
