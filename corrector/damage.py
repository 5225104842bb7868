"""Converters run forward: what a document looks like after one, and where it was changed.

The repair is learnt from this module's output, so it does exactly what the converters do: replaces literal substrings,
blind to word boundaries and meaning, the longest match first, from left to right, in one pass. What has been written is
never replaced again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from .lexicon.model import Pair, Table
from .surrogates import found


@dataclass(frozen=True, slots=True)
class Change:
    """``original`` stood where the damaged text has ``[start:end]`` (code points; empty where it was deleted)."""

    start: int
    end: int
    original: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged ``text`` and its ``truth``: every change, sorted, never overlapping."""

    text: str
    truth: tuple[Change, ...]


@lru_cache(maxsize=64)
def _compiled(pairs: tuple[Pair, ...]) -> tuple[AhoCorasick, list[str], list[str]]:
    for pair in pairs:
        if not pair.original:
            raise ValueError(f"a pair with an empty original (converted {pair.converted!r}) would match everywhere")
    table = {pair.original: pair.converted for pair in pairs}
    originals = list(table)
    return AhoCorasick(originals, matchkind=MatchKind.LeftmostLongest), originals, list(table.values())


def damage(text: str, table: Table, pairs: Iterable[Pair] | None = None) -> Damaged:
    """``text`` after the converter ``table``, or after only those ``pairs`` of it, with the truth.

    >>> from corrector.lexicon.model import Pair, Table
    >>> rows = [("发展", "开展"), ("动员", "发动"), ("方法", "法")]
    >>> table = Table("X", "", tuple(Pair(o, c, "word", "seen") for o, c in rows))
    >>> damage("发展运动员的方法", table)
    Damaged(text='开展运发动的法', truth=(Change(start=0, end=2, original='发展'), \
Change(start=3, end=5, original='动员'), Change(start=6, end=7, original='方法')))

    Raises :class:`ValueError` for a pair with an empty original.
    """
    automaton, originals, converted = _compiled(table.pairs if pairs is None else tuple(pairs))
    pieces: list[str] = []
    truth: list[Change] = []
    position = 0
    shift = 0
    for index, start, end in found(automaton, text):
        written = converted[index]
        pieces.append(text[position:start])
        pieces.append(written)
        position = end
        at = start + shift
        truth.append(Change(at, at + len(written), originals[index]))
        shift += len(written) - (end - start)
    pieces.append(text[position:])
    return Damaged("".join(pieces), tuple(truth))


def restore(damaged: Damaged) -> str:
    """The text before the damage: ``restore(damage(text, table)) == text``.

    >>> restore(Damaged("科学开展", (Change(2, 4, "发展"),)))
    '科学发展'
    """
    pieces: list[str] = []
    position = 0
    for change in damaged.truth:
        pieces.append(damaged.text[position:change.start])
        pieces.append(change.original)
        position = change.end
    pieces.append(damaged.text[position:])
    return "".join(pieces)
