"""Suspects: places where a character may be a slip, with what it may have been and what speaks for that.

Start with :func:`suspects`, which looks at n-grams; :func:`read` adds what a reader of the whole document says. What is
made of these numbers the networks of :mod:`.slipmodel` know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import counted
from .features import Codes, Ids
from .ngrams import VIEWS, Floats
from .reader import Reader
from .slipmodel import SlipModel

TRIED = 8  # candidates of a place that are looked at from all sides
OFFERED = 3  # of these given to the network
FEATURES = 2 * VIEWS + 10
_LOOKED_UP = 1 << 15  # candidates at a time: more would not stay in the cache


class Suspects(NamedTuple):
    """What is known of places and the candidates offered for each, shapes ``(sites,)`` and ``(sites, OFFERED)``;
    features have one dimension more."""

    at: Ids
    meant: Codes
    features: NDArray[np.float32]


def suspects(model: SlipModel, characters: Codes, starts: Ids, at: Ids, nearest: int | None = None) -> Suspects:
    """Those of ``at`` that fit badly, with the best of all or of the ``nearest`` candidates of each.

    ``characters`` are folded, documents begin at ``starts``.
    """
    return offered(model, characters, starts, at[fits(model, characters, at) < model.limit], nearest)


def fits(model: SlipModel, characters: Codes, at: Ids) -> Floats:
    """How well the character at each of ``at`` fits its neighbours."""
    parts = [model.grams.odd(characters, some) for some in _portions(at, 1)]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)


def offered(model: SlipModel, characters: Codes, starts: Ids, at: Ids, nearest: int | None = None) -> Suspects:
    """All of ``at``, with the best candidates of each."""
    if not len(at):
        return Suspects(at, np.empty((0, OFFERED), np.uint32), np.empty((0, OFFERED, FEATURES), np.float32))
    parts = [_candidates(model, characters, some, nearest) for some in _portions(at, nearest or model.meant.shape[1])]
    choice, rows = (np.concatenate(of) for of in zip(*parts, strict=True))
    rows[:, :, -4:] = _company(characters, starts, at, choice)
    return Suspects(at, choice, rows)


def _portions(at: Ids, candidates: int) -> Iterator[Ids]:
    """The places, each with so many ``candidates``, in portions."""
    size = max(1, _LOOKED_UP // candidates)
    return (at[first : first + size] for first in range(0, len(at), size))


def _candidates(model: SlipModel, characters: Codes, at: Ids, nearest: int | None
                ) -> tuple[Codes, NDArray[np.float32]]:
    grams = model.grams
    every = np.arange(len(at))[:, None]
    meant, like = model.candidates(characters[at], nearest)
    quick = grams.quick(characters, at, meant)
    best = np.argpartition(-(quick + like), TRIED, axis=1)[:, :TRIED]
    meant, like, quick = meant[every, best], like[every, best], quick[every, best]
    said = grams.stand(characters, at, np.concatenate((characters[at][:, None], meant), axis=1))
    scores = said[:3].sum(axis=0)
    best = np.argsort(-(scores[:, 1:] + 2 * quick + 3 * like), axis=1, kind="stable")[:, :OFFERED]
    meant, like = meant[every, best], like[every, best]
    features = np.zeros((len(at), OFFERED, FEATURES), dtype=np.float32)
    features[:, :, :VIEWS] = said[:, :, 0].T[:, None] / 4
    features[:, :, VIEWS : 2 * VIEWS] = said[:, every, best + 1].transpose(1, 2, 0) / 4
    around = characters[at - 2], characters[at - 1], characters[at + 1], characters[at + 2]
    for column, values in enumerate((
            (scores[every, best + 1] - scores[:, :1]) / 5, like / 5,
            np.log1p(grams.single[characters[at]])[:, None] / 10, np.log1p(grams.single[meant]) / 10,
            np.log1p(grams.seen(*around[:2])[0])[:, None] / 4, np.log1p(grams.seen(*around[2:])[0])[:, None] / 4)):
        features[:, :, 2 * VIEWS + column] = values
    return meant, features


def read(reader: Reader, characters: Codes, starts: Ids, lengths: Ids, odd: Suspects) -> Suspects:
    """The same with four features more: what a ``reader`` of the whole documents says of each candidate."""
    said = []
    first, last = np.searchsorted(odd.at, starts), np.searchsorted(odd.at, starts + lengths)
    for start, length, a, b in zip(starts.tolist(), lengths.tolist(), first.tolist(), last.tolist(), strict=True):
        if a < b:
            expected = reader.read(characters[start : start + length], odd.at[a:b] - start)
            written = characters[odd.at[a:b], None]
            said.append(reader.say(expected, np.concatenate((written, odd.meant[a:b]), axis=1)))
    more = np.concatenate(said) if said else np.empty((0, OFFERED + 2), dtype=np.float32)
    own, meant, most = more[:, :1], more[:, 1:-1], more[:, -1:]
    seen = np.stack((np.broadcast_to(own, meant.shape), meant, meant - own, np.broadcast_to(most, meant.shape)), -1)
    return odd._replace(features=np.concatenate((odd.features, seen / 5), axis=2))


def _company(characters: Codes, starts: Ids, at: Ids, meant: Codes) -> NDArray[np.float32]:
    """How often the character, and each that it may have been, stands with the same neighbours elsewhere in its
    document: logarithms, shape ``(sites, OFFERED, 4)``."""
    own = np.broadcast_to(characters[at][:, None], meant.shape)
    before, after = (np.broadcast_to(characters[at + k][:, None], meant.shape) for k in (-1, 1))
    pairs = ((before, own), (own, after), (before, meant), (meant, after))
    first, second = np.zeros(1 << 16, dtype=np.bool_), np.zeros(1 << 16, dtype=np.bool_)
    for a, b in pairs:
        first[a], second[b] = True, True
    here = np.flatnonzero(first.take(characters[:-1]) & second.take(characters[1:]))
    # what stands before the first character of a document is part of it, as what stands behind the last one is
    keys, counts = counted(_keys(starts, here + 1, characters[here], characters[here + 1]))
    seen = np.empty((*meant.shape, 4), dtype=np.float32)
    for column, (a, b) in enumerate(pairs):
        wanted = _keys(starts, at[:, None], a, b)
        row = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        seen[:, :, column] = np.where(keys[row] == wanted, counts[row], 0) - (column < 2)  # itself is no company
    return np.log1p(np.maximum(seen, 0))


def _keys(starts: Ids, at: Ids, first: Codes, second: Codes) -> Ids:
    document = np.searchsorted(starts, at, side="right")
    return document << 32 | first.astype(np.int64) << 16 | second
