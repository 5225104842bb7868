"""One text in many layouts of Word: the edits are those of the text, and no character that stays changes its format."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrector.api import Corrector
from corrector.edits import Edit, at_level
from corrector.formats import Tracked, open_bytes
from tests import libreoffice
from tests.conftest import DAMAGED
from tests.revised import characters, settled, trees
from tests.word import package, scattered

SPEECH = Path(__file__).parent.parent.parent / "shared/cases/speech-2023.txt"
CORRECTOR = Corrector()
SEEDS = st.integers(0, 2**32 - 1)
Characters = list[list[tuple[str, object]]]


@cache
def speech() -> str:
    """The speech, without empty lines: a document leaves them out."""
    if not SPEECH.exists():
        pytest.skip("needs ../shared/cases/speech-2023.txt")
    return "\n".join(line for line in SPEECH.read_text(encoding="utf-8").splitlines() if line.strip())


@cache
def edits_of_the_text() -> list[Edit]:
    return at_level(CORRECTOR.check(speech()).edits)


def corrected(data: bytes) -> tuple[list[Edit], bytes, bytes]:
    """The edits of ``data``; it with them carried out; it with them as revisions."""
    _, opened = open_bytes(data, "a.docx")
    edits = at_level(CORRECTOR.check_documents([opened.document])[0].edits)
    assert isinstance(opened, Tracked)
    return edits, opened.write(edits), opened.write_tracked(edits, author="a", date="2024-05-01T08:00:00Z",
                                                            comments=False)


def letters(paragraphs: Characters) -> list[tuple[str, object]]:
    """The characters of all paragraphs, as they stand in the text, with their formats."""
    found: list[tuple[str, object]] = []
    for paragraph in paragraphs:
        found += [*((c, form) for c, form in paragraph if len(c) == 1), ("\n", None)]
    return found[:-1]


@settings(max_examples=200)
@given(SEEDS)
def test_the_speech_in_any_layout(seed: int) -> None:
    data = package(scattered(speech(), Random(seed)))
    edits, fixed, tracked = corrected(data)
    assert edits == edits_of_the_text()
    part = "word/document.xml"
    before, after = settled(data, True)[part], settled(fixed, True)[part]
    assert settled(tracked, False)[part] == before
    old = letters(before)
    assert "".join(c for c, _ in old) == speech()
    for new in (letters(after), letters(settled(tracked, True)[part])):
        at = here = 0  # in the old letters, in the new ones
        for edit in edits:
            assert new[here : here + edit.start - at] == old[at : edit.start]
            here += edit.start - at
            at = edit.end
            own = new[here : here + len(edit.replacement)]
            assert "".join(c for c, _ in own) == edit.replacement
            assert {form for _, form in own} <= {form for _, form in old[edit.start : edit.end]}
            here += len(own)
        assert new[here:] == old[at:]


def test_libreoffice_settles_it_alike(tmp_path: Path) -> None:
    chance = Random(20231125)
    layouts = [scattered(DAMAGED, chance) for _ in range(200)]
    if SPEECH.exists():
        layouts.append(scattered(speech(), chance))
    data = package("".join(layouts))
    _, fixed, tracked = corrected(data)
    out = libreoffice.settle(tmp_path, {"a.keep.docx": data, "b.keep.docx": fixed, "a.accept.docx": tracked,
                                        "a.reject.docx": tracked})
    read = {name: letters(characters(trees(stored)["word/document.xml"])) for name, stored in out.items()}
    assert read["a.reject.docx"] == read["a.keep.docx"]
    assert read["a.accept.docx"] == read["b.keep.docx"]
