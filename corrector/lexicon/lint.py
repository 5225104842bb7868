"""What every dictionary must keep to. Run as a test and as ``corrector rules lint``.

It reads the files as they stand, row by row, so that what reading forgives (order, duplicates) is seen with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import read
from .read import LexiconError, Sheet

KINDS = ("word", "character", "punctuation", "glyph", "coined", "dated", "plain")
SLIP_KINDS = ("shape", "sound")
GLYPH_RULES = ("quote", "bracket", "title", "width")
EVIDENCE = ("seen", "reported", "learnt")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that breaks a rule: ``file`` and ``line`` (from 1) say where."""

    file: Path
    line: int
    row: str
    message: str


def lint(folder: Path) -> list[Problem]:
    """The problems of every dictionary in ``folder``; empty when all is well."""
    problems = [p for path in sorted((folder / "converters").glob("*.tsv")) for p in lint_table(path)]
    for name, columns in (("phrases/keep.tsv", read.KEEP_COLUMNS), ("phrases/restore.tsv", read.RESTORE_COLUMNS),
                          ("allowed.tsv", read.ALLOWED_COLUMNS), ("slips.tsv", read.SLIP_COLUMNS),
                          ("traditional.tsv", read.SCRIPT_COLUMNS), ("glyphs.tsv", read.GLYPH_COLUMNS),
                          ("phrases/set.tsv", read.SET_COLUMNS), ("sounds.tsv", read.SYLLABLE_COLUMNS)):
        if (folder / name).is_file():
            problems += _list(folder / name, columns)
    return problems


def lint_table(path: Path) -> list[Problem]:
    """The problems of one converter table."""
    sheet = _sheet(path, read.TABLE_COLUMNS)
    if isinstance(sheet, Problem):
        return [sheet]
    problems = [Problem(path, 1, "", "no head comment that says where the converter is met")] * (not sheet.comments)
    try:
        read.load_table(path)
    except LexiconError as error:
        problems.append(_unreadable(error))
    problems += _order(sheet)
    problems += _cycles(sheet)
    for line, cells in sheet.rows:
        original, converted, kind, evidence, count, note = cells[:6]
        row = f"{original}→{converted}"
        problems += [Problem(path, line, row, message) for broken, message in (
            (kind not in KINDS, f"kind {kind!r} is none of {', '.join(KINDS)}"),
            (evidence not in EVIDENCE, f"evidence {evidence!r} is none of {', '.join(EVIDENCE)}"),
            (not note, "no reason in the note"),
            (bool(count) and not count.isdecimal(), f"count {count!r} is not a whole number"),
            (original == converted, "changes nothing"),
            (not converted, "a deletion is written with its context: 已知集合 → 集合"),
        ) if broken]
    return problems


def _list(path: Path, columns: tuple[str, ...]) -> list[Problem]:
    """The problems of a list of phrases or words, whose last column is the reason."""
    sheet = _sheet(path, columns)
    if isinstance(sheet, Problem):
        return [sheet]
    problems = _order(sheet)
    for line, cells in sheet.rows:
        if not cells[len(columns) - 1]:
            problems.append(Problem(path, line, cells[0], "no reason"))
        if columns == read.SLIP_COLUMNS and cells[2] not in SLIP_KINDS:
            problems.append(Problem(path, line, cells[0], f"kind {cells[2]!r} is none of {', '.join(SLIP_KINDS)}"))
        if columns == read.GLYPH_COLUMNS and cells[2] not in GLYPH_RULES:
            problems.append(Problem(path, line, cells[0], f"rule {cells[2]!r} is none of {', '.join(GLYPH_RULES)}"))
        if "evidence" in columns and (evidence := cells[columns.index("evidence")]) not in EVIDENCE:
            problems.append(Problem(path, line, cells[0], f"evidence {evidence!r} is none of {', '.join(EVIDENCE)}"))
        if columns[0] != "phrase":
            continue
        try:
            text, start, end = read.split_phrase(cells[0])
        except ValueError as error:
            problems.append(Problem(path, line, cells[0], str(error)))
            continue
        if columns == read.RESTORE_COLUMNS and text[start:end] == cells[1]:
            problems.append(Problem(path, line, cells[0], "changes nothing"))
    return problems


def _sheet(path: Path, columns: tuple[str, ...]) -> Sheet | Problem:
    try:
        return read.read_sheet(path, columns)
    except LexiconError as error:
        return _unreadable(error)
    except OSError as error:
        return Problem(path, 1, "", error.strerror or str(error))


def _unreadable(error: LexiconError) -> Problem:
    return Problem(error.path, error.line, "", error.message)


def _order(sheet: Sheet) -> list[Problem]:
    """Rows out of order, rows for a word that has one already, and cells with white space round them."""
    problems = []
    before = ""
    for line, cells in sheet.rows:
        if cells[0] == before:
            problems.append(Problem(sheet.path, line, cells[0], "a second row for this one"))
        elif cells[0] < before:
            problems.append(Problem(sheet.path, line, cells[0], f"not sorted: belongs before {before}"))
        if any(cell != cell.strip() for cell in cells):
            problems.append(Problem(sheet.path, line, cells[0], "white space round a cell"))
        before = cells[0]
    return problems


def _cycles(sheet: Sheet) -> Iterator[Problem]:
    """Words that come back to themselves when the table is followed: no repair could tell where to stop."""
    written = {cells[0]: cells[1] for _, cells in sheet.rows if cells[0] != cells[1]}
    for line, cells in sheet.rows:
        path, word = [cells[0]], written.get(cells[0])
        while word is not None and word not in path:
            path.append(word)
            word = written.get(word)
        if word == cells[0]:
            yield Problem(sheet.path, line, cells[0], "a cycle: " + "→".join([*path, word]))
