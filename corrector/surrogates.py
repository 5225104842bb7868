"""Half of a surrogate pair: no character, but a text may have one, and what is not Python refuses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

LONE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """``text`` with U+FFFD for each lone surrogate: JSON can write one (half an emoji), and no file can hold it."""
    return LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def found(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """The matches in ``text``: which pattern, from where, to where."""
    try:
        return automaton.find_matches_as_indexes(text)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(whole(text))  # as long as before
