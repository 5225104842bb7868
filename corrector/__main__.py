"""``python -m corrector``, and what the command ``corrector`` calls."""

from __future__ import annotations

from .interruption import importing


def main() -> None:
    """The command; see :mod:`corrector.cli`."""
    with importing():
        from .cli import main
    main()


if __name__ == "__main__":
    main()
