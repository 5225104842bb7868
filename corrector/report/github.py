"""Workflow commands of GitHub Actions: one annotation an edit, shown at its line in the pull request.

GitHub shows ten annotations of a kind a step; the action of this project comments on the pull request instead.
"""

from __future__ import annotations

import os

from ..edits import Tier, at_level
from ..lines import Lines
from ..reasons import said
from . import Output, Result, naming


def escape_data(text: str) -> str:
    """``text`` as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """``text`` as the value of a property of a workflow command."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


class Annotations(Output):
    """``::warning`` for what is certain or likely, ``::notice`` for the rest."""

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        report, container = result.report, bool(result.opened.places)
        name, count = naming(report.text, result.opened.places), Lines(report.text)
        title = "词语替换造成的损坏" if chinese else "Damage by a word converter"
        beyond = "无法修复" if chinese else "beyond repair"
        marks = [(e.start, e.end, "notice" if e.tier is Tier.POSSIBLE else "warning",
                  f"{e.original} → {e.replacement} ({e.confidence:.3f}; {said(e.reason, chinese)})")
                 for e in at_level(report.edits, result.level)]
        marks += [(f.start, f.end, "notice", f"{f.text} ({beyond}: {said(f.reason, chinese)})") for f in report.flags]
        lines = []
        for start, end, command, message in marks:
            properties = {"file": os.path.normpath(result.path), "title": title}
            if container:
                message = f"{name(start)}  {message}"
            else:
                (line, column), (last, behind) = count.at(start), count.at(end)
                properties |= {"line": str(line), "endLine": str(last)}
                if line == last:  # columns are for one line only
                    properties |= {"col": str(column), "endColumn": str(behind)}
            given = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
            lines.append(f"::{command} {given}::{escape_data(message)}\n")
        return "".join(lines).encode("utf-8", "surrogateescape")

    def failed(self, path: str, message: str) -> bytes:
        where = escape_property(os.path.normpath(path))
        return f"::error file={where}::{escape_data(message)}\n".encode("utf-8", "surrogateescape")
