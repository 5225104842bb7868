"""Broken words: a document with its gaps left out, and what becomes of the edits.

A gap is left out of the view unless it cuts an original in two: a converter that came after the cut could not see that
word (根 据 stays where 根据 became 依据), so it must not stand in the view as a sign of health.

An edit across a gap keeps the gap: 局 部 becomes 部 分. Joining a broken word is an edit of its own, merely possible
unless the document has so many such cuts that they are its damage; then the edits across gaps close them too.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .. import reasons
from ..columns import Edits
from ..document import Document
from ..edits import Edit, Tier
from ..engine.arrays import distinct
from ..engine.features import codes_of
from ..result import Report
from ..spans import touches
from .batch import Batch
from .gaps import FORMATTING, LINE, NOISE, SPACE, Gap, Words, find, formats
from .view import Viewed, without

KIND = "broken"
JOINED = 0.6  # confidence of a joined word
PROVEN = 0.95  # … where the document proves it
ACROSS = 0.85  # at most, of a slip that is one only across a gap, where it does not
CUTS, SHARE = 20, 0.25  # a document with so many broken words, so large a share of its gaps, proves that it is damaged
RAGGED = 0.35  # lines of one length are layout: what the lengths of broken ones must vary by at least
FIRST_CHINESE = "\u2010"  # of the signs with which a line of prose may begin
MARKUP = "*~|"  # of Markdown: no noise, but emphasis and the walls of cells
STANDS, TOGETHER = 3, 0.1  # two characters are a word of the document if they stand together so often, so exclusively


@dataclass(frozen=True, slots=True)
class Broken(Viewed):
    """A document seen through its gaps; ``joins`` are gaps that break a word, ``proven`` the kinds that are closed."""

    joins: tuple[Gap, ...]
    proven: frozenset[str]

    def report(self, report: Report) -> Report:
        """The report about the document, from the one about its view."""
        edits = Edits.of(report.edits).moved(self.view.origins, self._edit)
        taken, joins = edits.spans(), []
        for join in map(self._join, self.joins):
            if not touches(taken, join.start, join.end):
                joins.append(join)
                insort(taken, (join.start, join.end))
        return self.told(report, edits.with_others(joins) if joins else edits)

    def _edit(self, e: Edit) -> Edit:
        start, end = self.view.span(e.start, e.end)
        return e._replace(start=start, end=end) if end - start == e.end - e.start else self._across(e, start, end)

    def _across(self, e: Edit, start: int, end: int) -> Edit:
        """An edit of the view whose characters have a gap between them in ``[start, end)`` of the source."""
        text = self.view.source.text
        original, replacement = text[start:end], e.replacement
        for at, length in reversed(self.view.inside(e.start, e.end)):
            cut = min(at - e.start, len(e.replacement))
            stop = self.view.origin(at) - start
            gap = original[stop - length : stop]
            if "\n" in gap and cut == len(e.replacement) and _next_line(text, start, end):
                cut -= 1
            if gap[0] in FORMATTING:  # of which nothing is left with nothing in it: ****
                cut = min(cut, max(0, len(e.replacement) - 1))
            # what became one character cannot be broken by a space
            if _kind(gap) not in self.proven and not (gap == " " and cut == len(e.replacement)):
                replacement = replacement[:cut] + gap + replacement[cut:]
        confidence = e.confidence if e.converter or self.proven else min(e.confidence, ACROSS)
        return e._replace(start=start, end=end, original=original, replacement=replacement, confidence=confidence,
                          tier=Tier.of(confidence))

    def _join(self, gap: Gap) -> Edit:
        text = self.view.source.text
        original = text[gap.start - 1 : gap.end + 1]
        confidence = PROVEN if gap.kind in self.proven else JOINED
        return Edit(gap.start - 1, gap.end + 1, original, original[0] + original[-1], "", KIND, confidence,
                    Tier.of(confidence), reasons.CUT(gap.word or original[0] + original[-1]))


def _next_line(text: str, start: int, end: int) -> bool:
    """Whether what became shorter across a line end, ``text[start:end]``, goes on in the next line rather than ends in
    the first: else the next would be empty, or begin with a sign that means something there in Markdown."""
    return text[end : end + 1] < FIRST_CHINESE and text[start - 1 : start].strip() != ""


def _kind(gap: str) -> str:
    return SPACE if gap == " " else LINE if not gap.strip() else ""


def fold(documents: Sequence[Document], batch: Batch, words: Words) -> Iterator[tuple[int, Broken]]:
    """Each of ``documents`` that has gaps, with its number; ``batch`` has their texts."""
    found = dict(find(batch, words))
    markdown = [i for i, document in enumerate(documents) if document.kind == "markdown"]
    for i in sorted({*found, *markdown}):
        document, gaps = documents[i], found.get(i, [])
        if document.protected:
            gaps = [g for g in gaps if not touches(document.protected, g.start - 1, g.end + 1)]
        if document.kind == "markdown":
            gaps = _with_formats(document, gaps, words)
        left_out = [(g.start, g.end) for g in gaps if not g.word or g.word in words.converted]
        view = without(document, left_out)
        if _layout(document.text, gaps):
            gaps = [g for g in gaps if g.kind != LINE]
        joins = tuple(_joins(document.text, view.document.text, gaps))
        if not left_out and not joins:
            continue
        yield i, Broken(view, joins, _proven(gaps, joins))


def _with_formats(document: Document, gaps: Sequence[Gap], words: Words) -> list[Gap]:
    """The gaps of Markdown: what is noise in other text may be its own there."""
    gaps = [g for g in gaps if g.kind != NOISE or document.text[g.start] not in MARKUP]
    taken = [(g.start, g.end) for g in gaps]
    sides = ((g, ((g.start - 1, g.start), (g.end, g.end + 1))) for g in formats(document.text, words))
    gaps += (g for g, beside in sides
             if not any(touches(spans, *side) for side in beside for spans in (document.protected, taken)))
    return sorted(gaps)


def _joins(text: str, seen: str, gaps: Sequence[Gap]) -> Iterator[Gap]:
    """The gaps that break a word: of the tables, or one that the document has unbroken elsewhere."""
    plain = [g for g in gaps if g.kind in (SPACE, LINE, NOISE) and (text[g.start - 1] + text[g.end]).isalpha()]
    if len(plain) < CUTS:
        yield from (g for g in plain if g.word)
        return
    sides = np.array([(ord(text[g.start - 1]), ord(text[g.end])) for g in plain], dtype=np.int64)
    characters = distinct(sides.ravel())
    codes = codes_of(seen)
    at = np.minimum(np.searchsorted(characters, codes), len(characters) - 1)
    size = len(characters) + 1
    ids = np.where(characters[at] == codes, at, size - 1)  # the last stands for all that are beside no gap
    left, right = np.searchsorted(characters, sides).T
    single, pairs = np.bincount(ids), np.bincount(ids[:-1] * size + ids[1:], minlength=size * size)
    own = left * size + right
    together = pairs[own] - np.bincount(own)[own]
    known = (together >= STANDS) & (together**2 >= TOGETHER * single[left] * single[right])
    yield from (g for g, stands in zip(plain, known.tolist(), strict=True) if g.word or stands)


def _layout(text: str, gaps: Sequence[Gap]) -> bool:
    """Whether the broken lines are layout: of about one length."""
    lengths = [g.start - text.rfind("\n", 0, g.start) for g in gaps if g.kind == LINE]
    if len(lengths) < 2:
        return False
    mean = sum(lengths) / len(lengths)
    return sum((length - mean) ** 2 for length in lengths) < len(lengths) * (RAGGED * mean) ** 2


def _proven(gaps: Sequence[Gap], joins: Sequence[Gap]) -> frozenset[str]:
    """The kinds of gaps of which the document has so many in words that they are damage."""
    all_, cuts = (Counter(g.kind for g in group) for group in (gaps, joins))
    return frozenset(kind for kind in (SPACE, LINE) if cuts[kind] >= max(CUTS, SHARE * all_[kind]))
