"""The command. One function a command, thin: files and options in, the library's answer out."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of ``corrector``; never shows a traceback."""
    from .commands import corrector

    try:
        sys.exit(corrector.main(standalone_mode=True))
    except BrokenPipeError:
        sys.exit(0)
