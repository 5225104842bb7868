"""A family that nobody has seen, end to end: ``python benchmarks/family.py CORPORA -o FOLDER``.

A table of 60 pairs is drawn as in ``learn.py``. Its pairs are learnt from noisy twins of documents of the part
``train``; a model is trained for what was learnt, as ``corrector train`` does; then documents of the part ``test``,
damaged by the true table, are corrected beside all shipped tables, and the same documents healthy: what the own table
does to these, and what all do. A converted place counts as restored only if it is rebuilt exactly, whether its pair was
learnt or not.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

from learn import noisy, pairs, shortened

from corrector import Corrector
from corrector.damage import damage
from corrector.edits import at_level, trim
from corrector.learn.corpora import read
from corrector.learn.make import make
from corrector.learn.reference import default_reference
from corrector.learn.split import part
from corrector.learn.tables import learn
from corrector.lexicon.model import Table

TWINS = 1_000_000  # characters
PER_CORPUS = 200_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="an empty folder for the model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--anything", action="store_true", help="any words of the language, not synonyms")
    parser.add_argument("--reuse", action="store_true", help="the model is in the folder already")
    options = parser.parse_args()
    reference = default_reference()
    rng = random.Random(options.seed)
    common = [w for w, n in zip(reference.words, reference.counts, strict=True) if n > 3000 and len(w) > 1]
    table = pairs(rng, options.pairs, common if options.anything else [])
    if not options.reuse:
        learnt = _learnt(options.corpora, table, rng)
        begun = time.perf_counter()
        make(options.corpora, [learnt], options.output, lambda _: None)
        print(f"trained in {time.perf_counter() - begun:.0f} s", flush=True)
    _measured(options.corpora, table, Corrector(model=options.output))


def _learnt(corpora: Path, table: Table, rng: random.Random) -> Table:
    texts = [text[:20_000] for corpus, name, text in read(corpora) if part(name, corpus) == "train"]
    rng.shuffle(texts)
    twins, size = [], 0
    for text in texts:
        twins.append((noisy(damage(shortened(text, rng), table).text, rng), text))
        size += len(text)
        if size > TWINS:
            break
    begun = time.perf_counter()
    found = Table("learnt", "", tuple(p.pair() for p in learn(twins, default_reference())))
    true = {(p.original, p.converted) for p in table.pairs}
    right = true & {(p.original, p.converted) for p in found.pairs}
    print(f"learnt from {size} characters in {time.perf_counter() - begun:.0f} s: {len(found.pairs)} pairs, "
          f"{len(right)} of the {len(true)} of the table", flush=True)
    return found


def _measured(corpora: Path, table: Table, corrector: Corrector) -> None:
    size: Counter[str] = Counter()
    places: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    healthy: Counter[bool] = Counter()  # by whether it is the own table's
    for corpus, name, text in read(corpora):
        if part(name, corpus) != "test" or size[corpus] > PER_CORPUS:
            continue
        size[corpus] += len(text)
        damaged = damage(text, table)
        truth = {trim(c.start, c.end, damaged.text[c.start : c.end], c.original): c.original for c in damaged.truth}
        places.update(truth.values())
        before, after = corrector.check_many([damaged.text, text])
        for e in at_level(before.edits, "likely"):
            (restored if trim(e.start, e.end, e.original, e.replacement) in truth else wrong)[e.replacement] += 1
        healthy.update(e.converter == "learnt" for e in at_level(after.edits, "likely"))
    right, false, million = restored.total(), wrong.total(), sum(size.values()) / 1e6
    print(f"{million:.1f} M characters, {places.total()} converted: recall {right / places.total():.3f}, "
          f"precision {right / max(1, right + false):.3f}, healthy: {healthy[True] / million:.2f} edits a million "
          f"characters, {healthy.total() / million:.2f} with those of the shipped tables")
    written = {p.original: p.converted for p in table.pairs}
    for original, n in places.most_common():
        good, bad = restored[original], wrong[original]
        print(f"{original}→{written[original]}\t{n}\t{good / n:.3f}\t{good / max(1, good + bad):.3f}")


if __name__ == "__main__":
    main()
