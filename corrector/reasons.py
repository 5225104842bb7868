"""Reasons: why an edit or a flag is there, in words. They are made in Chinese, and stay so in JSON; each form of them
has its English beside it, for a person who reads that.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .edits import Tier

TIERS = {Tier.CERTAIN: "确定", Tier.LIKELY: "很可能", Tier.POSSIBLE: "也许"}  # for a person who reads Chinese
_OTHERS = "；同一文档中另有 "


class Form(NamedTuple):
    """What reasons of one kind say: each ``{}`` is a word of the text, in the same order in both languages."""

    chinese: str
    english: str

    def __call__(self, *words: str) -> str:
        """The reason about these ``words``."""
        return self.chinese.format(*words)

    def translated(self, reason: str) -> str | None:
        """A ``reason`` in English, if it is of this form."""
        match = re.fullmatch("(.+)".join(map(re.escape, self.chinese.split("{}"))), reason, re.S)
        return self.english.format(*match.groups()) if match else None


NO_WORD = Form("“{}”不成词，应为“{}”", "“{}” is no word; it should be “{}”")
SHAPE = Form("“{}”在此处少见，形近的“{}”常见", "“{}” is rare here; “{}”, which looks like it, is common")
SAME_SOUND = Form("“{}”与固定说法“{}”只差一字，读音相同",
                  "“{}” is the set phrase “{}” but for one character, of one sound")
LIKE_SOUND = Form("“{}”与固定说法“{}”只差一字，读音相近",
                  "“{}” is the set phrase “{}” but for one character, of like sound")
ONE_MISSING = Form("“{}”与固定说法“{}”相比漏了一字", "“{}” is the set phrase “{}” with a character missing")
ONE_TOO_MANY = Form("“{}”与固定说法“{}”相比多了一字", "“{}” is the set phrase “{}” with a character too many")
CUT = Form("“{}”被断开", "“{}” was cut in two")
OVERCONVERTED = Form("繁体应作“{}”，“{}”由逐字转换而来",
                     "“{}” in traditional script; “{}” was converted character by character")
NARROW = Form("{}，全文多用全角", "{}; the text mostly has full-width marks")
YEAR = Form("年份被改写，混进了词里，原来的数字无从得知",
            "a year was rewritten within a word; what it was cannot be known")
UNREAD = Form("繁体文本需要 opencc-python-reimplemented 才能检查：pip install 'zh-corrector[traditional]'",
              "traditional script needs opencc-python-reimplemented to be checked: "
              "pip install 'zh-corrector[traditional]'")
FORMS = (NO_WORD, SHAPE, SAME_SOUND, LIKE_SOUND, ONE_MISSING, ONE_TOO_MANY, CUT, OVERCONVERTED, NARROW, YEAR, UNREAD)


def beside(reason: str, others: str) -> str:
    """The ``reason`` of an edit in a document with ``others``, which 、 stands between.

    >>> beside("开展←发展", "原则×3、服务×2")
    '开展←发展；同一文档中另有 原则×3、服务×2'
    """
    return f"{reason}{_OTHERS}{others}"


def said(reason: str, chinese: bool) -> str:
    """The ``reason`` of an edit or a flag for a person who reads Chinese or English. What is of no known form, or
    quoted, stays as it is.

    >>> said("开展←发展；同一文档中另有 原则×3、服务×2", chinese=False)
    '开展←发展; also in this document: 原则×3, 服务×2'
    """
    if chinese:
        return reason
    first, _, others = reason.partition(_OTHERS)
    first = next((english for form in FORMS if (english := form.translated(first))), first)
    return f"{first}; also in this document: {', '.join(others.split('、'))}" if others else first
