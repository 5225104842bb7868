"""One text out of many places: what a container's document is made of, and the way back from its edits to the sources.

A reader collects :class:`Paragraph` after :class:`Paragraph`; :func:`weave` joins them into one document.
:meth:`Woven.changes` then says, for the edits of that document, what becomes of which characters in which source, so
that **each character that changes takes the place, and so the formatting, of the one it replaces**.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..document import Document, Span, disjoint, document
from ..edits import Edit, EditError
from . import Place
from .markup import characters


class Bit(NamedTuple):
    """``text`` that stands in a source at ``[start:end]``: as many characters, or one written as an entity.

    One that is not ``editable`` (a tab, a field, a formula) is read for its context only.
    """

    text: str
    start: int
    end: int
    editable: bool = True


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the source called ``part``; ``number`` counts from 1 in ``place``, the name for people."""

    part: str
    place: str
    number: int
    bits: list[Bit] = field(default_factory=list)
    twins: list[Paragraph] = field(default_factory=list)  # the same text once more, for older programs

    @property
    def text(self) -> str:
        return "".join(bit.text for bit in self.bits)

    def read(self, source: str, start: int, end: int, editable: bool = True) -> None:
        """Adds the character data in ``source[start:end]``."""
        for c in characters(source, start, end):
            alone = c.plain or (len(c.text) == 1 and c.text != " ")
            self.bits.append(Bit(c.text, c.start, c.end, editable and alone))

    def add(self, text: str) -> None:
        """Adds what stands for something that is no text."""
        self.bits.append(Bit(text, 0, 0, False))


class Change(NamedTuple):
    """In the source called ``part``, ``[start:end]`` becomes ``text``, unescaped. ``edit`` is the one it belongs to."""

    part: str
    start: int
    end: int
    text: str
    edit: Edit


class _Piece(NamedTuple):
    at: int  # where it stands in the text of the document
    part: str
    bit: Bit


@dataclass(frozen=True, slots=True)
class Woven:
    """A document, where its paragraphs start, and where its characters stand in the sources (``_layers``)."""

    document: Document
    places: tuple[Place, ...]
    _layers: tuple[list[_Piece], ...]

    def changes(self, edits: Sequence[Edit], whole: bool = False) -> list[Change]:
        """What ``edits`` do to the sources, in order.

        With ``whole`` an edit inside one bit replaces all of its text, as one would write it; otherwise only the
        characters that differ. Raises :class:`EditError` for edits that do not fit, or reach into what is protected.
        """
        changes: list[Change] = []
        for edit in edits:
            own = list(_changes(self._layers[0], edit, whole))
            if not own or self.document.text[edit.start : edit.end] != edit.original:
                raise EditError(f"edit {edit.original!r} at {edit.start} does not fit the text")
            changes += own
            for layer in self._layers[1:]:
                changes += _changes(layer, edit, whole)
        return changes


def _changes(layer: list[_Piece], edit: Edit, whole: bool) -> Iterator[Change]:
    first = max(0, bisect_right(layer, edit.start, key=_start) - 1)
    pieces = []
    for piece in layer[first:]:
        if piece.at >= edit.end:
            break
        if piece.at + len(piece.bit.text) > edit.start:
            pieces.append(piece)
    if sum(min(edit.end, p.at + len(p.bit.text)) - max(edit.start, p.at) for p in pieces) < edit.end - edit.start:
        return  # a twin's layer, which lacks this text
    if whole and len(pieces) == 1:
        yield _in_piece(pieces[0], edit.start, edit.end, edit.replacement, edit)
        return
    start, end, text = trimmed(edit)
    if start == end:  # only something to put in: after the kept character before it, or before the one that follows
        near = start - 1 if start > edit.start else start
        piece = next(p for p in pieces if p.at <= near < p.at + len(p.bit.text))
        yield _in_piece(piece, start, end, text, edit)
        return
    pieces = [p for p in pieces if p.at < end and p.at + len(p.bit.text) > start]
    for piece in pieces:
        begin, stop = max(start, piece.at), min(end, piece.at + len(piece.bit.text))
        part = text[begin - start :] if piece is pieces[-1] else text[begin - start : stop - start]
        yield _in_piece(piece, begin, stop, part, edit)


def trimmed(edit: Edit) -> tuple[int, int, str]:
    """The part of ``edit`` that differs: ``[start:end]`` becomes the text.

    >>> trimmed(Edit(4, 7, "原那么", "原则"))
    (5, 7, '则')
    """
    old, new = edit.original, edit.replacement
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return edit.start + head, edit.end - tail, new[head : len(new) - tail]


def _in_piece(piece: _Piece, start: int, end: int, text: str, edit: Edit) -> Change:
    bit = piece.bit
    if len(bit.text) == bit.end - bit.start:
        return Change(piece.part, bit.start + start - piece.at, bit.start + end - piece.at, text, edit)
    if start == end:  # beside an entity
        at = bit.start if start == piece.at else bit.end
        return Change(piece.part, at, at, text, edit)
    return Change(piece.part, bit.start, bit.end, text, edit)


def _start(piece: _Piece) -> int:
    return piece.at


def weave(paragraphs: Iterable[Paragraph], kind: str) -> Woven:
    """One document of ``paragraphs``; empty ones are left out. Joints and all that is not editable are protected."""
    texts: list[str] = []
    places: list[Place] = []
    fixed: list[Span] = []
    first: list[_Piece] = []
    second: list[_Piece] = []
    at = 0
    for paragraph in paragraphs:
        text = paragraph.text
        if not text.strip():
            continue
        if texts:
            fixed.append((at, at + 1))
            at += 1
        places.append(Place(at, paragraph.place, paragraph.number))
        texts.append(text)
        for layer, own in ((first, paragraph), *((second, twin) for twin in paragraph.twins[:1])):
            here = at
            for bit in own.bits:
                if bit.editable:
                    layer.append(_Piece(here, own.part, bit))
                elif layer is first:
                    fixed.append((here, here + len(bit.text)))
                here += len(bit.text)
        at += len(text)
    joined = document("\n".join(texts))
    protected = disjoint(fixed, joined.protected)
    return Woven(Document(joined.text, kind, protected), tuple(places), (first, second))
