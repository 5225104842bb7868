"""Context features: hashed character n-grams around a site, for all sites of a batch at once.

A site's features are row indices into one weight table; each is a hash of the pair, the template and the characters
the template names, or of their classes. The training and the engine both call :func:`features`, so that they cannot
disagree.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from . import kernels
from .classes import classes

BITS = 24
WINDOW = 24  # code points that a template may look at on either side; texts are padded by at least this much

Codes = NDArray[np.uint32]
Ids = NDArray[np.int64]

# What each looks at: characters (0), their classes (1) or groups of classes (2), see :mod:`.classes`, each at an offset
# from the site: -1 is the character before it, +1 the one after it.
_PLACED: tuple[tuple[tuple[int, int], ...], ...] = (
    ((0, -1),), ((0, -2),), ((0, 1),), ((0, 2),),
    ((0, -1), (0, -2)), ((0, -2), (0, -3)), ((0, 1), (0, 2)), ((0, 2), (0, 3)), ((0, -1), (0, 1)),
    ((1, -1),), ((1, 1),), ((1, -2),), ((1, 2),), ((1, -1), (1, 1)), ((1, -2), (1, -1)), ((1, 1), (1, 2)),
    ((1, -1), (0, 1)), ((0, -1), (1, 1)),
    ((2, -3), (2, -2), (2, -1)), ((2, 1), (2, 2), (2, 3)), ((2, -2), (2, -1), (2, 1), (2, 2)),
)  # fmt: skip
_CLASS = 3  # characters whose class is asked for, on either side
_BAG = 10  # the same character anywhere in this stretch is one feature: the head noun at its end decides
_PAIRS = 5  # and the same two characters in this one
# Of the clause its first two characters (0, 1), its last three from the end (2, 3, 4), what stands before and after it
# (5, 6), how far from the site it begins and ends (7, 8).
_ENDS = ((3, 2), (2, 6), (8, 6), (0, 1), (0, 5), (7, 5), (7, 8), (4, 3, 2))
_ENDS_FROM = 100  # the number of the first
COUNT = 1 + len(_PLACED) + 2 * (_BAG + _PAIRS) + len(_ENDS)
_CHUNK = 8192  # sites at a time

_BREAKS = np.zeros(1 << 16, dtype=np.bool_)
_BREAKS[[ord(c) for c in "\0\n\r，。；：、！？,.;:!?（）()〔〕“”‘’〞《》【】「」…—｜|\t　 "]] = True


def pair_key(original: str, converted: str) -> int:
    """A 32-bit key of a pair, stable across versions and machines."""
    return zlib.crc32(f"{original}\t{converted}".encode())


def codes_of(text: str) -> Codes:
    """The code points of ``text``, half pairs of surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def code_points(*texts: str) -> tuple[Codes, Ids]:
    """The code points of all ``texts`` in one row, ``WINDOW`` zeros round each, and where each text starts."""
    margin = "\0" * WINDOW
    joined = margin.join(("", *texts, ""))
    lengths = np.fromiter((len(t) + WINDOW for t in texts), dtype=np.int64, count=len(texts))
    starts = np.concatenate(([WINDOW], WINDOW + np.cumsum(lengths)))[: len(texts)]
    return codes_of(joined), starts


def features(codes: Codes, starts: Ids, ends: Ids, keys: Codes) -> Codes:
    """Row indices, shape ``(sites, COUNT)``; ``starts`` and ``ends`` index into the padded ``codes``."""
    rows = np.empty((len(starts), COUNT), dtype=np.uint32)
    for at, chunk in chunks(codes, starts, ends, keys):
        rows[at : at + chunk.shape[1]] = chunk.T
    return rows


def sums(weights: NDArray[np.int8], codes: Codes, starts: Ids, ends: Ids, keys: Codes) -> NDArray[np.int32]:
    """What the ``weights`` of each site's features add up to; shape ``(sites,)``."""
    if kernels.library and len(weights) == 1 << BITS:
        return kernels.sums(_looks(), weights, codes, starts, ends, keys)
    total = np.empty(len(starts), dtype=np.int32)
    for at, rows in chunks(codes, starts, ends, keys):
        total[at : at + rows.shape[1]] = weights.take(rows, mode="clip").sum(axis=0, dtype=np.int16)
    return total


@cache
def _looks() -> kernels.Struct:
    """The features as the compiled loop is told of them: which of what it sees each is made of.

    It sees the characters before and after the site, nearest first, on each level the classes of the nearest, and what
    :func:`_clause` looks at.
    """
    side, classed = _BAG + 1, 2 * (_BAG + 1)
    ends = classed + 2 * 2 * _CLASS

    def at(level: int, k: int) -> int:
        nth, begin = abs(k) - 1, 0 if level == 0 else classed + (level - 1) * 2 * _CLASS
        return begin + nth + (k > 0) * (_CLASS if level else side)

    made: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    made += ((number, tuple(at(*looked) for looked in template)) for number, template in enumerate(_PLACED, 1))
    number = 1 + len(_PLACED)
    for first in (side, 0):
        made += ((number, (first + k,)) for k in range(_BAG))
        made += ((number + _BAG, (first + k, first + k + 1)) for k in range(_PAIRS))
        number += _BAG + _PAIRS
    made += ((_ENDS_FROM + nth, tuple(ends + i for i in piece)) for nth, piece in enumerate(_ENDS))
    assert len(made) == COUNT <= kernels.FEATURES
    made.sort(key=lambda feature: -len(feature[1]))
    most = len(made[0][1])
    counts = np.array([sum(len(values) > nth for _, values in made) for nth in range(most)], dtype=np.int64)
    seeds = np.array([_seed(number) for number, _ in made], dtype=np.uint32)
    values = np.array([[*values, *[0] * (most - len(values))] for _, values in made], dtype=np.uint8).T
    return kernels.Struct(len(made), most, counts, seeds, values, *classes(), _BREAKS, WINDOW - 2)


def chunks(codes: Codes, starts: Ids, ends: Ids, keys: Codes) -> Iterator[tuple[int, Codes]]:
    """The features of some thousand sites at a time: the first site, and rows of shape ``(COUNT, sites)``."""
    before, after = sliding_window_view(codes[::-1], _BAG + 1), sliding_window_view(codes, _BAG + 1)
    breaks = kernels.where(_BREAKS, codes)
    for at in range(0, len(starts), _CHUNK):
        start, end, key = starts[at : at + _CHUNK], ends[at : at + _CHUNK], keys[at : at + _CHUNK]
        rows = np.empty((COUNT, len(key)), dtype=np.uint32)
        _near(before[len(codes) - start].T.copy(), after[end].T.copy(), key, rows[: -len(_ENDS)])
        _clause(codes, breaks, start, end, key, rows[-len(_ENDS) :])
        rows *= np.uint32(0xC2B2AE35)
        rows ^= rows >> np.uint32(16)
        rows &= np.uint32((1 << BITS) - 1)
        yield at, rows


def looked_at(text: str, start: int, end: int) -> list[str]:
    """For each feature of the site ``text[start:end]`` what it looked at, for people: ``＿`` is the site.

    One a row of :func:`features`, in its order.
    """
    padded = "\0" * WINDOW + text + "\0" * WINDOW
    left, right = padded[start : start + WINDOW][::-1], padded[end + WINDOW : end + 2 * WINDOW]
    named = ["＿"]
    for template in _PLACED:
        level = {k: level for level, k in template}
        shown = ["≈" * (level.get(k, 0) > 0) + ((right[k - 1] if k > 0 else left[-k - 1]) if k in level else "·")
                 if k else "＿" for k in range(min(*level, 0), max(*level, 0) + 1)]
        named.append("".join(shown))
    for side, form in ((right, "＿…{}"), (left, "{}…＿")):
        named += [form.format(c) for c in side[:_BAG]]
        pairs = [side[i : i + 2] for i in range(_PAIRS)]
        named += [form.format(pair if side is right else pair[::-1]) for pair in pairs]
    named += ["＿…{}|", "＿…{}", "＿{}", "|{}…＿", "{}…＿", "{}＿", "{}＿{}", "＿…{}|"]
    r, w = _clause_length(right), _clause_length(left)
    ahead, behind = right[:r], left[:w][::-1]
    values = ((ahead[-2:],), (ahead[-1:] + right[r],), (f"[{r}]{right[r]}",), (behind[:2],),
              (left[w] + behind[:1],), (f"{left[w]}[{w}]",), (f"[{w}]", f"[{r}]"), (ahead[-3:],))
    forms = named[-len(_ENDS) :]
    named[-len(_ENDS) :] = [form.format(*value) for form, value in zip(forms, values, strict=True)]
    return [n.replace("\0", "¶").replace("\n", "⏎") for n in named]


def _clause_length(side: str) -> int:
    return next((i for i, c in enumerate(side[:-2]) if ord(c) < 1 << 16 and _BREAKS[ord(c)]), WINDOW - 2)


def _near(before: Codes, after: Codes, keys: Codes, rows: Codes) -> None:
    """The features of what stands near: shapes ``(_BAG + 1, sites)``, nearest first."""
    rows[0] = keys
    seen = [(before, after), *((table.take(before[:_CLASS], mode="clip"), table.take(after[:_CLASS], mode="clip"))
                               for table in classes())]
    for column, template in enumerate(_PLACED, 1):
        rows[column] = _mixed(keys, column, [seen[level][k > 0][abs(k) - 1] for level, k in template])
    column = 1 + len(_PLACED)
    for side in (after, before):
        rows[column : column + _BAG] = _mixed(keys, column, [side[:_BAG]])
        column += _BAG
        rows[column : column + _PAIRS] = _mixed(keys, column, [side[:_PAIRS], side[1 : _PAIRS + 1]])
        column += _PAIRS


def _clause(codes: Codes, breaks: Ids, starts: Ids, ends: Ids, keys: Codes, rows: Codes) -> None:
    """How the clause begins and ends: its first and last characters, what cuts it off, how far away that is."""
    w = np.minimum(starts - 1 - breaks[np.searchsorted(breaks, starts) - 1], WINDOW - 2)
    r = np.minimum(breaks[np.searchsorted(breaks, ends)] - ends, WINDOW - 2)
    first = [np.where(w > k, codes[starts - w + k], np.uint32(0)) for k in range(2)]
    last = [np.where(r > k, codes[ends + r - (1 + k)], np.uint32(0)) for k in range(3)]
    seen = (*first, *last, codes[starts - 1 - w], codes[ends + r], w.astype(np.uint32), r.astype(np.uint32))
    for number, piece in enumerate(_ENDS):
        rows[number] = _mixed(keys, _ENDS_FROM + number, [seen[i] for i in piece])


def _mixed(keys: Codes, number: int, values: Sequence[Codes]) -> Codes:
    """The hash of a template: its ``number`` and the ``values`` of what it looks at."""
    h = keys + _seed(number)
    for value in values:
        h = h ^ value
        h *= np.uint32(0x85EBCA6B)
        h ^= h >> np.uint32(15)
    return h


def _seed(number: int) -> np.uint32:
    return np.uint32(number * 0x9E3779B1 & 0xFFFFFFFF)
