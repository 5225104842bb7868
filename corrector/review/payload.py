"""What the page is told: JSON values made of a session. Offsets are in UTF-16 units, which is what a browser counts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from ..edits import Tier
from ..reasons import said
from .decisions import Row, Verdict
from .session import File, Session, Step

VERDICTS = tuple(Verdict)
TIERS = tuple(Tier)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def session_value(session: Session, language: str) -> dict[str, Any]:
    """The files and how far each is; ``language`` is ``zh`` or ``en``."""
    files = [{"name": f.subject.path, "total": len(f.proposals),
              "decided": sum(p.row.decided for p in f.proposals)} for f in session.files]
    return {"files": files, "decisions": str(session.store.path), "by": session.by, "language": language}


def file_value(file: File, language: str) -> dict[str, Any]:
    """A file with its proposals in columns. ``pair`` counts in ``pairs``, ``decision`` and ``tier`` in their orders.

    ``language`` is as above.
    """
    report = file.subject.report
    at = units(report.text)
    pairs: dict[tuple[str, str, str], int] = {}
    rows = [p.row for p in file.proposals]
    return {
        "name": file.subject.path, "text": report.text,
        "starts": [at(p.start) for p in file.proposals], "ends": [at(p.end) for p in file.proposals],
        "pair": [pairs.setdefault((r.converter, r.original, r.replacement), len(pairs)) for r in rows],
        "pairs": list(pairs),
        "confidence": [r.confidence for r in rows],
        "tier": [TIERS.index(Tier(r.tier)) for r in rows],
        "decision": [VERDICTS.index(r.decision) for r in rows],
        "edited": {i: r.edited for i, r in enumerate(rows) if r.edited},
        "diagnosis": [{"converter": d.converter, "probability": d.probability,
                       "spans": [[at(a), at(b)] for a, b in d.spans],
                       "share": d.share(report.text),
                       "evidence": [[e.converted, e.original, e.count] for e in d.evidence[:12]]}
                      for d in report.diagnosis],
        "flags": [[at(f.start), at(f.end), said(f.reason, language == "zh")] for f in report.flags],
    }


def details(row: Row, language: str) -> dict[str, Any]:
    """What is shown of one proposal on demand; ``language`` as above."""
    return {"place": row.place, "reason": said(row.reason, language == "zh"), "by": row.by, "at": row.at}


def step_value(step: Step) -> dict[str, Any]:
    """What was taken back."""
    return {"file": step.file, "rows": [[i, VERDICTS.index(r.decision), r.edited] for i, r in step.rows]}


def units(text: str) -> Callable[[int], int]:
    """From offsets in code points to offsets in UTF-16 units.

    >>> [units("a𠀀b")(i) for i in range(4)]
    [0, 1, 3, 4]
    """
    astral = [] if text.isascii() else [m.start() for m in _ASTRAL.finditer(text)]
    return (lambda offset: offset + bisect_left(astral, offset)) if astral else (lambda offset: offset)
