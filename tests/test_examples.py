"""The examples: the Word document is what its script writes, and the demo corrects all of its parts."""

from __future__ import annotations

import runpy
import zipfile
from pathlib import Path

from corrector.api import Corrector
from corrector.edits import apply, at_level
from corrector.formats import open_bytes
from tests.revised import settled

EXAMPLES = Path(__file__).parent.parent / "examples"
DOCX = EXAMPLES / "养老服务.docx"


def test_the_document_is_what_its_script_writes() -> None:
    script = runpy.run_path(str(EXAMPLES / "make_docx.py"))
    with zipfile.ZipFile(DOCX) as package:
        assert {n: package.read(n).decode() for n in package.namelist()} == {
            n: script["HEAD"] + text for n, text in script["members"]().items()}


def test_every_part_is_corrected() -> None:
    _, opened = open_bytes(DOCX.read_bytes(), DOCX)
    edits = at_level(Corrector().check_documents([opened.document])[0].edits)
    fixed = opened.write(edits)
    assert open_bytes(fixed, DOCX)[1].document.text == apply(opened.document.text, edits)
    before, after = settled(DOCX.read_bytes(), True), settled(fixed, True)
    assert before.keys() == after.keys() == {f"word/{n}.xml" for n in ("document", "header", "footer", "footnotes")}
    assert all(before[part] != after[part] for part in before)
