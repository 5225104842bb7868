"""How well ``corrector mine`` finds a table that it has never seen: ``python benchmarks/mine.py CORPORA``.

For each seed documents of the ``test`` part are drawn, 3 million characters, and a third of them damaged by a table
drawn from ``synonyms.tsv`` (none of its pairs is in the dictionaries). Of the 30 pairs that acted most often, how many
stand among the first 60 proposals?
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from learn import pairs

from corrector.damage import damage
from corrector.learn.corpora import read
from corrector.learn.mine import mine
from corrector.learn.reference import default_reference, load
from corrector.learn.split import part

MOST, FIRST = 30, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--characters", type=int, default=3_000_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    reference = load(options.reference) if options.reference else default_reference()
    documents = [(corpus, text) for corpus, name, text in read(options.corpora) if part(name, corpus) == "test"]
    for seed in range(options.seeds):
        rng = random.Random(seed)
        rng.shuffle(documents)
        table = pairs(rng, options.pairs, [])
        acted: Counter[tuple[str, str]] = Counter()
        texts, size = [], 0
        for _, text in documents:
            if size > options.characters:
                break
            size += len(text)
            if rng.random() < 1 / 3:
                damaged = damage(text, table)
                acted.update((c.original, damaged.text[c.start : c.end]) for c in damaged.truth)
                text = damaged.text
            texts.append(text)
        begun = time.perf_counter()
        proposals = mine(texts, reference)
        seconds = time.perf_counter() - begun
        rank = {(p.original, p.converted): i for i, p in enumerate(proposals)}
        most = [pair for pair, _ in acted.most_common(MOST)]
        hits = sum(rank.get(pair, FIRST) < FIRST for pair in most)
        true = sum((p.original, p.converted) in acted for p in proposals[:FIRST])
        print(f"seed {seed}: {size} characters, {len(texts)} documents, {seconds:.0f} s: {hits} of {MOST} in the first "
              f"{FIRST}, of which {true} are pairs of the table", flush=True)
        if options.show:
            print("  missed", [(*p, acted[p], rank.get(p)) for p in most if rank.get(p, FIRST) >= FIRST])
            for p in proposals[:FIRST]:
                mark = "+" if (p.original, p.converted) in acted else " "
                print(f"  {mark} {p.original}→{p.converted}\t{p.score:.1f}\t{p.documents}\t{p.count}")


if __name__ == "__main__":
    main()
