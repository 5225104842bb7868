"""The whole trace of a decision, for people: what :meth:`corrector.engine.run.Engine.explain` returns."""

from __future__ import annotations

from dataclasses import dataclass

from ..lexicon import Pair
from ..result import Diagnosis


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of context and its weight in log odds: above 0 it speaks for the original. ``＿`` is the word, ``≈的`` a
    character of the same class as 的."""

    context: str
    weight: float


@dataclass(frozen=True, slots=True)
class Trace:
    """Why a place was, or was not, given back one original.

    ``pieces`` sum to ``score``. ``alone`` are the log odds by its own context, ``together`` those with the other places
    of the document; ``active`` is the probability that ``pair`` of one of ``tables`` acted on this part, ``confidence``
    what came of it. ``phrase`` is ``keep``, ``restore`` or empty. ``diagnosis`` holds the converters found around it.
    """

    start: int
    end: int
    pair: Pair
    tables: tuple[str, ...]
    pieces: tuple[Piece, ...]
    score: float
    alone: float
    together: float
    active: float
    confidence: float
    phrase: str
    diagnosis: tuple[Diagnosis, ...]
