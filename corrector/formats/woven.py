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
from unicodedata import east_asian_width

from ..document import Document, Span, disjoint, document
from ..edits import Edit, EditError, trim
from . import Place
from .markup import Splice, characters, escaped


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
    """A paragraph of the source called ``part``; ``number`` counts from 1 in ``place``, the name for people.

    A twin that says only a part of it begins at ``offset`` in it. What is ``kept`` of its text is read, and not edited.
    """

    part: str
    place: str
    number: int
    bits: list[Bit] = field(default_factory=list)
    twins: list[Paragraph] = field(default_factory=list)  # the same text once more, for older programs
    offset: int = 0
    kept: list[Span] = field(default_factory=list)

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

    def collapse(self, wrapped: bool = False) -> None:
        """Leaves out line breaks of the source where no blank is shown: at the ends, and after a blank.

        With ``wrapped`` also between two wide characters: so are lines of Chinese wrapped in the source of a page.
        """
        kept: list[Bit] = []
        for i, bit in enumerate(self.bits):
            if bit.text != " " or bit.editable:
                kept.append(bit)
            elif kept and i + 1 < len(self.bits):
                before, after = kept[-1].text[-1:], self.bits[i + 1].text[:1]
                if not (before.isspace() or (wrapped and _wide(before) and _wide(after))):
                    kept.append(bit)
        while kept and kept[-1].text == " " and not kept[-1].editable:
            kept.pop()
        self.bits = kept


def _wide(char: str) -> bool:
    return char != "" and east_asian_width(char) in "WF"


def echo(paragraphs: Iterable[Paragraph], again: Iterable[Paragraph]) -> list[Paragraph]:
    """Makes twins of those ``again`` that say what one of ``paragraphs`` says, in order; the others are given back."""
    said: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        said.setdefault(paragraph.text, []).append(paragraph)
    others = []
    for paragraph in again:
        if same := said.get(paragraph.text):
            (same.pop(0) if len(same) > 1 else same[0]).twins.append(paragraph)
        else:
            others.append(paragraph)
    return others


class Change(NamedTuple):
    """In the source called ``part``, ``[start:end]`` becomes ``text``, unescaped. ``edit`` is the one it belongs to."""

    part: str
    start: int
    end: int
    text: str
    edit: Edit


def by_part(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The ``changes`` of each source."""
    parts: dict[str, list[Change]] = {}
    for change in changes:
        parts.setdefault(change.part, []).append(change)
    return parts


def splices(changes: Iterable[Change]) -> list[Splice]:
    """What ``changes`` write into their source."""
    return [(c.start, c.end, escaped(c.text)) for c in changes]


class _Piece(NamedTuple):
    """A bit, or some of its characters, that stands at ``[at:end]`` in the text of the document."""

    at: int
    end: int
    part: str
    bit: Bit

    def cut(self, start: int, end: int) -> _Piece:
        """The characters at ``[start:end]``; one that is written as an entity is not divided."""
        if (start, end) == (self.at, self.end):
            return self
        first = self.bit.start + start - self.at
        bit = Bit(self.bit.text[start - self.at : end - self.at], first, first + end - start)
        return _Piece(start, end, self.part, bit)


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


class Reading:
    """A file whose text is ``woven``: see :class:`corrector.formats.Opened`."""

    __slots__ = ()
    woven: Woven

    @property
    def document(self) -> Document:
        return self.woven.document

    @property
    def places(self) -> Sequence[Place]:
        return self.woven.places


def _changes(layer: list[_Piece], edit: Edit, whole: bool) -> Iterator[Change]:
    """What ``edit`` does to the sources of ``layer``; nothing when not all of it stands there."""
    start, end, text = trim(*edit[:4])
    pieces = _pieces(layer, edit.start, edit.end)
    if sum(p.end for p in pieces) - sum(p.at for p in pieces) < edit.end - edit.start:
        return
    if whole and len(pieces) == 1:
        yield _in_piece(pieces[0], edit.start, edit.end, edit.replacement, edit)
    elif start == end:  # only something to put in: after the character before it, or else before the one that follows
        before, after = _pieces(layer, start - 1, start), _pieces(layer, start, start + 1)
        beside = before if before and (start > edit.start or not after) else after
        if beside:
            yield _in_piece(beside[0], start, end, text, edit)
    else:
        pieces = _pieces(layer, start, end)
        for piece in pieces:
            last = piece is pieces[-1]
            part = text[piece.at - start :] if last else text[piece.at - start : piece.end - start]
            yield _in_piece(piece, piece.at, piece.end, part, edit)


def _pieces(layer: list[_Piece], start: int, end: int) -> list[_Piece]:
    """The pieces that stand at ``[start:end]``, cut to it."""
    found = []
    for i in range(max(0, bisect_right(layer, start, key=_start) - 1), len(layer)):
        piece = layer[i]
        if piece.at >= end:
            break
        if piece.end > start:
            found.append(piece.cut(max(start, piece.at), min(end, piece.end)))
    return found


def _in_piece(piece: _Piece, start: int, end: int, text: str, edit: Edit) -> Change:
    """``text`` in place of the whole of ``piece``, or at one of its ends."""
    first, last = piece.bit.start, piece.bit.end
    if start == end:
        first = last = first if start == piece.at else last
    return Change(piece.part, first, last, text, edit)


def _start(piece: _Piece) -> int:
    return piece.at


def weave(paragraphs: Iterable[Paragraph], kind: str) -> Woven:
    """One document of ``paragraphs``; empty ones are left out. Joints and all that is not editable are protected."""
    texts: list[str] = []
    places: list[Place] = []
    fixed: list[Span] = []
    kept: list[Span] = []
    layers: list[list[_Piece]] = [[]]
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
        kept += ((at + start, at + end) for start, end in sorted(paragraph.kept))
        for i, own in enumerate((paragraph, *paragraph.twins)):
            if i == len(layers):
                layers.append([])
            here = at + own.offset
            for bit in own.bits:
                end = here + len(bit.text)
                if bit.editable:
                    layers[i].append(_Piece(here, end, own.part, bit))
                elif own is paragraph:
                    fixed.append((here, end))
                here = end
        at += len(text)
    joined = document("\n".join(texts))
    protected = disjoint(fixed, kept, joined.protected)
    return Woven(Document(joined.text, kind, protected), tuple(places), tuple(layers))
