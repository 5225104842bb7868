"""``python -m corrector``."""

from .cli import main

main()
