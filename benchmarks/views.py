"""What reads through views, against what needs none: ``python benchmarks/views.py CORPORA``.

Documents that nothing was trained on (``corrector.learn.split``), damaged by a table. *Cut*: the same documents with
spaces and line breaks at random places; how much recall that costs. *Healthy*: edits a million characters of the
documents as they are, and of the same in lines of 40 characters. *Traditional*: the damaged documents converted by
OpenCC, and which edits are the same as in simplified script, compared in simplified characters. *Speed*: the engine
alone against the engine with views on simplified text; rounds are interleaved, the median of their ratios is given. CPU
time, not the clock.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

from opencc import OpenCC

from corrector import Corrector, Report
from corrector.damage import damage
from corrector.document import document
from corrector.edits import trim
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import default_lexicon
from corrector.views.script import simplified

DEFAULT = 0.9
Place = tuple[int, int, str]


def documents(folder: Path, characters: int) -> Iterator[tuple[str, str]]:
    size: Counter[str] = Counter()
    for corpus, name, text in read(folder):
        if part(name, corpus) == "test" and size[corpus] < characters:
            size[corpus] += len(text)
            yield corpus, text


def cut(text: str, chance: random.Random, every: int) -> tuple[str, list[int]]:
    """``text`` with gaps, and for each offset of it where that was before."""
    pieces, origin = [], []
    for i, c in enumerate(text):
        if i and chance.random() < 1 / every and not {c, text[i - 1]} & {"\n", " "}:
            pieces.append(chance.choice(" \n"))
            origin.append(i)
        pieces.append(c)
        origin.append(i)
    return "".join(pieces), [*origin, len(text)]


def places(report: Report, origin: list[int] | None = None) -> set[Place]:
    """Where the edits of the default level are, and what they write; without gaps when they are cut."""
    found = set()
    for e in report.edits:
        if e.confidence >= DEFAULT and e.kind != "broken":
            start, old, new = e.start, e.original, e.replacement
            if origin:
                start = origin[start]
                old, new = (w.replace(" ", "").replace("\n", "") for w in (old, new))
            found.add(trim(start, start + len(old), old, new))
    return found


def cuts(texts: list[tuple[str, str]], corrector: Corrector, every: int) -> None:
    table = default_lexicon().table("A")
    chance = random.Random(7)
    counts: dict[str, Counter[str]] = {}
    for corpus, text in texts:
        damaged = damage(text, table)
        truth = {trim(c.start, c.end, damaged.text[c.start : c.end], c.original) for c in damaged.truth}
        text, origin = cut(damaged.text, chance, every)
        whole, seen = places(corrector.check(damaged.text)), places(corrector.check(text), origin)
        without = places(corrector._views._engine.check(document(text)), origin)
        for row in ("all", corpus):
            counts.setdefault(row, Counter()).update(
                must=len(truth), whole=len(whole & truth), cut=len(seen & truth), alone=len(without & truth),
                wrong=len(whole - truth), cut_wrong=len(seen - truth))
    print(f"| cut 1 in {every} | converted | recall whole | cut | lost | cut, without views | precision whole | cut |")
    print(f"|{'---|' * 8}")
    for row, n in counts.items():
        whole, cut_, alone = (n[w] / max(1, n["must"]) for w in ("whole", "cut", "alone"))
        right = [n[w] / max(1, n[w] + n[b]) for w, b in (("whole", "wrong"), ("cut", "cut_wrong"))]
        cells = (f"{value:.3f} |" for value in (whole, cut_, whole - cut_, alone, *right))
        print(f"| {row} | {n['must']} |", *cells)


def traditional(texts: list[tuple[str, str]], corrector: Corrector) -> None:
    table = default_lexicon().table("A")
    print("\n| traditional | edits in simplified script | the same | only simplified | only traditional |")
    print("|---|---|---|---|---|")
    for name in ("s2t", "s2tw", "s2hk"):
        convert = OpenCC(name).convert
        counts: Counter[str] = Counter()
        for _, text in texts:
            damaged = damage(text, table).text
            converted = convert(damaged)
            if len(converted) != len(damaged):
                counts["left out"] += 1
                continue
            simple = {(e.start, e.end, e.replacement) for e in corrector.check(damaged).edits
                      if e.confidence >= DEFAULT and e.kind != "broken"}
            other = {(e.start, e.end, simplified(e.replacement)) for e in corrector.check(converted).edits
                     if e.confidence >= DEFAULT and e.kind not in ("broken", "script")}
            counts.update(all=len(simple), same=len(simple & other), missing=len(simple - other),
                          more=len(other - simple))
        n = counts["all"] or 1
        print(f"| {name} | {n} | {counts['same'] / n:.4f} | {counts['missing'] / n:.4f} | {counts['more'] / n:.4f} |")
        if counts["left out"]:
            print(f"\n{counts['left out']} documents were left out: the conversion changed their length.")


def healthy(texts: list[tuple[str, str]], corrector: Corrector) -> None:
    size = sum(len(t) for _, t in texts)
    print("\n| healthy: edits a M characters | default, engine alone | with views | possible: joined words |")
    print("|---|---|---|---|")
    for name, given in (("as they are", [t for _, t in texts]), ("in lines of 40", [wrapped(t) for _, t in texts])):
        alone = corrector._views._engine.check_many(map(document, given))
        reports = corrector.check_many(given)
        default = [sum(e.confidence >= DEFAULT for r in group for e in r.edits) for group in (alone, reports)]
        joined = sum(e.kind == "broken" for r in reports for e in r.edits)
        print(f"| {name} |", *(f"{n / size * 1e6:.1f} |" for n in (*default, joined)))


def wrapped(text: str) -> str:
    return "\n".join(line[i : i + 40] for line in text.split("\n") for i in range(0, max(1, len(line)), 40))


def speed(texts: list[tuple[str, str]], corrector: Corrector, rounds: int) -> None:
    given = [document(t) for _, t in texts]
    ratios = []
    for _ in range(rounds):
        times = []
        for check in (corrector._views._engine.check_many, corrector.check_documents):
            start = time.process_time()
            check(given)
            times.append(time.process_time() - start)
        ratios.append(times[1] / times[0])
    print(f"\nCPU time with views on simplified text: {statistics.median(ratios):.3f} of the engine alone.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--characters", type=int, default=100_000, help="about so many a register")
    parser.add_argument("--every", type=int, default=50, help="one cut in so many characters")
    parser.add_argument("--traditional", type=int, default=5, help="one document in so many is converted: it is slow")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    texts = list(documents(options.corpora, options.characters))
    corrector = Corrector()
    cuts(texts, corrector, options.every)
    healthy(texts, corrector)
    traditional(texts[:: options.traditional], corrector)
    speed(texts, corrector, options.rounds)


if __name__ == "__main__":
    main()
