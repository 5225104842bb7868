"""Word documents made for tests: a text poured into runs, and the package around it."""

from __future__ import annotations

import io
import zipfile
from random import Random

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMATS = ["", "<w:b/>", "<w:i/>", '<w:color w:val="FF0000"/>', '<w:sz w:val="32"/>', "<w:b/><w:i/>",
           '<w:rFonts w:eastAsia="黑体"/>', '<w:b/><w:u w:val="single"/>', '<w:spacing w:val="20"/>']
TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         'wordprocessingml.document.main+xml"/>{}</Types>')
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>')
# What Word leaves between the runs and in them, which nobody sees.
BETWEEN = ['<w:proofErr w:type="spellStart"/>',
           '<w:bookmarkStart w:id="{0}" w:name="b{0}"/><w:bookmarkEnd w:id="{0}"/>']
WITHIN = '</w:t><w:lastRenderedPageBreak/><w:t xml:space="preserve">'


def package(body: str, types: str = "", **more: str) -> bytes:
    """A Word document with this body, and more content ``types`` and members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES.format(types))
        file.writestr("_rels/.rels", RELS)
        file.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for name, text in more.items():
            file.writestr(name, text)
    return data.getvalue()


def poured(text: str, runs: list[tuple[int, int]]) -> str:
    """Paragraphs of ``text`` in runs of these lengths and formats, taken again and again."""
    paragraphs, turn = [], 0
    for line in text.rstrip("\n").split("\n"):
        pieces, at = [], 0
        while at < len(line):
            length, kind = runs[turn % len(runs)]
            turn += 1
            pieces.append(_run(line[at : at + length], FORMATS[kind]))
            at += length
        paragraphs.append(f"<w:p>{''.join(pieces)}</w:p>")
    return "".join(paragraphs)


def scattered(text: str, chance: Random) -> str:
    """Paragraphs of ``text`` in runs as they fall: of any length and format, with what Word leaves among them."""
    paragraphs, marks = [], 0
    for line in text.rstrip("\n").split("\n"):
        pieces, at = [], 0
        while at < len(line):
            length = chance.choice((1, 1, 2, 3, 5, 8, 40))
            words = line[at : at + length]
            at += length
            if chance.random() < 0.1:
                cut = chance.randint(0, len(words))
                words = words[:cut] + WITHIN + words[cut:]
            pieces.append(_run(words, chance.choice(FORMATS)))
            if chance.random() < 0.1:
                marks += 1
                pieces.append(chance.choice(BETWEEN).format(marks))
        paragraphs.append(f"<w:p>{''.join(pieces)}</w:p>")
    return "".join(paragraphs)


def _run(text: str, form: str) -> str:
    return f'<w:r><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
