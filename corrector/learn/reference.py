"""Healthy reference statistics: which words stand next to which in healthy text.

Start with :class:`Reference`; :mod:`.mine` compares a corpus with it, :mod:`.tables` asks it what is a word. The one
that ships (``corrector/data/reference.xz``) is made by

    python -m corrector.learn.reference CORPORA

from the ``train`` part of the corpora (:mod:`.split`). Words are found by longest match, in the corpora and later in
the text that is looked at, so that both are cut alike: a plain rule matters less here than the same rule. The words
come from the word list of jieba (needed only to build), as far as the corpora have them.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from ..errors import Trouble
from .corpora import read
from .split import part

Ids = NDArray[np.int64]

WORDS = 45_000
LONGEST = 4  # characters of a word
LEAST_PAIR = 2  # how often two words must stand together to be kept
LEAST_CHARACTER = 50
STEP = 0.35  # counts are kept as powers: exp(STEP * n)
LEFT_OUT = ("exams",)  # damage hides in it


@dataclass(frozen=True)
class Reference:
    """``words`` with their ``counts``; ``keys`` (``left * len(words) + right``, sorted) with ``together``.

    Word 0 stands for everything that is no word.
    """

    words: tuple[str, ...]
    counts: NDArray[np.float32]
    keys: Ids
    together: NDArray[np.float32]

    @cached_property
    def ids(self) -> dict[str, int]:
        """The number of each word."""
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self.words[1:], matchkind=MatchKind.LeftmostLongest)

    @cached_property
    def total(self) -> float:
        """How many words were counted."""
        return float(self.counts.sum(dtype=np.float64))

    def cut(self, text: str) -> tuple[Ids, Ids]:
        """The words of ``text`` as numbers, and where each starts; unknown characters are word 0."""
        found = self._automaton.find_matches_as_indexes(text)
        if not found:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        triples = np.fromiter((n for triple in found for n in triple), dtype=np.int64, count=3 * len(found))
        numbers, starts, ends = triples.reshape(-1, 3).T
        gap = np.flatnonzero(starts[1:] > ends[:-1]) + 1
        return np.insert(numbers + 1, gap, 0), np.insert(starts, gap, ends[gap - 1])

    def extended(self, words: Iterable[str]) -> Reference:
        """This reference with ``words`` that healthy text does not have."""
        new = tuple(word for word in dict.fromkeys(words) if word not in self.ids)
        size, larger = len(self.words), len(self.words) + len(new)
        keys = self.keys // size * larger + self.keys % size
        return Reference(self.words + new, np.r_[self.counts, np.zeros(len(new), np.float32)], keys, self.together)

    def opened(self) -> Reference:
        """This reference with its longer words read as two words as well: 人民 stands before 法院 in 人民法院."""
        size = len(self.words)
        halves = [(i, self.ids[word[:k]], self.ids[word[k:]]) for i, word in enumerate(self.words) if len(word) > 2
                  for k in range(1, len(word)) if word[:k] in self.ids and word[k:] in self.ids]
        word, left, right = np.array(halves, dtype=np.int64).reshape(-1, 3).T
        more = np.bincount(np.concatenate((left, right)), np.tile(self.counts[word], 2), minlength=size)
        keys, where = np.unique(np.concatenate((self.keys, left * size + right)), return_inverse=True)
        together = np.bincount(where, np.concatenate((self.together, self.counts[word])))
        return Reference(self.words, self.counts + more.astype(np.float32), keys, together.astype(np.float32))

    def beside(self, left: Ids, right: Ids) -> NDArray[np.float32]:
        """How often each ``left`` stood directly before its ``right``; 0 when too seldom to be kept."""
        wanted = left * len(self.words) + right
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: NDArray[np.float32] = np.where(self.keys[at] == wanted, self.together[at], np.float32(0))
        return found


def _power(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.minimum(np.rint(np.log(counts) / STEP), 255).astype(np.uint8)


def _plain(powers: NDArray[np.uint8]) -> NDArray[np.float32]:
    plain: NDArray[np.float32] = np.exp(np.float32(STEP) * powers.astype(np.float32))
    return plain


def pack(words: Iterable[str], counts: Ids, keys: Ids, together: Ids) -> bytes:
    """The file of a reference. Differences of keys and rounded counts, byte plane by byte plane, compress well."""
    head = json.dumps({"words": "\t".join(words), "counts": counts.tolist(), "pairs": len(keys)}, ensure_ascii=False)
    gaps = np.diff(keys, prepend=0)
    planes = [((gaps >> shift) & 255).astype(np.uint8).tobytes() for shift in (0, 8, 16, 24)]
    return lzma.compress(head.encode() + b"\n" + b"".join(planes) + _power(together).tobytes(), preset=9)


def load(path: Path) -> Reference:
    """The reference in ``path``. Raises :class:`Trouble` for another file, and ``OSError`` when it cannot be opened."""
    return unpack(Path(path).read_bytes(), str(path))


def unpack(data: bytes, about: str) -> Reference:
    """The reference that :func:`pack` made; ``about`` names it in a :class:`Trouble`."""
    try:
        head, _, body = lzma.decompress(data).partition(b"\n")
        facts = json.loads(head)
        planes = np.frombuffer(body, dtype=np.uint8).reshape(5, facts["pairs"])
        words = tuple(facts["words"].split("\t"))
        counts = np.array(facts["counts"], dtype=np.float32)
    except (lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise Trouble("not a file of reference statistics", "不是参照统计文件", about=about) from error
    if not facts["pairs"]:
        raise Trouble("too little text to compare with", "用来对照的文本太少", about=about)
    gaps = sum(planes[i].astype(np.int64) << (8 * i) for i in range(4))
    return Reference(words, counts, np.cumsum(gaps), _plain(planes[4]))


@cache
def default_reference() -> Reference:
    """The reference that ships with this package, read once."""
    return load(Path(__file__).parent.parent / "data" / "reference.xz")


def build(texts: Iterable[str], candidates: Iterable[str], size: int = WORDS) -> bytes:
    """The file of a reference of ``texts`` (read twice: give a list or the like), with words from ``candidates``."""
    wide = _without_counts(("", *dict.fromkeys(candidates)))
    seen = np.zeros(len(wide.words), dtype=np.int64)
    characters: Counter[str] = Counter()
    for text in texts:
        seen += np.bincount(wide.cut(text)[0], minlength=len(seen))
        characters.update(text)
    seen[0] = 0
    best = [wide.words[i] for i in np.argsort(-seen, kind="stable")[:size].tolist() if seen[i]]
    single = [c for c, n in characters.items() if n >= LEAST_CHARACTER and not c.isspace()]
    words = ("", "\n", *sorted({*best, *single}))
    narrow = _without_counts(words)
    counts = np.zeros(len(words), dtype=np.int64)
    keys, together = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    pending: list[Ids] = []
    waiting = 0
    for text in texts:
        numbers, _ = narrow.cut(text)
        counts += np.bincount(numbers, minlength=len(words))
        pending.append((numbers[:-1] * len(words) + numbers[1:])[(numbers[:-1] > 0) & (numbers[1:] > 0)])
        waiting += len(pending[-1])
        if waiting > 8_000_000:
            keys, together = _merged(keys, together, pending)
            pending, waiting = [], 0
    keys, together = _merged(keys, together, pending)
    kept = together >= LEAST_PAIR
    return pack(words, counts, keys[kept], together[kept])


def _without_counts(words: tuple[str, ...]) -> Reference:
    """A reference that can only cut."""
    none = np.empty(0, dtype=np.float32)
    return Reference(words, none, np.empty(0, dtype=np.int64), none)


def _merged(keys: Ids, together: Ids, more: list[Ids]) -> tuple[Ids, Ids]:
    """Counts of pairs, with those in ``more`` added."""
    new, counts = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *more]), return_counts=True)
    both, where = np.unique(np.concatenate([keys, new]), return_inverse=True)
    return both, np.bincount(where, np.concatenate([together, counts])).astype(np.int64)


class _Healthy:
    """The texts of the training part, read again each time they are asked for."""

    def __init__(self, corpora: Path) -> None:
        self.corpora = corpora

    def __iter__(self) -> Iterator[str]:
        return (text for corpus, name, text in read(self.corpora)
                if corpus not in LEFT_OUT and part(name, corpus) == "train")


def _word_list() -> list[str]:
    import jieba  # type: ignore[import-untyped]

    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as lines:
        words = [line.split(" ", 1)[0] for line in lines]
    return [w for w in words if 2 <= len(w) <= LONGEST and all("一" <= c <= "鿿" for c in w)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / "data" / "reference.xz")
    options = parser.parse_args()
    packed = build(_Healthy(options.corpora), _word_list())
    options.output.write_bytes(packed)
    made = load(options.output)
    print(f"{len(made.words)} words, {len(made.keys)} pairs, {len(packed)} bytes")


if __name__ == "__main__":
    main()
