"""What a run is asked to do, in a form that travels to workers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..config import Config
from ..files import BOOKS


@dataclass(frozen=True, slots=True)
class Task:
    """``source`` is a file or folder, ``target`` the folder for what comes of it.

    ``fields`` are the dotted paths of the texts in a record, ``identity`` that of its id. A ``dry_run`` writes only
    the records about it.
    """

    source: Path
    target: Path
    config: Config
    fields: tuple[str, ...] = ("text",)
    identity: str = "id"
    dry_run: bool = False

    @property
    def books(self) -> Path:
        """The folder for everything about the run."""
        return self.target / BOOKS

    @property
    def work(self) -> Path:
        """The folder for shards; gone when the run is complete."""
        return self.books / "work"
