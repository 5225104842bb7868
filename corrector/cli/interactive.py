"""``corrector fix -i``: ask at each place, in the way of ``git add -p``, and keep the decisions."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..edits import Tier, at_level
from ..errors import Trouble, about, named
from ..journal import digest
from ..reasons import TIERS, said
from ..report import Result
from ..report.terminal import in_context, visible
from ..result import Report
from ..review.decisions import Verdict
from ..review.session import Session, Subject, default_decisions, somebody
from ..review.store import Store
from . import options
from .apply import carry_out
from .language import CHINESE, tr
from .work import Run, plain, shown

KEYS = "y,n,a,d,e,w,u,q,?"


def help_() -> str:
    """What the keys do."""
    return tr("""\
y - accept this correction
n - reject it: the text stays
a - accept this and all that follow in the file
d - reject this and all that follow in the file
e - write another correction
w - reject, and keep this phrase from now on (rules add)
u - take the last decision back
q - stop here; what is undecided stays as it is
? - this help""", """\
y - 接受这处改动
n - 拒绝，保留原文
a - 接受这处和本文件以下各处
d - 拒绝这处和本文件以下各处
e - 改成别的文字
w - 拒绝，并加为保留短语（rules add）
u - 撤销上一个决定
q - 到此为止，未决定之处保持原样
? - 显示这份说明""")


def opened_session(run: Run, paths: tuple[str, ...], decisions: Path | None, jobs: int, by: str = "",
                   leave_out: Collection[Path] = ()) -> Session | None:
    """A session about the files that ``paths`` name; ``None`` when its decisions cannot be kept.

    It proposes what is possible too, unless the command line says a level.
    """
    decisions = decisions or default_decisions(paths)
    level = run.options.level or Tier.POSSIBLE
    outcomes = run.each(run.files(paths, leave_out), partial(_subject, level), jobs)
    subjects = [o.value for o in outcomes if o.value is not None]
    try:
        return Session(Store(decisions), subjects, by or somebody())
    except (OSError, Trouble) as error:
        run.fail(decisions, error)
        return None


def _subject(level: str, file: Result) -> Subject:
    report = replace(file.report, edits=at_level(file.report.edits, level))
    return Subject(file.path, file.kind, report, tuple(file.opened.places), digest(file.data))


def interact(paths: tuple[str, ...], output: str | None, journal: Path | None, decisions: Path | None, jobs: int,
             own: Collection[Path], given: dict[str, Any]) -> int:
    """Asks, then writes what was accepted."""
    run = options.run(given)
    session = opened_session(run, paths, decisions, jobs, leave_out=own)
    if session is None:
        return run.status
    try:
        for number in range(len(session.files)):
            if not _file(session, number, given["config"]):
                break
    except (OSError, Trouble) as error:  # a decision that could not be kept: nothing is written on its strength
        run.fail(about(error) or session.store.path, error)
        return run.status
    total = carry_out(run, session.store, {f.name: f.subject.path for f in session.files}, paths, output, journal)
    left = sum(not p.row.decided for f in session.files for p in f.proposals)
    kept = shown(session.store.path)
    run.tell(tr(f"corrected {total}, undecided {left}; decisions: {kept}",
                f"改正 {total} 处，未决定 {left} 处；决定记在 {kept}"))
    return run.status


def _file(session: Session, number: int, config: Path | None) -> bool:
    """Asks about the undecided places of one file. False when the person wants to stop."""
    file = session.files[number]
    report = file.subject.report
    asked = [i for i, p in enumerate(file.proposals) if not p.row.decided]
    at = 0
    back: list[int] = []
    while at < len(asked):
        i = asked[at]
        key, words = _answer(_shown(file.subject.path, report, session, number, i, at + 1, len(asked)))
        if key in ("y", "n"):
            session.decide(number, [i], Verdict.ACCEPTED if key == "y" else Verdict.REJECTED)
        elif key in ("a", "d"):
            session.decide(number, asked[at:], Verdict.ACCEPTED if key == "a" else Verdict.REJECTED)
            return True
        elif key in ("e", "w"):
            try:
                if key == "e":
                    session.decide(number, [i], Verdict.EDITED, words)
                else:
                    phrase, path = session.keep(number, i, config, tr("not {}", "并非“{}”"))
                    click.echo(f"{phrase} → {shown(path)}", err=True)
            except (Trouble, OSError) as error:
                click.echo(plain(named(error, CHINESE)), err=True)
                continue
        elif key == "u":
            if back:
                session.undo()
                at = back.pop()
            continue
        else:
            return False
        back.append(at)
        at += 1
    return True


def _shown(path: str, report: Report, session: Session, number: int, i: int, nth: int, of: int) -> Iterator[str]:
    proposal = session.files[number].proposals[i]
    row = proposal.row
    tier = TIERS[Tier(row.tier)] if CHINESE else row.tier
    yield click.style(f"{plain(path)}:{row.place}", bold=True) + f"  ({nth}/{of})  {tier} {row.confidence:.3f}"
    yield "  " + in_context(report.text, row.edit(proposal.start))
    yield click.style(f"  {row.converter}  {visible(said(row.reason, CHINESE))}", dim=True)


def _answer(lines: Iterator[str]) -> tuple[str, str]:
    """A key of :data:`KEYS`, and the words for ``e``. The end of the input means ``q``."""
    for line in lines:
        click.echo(line, err=True)
    while True:
        key = _line(tr(f"Accept this correction [{KEYS}]? ", f"接受这处改动吗 [{KEYS}]？"))
        key = "q" if key is None else key.strip().lower()[:1]
        if key == "e":
            words = _line(tr("Correct to: ", "改成："))
            if words is None:
                return "q", ""
            if words:
                return "e", words
            continue  # a word is not deleted by a slip of the hand
        if key and key in KEYS.replace(",", "").replace("?", ""):
            return key, ""
        click.echo(click.style(help_(), fg="cyan"), err=True)


def _line(prompt: str) -> str | None:
    click.echo(click.style(prompt, fg="blue", bold=True), nl=False, err=True)
    try:
        line = sys.stdin.readline()
    except OSError as error:
        error.filename = tr("standard input", "标准输入")
        raise
    if not sys.stdin.isatty():
        click.echo("", err=True)
    return line.rstrip("\r\n") if line else None
