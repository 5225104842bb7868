"""Lines of a text, and how people count in it."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """Where the lines of a text start, which line feeds end; ``starts`` counts from 0."""

    def __init__(self, text: str) -> None:
        self.starts, at = [0], text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1.

        >>> Lines("原则\\n规则").at(4)
        (2, 2)
        """
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
