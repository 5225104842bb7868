"""A unified diff that ``git apply`` and ``patch -p1`` accept."""

from __future__ import annotations

import difflib


def unified(path: str, before: str, after: str) -> str:
    """The diff of one file; empty when nothing changed."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Lines split at line feeds only: the other separators of Unicode are text to ``patch``."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
