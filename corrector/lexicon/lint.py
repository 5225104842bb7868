"""What every dictionary must keep to. Run as a test and as ``corrector rules lint``."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Lexicon, Table

KINDS = {"word", "character", "punctuation", "glyph"}
EVIDENCE = {"seen", "reported", "learnt"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that breaks a rule."""

    table: str
    row: str
    message: str


def lint(lexicon: Lexicon) -> list[Problem]:
    """The problems of every table; empty when all is well."""
    return [p for table in lexicon.tables for p in _table(table)]


def _table(table: Table) -> list[Problem]:
    problems: list[Problem] = []
    written = {p.original: p.converted for p in table.pairs}
    for pair in table.pairs:
        row = f"{pair.original}→{pair.converted}"
        if pair.kind not in KINDS:
            problems.append(Problem(table.name, row, f"kind {pair.kind!r} is none of {', '.join(sorted(KINDS))}"))
        if pair.evidence not in EVIDENCE:
            problems.append(Problem(table.name, row, f"evidence {pair.evidence!r} is none of "
                                                     f"{', '.join(sorted(EVIDENCE))}"))
        if not pair.note:
            problems.append(Problem(table.name, row, "no reason in the note"))
        if pair.original == pair.converted or (pair.original + pair.converted).split() != [
            pair.original + pair.converted
        ]:
            problems.append(Problem(table.name, row, "changes nothing, or holds white space"))
        if written.get(pair.converted) == pair.original:
            problems.append(Problem(table.name, row, "a cycle"))
    return problems
