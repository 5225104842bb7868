"""Fragments: what a language model of words tells of far more text than the corpora hold.

Start with :func:`fragments`. Each n-gram of two or three words in an ARPA file (``NAME.arpa.xz`` beside the corpora)
is a place with a little of its context. It counts once, whatever its probability: what the training lacks is not what
is said often. Features that look beyond the fragment are unknown, and so is how often a word stands at all, since what
was read for the language model is not known.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from ..engine.features import BITS, COUNT, Codes, features
from ..engine.scan import Scanner
from ..lexicon import Lexicon, Table
from .labelled import BATCH, Labelled

UNKNOWN = 1 << BITS  # in place of the index of a feature
# Characters of different classes, two that break a clause among them: what changes with them looks beyond the fragment.
_BEYOND = [ord(c) for c in "的国，\ue000\ue001"]


def fragments(corpora: Path, lexicon: Lexicon) -> tuple[Codes, NDArray[np.bool_]]:
    """Feature rows and labels of the places in the n-grams beside the corpora; each pair is shown them once."""
    rows, answers = [np.empty((0, COUNT), dtype=np.uint32)], [np.empty(0, dtype=np.bool_)]
    for path in sorted(corpora.glob("*.arpa.xz")):
        texts = _holding(ngrams(path), lexicon.tables)
        for table in _apart(lexicon.tables):
            scanner = Scanner(Lexicon((table,)))
            for batch in _batches(_holding(texts, (table,))):
                found, labels = _places(batch, table, scanner)
                rows.append(found)
                answers.append(labels)
    return np.concatenate(rows), np.concatenate(answers)


def ngrams(path: Path) -> Iterator[str]:
    """The n-grams of more than one word, as text; the ends of sentences are left out."""
    order = 0
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("\\"):
                order = int(line[1]) if line.endswith("-grams:\n") else 0
            elif order > 1 and "\t" in line:
                yield "".join(w for w in line.rstrip("\n").split("\t")[1].split(" ") if w[0] != "<")


def _apart(tables: tuple[Table, ...]) -> Iterator[Table]:
    """The tables, without the pairs that one before has."""
    met: set[tuple[str, str]] = set()
    for table in tables:
        own = tuple(p for p in table.pairs if p.converted and (p.original, p.converted) not in met)
        met.update((p.original, p.converted) for p in own)
        if own:
            yield replace(table, pairs=own)


def _holding(texts: Iterator[str] | list[str], tables: tuple[Table, ...]) -> list[str]:
    """Those of ``texts`` in which a word of the tables stands, with something beside it."""
    words = {w for t in tables for p in t.pairs for w in (p.original, p.converted) if w}
    automaton = AhoCorasick(sorted(words))
    return [t for t in texts if t not in words and automaton.find_matches_as_indexes(t)]


def _batches(texts: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(texts), BATCH // 4):
        yield texts[at : at + BATCH // 4]


def _places(texts: list[str], table: Table, scanner: Scanner) -> tuple[Codes, NDArray[np.bool_]]:
    shown = Labelled([("", text) for text in texts], table, scanner, whole=True)
    sites, keys = shown.sites, scanner.keys[shown.sites.candidate]
    codes = shown.codes.copy()
    beyond = np.flatnonzero(codes == 0)[1:-1]  # the engine finds a break on either side of every site
    rows = features(codes, sites.start, sites.end, keys)
    known = np.ones(rows.shape, dtype=np.bool_)
    for filler in _BEYOND:
        codes[beyond] = filler
        known &= features(codes, sites.start, sites.end, keys) == rows
    known[:, 0] = False
    return np.where(known, rows, np.uint32(UNKNOWN)), shown.label
