"""The values that dictionaries are read into. All immutable.

Where many kinds of plain values are defined, here and in the engine, most are named tuples: a dataclass takes a
millisecond to define, and a short command is done in two hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a converter table: the converter writes ``converted`` wherever ``original`` stood.

    ``kind`` is ``word``, ``character``, ``punctuation`` or ``glyph``, or a word that says more of its converter than
    others, or nothing: ``coined`` if nobody else writes it, ``dated`` if hardly anybody does, ``plain`` if it belongs
    to a style. ``evidence`` is ``seen``, ``reported`` or ``learnt``; ``count`` is how often the pair was seen in
    damaged documents.
    """

    original: str
    converted: str
    kind: str
    evidence: str
    count: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A converter: its ``name`` (``A``), a one-line ``title`` saying where it is met, and its ``pairs``.

    A ``rare`` one is met so seldom that a document must say more before it is believed.
    """

    name: str
    title: str
    pairs: tuple[Pair, ...]
    rare: bool = False


class Phrase(NamedTuple):
    """A certain context: in ``text`` the span ``text[start:end]`` is healthy (``keep``) or damaged (``restore``).

    For ``restore`` rows ``replacement`` is what the span was; for ``keep`` rows it is empty. ``reason`` is the row's
    own words.
    """

    text: str
    start: int
    end: int
    replacement: str
    reason: str
    keep: bool


class Weight(NamedTuple):
    """What a project's reviewers taught of a pair: so much is added to the log odds that it acted at a place."""

    original: str
    converted: str
    odds: float


class Slip(NamedTuple):
    """A string that is no word (设臵), what it was meant to be, and how it came about.

    ``kind`` is ``shape``, ``sound``, or ``script`` (a conversion).
    """

    slip: str
    word: str
    kind: str


class SetPhrase(NamedTuple):
    """A phrase of at least four characters that is always written so.

    ``besides`` are strings like it that are as good, ``documents`` in how many it was met.
    """

    text: str
    documents: int = 0
    besides: frozenset[str] = frozenset()

    @property
    def never(self) -> bool:
        """Whether so much is like it that no slip of it is known for one."""
        return "*" in self.besides

    @property
    def loose(self) -> bool:
        """Whether it is right as well without one of its characters."""
        return any(len(b) < len(self.text) for b in self.besides)


class Syllable(NamedTuple):
    """A sound without its tone (``jian``) and the characters that are read so."""

    sound: str
    characters: str


class Glyph(NamedTuple):
    """Marks that are damaged (``‚…‛``), what they were (``“…”``), and the rule by which a document proves it."""

    glyph: str
    right: str
    rule: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the dictionaries hold.

    ``tables`` by name order, ``phrases``, ``allowed`` words (never edited), ``slips`` (corrected wherever they stand),
    ``weights`` of pairs, ``overconverted`` slips (corrected in traditional script), ``glyphs``, ``set_phrases`` and the
    ``syllables`` by which slips of these are known.
    """

    tables: tuple[Table, ...]
    phrases: tuple[Phrase, ...] = ()
    allowed: frozenset[str] = frozenset()
    slips: tuple[Slip, ...] = ()
    weights: tuple[Weight, ...] = ()
    overconverted: tuple[Slip, ...] = ()
    glyphs: tuple[Glyph, ...] = ()
    set_phrases: tuple[SetPhrase, ...] = ()
    syllables: tuple[Syllable, ...] = ()

    def table(self, name: str) -> Table:
        """The table called ``name``; ``KeyError`` names the ones there are."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"no converter {name!r}; known: {', '.join(t.name for t in self.tables)}")
