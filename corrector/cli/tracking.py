"""The options of ``fix`` that say how tracked changes are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from .language import tr

_LONGEST = 255  # characters of an author, in Word


@dataclass(frozen=True, slots=True)
class Tracking:
    """How to write edits as tracked changes; ``date`` is in ISO 8601, to the second."""

    author: str
    date: str
    comments: bool


def tracking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; the command gets ``track_changes``, ``comments``, ``author`` and ``date``."""
    for option in (
        click.option("--date", callback=_date, metavar="ISO",
                     help=tr("Date of the revisions (default: now).", "修订的日期（默认现在）。")),
        click.option("--author", callback=_author, metavar="NAME",
                     help=tr("Author of the revisions (default: corrector).", "修订的作者（默认 corrector）。")),
        click.option("--comments", is_flag=True,
                     help=tr("With --track-changes: reasons as comments.", "与 --track-changes 同用：批注说明依据。")),
        click.option("--track-changes", is_flag=True,
                     help=tr("Word: write revisions to accept or reject.", "Word 文档：写成可接受或拒绝的修订。")),
    ):
        command = option(command)
    return command


def chosen(track_changes: bool, comments: bool, author: str | None, date: str | None) -> Tracking | None:
    """What the options ask for, if tracked changes. Raises ``click.UsageError``."""
    if track_changes:
        return Tracking(author or "corrector", date or _written(datetime.now(UTC)), comments)
    if comments or author or date:
        raise click.UsageError(tr("--comments, --author and --date need --track-changes",
                                  "--comments、--author、--date 要与 --track-changes 同用"))
    return None


def _author(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    if not value.strip() or len(value) > _LONGEST:
        raise click.BadParameter(tr(f"a name of 1 to {_LONGEST} characters", f"应为 1 至 {_LONGEST} 个字的名字"))
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn") for c in value):
        raise click.BadParameter(tr("a name without control characters", "名字里不能有控制字符"))
    return value


def _date(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return _written(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        raise click.BadParameter(tr(f"{value!r} is no date such as 2024-05-01 or 2024-05-01T08:00:00Z",
                                    f"{value!r} 不是日期，应如 2024-05-01 或 2024-05-01T08:00:00Z")) from None


def _written(moment: datetime) -> str:
    """``moment`` in UTC; one of no time zone is taken as it stands, as Word does."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
