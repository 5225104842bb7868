"""The language of messages: Chinese or English, decided once when the command starts.

``--lang`` wins, wherever it stands, then the locale. Every message stands in the code in both languages, side by side:
``tr("no such file", "没有这个文件")``.
"""

from __future__ import annotations

import importlib
import locale
import os
import re
import sys
from collections.abc import Sequence
from unicodedata import east_asian_width

import click


def _asked(arguments: Sequence[str]) -> str:
    """The value of the last ``--lang`` among the arguments; help is printed before options are read."""
    value = ""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--lang":
            value = following
        elif word.startswith("--lang="):
            value = word.removeprefix("--lang=")
    return value


def is_chinese(arguments: Sequence[str]) -> bool:
    """Whether messages are to be Chinese."""
    named = [_asked(arguments), *(os.environ.get(n, "") for n in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))]
    language = next((n for n in named if n), "") or locale.getlocale()[0] or ""
    return language.lower().startswith(("zh", "chinese"))


CHINESE = is_chinese(sys.argv[1:])


def tr(english: str, chinese: str) -> str:
    """The one in the language of this run."""
    return chinese if CHINESE else english


_CLICK = {
    "Usage:": "用法：",
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Arguments": "参数",
    "Show this message and exit.": "显示这份说明。",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "No such option: {name}": "没有这个选项：{name}",
    "No such option {name!r}.": "没有这个选项：{name}",
    "No such command {name!r}.": "没有这个命令：{name}",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "{value!r} is not one of {choices}.": "{value!r} 不在可选值之中：{choices}。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是合适的数（{number_type}）。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 之内。",
    "Option {name!r} requires an argument.": "选项 {name} 需要一个值。",
    "Option {name!r} does not take a value.": "选项 {name} 不带值。",
    "Got unexpected extra argument ({args})": "多出的参数：{args}",
    "Got unexpected extra arguments ({args})": "多出的参数：{args}",
    "(Possible options: {possibilities})": "（是不是：{possibilities}）",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是：{possibilities}）",
    "Aborted!": "已中断。",
}


def localize_click() -> None:
    """Has click speak Chinese. It looks its messages up in compiled catalogues of the system, which has none."""
    if not CHINESE:
        return
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types"):
        known = vars(importlib.import_module(f"click.{name}"))
        if "_" in known:
            known["_"] = _translated
        if "ngettext" in known:
            known["ngettext"] = lambda one, many, count: _translated(one if count == 1 else many)
        if "wrap_text" in known:
            known["wrap_text"] = wrapped
    click.Command.get_short_help_str = _summary  # type: ignore[method-assign, assignment]


def _translated(message: str) -> str:
    return _CLICK.get(message, message)


def _summary(command: click.Command, limit: int = 45) -> str:
    """What the list of commands says of one; click would cut at a space, and Chinese has none."""
    return re.split("[。：]", command.help or "")[0]


_UNBROKEN = re.compile(r"(\s*)([（“]*(?:\w+\.[\w.]+|[!-~]+|\S)[…，。：；、？）”]*)")


def wrapped(text: str, width: int = 78, initial_indent: str = "", subsequent_indent: str = "",
            preserve_paragraphs: bool = False) -> str:
    """A paragraph in lines of ``width`` columns; Chinese may break anywhere, but not before closing marks.

    >>> print(wrapped("词表（--format jsonl），词表.tsv。", 14))
    词表（--format
    jsonl），
    词表.tsv。
    """
    lines, indent, line = [], initial_indent, ""
    for space, piece in _UNBROKEN.findall(text):
        if line and _columns(indent + line + space + piece) > width:
            lines.append(indent + line)
            indent, line = subsequent_indent, piece
        else:
            line += (space if line else "") + piece
    return "\n".join([*lines, indent + line])


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
