"""The page to look at before proposals are accepted: every pair with the places it would explain.

One file, nothing from other hosts. The only script gathers what is ticked into the command that accepts it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files as resources

from .mine import Proposal

_STYLE = """
table.mine td:first-child { font-size: 1rem; } table.mine label { display: block; }
table.mine input { width: 1.1rem; height: 1.1rem; margin-inline-end: .5rem; vertical-align: -.15rem; }
table.mine td:nth-child(2) { font-size: 1.15rem; }
table.mine :is(th, td):not(:last-child) { white-space: nowrap; }
table.mine td:last-child { color: inherit; font-size: 1rem; } table.mine p { margin: 0; }
.known { color: var(--soft); font-size: .8rem; display: block; }
.bar { display: inline-block; height: .5rem; background: var(--new); border-radius: 2px; vertical-align: middle; }
form output { position: sticky; bottom: 0; display: block; padding: .6rem 1rem; background: var(--part);
  border-radius: 4px; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
"""
_SCRIPT = """
const form = document.forms[0], said = form.elements.namedItem("command");
form.addEventListener("change", () => {
  const runs = [];
  for (const box of form.querySelectorAll("input:checked")) {
    const n = Number(box.value), last = runs.at(-1);
    if (last && last[1] === n - 1) last[1] = n; else runs.push([n, n]);
  }
  const ticked = runs.map(([a, b]) => a === b ? a : a + "-" + b).join(",");
  said.textContent = ticked ? said.dataset.command.replace("#", ticked) : said.dataset.none;
});
"""


def page(proposals: Sequence[Proposal], known: Mapping[tuple[str, str], Sequence[str]], command: str, *,
         chinese: bool) -> bytes:
    """The page; ``known`` names the tables that have a pair already, ``command`` accepts the numbers put for ``#``."""
    def say(english: str, chinese_: str) -> str:
        return chinese_ if chinese else english

    title = say("Proposed pairs", "提议的词对")
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    style = resources("corrector.report").joinpath("html.css").read_text(encoding="utf-8") + _STYLE
    most = max((p.score for p in proposals), default=1.0)
    rows = "\n".join(_row(n, p, most, known.get((p.original, p.converted), ()), say("in table", "已在词表"))
                     for n, p in enumerate(proposals, 1))
    heads = "".join(f'<th scope="col">{h}</th>' for h in (
        say("number", "编号"), say("pair", "词对"), say("documents, places", "文档、处数"), say("score", "得分"),
        say("where the word may be the converter's", "疑为转换器所写之处")))
    none = say("Read the places, tick the pairs that are a converter's; the command to accept them will stand here.",
               "读一读各处上下文，勾选确属转换器的词对；接受它们的命令会出现在这里。")
    return (f'<!doctype html>\n<html lang="{say("en", "zh-CN")}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title} · corrector</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
            f'<form>\n<table class="mine"><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>\n'
            f'<output name="command" data-command="{escape(command)}" data-none="{escape(none)}">{escape(none)}'
            "</output>\n"
            f"</form>\n</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n").encode("utf-8", "replace")


def _row(number: int, p: Proposal, most: float, tables: Sequence[str], known: str) -> str:
    note = f'<span class="known">{known} {escape("、".join(tables))}</span>' if tables else ""
    change = f"<del>{escape(p.converted)}</del><ins>{escape(p.original)}</ins>"
    examples = "".join(f"<p>{_marked(e, p)}</p>" for e in p.examples)
    box = f'<label><input type="checkbox" value="{number}">{number}</label>'
    bar = f'<span class="bar" style="width:{5 * p.score / most:.2f}rem"></span>'
    return (f'<tr><td>{box}</td><td lang="zh">{change}{note}</td><td>{p.documents:,} · {p.count:,}</td>'
            f'<td>{bar} {p.score:,.0f}</td><td lang="zh">{examples}</td></tr>')


def _marked(example: str, p: Proposal) -> str:
    """An example with the word nearest its middle shown as a change."""
    at = min((i for i in range(len(example)) if example.startswith(p.converted, i)),
             key=lambda i: abs(2 * i + len(p.converted) - len(example)), default=None)
    if at is None:
        return escape(example)
    return (f"{escape(example[:at])}<del>{escape(p.converted)}</del><ins>{escape(p.original)}</ins>"
            f"{escape(example[at + len(p.converted):])}")
