"""PDF with a text layer: its lines put together into paragraphs again, to be checked.

A PDF is drawn, not written: it has lines, and a word may end one and begin the next. A line as long as most goes on in
the one below it; a page ends a paragraph. The corrected text can be written as text or as Markdown, never as PDF.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from pypdf import PdfReader
from pypdf.errors import DependencyError

from ..document import Document, Span, disjoint, document
from ..edits import Edit, apply
from . import FormatError, Place, uninstalled

_FULL, _ENDED = 0.9, 0.97  # of the width of the widest lines: such a line goes on in the next, after a full stop too
_STOPS = ("。", "！", "？", "：", "；", "”")
_OUTLIERS = 20  # of so many lines one may be wider than the others
_INDENTS = ("\u3000", "  ")
_WIDE = ("W", "F")
# Fonts often say that they show a radical or a compatibility character where the text has the ordinary one.
_ORDINARY = {code: unicodedata.normalize("NFKC", chr(code))
             for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFA6E))}
_ORDINARY |= dict(zip(map(ord, "⺠⻄⻅⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳"),
                      "民西见贝车长门青页风飞食马鱼鸟麦黄齐齿龙龟", strict=True))
_MARKDOWN = re.compile(r"[\\`*\[<~]|(?<!\w)_|_(?!\w)|^[#>+-]")
_NUMBERED = re.compile(r"^(\d+)(?=[.)]\s)")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports every small fault that it gets over


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF that was read: see :class:`corrector.formats.Exported`. ``places`` are its lines, page by page."""

    document: Document
    places: tuple[Place, ...]
    encoding: str = ""
    suffixes: tuple[str, ...] = (".txt", ".md")

    def write(self, edits: Sequence[Edit]) -> NoReturn:
        """Raises :class:`FormatError`."""
        raise FormatError("a PDF cannot be rewritten; corrector fix FILE.pdf -o FILE.md (or .txt) writes its text",
                          "PDF 不能改写；可用 corrector fix 文件.pdf -o 文件.md（或 .txt）写出改正后的文字")

    def write_as(self, suffix: str, edits: Sequence[Edit]) -> bytes:
        """The corrected text in UTF-8: a paragraph a line, in Markdown with a blank line between them."""
        text = apply(self.document.text, edits)
        if suffix == ".md":
            text = "\n\n".join(map(_as_markdown, text.split("\n")))
        return (text + "\n").encode()


def read(data: bytes, kind: str) -> Pdf:
    """The PDF in ``data``. Raises :class:`FormatError`."""
    pages = list(_pages(data))
    lines = [line for page in pages for line in page]
    if not lines:
        raise FormatError("a PDF without text, perhaps scanned; put a text layer into it, with ocrmypdf or the like",
                          "PDF 中没有文字，可能是扫描件；请先用 ocrmypdf 一类的工具加上文字层")
    if sum(map(_unknown, "".join(lines))) * 2 > sum(map(len, lines)):
        raise FormatError("the fonts of this PDF do not say which characters they show; print it anew, or use OCR",
                          "PDF 的字体没有注明所对应的文字；请重新导出，或用 OCR 识别")
    widths = sorted(map(_width, lines))
    widest = widths[-1 - len(widths) // _OUTLIERS]
    pieces: list[str] = []
    places: list[Place] = []
    joints: list[Span] = []
    at = 0
    for number, page in enumerate(pages, 1):
        above = ""
        for count, line in enumerate(page, 1):
            joint = _joint(above, line, widest) if pieces else ""
            words = line.strip()
            joints.append((at, at + len(joint)))
            at += len(joint)
            places.append(Place(at, f"page {number}", count))
            pieces += (joint, words)
            at += len(words)
            above = line
    found = document("".join(pieces))
    return Pdf(Document(found.text, kind, disjoint(joints, found.protected)), tuple(places))


def _pages(data: bytes) -> Iterator[list[str]]:
    """The lines of each page that hold something."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FormatError("protected by a password; save it without the password and try again",
                              "有密码保护；请另存为不带密码的文件再试")
        for page in reader.pages:
            text = page.extract_text().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            yield [line.rstrip() for line in text.translate(_ORDINARY).splitlines() if line.strip()]
    except DependencyError:
        raise uninstalled("pdf", "pdf", "cryptography") from None
    except (FormatError, MemoryError):
        raise
    except Exception as error:  # whatever a broken file makes of its reader
        why = " ".join(str(error).split())[:80] or type(error).__name__
        raise FormatError(f"a damaged PDF ({why}); open it in a reader, print it anew and try again",
                          f"PDF 已损坏（{why}）；请用阅读器打开，重新导出再试") from None


def _joint(above: str, line: str, widest: int) -> str:
    """What stands between a line and the one ``above`` it on its page, if any: a line break between paragraphs."""
    full = widest * (_ENDED if above.endswith(_STOPS) else _FULL)
    if not above or line.startswith(_INDENTS) or _width(above) < full:
        return "\n"
    return " " if above[-1].isascii() and line[0].isascii() else ""


def _width(line: str) -> int:
    """How wide ``line`` is, in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in line)


def _unknown(char: str) -> bool:
    return char == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(char) in ("Co", "Cc", "Cn")


def _as_markdown(paragraph: str) -> str:
    """``paragraph`` with what Markdown would take for markup escaped."""
    return _NUMBERED.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", paragraph))
