"""``report.html`` of a run: one file without anything from outside, its charts drawn as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from ..edits import Tier
from ..reasons import TIERS

Say = Callable[[str, str], str]
PAIRS = 30  # shown as bars; all of them are in summary.json
SAMPLES = 60

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --dim: #68707a; --line: #d9dde2; --paper: #fff; --soft: #f5f6f8;
        --certain: #1f6f5c; --likely: #4f9fd0; --possible: #c9a34a; --was: #b3382c; --now: #1f6f5c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --dim: #9aa3ad; --line: #363c44; --paper: #16191d;
        --soft: #1f2329; --certain: #46b394; --likely: #5fb0e0; --possible: #d8b45e; --was: #ef8a7d; --now: #5cc7a8; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
       font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
.dim { color: var(--dim); } p { margin: .25rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0; }
.facts div { background: var(--soft); border-radius: .5rem; padding: .75rem 1rem; }
.facts b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; line-height: 1.3; }
.chart { overflow-x: auto; } svg { display: block; width: 100%; min-width: 36rem; height: auto; }
svg text { fill: var(--ink); font-size: 13px; }
svg .dim { fill: var(--dim); } svg .axis { stroke: var(--line); } .level { stroke: var(--was); stroke-dasharray: 4 3; }
.certain { fill: var(--certain); } .likely { fill: var(--likely); } .possible { fill: var(--possible); }
.rest { fill: var(--line); } .legend span { display: inline-block; margin-right: 1.25rem; }
.legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
table { width: 100%; border-collapse: collapse; } th { text-align: left; font-weight: 600; color: var(--dim); }
th, td { padding: .45rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.where { color: var(--dim); font-size: .85rem; overflow-wrap: anywhere; min-width: 7rem; }
@media (max-width: 40rem) { thead { display: none; } tr { display: block; border-bottom: 1px solid var(--line); }
        td { display: inline-block; border: 0; padding: .1rem .5rem; }
        td:first-child { display: block; padding-top: .6rem; } }
del { color: var(--was); } ins { color: var(--now); text-decoration: none; font-weight: 600; }
"""


def page(facts: dict[str, Any], *, chinese: bool) -> str:
    """The report of a summary, in Chinese or English."""
    def say(english: str, chinese_: str) -> str:
        return chinese_ if chinese else english

    title = say("Corpus report", "语料库改正报告")
    dry = say(" · dry run, nothing was changed", " · 试运行，未写出改正后的文件") if facts["dry_run"] else ""
    parts = [
        f"<h1>{title}</h1><p class=dim>{escape(facts['input'])} · "
        f"{say('level', '档次')}{say(' ', '：')}{say(facts['level'], TIERS[Tier(facts['level'])])}{dry}</p>",
        _figures(facts, say),
        _section(say("Share of damaged documents", "受损文档所占份额"), _share(facts, say)),
        _section(say("Confidence of the edits found", "所发现改动的置信度"), _histogram(facts, say)),
        *(_section(_name(c, say), _pairs(c, say)) for c in facts["converters"]),
        _section(say("Samples to look at", "抽样查看"), _samples(facts["samples"], say)),
    ]
    return (f'<!doctype html>\n<html lang="{say("en", "zh-CN")}">\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
            f"<style>{_STYLE}</style>\n" + "\n".join(parts) + "\n</html>\n")


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>" if body else ""


def _figures(facts: dict[str, Any], say: Say) -> str:
    figures = [
        (say("documents", "文档"), f"{facts['documents']:,}"),
        (say("damaged", "受损"), f"{facts['damaged_share']:.1%}"),
        (say("edits made", "改动"), f"{facts['edits']:,}"),
        (say("found, not made", "存疑未改"), f"{facts['not_made']:,}"),
        (say("edits per 10,000 characters", "每万字改动"),
         f"{1e4 * facts['edits'] / facts['characters'] if facts['characters'] else 0:.1f}"),
        (say("rejected", "拒收"), f"{facts['rejected']:,}"),
    ]
    return "<div class=facts>" + "".join(f"<div><b>{value}</b>{name}</div>" for name, value in figures) + "</div>"


def _share(facts: dict[str, Any], say: Say) -> str:
    """A bar for all converters together, and one for each."""
    total = facts["documents"]
    if not total:
        return ""
    rows = [(say("any", "合计"), facts["damaged"])]
    rows += [(_name(c, say), c["documents"]) for c in facts["converters"]]
    return _bars([(name, n, f"{n:,} ({n / total:.1%})", "certain") for name, n in rows], total, rest=True)


def _bars(rows: Sequence[tuple[str, int, str, str]], full: int, *, rest: bool = False) -> str:
    """Horizontal bars: name, length out of ``full``, what is said beside it, colour; with or without the ``rest``."""
    left, width, step = 190, 500, 24
    drawn = []
    for i, (name, n, said, colour) in enumerate(rows):
        y, long = i * step, max(1.0, width * n / full)
        end = width if rest else long
        drawn.append(
            f'<text x="{left - 10}" y="{y + 16}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="rest" x="{left}" y="{y + 4}" width="{end:.1f}" height="16"/>'
            f'<rect class="{colour}" x="{left}" y="{y + 4}" width="{long:.1f}" height="16"/>'
            f'<text class="dim" x="{left + 10 + end:.1f}" y="{y + 16}">{escape(said)}</text>')
    return _chart(drawn, step * len(rows))


def _chart(drawn: Sequence[str], height: int) -> str:
    return f'<div class=chart><svg viewBox="0 0 860 {height}" role="img">{"".join(drawn)}</svg></div>'


def _name(converter: dict[str, Any], say: Say) -> str:
    """What a converter is called; what belongs to none are slips."""
    name = converter["converter"]
    return say(f"Converter {name}", f"转换器 {name}") if name else say("Slips", "误字")


def _histogram(facts: dict[str, Any], say: Say) -> str:
    """Counts by confidence in hundredths; heights by square root, since almost all stand at the right end."""
    counts = facts["confidence"]["counts"]
    most = max(counts)
    if not most:
        return ""
    left, width, height = 60, 780, 200
    step = width / len(counts)
    drawn = []
    for part in (1, 0.25):  # of the greatest count; half as high
        y = 20 + height * (1 - part**0.5)
        drawn.append(f'<line class="axis" x1="{left}" x2="{left + width}" y1="{y:.0f}" y2="{y:.0f}"/><text class="dim" '
                     f'x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{round(most * part):,}</text>')
    for i, n in enumerate(counts):
        tall = height * (n / most) ** 0.5
        percent = 50 + i
        tip = f"{percent / 100:.2f}–{percent / 100 + 0.01:.2f}: {n:,}"
        drawn.append(f'<rect class="{Tier.of(percent / 100)}" x="{left + i * step + 1:.1f}" '
                     f'y="{20 + height - tall:.1f}" '
                     f'width="{step - 2:.1f}" height="{tall:.1f}"><title>{tip}</title></rect>')
    for percent in range(50, 101, 10):
        x = left + (percent - 50) * step
        drawn.append(f'<text class="dim" x="{x:.0f}" y="{height + 40}" text-anchor="middle">{percent / 100:.1f}</text>')
    x = left + (Tier(facts["level"]).floor * 100 - 50) * step
    drawn.append(f'<line class="level" x1="{x:.1f}" x2="{x:.1f}" y1="6" y2="{height + 20}"/><text class="dim" '
                 f'x="{x - 6:.0f}" y="14" text-anchor="end">{say("made from here on", "从这里起改动")} →</text>')
    legend = "".join(f'<span><i style="background:var(--{t})"></i>{say(t, TIERS[t])} {facts["tiers"][t]:,}</span>'
                     for t in Tier)
    scale = say("Heights grow with the square root of the count.", "柱高按数目的平方根。")
    return _chart(drawn, height + 50) + f"<p class=legend>{legend}<span class=dim>{scale}</span></p>"


def _pairs(converter: dict[str, Any], say: Say) -> str:
    pairs = converter["pairs"]
    rows = [(f"{_shown(p['original'])} → {_shown(p['replacement'])}", p["edits"], f"{p['edits']:,}", "likely")
            for p in pairs[:PAIRS]]
    more = len(pairs) - PAIRS
    rest = f"<p class=dim>{say(f'and {more:,} more pairs, in summary.json', f'另有 {more:,} 对，见 summary.json')}</p>"
    return _bars(rows, pairs[0]["edits"]) + (rest if more > 0 else "")


def _shown(word: str) -> str:
    return word or "∅"


def _samples(samples: Sequence[dict[str, Any]], say: Say) -> str:
    rows = "".join(
        f"<tr><td>{_flat(s['before'])}<del>{_flat(s['original'])}</del><ins>{_flat(s['replacement'])}</ins>"
        f"{_flat(s['after'])}</td><td class=n>{int(s['confidence'] * 1000) / 1000:.3f}</td>"
        f"<td class=where>{escape(s['file'])} : {s['record']}</td></tr>"
        for s in samples[:SAMPLES]
    )
    head = (f"<tr><th>{say('text', '文本')}</th><th class=n>{say('confidence', '置信度')}</th>"
            f"<th>{say('file : record', '文件：记录')}</th></tr>")
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""


def _flat(text: str) -> str:
    return escape(" ".join(text.split("\n")))
