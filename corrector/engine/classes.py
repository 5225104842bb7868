"""Classes of characters that stand in the same company: 养, 捕 and 牧 are seldom met in one phrase, but between the
same neighbours, so that what is learnt of one goes for the others.

``data/classes.txt`` has a class a line, and a blank line between groups of classes that are alike; it is made by
:mod:`corrector.learn.classes`. People may read it, but a change makes another model necessary.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent.parent / "data" / "classes.txt"
Table = NDArray[np.uint32]


@cache
def classes() -> tuple[Table, Table]:
    """By character the number of its class and that of the group; 0 for those in none. U+FFFF, the last entry, stands
    for all characters beyond it."""
    codes = np.frombuffer(FILE.read_text(encoding="utf-8").encode("utf-32-le"), dtype=np.uint32)
    ends = codes == ord("\n")
    blank = ends & np.concatenate(([False], ends[:-1]))
    fine, coarse = np.zeros(1 << 16, dtype=np.uint32), np.zeros(1 << 16, dtype=np.uint32)
    fine[codes], coarse[codes] = 1 + np.cumsum(ends), 1 + np.cumsum(blank)
    fine[ord("\n")] = coarse[ord("\n")] = 0
    return fine, coarse
