"""Reasons in the language of the reader. They are made in Chinese, and stay so in JSON; here each of their forms has
its English. What is of no known form, or quoted, stays as it is.
"""

from __future__ import annotations

import re

from ..engine.flags import YEAR_REASON
from ..views.script import MISSING

_OTHERS = "；同一文档中另有 "
_FORMS = tuple((re.compile(chinese, re.S), english) for chinese, english in (
    ("“(.+)”不成词，应为“(.+)”", r"“\1” is no word; it should be “\2”"),
    ("“(.+)”在此处少见，形近的“(.+)”常见", r"“\1” is rare here; “\2”, which looks like it, is common"),
    ("“(.+)”与固定说法“(.+)”只差一字，读音相同", r"“\1” is the set phrase “\2” but for one character, of one sound"),
    ("“(.+)”与固定说法“(.+)”只差一字，读音相近", r"“\1” is the set phrase “\2” but for one character, of like sound"),
    ("“(.+)”与固定说法“(.+)”相比漏了一字", r"“\1” is the set phrase “\2” with a character missing"),
    ("“(.+)”与固定说法“(.+)”相比多了一字", r"“\1” is the set phrase “\2” with a character too many"),
    ("“(.+)”被断开", r"“\1” was cut in two"),
    ("繁体应作“(.+)”，“(.+)”由逐字转换而来", r"“\1” in traditional script; “\2” was converted character by character"),
    ("(.+)，全文多用全角", r"\1; the text mostly has full-width marks"),
    (re.escape(YEAR_REASON), "a year was rewritten within a word; what it was cannot be known"),
    (re.escape(MISSING), "traditional script needs opencc-python-reimplemented to be checked: "
                         "pip install 'zh-corrector[traditional]'"),
))


def said(reason: str, chinese: bool) -> str:
    """The ``reason`` of an edit or a flag for a reader of Chinese or of English.

    >>> said("开展←发展；同一文档中另有 原则×3、服务×2", chinese=False)
    '开展←发展; also in this document: 原则×3, 服务×2'
    """
    if chinese:
        return reason
    first, _, others = reason.partition(_OTHERS)
    matches = ((pattern.fullmatch(first), english) for pattern, english in _FORMS)
    first = next((match.expand(english) for match, english in matches if match), first)
    return f"{first}; also in this document: {', '.join(others.split('、'))}" if others else first
