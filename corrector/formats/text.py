"""Text and Markdown: decoding that can be taken back byte for byte, or not at all.

:func:`decode` trusts a byte order mark, then UTF-8; older encodings are told apart by how many everyday characters a
reading gives, which holds for a few characters too, where general detectors guess.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ..document import Document, document
from ..edits import Edit, apply
from . import OLE, FormatError, Place

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),  # before UTF-16: it starts alike
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_ZIP = b"PK\x03\x04"  # how packages begin
_TYPED = bytes(range(32, 127)) + b"\0\t\n\f\r"  # ASCII and some zeros; in UTF-16 ab would be 慢
_PLAUSIBLE = 0.5  # share of everyday characters: right readings have 0.6 (traditional in GBK) to 1, wrong ones < 0.4
_SAMPLE = 20_000  # characters looked at


class TextError(FormatError):
    """Bytes that are no text, or text that the file's encoding cannot write."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` without its byte order mark ``bom``; ``encoding`` is a name that Python knows."""

    text: str
    encoding: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """``text`` in the encoding of the file. Raises :class:`TextError`."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            char = text[error.start]
            raise TextError(f"{char!r} cannot be written in {self.encoding}; save the file as UTF-8 and try again",
                            f"{self.encoding} 写不出“{char}”，请把文件另存为 UTF-8 再试") from None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text or Markdown file that was read: see :class:`corrector.formats.Opened`."""

    document: Document
    decoded: Decoded
    places: tuple[Place, ...] = ()

    @property
    def encoding(self) -> str:
        return self.decoded.encoding

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the corrected file. Raises :class:`TextError`."""
        if self.document.kind == "markdown":
            from .anchors import followed  # nothing else needs its patterns

            edits = followed(self.document, edits)
        return self.decoded.encode(apply(self.decoded.text, edits))


def read(data: bytes, kind: str) -> TextFile:
    """The file in ``data``. Raises :class:`TextError`."""
    decoded = decode(data)
    return TextFile(document(decoded.text, kind), decoded)


def decode(data: bytes) -> Decoded:
    """The text of ``data``. Raises :class:`TextError` when it is binary or cannot be written back unchanged."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _exact(data, encoding, bom)
    binary = b"\0" in data[:4096]
    if not binary:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            broken = error.start
    names = [] if binary and not data.translate(None, _TYPED) else _LEGACY
    readings = [r for name in names if not binary or name.startswith("utf-16") for r in _plausible(data, name)]
    if readings:
        return max(readings, key=lambda r: r[0])[1]
    if data.startswith(OLE):
        raise TextError("a file of an old Office version; save it as .docx, .xlsx or .pptx",
                        "是旧版 Office 文件，请另存为 .docx、.xlsx 或 .pptx")
    if binary:
        if data.startswith(_ZIP):
            raise TextError("a package, .docx or the like; name the file, so that its suffix says which",
                            "是压缩的文档（如 .docx），请给出带扩展名的文件名")
        raise TextError("a binary file, not text; leave it out, or convert it first",
                        "是二进制文件，不是文本；请略过，或先转换格式")
    if broken and _everyday(data[:broken].decode("utf-8"), "utf-8") >= _PLAUSIBLE:
        raise TextError(f"not valid UTF-8 at byte {broken}; repair the file and try again",
                        f"第 {broken} 字节处不是有效的 UTF-8，请修复后再试")
    raise TextError("the encoding cannot be told; save the file as UTF-8 and try again",
                    "看不出文件的编码，请另存为 UTF-8 再试")


def _plausible(data: bytes, encoding: str) -> list[tuple[float, Decoded]]:
    """The reading of ``data`` in ``encoding`` with its share of everyday characters, if it may be meant."""
    try:
        reading = _exact(data, encoding, b"")
    except TextError:
        return []
    share = _everyday(reading.text, encoding)
    return [(share, reading)] if share >= _PLAUSIBLE else []


def _exact(data: bytes, encoding: str, bom: bytes) -> Decoded:
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(bom)
        raise TextError(f"not valid {encoding} at byte {at}; repair the file and try again",
                        f"第 {at} 字节处不是有效的 {encoding}，请修复后再试") from None
    if bom + text.encode(encoding) != data:
        raise TextError(f"{encoding} would not be written back unchanged", f"按 {encoding} 写回会有变化")
    return Decoded(text, encoding, bom)


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def _everyday(text: str, encoding: str) -> float:
    """The share of first-level characters (of GB 2312 or Big5) among those that are neither ASCII nor punctuation."""
    words = "".join(m[0] for m in islice(_NOT_ASCII.finditer(text), _SAMPLE))[:_SAMPLE]
    words = "".join(c for c in words if not unicodedata.category(c).startswith(("P", "Z", "S")))
    simplified = sum(0xB0 <= lead <= 0xD7 for lead in words.encode("gb2312", "ignore")[::2])
    traditional = sum(0xA4 <= lead <= 0xC6 for lead in words.encode("big5", "ignore")[::2])
    own = {"gb18030": simplified}.get(encoding, traditional if "5" in encoding else max(simplified, traditional))
    return own / len(words) if words else 0.0
