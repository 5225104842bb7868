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

        if name in _HOME:
            globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
            return globals()[name]
        try:
            return import_module(f".{name}", __name__)
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

_HOME = {
    "Corrector": "api", "Diagnosis": "result", "Document": "document", "Edit": "edits", "EditError": "edits",
    "Evidence": "result", "Flag": "result", "Report": "result", "Tier": "edits", "check": "api", "check_many": "api",
    "diagnose": "api", "fix": "api",
}
__all__ = [
    "Corrector", "Diagnosis", "Document", "Edit", "EditError", "Evidence", "Flag", "Report", "Tier",
    "check", "check_many", "diagnose", "fix",
]
__version__ = "0.1.0"
