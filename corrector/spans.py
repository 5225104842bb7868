"""Spans of a text, and how they are found.

Every finder must take time linear in the text, whatever the text: no scan may start again and again over the same
characters. What opens and closes is therefore paired in one pass (:func:`paired`), not matched by one expression.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from heapq import merge

Span = tuple[int, int]
Finder = Callable[[str], Iterator[Span]]


def matches(pattern: str, flags: int = 0, group: int = 0) -> Finder:
    """The ``group`` of each match of ``pattern``."""
    compiled = cache(lambda: re.compile(pattern, flags))  # when it is needed: most documents need few
    return lambda text: (m.span(group) for m in compiled().finditer(text))


def paired(opening: str, closing: str) -> Finder:
    """From each ``opening`` to the next ``closing``."""
    tokens = cache(lambda: re.compile(f"(?P<opening>{opening})|{closing}"))

    def spans(text: str) -> Iterator[Span]:
        start = -1
        for m in tokens().finditer(text):
            if start < 0 and m["opening"] is not None:
                start = m.start()
            elif start >= 0 and m["opening"] is None:
                yield start, m.end()
                start = -1

    return spans


def touches(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether ``start:end`` has a character of one of the ``spans``, which are sorted and disjoint."""
    i = bisect_left(spans, (end,))
    return i > 0 and spans[i - 1][1] > start


def disjoint(*sources: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of all ``sources``, each sorted: those that overlap or touch made one, empty ones left out.

    >>> disjoint([(0, 2), (7, 9)], [(1, 4), (5, 5)])
    ((0, 4), (7, 9))
    """
    out: list[Span] = []
    for start, end in merge(*sources):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        elif end > start:
            out.append((start, end))
    return tuple(out)
