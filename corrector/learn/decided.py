"""From decisions: phrases and pair weights that reviewers' verdicts speak for.

Start with :func:`taught`. A phrase is the most that places of one verdict share around their word, and that no place of
the other verdict shares. A weight is what must be added to the log odds of a pair so that its places come out as the
reviewers decided, drawn to nothing where they were few. Nothing is taken over here: the caller shows what it would do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from ..edits import Tier
from ..lexicon.model import Phrase, Weight
from ..review.decisions import Row, Verdict

REACH = 4  # characters of context on either side of a phrase
SHORTEST = 2  # characters of context in all
DECIDED = 3  # decisions from which a pair has a weight
NOTABLE = 0.5  # log odds
STEPS = 30


@dataclass(frozen=True, slots=True)
class Taught:
    """A phrase or a weight, with the number of ``accepted`` and ``rejected`` places that it is drawn from."""

    rule: Phrase | Weight
    accepted: int
    rejected: int


def taught(rows: Iterable[Row]) -> list[Taught]:
    """What the decided ``rows`` speak for: keep-phrases, restore-phrases, weights; in each the best founded first."""
    words: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.decision in (Verdict.ACCEPTED, Verdict.REJECTED) and row.kind == "converter":
            words[row.original].append(row)
    keep: list[Taught] = []
    restore: list[Taught] = []
    weights: list[Taught] = []
    for _, own in sorted(words.items()):
        accepted = [r for r in own if r.applies]
        rejected = [r for r in own if not r.applies]
        keep += (Taught(_phrase(sides, r, keep=True), 0, n) for sides, r, n in _shared(rejected, accepted))
        for replacement in sorted({r.replacement for r in own}):
            right = [r for r in accepted if r.replacement == replacement]
            unsure = [r for r in right if r.tier == Tier.POSSIBLE]
            others = [r for r in own if r not in right]
            restore += (Taught(_phrase(sides, r, keep=False), n, 0) for sides, r, n in _shared(unsure, others))
            weights += _weight(right, [r for r in rejected if r.replacement == replacement])
    return [t for found in (keep, restore, weights) for t in sorted(found, key=lambda t: -t.accepted - t.rejected)]


Sides = tuple[str, str]  # what stands before and after the word


def _shared(wanted: Sequence[Row], other: Sequence[Row]) -> Iterator[tuple[Sides, Row, int]]:
    """Contexts that cover ``wanted`` and none of ``other``: the one that covers most first, the longest of those."""
    left = list(wanted)
    while left:
        cover: dict[Sides, list[Row]] = defaultdict(list)
        for row in left:
            for sides in _sides(row):
                cover[sides].append(row)
        free = [s for s in cover if not any(_fits(s, row) for row in other)]
        if not free:
            return
        best = max(free, key=lambda s: (len(cover[s]), len(s[0]) + len(s[1]), s))
        yield best, cover[best][0], len(cover[best])
        left = [row for row in left if not _fits(best, row)]


def _sides(row: Row) -> Iterator[Sides]:
    before, after = row.before[-REACH:], row.after[:REACH]
    left = next((k for k in range(len(before)) if not before[len(before) - 1 - k].isalnum()), len(before))
    right = next((k for k in range(len(after)) if not after[k].isalnum()), len(after))
    for i in range(left + 1):
        for j in range(right + 1):
            if i + j >= SHORTEST:
                yield before[len(before) - i :], after[:j]


def _fits(sides: Sides, row: Row) -> bool:
    return row.before.endswith(sides[0]) and row.after.startswith(sides[1])


def _phrase(sides: Sides, row: Row, *, keep: bool) -> Phrase:
    before, after = sides
    return Phrase(f"{before}{row.original}{after}", len(before), len(before) + len(row.original),
                  "" if keep else row.replacement, "", keep)


def _weight(accepted: Sequence[Row], rejected: Sequence[Row]) -> Iterator[Taught]:
    if len(accepted) + len(rejected) < DECIDED:
        return
    places = [(_odds(r), 1.0) for r in accepted] + [(_odds(r), 0.0) for r in rejected]
    weight = 0.0
    for _ in range(STEPS):  # Newton; the prior is a normal one of width 1
        chances = [1 / (1 + exp(-x - weight)) for x, _ in places]
        slope = sum(p - y for p, (_, y) in zip(chances, places, strict=True)) + weight
        weight -= slope / (sum(p * (1 - p) for p in chances) + 1)
    if abs(weight) >= NOTABLE:
        row = (*accepted, *rejected)[0]
        yield Taught(Weight(row.replacement, row.original, round(weight, 1)), len(accepted), len(rejected))


def _odds(row: Row) -> float:
    confidence = min(max(row.confidence, 0.001), 0.999)
    return log(confidence / (1 - confidence))
