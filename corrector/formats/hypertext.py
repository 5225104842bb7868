"""What a page of HTML or XHTML says: its paragraphs in the order of the source, for .html and .epub.

The source is read as a browser's tokenizer reads it, well-formed or not, and by positions: nothing is parsed into a
tree and written again. Text that inline tags divide (原那<b>么</b>) is one, and so are wrapped lines of Chinese; tags
of blocks, and those that show nothing of their own, end a paragraph. Scripts, styles, forms' values, deletions,
comments and attributes are not read; code, preformatted text, formulas, choices of forms and what stands between
``<!-- corrector: off -->`` and ``on`` are read for their context. In XHTML a prefix of a name does not count.
"""

from __future__ import annotations

import re

from . import FormatError
from .markup import Source
from .woven import Bit, Paragraph

# After a `=` a quote opens a value, and `>` in it does not end the tag; what is never closed reaches to the end.
_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)*+"""
_TOKENS = (
    r"!--(?P<note>-?>|.*?(?:--!?>|\Z))",
    rf"(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*+){_ATTRIBUTES}(?:>|\Z)",
    r"\?(?:php|=).*?(?:\?>|\Z)",
    r"[!?/][^>]*+(?:>|\Z)",
)
_CDATA = r"!\[CDATA\[(?:(?P<section>.*?\]\]>)|.*\Z)"
_HTML = re.compile(f"<(?:{'|'.join(_TOKENS)})", re.S | re.I)
_XML = re.compile(f"<(?:{'|'.join((_CDATA, *_TOKENS))})", re.S | re.I)
_OFF = re.compile(r"[ \t]*corrector:[ \t]*(off|on)[ \t]*-->")
_SUBSET = re.compile(r"<!DOCTYPE[^<>\[]*\[(.*?)\]\s*>", re.S)

_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.I)  # elements in which tags mean nothing
         for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")}
_SCRIPT = re.compile(r"(<!--)|(-->)|<(/?)script(?=[\s/>])", re.I)


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    "address article aside base blockquote body button caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li link "
    "listing main marquee menu menuitem meta nav noscript ol optgroup option p param plaintext pre search section "
    "select slot source summary table tbody td template text tfoot th thead title tr track ul xmp")
_QUOTED = _names("code datalist kbd listing math plaintext pre samp select xmp")  # never edited
_HIDDEN = _names("del template")
_OBJECTS = _names("audio canvas embed img input object svg video")
_ASIDE = _names("rp rt rtc")
_FOREIGN = _names("math svg")


class Hypertext:
    """The ``paragraphs`` of ``source``; ``part`` names it.

    Raises :class:`FormatError` for a document type that defines entities.
    """

    def __init__(self, part: str, source: Source) -> None:
        self.paragraphs: list[Paragraph] = []
        self._part, self._source, self._xml = part, source.text, source.xml
        self._open: Paragraph | None = None
        self._aside: Paragraph | None = None  # a reading over or under the text
        self._depth = dict.fromkeys((*_QUOTED, *_HIDDEN, *_FOREIGN), 0)
        self._hides = self._quotes = self._off = False
        tokens = _XML if self._xml else _HTML
        at = self._prolog()
        while token := tokens.search(self._source, at):
            self._read(at, token.start())
            at = token.end()
            if token["name"] is not None:
                at = self._take(token)
            elif self._xml and token["section"] is not None:
                self._read(*token.span(), section=True)
            elif token["note"] is not None and (switch := _OFF.match(token["note"])):
                self._off = switch[1] == "off"
        self._read(at, len(self._source))
        for paragraph in self.paragraphs:
            paragraph.collapse(wrapped=True)

    def _prolog(self) -> int:
        """Where to begin: after the definitions in the document type, if there are any."""
        start = self._source.find("<!DOCTYPE", 0, 4096)
        subset = _SUBSET.match(self._source, start) if start >= 0 else None
        if subset is None:
            return 0
        if "<!ENTITY" in subset[1]:
            raise FormatError(f"{self._part} defines entities; refused, since this may be an attack",
                              f"{self._part} 自定义了实体，疑似攻击，不予处理")
        return subset.end()

    def _take(self, token: re.Match[str]) -> int:
        """Takes a tag, and says where to go on."""
        whole, closes = token["name"].lower(), bool(token["close"])
        name = whole.rpartition(":")[2] if self._xml else whole
        empty = not closes and token[0].endswith("/>") and (self._xml or self._in(_FOREIGN))
        if name in self._depth and not empty:
            self._depth[name] = max(0, self._depth[name] + (-1 if closes else 1))
            self._hides, self._quotes = self._in(_HIDDEN), self._in(_QUOTED)
        if name in _BLOCKS:
            self._open = self._aside = None
        elif name == "br":
            self._add("\n")
        elif name in _OBJECTS and not closes:
            self._add("\ufffc")
        elif name in _ASIDE or name in ("rb", "ruby"):
            self._aside = None if closes or name not in _ASIDE else self._new()
        if name not in _ENDS or closes or empty:
            return token.end()
        end = self._raw_end(name, token.end()) if name == whole else self._prefixed_end(whole, token.end())
        if name == "title" and end < len(self._source):  # one never closed has swallowed tags
            self._read(token.end(), end)
        return end

    def _raw_end(self, name: str, at: int) -> int:
        """Where the content of an element ends in which tags mean nothing."""
        if name != "script":
            end = _ENDS[name].search(self._source, at)
            return end.start() if end else len(self._source)
        hidden = nested = False  # in a comment of old style, and in a script in it
        for m in _SCRIPT.finditer(self._source, at):
            if m[1]:
                hidden = True
            elif m[2]:
                hidden = nested = False
            elif m[3] and not nested:
                return m.start()
            else:
                nested = hidden and not m[3]
        return len(self._source)

    def _prefixed_end(self, whole: str, at: int) -> int:
        end = re.compile(rf"</{re.escape(whole)}(?=[\s/>])", re.I).search(self._source, at)
        return end.start() if end else len(self._source)

    def _in(self, names: frozenset[str]) -> bool:
        return any(self._depth[name] for name in names)

    def _new(self) -> Paragraph:
        paragraph = Paragraph(self._part, self._part, len(self.paragraphs) + 1)
        self.paragraphs.append(paragraph)
        return paragraph

    def _add(self, sign: str) -> None:
        if self._open is not None and self._aside is None:
            self._open.add(sign)

    def _read(self, start: int, end: int, section: bool = False) -> None:
        """Reads the text in ``source[start:end]``, in which a ``<`` is one, or which is a ``section`` of CDATA."""
        if start == end or self._hides:
            return
        if self._open is None:
            if self._source[start:end].isspace():
                return
            self._open = self._new()
        paragraph = self._aside or self._open
        editable = not (self._off or self._quotes)
        while not section and (sign := self._source.find("<", start, end)) >= 0:
            paragraph.read(self._source, start, sign, editable)
            paragraph.bits.append(Bit("<", sign, sign + 1, False))
            start = sign + 1
        paragraph.read(self._source, start, end, editable)
