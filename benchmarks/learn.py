"""How well ``corrector learn`` finds a table that it has never seen: ``python benchmarks/learn.py CORPORA``.

For each seed a table of 60 pairs is drawn from ``synonyms.tsv`` (none of them is in the dictionaries) or, with
``--anything``, from words of the language at random. It damages documents of the ``test`` part; then lines are left
out and characters changed at random; the learner gets the damaged text and the healthy one. Pairs that act at least
three times must be found, and no others.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from corrector.damage import damage
from corrector.learn.corpora import read
from corrector.learn.reference import default_reference, load
from corrector.learn.split import part
from corrector.learn.tables import learn
from corrector.lexicon.model import Pair, Table

SYNONYMS = Path(__file__).with_name("synonyms.tsv")


def pairs(rng: random.Random, count: int, words: list[str]) -> Table:
    """A random table: plausible pairs, or with ``words`` any two of them."""
    if words:
        drawn = rng.sample(words, 2 * count)
        rows = list(zip(drawn[:count], drawn[count:], strict=True))
    else:
        lines = [line.split("\t") for line in SYNONYMS.read_text(encoding="utf-8").splitlines()[2:]]
        rows = [(line[0], line[1]) for line in rng.sample(lines, count)]
    return Table("X", "", tuple(Pair(o, c, "word", "seen") for o, c in rows))


def shortened(text: str, rng: random.Random) -> str:
    """``text`` with a tenth of the lines left out."""
    return "\n".join(line for line in text.split("\n") if rng.random() >= 0.1)


def noisy(text: str, rng: random.Random) -> str:
    """``text`` with a hundredth of the characters changed, put in or lost."""
    out = []
    for c in text:
        if c == "\n" or rng.random() >= 0.01:
            out.append(c)
        else:
            out.append(rng.choice(("", c + chr(rng.randrange(0x4E00, 0x9FA5)), chr(rng.randrange(0x4E00, 0x9FA5)))))
    return "".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--characters", type=int, default=400_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--anything", action="store_true")
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    reference = load(options.reference) if options.reference else default_reference()
    texts = [text for corpus, name, text in read(options.corpora) if part(name, corpus) == "test"]
    common = [w for w, n in zip(reference.words, reference.counts, strict=True) if n > 3000 and len(w) > 1]
    totals: Counter[str] = Counter()
    for seed in range(options.seeds):
        rng = random.Random(seed)
        rng.shuffle(texts)
        table = pairs(rng, options.pairs, common if options.anything else [])
        twins, acted, size = [], Counter[tuple[str, str]](), 0
        for text in texts:
            text = text[:20_000]
            damaged = damage(shortened(text, rng), table)
            acted.update((c.original, damaged.text[c.start : c.end]) for c in damaged.truth)
            twins.append((noisy(damaged.text, rng), text))
            size += len(text)
            if size > options.characters:
                break
        begun = time.perf_counter()
        found = {(p.original, p.converted): p for p in learn(twins, reference)}
        seconds = time.perf_counter() - begun
        must = {p for p, n in acted.items() if n >= 3}
        claimed = {p for p, n in found.items() if n.count >= 3}
        right = len(must & set(found))
        clean = len(claimed & set(acted))
        totals.update(must=len(must), right=right, claimed=len(claimed), clean=clean)
        print(f"seed {seed}: {size} characters in {seconds:.1f} s, {len(must)} pairs: "
              f"recall {right / len(must):.3f}, precision {clean / max(1, len(claimed)):.3f}")
        if options.show:
            print("  missed", [(*p, acted[p]) for p in must - set(found)])
            print("  wrong", [(*p, found[p].count, found[p].stayed) for p in claimed - set(acted)])
    print(f"all: recall {totals['right'] / totals['must']:.3f}, precision {totals['clean'] / totals['claimed']:.3f}")


if __name__ == "__main__":
    main()
