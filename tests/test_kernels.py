"""The compiled loops give what numpy gives: to the last bit, for any text."""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from conftest import DAMAGED, HEALTHY
from hypothesis import given
from hypothesis import strategies as st
from support import missing

from corrector import Corrector
from corrector.engine import kernels, parts
from corrector.engine.features import code_points, sums
from corrector.engine.model import load
from corrector.engine.ngrams import Levels, key
from corrector.engine.scan import Scanner
from corrector.engine.slipmodel import default_slips
from corrector.engine.sounds import SoundFinder
from corrector.lexicon import default_lexicon
from corrector.lexicon.model import Lexicon
from corrector.views.batch import Batch

SCANNER = Scanner(default_lexicon())
SOUNDS = SoundFinder(default_lexicon().set_phrases, default_lexicon().syllables, default_slips().grams)
T = TypeVar("T")

# what the tables know, some of it often, amid anything
known = [*"原那么的谏言策事实开展，，。\n 《》a1", "组成局部", "效劳", "根底设施", "那么", "谏言献策", "𠮷\uffff"]
texts = st.lists(st.sampled_from(known) | st.text(max_size=3), max_size=60).map("".join)


@pytest.fixture(autouse=True)
def compiled() -> None:
    if not kernels.library:
        missing("needs a C compiler while the package is installed")


def both(work: Callable[[], T]) -> tuple[T, T]:
    """What ``work`` gives with the compiled loops and without."""
    library, found = kernels.library, work()
    try:
        kernels.library = None
        return found, work()
    finally:
        kernels.library = library


def same(work: Callable[[], tuple[np.ndarray, ...]]) -> bool:
    one, other = both(work)
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(texts, texts)
def test_words_and_where_they_stand(one: str, other: str) -> None:
    codes, _ = code_points(one, other)
    assert same(lambda: tuple(SCANNER.find(codes)))


def test_words_that_overlap_in_long_texts() -> None:
    codes, _ = code_points((DAMAGED + HEALTHY) * 3000)
    assert same(lambda: tuple(SCANNER.find(codes)))
    assert same(lambda: (kernels.where(codes[:1 << 16] < 0x5000, codes),))


def test_a_scanner_sent_elsewhere_finds_the_same() -> None:
    scanner = pickle.loads(pickle.dumps(Scanner(default_lexicon(), ("A",))))
    codes, _ = code_points(DAMAGED)
    assert len(scanner.find(codes).word) and same(lambda: tuple(scanner.find(codes)))


def test_a_scan_for_nothing() -> None:
    scanner = Scanner(Lexicon(()))
    assert same(lambda: tuple(scanner.find(code_points(DAMAGED)[0])))


@given(texts)
def test_sums_of_weights(text: str) -> None:
    codes, _ = code_points(text)
    sites = SCANNER(codes)
    assert same(lambda: (sums(load().weights, codes, sites.start, sites.end, SCANNER.keys[sites.candidate]),))


def test_a_table_that_was_cut_short() -> None:
    codes, _ = code_points(DAMAGED)
    sites = SCANNER(codes)
    assert same(lambda: (sums(load().weights[:999], codes, sites.start, sites.end, SCANNER.keys[sites.candidate]),))


@given(st.lists(st.integers(0, (1 << 64) - 1), max_size=50), st.sampled_from([np.uint8, np.uint16]))
def test_values_of_keys(keys: list[int], cell: type[np.unsignedinteger]) -> None:
    cells = np.random.default_rng(1).integers(0, np.iinfo(cell).max, 3000, dtype=cell, endpoint=True)
    assert same(lambda: (Levels(cells, 4)(np.array(keys, dtype=np.uint64)),))


def test_values_of_keys_that_were_counted() -> None:
    codes, _ = code_points(HEALTHY)
    assert default_slips().grams.pairs(key(codes[:-1], codes[1:])).any()
    assert same(lambda: (default_slips().grams.pairs(key(codes[:-1], codes[1:])[:, None]),))


def test_how_often_pairs_were_seen() -> None:
    codes, _ = code_points(DAMAGED)
    assert same(lambda: default_slips().grams.seen(codes[:-1, None], codes[1:, None]))


@given(texts)
def test_where_a_set_phrase_may_be_misspelt(text: str) -> None:
    codes, _ = code_points("建言策", text, "实事事求是，谏言献策", text)
    assert same(lambda: (SOUNDS.suspects(codes),))


@given(texts, st.integers(8, 12))
def test_neighbours(text: str, size: int) -> None:
    codes, _ = code_points(text)
    bits = np.random.default_rng(size).integers(0, 256, 1 << size - 3, dtype=np.uint8)
    assert same(lambda: (kernels.neighbours(bits, size, codes),))


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), min_size=1, max_size=9))
def test_chains(columns: list[list[float]]) -> None:
    counts = np.array([len(column) for column in columns])
    ratios = np.array([[*column, *[0.0] * (counts.max() - len(column))] for column in columns]).T
    assert same(lambda: (parts.chain(ratios, counts),))


@given(st.lists(texts, max_size=4))
def test_reports(documents: list[str]) -> None:
    corrector = Corrector()
    one, other = both(lambda: [(tuple(r.edits), r.diagnosis) for r in corrector.check_many([DAMAGED, *documents])])
    assert one == other


@pytest.mark.parametrize("interface", [None, kernels.INTERFACE + 1])
def test_what_an_older_version_left_behind_is_not_asked(
        interface: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "libkernels.so"
    monkeypatch.setattr(kernels, "FILE", path)
    if interface:
        source = f"int interface(void) {{ return {interface}; }} int where, neighbours, words;"
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", path], input=source, text=True, check=True)
    assert kernels._loaded() is None


@given(texts)
def test_lines_and_their_commas(text: str) -> None:
    assert same(lambda: Batch([text]).lines())


def test_commas_of_a_line_longer_than_what_is_looked_at_at_once() -> None:
    text = "，" + "的" * 70_000 + "\n" + "的" * 70_000 + "\n，\n"
    _, commas = Batch([text]).lines()
    assert commas.tolist() == [False, True, False, True, False]
    assert same(lambda: Batch([text]).lines())
