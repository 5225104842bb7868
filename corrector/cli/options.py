"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..surrogates import LONE
from .checking import Options
from .language import tr
from .work import Run


class _Text(click.types.StringParamType):
    """Text; bytes on the command line that are none come as lone surrogates, which nothing can be done with."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not LONE.search(text):
            return text
        option = isinstance(param, click.Option)
        about = "" if param is None else f"{param.opts[0] if option else param.human_readable_name}: "
        raise click.ClickException(about + tr("not UTF-8", "不是 UTF-8"))


class _File(click.Path):
    """A path; an empty one, such as of a variable that is not set, would be this folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            raise click.ClickException("'': " + tr("no file is named", "没有写文件名"))
        return super().convert(value, param, ctx)


TEXT = _Text()
FILE = _File(path_type=Path, readable=False)  # who reads it says in one line why it cannot
OUT = _File(readable=False)  # as it was given: a slash at its end says something
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

paths: Decorator = click.argument("paths", nargs=-1, required=True, metavar=tr("PATH…", "路径…"))
lang: Decorator = click.option("--lang", type=click.Choice(["zh", "en"]), expose_value=False,
                               help=tr("Language of messages and help.", "消息与说明所用的语言。"))
quiet: Decorator = click.option("--quiet", is_flag=True, help=tr("Only failures.", "只报告失败。"))
verbose: Decorator = click.option("--verbose", is_flag=True, help=tr("Reasons, and what was skipped.",
                                                                     "连同依据和跳过的文件一起列出。"))

_CHECKING: tuple[Decorator, ...] = (
    click.option("--level", type=click.Choice(["certain", "likely", "possible"]),
                 help=tr("Edits from this tier on (default: likely; to review: possible).",
                         "从哪一档起改动（默认 likely；审阅时 possible）。")),
    click.option("--converter", "converters", multiple=True, metavar="NAME",
                 help=tr("Only this table; may be given again.", "只用这张词表，可多次给出。")),
    click.option("--model", "models", multiple=True, type=FILE, metavar="DIR",
                 help=tr("Also this model, made by corrector train; may be given again.",
                         "再加上这个由 corrector train 训练的模型，可多次给出。")),
    click.option("--no-document-evidence", "alone", is_flag=True,
                 help=tr("Judge each place by its context alone.", "只看上下文，不看整篇文档的证据。")),
    click.option("--misread/--no-misread", default=None,
                 help=tr("The documents are known to be misread by recognition (OCR), which is slower; "
                         "or do not look for such characters, which is faster.",
                         "已知这些文档经文字识别而来、有认错的字，较慢；或者不找这样的字，较快。")),
    click.option("--config", type=FILE, metavar="FILE",
                 help=tr("This configuration instead of the ones found.", "用这份配置，不去查找。")),
    click.option("--jobs", type=click.IntRange(1, 256), default=1, metavar="N",
                 help=tr("Number of processes.", "进程数。")),
    quiet, verbose, lang,
)

_WRITING: tuple[Decorator, ...] = (
    click.option("-o", "--output", type=OUT, metavar="OUT",
                 help=tr("A file, a folder for several, or - for standard output.",
                         "文件；多个输入时为文件夹；- 为标准输出。")),
    click.option("--in-place", is_flag=True,
                 help=tr("Replace the files; a journal takes it back.", "原地改，凭日志可撤销。")),
    click.option("--journal", type=FILE, metavar="FILE",
                 help=tr("Where to write the journal.", "日志写到哪里。")),
)


def writing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that writes corrected files."""
    for option in reversed(_WRITING):
        function = option(function)
    return function


def checking(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that checks files."""
    for option in reversed(_CHECKING):
        function = option(function)
    return function


def run(given: dict[str, Any]) -> Run:
    """The run that the options of :func:`checking` describe."""
    options = Options(given["level"], tuple(given["converters"]), given["alone"], given["config"],
                      tuple(path.absolute() for path in given["models"]), given["misread"])
    return Run(options, quiet=given["quiet"], verbose=given["verbose"])
