"""Slips of sound: a set phrase (建言献策) with one character written for another of its sound, left out, or too many.

Most of a text is done with after one look at each two neighbours: a slip leaves the first or the last two characters of
any four as they should be. What has these, and a third of the four in its place, is compared with the phrases, and
then how usual the wrong character is beside its neighbours says how sure the slip is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from .. import reasons
from ..lexicon import SetPhrase, Syllable
from . import kernels
from .arrays import distinct
from .features import WINDOW, Codes, Ids, codes_of
from .ngrams import Grams, fold

FOUR = 4
REACH = 12  # characters on either side of two that a phrase may hold
_BITS, _FINE = 20, 20  # of the tables of two and of three characters
_HEAD, _TAIL = 1, 2  # two characters begin, end four of a phrase
_THIRD, _FOURTH, _SECOND, _FIRST = 1, 2, 4, 8  # which of the four stands beside these two
_TWICE = 16  # the four are 原原本本, of which any may be missing
_FACTOR, _FACTOR3 = np.uint32(0x9E3779B1), np.uint32(0xC2B2AE35)
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("h", "f"))
_NASAL = re.compile("(?<=[aei])ng$")
SURE, WEAK = 3.0, 0.6  # log odds, by what benchmarks/sounds.py finds in healthy text
USUAL = 8  # times that the wrong character was seen beside its neighbours, from which it may have been meant
MET = 40  # documents in which a phrase is met so often that a string like it, met in none, is a slip
_OPENING, _CLOSING = "“‘「『《〈（(\"", "”’」』》〉）)\""  # what stands alone between these is quoted, or a pun
_NAMES = re.compile("某|公司|集团|商行|有限|[店馆厂村镇路街坊阁轩楼苑]")
_MISTAKES = re.compile("错别字|错字|别字|误写|写错|书写(?:完全|全都)?(?:正确|有误)|字形|双关|谐音")
_HAN = re.compile("[\u4e00-\u9fa5]+")
_Fours = Sequence[tuple[str, int]]  # phrases, and where the four begin in them
_BLANK = " \t\u3000\xa0\n\r\0"


class Sound(NamedTuple):
    """A place ``start:end`` where ``written`` stands for ``phrase``; ``how`` is ``same`` or ``like`` (a character of
    this sound), ``missing`` or ``extra``."""

    start: int
    end: int
    written: str
    phrase: str
    how: str
    nth: int  # which character of the phrase
    odds: float  # log odds that it is a slip


class Sounds:
    """How characters are read: which sound the same, and which alike."""

    def __init__(self, syllables: Sequence[Syllable]) -> None:
        self._heard: dict[str, list[Syllable]] = {}
        for s in syllables:
            for c in s.characters:
                self._heard.setdefault(c, []).append(s)
        number = {"": 0}
        alike = np.array([number.setdefault(fuzzy(s.sound), len(number)) for s in syllables], dtype=np.uint32)
        alike = np.repeat(alike, [len(s.characters) for s in syllables])
        codes = codes_of("".join(s.characters for s in syllables))
        self.read = np.zeros((2, 1 << 16), dtype=np.uint32)  # by character its first and last fuzzy sound, as numbers
        self.read[0, codes[::-1]], self.read[1, codes] = alike[::-1], alike

    def how(self, wrong: str, right: str) -> str:
        """``same``, ``like`` or nothing."""
        one, other = ({s.sound for s in self._heard.get(c, ())} for c in (wrong, right))
        if not one.isdisjoint(other):
            return "same"
        return "" if set(map(fuzzy, one)).isdisjoint(map(fuzzy, other)) else "like"


def fuzzy(syllable: str) -> str:
    """``syllable`` without the differences that many speakers do not make: z and zh, n and l, f and h, in and ing.

    >>> fuzzy("shang"), fuzzy("ling"), fuzzy("cheng")
    ('san', 'nin', 'cen')
    """
    for written, kept in _FUZZY:
        if syllable.startswith(written):
            syllable = kept + syllable[len(written):]
            break
    return _NASAL.sub("n", syllable)


class SoundFinder:
    """Finds the slips of set phrases. Immutable."""

    def __init__(self, phrases: Sequence[SetPhrase], syllables: Sequence[Syllable], grams: Grams) -> None:
        self._sounds = Sounds(syllables)
        self._grams = grams
        self._phrases = {p.text: p for p in phrases if not p.never}
        self._pairs = np.zeros(1 << _BITS, dtype=np.uint8)
        self._triples = np.zeros(1 << _FINE, dtype=np.uint8)
        self._heard = np.zeros(1 << _FINE, dtype=np.bool_)  # three characters, and the sound of the fourth
        fours = [(text, offset) for text in self._phrases for offset in sorted({0, len(text) - FOUR})]
        a, b, c, d = codes_of("".join([text[at : at + FOUR] for text, at in fours])).reshape(-1, FOUR).T
        self._heads, self._tails = _Halves(a, b, fours), _Halves(c, d, fours)
        for first, second, role, others in ((a, b, _HEAD, ((c, _THIRD), (d, _FOURTH))),
                                            (c, d, _TAIL, ((b, _SECOND), (a, _FIRST)))):
            two = kernels.hashed(first, second, _BITS)
            np.bitwise_or.at(self._pairs, two, np.uint8(role))
            (near, nearest), (far, farthest) = others
            for other, nth, broken in ((near, nearest, far), (far, farthest, near)):
                three = _three(two, other)
                roles = np.where((a == b) & (c == d), nth | _TWICE, nth)
                np.bitwise_or.at(self._triples, three, roles.astype(np.uint8))
                for read in self._sounds.read:
                    self._heard[_three(three, read[broken])] = True
        self._known = np.packbits(self._pairs > 0, bitorder="little")
        self._tables = kernels.Struct(self._known, self._pairs, self._triples, self._heard, *self._sounds.read)

    def __call__(self, codes: Codes) -> list[Sound]:
        """The slips in ``codes``, padded as :func:`.features.code_points` does, in the order of the text."""
        found: dict[tuple[int, int], Sound] = {}
        at = self.suspects(codes)
        every = codes[at[:, None] + np.arange(-REACH, REACH)].tobytes().decode("utf-32-le", "surrogatepass")
        heads, tails = (halves(codes[at], codes[at + 1]) for halves in (self._heads, self._tails))
        for i, (place, *fours) in enumerate(zip(at.tolist(), heads, tails, strict=True)):
            for sound in self._compared(every[2 * i * REACH : 2 * (i + 1) * REACH], place - REACH, *fours):
                found.setdefault((sound.start, sound.end), sound)
        return [found[k] for k in sorted(found)]

    def suspects(self, codes: Codes) -> Ids:
        """Where two characters begin or end a phrase with one slip, as far as hashes tell."""
        if kernels.library:
            return kernels.suspects(self._tables, codes, WINDOW)
        at = kernels.neighbours(self._known, _BITS, codes)
        at = at[(at >= WINDOW) & (at < len(codes) - WINDOW)]
        two = kernels.hashed(codes[at], codes[at + 1], _BITS)
        role = self._pairs.take(two)
        begins, ends = np.flatnonzero(role & _HEAD), np.flatnonzero(role & _TAIL)
        head = self._broken(codes, at[begins], two[begins], (2, 3, 4), _THIRD, _FOURTH)
        tail = self._broken(codes, at[ends], two[ends], (-1, -2, -3), _SECOND, _FIRST)
        return distinct(np.concatenate((head, tail)))

    def _broken(self, codes: Codes, at: Ids, two: Codes, steps: tuple[int, int, int], nearest: int,
                farthest: int) -> Ids:
        """Those ``at`` whose ``two`` characters have, ``steps`` away, only one of the other two in its place."""
        threes = [_three(two, codes[at + k]) for k in steps]
        near, far, after = (self._triples.take(three, mode="clip") for three in threes)
        kept = (near & farthest > 0) | ((near | far) & nearest > 0) & (after & farthest > 0) | (near & _TWICE > 0)
        first, second = near & nearest > 0, far & farthest > 0
        for stands, broken, three, step in ((first, second, threes[0], steps[1]), (second, first, threes[1], steps[0])):
            some = np.flatnonzero(stands & ~broken & ~kept)
            written = codes[at[some] + step]
            kept[some] = np.any([self._heard.take(_three(three[some], read.take(written, mode="clip")))
                                 for read in self._sounds.read], axis=0)
        return at[kept & ~(first & second)]

    def _compared(self, around: str, first: int, heads: _Fours, tails: _Fours) -> Iterator[Sound]:
        """The slips in ``around``: the two characters at ``REACH`` begin or end these fours."""
        for phrase, offset in heads:
            start, size = REACH - offset, len(phrase)
            if around[start : start + size] != phrase:
                for length in (size, size + 1, size - 1):
                    if sound := self._slip(around, start, start + length, phrase, first):
                        yield sound
        for phrase, offset in tails:
            size = len(phrase)
            end = REACH + 2 + size - offset - FOUR
            if around[end - size : end] != phrase:
                for length in (size, size + 1, size - 1):
                    if sound := self._slip(around, end - length, end, phrase, first):
                        yield sound

    def _slip(self, around: str, start: int, end: int, phrase: str, first: int) -> Sound | None:
        written = around[start:end]
        if Levenshtein.distance(written, phrase, score_cutoff=1) != 1 or written in self._phrases[phrase].besides:
            return None
        if not (how := self.how(written, phrase)) or self._spared(around, start, end, *how):
            return None
        return Sound(first + start, first + end, written, phrase, *how, self._odds(around, start, phrase, *how))

    def _odds(self, around: str, start: int, phrase: str, how: str, nth: int) -> float:
        if how == "extra" or self._phrases[phrase].documents >= MET:
            return SURE
        return WEAK if how == "missing" or self._usual(around, start + nth - 1, start + nth) else SURE

    def _spared(self, around: str, start: int, end: int, how: str, nth: int) -> bool:
        """Whether ``around[start:end]`` is quoted, part of a title or of a name, or a word in a list of words; or the
        half that is a character short is a word with what stands beside it: 紧密合作 lacks nothing."""
        if how == "missing" and self._usual(around, *((start - 1,) if nth < 2 else (end - 1,))):
            return True
        before, after = around[start - 1], around[end]
        return ((before in _OPENING and after in _CLOSING)
                or around.rfind("《", 0, start) > around.rfind("》", 0, start)
                or before == "某" or _NAMES.match(around, end) is not None
                or (before in _BLANK and after in _BLANK))

    def _usual(self, around: str, *at: int) -> bool:
        """Whether the two characters that begin at each of these places are often seen together, as words are."""
        within = [i for i in at if _HAN.fullmatch(around, i, i + 2)]
        first, second = (fold(np.array([ord(around[i + k]) for i in within], dtype=np.uint32)) for k in (0, 1))
        return bool(within) and float(self._grams.seen(first, second)[0].sum()) >= USUAL

    def how(self, written: str, phrase: str) -> tuple[str, int] | None:
        """How ``written`` differs in one character from ``phrase``, and in which, if by a slip."""
        [op] = Levenshtein.editops(written, phrase)
        nth, last = op.dest_pos, len(phrase) - 1
        if op.tag == "replace":
            return (how, nth) if (how := self._sounds.how(written[nth], phrase[nth])) else None
        if op.tag == "insert":
            # without its first or last character it is often a phrase still, but 原原本 never
            inner = 0 < nth < last or (phrase[0], phrase[2]) == (phrase[1], phrase[3])
            return ("missing", nth) if inner and not self._phrases[phrase].loose else None
        twice = written[op.src_pos] in (written[op.src_pos - 1], written[op.src_pos + 1 : op.src_pos + 2])
        return ("extra", nth) if 0 < nth <= last and twice else None

    def reason(self, written: str, phrase: str) -> str:
        """Why ``written`` is a slip of ``phrase``, in words."""
        how = self.how(written, phrase)
        forms = {"same": reasons.SAME_SOUND, "like": reasons.LIKE_SOUND, "missing": reasons.ONE_MISSING,
                 "extra": reasons.ONE_TOO_MANY}
        return forms[how[0]](written, phrase) if how else ""


class _Halves:
    """Four characters of phrases, by two of them."""

    def __init__(self, first: Codes, second: Codes, fours: _Fours) -> None:
        keys = _two(first, second)
        order = np.argsort(keys, kind="stable")
        self._keys, self._fours = keys[order], [fours[i] for i in order.tolist()]

    def __call__(self, first: Codes, second: Codes) -> Iterator[_Fours]:
        """Those that have each two characters."""
        two = _two(first, second)
        begins, ends = (np.searchsorted(self._keys, two, side).tolist() for side in ("left", "right"))
        return (self._fours[a:b] for a, b in zip(begins, ends, strict=True))


def about_mistakes(text: str) -> bool:
    """Whether a text speaks of wrong characters, and so may write them on purpose."""
    return _MISTAKES.search(text) is not None


def _two(first: Codes, second: Codes) -> Ids:
    return first.astype(np.int64) << 21 | second


def _three(two: Codes, third: Codes) -> Codes:
    return (two * _FACTOR + third) * _FACTOR3 >> np.uint32(32 - _FINE)
