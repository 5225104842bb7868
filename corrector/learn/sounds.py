"""Characters alike in sound: the same syllable whatever its tone, or one that many speakers do not tell apart.

Needs pypinyin (the extra ``train``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, pinyin

SAME, NEAR = 2.3, 1.8  # likeness
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_ENDINGS = (("ing", "in"), ("eng", "en"))


def alike_in_sound(observed: NDArray[np.uint16], common: NDArray[np.uint16], frequency: NDArray[np.int64], count: int
                   ) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """For each of ``observed`` at most ``count`` of ``common`` that sound alike, the likeliest first, and how alike.

    Rows are filled up with the character itself, likeness 0.
    """
    spoken = {c: _syllables(c) for c in {*observed.tolist(), *common.tolist()}}
    exact: dict[str, list[int]] = {}
    near: dict[str, list[int]] = {}
    for c in sorted(common.tolist(), key=lambda c: (-frequency[c], c)):
        for s in spoken[c]:
            exact.setdefault(s, []).append(c)
        for s in {_blurred(s) for s in spoken[c]}:
            near.setdefault(s, []).append(c)
    meant = np.repeat(observed[:, None], count, axis=1)
    likeness = np.zeros(meant.shape, dtype=np.float32)
    for row, c in enumerate(observed.tolist()):
        found = dict.fromkeys((x for s in spoken[c] for x in exact.get(s, ())), SAME)
        for x in (x for s in spoken[c] for x in near.get(_blurred(s), ())):
            found.setdefault(x, NEAR)
        found.pop(c, None)
        best = sorted(found, key=lambda x: (-found[x], -frequency[x], x))[:count]
        meant[row, : len(best)] = best
        likeness[row, : len(best)] = [found[x] for x in best]
    return meant, likeness


def _syllables(code: int) -> list[str]:
    """The readings of a character, without tones."""
    read = pinyin(chr(code), style=Style.NORMAL, heteronym=True, errors="ignore")
    return sorted(set(read[0])) if read else []


def _blurred(syllable: str) -> str:
    """A syllable without what many speakers do not tell apart.

    >>> _blurred("zhing"), _blurred("nan")
    ('zin', 'lan')
    """
    for written, kept in _ALIKE:
        if syllable.startswith(written):
            syllable = kept + syllable.removeprefix(written)
            break
    for written, kept in _ENDINGS:
        syllable = syllable.removesuffix(written) + kept if syllable.endswith(written) else syllable
    return syllable
