"""What every dictionary must keep to. Run as a test and as ``corrector rules lint``.

It reads the files as they stand, row by row, so that what reading forgives (order, duplicates) is seen with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import Trouble
from . import read
from .faults import EVIDENCE, Fault, known_fault, pair_faults, set_faults
from .read import LexiconError, Sheet

SLIP_KINDS = ("shape", "sound")
GLYPH_RULES = ("quote", "bracket", "title", "width")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that breaks a rule: ``file`` and ``line`` (from 1) say where, ``chinese`` is the message in Chinese."""

    file: Path
    line: int
    row: str
    message: str
    chinese: str


def lint(folder: Path) -> list[Problem]:
    """The problems of every dictionary in ``folder`` that is read at work; none if all is well. Raises ``OSError``."""
    problems = [p for path in sorted((folder / "converters").glob("*.tsv")) for p in lint_table(path)]
    for name, columns in (("phrases/keep.tsv", read.KEEP_COLUMNS), ("phrases/restore.tsv", read.RESTORE_COLUMNS),
                          ("allowed.tsv", read.ALLOWED_COLUMNS), ("slips.tsv", read.SLIP_COLUMNS),
                          ("traditional.tsv", read.SCRIPT_COLUMNS), ("glyphs.tsv", read.GLYPH_COLUMNS),
                          ("phrases/set.tsv", read.SET_COLUMNS), ("sounds.tsv", read.SYLLABLE_COLUMNS)):
        if (folder / name).is_file():
            problems += _list(folder / name, columns)
    return problems


def lint_table(path: Path) -> list[Problem]:
    """The problems of one converter table. Raises ``OSError``."""
    sheet = _sheet(path, read.TABLE_COLUMNS)
    if isinstance(sheet, Problem):
        return [sheet]
    problems = [Problem(path, 1, "", "no head comment that says where the converter is met",
                        "开头没有注释说明在哪里见到这个转换器")] * (not sheet.comments)
    problems += _order(sheet)
    problems += _cycles(sheet)
    for line, cells in sheet.rows:
        row = "→".join(cells[:2])
        problems += [Problem(path, line, row, *fault) for fault in (*pair_faults(*cells[:5]), *_unwise(cells))]
    try:
        read.load_table(path)
    except LexiconError as error:
        if (error.path, error.line) not in {(p.file, p.line) for p in problems if p.row}:
            problems.append(_unreadable(error))
    return problems


def _unwise(cells: list[str]) -> Iterator[Fault]:
    if not cells[1]:
        yield "a deletion is written with its context: 已知集合 → 集合", "删字要连同上下文一起写：已知集合 → 集合"
    if not cells[5]:
        yield "no reason in the note", "备注里没有理由"


def _list(path: Path, columns: tuple[str, ...]) -> list[Problem]:
    """The problems of a list of phrases or words, whose last column is the reason."""
    sheet = _sheet(path, columns)
    if isinstance(sheet, Problem):
        return [sheet]
    problems = _order(sheet)
    return problems + [Problem(path, line, cells[0], *fault) for line, cells in sheet.rows
                       for fault in _faults(cells, columns)]


def _faults(cells: list[str], columns: tuple[str, ...]) -> Iterator[Fault]:
    row = dict(zip(columns, cells, strict=False))
    if not row[columns[-1]]:
        yield f"no {columns[-1]}", "没有理由" if columns[-1] == "reason" else f"{columns[-1]} 一列是空的"
    if columns == read.SLIP_COLUMNS:
        yield from known_fault("kind", row["kind"], SLIP_KINDS)
    if columns == read.GLYPH_COLUMNS:
        yield from known_fault("rule", row["rule"], GLYPH_RULES)
    if "evidence" in row:
        yield from known_fault("evidence", row["evidence"], EVIDENCE)
    if columns == read.SET_COLUMNS:
        yield from set_faults(*cells[:2])
    if columns[0] != "phrase":
        return
    try:
        text, start, end = read.split_phrase(cells[0])
    except Trouble as error:
        yield error.english, error.chinese
        return
    if columns == read.RESTORE_COLUMNS and text[start:end] == cells[1]:
        yield "changes nothing", "原样还原，什么也不改"


def _sheet(path: Path, columns: tuple[str, ...]) -> Sheet | Problem:
    try:
        return read.read_sheet(path, columns)
    except LexiconError as error:
        return _unreadable(error)


def _unreadable(error: LexiconError) -> Problem:
    return Problem(error.path, error.line, "", error.english, error.chinese)


def _order(sheet: Sheet) -> list[Problem]:
    """Rows out of order, rows for a word that has one already, and cells with white space round them."""
    problems = []
    before = ""
    for line, cells in sheet.rows:
        if cells[0] == before:
            problems.append(Problem(sheet.path, line, cells[0], "a second row for this one", "这一条已有一行"))
        elif cells[0] < before:
            problems.append(Problem(sheet.path, line, cells[0], f"not sorted: belongs before {before}",
                                    f"次序不对：应在 {before} 之前"))
        if any(cell != cell.strip() for cell in cells):
            problems.append(Problem(sheet.path, line, cells[0], "white space round a cell", "格子首尾有空白"))
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
            circle = "→".join([*path, word])
            yield Problem(sheet.path, line, cells[0], f"a cycle: {circle}", f"循环：{circle}")
