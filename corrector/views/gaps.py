"""Gaps: what stands within running text and was not written there: a space, a line break, a page number, a watermark.

A batch is searched at once: plain text pays for a few passes of numpy. Only lines that end in mid-sentence are looked
at one by one. A gap is seen through where its line is prose, that is, has punctuation: labels of a form (姓 名), titles
and poems have none. Elsewhere it must cut a word of the converter tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..lexicon import Lexicon
from .batch import SIGN, Batch, Codes, Flags, Ids, table
from .batch import SPACE as SPACE_SIGN

SPACE, LINE, PAGE, MARK, NOISE, FORMAT = "space", "line", "page", "mark", "noise", "format"

REPEATED = 3  # a line that stands so often in a document, in the middle of sentences, is a watermark
LONGEST_MARK, LONGEST_NUMBER = 40, 16  # characters of a line that is a watermark, a page number
MANY, SPARSE = 4, 80  # fewer gaps than that, or one in more characters: only those count that cut a known word
LONGEST_LINE = 400  # … with the blanks around it
AHEAD = 6  # lines of page furniture in one gap

_PAGE = re.compile(r"[-—–·•~～\s]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–·•~～\s]*")
_ITEM = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}[章节条编篇部]|[一二三四五六七八九十]{1,3}[、，．.]|附[件录]")

FORMATTING = "*~=<"  # how what gives words another format in Markdown may begin
_FORMAT = re.compile(r"(?:\*{1,3}|~~|==|</?(?:b|strong|i|em|u|s|del|ins|mark|span|font)\b[^<>\n]*>)+")

_CUT_AFTER = table("，、；：“‘（《", han=True) & ~table("章节条编")  # 第一条 为了
_PUNCTUATION_BEFORE = tuple("，。、；：”’）》！？")
_CUT_BEFORE = table("".join(_PUNCTUATION_BEFORE), han=True)
_UNFINISHED = table("，、“‘（《", han=True)
_IS_HAN = table("", han=True)
_FURNITURE = table("\n\f0123456789-—–第页·")


class Gap(NamedTuple):
    """``text[start:end]`` does not belong to the sentence; ``word`` is what it cuts in two, if that is known."""

    start: int
    end: int
    kind: str
    word: str = ""


class Words:
    """The words of the converter tables, asked for by the two characters on either side of a cut."""

    def __init__(self, lexicon: Lexicon) -> None:
        pairs = [p for t in lexicon.tables for p in t.pairs]
        self.converted = {p.converted for p in pairs if len(p.converted) > 1}
        self._common = {p.converted for t in lexicon.tables if not t.rare for p in t.pairs if len(p.converted) > 1}
        self._all = self.converted | {p.original for p in pairs if len(p.original) > 1}
        self._cut: dict[str, list[tuple[str, int]]] = {}
        for word in sorted(self._all, key=len, reverse=True):
            for k in range(1, len(word)):
                self._cut.setdefault(word[k - 1 : k + 1], []).append((word, k))
        cuts = sorted((ord(cut[0]), ord(cut[1])) for cut in self._cut)
        self._keys = np.array([0, *(a << 16 | b for a, b in cuts if max(a, b) < 0xFFFF)], dtype=np.uint32)

    def damaged(self, line: str) -> bool:
        """Whether a word that a common converter writes stands in ``line``."""
        return any(word in line for word in self._common)

    def may_cut(self, left: Codes, right: Codes) -> Flags:
        """Where a word may stand across ``left`` and ``right``."""
        keys = np.minimum(left, 0xFFFF) << np.uint32(16) | np.minimum(right, 0xFFFF)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.asarray(self._keys[at] == keys)

    def cut(self, text: str, start: int, end: int) -> str:
        """The longest word that ``text[start:end]`` cuts in two; empty if it cuts none."""
        for word, k in self._cut.get(text[start - 1 : start] + text[end : end + 1], ()):
            if text[max(0, start - k) : start] == word[:k] and text.startswith(word[k:], end):
                return word
        return ""


def find(batch: Batch, words: Words) -> Iterator[tuple[int, list[Gap]]]:
    """The gaps of each text that has any, with its number; sorted, disjoint, none at either end of the text."""
    ends, prose = batch.lines()
    candidates = (_spaces(batch, words, ends, prose), _lines(batch, words, ends, prose))
    documents = [batch.text_of(c.at) for c in candidates]
    many, marks = (sum(map(batch.count, group), np.zeros(1, dtype=np.int64)) for group in (
        [c.at[c.prose] for c in candidates], [c.at[c.mark] for c in candidates]))
    dense, marked = (many >= MANY) & (many * SPARSE > batch.lengths), marks >= REPEATED
    places = [c.at[c.telling | dense[d] | (c.mark & marked[d])] for d, c in zip(documents, candidates, strict=True)]
    places.append(_noises(batch, words))
    for i in np.flatnonzero(sum(map(batch.count, places))).tolist():
        first, last = batch.starts[i], batch.starts[i + 1]
        own = [(p[np.searchsorted(p, first) : np.searchsorted(p, last)] - first).tolist() for p in places]
        if gaps := _gaps(batch.texts[i], words, *own):
            yield i, gaps


def formats(text: str, words: Words) -> Iterator[Gap]:
    """What gives a part of a converted word another format in Markdown: 原那**么**, 原那<b>么</b>."""
    for m in _FORMAT.finditer(text):
        word = words.cut(text, *m.span())
        if word in words.converted:
            yield Gap(*m.span(), FORMAT, word)


class _Candidates(NamedTuple):
    """Places that may be gaps: ``telling`` ones anywhere, those that may be beside a watermark (``mark``) where there
    are some, all where there are many in ``prose``."""

    at: Ids
    prose: Flags
    telling: Flags
    mark: Flags


def _spaces(batch: Batch, words: Words, ends: Ids, prose: Flags) -> _Candidates:
    at, codes = batch.places(SPACE_SIGN), batch.codes
    at = at[codes[at + 1] > 0x2000]  # most spaces stand between words of other scripts
    left, right = codes[at - 1], codes[at + 1]
    inner = _CUT_AFTER.take(left, mode="clip") & _CUT_BEFORE.take(right, mode="clip")
    at, telling = at[inner], words.may_cut(left[inner], right[inner])
    return _Candidates(at, prose[np.searchsorted(ends, at)], telling, np.zeros(len(at), dtype=np.bool_))


def _lines(batch: Batch, words: Words, ends: Ids, prose: Flags) -> _Candidates:
    """``prose`` of the line before each of ``ends``."""
    codes = batch.codes
    unfinished = _UNFINISHED.take(codes[ends - 1], mode="clip") & (codes[ends] > 0)
    k = np.flatnonzero(unfinished)
    at, right, goes_on = ends[k], codes[ends[k] + 1], prose[k]
    length = at - ends[k - 1]
    # a short line after a longer one that goes on may be a watermark
    mark = unfinished[k - 1] & ~goes_on & (length <= LONGEST_MARK) & (ends[k - 1] - ends[k - 2] > 2 * length)
    mark[:-1] |= mark[1:]
    # blank lines, and short ones that begin and end as page numbers do
    second = np.where(right == 10, codes[np.minimum(at + 2, len(codes) - 1)], right)
    page = ((ends[k + 1] - at < LONGEST_NUMBER) & _FURNITURE.take(second, mode="clip")
            & ((right == 10) | _FURNITURE.take(codes[ends[k + 1] - 1], mode="clip")))
    return _Candidates(at, goes_on, words.may_cut(codes[at - 1], right) | page, mark)


def _noises(batch: Batch, words: Words) -> Ids:
    """Signs in the middle of what may be a word of the tables."""
    at, codes = batch.places(SIGN), batch.codes
    at = at[_IS_HAN.take(codes[at - 1], mode="clip") & _IS_HAN.take(codes[at + 1], mode="clip")]
    return at[words.may_cut(codes[at - 1], codes[at + 1])]


def _gaps(text: str, words: Words, spaces: list[int], lines: list[int], noises: list[int]) -> list[Gap]:
    marks = _marks(text, lines, words)
    found = [*_spaces_in(text, spaces, words), *_broken_lines(text, lines, marks, words), *_inside(text, marks, words)]
    found += (Gap(at, at + 1, NOISE, word) for at in noises if (word := words.cut(text, at, at + 1)))
    plain = sum(g.kind in (SPACE, LINE) for g in found)
    dense = plain >= MANY and plain * SPARSE > len(text)
    gaps = sorted((g for g in found if dense or g.word or g.kind in (PAGE, MARK)), key=lambda g: g.start)
    return [g for i, g in enumerate(gaps) if g.start and (not i or g.start > gaps[i - 1].end)]


def _spaces_in(text: str, spaces: list[int], words: Words) -> Iterator[Gap]:
    line = _Line(text)
    for at in spaces:
        word = words.cut(text, at, at + 1)
        if word in words.converted or line.at(at).prose:  # 目 录 alone in a line is layout
            yield Gap(at, at + 1, SPACE, word)


class _Line:
    """The line that a place stands in, or ends; places are asked for in their order, so that no line is read twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.start, self._end = 0, -1
        self.prose = False  # whether it has punctuation

    def at(self, place: int) -> _Line:
        if place > self._end:
            self.start = self._text.rfind("\n", max(0, self._end), place) + 1 or self.start
            end = self._text.find("\n", place)
            self._end = len(self._text) if end < 0 else end
            self.prose = self._text.find("，", self.start, self._end) >= 0
        return self


def _short_line(text: str, at: int) -> str | None:
    """What stands from ``at`` to the end of the line, if it is short enough for a watermark or a page number."""
    end = text.find("\n", at, at + LONGEST_LINE)
    return text[at:end] if end >= 0 else text[at:] if at + LONGEST_LINE > len(text) else None


def _marks(text: str, lines: list[int], words: Words) -> set[str]:
    """Watermarks: what stands again and again after a line that ends in mid-sentence. What may be damaged is none:
    nobody would look at it."""
    if len(lines) < REPEATED:
        return set()
    short = (_short_line(text, at + 1) or "" for at in lines)
    following = Counter(line.strip() for line in short if 2 <= len(line) < LONGEST_MARK)
    return {line for line, n in following.items() if n >= REPEATED and line and not words.damaged(line)}


def _broken_lines(text: str, lines: list[int], marks: set[str], words: Words) -> Iterator[Gap]:
    reached = 0
    line = _Line(text)
    for at in lines:
        if at < reached:
            continue
        position, kind, blank = at + 1, PAGE if text[at] == "\f" else LINE, False
        if marks or not _may_begin(text, position):
            position, kind, blank = _furniture(text, at, marks)
            if not _may_begin(text, position):
                continue
        word = words.cut(text, at, position)
        if not word and kind != MARK:
            if (blank and kind == LINE) or _ITEM.match(text, position):
                continue
            if not ((reached and reached == line.at(at).start) or line.at(at).prose):
                continue
        reached = position
        yield Gap(at, position, kind, word)


def _may_begin(text: str, at: int) -> bool:
    """Whether a sentence may go on at ``at``."""
    return "\u3400" <= text[at : at + 1] <= "\u9fff" or text[at : at + 1] in _PUNCTUATION_BEFORE


def _furniture(text: str, at: int, marks: set[str]) -> tuple[int, str, bool]:
    """Where the text goes on after blank lines, page numbers and watermarks; the kind of gap, and if any were blank."""
    position, kind, blank = at + 1, PAGE if text[at] == "\f" else LINE, False
    for _ in range(AHEAD):
        whole = _short_line(text, position)
        line = (whole or "").strip()
        if line in marks:
            kind = MARK
        elif text.startswith("\f", position):
            whole, kind = "", PAGE
        elif whole is None or (line and not (len(line) < LONGEST_NUMBER and _PAGE.fullmatch(line))):
            break
        elif line and kind == LINE:
            kind = PAGE
        blank |= not line
        position += len(whole or "") + 1
    return position, kind, blank


def _inside(text: str, marks: set[str], words: Words) -> Iterator[Gap]:
    """Watermarks in the middle of a line, between the two halves of a sentence."""
    for mark in sorted(marks):
        at = text.find(mark)
        while at >= 0:
            end = at + len(mark)
            if text[at - 1 : at] not in ("", "\n") and text[end : end + 1] not in ("", "\n"):
                yield Gap(at, end, MARK, words.cut(text, at, end))
            at = text.find(mark, end)
