"""Places: which place of a text a row speaks of, also after the text was edited elsewhere.

A place is known by its words and up to :data:`CONTEXT` characters of its line on either side. Where the same words in
the same context stand several times, it is the *n*-th of so many; when their number has changed nobody can tell which
was meant, and they are asked again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ..edits import Edit
from ..formats import Place
from ..report import naming
from .decisions import Row, now, text_hash

CONTEXT = 20
Context = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row, and where its place starts and ends in the present text."""

    row: Row
    start: int
    end: int


class Contexts:
    """Where each context of these ``words`` stands in ``text``; made in one pass a word."""

    def __init__(self, text: str, words: Iterable[str]) -> None:
        self._text = text
        self._starts: dict[Context, list[int]] = {}
        for word in set(words) - {""}:
            at = text.find(word)
            while at >= 0:
                self._starts.setdefault(self.of(at, at + len(word)), []).append(at)
                at = text.find(word, at + 1)

    def of(self, start: int, end: int) -> Context:
        """The context of ``text[start:end]``: before, the words, after."""
        text = self._text
        left = start - len(text[max(0, start - CONTEXT) : start].rsplit("\n", 1)[-1])
        right = text.find("\n", end, end + CONTEXT)
        after = text[end : end + CONTEXT if right < 0 else right]
        return text[left:start], text[start:end], after.rstrip("\r")  # Git may write other ends of lines elsewhere

    def rank(self, start: int, context: Context) -> tuple[int, int]:
        """That the ``context`` at ``start`` is the *n*-th of so many."""
        starts = self._starts[context]
        return bisect_left(starts, start) + 1, len(starts)

    def find(self, row: Row) -> int | None:
        """Where the place of ``row`` starts now."""
        starts = self._starts.get((row.before, row.original, row.after), ())
        return starts[row.nth - 1] if len(starts) == row.of and 0 < row.nth <= row.of else None

    def standing(self, rows: Iterable[Row]) -> list[Proposal]:
        """The ``rows`` whose places are there, sorted, the longer first; of several for one place the last decided."""
        last: dict[tuple[int, int], Row] = {}
        for row in sorted(rows, key=lambda r: r.at):
            start = self.find(row)
            if start is not None:
                last[start, start + len(row.original)] = row
        found = [Proposal(row, start, end) for (start, end), row in last.items()]
        return sorted(found, key=lambda p: (p.start, -p.end))

def merged(file: str, text: str, edits: Sequence[Edit], kept: Sequence[Row], places: Sequence[Place] = (),
           ) -> list[Proposal]:
    """The proposals of one file, in the order of the text: decided rows that still fit it, and ``edits`` as new ones.

    ``kept`` are the rows of this file in the decisions file. An edit that touches a decided place is not asked again.
    """
    decided = [r for r in kept if r.decided]
    contexts = Contexts(text, (*(e.original for e in edits), *(r.original for r in decided)))
    taken: list[Proposal] = []
    for p in contexts.standing(decided):
        if not taken or p.start >= taken[-1].end:
            taken.append(p)
    hash_ = text_hash(text)
    name = naming(text, places)
    fresh = []
    i = 0
    for e in edits:
        while i < len(taken) and taken[i].end <= e.start:
            i += 1
        if i < len(taken) and taken[i].start < e.end:
            continue
        context = contexts.of(e.start, e.end)
        nth, of = contexts.rank(e.start, context)
        row = Row(file, hash_, name(e.start), e.start, e.end, *context, e.replacement, e.converter, e.kind,
                  e.confidence, str(e.tier), e.reason, nth, of)
        fresh.append(Proposal(row, e.start, e.end))
    return sorted([*taken, *fresh], key=lambda p: p.start)


def moved(rows: Sequence[Row], text: str, edits: Sequence[Edit], after: str, places: Sequence[Place] = ()) -> list[Row]:
    """The rejected ones of ``rows`` whose context is another in ``after``, which ``edits`` made of ``text``.

    Accepted neighbours change it; without these rows they would be asked again. The old ones come too, as ``applied``:
    they hold again when that is taken back. ``places`` are those of ``text``.
    """
    rejected = [r for r in rows if r.decided and not r.applies]
    old = Contexts(text, (r.original for r in rejected))
    new = Contexts(after, (r.original for r in rejected))
    ends = [e.end for e in edits]
    shift = list(accumulate((len(e.replacement) - len(e.original) for e in edits), initial=0))
    hash_, when = text_hash(after), now()
    name = naming(after, [replace(p, start=p.start + shift[bisect_right(ends, p.start)]) for p in places])
    out = []
    for row in rejected:
        was = old.find(row)
        if was is None:
            continue
        at = was + shift[bisect_right(ends, was)]
        before, original, following = context = new.of(at, at + len(row.original))
        if original == row.original:
            nth, of = new.rank(at, context)
            if (before, following, nth, of) != (row.before, row.after, row.nth, row.of):
                out.append(replace(row, applied=when))
                out.append(replace(row, hash=hash_, place=name(at), start=at, end=at + len(original), before=before,
                                   after=following, nth=nth, of=of))
    return out
