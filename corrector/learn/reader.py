"""Training the reader: ``python -m corrector.learn.reader CORPORA [--output FOLDER]``, with the extra ``reader``.

One character in eight of the healthy part ``train`` is hidden, or replaced by one alike in shape or sound, or by any
other, and what stood there is to be told from what stands around; others are asked for as they stand. So the network
learns both to expect and to doubt. At the end mistakes are as few and as hard to see as in a misread document.
Takes some four hours on two cores that multiply bfloat16 matrices, many hours on others. The result differs a
little from processor to processor; ``reader.json`` keeps the hash of the shipped one. Its first run knew no ``usual``
mistakes and asked for nothing that was left, its last two began where the one before had been packed, and only the
last one read web pages and packages (:mod:`.more`) too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from pypinyin import lazy_pinyin
from torch import Tensor, nn
from torch.nn import functional

from ..engine.features import code_points
from ..engine.model import DATA
from ..engine.ngrams import chinese, fold
from ..engine.reader import DISTANCES, HIDDEN, INNER, LOUD, UNKNOWN, WIDTH, pack
from ..lexicon.read import dictionaries
from .corpora import folders, read
from .shapes import Alike, alike
from .split import part
from .store import hashes, write

ROW, WARM = 8192, 300  # characters a step, and steps until the rate is reached
LARGE = 2.5e6  # characters from which of a corpus only a part is read at a time, if all are to be heard
FEWER = 0.6  # of a last run, from where on there are few mistakes
ANSWERS = 2560  # of a row
KNOWN = 12  # times that a character must be seen to have a vector
SOUNDS, SOUNDED = 24, 30
Ids = NDArray[np.int64]


class Run(NamedTuple):
    """How many times the text is read, and the rate that falls to nothing meanwhile; the ``last`` runs hear small
    corpora more often than large ones, and end with few mistakes."""

    times: float
    rate: float
    last: bool = False


class Mistakes(NamedTuple):
    """Of the characters those that are ``changed``, and those ``left`` as they are but asked for too; of the changed up
    to each of the ``shares`` hidden, alike, of one sound, any other; the rest is kept."""

    changed: float
    left: float
    shares: tuple[float, float, float, float]


RUNS = Run(1.5, 1.5e-3), Run(0.7, 8e-4), Run(0.75, 1.1e-3, last=True), Run(0.74, 1.1e-3, last=True)
MANY, FEW = Mistakes(0.13, 0.27, (0.45, 0.72, 0.80, 0.88)), Mistakes(0.05, 0.35, (0.20, 0.75, 0.83, 0.93))


@dataclass(frozen=True, slots=True)
class Confused:
    """What a character may be taken for: a row of characters each, 0 for none, ``shape`` and those of it that are met
    often, ``usual``; ``other`` is how often up to it any character is drawn."""

    shape: Ids
    usual: Ids
    sound: Ids
    other: NDArray[np.float64]

    def __call__(self, true: Ids, shares: Sequence[float], draw: np.random.Generator
                 ) -> tuple[Ids, NDArray[np.bool_]]:
        """What is written for each of ``true``, and which of them are hidden instead."""
        written, lot = true.copy(), draw.random(len(true))
        near = np.minimum(draw.exponential(8, len(true)).astype(np.int64), self.shape.shape[1] - 1)
        any_usual = draw.integers(0, self.usual.shape[1], len(true))
        any_sound = draw.integers(0, SOUNDS, len(true))
        shape = np.where(draw.random(len(true)) < 0.5, self.shape[true, near], self.usual[true, any_usual])
        for low, high, taken in ((shares[0], shares[1], shape),
                                 (shares[1], shares[2], self.sound[true, any_sound])):
            chosen = (lot >= low) & (lot < high) & (taken > 0)
            written[chosen] = taken[chosen]
        chosen = (lot >= shares[2]) & (lot < shares[3])
        written[chosen] = np.searchsorted(self.other, draw.random(int(chosen.sum())))
        return written, lot < shares[0]


class Block(nn.Module):
    """As :class:`corrector.engine.reader.Layer`."""

    def __init__(self, distance: int) -> None:
        super().__init__()
        self.distance = distance
        self.even, self.inner, self.outer = nn.LayerNorm(WIDTH), nn.Linear(3 * WIDTH, INNER), nn.Linear(INNER, WIDTH)
        nn.init.normal_(self.inner.weight, std=(2 / (3 * WIDTH)) ** 0.5)
        nn.init.normal_(self.outer.weight, std=0.3 * (2 / INNER) ** 0.5)
        nn.init.zeros_(self.inner.bias)
        nn.init.zeros_(self.outer.bias)

    def forward(self, values: Tensor) -> Tensor:
        own = self.even(values)
        seen = torch.cat((torch.roll(own, self.distance, 0), own, torch.roll(own, -self.distance, 0)), 1)
        return values + self.outer(functional.relu(self.inner(seen)))  # type: ignore[no-any-return]


class Network(nn.Module):
    """As :class:`corrector.engine.reader.Reader`."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(tokens, WIDTH)
        nn.init.normal_(self.vectors.weight, std=0.05)
        self.blocks = nn.ModuleList(Block(d) for d in DISTANCES)
        self.even, self.last, self.expected = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH)
        self.usual = nn.Parameter(torch.zeros(tokens))

    def forward(self, row: Tensor, asked: Tensor, answers: Tensor) -> Tensor:
        values = functional.embedding(row, self.vectors.weight) * float(LOUD)
        for block in self.blocks:
            values = block(values)
        inner = functional.relu(self.last(self.even(values)[asked]))
        fits = functional.linear(self.expected(inner), self.vectors.weight, self.usual)
        return functional.cross_entropy(fits.float(), answers)


def tokens(frequency: Ids, shapes: Alike) -> NDArray[np.uint16]:
    """A number for each character that has a vector, ``UNKNOWN`` for others."""
    known = np.union1d(np.flatnonzero(frequency >= KNOWN), np.concatenate((shapes.observed, shapes.common)))
    table = np.full(1 << 16, UNKNOWN, dtype=np.uint16)
    table[known] = UNKNOWN + 1 + np.arange(len(known))
    return table


def confused(frequency: Ids, shapes: Alike) -> Confused:
    shape, usual = (np.zeros((1 << 16, some.shape[1]), dtype=np.int64) for some in (shapes.misread, shapes.usual))
    shape[shapes.common], usual[shapes.common] = shapes.misread, shapes.usual
    codes = np.arange(1 << 16, dtype=np.uint32)
    alike_in_sound = defaultdict(list)
    for c in np.flatnonzero(chinese(codes) & (frequency >= SOUNDED)).tolist():
        alike_in_sound[_roughly(lazy_pinyin(chr(c))[0])].append(c)
    sound = np.zeros((1 << 16, SOUNDS), dtype=np.int64)
    for group in alike_in_sound.values():
        for c in group if len(group) > 1 else ():
            others = np.array([x for x in group if x != c])
            weights = np.sqrt(frequency[others])
            sound[c] = np.random.default_rng(c).choice(others, SOUNDS, p=weights / weights.sum())
    weights = np.where(chinese(codes), frequency, 0) ** 0.75
    return Confused(shape, usual, sound, np.cumsum(weights / weights.sum()))


def _roughly(syllable: str) -> str:
    """A syllable as those speak it who know no zh, l or ng."""
    for exact, rough in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n")):
        if syllable.startswith(exact):
            syllable = rough + syllable[len(exact) :]
    return syllable[:-1] if syllable.endswith("ng") else syllable


class Shelf(NamedTuple):
    """The documents to be read, folded, and of each which share of its corpus is read at a time."""

    documents: Sequence[NDArray[np.uint16]]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, documents: Sequence[tuple[str, NDArray[np.uint16]]]) -> Shelf:
        """Those of corpora, which are named."""
        size = Counter[str]()
        for corpus, document in documents:
            size[corpus] += len(document)
        shares = [min(1.0, (LARGE / size[corpus]) ** 0.5) for corpus, _ in documents]
        return cls([document for _, document in documents], np.array(shares))

    def characters(self, all_heard: bool, draw: np.random.Generator) -> NDArray[np.uint16]:
        """All documents in any order, or of large corpora only a part, if ``all_heard``."""
        wanted = draw.random(len(self.documents)) < (self.shares if all_heard else 1.0)
        return np.concatenate([self.documents[i] for i in draw.permutation(np.flatnonzero(wanted)).tolist()])


def rows(shelf: Shelf, number: NDArray[np.uint16], mistake: Confused, run: Run, few: int, seed: int
         ) -> Iterator[tuple[NDArray[np.int64], Ids, NDArray[np.int64]]]:
    """Endless rows of tokens with mistakes, few from the row ``few`` on, the places asked for, and their answers."""
    draw = np.random.default_rng(seed)
    shown = 0
    while True:
        characters = shelf.characters(run.last, draw)
        first = int(draw.integers(0, min(ROW, max(1, len(characters) - ROW))))
        for at in draw.permutation(np.arange(first, max(first + 1, len(characters) - ROW), ROW)).tolist():
            mistakes = MANY if shown < few else FEW
            true = characters[at : at + ROW].astype(np.uint32)
            lot = np.where(chinese(true), draw.random(len(true)), 1)
            changed = np.flatnonzero(lot < mistakes.changed)
            asked = np.flatnonzero(lot < mistakes.changed + mistakes.left)
            if not len(asked):
                continue
            written, hidden = mistake(true[changed].astype(np.int64), mistakes.shares, draw)
            row = number[true].astype(np.int64)
            asked = np.resize(draw.permutation(asked), ANSWERS)
            answers = row[asked]
            row[changed] = np.where(hidden, HIDDEN, number[written])
            yield row, asked, answers
            shown += 1


def teach(shelf: Shelf, number: NDArray[np.uint16], mistake: Confused, runs: Sequence[Run]) -> Network:
    """A network that has read what is on the ``shelf``. Weights are kept in full and used in bfloat16."""
    torch.manual_seed(0)
    network = Network(-(-int(number.max() + 1) // 32) * 32)
    network.bfloat16()
    used = list(network.parameters())
    full = [p.detach().float().clone().requires_grad_() for p in used]
    loss, size = torch.compile(network, dynamic=False), sum(map(len, shelf.documents))
    for seed, run in enumerate(runs, 1):
        descent = torch.optim.AdamW(full, run.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        steps = int(run.times * size / ROW)
        shown = rows(shelf, number, mistake, run, int(FEWER * steps) if run.last else steps, seed)
        for step, row in zip(range(steps), shown, strict=False):
            descent.param_groups[0]["lr"] = run.rate * min(1, (step + 1) / WARM) * (1 - step / steps)
            network.zero_grad()
            loss(*map(torch.from_numpy, row)).backward()
            for kept, p in zip(full, used, strict=True):
                kept.grad = p.grad.float() if p.grad is not None else None
            nn.utils.clip_grad_norm_(full, 1.0)
            descent.step()
            with torch.no_grad():
                torch._foreach_copy_(used, full)
    network.float()
    with torch.no_grad():
        torch._foreach_copy_(list(network.parameters()), full)
    return network


def packed(network: Network, number: NDArray[np.uint16]) -> dict[str, NDArray[np.generic]]:
    """The arrays of :func:`corrector.engine.reader.unpack`: what evens out goes into the map behind it."""

    def behind(even: nn.LayerNorm, linear: nn.Linear, times: int = 1) -> tuple[NDArray[np.float32], ...]:
        weight, shift = linear.weight.detach().double(), linear.bias.detach().double()
        scale, moved = even.weight.detach().double().repeat(times), even.bias.detach().double().repeat(times)
        return ((weight * scale).T.float().numpy(), (shift + weight @ moved).float().numpy())

    layers = [(*behind(b.even, b.inner, 3), b.outer.weight.detach().T.numpy(), b.outer.bias.detach().numpy())
              for b in network.blocks if isinstance(b, Block)]
    expected = network.expected.weight.detach().numpy(), network.expected.bias.detach().numpy()
    return pack(number, network.vectors.weight.detach().numpy(), network.usual.detach().numpy(), layers,
                behind(network.even, network.last), expected)


def train(corpora: Path, output: Path) -> None:
    """Learns from ``corpora`` and writes ``reader.bin`` and ``reader.json`` into ``output``."""
    shelf = Shelf.of([(corpus, fold(code_points(text)[0]).astype(np.uint16)) for corpus, name, text in read(corpora)
                      if part(name, corpus) == "train"])
    frequency = np.bincount(np.concatenate(shelf.documents), minlength=1 << 16)
    shapes = alike(frequency, dictionaries() / "shapes.tsv")
    number = tokens(frequency, shapes)
    network = teach(shelf, number, confused(frequency, shapes), RUNS)
    write(output, "reader", packed(network, number), {"corpora": hashes(corpora)})


if __name__ == "__main__":
    train(*folders(__doc__, DATA))
