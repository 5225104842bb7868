"""Accuracy on documents that nothing was trained on: ``python benchmarks/accuracy.py CORPORA [--converter A]``.

Test documents (``corrector.learn.split``) are damaged by a table and given to the corrector, which does not know
whether or by what they were damaged; then the same documents are given healthy, whole and sentence by sentence. A
converted place counts as restored only if it is rebuilt exactly.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from reliability import Bin, svg

from corrector import Corrector
from corrector.damage import damage
from corrector.edits import Edit, trim
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import Pair, default_lexicon

NEAR_SYNONYMS = {"项目", "计划", "规范", "避免", "激励", "基本", "不足", "若干", "贡献", "广大", "体现", "宝贵"}
SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]?")
SHORTEST = 9  # characters of a sentence
FLOORS = {"certain": 0.99, "default": 0.9, "possible": 0.5}


def trimmed(e: Edit) -> tuple[int, int, str]:
    return trim(e.start, e.end, e.original, e.replacement)


def seen_word(p: Pair) -> bool:
    """Whether ``p`` belongs to a table that the corrector does not know exactly: no mark, and no rumour."""
    return p.evidence != "reported" and p.kind not in ("punctuation", "glyph")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--converter", default="A")
    parser.add_argument("--words", action="store_true", help="only its word pairs that were seen, not the reported "
                        "ones, and no punctuation: a table that the corrector does not know exactly")
    parser.add_argument("--characters", type=int, default=400_000, help="at most so many a register")
    parser.add_argument("--wrong", type=Path, help="write a sample of wrong edits here, to be judged by eye")
    parser.add_argument("--plot", type=Path, help="write the reliability plot here, as SVG")
    options = parser.parse_args()
    table = default_lexicon().table(options.converter)
    pairs = [p for p in table.pairs if not options.words or seen_word(p)]
    corrector = Corrector()
    size: Counter[str] = Counter()
    must: Counter[str] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    healthy: Counter[tuple[str, str]] = Counter()
    bins: Counter[tuple[int, bool]] = Counter()
    given = [0.0] * 10
    mistakes: list[str] = []
    sentences = touched = 0
    for corpus, name, text in read(options.corpora):
        if part(name, corpus) != "test" or size[corpus] > options.characters:
            continue
        size[corpus] += len(text)
        damaged = damage(text, table, pairs)
        truth = {}
        for c in damaged.truth:
            written = damaged.text[c.start : c.end]
            truth[trim(c.start, c.end, written, c.original)] = c.original
        groups = Counter(truth.values())
        must[corpus] += len(truth)
        for pair, n in groups.items():
            must[f"pair {pair}"] += n
            must["not near-synonyms"] += 0 if pair in NEAR_SYNONYMS else n
        for e in corrector.check(damaged.text).edits:
            ok = trimmed(e) in truth
            bin_ = min(9, int(e.confidence * 20) - 10)
            bins[bin_, ok] += 1
            given[bin_] += e.confidence
            if not ok and e.confidence >= FLOORS["default"]:
                around = damaged.text[max(0, e.start - 20) : e.end + 20].replace("\n", "⏎")
                mistakes.append(f"{corpus}\t{e.original}→{e.replacement}\t{e.confidence}\t{around}")
            for level, floor in FLOORS.items():
                if e.confidence >= floor:
                    counts = right if ok else wrong
                    counts[level, corpus] += 1
                    counts[level, f"pair {e.replacement}"] += 1
                    counts[level, "not near-synonyms"] += e.replacement not in NEAR_SYNONYMS
        for e in corrector.check(text).edits:
            for level, floor in FLOORS.items():
                healthy[level, corpus] += e.confidence >= floor
        alone = [s for s in SENTENCE.findall(text) if len(s.strip()) >= SHORTEST]
        sentences += len(alone)
        touched += sum(any(e.confidence >= FLOORS["default"] for e in r.edits) for r in corrector.check_many(alone))
    registers = sorted(size)
    must["all"] = sum(must[r] for r in registers)
    size["all"] = sum(size[r] for r in registers)
    for level in FLOORS:
        for counts in (right, wrong, healthy):
            counts[level, "all"] = sum(counts[level, r] for r in registers)
    print("| | converted | default recall | precision | certain | possible | healthy: edits a M characters |")
    print("|---|---|---|---|---|---|---|")
    for row in ["all", "not near-synonyms", *registers, *sorted(k for k in must if k.startswith("pair "))]:
        cells = []
        for level in ("default", "certain", "possible"):
            r, w = right[level, row], wrong[level, row]
            cells.append(f"{r / max(1, must[row]):.3f} / {r / max(1, r + w):.3f}")
        clean = f"{healthy['default', row] / size[row] * 1e6:.1f}" if size[row] else ""
        print(f"| {row} | {must[row]} | {' | '.join(cells).replace(' / ', ' | ', 1)} | {clean} |")
    print(f"\nSingle healthy sentences touched at the default level: {touched} of {sentences} "
          f"({touched / max(1, sentences):.3%}).")
    print("\n| confidence from | edits | right |\n|---|---|---|")
    for b in range(10):
        n = bins[b, True] + bins[b, False]
        print(f"| {0.5 + b / 20:.2f} | {n} | {bins[b, True] / max(1, n):.3f} |")
    if options.plot:
        points = [Bin(given[b] / max(1, sum(bins[b, ok] for ok in (True, False))), bins[b, True] + bins[b, False],
                      bins[b, True]) for b in range(10)]
        subtitle = f"{options.converter} · {size['all'] / 1e6:.1f} M 字，未参与训练的文档 · held-out documents"
        options.plot.write_text(svg(points, subtitle), encoding="utf-8")
    if options.wrong:
        random.Random(0).shuffle(mistakes)
        options.wrong.write_text("\n".join(mistakes[:200]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
