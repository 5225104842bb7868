"""``corrector rules``: what the dictionaries hold, and whether they keep to their rules."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from ..errors import Trouble, about
from ..lexicon import Table, default_lexicon
from ..lexicon.lint import lint, lint_table
from ..lexicon.read import dictionaries
from . import options
from .figures import figures, rows
from .language import CHINESE, tr
from .taught import learn
from .work import Run, plain, put, shown


@click.group(invoke_without_command=True, help=tr("What the dictionaries hold.", "词典里有什么。"))
@options.lang
@click.pass_context
def rules(context: click.Context) -> int:
    if context.invoked_subcommand is None:
        context.invoke(list_)
    return 0


@rules.command("list", help=tr("The tables: name, number of pairs, where they are met.",
                               "列出词表：名字、对数、在哪里见到。"))
@options.lang
def list_() -> int:
    for table in default_lexicon().tables:
        click.echo(f"{table.name}\t{len(table.pairs)}\t{table.title}")
    return 0


@rules.command(help=tr("The pairs of a table, or of all.", "列出一张词表（或全部）的词对。"))
@click.argument("name", required=False)
@options.lang
def show(name: str | None) -> int:
    for table in _tables(name):
        for pair in table.pairs:
            click.echo(f"{table.name}\t{pair.original}\t{pair.converted}\t{pair.evidence}\t{pair.note}")
    return 0


@rules.command("lint", help=tr("Check the dictionaries, or these table files.", "检查全部词典，或给出的词表文件。"))
@click.argument("files", nargs=-1, type=options.FILE)
@options.lang
def lint_(files: tuple[Path, ...]) -> int:
    run = Run()
    for file in files or (dictionaries(),):
        try:
            problems = lint_table(file) if files else lint(file)
        except OSError as error:
            run.fail(error.filename or file, error)
            continue
        for p in problems:
            run.found()
            click.echo(plain(": ".join(filter(None, (f"{p.file}:{p.line}", p.row, tr(p.message, p.chinese))))))
    return run.status


@rules.command(help=tr("Add a keep-phrase to the project's own; in it the words in brackets stay: 因地制宜[开展]治理.",
                       "加一条本项目的保留短语，方括号里的文字在其中从此不改：因地制宜[开展]治理。"))
@click.argument("phrase", type=options.TEXT, metavar=tr("PHRASE", "短语"))
@click.option("--reason", type=options.TEXT, default="", metavar="TEXT",
              help=tr("Why, for those who read the file.", "理由，给读这份文件的人看。"))
@click.option("--config", type=options.FILE, metavar="FILE",
              help=tr("This configuration instead of the one found.", "用这份配置，不去查找。"))
@options.lang
def add(phrase: str, reason: str, config: Path | None) -> int:
    from ..rules import add_keep

    run = Run()
    try:
        path = add_keep(phrase, reason or tr("not damage", "并非损坏"), Path.cwd(), config)
    except (OSError, Trouble) as error:
        run.fail(about(error) or phrase, error)
        return run.status
    run.tell(tr(f"added to {shown(path)}", f"已加入 {shown(path)}"))
    return run.status


rules.add_command(learn)


@rules.command(help=tr("The measured figures of each pair on held-out text.", "每个词对在留出文本上的实测数字。"))
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True,
              help=tr("Output format.", "输出格式。"))
@click.option("--model", type=options.FILE, metavar="DIR",
              help=tr("Of this model, made by corrector train.", "看这个由 corrector train 训练的模型。"))
@options.lang
def stats(name: str | None, form: str, model: Path | None) -> int:
    from .. import models
    from ..engine.model import DATA, manifest

    run = Run()
    try:
        if model is not None:
            models.load(model)
        facts = manifest(DATA if model is None else model.absolute())
    except Trouble as error:
        run.fail(error.about, error)
        return run.status
    if name is not None and name not in facts["measured"]["tables"]:
        raise click.UsageError(_unknown(name, facts["measured"]["tables"]))
    names = None if name is None else {name}
    if form == "json":
        put(json.dumps({"schema": 1, "characters": facts["measured"]["characters"],
                        "pairs": list(rows(facts, names))}, ensure_ascii=False).encode() + b"\n")
    else:
        click.echo(figures(facts, names, CHINESE), nl=False)
    return 0


def _tables(name: str | None) -> tuple[Table, ...]:
    lexicon = default_lexicon()
    try:
        return (lexicon.table(name),) if name else lexicon.tables
    except KeyError:
        raise click.UsageError(_unknown(name or "", [t.name for t in lexicon.tables])) from None


def _unknown(name: str, known: Iterable[str]) -> str:
    return tr(f"no converter {name!r}; known: {', '.join(known)}", f"没有这张词表：{name}；现有：{'、'.join(known)}")
