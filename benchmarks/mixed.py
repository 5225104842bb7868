"""Documents that are not of one piece: ``python benchmarks/mixed.py CORPORA [--characters N]``.

Documents of the part ``test`` (``corrector.learn.split``) are damaged by word pairs of A and given to the corrector,
which does not know how: by a table that *lacks* pairs, drawn four times; with some of the converted places *set right*
by hand; in *one passage* of a healthy document; and *two documents* in one, damaged by two tables, which is then fixed
a second time. A place counts as restored only if it is rebuilt exactly, at the default level.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from accuracy import seen_word

from corrector import Corrector
from corrector.damage import damage
from corrector.edits import at_level, trim
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import Pair, Table, default_lexicon

Truth = set[tuple[int, int, str]]
Damaged = tuple[str, Truth]
SHORTEST = 1000  # characters of a document
DRAWS = 4
LACKING = (0.0, 0.1, 0.2, 0.35, 0.5)
SET_RIGHT = (0.05, 0.1, 0.2, 0.3)
PASSAGES = (200, 400, 800)
TABLES = (("A", "B"), ("A", "A2"), ("A", "C"), ("A", "T"), ("A", "S"), ("B", "C"))


def damaged(text: str, table: Table, pairs: Sequence[Pair] | None = None, right: float = 0.0, seed: int = 0
            ) -> Damaged:
    """``text`` damaged by ``pairs`` of the table, a share of its places set ``right`` again; and the others."""
    whole, draw = damage(text, table, pairs), random.Random(seed)
    pieces, truth, done, size = [], set(), 0, 0
    for place in whole.truth:
        written = whole.text[place.start : place.end]
        kept = draw.random() < right
        for piece in (whole.text[done : place.start], place.original if kept else written):
            pieces.append(piece)
            size += len(piece)
        if not kept:
            truth.add(trim(size - len(written), size, written, place.original))
        done = place.end
    return "".join((*pieces, whole.text[done:])), truth


def joined(documents: Iterable[Damaged]) -> Damaged:
    """The documents, one after the other."""
    text, truth = "", Truth()
    for other, places in documents:
        truth |= {(start + len(text), end + len(text), word) for start, end, word in places}
        text += other
    return text, truth


def measured(corrector: Corrector, documents: Sequence[Damaged]) -> str:
    """Recall and precision, as cells of a table."""
    given = right = must = 0
    for (_, truth), report in zip(documents, corrector.check_many([text for text, _ in documents]), strict=True):
        edits = {trim(e.start, e.end, e.original, e.replacement) for e in at_level(report.edits, "likely")}
        given, right, must = given + len(edits), right + len(edits & truth), must + len(truth)
    return f"{right / max(1, must):.3f} | {right / max(1, given):.3f}"


def rows(corrector: Corrector, texts: Sequence[str]) -> Iterator[str]:
    """The table, row by row."""
    table = default_lexicon().table("A")
    pairs = [p for p in table.pairs if seen_word(p)]
    for share in LACKING:
        documents = []
        for seed in range(DRAWS if share else 1):
            draw = random.Random(seed)
            own = [p for p in pairs if draw.random() >= share]
            documents += [damaged(text, table, own) for text in texts]
        yield f"| the table lacks {share:.0%} of its pairs | {measured(corrector, documents)} | |"
    for share in SET_RIGHT:
        documents = [damaged(text, table, pairs, share, seed) for seed, text in enumerate(texts)]
        yield f"| {share:.0%} of the places set right by hand | {measured(corrector, documents)} | |"
    for size in PASSAGES:
        documents = []
        for text, other in pairwise(texts):
            middle = other.rfind("\n", 0, len(other) // 2) + 1
            passage = damaged(text[:size] + "\n", table, pairs)
            documents.append(joined(((other[:middle], Truth()), passage, (other[middle:], Truth()))))
        yield f"| {size} characters damaged, amid a healthy document | {measured(corrector, documents)} | |"
    for names in TABLES:
        tables = [default_lexicon().table(name) for name in names]
        halves = [[damaged(text + "\n", t) for text in texts[k::2]] for k, t in enumerate(tables)]
        documents = [joined(two) for two in zip(*halves, strict=False)]
        fixed = [report.apply() for report in corrector.check_many([text for text, _ in documents])]
        again = Counter(bool(at_level(report.edits, "likely")) for report in corrector.check_many(fixed))
        cells = measured(corrector, documents)
        yield f"| two documents in one, by {' and '.join(names)} | {cells} | {again[True]} of {len(documents)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--characters", type=int, default=100_000, help="at most so many a register")
    options = parser.parse_args()
    size: Counter[str] = Counter()
    texts = []
    for corpus, name, text in read(options.corpora):
        if part(name, corpus) == "test" and len(text) >= SHORTEST and size[corpus] < options.characters:
            size[corpus] += len(text)
            texts.append(text)
    random.Random(0).shuffle(texts)
    print(f"{len(texts)} documents, {size.total()} characters\n")
    print("| | recall | precision | edited by a second run |\n|---|---|---|---|")
    for row in rows(Corrector(), texts):
        print(row, flush=True)


if __name__ == "__main__":
    main()
