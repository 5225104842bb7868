"""The encoding of markup: the one that it declares, as far as what is read so is written back byte for byte."""

from __future__ import annotations

import codecs
import re

XML = re.compile(rb"""\A\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
META = re.compile(rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.I)

_LOOKED_AT = 4096  # bytes in which a page must say it
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030"}  # what calls itself so is often more
_ODD = ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")  # no text is meant by these


def declared(data: bytes, *declarations: re.Pattern[bytes]) -> tuple[bytes, str]:
    """The byte order mark and the encoding that ``data`` gives itself, as Python calls it; ``""`` for none it knows."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding
    for declaration in declarations:
        if found := declaration.search(data, 0, _LOOKED_AT):
            name = found[1].decode("ascii").lower()
            if declaration is META and name.startswith("utf-16"):
                name = "utf-8"  # or else the declaration could not be read
            return b"", _python(_CHINESE.get(name, name))
    return b"", ""


def _python(name: str) -> str:
    try:
        return "" if codecs.lookup(name).name in _ODD else name
    except LookupError:
        return ""


def exact(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    """The text of ``data``; ``None`` when it would not be written back unchanged."""
    try:
        text = data.decode(encoding, errors)
        return text if text.encode(encoding, errors) == data else None
    except (UnicodeError, LookupError):  # an encoding of bytes, such as Base64, is none to look up here
        return None
