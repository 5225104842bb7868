"""Set phrases and how characters are read: ``python -m corrector.learn.sounds CORPORA [--output FOLDER]``.

Writes ``phrases/set.tsv`` and ``sounds.tsv``. Phrases are the idioms of jieba's word list that are met in enough
documents of the part ``train`` and whose halves are rare enough to be looked for, and the rows of the old file that
people wrote (:data:`OWN` in their reason). What is written like one of them in several documents, or without one of its
characters in any, is right as well and goes into the column ``besides``, where what people added stays; a phrase with
many such is never corrected to (``*``). The same corpora and packages give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import pypinyin
from ahocorasick_rs import AhoCorasick

from ..engine.features import code_points
from ..engine.slipmodel import default_slips
from ..engine.sounds import SoundFinder
from ..lexicon import SetPhrase, Syllable
from ..lexicon.read import SET_COLUMNS, SYLLABLE_COLUMNS, dictionaries, read_sheet
from .corpora import folders, read
from .split import part

OWN = "公文套语"
IDIOM, KIND = "i", "成语"
DOCUMENTS = 5  # in which a phrase must be met
HALF = 50  # times a million characters at most that its beginning or end is met
READINGS = 2  # the first ones of a character: the others are hardly met
TWICE = 2  # documents with the same string like a phrase: it is no slip
MANY = 3  # more such strings of the same length than this, and the phrase is not set


def listed() -> set[str]:
    """The idioms of jieba's list."""
    found = set()
    for line in (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split(" ")
        if tag == IDIOM and 4 <= len(word) <= 10 and all("\u4e00" <= c <= "\u9fa5" for c in word):
            found.add(word)
    return found


def syllables() -> list[Syllable]:
    """The usual readings of every character of GB 2312."""
    found: dict[str, str] = {}
    for row in range(0xB0, 0xF8):
        for c in bytes(b for cell in range(0xA1, 0xFF) for b in (row, cell)).decode("gb2312", "ignore"):
            for sound in sorted(set(pypinyin.pinyin(c, style=pypinyin.Style.NORMAL, heteronym=True)[0][:READINGS])):
                found[sound] = found.get(sound, "") + c
    return [Syllable(sound, found[sound]) for sound in sorted(found)]


def documents(words: list[str], texts: Iterable[str]) -> Counter[str]:
    """In how many of the ``texts`` each word is met."""
    automaton = AhoCorasick(words)
    met: Counter[int] = Counter()
    for text in texts:
        met.update({i for i, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)})
    return Counter({words[i]: n for i, n in met.items()})


def rare(phrases: list[str], texts: list[str]) -> set[str]:
    """The ``phrases`` whose first two and last two characters are seldom met."""
    pairs = sorted({half for p in phrases for half in (p[:2], p[-2:])})
    automaton = AhoCorasick(pairs)
    met: Counter[int] = Counter()
    for text in texts:
        met.update(i for i, _, _ in automaton.find_matches_as_indexes(text, overlapping=True))
    most = HALF * sum(map(len, texts)) / 1e6
    usual = {pairs[i] for i, n in met.items() if n > most}
    return {p for p in phrases if not usual & {p[:2], p[-2:]}}


def besides(phrases: list[SetPhrase], readings: list[Syllable], texts: Iterable[str]) -> dict[str, Counter[str]]:
    """For each phrase what is written like it, and in how many documents."""
    find = SoundFinder(phrases, readings, default_slips().grams)
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for phrase, written in {(s.phrase, s.written) for s in find(code_points(text)[0])}:
            found.setdefault(phrase, Counter())[written] += 1
    return found


def build(corpora: Path, output: Path) -> None:
    """Writes both files into ``output``, where the old ones may stand."""
    texts = [text for corpus, name, text in read(corpora) if part(name, corpus) == "train"]
    path, readings = output / "phrases" / "set.tsv", syllables()
    rows = [cells for _, cells in read_sheet(path, SET_COLUMNS).rows] if path.is_file() else []
    spared = {word: frozenset(others.split()) for word, _, others, _ in rows}
    own = {word for word, _, _, reason in rows if reason == OWN}
    met = documents(sorted(own | listed()), texts)
    words = rare(sorted(w for w in listed() - own if met[w] >= DOCUMENTS), texts) | own
    phrases = [SetPhrase(w, met[w], spared.get(w, frozenset())) for w in sorted(words)]
    seen = besides(phrases, readings, texts)
    lines = ["\t".join(SET_COLUMNS)]
    for p in phrases:
        like = seen.get(p.text, Counter())
        sure = TWICE if p.text[0] == p.text[1] else 1  # 原原本 is a slip wherever it is met
        others = p.besides | {w for w, n in like.items() if n >= (sure if len(w) < len(p.text) else TWICE)}
        if p.never or sum(len(w) == len(p.text) for w in others) > MANY:
            others = frozenset("*")
        lines.append(f"{p.text}\t{p.documents}\t{' '.join(sorted(others))}\t{OWN if p.text in own else KIND}")
    path.write_text("# 固定说法，documents 是训练用的语料中见到的篇数：写错、漏写、多写一个音同或音近的字就改\n"
                    "# besides 是同样写得的近形，* 是近形太多，从不改成它\n" + "\n".join(lines) + "\n",
                    encoding="utf-8")
    (output / "sounds.tsv").write_text(
        "# 汉字的读音，不计声调（取自 pypinyin）：据此判断读音相同相近\n" + "\t".join(SYLLABLE_COLUMNS) + "\n"
        + "".join(f"{s.sound}\t{s.characters}\n" for s in readings), encoding="utf-8")


if __name__ == "__main__":
    build(*folders(__doc__, dictionaries()))
