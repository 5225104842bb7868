"""The command: one thin module a command, imported when it is called.

To add a command, write ``corrector/cli/NAME.py`` with a click command called ``NAME`` (a trailing underscore is
allowed), and put NAME into :data:`COMMANDS`. Files come in through :mod:`.work`, messages through :mod:`.language`.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from .. import __version__
from ..interruption import INTERRUPTED, importing
from .language import CHINESE, localize_click, tr

COMMANDS = ("check", "fix", "diagnose", "explain", "review", "apply", "undo", "bulk", "damage", "learn", "mine",
            "train", "rules")
_NO_ARGUMENTS: type[click.UsageError] | tuple[()] = getattr(click.exceptions, "NoArgsIsHelpError", ())  # click 8.2


class _Commands(click.Group):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with importing():
            module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def make_context(self, *args: Any, **given: Any) -> click.Context:
        with _until_nobody_reads():  # --help
            return super().make_context(*args, **given)

    def invoke(self, ctx: click.Context) -> object:
        with _until_nobody_reads():
            return super().invoke(ctx)


@contextmanager
def _until_nobody_reads() -> Iterator[None]:
    """A closed pipe, which click would end with status 1, something found, is the end of the work."""
    try:
        yield
    except BrokenPipeError:
        _discard_output()
        raise click.exceptions.Exit(0) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]},
             help=tr("Undo what word-substitution converters did to Chinese documents.",
                     "还原被词语替换程序改坏的中文文档。"))
@click.version_option(__version__, message=tr("%(prog)s, version %(version)s", "%(prog)s %(version)s 版"),
                      help=tr("Show the version and exit.", "显示版本号。"))
@click.option("--lang", type=click.Choice(["zh", "en"]), expose_value=False,
              help=tr("Language of messages and help.", "消息与说明所用的语言。"))
def corrector() -> None:
    pass


def main() -> None:
    """The command, as :mod:`corrector.__main__` calls it; never shows a traceback for what a user did."""
    sys.exit(_status())


def _prepare() -> None:
    gc.set_threshold(100_000)  # what a command makes lives about as long as the command
    for library in ("OPENBLAS", "OMP", "MKL"):  # a thread a core costs more CPU time to start than it ever gives here
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    localize_click()
    _replace_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _replace_closed_streams() -> None:
    """Opens what was closed on nothing, so that no file gets its number; to read or write there fails as it should."""
    for name, mode, flags in (("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8", closefd=False))


def _status() -> int:
    try:
        _prepare()
        result = corrector.main(prog_name="corrector", standalone_mode=False)
        sys.stdout.flush()
    except _NO_ARGUMENTS as error:
        error.show()
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "corrector"
        more = tr(f" (see {command} --help)", f"（用法见 {command} --help）")
        click.echo(f"{command}: {error.format_message().removesuffix('.')}{more}", err=True)
        return 2
    except click.ClickException as error:
        click.echo(f"corrector: {error.format_message()}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo(tr("Interrupted.", "已中断。"), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return 0
    except OSError as error:
        from ..errors import said

        nowhere = isinstance(error, FileNotFoundError)  # no stream can be
        about = error.filename or (tr("the working folder", "当前文件夹") if nowhere else
                                   tr("standard output", "标准输出"))
        click.echo(f"corrector: {about}: {said(error, CHINESE)}", err=True)
        _discard_output()
        return 2
    except Exception as error:
        from .checking import failed

        click.echo(f"corrector: {failed('', error).failure}", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _discard_output() -> None:
    """What is still unwritten would be tried again, and complained about, when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
