"""Real damaged text with gold markup: ``python benchmarks/gold.py CASES``, a folder of ``*.gold.txt``.

``{{wrong=>right}}`` must be fixed, ``{{wrong?=>right}}`` may be, everything else must stay. A mark counts as restored
if its place then reads as the gold has it, by however many edits: marks that touch are often written as one. An edit
is wrong if it stands in no mark, or writes what is not there in the gold. Files named ``ceval*`` hold one document a
line.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from corrector import Corrector
from corrector.edits import Edit, Tier, apply, at_level

MARK = re.compile(r"\{\{(.+?)=>(.*?)\}\}", re.S)


class Mark(NamedTuple):
    start: int
    end: int
    right: str
    optional: bool


class Score(NamedTuple):
    must: int
    restored: int
    edits: int
    wrong: int


def read(gold: str) -> tuple[str, list[Mark]]:
    """The damaged text and its marks."""
    pieces: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    for found in MARK.finditer(gold):
        wrong, right = found.groups()
        optional = len(wrong) > 1 and wrong.endswith("?")
        wrong = wrong.removesuffix("?") if optional else wrong
        before = gold[position : found.start()]
        length += len(before)
        marks.append(Mark(length, length + len(wrong), right, optional))
        pieces += (before, wrong)
        length += len(wrong)
        position = found.end()
    return "".join((*pieces, gold[position:])), marks


def score(text: str, marks: Sequence[Mark], edits: Sequence[Edit]) -> Score:
    """How many marks the edits restore, and how many of the edits are wrong."""
    must = restored = 0
    near: set[Edit] = set()
    for mark in marks:
        own = [e for e in edits if e.start < mark.end and e.end > mark.start]
        start, end = min([mark.start, *(e.start for e in own)]), max([mark.end, *(e.end for e in own)])
        moved = [e._replace(start=e.start - start, end=e.end - start) for e in own]
        wanted = text[start : mark.start] + mark.right + text[mark.end : end]
        right = bool(own) and apply(text[start:end], moved) == wanted
        near.update(own if right or _towards(text, mark, own) else ())
        must += not mark.optional
        restored += right and not mark.optional
    return Score(must, restored, len(edits), len(set(edits) - near))


def _towards(text: str, mark: Mark, own: Sequence[Edit]) -> bool:
    """Whether every edit writes what the gold has somewhere in the mark: it restores a part of it."""
    around = text[max(0, mark.start - 4) : mark.start] + mark.right + text[mark.end : mark.end + 4]
    return bool(own) and all(e.replacement in around for e in own)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    options = parser.parse_args()
    corrector = Corrector()
    print("| case | level | must be fixed | restored | edits | wrong |")
    print("|---|---|---|---|---|---|")
    for path in sorted(options.cases.glob("*.gold.txt")):
        text, marks = read(path.read_text(encoding="utf-8"))
        edits: list[Edit] = []
        at = 0
        documents = text.splitlines(keepends=True) if path.name.startswith("ceval") else [text]
        for document, report in zip(documents, corrector.check_many(documents), strict=True):
            edits += [e._replace(start=e.start + at, end=e.end + at) for e in report.edits]
            at += len(document)
        for level in Tier:
            print(f"| {path.name.removesuffix('.gold.txt')} | {level} | "
                  f"{' | '.join(map(str, score(text, marks, at_level(edits, level))))} |")


if __name__ == "__main__":
    main()
