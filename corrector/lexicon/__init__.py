"""The lexicon: what the dictionaries say, read into plain values.

Read ``dictionaries/README.md`` for the files, then :class:`Lexicon` for what becomes of them.
"""

from __future__ import annotations

from .model import Glyph, Lexicon, Pair, Phrase, SetPhrase, Slip, Syllable, Table
from .read import LexiconError, default_lexicon, load

__all__ = ["Glyph", "Lexicon", "LexiconError", "Pair", "Phrase", "SetPhrase", "Slip", "Syllable", "Table",
           "default_lexicon", "load"]
