"""One self-contained page to send by mail: figures, the diagnosis along the document, every edit in its sentence.

No scripts, nothing from other hosts, and all text of documents escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import escape as _escape
from importlib.resources import files as resources

from ..edits import Edit, Tier, at_level
from ..reasons import TIERS, said
from ..result import Report
from . import Output, Result, naming

CONTEXT = 40
BINS = 240  # columns of the strip
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def escape(text: str) -> str:
    """``text`` for HTML; what a page cannot hold is shown as a replacement character."""
    shown = text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return _escape(shown)


class Html(Output):
    """A page with a section a file that has something to say."""

    between = b"\n"

    def head(self, *, chinese: bool) -> bytes:
        title = "改动报告" if chinese else "Corrections"
        style = resources(__package__).joinpath("html.css").read_text(encoding="utf-8")
        return (f'<!doctype html>\n<html lang="{"zh-CN" if chinese else "en"}">\n<head>\n<meta charset="utf-8">\n'
                f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
                '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
                f"<title>{title} · corrector</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
                f"<h1>{title}</h1>\n").encode()

    def file(self, result: Result, *, chinese: bool, verbose: bool) -> bytes:
        report = result.report
        edits = at_level(report.edits, result.level)
        if not edits and not report.flags:
            return b""
        say = _english if not chinese else _chinese
        pieces = [f"<section>\n<h2>{escape(result.path)}</h2>", *_figures(report, edits, say),
                  _strip(report, edits, say), *_diagnosis(report, say), *_table(result, edits, say)]
        return ("\n".join(pieces) + "\n</section>").encode()

    def failed(self, path: str, message: str) -> bytes:
        return f'<section><h2>{escape(path)}</h2><p class="failed">{escape(message)}</p></section>'.encode()

    def tail(self, edits: int, status: int, *, chinese: bool) -> bytes:
        if status == 0:
            words = "没有发现转换器造成的损坏。" if chinese else "Nothing to fix."
        else:
            words = f"共 {edits} 处改动。" if chinese else f"Corrections in all: {edits}."
        return f"\n<footer>{words}</footer>\n</main>\n</body>\n</html>\n".encode()


Say = Callable[[str, str], str]


def _english(english: str, chinese: str) -> str:
    return english


def _chinese(english: str, chinese: str) -> str:
    return chinese


def _figures(report: Report, edits: Sequence[Edit], say: Say) -> Iterator[str]:
    tiers = Counter(e.tier for e in edits)
    figures = [(say("characters", "字数"), len(report.text)), (say("corrections", "改动"), len(edits))]
    figures += [(say(tier, TIERS[tier]), tiers[tier]) for tier in Tier if tiers[tier]]
    below = len(report.edits) - len(edits)
    figures += [(say("below the level", "存疑未列"), below)] * bool(below)
    figures += [(say("beyond repair", "无法修复"), len(report.flags))] * bool(report.flags)
    yield "<dl>" + "".join(f"<div><dt>{name}</dt><dd>{value:,}</dd></div>" for name, value in figures) + "</dl>"
    pairs = Counter((e.original, e.replacement) for e in edits).most_common(12)
    shown = "".join(f"<li><del>{escape(a)}</del> <ins>{escape(b)}</ins> × {n}</li>" for (a, b), n in pairs)
    yield f'<ul class="pairs">{shown}</ul>'


def _strip(report: Report, edits: Sequence[Edit], say: Say) -> str:
    """The document from left to right: touched parts coloured, edits as ticks as dense as they are."""
    length = max(1, len(report.text))
    spans = [s for d in report.diagnosis for s in d.spans]
    parts = "".join(f'<rect class="touched" x="{a / length * BINS:.2f}" width="{(b - a) / length * BINS:.2f}" '
                    'height="16"/>' for a, b in spans)
    counts = Counter(e.start * BINS // length for e in edits)
    most = max(counts.values(), default=1)
    ticks = "".join(f'<rect class="tick" x="{at}" y="{16 - 12 * n / most:.1f}" width="0.8" '
                    f'height="{12 * n / most:.1f}"/>' for at, n in sorted(counts.items()))
    label = say("Where in the document converters were at work, and where corrections are",
                "转换器动过文档的哪些部分，改动在哪里")
    return (f'<svg class="strip" viewBox="0 0 {BINS} 16" preserveAspectRatio="none" role="img" aria-label="{label}">'
            f"{parts}{ticks}</svg>")


def _diagnosis(report: Report, say: Say) -> Iterator[str]:
    for d in report.diagnosis:
        share = d.share(report.text)
        evidence = "".join(f"<li>{escape(v.converted)} ← {escape(v.original)} × {v.count}</li>"
                           for v in d.evidence[:12])
        words = say(f"converter {escape(d.converter)}: probability {d.probability:.4f}, {share:.0%} of the text",
                    f"转换器 {escape(d.converter)}：概率 {d.probability:.4f}，全文的 {share:.0%}")
        yield f'<p class="diagnosis">{words}</p><ul class="pairs">{evidence}</ul>'


def _table(result: Result, edits: Sequence[Edit], say: Say) -> Iterator[str]:
    text = result.report.text
    name = naming(text, result.opened.places)
    heads = (say("place", "位置"), say("in context", "上下文"), say("confidence", "置信度"), say("reason", "依据"))
    yield "<table><thead><tr>" + "".join(f'<th scope="col">{h}</th>' for h in heads) + "</tr></thead><tbody>"
    for e in edits:
        reason = say(said(e.reason, chinese=False), e.reason)
        left = text[max(0, e.start - CONTEXT) : e.start].rsplit("\n", 1)[-1]
        right = text[e.end : e.end + CONTEXT].split("\n", 1)[0]
        change = f"<del>{escape(e.original)}</del><ins>{escape(e.replacement)}</ins>"
        yield (f'<tr class="{e.tier}"><td>{escape(name(e.start))}</td>'
               f'<td lang="zh">{escape(left)}{change}{escape(right)}</td>'
               f"<td>{say(e.tier, TIERS[e.tier])} {e.confidence:.3f}</td>"
               f"<td>{escape(e.converter)} {escape(reason)}</td></tr>")
    for f in result.report.flags:
        reason = say(said(f.reason, chinese=False), f.reason)
        yield (f'<tr class="flag"><td>{escape(name(f.start))}</td><td lang="zh"><mark>{escape(f.text)}</mark></td>'
               f"<td>{say('beyond repair', '无法修复')}</td><td>{escape(reason)}</td></tr>")
    yield "</tbody></table>"
