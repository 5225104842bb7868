"""A package of which some members hold the text: what .docx, .pptx, .xlsx, .odt and .epub have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..edits import Edit
from . import FormatError
from .markup import Source, Splice
from .woven import Change, Paragraph, Reading, Woven, by_part, splices
from .zipped import Package


@dataclass(frozen=True, slots=True)
class Packaged(Reading):
    """A package that was read, see :class:`corrector.formats.Opened`; ``sources`` are its members that were read."""

    package: Package
    sources: Mapping[str, Source]
    woven: Woven

    @property
    def encoding(self) -> str:
        return ""

    def write(self, edits: Sequence[Edit]) -> bytes:
        """The bytes of the corrected package. Raises :class:`FormatError` for a signed one."""
        unsigned(self.package)
        changed = by_part(self.woven.changes(edits)).items()
        return self.package.rewritten({part: self.sources[part].written(self._splices(part, own))
                                       for part, own in changed})

    def _splices(self, part: str, changes: list[Change]) -> Iterable[Splice]:
        """What ``changes`` write into the source of ``part``."""
        return splices(changes)


def unsigned(package: Package) -> None:
    """Raises :class:`FormatError` for a package with a digital signature, which any change would break."""
    if package.signed():
        raise FormatError("digitally signed, and a change would break the signature; save a copy without it",
                          "有数字签名，改动会使签名失效；请先另存一份不带签名的")


def number(paragraphs: Iterable[Paragraph]) -> None:
    """Numbers ``paragraphs`` from 1 in each place."""
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        counts[paragraph.place] += 1
        paragraph.number = counts[paragraph.place]
