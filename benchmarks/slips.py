"""Slips of single characters: ``python benchmarks/slips.py CORPORA [--sighan FILE …]``.

Documents that nothing was trained on (``corrector.learn.split``) are given healthy, then misread, one character in 200,
by confusion sets of other makers than those the model was trained with: pycorrector's ``same_stroke.txt`` and the
nearest neighbours of lavender-sscc, from a folder filled by ``pip install --no-deps --target FOLDER pycorrector
lavender-sscc`` (``--packages``). ``--sighan`` measures files of ``source<TAB>target`` lines as the SIGHAN tasks did: a
sentence is detected if all its wrong places and no others are found, corrected if moreover all are set right. These
sentences stand alone: they are told to be misread, in place of what their document would have said.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from corrector import Corrector
from corrector.edits import Edit
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.result import Report

KINDS = {"shape", "sound"}
FLOORS = {"certain": 0.99, "default": 0.9, "possible": 0.5}
RATE = 1 / 200
PEERS = """
Published for SIGHAN 2015, not measured here: pycorrector's KenLM corrector, corrected: 0.653 / 0.149 / 0.243 (a comment
in its own evaluation script; 2.8 GB of n-grams); Soft-Masked BERT (Zhang et al., 2020), detected: F1 0.735.
"""


def confusions(packages: Path) -> dict[str, dict[str, list[str]]]:
    """By maker, for each character those that are taken for it."""
    found: dict[str, dict[str, list[str]]] = {}
    strokes: dict[str, list[str]] = {}
    [path] = packages.rglob("same_stroke.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        group = line.split("\t")
        for c in group:
            strokes.setdefault(c, []).extend(x for x in group if x != c)
    found["pycorrector"] = strokes
    [path] = packages.rglob("top_sccs.csv")
    with path.open(encoding="utf-8") as lines:
        found["lavender-sscc"] = {row[0]: [x for x in row[1][:5] if x != row[0]] for row in csv.reader(lines)}
    return found


def misread(text: str, alike: dict[str, list[str]], usual: set[str], draw: random.Random) -> tuple[str, dict[int, str]]:
    """``text`` with slips, and the true character at each of them."""
    written, truth = list(text), {}
    for i, c in enumerate(text):
        if "\u4e00" <= c <= "\u9fa5" and draw.random() < RATE:
            choice = [x for x in alike.get(c, ()) if x in usual]
            if choice:
                written[i], truth[i] = draw.choice(choice), c
    return "".join(written), truth


def characters(edits: Iterable[Edit], floor: float) -> dict[int, str]:
    """What becomes of each place, for the edits that keep the length."""
    return {e.start + i: new for e in edits if e.confidence >= floor and e.kind in KINDS
            and len(e.original) == len(e.replacement)
            for i, (old, new) in enumerate(zip(e.original, e.replacement, strict=True)) if old != new}


def found(damaged: list[tuple[str, dict[int, str]]], reports: list[Report], floor: float) -> str:
    """Shares of the slips that are detected and corrected, and of the edits that are right."""
    right = given = detected = 0
    for (_, truth), report in zip(damaged, reports, strict=True):
        edits = characters(report.edits, floor)
        given += len(edits)
        detected += len(edits.keys() & truth.keys())
        right += len(edits.items() & truth.items())
    slips = max(1, sum(len(truth) for _, truth in damaged))
    return f"{detected / slips:.3f} | {right / slips:.3f} | {right / max(1, given):.3f}"


def sighan(path: Path, corrector: Corrector) -> str:
    """Sentence-level precision, recall and F1 of detection and correction, and false positives."""
    pairs = [line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
    pairs = [(a, b) for a, b in pairs if len(a) == len(b)]
    rows = []
    for level, floor in FLOORS.items():
        found = detected = corrected = wrong = touched = 0
        for (source, target), report in zip(pairs, corrector.check_many([a for a, _ in pairs]), strict=True):
            truth = {i: b for i, (a, b) in enumerate(zip(source, target, strict=True)) if a != b}
            given = characters(report.edits, floor)
            wrong += bool(truth)
            found += bool(given)
            touched += bool(given) and not truth
            detected += bool(truth) and given.keys() == truth.keys()
            corrected += bool(truth) and given == truth
        scores = [f"{n / max(1, found):.3f} | {n / max(1, wrong):.3f} | {2 * n / max(1, found + wrong):.3f}"
                  for n in (detected, corrected)]
        rows.append(f"| {path.name}, {level} | {len(pairs)} | {' | '.join(scores)} | "
                    f"{touched} of {len(pairs) - wrong} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--packages", type=Path, help="a folder with pycorrector and lavender-sscc")
    parser.add_argument("--sighan", type=Path, action="append", default=[])
    parser.add_argument("--part", default="test", choices=("test", "calibrate"))
    parser.add_argument("--characters", type=int, default=200_000, help="at most so many a register")
    parser.add_argument("--show", action="store_true", help="print the edits of healthy text")
    options = parser.parse_args()
    corrector, told = Corrector(), Corrector(misread=True)
    size: Counter[str] = Counter()
    texts: list[tuple[str, str]] = []
    for corpus, name, text in read(options.corpora):
        if part(name, corpus) == options.part and size[corpus] < options.characters:
            size[corpus] += len(text)
            texts.append((corpus, text))
    healthy: Counter[tuple[str, str]] = Counter()
    for (corpus, text), report in zip(texts, corrector.check_many([t for _, t in texts]), strict=True):
        for e in report.edits:
            for level, floor in FLOORS.items():
                healthy[level, corpus] += e.confidence >= floor and e.kind in KINDS
            if options.show and e.confidence >= FLOORS["default"] and e.kind in KINDS:
                around = text[max(0, e.start - 12) : e.start] + "【" + e.original + "→" + e.replacement + "】"
                print(corpus, e.confidence, (around + text[e.end : e.end + 12]).replace("\n", "⏎"))
    total = sum(size.values())
    print("| healthy text | characters | " + " | ".join(f"{level}: edits a M characters" for level in FLOORS) + " |")
    print("|---|---|---|---|---|")
    for corpus in ["all", *sorted(size)]:
        n = total if corpus == "all" else size[corpus]
        cells = [sum(v for (at, c), v in healthy.items() if at == level and corpus in ("all", c)) for level in FLOORS]
        print(f"| {corpus} | {n} | " + " | ".join(f"{c / n * 1e6:.1f}" for c in cells) + " |")
    if options.packages:
        usual = {c for c, n in Counter(c for _, t in texts for c in t).items() if n >= 2}
        print("\n| misread by, documents of | slips | level | detected | corrected | precision | told: detected "
              "| corrected | precision |")
        print("|---|---|---|---|---|---|---|---|---|")
        for maker, alike in confusions(options.packages).items():
            for shortest in (0, 1000, 5000):
                draw = random.Random(0)
                damaged = [misread(t, alike, usual, draw) for _, t in texts if len(t) >= shortest]
                reports = [c.check_many([d for d, _ in damaged]) for c in (corrector, told)]
                for level, floor in FLOORS.items():
                    cells = [found(damaged, r, floor) for r in reports]
                    slips = sum(len(truth) for _, truth in damaged)
                    print(f"| {maker}, ≥ {shortest} characters | {slips} | {level} | {' | '.join(cells)} |")
    if options.sighan:
        print("\n| sentences | | detection precision | recall | F1 "
              "| correction precision | recall | F1 | healthy touched |")
        print("|---|---|---|---|---|---|---|---|---|")
        for path in options.sighan:
            print(sighan(path, told))
        print(PEERS)


if __name__ == "__main__":
    main()
