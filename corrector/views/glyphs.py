"""Punctuation and glyphs: what the whole document proves, beside what the engine knows of single converters.

This fold changes nothing of what is read: it adds edits to the report, and takes two kinds away. 〔2024〕8号 is right
in any document, also in one whose other 〔〕 were （）; 〔1〕 is the number of a note where the author has （） as
well, and elsewhere what the engine takes it for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from .. import reasons
from ..columns import Edits
from ..document import Document
from ..edits import Edit, Tier
from ..lexicon import Glyph
from ..result import Report
from ..spans import touches
from .batch import COMMA, GLYPH, MARK, SIGNS, Batch, table
from .view import Unmoved

KIND = "glyph"
ONCE, AGAIN, WIDTH = 0.95, 0.99, 0.6  # confidence: of one pair, of several in a document, of a mere difference of width
NOTED = 0.8  # confidence at most of brackets that are likely all those of notes
BRACKETS, ITEMS = 3, 2  # pairs of 〔〕, or numbered lines among them, in a document without （）
PROPER, RARE = 10, 0.1  # commas of full width at least, and marks of half width for each at most: these are slips

_BRACKETS = frozenset("〔〕")
_ROUND = re.compile("[（）]")
_HAN = table("", han=True)
_NUMBER = re.compile(r"〔(?:19|20)\d\d〕(?=\s*(?:[\u4e00-\u9fff]{0,6}第)?\d)")
_NUMBER_OR_NOTE = re.compile(rf"{_NUMBER.pattern}|〔\d{{1,3}}〕")
_HEADWORD = r"〔[^\d\n〔〕]{0,9}～[^\d\n〔〕]{0,9}〕"  # of a dictionary: 〔～症〕
_GENUINE = re.compile(f"{_NUMBER_OR_NOTE.pattern}|{_HEADWORD}")
_REFERENCE = re.compile(r"〔(?<=[\u4e00-\u9fff”’》]〔)\d{1,3}〕(?:[，。；：？！、”’》\n]|$)")
_BRACKETED = re.compile(r"〔([^\n〔〕]{1,60})〕")
_ITEM = re.compile(r"^[ \t　]*〔[一二三四五六七八九十]{1,3}〕", re.M)
_TITLES = "法|条例|办法|规定|通知|意见|纲要|决定|细则|准则|规则|报告|方案|标准|规范|章程|宣言|公约|决议"
_TITLE = re.compile(f"(?:{_TITLES})$")
_TITLE_END = table("".join(re.findall(r"(.)(?:\||$)", _TITLES)))
_ASKED = re.compile("[吗呢么吧谁哪几]|怎|是否|为何|多少")
_LOST = "? ?"  # other things than title marks were lost too
_INSIDE = {"quote": "{0}([^\n{1}]{{1,200}}){2}", "bracket": "{0}([^\n{1}]{{1,60}}){2}",
           "title": "{0}([^\\s，。？！；：、{1}]{{2,30}}){2}"}


class Glyphs:
    """The rows of glyphs, compiled."""

    def __init__(self, rows: Sequence[Glyph]) -> None:
        self._width = {g.glyph: g for g in rows if g.rule == "width"}
        self._pairs = []
        for g in rows:
            if g.rule != "width":
                (a, b), (c, d) = g.glyph.split("…"), g.right.split("…")
                inside = _INSIDE[g.rule].format(re.escape(a), "".join(map(re.escape, {a, b, c, d})), re.escape(b))
                self._pairs.append((g, re.compile(inside), (a, b, c, d), tuple(_wrong((a, b, c, d)))))

    def edits(self, text: str, left: Set[str], narrow: Iterable[int]) -> list[Edit]:
        """What the marks of ``text`` prove of one another; apart. ``narrow`` are those whose width is wrong.

        ``left`` are the marks that other edits leave somewhere: a row is left out if it could change none.
        """
        found = [e for g, inside, signs, wrong in self._pairs if not left.isdisjoint(wrong)
                 for e in _paired(text, g, inside, signs)]
        found += (_widened(self._width[text[at]], at) for at in narrow if text[at] in self._width)
        found.sort(key=lambda e: (e.start, -e.confidence))
        return [e for i, e in enumerate(found) if not i or e.start >= found[i - 1].end]


def _wrong(signs: tuple[str, str, str, str]) -> Iterator[str]:
    """Of two marks, and the two they should be, those that are wrong."""
    return (sign for sign, right in zip(signs[:2], signs[2:], strict=True) if sign != right)


def _paired(text: str, g: Glyph, inside: re.Pattern[str], signs: tuple[str, str, str, str]) -> Iterator[Edit]:
    a, b, c, d = signs
    if a not in text or b not in text:
        return
    if (g.rule == "bracket" and not _brackets(text)) or (g.rule == "title" and _LOST in text):
        return
    matches = [m for m in inside.finditer(text) if _stands(g.rule, text, m)]
    confidence = AGAIN if len(matches) > 1 else ONCE
    for m in matches:
        for at, sign, right in ((m.start(), a, c), (m.end() - 1, b, d)):
            if sign != right:
                yield Edit(at, at + 1, sign, right, "", KIND, confidence, Tier.of(confidence), f"{g.glyph}←{g.right}")


def _stands(rule: str, text: str, m: re.Match[str]) -> bool:
    """Whether what stands between two marks is what the rule asks for."""
    if rule == "title":
        # a question within a title, which was opened before, opens no other
        asks = m[0][0] == "?" and text.rfind("《", 0, m.start()) > text.rfind("》", 0, m.start())
        return bool(_TITLE.search(m[1])) and not asks and not _ASKED.search(text[max(0, m.start() - 1) : m.end()])
    return rule != "bracket" or not _GENUINE.match(text, m.start())


def _brackets(text: str) -> bool:
    """Whether the 〔〕 of a text, which writers hardly use, stand for （）."""
    return _ROUND.search(text) is None and (_asides(text) >= BRACKETS or len(_ITEM.findall(text)) >= ITEMS)


def _asides(text: str) -> int:
    """How much of a text stands in 〔〕 as it would in （）: more than 〔唐〕 and 〔1〕."""
    return sum(len(m[1]) > 1 and not m[1].isdigit() and not _GENUINE.match(text, m.start())
               for m in _BRACKETED.finditer(text))


def _noted(text: str) -> bool:
    """Whether nothing but numbers stands in the 〔〕 of a text, some of them where references to notes stand."""
    numbers = (_NUMBER_OR_NOTE.match(text, m.start()) for m in _BRACKETED.finditer(text))
    return all(numbers) and _REFERENCE.search(text) is not None


def _widened(g: Glyph, at: int) -> Edit:
    return Edit(at, at + 1, g.glyph, g.right, "", KIND, WIDTH, Tier.of(WIDTH), reasons.NARROW(f"{g.glyph}←{g.right}"))


@dataclass(frozen=True, slots=True)
class Marked(Unmoved):
    """A document with what its marks prove, which is worked out when its report is there."""

    document: Document
    glyphs: Glyphs
    narrow: Sequence[int]  # marks of half width between Chinese characters, if the text keeps to full width
    signs: Mapping[str, int]  # how often each mark stands that may be wrong

    def report(self, report: Report) -> Report:
        """The report with the edits that the marks prove, and without those of the numbers of documents and notes."""
        text, edits = self.document.text, Edits.of(report.edits)
        if not _BRACKETS.isdisjoint(self.signs):
            edits = _bracketed(text, edits)
        covered = edits.carried_out(self.signs)
        left = {sign for sign, count in self.signs.items() if count > covered[sign]}
        proven = [e for e in self.glyphs.edits(text, left, self.narrow)
                  if not touches(self.document.protected, e.start, e.end)]
        edits = _with(edits, proven) if proven else edits
        return report if edits is report.edits else replace(report, edits=edits)


def _bracketed(text: str, edits: Edits) -> Edits:
    """The ``edits`` without those of the numbers of documents and notes."""
    numbers = [m.span() for m in (_NUMBER_OR_NOTE if "（" in text else _NUMBER).finditer(text)]
    # without other damage the engine has nothing to go by but the brackets themselves
    others = any(pair.converter and pair.original not in _BRACKETS for pair in edits.written())
    alone = not others and (_ROUND.search(text) is not None or not _asides(text))
    if alone or numbers:
        wrong = [at for at in edits.starts(_BRACKETS) if alone or touches(numbers, at, at + 1)]
        edits = edits.without(wrong) if wrong else edits
    return edits.at_most(NOTED, _BRACKETS) if _noted(text) else edits


def _with(edits: Edits, proven: Sequence[Edit]) -> Edits:
    """The ``edits`` and what marks prove; where two touch, the surer one."""
    spans = edits.spans()
    kept, gone = [], []
    for e in proven:
        i = bisect_left(spans, (e.end,)) - 1
        if i < 0 or spans[i][1] <= e.start:
            kept.append(e)
        elif edits[i].confidence < e.confidence:
            kept.append(e)
            gone.append(spans[i][0])
    return (edits.without(gone) if gone else edits).with_others(kept)


def fold(documents: Sequence[Document], batch: Batch, glyphs: Glyphs) -> Iterator[tuple[int, Marked]]:
    """Each of ``documents`` whose marks say something, with its number; ``batch`` has their texts."""
    marks = batch.places(MARK)
    left, right = (_HAN.take(batch.codes[marks + step], mode="clip") for step in (-1, 1))
    between = marks[left & right]
    narrow, wide = batch.count(between), np.zeros(len(documents), dtype=np.int64)
    for i in np.flatnonzero(narrow).tolist():
        wide[i] = documents[i].text.count(COMMA)
    proper = (narrow > 0) & (wide >= PROPER) & (narrow <= RARE * wide)
    asked = batch.codes[marks] == ord("?")
    asked_at, glyphs_at = marks[asked], batch.places(GLYPH)
    closing = asked_at[_TITLE_END.take(batch.codes[asked_at - 1], mode="clip")]
    telling = batch.count(glyphs_at) + batch.count(closing) > 0
    for i in np.flatnonzero(batch.count(marks[asked & right])).tolist():
        telling[i] |= "》" in documents[i].text
    stand = {sign: batch.count(places[batch.codes[places] == ord(sign)]).tolist()
             for signs, places in ((SIGNS, glyphs_at), ("?", asked_at)) for sign in signs}
    for i in np.flatnonzero(proper | telling).tolist():
        first, last = np.searchsorted(between, batch.starts[i : i + 2])
        own = (between[first:last] - batch.starts[i]).tolist() if proper[i] else []
        signs = {sign: n for sign, counts in stand.items() if (n := counts[i])}
        yield i, Marked(documents[i], glyphs, own, signs)
