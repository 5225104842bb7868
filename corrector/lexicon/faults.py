"""What makes a row of a dictionary useless: asked when it is read, and all of it by :mod:`.lint`.

A fault is what is wrong, in English and in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Fault = tuple[str, str]

KINDS = ("word", "character", "punctuation", "glyph", "coined", "dated", "plain")
EVIDENCE = ("seen", "reported", "learnt")
FIRST, LAST = "\x01", "\ufffe"  # characters that the tables of the engine have room for


def pair_faults(original: str, converted: str, kind: str, evidence: str, count: str) -> Iterator[Fault]:
    """Why a row of a converter table cannot be used."""
    if not original:
        yield "the original is empty", "原词是空的"
    elif original == converted:
        yield "changes nothing", "转换前后相同，什么也不改"
    yield from known_fault("kind", kind, KINDS)
    yield from known_fault("evidence", evidence, EVIDENCE)
    if count and not _whole(count):
        yield f"count {count!r} is not a whole number", f"count“{count}”不是整数"
    yield from character_faults(original + converted)


def set_faults(phrase: str, documents: str) -> Iterator[Fault]:
    """Why a row of set phrases cannot be used."""
    if not 4 <= len(phrase) <= 10:
        yield f"{phrase!r} is no phrase of four to ten characters", f"“{phrase}”不是四到十个字的固定说法"
    if not _whole(documents):
        yield f"documents {documents!r} is not a whole number", f"documents“{documents}”不是整数"
    yield from character_faults(phrase)


def known_fault(column: str, value: str, known: Sequence[str]) -> list[Fault]:
    """A ``value`` that is none of those ``known``."""
    if value in known:
        return []
    return [(f"{column} {value!r} is none of {', '.join(known)}", f"{column}“{value}”应为 {'、'.join(known)} 之一")]


def _whole(number: str) -> bool:
    return number.isdecimal() and len(number) < 16


def character_faults(words: str) -> list[Fault]:
    """A character that cannot be looked for."""
    if not words or FIRST <= min(words) <= max(words) <= LAST:
        return []
    code = f"U+{next(ord(c) for c in words if not FIRST <= c <= LAST):04X}"
    return [(f"{code} cannot be looked for, only U+0001 to U+FFFE", f"无法查找字符 {code}，只能是 U+0001 到 U+FFFE")]
