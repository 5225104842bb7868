"""What a part of an Office document says: its paragraphs in reading order, of Word, Excel and drawings.

A story is what one part holds: the body, a header, the notes, a slide, a chart, the strings of cells. Tables, text
boxes, content controls, hyperlinks, results of fields and ruby are read where they stand. Not read are deletions of
revisions, the instructions of fields, the readings that Excel notes for characters, and alternatives for older
programs; where such an alternative says the same once more (a text box does, in Word), it is a twin and takes the same
edits. What was chosen of a list that a control offers is only read: the list says it so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from .markup import Grammar, Tag
from .woven import Paragraph

WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main")
SHEET = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
         "http://purl.oclc.org/ooxml/spreadsheetml/main")
SLIDE = ("http://schemas.openxmlformats.org/presentationml/2006/main",
         "http://purl.oclc.org/ooxml/presentationml/main")
_GRAMMAR = Grammar(
    {"w": WORD,
     "a": ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
     "m": ("http://schemas.openxmlformats.org/officeDocument/2006/math",
           "http://purl.oclc.org/ooxml/officeDocument/math"),
     "mc": ("http://schemas.openxmlformats.org/markup-compatibility/2006",),
     "x": SHEET,
     "p": SLIDE,
     "tc": ("http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",)},
    "w:p w:r w:t w:pPr w:rt w:ins w:moveTo w:del w:moveFrom w:fldChar w:tab w:ptab w:br w:cr w:sym w:noBreakHyphen "
    "w:sdt w:dataBinding w:dropDownList w:comboBox a:p a:t a:br a:fld m:oMath m:t mc:AlternateContent mc:Choice "
    "mc:Fallback x:si x:is x:text x:t x:rPh p:text tc:text",
)
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "a:br": "\n", "w:noBreakHyphen": "\u2011",
          "w:sym": "\ufffc"}
_PARAGRAPHS = {"w:p", "a:p", "w:rt", "x:si", "x:is", "x:text"}
_TEXTS = {"w:t", "a:t", "m:t", "x:t"}
_CHOICES = {"w:dropDownList", "w:comboBox"}
_OF_CONTROLS = {"w:dataBinding", *_CHOICES}
_NOTES = {"p:text", "tc:text"}  # comments: a paragraph and its text in one
_BLANKS = " \t\r\n"
_FIELD = re.compile(r"""<[^\s<>/]*fldChar\s[^<>]*?fldCharType\s*=\s*["'](begin|separate|end)["']""")


class Story:
    """The ``paragraphs`` of one part, and the ``runs`` of Word in it: where each starts and ends, by start.

    ``inserted`` says for runs in a revision where it opens, ``nested`` which stand in a text box or in ruby, ``older``
    which stand in what another program shows instead. ``bound`` are the paragraphs that stand in a control whose words
    Word takes from elsewhere: each with where they begin in it, and the words.
    """

    def __init__(self, part: str, place: str, source: str) -> None:
        self.paragraphs: list[Paragraph] = []
        self.runs: list[tuple[int, int]] = []
        self.inserted: dict[int, int] = {}
        self.nested: set[int] = set()
        self.older: set[int] = set()
        self.bound: list[tuple[Paragraph, int, str]] = []
        self._part, self._place, self._source = part, place, source
        self._count = 0
        self._open: list[Paragraph] = []
        self._open_runs: list[int] = []
        self._text = -1  # where the text starts that is being read
        self._preserve = False
        self._deleted = self._properties = self._computed = 0
        self._insertions: list[int] = []
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._alternatives: list[_Alternative] = []
        self._controls: list[_Control] = []
        marks = Counter(_FIELD.findall(source))
        self._has_fields = marks["begin"] == marks["end"]  # broken ones would swallow what follows
        for tag in _GRAMMAR.tags(source):
            self._take(tag)
        self.runs.sort()

    def run(self, at: int) -> tuple[int, int] | None:
        """The innermost run that holds the position ``at``, if any."""
        i = bisect_right(self.runs, (at, len(self._source))) - 1
        while i >= 0 and self.runs[i][1] <= at:
            i -= 1
        return self.runs[i] if i >= 0 else None

    def _take(self, tag: Tag) -> None:
        name = tag.name
        if name in _TEXTS:
            self._take_text(tag)
        elif name == "w:r":
            self._take_run(tag)
        elif name in _PARAGRAPHS:
            self._take_paragraph(tag)
        elif name in _NOTES:
            if tag.opens:
                self._take_paragraph(tag)
            self._take_text(tag)
            if tag.closes and not tag.opens:
                self._take_paragraph(tag)
        elif name == "w:pPr":
            self._properties += tag.opens - tag.closes
        elif name in _SIGNS:
            if tag.opens and self._visible and not self._properties:
                self._open[-1].add(_SIGNS[name])
        elif name in ("w:del", "w:moveFrom", "x:rPh"):
            self._deleted += tag.opens - tag.closes
        elif name in ("w:ins", "w:moveTo"):
            if tag.opens:
                self._insertions.append(tag.start)
            if tag.closes:
                self._insertions.pop()
        elif name == "w:sdt":
            self._take_control(tag)
        elif name in _OF_CONTROLS:
            if tag.opens and self._controls:
                self._controls[-1].of.add(name)
        elif name in ("a:fld", "m:oMath"):
            self._computed += tag.opens - tag.closes
        elif name == "w:fldChar":
            self._take_field(tag)
        elif name.startswith("mc:"):
            self._take_alternative(tag)
        elif self._text >= 0:
            self._read(tag.start)
            self._text = tag.end

    @property
    def _visible(self) -> bool:
        if not self._open or self._deleted or not all(self._fields):
            return False
        return not self._alternatives or len(self._open) != self._alternatives[-1].older

    def _take_run(self, tag: Tag) -> None:
        if tag.opens:
            if self._insertions:
                self.inserted[tag.start] = self._insertions[-1]
            if len(self._open) > 1 or self._open_runs:
                self.nested.add(tag.start)
            if any(alternative.branches > 1 for alternative in self._alternatives):
                self.older.add(tag.start)
            self._open_runs.append(tag.start)
        if tag.closes:
            self.runs.append((self._open_runs.pop(), tag.end))

    def _take_text(self, tag: Tag) -> None:
        if tag.opens and not tag.closes:
            self._text = tag.end
            self._preserve = tag.name in ("a:t", "p:text", "tc:text") or "preserve" in self._source[tag.start : tag.end]
        elif tag.closes and not tag.opens and self._text >= 0:
            # A formula, a slide number, and a sign for which older programs have another: only read.
            inline = bool(self._alternatives) and self._alternatives[-1].level == len(self._open)
            self._read(tag.start, editable=not (tag.name == "m:t" or self._computed or inline))
            self._text = -1

    def _read(self, end: int, editable: bool = True) -> None:
        if not self._visible:
            return
        start = self._text
        if not self._preserve:  # blanks at the ends are not shown then
            while start < end and self._source[start] in _BLANKS:
                start += 1
            while start < end and self._source[end - 1] in _BLANKS:
                end -= 1
        self._open[-1].read(self._source, start, end, editable)

    def _take_paragraph(self, tag: Tag) -> None:
        if tag.opens:
            self._count += 1
            paragraph = Paragraph(self._part, self._place, self._count)
            self.paragraphs.append(paragraph)
            self._open.append(paragraph)
        if tag.closes:
            self._open.pop()

    def _take_control(self, tag: Tag) -> None:
        if tag.opens:
            inside = self._open[-1] if self._open else None
            self._controls.append(_Control(inside, len(inside.text) if inside else 0, len(self.paragraphs)))
        if tag.closes and (control := self._controls.pop()).of:
            held = ([(control.inside, control.start)] if control.inside is not None else
                    [(paragraph, 0) for paragraph in self.paragraphs[control.begun :]])
            if "w:dataBinding" in control.of:
                self.bound += ((paragraph, start, paragraph.text[start:]) for paragraph, start in held)
            if control.of.intersection(_CHOICES):
                for paragraph, start in held:
                    paragraph.kept.append((start, len(paragraph.text)))

    def _take_field(self, tag: Tag) -> None:
        if not tag.opens or not self._has_fields:
            return
        found = _FIELD.match(self._source, tag.start, tag.end)
        mark = found[1] if found else ""
        if mark == "begin":
            self._fields.append(False)
        elif mark == "separate" and self._fields:
            self._fields[-1] = True
        elif mark == "end" and self._fields:
            self._fields.pop()

    def _take_alternative(self, tag: Tag) -> None:
        if tag.name == "mc:AlternateContent":
            if tag.opens:
                self._alternatives.append(_Alternative(len(self._open)))
            if tag.closes:
                self._alternatives.pop()
        elif self._alternatives:
            here = self._alternatives[-1]
            if tag.opens:
                here.branches += 1
                here.begun = len(self.paragraphs)
                here.older = here.level if tag.name == "mc:Fallback" else -1
            if tag.closes:
                here.older = -1
                self._pair(here, self.paragraphs[here.begun :])

    def _pair(self, here: _Alternative, said: list[Paragraph]) -> None:
        """Makes twins of what is said for the second time."""
        if not here.said:
            here.said = said
        elif [p.text for p in said] == [p.text for p in here.said]:
            for paragraph, twin in zip(here.said, said, strict=True):
                paragraph.twins += [twin, *twin.twins]
            del self.paragraphs[here.begun :]


@dataclass(slots=True)
class _Control:
    """One ``w:sdt``: the paragraph that it stands ``inside``, if any, and where; how many paragraphs had ``begun``."""

    inside: Paragraph | None
    start: int
    begun: int
    of: set[str] = field(default_factory=set)  # what says where its words come from


class _Alternative:
    """One ``mc:AlternateContent`` in ``level`` paragraphs: what its first choice said; in its fallback, ``older``.

    ``branches`` counts those that have begun.
    """

    def __init__(self, level: int) -> None:
        self.level = level
        self.said: list[Paragraph] = []
        self.begun = self.branches = 0
        self.older = -1
