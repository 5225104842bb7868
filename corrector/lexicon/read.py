"""Reads the dictionaries: tab-separated text files in, the plain values of :mod:`.model` out.

Start with :func:`load`. The format is read strictly enough that a slip is found with its file and line, and no
further: whether a row is *wise* (sorted, reasoned, free of contradictions) is asked by :mod:`.lint`.

The files and their columns are described in ``dictionaries/README.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from ..errors import Trouble
from ..paths import regular, shown
from .faults import pair_faults, set_faults
from .model import Glyph, Lexicon, Pair, Phrase, SetPhrase, Slip, Syllable, Table, Weight

TABLE_COLUMNS = ("original", "converted", "kind", "evidence", "count", "note")
KEEP_COLUMNS = ("phrase", "reason")
RESTORE_COLUMNS = ("phrase", "replacement", "reason")
ALLOWED_COLUMNS = ("word", "reason")
SLIP_COLUMNS = ("slip", "word", "kind", "reason")
SCRIPT_COLUMNS = ("slip", "word", "evidence", "reason")
GLYPH_COLUMNS = ("glyph", "right", "rule", "evidence", "reason")
SET_COLUMNS = ("word", "documents", "besides", "reason")
SYLLABLE_COLUMNS = ("sound", "characters")
WEIGHT_COLUMNS = ("original", "converted", "weight", "reason")

MOST_WEIGHT = 20.0

_EXTENDS = "extends:"
_RARE = "rare"
T = TypeVar("T")


class LexiconError(Trouble):
    """A dictionary that cannot be read, and in which ``line`` of which file."""

    def __init__(self, path: Path, line: int, english: str, chinese: str) -> None:
        super().__init__(english, chinese, about=f"{shown(path)}:{line}")
        self.path = path
        self.line = line


class Sheet(NamedTuple):
    """A file as it stands: head comments, column names, and each row with its line number (from 1)."""

    path: Path
    comments: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def read_sheet(path: Path, required: tuple[str, ...]) -> Sheet:
    """The sheet at ``path``, whose first columns must be ``required``; short rows are filled with empty cells.

    Raises :class:`LexiconError` for text that is not UTF-8, missing column names, and rows with too many cells;
    :class:`OSError` when the file cannot be opened.
    """
    try:
        text = regular(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(path, 1, f"not UTF-8 ({error.reason} at byte {error.start})",
                           f"不是 UTF-8（第 {error.start} 字节）") from error
    comments: list[str] = []
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        if line[0] == "#":
            if not columns:
                comments.append(line[1:].strip())
            continue
        cells = line.split("\t")
        if not columns:
            columns = tuple(cells)
            if columns[: len(required)] != required:
                raise LexiconError(path, number, f"the first columns must be {', '.join(required)}",
                                   f"前几列应为 {'、'.join(required)}")
            continue
        missing = len(columns) - len(cells)
        if missing < 0:
            raise LexiconError(path, number, f"{len(cells)} cells for {len(columns)} columns",
                               f"有 {len(cells)} 格，而列只有 {len(columns)} 个")
        rows.append((number, cells + [""] * missing if missing else cells))
    if not columns:
        raise LexiconError(path, 1, f"no line with the column names {', '.join(required)}",
                           f"没有写列名 {'、'.join(required)} 的一行")
    return Sheet(path, tuple(comments), columns, tuple(rows))


def extended(sheet: Sheet) -> Path | None:
    """The table that ``sheet`` builds on, named by a head line ``# extends: NAME``. Raises :class:`LexiconError`."""
    for comment in sheet.comments:
        if comment.startswith(_EXTENDS):
            name = comment.removeprefix(_EXTENDS).strip()
            try:
                return sheet.path.with_name(name + ".tsv")
            except ValueError:
                raise LexiconError(sheet.path, 1, f"extends {name!r}, which is no name of a table beside this one",
                                   f"extends 写的是“{name}”，应为同一文件夹里一张词表的名字") from None
    return None


def is_directive(comment: str) -> bool:
    """Whether ``comment``, in the head of a table, is one that is obeyed."""
    return comment == _RARE or comment.startswith(_EXTENDS)


def _title(sheet: Sheet) -> str:
    return next((c for c in sheet.comments if not is_directive(c)), sheet.path.stem)


def _own_pairs(sheet: Sheet) -> Iterator[Pair]:
    # Only original and converted are demanded: a table that somebody jots down by hand should just work.
    index = [sheet.columns.index(name) if name in sheet.columns else -1 for name in TABLE_COLUMNS]
    for number, cells in sheet.rows:
        original, converted, kind, evidence, count, note = (cells[i] if i >= 0 else "" for i in index)
        kind, evidence = kind or "word", evidence or "seen"
        if fault := next(pair_faults(original, converted, kind, evidence, count), None):
            raise LexiconError(sheet.path, number, *fault)
        yield Pair(original, converted, kind, evidence, int(count or 0), note)


def load_table(path: Path) -> Table:
    """The converter table at ``path``, called by the file's name; it needs only the columns original and converted.

    A line ``# rare`` in its head says that it is seldom met. With ``# extends: NAME`` there it holds the rows of
    ``NAME.tsv`` beside it as well; an original that stands in both is taken from the nearer table.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    path = Path(path)
    pairs: dict[str, Pair] = {}
    title = ""
    rare = False
    chain: list[Path] = []
    here: Path | None = path
    while here is not None:
        if here in chain or (chain and not here.is_file()):
            raise LexiconError(chain[-1], 1, f"extends {here.stem!r}, which is missing or extends this one again",
                               f"extends 写的“{here.stem}”不存在，或又以这张词表为基础")
        chain.append(here)
        sheet = read_sheet(here, TABLE_COLUMNS[:2])
        title = title or _title(sheet)
        rare = rare or (here == path and _RARE in sheet.comments)
        for pair in _own_pairs(sheet):
            pairs.setdefault(pair.original, pair)
        here = extended(sheet)
    return Table(path.stem, title, tuple(pairs[original] for original in sorted(pairs)), rare)


def split_phrase(marked: str) -> tuple[str, int, int]:
    """A phrase without the brackets round its span, and where the span starts and ends.

    >>> split_phrase("奠定[根底]")
    ('奠定根底', 2, 4)

    Raises :class:`Trouble` unless there is exactly one ``[``, and after it exactly one ``]``, around something.
    """
    before, opening, rest = marked.partition("[")
    span, closing, after = rest.partition("]")
    if not (opening and closing and span) or "[" in span + after or "]" in before + after:
        raise Trouble(f"{marked!r} needs exactly one span in [brackets]",
                      f"“{marked}”要有且只有一处用方括号标出，例如 因地制宜[开展]治理")
    return before + span + after, len(before), len(before) + len(span)


def load_phrases(path: Path, *, keep: bool | None = None) -> tuple[Phrase, ...]:
    """The phrases of one file, in its order: columns phrase, reason (``keep``) or phrase, replacement, reason.

    Which, the file says itself if ``keep`` does not. Raises :class:`LexiconError`, and :class:`OSError` when the file
    cannot be opened.
    """
    path = Path(path)
    if keep is None:
        keep = RESTORE_COLUMNS[1] not in read_sheet(path, KEEP_COLUMNS[:1]).columns
    sheet = read_sheet(path, KEEP_COLUMNS if keep else RESTORE_COLUMNS)
    phrases: list[Phrase] = []
    for number, cells in sheet.rows:
        try:
            text, start, end = split_phrase(cells[0])
        except Trouble as error:
            raise LexiconError(path, number, error.english, error.chinese) from None
        replacement, reason = ("", cells[1]) if keep else (cells[1], cells[2])
        phrases.append(Phrase(text, start, end, replacement, reason, keep))
    return tuple(phrases)


def load_allowed(path: Path) -> frozenset[str]:
    """The words that are never edited: columns word, reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    return frozenset(cells[0] for _, cells in read_sheet(Path(path), ALLOWED_COLUMNS).rows)


def load_slips(path: Path) -> tuple[Slip, ...]:
    """The slips of one file, in its order: columns slip, word, kind, reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    return tuple(Slip(*cells[:3]) for _, cells in read_sheet(Path(path), SLIP_COLUMNS).rows)


def load_weights(path: Path) -> tuple[Weight, ...]:
    """The weights of one file, in its order: columns original, converted, weight (log odds), reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    weights = []
    for number, cells in read_sheet(Path(path), WEIGHT_COLUMNS).rows:
        try:
            odds = float(cells[2])
        except ValueError:
            odds = float("nan")
        if not -MOST_WEIGHT <= odds <= MOST_WEIGHT:
            raise LexiconError(Path(path), number, f"the weight {cells[2]!r} is no number from -20 to 20",
                               f"weight“{cells[2]}”不是 -20 到 20 之间的数")
        weights.append(Weight(cells[0], cells[1], odds))
    return tuple(weights)


def load_overconverted(path: Path) -> tuple[Slip, ...]:
    """What conversion into traditional script got wrong: columns slip, word, evidence, reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    return tuple(Slip(cells[0], cells[1], "script") for _, cells in read_sheet(Path(path), SCRIPT_COLUMNS).rows)


def load_glyphs(path: Path) -> tuple[Glyph, ...]:
    """Damaged marks: columns glyph, right, rule, evidence, reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    return tuple(Glyph(*cells[:3]) for _, cells in read_sheet(Path(path), GLYPH_COLUMNS).rows)


def load_set_phrases(path: Path) -> tuple[SetPhrase, ...]:
    """Set phrases: columns word, documents, besides (what else is right, with spaces between; ``*`` for all), reason.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    phrases = []
    for number, cells in read_sheet(Path(path), SET_COLUMNS).rows:
        if fault := next(set_faults(*cells[:2]), None):
            raise LexiconError(Path(path), number, *fault)
        phrases.append(SetPhrase(cells[0], int(cells[1]), frozenset(cells[2].split())))
    return tuple(phrases)


def load_syllables(path: Path) -> tuple[Syllable, ...]:
    """How characters are read: columns sound, characters.

    Raises :class:`LexiconError`, and :class:`OSError` when the file cannot be opened.
    """
    return tuple(Syllable(*cells[:2]) for _, cells in read_sheet(Path(path), SYLLABLE_COLUMNS).rows)


def load(folder: Path) -> Lexicon:
    """Everything in ``folder``: ``converters/*.tsv``, ``phrases/keep.tsv``, ``phrases/restore.tsv``, ``allowed.tsv``,
    ``slips.tsv``, ``traditional.tsv``, ``glyphs.tsv``, ``phrases/set.tsv``, ``sounds.tsv``.

    Any of them may be absent. Raises :class:`LexiconError` with file and line.
    """
    def some(name: str, load: Callable[[Path], Iterable[T]]) -> tuple[T, ...]:
        path = folder / f"{name}.tsv"
        return tuple(load(path)) if path.is_file() else ()

    tables = tuple(load_table(path) for path in sorted((folder / "converters").glob("*.tsv"), key=lambda p: p.stem))
    phrases = (*some("phrases/keep", partial(load_phrases, keep=True)),
               *some("phrases/restore", partial(load_phrases, keep=False)))
    return Lexicon(tables, phrases, frozenset(some("allowed", load_allowed)), some("slips", load_slips),
                   overconverted=some("traditional", load_overconverted), glyphs=some("glyphs", load_glyphs),
                   set_phrases=some("phrases/set", load_set_phrases), syllables=some("sounds", load_syllables))


def dictionaries() -> Path:
    """The folder of the dictionaries that come with this package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_dictionaries"
    return installed if installed.is_dir() else package.parent / "dictionaries"


@cache
def default_lexicon() -> Lexicon:
    """The lexicon that comes with this package, read once."""
    return load(dictionaries())
