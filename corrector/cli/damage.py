"""``corrector damage``: run a converter forward, for tests and training."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .. import damage as forward
from ..errors import Trouble, about
from ..formats.text import decode
from ..lexicon import default_lexicon
from . import options
from .checking import contents
from .language import tr
from .work import Run, deliver


@click.command(help=tr("Run a converter forward, for tests and training. The file must be text.",
                       "正向运行转换器，供测试与训练用。只收文本文件。"))
@click.option("--converter", type=options.TEXT, required=True, metavar="NAME", help=tr("The table.", "词表的名字。"))
@click.argument("path", metavar=tr("PATH", "路径"))
@click.option("-o", "--output", type=options.FILE, metavar="FILE",
              help=tr("Instead of standard output, which is -.", "不写标准输出（-），写到这里。"))
@click.option("--truth", type=options.FILE, metavar="FILE",
              help=tr("Write every change here, as JSON.", "把每处改动写成 JSON，存到这里。"))
@options.lang
def damage(converter: str, path: str, output: Path | None, truth: Path | None) -> int:
    if truth == Path("-") and output in (None, truth):
        raise click.UsageError(tr("only one file goes to standard output", "标准输出只能写一个文件"))
    lexicon = default_lexicon()
    try:
        table = lexicon.table(converter)
    except KeyError as error:
        known = "、".join(t.name for t in lexicon.tables)
        raise click.UsageError(tr(str(error.args[0]), f"没有这个转换器：{converter}；现有：{known}")) from None
    run = Run()
    try:
        decoded = decode(contents(path))
        damaged = forward.damage(decoded.text, table)
        data = decoded.encode(damaged.text)
        if truth:
            rows = [{"start": c.start, "end": c.end, "original": c.original} for c in damaged.truth]
            deliver((json.dumps(rows, ensure_ascii=False) + "\n").encode(), truth, (path, output))
        deliver(data, output, (path,))
    except (OSError, Trouble) as error:
        run.fail(about(error) or path, error)
    return run.status
