"""Undoes the damage that word-substitution converters did to Chinese text.

Start with :func:`check` and :func:`fix`; read :mod:`corrector.engine.run` for how it thinks.
"""

from __future__ import annotations

from .api import Corrector, check, check_many, diagnose, fix
from .document import Document
from .edits import Edit, EditError, Tier
from .result import Diagnosis, Evidence, Flag, Report

__all__ = [
    "Corrector", "Diagnosis", "Document", "Edit", "EditError", "Evidence", "Flag", "Report", "Tier",
    "check", "check_many", "diagnose", "fix",
]
__version__ = "0.1.0"
