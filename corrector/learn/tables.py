"""From aligned twins to a converter table: the literal pairs that explain the differences in the fewest words.

Start with :func:`learn`. Every difference, with a few characters around it, suggests pairs; a pair is
worth what it explains (:data:`HUNK` bits a difference) less what it costs to write down (:func:`_cost`: words of the
language are cheap, odd strings are dear) and less what it explains wrongly (:data:`STAY` bits for each place where
the original stayed). Pairs are taken best first until none is worth its cost. So 则→那么 is found instead of
原则→原那么 and 规则→规那么, and 发展→开展 instead of 发→开.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from ..damage import damage
from ..lexicon.model import Pair, Table
from .align import align
from .reference import Reference
from .twins import LONGEST, Twin, Words

LEAST = 2  # a difference seen once is an accident
HUNK = 18.0
STAY = 25.0
SHARE = 0.1  # of the places of an original that a pair must explain
QUIET = 1500  # characters without one explained difference: the converter was not there
EXAMPLES = 3
FREE = 20_000  # a character that stands alone so often in the reference is a word
SAMPLE = 50  # places looked at to see whether a pair is needed
EDGE = 3  # equal characters that end a passage
AROUND = 10  # characters shown around an example


@dataclass(frozen=True, slots=True)
class Learnt:
    """A recovered pair: it acted at ``count`` places and did not at ``stayed`` (of the part that was converted)."""

    original: str
    converted: str
    count: int
    stayed: int
    examples: tuple[str, ...]

    def pair(self) -> Pair:
        """The row of a converter table."""
        note = self.examples[0] if self.examples else ""
        if self.stayed:
            note += f"；原词留下 {self.stayed} 处"
        return Pair(self.original, self.converted, kind(self.original, self.converted), "learnt", self.count, note)


def kind(original: str, converted: str) -> str:
    """``word``, ``character`` or ``punctuation``."""
    if not any(c.isalnum() for c in original + converted):
        return "punctuation"
    return "character" if len(original) == 1 else "word"


def learn(twins: Iterable[tuple[str, str]], reference: Reference) -> list[Learnt]:
    """The table that made the damaged text of each twin ``(damaged, original)`` from the original; best first."""
    texts = [Twin(damaged, original, align(damaged, original)) for damaged, original in twins]
    places, chosen = _table(texts, reference)
    texts = [twin.split(dict(chosen)) for twin in texts]
    places, chosen = _table(texts, reference)
    stayed, _ = _occurrences(texts, {o for o, _ in chosen}, alone=False)
    return [Learnt(o, c, len(places[o, c]), stayed[o], _examples(texts, places[o, c])) for o, c in chosen]


def _table(texts: Sequence[Twin], reference: Reference) -> tuple[dict[Words, list[Place]], list[Words]]:
    """The pairs that explain the hunks, best first, and the places of every pair that was thought of."""
    places = _suggested(texts)
    stayed, stood = _occurrences(texts, {original for original, _ in places})
    often = {pair: where for pair, where in places.items() if len(where) >= SHARE * stood[pair[0]]}
    return places, _needed(texts, places, stood, _chosen(often, stayed, reference))


Place = tuple[int, int, int]  # number of the twin, first and last hunk


def _suggested(texts: Sequence[Twin]) -> dict[Words, list[Place]]:
    """Every pair that is suggested often enough, with its places."""
    counts = Counter(pair for twin in texts for pair, _, _ in twin.suggestions())
    places: dict[Words, list[Place]] = defaultdict(list)
    for number, twin in enumerate(texts):
        for pair, first, last in twin.suggestions():
            if counts[pair] >= LEAST:
                places[pair].append((number, first, last))
    return dict(places)


def _occurrences(texts: Sequence[Twin], originals: set[str], *,
                 alone: bool = True) -> tuple[dict[str, int], dict[str, int]]:
    """How often each of ``originals`` stands unchanged in both texts, and how often it stands in the healthy ones.

    Only what the converter may have seen is counted: not what is missing in the damaged text, nor stretches that
    nothing touched. Unless each is looked at ``alone``, a place belongs to the leftmost and longest of them.
    """
    words = sorted(originals)
    if not words:
        return {}, {}
    automaton = AhoCorasick(words, matchkind=MatchKind.Standard if alone else MatchKind.LeftmostLongest)
    stayed = np.zeros(len(words), dtype=np.int64)
    stood = np.zeros(len(words), dtype=np.int64)
    for twin in texts:
        same, inserted, seen = _marks(twin)
        found = automaton.find_matches_as_indexes(twin.original, overlapping=alone)
        index, start, end = np.array(found, dtype=np.int64).reshape(-1, 3).T
        unchanged = (same[end] - same[start] == end - start) & (inserted[end + 1] == inserted[start])
        stayed += np.bincount(index[unchanged & seen[start]], minlength=len(words))
        stood += np.bincount(index[seen[start]], minlength=len(words))
    return dict(zip(words, stayed.tolist(), strict=True)), dict(zip(words, stood.tolist(), strict=True))


def _marks(twin: Twin) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Running counts of equal characters and of insertions, and for each character whether the converter saw it."""
    size = len(twin.original)
    equal = np.ones(size, dtype=np.int64)
    inserted = np.zeros(size + 2, dtype=np.int64)
    near = np.zeros(size + 1, dtype=np.int64)
    lost = np.zeros(size + 1, dtype=np.bool_)
    for h in twin.hunks:
        equal[h.original_start : h.original_end] = 0
        inserted[h.original_start + 1] += h.original_start == h.original_end
        if max(h.end - h.start, h.original_end - h.original_start) <= LONGEST:
            near[max(0, h.original_start - QUIET)] += 1
            near[min(size, h.original_end + QUIET)] -= 1
        elif h.original_end - h.original_start > LONGEST:
            lost[h.original_start : h.original_end] = True
    return np.r_[0, np.cumsum(equal)], np.cumsum(inserted), (np.cumsum(near) > 0) & ~lost


def _chosen(places: dict[Words, list[Place]], stayed: dict[str, int], reference: Reference) -> list[Words]:
    """The pairs that are worth their cost, best first; each hunk counts for the first pair that explains it."""
    explained: set[tuple[int, int]] = set()

    def worth(pair: Words) -> float:
        new = {(n, h) for n, first, last in places[pair] for h in range(first, last + 1)} - explained
        count = len(places[pair])
        if stayed[pair[0]] > count:
            return -1.0
        return HUNK * len(new) - STAY * stayed[pair[0]] - _cost(pair, reference)

    queue = [(-worth(pair), len(pair[0]) + len(pair[1]), pair) for pair in places]
    heapq.heapify(queue)
    chosen: dict[str, str] = {}
    while queue:
        value, length, pair = heapq.heappop(queue)
        if value >= 0:
            break
        now = -worth(pair)
        if now > value:
            if now < 0:
                heapq.heappush(queue, (now, length, pair))
            continue
        if pair[0] not in chosen:
            chosen[pair[0]] = pair[1]
            explained.update((n, h) for n, first, last in places[pair] for h in range(first, last + 1))
    return list(chosen.items())


def _needed(texts: Sequence[Twin], places: dict[Words, list[Place]], stood: dict[str, int],
            chosen: list[Words]) -> list[Words]:
    """``chosen`` without the pairs whose places the others explain together (发展服务→开展效劳), or that a shorter one
    was stronger than at most places (均等→都, where 均→都 made 都等: two accidents)."""
    table = {original: Pair(original, converted, "", "") for original, converted in chosen}
    for original, converted in sorted(chosen, key=lambda pair: -len(pair[0])):
        rest = tuple(pair for o, pair in table.items() if o != original)
        sample = places[original, converted][:SAMPLE]
        together = rest and sum(_explained(texts[p[0]], p, rest) for p in sample) * 2 > len(sample)
        overruled = any(p.original in original for p in rest) and len(places[original, converted]) * 2 < stood[original]
        if together or overruled:
            del table[original]
    return [pair for pair in chosen if pair[0] in table]


def _explained(twin: Twin, place: Place, table: tuple[Pair, ...]) -> bool:
    """Whether ``table`` makes the damaged passage around ``place`` from the healthy one."""
    _, first, last = place
    hunks = twin.hunks
    while first and hunks[first].original_start - hunks[first - 1].original_end < EDGE:
        first -= 1
    while last + 1 < len(hunks) and hunks[last + 1].original_start - hunks[last].original_end < EDGE:
        last += 1
    start, end = hunks[first].original_start, hunks[last].original_end
    left, right = min(EDGE, start), min(EDGE, len(twin.original) - end)
    healthy = twin.original[start - left : end + right]
    damaged = twin.damaged[hunks[first].start - left : hunks[last].end + right]
    return damage(healthy, Table("", "", table)).text == damaged


def _cost(pair: Words, reference: Reference) -> float:
    """Bits to write the pair down."""
    return sum(_bits(word, reference) for word in pair) + log2(1 + len(pair[0]))


def _bits(word: str, reference: Reference) -> float:
    if len(word) > 1 and word in reference.ids:
        return 13.0
    if len(word) == 1:
        return 15.0 if word in reference.ids and reference.counts[reference.ids[word]] > FREE else 22.0
    return 8.0 + 9.0 * len(word)


def _examples(texts: Sequence[Twin], places: Sequence[Place]) -> tuple[str, ...]:
    """A few damaged passages, on one line each."""
    shown = []
    for number, first, last in places[:: max(1, len(places) // EXAMPLES)][:EXAMPLES]:
        twin = texts[number]
        start, end = twin.hunks[first].start, twin.hunks[last].end
        passage = twin.damaged[max(0, start - AROUND) : end + AROUND]
        shown.append(" ".join(passage.split()))
    return tuple(shown)
