"""Sources that nothing was learnt from: ``python benchmarks/unseen.py CORPORA -o FOLDER [--show]``.

The context model is made as ``corrector train`` makes it, but without a third of the corpora, ``AWAY``: other writers,
other years, other subjects. All documents of these are then damaged by the word pairs of A and restored, and given
healthy. Of what ships, the phrases to keep were counted in these corpora too, and so were the n-grams of slips and the
classes of characters. A converted place counts as restored only if it is rebuilt exactly. Takes some ten minutes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from accuracy import FLOORS, NEAR_SYNONYMS, seen_word, trimmed

from corrector.damage import damage
from corrector.document import document
from corrector.edits import trim
from corrector.engine.model import load
from corrector.engine.run import Engine
from corrector.engine.slipmodel import default_slips
from corrector.learn.corpora import read
from corrector.learn.make import make
from corrector.lexicon import default_lexicon
from corrector.result import Report
from corrector.views import Views

AWAY = ("book-blurbs", "education", "encyclopedia", "engineering", "essays", "gov-reports", "legal-qa", "management",
        "medicine", "news-1998", "political-theory", "weekly-essays")


def learnt(corpora: Path, model: Path) -> Views:
    """What reads as the corrector does, with a model of the other corpora, which is written into ``model``."""
    if not (model / "context.bin").exists():
        with tempfile.TemporaryDirectory() as folder:
            for path in sorted(corpora.resolve().glob("*.xz")):
                if path.name.split(".")[0] not in AWAY:
                    (Path(folder) / path.name).symlink_to(path)
            make(Path(folder), (), model, print)
    lexicon = default_lexicon()
    return Views(Engine(lexicon, load(model), slips=default_slips()), lexicon)


def told(corpus: str, text: str, report: Report) -> list[str]:
    """A line for each edit of a healthy text."""
    return [f"{corpus} {e.confidence} {text[max(0, e.start - 15) : e.start]}【{e.original}→{e.replacement}】"
            f"{text[e.end : e.end + 15]}".replace("\n", "⏎") for e in report.edits if e.confidence >= FLOORS["default"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="a folder for the model; used if it is there")
    parser.add_argument("--show", action="store_true", help="print the edits of healthy text")
    options = parser.parse_args()
    views = learnt(options.corpora, options.output)
    table = default_lexicon().table("A")
    pairs = [p for p in table.pairs if seen_word(p)]
    size: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for corpus, _, text in read(options.corpora):
        if corpus not in AWAY:
            continue
        size[corpus] += len(text)
        damaged = damage(text, table, pairs)
        truth = {trim(c.start, c.end, damaged.text[c.start : c.end], c.original): c.original for c in damaged.truth}
        restored, unharmed = views.check_many([document(damaged.text), document(text)])
        for row in (corpus, "all"):
            counts["converted", row] += len(truth)
        counts["converted", "not near-synonyms"] += sum(original not in NEAR_SYNONYMS for original in truth.values())
        for e in restored.edits:
            right = "right" if trimmed(e) in truth else "wrong"
            for level in [level for level, floor in FLOORS.items() if e.confidence >= floor]:
                for row in (corpus, "all", *(["not near-synonyms"] if e.replacement not in NEAR_SYNONYMS else [])):
                    counts[f"{level} {right}", row] += 1
        lines = told(corpus, text, unharmed)
        counts["healthy", corpus] += len(lines)
        counts["healthy", "all"] += len(lines)
        if options.show:
            print("\n".join(lines), end="\n" * bool(lines))
    size["all"] = size.total()
    print("\n| | characters | converted | recall | precision | possible: recall | healthy: edits | a M characters |")
    print("|---|---|---|---|---|---|---|---|")
    for row in ("all", "not near-synonyms", *AWAY):
        must, right, wrong = (counts[name, row] for name in ("converted", "default right", "default wrong"))
        edits = counts["healthy", row]
        healthy = f"{edits} | {edits / size[row] * 1e6:.1f}" if size[row] else "|"
        print(f"| {row} | {size[row] or ''} | {must} | {right / must:.3f} | {right / (right + wrong):.3f} | "
              f"{counts['possible right', row] / must:.3f} | {healthy} |")


if __name__ == "__main__":
    main()
