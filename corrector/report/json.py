"""The machine format of ``check``: see the contract in docs/interface.md."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from ..result import Report

SCHEMA = 1


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines of ``text`` start."""
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def file_object(path: str, kind: str, encoding: str, report: Report) -> dict[str, Any]:
    """One file's object, ready for ``json.dumps``; lines and columns count from 1."""
    starts = line_starts(report.text)

    def place(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    edits = []
    for e in report.edits:
        line, column = place(e.start)
        edits.append({
            "start": e.start, "end": e.end, "line": line, "column": column, "original": e.original,
            "replacement": e.replacement, "converter": e.converter, "kind": e.kind, "confidence": e.confidence,
            "tier": str(e.tier), "reason": e.reason,
        })
    diagnosis = [
        {"converter": d.converter, "probability": round(d.probability, 4), "spans": [list(s) for s in d.spans],
         "evidence": [{"converted": v.converted, "original": v.original, "count": v.count} for v in d.evidence]}
        for d in report.diagnosis
    ]
    flags = [{"start": f.start, "end": f.end, "text": f.text, "reason": f.reason} for f in report.flags]
    return {"path": path, "kind": kind, "encoding": encoding, "chars": len(report.text), "diagnosis": diagnosis,
            "edits": edits, "flags": flags, "errors": []}
