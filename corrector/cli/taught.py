"""``corrector rules learn``: what reviewers' decisions speak for, with its effect, before it is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import config as configs
from ..errors import Trouble, about
from ..lexicon.model import Phrase
from ..paths import regular
from . import options
from .checking import Options
from .language import tr
from .work import Run, plain, shown

if TYPE_CHECKING:
    from ..api import Corrector
    from ..learn.decided import Taught
    from ..learn.effect import Effect

_TITLES = {"keep": ("keep", "保留"), "restore": ("restore", "还原"), "weights": ("weight", "分量")}


@click.command(help=tr(
    "Propose phrases and pair weights from what reviewers decided, and show what they would change in the cases: .json "
    "files as in tests/cases, or texts; without --case the reviewed files. With --accept they are written.",
    "由审阅决定提出保留短语、还原短语和词对分量，并列出它们会在案例上造成的变化。案例可以是 tests/cases 那样的 .json，"
    "也可以是任何文档；不给 --case 就用审阅过的文件。加 --accept 才写入。"))
@click.argument("decisions", nargs=-1, required=True, type=options.FILE, metavar="FILE.review.jsonl…")
@click.option("--case", "given", multiple=True, type=options.FILE, metavar="PATH",
              help=tr("Show the effect on this; may be given again.", "列出对它的影响，可多次给出。"))
@click.option("--accept", is_flag=True, help=tr("Write the rules into the project's own files.",
                                                "写入本项目自己的规则文件。"))
@click.option("--config", type=options.FILE, metavar="FILE",
              help=tr("This configuration instead of the one found.", "用这份配置，不去查找。"))
@options.lang
def learn(decisions: tuple[Path, ...], given: tuple[Path, ...], accept: bool, config: Path | None) -> int:
    from ..learn import decided, effect
    from ..review.decisions import parse
    from ..review.session import path_of

    run = Run(Options(config=config))
    file = decisions[0]
    try:
        rows, reviewed = [], []
        for file in decisions:
            found = list(parse(regular(file).read_bytes()).values())
            rows += [r for r in found if r.applies or not r.applied]  # each place once, by its last context
            named = dict.fromkeys(Path(path_of(file, r.file)) for r in found)
            reviewed += [path for path in named if path.is_file()]
        rules = decided.taught(rows)
        here = run.options.over(run.options.config_for(str(decisions[0])))
        cases = [replace(case, document=here.protect(case.document))
                 for path in given or reviewed for case in effect.cases(path, run.fail)]
        if given and not (cases or run.status):
            run.fail(given[0], tr("no cases there: name documents or .json files",
                                  "这里没有案例；请给出文档或 .json 文件"))
        before, after = (configs.corrector(here), _corrector(here, rules))
        _tell(rules, effect.effects(cases, before, after))
        if accept and rules:
            _write(rules, decisions[0], config, run)
    except (Trouble, OSError) as error:
        run.fail(about(error) or file, error)
    return run.status


def _corrector(config: configs.Config, rules: Sequence[Taught]) -> Corrector:
    from .. import api
    from ..learn.effect import widened

    return api.Corrector(converters=config.converter, level=config.level, lexicon=widened(config.lexicon, rules),
                         document_evidence=not config.no_document_evidence, model=config.model,
                         misread=config.misread)


def _tell(rules: Sequence[Taught], effects: Sequence[Effect]) -> None:
    """The rules and their effect, on standard output."""
    for t in rules:
        key, row = _row(t)
        title, decided = tr(*_TITLES[key]), tr(f"accepted {t.accepted}, rejected {t.rejected}",
                                               f"接受 {t.accepted}，拒绝 {t.rejected}")
        click.echo(plain(f"{title}  {'  '.join(row)}  ({decided})"))
    if not rules:
        click.echo(tr("The decisions speak for no rule.", "从这些决定得不出规则。"))
    for e in effects:
        for line in e.lines:
            click.echo(plain(line))
    lines = [line for e in effects for line in e.lines]
    fewer = sum(line[0] == "-" for line in lines)
    click.echo(tr(f"texts: {len(effects)}; edits that fall away: {fewer}, new ones: {len(lines) - fewer}",
                  f"文本 {len(effects)} 篇；少改 {fewer} 处，多改 {len(lines) - fewer} 处"))
    judged = [e.right for e in effects if e.right is not None]
    if judged:
        was, becomes = (sum(pair[i] for pair in judged) for i in (0, 1))
        click.echo(tr(f"cases that come out right: {was} of {len(judged)} before, {becomes} after",
                      f"案例结果正确的：原来 {was}/{len(judged)}，之后 {becomes}/{len(judged)}"))


def _row(t: Taught) -> tuple[str, tuple[str, ...]]:
    """The file that the rule goes to, and its cells without the reason."""
    if not isinstance(t.rule, Phrase):
        return "weights", (t.rule.original, t.rule.converted, f"{t.rule.odds:+g}")
    p = t.rule
    marked = f"{p.text[: p.start]}[{p.text[p.start : p.end]}]{p.text[p.end :]}"
    return ("keep", (marked,)) if p.keep else ("restore", (marked, p.replacement))


def _write(rules: Sequence[Taught], near: Path, config: Path | None, run: Run) -> None:
    from ..rules import add_rows

    files: dict[str, list[tuple[str, ...]]] = {}
    for t in rules:
        key, row = _row(t)
        reason = tr(f"review: accepted {t.accepted}, rejected {t.rejected}",
                    f"审阅：接受 {t.accepted}，拒绝 {t.rejected}")
        files.setdefault(key, []).append((*row, reason))
    for key, rows in files.items():
        path = add_rows(key, rows, near, config)
        run.tell(tr(f"added to {shown(path)}: {len(rows)}", f"已加入 {shown(path)}：{len(rows)} 条"))
