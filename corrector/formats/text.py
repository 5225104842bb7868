"""Text and Markdown: decoding that can be taken back byte for byte, or not at all."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Document, document
from ..edits import Edit, apply
from . import FORMATS, FormatError, Place

SUFFIXES = {suffix: format_.kind for format_ in FORMATS for suffix in format_.suffixes}

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


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
            raise TextError(f"{text[error.start]!r} cannot be written in {self.encoding}") from None


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
    if b"\0" in data[:4096]:
        raise TextError("a binary file, not text")
    try:
        return _exact(data, "utf-8", b"")
    except TextError:
        pass
    # GB18030 decodes almost anything: only a text of common Han characters counts, and Big5 where it reads better
    readings = []
    for encoding in ("gb18030", "big5"):
        try:
            reading = _exact(data, encoding, b"")
        except TextError:
            continue
        readings.append((_common(reading.text), reading))
    best = max(readings, key=lambda r: r[0], default=None)
    if best is None or best[0] < 0.1:
        raise TextError("the encoding cannot be told; save the file as UTF-8 and try again")
    return best[1]


def _exact(data: bytes, encoding: str, bom: bytes) -> Decoded:
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError(f"not valid {encoding} at byte {error.start + len(bom)}") from None
    if bom + text.encode(encoding) != data:
        raise TextError(f"{encoding} would not be written back unchanged")
    return Decoded(text, encoding, bom)


_COMMON = frozenset("的一是不了在人有我他这中大来上国和以为到说们时要就出会可也你对生能而子那得于着下自之年过发后作里"
                    "在這個們時來國為會對過後發說學")


def _common(text: str) -> float:
    """The share of very common characters among those that are not ASCII."""
    others = [c for c in text[:20000] if c > "\x7f"]
    return sum(c in _COMMON for c in others) / max(1, len(others))
