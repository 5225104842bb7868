"""Slips of sound: ``python benchmarks/sounds.py CORPORA [--part test] [--show]``.

First the edits of kind ``sound`` in healthy documents, true slips of their authors among them (``--show`` prints them).
Then a slip in every set phrase that these documents hold: one character exchanged for a common one of the same or a
similar sound, left out, or typed twice; a slip is corrected if the phrase is given back, and other edits of this kind
are wrong. ``--cost`` measures the CPU time with and without, in turns.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from corrector import Corrector
from corrector.engine.sounds import Sounds
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import default_lexicon

FLOORS = {"certain": 0.99, "default": 0.9, "possible": 0.5}
SLIPS = ("same", "like", "missing", "extra")


def written(phrase: str, slip: str, sounds: dict[str, dict[str, list[str]]], draw: random.Random) -> str:
    """``phrase`` with one ``slip``; empty if there is none."""
    nth = draw.randrange(len(phrase))
    if slip in ("same", "like"):
        choice = sounds[slip].get(phrase[nth], ())
        return phrase[:nth] + draw.choice(choice) + phrase[nth + 1 :] if choice else ""
    if slip == "missing":
        return phrase[:nth] + phrase[nth + 1 :]
    return phrase[: nth + 1] + phrase[nth:]


def confusions(usual: Counter[str]) -> dict[str, dict[str, list[str]]]:
    """For each character the common ones of the same and of a similar sound."""
    sounds = Sounds(default_lexicon().syllables)
    common = [c for c, _ in usual.most_common(3000) if "\u4e00" <= c <= "\u9fa5"]
    found: dict[str, dict[str, list[str]]] = {"same": {}, "like": {}}
    for right in {c for p in default_lexicon().set_phrases for c in p.text}:
        for wrong in common:
            if wrong != right and (how := sounds.how(wrong, right)):
                found[how].setdefault(right, []).append(wrong)
    return found


def damaged(texts: list[str], slip: str,
            sounds: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, dict[int, str]]]:
    """Each text with a slip in its set phrases, and by place in it what stood there."""
    phrases = [p.text for p in default_lexicon().set_phrases]
    automaton, draw = AhoCorasick(phrases, matchkind=MatchKind.LeftmostLongest), random.Random(0)
    for text in texts:
        pieces, truth, at, size = [], {}, 0, 0
        for i, start, end in automaton.find_matches_as_indexes(text):
            wrong = written(phrases[i], slip, sounds, draw)
            if not wrong:
                continue
            pieces += [text[at:start], wrong]
            size += start - at
            truth[size] = phrases[i]
            size, at = size + len(wrong), end
        yield "".join((*pieces, text[at:])), truth


def cost(texts: list[str]) -> float:
    """The CPU time of checking ``texts`` with slips of sound, as a multiple of that without; the middle of nine."""
    both = Corrector(), Corrector(lexicon=replace(default_lexicon(), set_phrases=()))
    ratios = []
    for _ in range(10):
        times = []
        for corrector in both:
            began = time.process_time()
            corrector.check_many(texts)
            times.append(time.process_time() - began)
        ratios.append(times[0] / times[1])
    return sorted(ratios[1:])[4]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--part", default="test", choices=("test", "calibrate"))
    parser.add_argument("--show", action="store_true", help="print the edits of healthy text")
    parser.add_argument("--cost", action="store_true", help="measure only the CPU time")
    options = parser.parse_args()
    documents = [(c, text) for c, name, text in read(options.corpora) if part(name, c) == options.part]
    texts = [text for _, text in documents]
    if options.cost:
        some = texts[::6]
        print(f"{sum(map(len, some))} characters: CPU time × {cost(some):.3f}")
        return
    corrector = Corrector(misread=True)
    size, edits = Counter[str](), Counter[tuple[str, str]]()
    for (corpus, text), report in zip(documents, corrector.check_many(texts), strict=True):
        size[corpus] += len(text)
        for e in report.edits:
            if e.kind == "sound":
                edits.update((level, c) for level, floor in FLOORS.items() if e.confidence >= floor
                             for c in ("all", corpus))
                if options.show:
                    around = text[max(0, e.start - 12) : e.start] + f"【{e.original}→{e.replacement}】"
                    print(corpus, e.confidence, (around + text[e.end : e.end + 12]).replace("\n", "⏎"))
    print("| healthy text | characters | " + " | ".join(f"{level}: edits" for level in FLOORS) + " |")
    print("|---|---|---|---|---|")
    size["all"] = sum(size.values())
    for corpus in sorted(size):
        if any(edits[level, corpus] for level in FLOORS):
            print(f"| {corpus} | {size[corpus]} | " + " | ".join(str(edits[level, corpus]) for level in FLOORS) + " |")
    print("\n| slip | slips | level | corrected | precision |\n|---|---|---|---|---|")
    sounds = confusions(Counter(c for t in texts for c in t))
    some = texts[::4]
    for slip in SLIPS:
        made = list(damaged(some, slip, sounds))
        reports = corrector.check_many([text for text, _ in made])
        slips = sum(len(truth) for _, truth in made)
        for level, floor in FLOORS.items():
            given = right = 0
            for (_, truth), report in zip(made, reports, strict=True):
                for e in report.edits:
                    if e.kind == "sound" and e.confidence >= floor:
                        given += 1
                        right += truth.get(e.start) == e.replacement
            print(f"| {slip} | {slips} | {level} | {right / max(1, slips):.3f} | {right / max(1, given):.4f} |")


if __name__ == "__main__":
    main()
