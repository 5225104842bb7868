"""Half of a surrogate pair: no character, but a text may have one, and libraries that are not Python refuse it."""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick


def found(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """The matches in ``text``: which pattern, from where, to where."""
    try:
        return automaton.find_matches_as_indexes(text)
    except UnicodeEncodeError:  # a question mark for each half keeps the places of all else
        return automaton.find_matches_as_indexes(text.encode("utf-8", "replace").decode("utf-8"))
