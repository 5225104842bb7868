"""A review that is going on: files, their proposals, what was decided, and the way back. The page and the terminal
are two faces of one :class:`Session`.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import Trouble
from ..formats import Place
from ..journal import digest
from ..paths import regular
from ..result import Report
from ..rules import add_keep, drop_keep, phrase_at
from .decisions import SUFFIX, Key, Row, Verdict, now, sound
from .places import Proposal, merged
from .store import Store


@dataclass(frozen=True, slots=True)
class Subject:
    """A file to review: its ``path`` as it was given, its kind, its report, where the paragraphs start, and the
    ``digest`` of its bytes.
    """

    path: str
    kind: str
    report: Report
    places: Sequence[Place] = ()
    digest: str = ""

    def changed(self) -> bool:
        """Whether the file is not what was reported on."""
        try:
            return digest(regular(Path(self.path)).read_bytes()) != self.digest
        except OSError:
            return True


@dataclass(slots=True)
class File:
    """A file under review; ``name`` is its name in the decisions file."""

    name: str
    subject: Subject
    proposals: list[Proposal]


@dataclass(frozen=True, slots=True)
class Step:
    """What :meth:`Session.undo` takes back: the rows of one file as they were, by the number of the proposal, and the
    phrase that was ``kept``, with its file.
    """

    file: int
    rows: tuple[tuple[int, Row], ...]
    kept: tuple[str, Path] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the files: ``lines`` for the person, how many places ``changed``, and whether ``all`` was done."""

    lines: list[str]
    changed: int
    all: bool


class Session:
    """Decisions about ``subjects``, kept in ``store``; ``by`` is who decides."""

    def __init__(self, store: Store, subjects: Iterable[Subject], by: str) -> None:
        """Raises :class:`Trouble`, ``OSError`` when the decisions cannot be kept."""
        self.store = store
        self.by = by
        self.files: list[File] = []
        self._steps: list[Step] = []
        self._away: set[str] = set()
        rows: list[Row] = []
        old: set[Key] = set()
        kept = store.by_file()
        for subject in subjects:
            name = name_from(store.path, subject.path)
            mine = kept.get(name, [])
            report = subject.report
            proposals = merged(name, report.text, report.edits, mine, subject.places)
            self.files.append(File(name, subject, proposals))
            rows += (p.row for p in proposals)
            old.update(r.key for r in mine if not r.decided)
        store.put(rows, old - {r.key for r in rows})
        store.tidy()

    def after(self, earlier: Session) -> Session:
        """This session, in the place of an ``earlier`` one: files of that which are away now may come back."""
        known = {*(f.subject.path for f in earlier.files), *earlier._away}
        self._away = {path for path in known if not os.path.exists(path)}
        return self

    def changed(self) -> bool:
        """Whether somebody else wrote the decisions or the files."""
        return (self.store.changed() or any(f.subject.changed() for f in self.files)
                or any(map(os.path.exists, self._away)))

    def require_shown(self, file: int, shown: Mapping[int, tuple[Verdict, str]]) -> None:
        """Raises :class:`Trouble` when one of these proposals is not decided as it was ``shown``, words and all."""
        for i, decided in shown.items():
            row = self.files[file].proposals[i].row
            if (row.decision, row.edited) != decided:
                raise Trouble("decided otherwise meanwhile, perhaps in another window",
                              "此处已另有决定，也许是在另一个窗口里", about=row.place)

    def decide(self, file: int, numbers: Iterable[int], verdict: Verdict, edited: str = "") -> list[int]:
        """Decides these proposals of one file; returns those that changed. On the disk when it returns.

        Raises :class:`Trouble` for words that may not be written, and when the decisions cannot be kept; ``OSError``.
        """
        new = self._decided(file, numbers, verdict, edited)
        if new:
            self._steps.append(self._exchange(file, new))
        return list(new)

    def _decided(self, file: int, numbers: Iterable[int], verdict: Verdict, edited: str) -> dict[int, Row]:
        """The rows that would change."""
        proposals = self.files[file].proposals
        new: dict[int, Row] = {}
        for i in numbers:
            row = proposals[i].row
            if not sound(edited, row.original):
                raise Trouble("a correction is one line without control characters",
                              "改成的文字须在一行之内，不含控制字符")
            words = edited if verdict is Verdict.EDITED else ""
            if row.decision is not verdict or row.edited != words:
                who = (self.by, now()) if verdict is not Verdict.UNDECIDED else ("", "")
                new[i] = replace(row, decision=verdict, edited=words, by=who[0], at=who[1], applied="")
        return new

    def keep(self, file: int, number: int, config: Path | None, reason: str) -> tuple[str, Path]:
        """Rejects a proposal and has the project keep its phrase from now on; returns the phrase and where it stands.

        ``config`` is a configuration used instead of the one found; ``{}`` in ``reason`` becomes the replacement.
        Raises :class:`Trouble`, ``OSError``.
        """
        opened = self.files[file]
        proposal = opened.proposals[number]
        phrase = phrase_at(opened.subject.report.text, proposal.start, proposal.end)
        self.store.require_ours()  # before the phrase is written
        path = add_keep(phrase, reason.format(proposal.row.replacement), Path(opened.subject.path), config)
        new = self._decided(file, [number], Verdict.REJECTED, "") or {number: proposal.row}
        kept = (phrase, path)
        again = any(step.kept == kept for step in self._steps)  # the first of these decisions still asks for it
        self._steps.append(replace(self._exchange(file, new), kept=None if again else kept))
        return kept

    def _exchange(self, file: int, rows: dict[int, Row]) -> Step:
        proposals = self.files[file].proposals
        was = tuple((i, proposals[i].row) for i in rows)
        self.store.put(rows.values())
        for i, row in rows.items():
            proposals[i] = Proposal(row, proposals[i].start, proposals[i].end)
        return Step(file, was)

    def undo(self) -> Step | None:
        """Takes the last decision back, which may have been about many; ``None`` when there is none."""
        if not self._steps:
            return None
        step = self._steps[-1]
        self.store.require_ours()
        if step.kept:
            drop_keep(*step.kept)
        self._exchange(step.file, dict(step.rows))
        return self._steps.pop()


def name_from(decisions: Path, path: str) -> str:
    """The name of the file ``path`` in the decisions file ``decisions``, whatever linked folders led to them."""
    place = Path(path)
    return Path(os.path.relpath(place.parent.resolve() / place.name, decisions.parent.resolve())).as_posix()


def path_of(decisions: Path, name: str) -> str:
    """Where the file called ``name`` in ``decisions`` is, as one would type it here."""
    folder, real = decisions.parent, decisions.parent.resolve()
    return os.path.normpath((folder if real == Path(os.path.abspath(folder)) else real) / name)


def default_decisions(paths: Sequence[str]) -> Path:
    """Where decisions about ``paths`` are kept when nobody says where."""
    if len(paths) == 1:
        path = Path(paths[0])
        path = path.resolve() if path.name in ("", "..") else path
        return path.parent / (path.name + SUFFIX)
    return Path("corrector" + SUFFIX)


def somebody() -> str:
    """The name of the user, as far as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
