"""What word n-grams of a language model teach, and what they cannot."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np

from corrector.engine.features import COUNT, code_points, features, pair_key
from corrector.learn.descent import descend
from corrector.learn.fragments import UNKNOWN, fragments, ngrams
from corrector.lexicon import Lexicon
from corrector.lexicon.model import Pair, Table

ARPA = """\\data\\
ngram 1=4
ngram 2=4
ngram 3=2

\\1-grams:
-2.1\t<s>\t-0.5
-3.2\t发展\t-0.4
-3.2\t经济\t-0.4
-3.3\t开展\t-0.4

\\2-grams:
-1.5\t<s> 开展\t-0.1
-0.9\t经济 发展\t-0.1
-1.1\t开展 活动\t-0.1
-1.1\t经济 活动\t-0.1

\\3-grams:
-0.3\t经济 发展 </s>
-0.2\t推动 经济 发展

\\end\\
"""


def table(name: str) -> Table:
    return Table(name, "", (Pair("发展", "开展", "word", "seen"),))


def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.arpa.xz").write_bytes(lzma.compress(ARPA.encode()))
    return tmp_path


def test_the_text_of_n_grams_of_several_words(tmp_path: Path) -> None:
    found = list(ngrams(folder(tmp_path) / "small.arpa.xz"))
    assert found == ["开展", "经济发展", "开展活动", "经济活动", "经济发展", "推动经济发展"]


def test_only_what_stands_in_the_fragment_is_known(tmp_path: Path) -> None:
    rows, answers = fragments(folder(tmp_path), Lexicon((table("one"), table("other"))))
    assert answers.tolist() == [True, False, True, True]  # the second table has no other pair
    codes, starts = code_points("\ue000\n经济开展，\ue001")
    at = starts + 4
    whole = features(codes, at, at + 2, np.array([pair_key("发展", "开展")], dtype=np.uint32))
    known = rows[0] != UNKNOWN
    assert 0 < np.count_nonzero(known) < COUNT / 2 and not known[0]
    assert (rows[0] == whole[0])[known].all()


def test_what_is_not_known_weighs_nothing() -> None:
    rows = np.array([[0, 3], [1, 3]] * 50, dtype=np.uint32)
    weights = descend(rows, np.array([True, False] * 50), 3)
    assert weights[0] > 0 > weights[1] and weights[2] == 0 and len(weights) == 3
