"""The lexicon: what the dictionaries say, read into plain values.

Read ``dictionaries/README.md`` for the files, then :class:`Lexicon` for what becomes of them.
"""

from __future__ import annotations

from .model import Lexicon, Pair, Phrase, Table
from .read import LexiconError, default_lexicon, load

__all__ = ["Lexicon", "LexiconError", "Pair", "Phrase", "Table", "default_lexicon", "load"]
