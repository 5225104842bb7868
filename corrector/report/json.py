"""The machine formats of ``check``: see the contract in docs/interface.md."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import Any

from ..formats import locate
from ..lines import Lines
from . import Output, Result

SCHEMA = 1


def file_object(result: Result) -> dict[str, Any]:
    """One file's object, ready for ``json.dumps``; lines, columns and paragraphs count from 1."""
    report = result.report
    place = _places(result)
    edits = [
        {**place(e.start, e.end), "original": e.original, "replacement": e.replacement, "converter": e.converter,
         "kind": e.kind, "confidence": e.confidence, "tier": str(e.tier), "reason": e.reason}
        for e in report.edits
    ]
    diagnosis = [
        {"converter": d.converter, "probability": round(d.probability, 4), "spans": [list(s) for s in d.spans],
         "evidence": [{"converted": v.converted, "original": v.original, "count": v.count} for v in d.evidence]}
        for d in report.diagnosis
    ]
    flags = [{**place(f.start, f.end), "text": f.text, "reason": f.reason, "kind": f.kind} for f in report.flags]
    return {"path": result.path, "kind": result.kind, "encoding": result.opened.encoding, "chars": len(report.text),
            "diagnosis": diagnosis, "edits": edits, "flags": flags, "errors": []}


def _places(result: Result) -> Callable[[int, int], dict[str, Any]]:
    """How this file names a range: by line and column, or in a container by part and paragraph."""
    places = result.opened.places
    lines = Lines("" if places else result.report.text)

    def place(start: int, end: int) -> dict[str, Any]:
        if places:
            where, offset = locate(places, start)
            return {"part": where.part, "paragraph": where.paragraph, "start": offset, "end": offset + end - start}
        line, column = lines.at(start)
        return {"start": start, "end": end, "line": line, "column": column}

    return place


def failed_object(path: str, message: str) -> dict[str, Any]:
    """The object of a file that could not be read."""
    return {"path": path, "kind": "", "encoding": "", "chars": 0, "diagnosis": [], "edits": [], "flags": [],
            "errors": [message]}


def packed(value: object, indent: int | None = None) -> bytes:
    """``value`` as UTF-8; a file name that is none is written in escapes, which JSON has for it."""
    return dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")


class JsonLines(Output):
    """One object a line, one line a file."""

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        return packed(file_object(result)) + b"\n"

    def failed(self, path: str, message: str) -> bytes:
        return packed(failed_object(path, message)) + b"\n"


class Json(Output):
    """One object for all files."""

    between = b",\n"

    def head(self, *, chinese: bool) -> bytes:
        return b'{"schema": %d, "files": [\n' % SCHEMA

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        return packed(file_object(result), indent=1)

    def failed(self, path: str, message: str) -> bytes:
        return packed(failed_object(path, message), indent=1)

    def tail(self, edits: int, status: int, *, chinese: bool) -> bytes:
        return b"\n]}\n"
