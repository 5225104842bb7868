"""Classes of characters: the file that people may read, what the engine makes of it, and how it is made."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from corrector.engine.classes import FILE, classes
from corrector.learn.classes import drawn_together, grouped

LINES = FILE.read_text(encoding="utf-8").splitlines()


def test_no_character_is_in_two_classes_and_no_line_is_out_of_place() -> None:
    written = "".join(LINES)
    assert len(set(written)) == len(written)
    assert all(a or b for a, b in pairwise(LINES)) and LINES[0] and LINES[-1]


def test_the_tables_say_what_the_file_says() -> None:
    fine, coarse = classes()
    group = 1
    for number, line in enumerate(LINES, 1):
        group += not line
        assert {(int(fine[ord(c)]), int(coarse[ord(c)])) for c in line} <= {(number, group)}
    assert not fine[ord("\n")] and not coarse[ord("\n")] and not fine[0]


def test_alike_rows_come_into_one_group() -> None:
    draw = np.random.default_rng(3)
    centres = draw.standard_normal((4, 200)).astype(np.float32)
    true = draw.integers(0, 4, 400)
    rows = drawn_together(centres[true] + 0.1 * draw.standard_normal((400, 200)).astype(np.float32), draw)
    found, _ = grouped(rows, np.ones(400), 4, draw)
    together = (found[:, None] == found) == (true[:, None] == true)
    assert together.mean() > 0.85
