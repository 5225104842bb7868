"""SARIF 2.1.0, for code scanning: a result an edit with its repair, a note a flag.

Lines and columns count code points, as everywhere in the project; a container has no lines, and its results name part
and paragraph as logical locations.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..edits import Edit, Tier, at_level
from ..formats import locate
from ..lines import Lines
from ..reasons import said
from ..result import Flag
from . import Output, Result
from .json import packed

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
DAMAGE, FLAG = "converted-text", "damaged-beyond-repair"
_LEVELS = {Tier.CERTAIN: "error", Tier.LIKELY: "warning", Tier.POSSIBLE: "note"}
_RULES = (
    (DAMAGE, "Text rewritten by a word-substitution converter", "被词语替换程序改写的文字",
     "A converter replaced words by a fixed table, blind to their meaning; this restores the author's word."),
    (FLAG, "Damage that cannot be repaired", "无法修复的损坏",
     "What stood here cannot be told from the text; look it up in the source."),
)


def uri(path: str) -> str:
    """``path`` as a URI reference: relative where it is, otherwise with the scheme ``file``."""
    name = os.path.normpath(path)
    return Path(name).as_uri() if os.path.isabs(name) else quote(os.fsencode(Path(name).as_posix()))


class Sarif(Output):
    """One run with the results of all files; what could not be checked is a notification of its invocation."""

    between = b",\n"

    def __init__(self) -> None:
        self._failed: list[dict[str, Any]] = []

    def head(self, *, chinese: bool) -> bytes:
        rules = [{"id": id_, "shortDescription": {"text": zh if chinese else en}, "fullDescription": {"text": full}}
                 for id_, en, zh, full in _RULES]
        driver = {"name": "corrector", "version": __version__, "rules": rules}
        start = {"$schema": SCHEMA, "version": "2.1.0"}
        tool = f'"tool": {json.dumps({"driver": driver}, ensure_ascii=False)}, "columnKind": "unicodeCodePoints"'
        return (json.dumps(start)[:-1] + f', "runs": [{{{tool}, "results": [\n').encode()

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        report = result.report
        make = _Results(result)
        found = [make.edit(e, chinese) for e in at_level(report.edits, result.level)]
        found += [make.flag(f, chinese) for f in report.flags]
        return b",\n".join(packed(r) for r in found)

    def failed(self, path: str, message: str) -> bytes:
        location = {"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}
        self._failed.append({"level": "error", "message": {"text": message}, "locations": [location]})
        return b""

    def tail(self, edits: int, status: int, *, chinese: bool) -> bytes:
        invocation = {"executionSuccessful": status < 2, "toolExecutionNotifications": self._failed}
        return b'\n], "invocations": [' + packed(invocation) + b"]}]}\n"


class _Results:
    """Makes the results of one file."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._artifact = {"uri": uri(result.path)}
        self._in_lines = not result.opened.places
        self._lines = Lines(result.report.text if self._in_lines else "")

    def _region(self, start: int, end: int) -> dict[str, int]:
        (first, column), (last, behind) = self._lines.at(start), self._lines.at(end)
        return {"startLine": first, "startColumn": column, "endLine": last, "endColumn": behind}

    def edit(self, e: Edit, chinese: bool) -> dict[str, Any]:
        words = f"“{e.original}”应为“{e.replacement}”" if chinese else f"{e.original} was {e.replacement}"
        message = f"{words} ({e.confidence:.3f}; {said(e.reason, chinese)})"
        row = self._row(DAMAGE, _LEVELS[e.tier], message, e.start, e.end)
        row["rank"] = round(100 * e.confidence, 2)
        row["properties"] = {"converter": e.converter, "kind": e.kind, "tier": str(e.tier)}
        if self._in_lines:
            change = {"deletedRegion": self._region(e.start, e.end), "insertedContent": {"text": e.replacement}}
            row["fixes"] = [{"description": {"text": words},
                             "artifactChanges": [{"artifactLocation": self._artifact, "replacements": [change]}]}]
        return row

    def flag(self, f: Flag, chinese: bool) -> dict[str, Any]:
        return self._row(FLAG, "note", f"{f.text}: {said(f.reason, chinese)}", f.start, f.end)

    def _row(self, rule: str, level: str, message: str, start: int, end: int) -> dict[str, Any]:
        location: dict[str, Any] = {"physicalLocation": {"artifactLocation": self._artifact}}
        if self._in_lines:
            location["physicalLocation"]["region"] = self._region(start, end)
        else:
            place, offset = locate(self._result.opened.places, start)
            location["logicalLocations"] = [{"fullyQualifiedName": f"{place.part}:{place.paragraph}:{offset + 1}"}]
        return {"ruleId": rule, "level": level, "message": {"text": message}, "locations": [location]}
