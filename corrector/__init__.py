"""Undoes the damage that word-substitution converters did to Chinese text.

Start with :func:`check` and :func:`fix`; read :mod:`corrector.engine.run` for how it thinks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import Corrector, check, check_many, diagnose, fix
    from .document import Document
    from .edits import Edit, EditError, Tier
    from .result import Diagnosis, Evidence, Flag, Report
else:
    def __getattr__(name: str) -> object:
        # Imported when it is asked for: numpy takes a quarter of a second, in which the command could not end well yet.
        from importlib import import_module

        if not name.startswith("__"):
            for module in ("api", "document", "edits", "result"):
                known = vars(import_module(f"{__name__}.{module}"))
                if name in __all__ and name in known:
                    globals()[name] = known[name]
            if name in globals():  # a public name, or a module that came along
                return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

__all__ = [
    "Corrector", "Diagnosis", "Document", "Edit", "EditError", "Evidence", "Flag", "Report", "Tier",
    "check", "check_many", "diagnose", "fix",
]
__version__ = "0.1.0"
