"""Phrases fit although a neighbour is damaged or misread itself."""

from __future__ import annotations

import numpy as np
import pytest

from corrector.api import Corrector
from corrector.document import document
from corrector.engine.features import WINDOW, code_points
from corrector.engine.phrases import KEPT, RESTORED, PhraseBook
from corrector.engine.scan import Candidate, Places
from corrector.lexicon import Pair, Phrase


@pytest.mark.parametrize(("text", "word"), [
    ("这是事业的重要组戌局部。", "局部"),  # 组成, misread
    ("推动企业安康开展。", "安康"),  # 健康发展, of which both words were converted
])
def test_a_phrase_is_known_by_damaged_neighbours(text: str, word: str) -> None:
    traces = Corrector().explain(document(text), text.index(word))
    assert "restore" in {t.phrase for t in traces if t.pair.converted == word}


def verdict_of(book: PhraseBook, text: str, start: int) -> int:
    codes, _ = code_points(text)
    sites = Places(np.array([0]), np.array([start + WINDOW]), np.array([start + 2 + WINDOW]))
    return int(book.verdicts(codes, sites)[0])


CANDIDATES = (
    Candidate(Pair("发展", "开展", "word", "seen"), 1, ("A",)),
    Candidate(Pair("健康", "安康", "word", "seen"), 2, ("A",)),
    Candidate(Pair("机会", "时机", "word", "seen"), 3, ("C",)),
    Candidate(Pair("组成", "组戌", "shape", "seen"), 4, ()),
)


@pytest.mark.parametrize(("text", "start", "verdict"), [
    ("健康开展", 2, RESTORED), ("安康开展", 2, RESTORED), ("建康开展", 2, 0),
    ("开展组成", 0, KEPT), ("开展组戌", 0, KEPT),
    ("机会开展", 2, RESTORED), ("时机开展", 2, 0),  # of another converter
    ("成开展", 1, RESTORED), ("戌开展", 1, 0),  # one character, misread, says nothing
])
def test_only_the_converter_of_the_word_and_known_misreadings_count(text: str, start: int, verdict: int) -> None:
    phrases = (
        Phrase("健康开展", 2, 4, "发展", "", False), Phrase("开展组成", 0, 2, "", "", True),
        Phrase("机会开展", 2, 4, "发展", "", False), Phrase("成开展", 1, 3, "发展", "", False),
    )
    assert verdict_of(PhraseBook(phrases, CANDIDATES), text, start) == verdict
