"""``check``, ``fix``, ``diagnose``, ``undo``, ``damage`` and ``rules``."""

from __future__ import annotations

import json as json_
import locale
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from ..edits import at_level, invert
from ..formats.text import SUFFIXES, Decoded, TextError, decode
from ..result import Report

FOUND, FAILED = 1, 2


@dataclass
class Run:
    """One call: says each failure in one line, and knows the exit status."""

    chinese: bool
    status: int = 0
    seen: set[Path] = field(default_factory=set)

    def fail(self, path: object, error: object) -> None:
        text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        click.echo(f"corrector: {path}: {text}", err=True)
        self.status = FAILED

    def found(self) -> None:
        self.status = max(self.status, FOUND)

    def read(self, paths: tuple[str, ...]) -> Iterator[tuple[str, Decoded, bytes]]:
        """Every file once: its path, its text, its bytes."""
        from ..files import walk

        for given in paths:
            if given == "-":
                data = sys.stdin.buffer.read()
                yield from self._decoded("-", data)
                continue
            path = Path(given)
            if not path.exists():
                self.fail(given, "是符号链接循环或断链" if path.is_symlink() and self.chinese else
                          "a broken or looping link" if path.is_symlink() else
                          "没有这个文件，请检查路径" if self.chinese else "no such file; check the path")
                continue
            for file in walk(path, self.fail):
                try:
                    real = file.resolve()
                    if real in self.seen:
                        continue
                    self.seen.add(real)
                    data = file.read_bytes()
                except (OSError, RuntimeError) as error:
                    self.fail(file, error)
                    continue
                yield from self._decoded(str(file), data)

    def _decoded(self, path: str, data: bytes) -> Iterator[tuple[str, Decoded, bytes]]:
        try:
            yield path, decode(data), data
        except TextError as error:
            self.fail(path, error)


def _language(_context: click.Context, _option: click.Parameter, value: str | None) -> bool:
    language = value or os.environ.get("LC_ALL") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    return language.lower().startswith("zh")


_paths = click.argument("paths", nargs=-1, required=True, metavar="PATH…")
_lang = click.option("--lang", "chinese", type=click.Choice(["zh", "en"]), callback=_language)
_level = click.option("--level", type=click.Choice(["certain", "likely", "possible"]), default="likely",
                      show_default=True)
_converter = click.option("--converter", "converters", multiple=True, metavar="NAME", help="Only these tables.")
_alone = click.option("--no-document-evidence", "alone", is_flag=True, help="Judge each place by its context alone.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zh-corrector")
def corrector() -> None:
    """Undo what word-substitution converters did to Chinese documents. 还原被词语替换程序改坏的中文文档。"""


def _check(text: str, path: str, converters: tuple[str, ...], level: str, alone: bool) -> Report:
    from ..api import Corrector
    from ..document import document

    try:
        corrector_ = Corrector(converters=converters, level=level, document_evidence=not alone)
    except KeyError as error:
        raise click.UsageError(str(error.args[0])) from None
    return corrector_.check_documents([document(text, _kind(path))])[0]


def _kind(path: str) -> str:
    return SUFFIXES.get(Path(path).suffix.lower(), "text")


@corrector.command()
@_paths
@click.option("--format", "format_", type=click.Choice(["terminal", "json", "jsonl", "diff"]), default="terminal",
              show_default=True)
@_level
@_converter
@_alone
@_lang
@click.option("--quiet", is_flag=True)
@click.option("--verbose", is_flag=True)
def check(paths: tuple[str, ...], format_: str, level: str, converters: tuple[str, ...], alone: bool, chinese: bool,
          quiet: bool, verbose: bool) -> None:
    """Report, change nothing. 检查，不改动文件。"""
    run = Run(chinese)
    objects = []
    for path, decoded, _ in run.read(paths):
        report = _check(decoded.text, path, converters, level, alone)
        if at_level(report.edits, level):
            run.found()
        if quiet:
            continue
        if format_ == "terminal":
            from ..report.terminal import lines

            for line in lines(path, report, level=level, chinese=chinese, verbose=verbose):
                click.echo(line)
        elif format_ == "diff":
            from ..report.diff import unified

            patch = unified(path, decoded.text, report.apply(level))
            sys.stdout.buffer.write(patch.encode(decoded.encoding))
            sys.stdout.buffer.flush()
        else:
            from ..report.json import file_object

            value = file_object(path, _kind(path), decoded.encoding, report)
            if format_ == "jsonl":
                click.echo(json_.dumps(value, ensure_ascii=False))
            else:
                objects.append(value)
    if format_ == "json" and not quiet:
        click.echo(json_.dumps({"schema": 1, "files": objects}, ensure_ascii=False, indent=1))
    if format_ == "terminal" and not quiet and run.status == 0:
        click.echo("没有发现转换器造成的损坏。" if chinese else "Nothing to fix.")
    sys.exit(run.status)


@corrector.command()
@_paths
@click.option("-o", "--output", metavar="OUT", help="Write here: a file, or a folder for several inputs.")
@click.option("--in-place", is_flag=True, help="Replace the files; a journal takes it back.")
@click.option("--journal", "journal_path", type=Path, metavar="FILE")
@_level
@_converter
@_alone
@_lang
def fix(paths: tuple[str, ...], output: str | None, in_place: bool, journal_path: Path | None, level: str,
        converters: tuple[str, ...], alone: bool, chinese: bool) -> None:
    """Write corrected files. 写出改正后的文件。"""
    from .. import journal
    from ..files import write

    if in_place == (output is not None) and paths != ("-",):
        raise click.UsageError("say where to write: -o OUT, or --in-place")
    if in_place and "-" in paths:
        raise click.UsageError("standard input cannot be fixed in place; use -o or standard output")
    run = Run(chinese)
    several = len(paths) > 1 or Path(paths[0]).is_dir()
    entries, writes = [], []
    for path, decoded, data in run.read(paths):
        report = _check(decoded.text, path, converters, level, alone)
        edits = at_level(report.edits, level)
        try:
            fixed = decoded.encode(report.apply(level)) if edits else data
        except TextError as error:
            run.fail(path, error)
            continue
        if output == "-" or (output is None and not in_place):
            sys.stdout.buffer.write(fixed)
        elif output is not None:
            writes.append((_target(Path(output), path, paths, several), fixed, path, len(edits)))
        elif edits:
            inverse = tuple((e.start, e.end, e.original, e.replacement) for e in invert(edits))
            entries.append(journal.Entry(str(Path(path).resolve()), journal.digest(data), journal.digest(fixed),
                                         inverse))
            writes.append((Path(path), fixed, path, len(edits)))
    sys.stdout.flush()
    if entries:
        target = journal_path or Path(".corrector", f"journal-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.json")
        try:
            journal.save(target, entries)
        except OSError as error:
            run.fail(target, error)
            sys.exit(run.status)
        click.echo(f"日志：{target}（用 corrector undo 撤销）" if chinese else
                   f"journal: {target} (for corrector undo)", err=True)
    for file, fixed, path, count in writes:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write(file, fixed)
        except OSError as error:
            run.fail(file, error)
            continue
        click.echo(f"{path}：改正 {count} 处" if chinese else f"{path}: {count} places corrected", err=True)
    sys.exit(run.status)


def _target(output: Path, path: str, paths: tuple[str, ...], several: bool) -> Path:
    if not several and not output.is_dir():
        return output
    for given in paths:
        if Path(given).is_dir() and Path(path).is_relative_to(given):
            return output / Path(path).relative_to(given)
    return output / Path(path).name


@corrector.command()
@_paths
@_lang
def diagnose(paths: tuple[str, ...], chinese: bool) -> None:
    """Which converter touched which part. 判断文档经过哪种转换器。"""
    run = Run(chinese)
    for path, decoded, _ in run.read(paths):
        report = _check(decoded.text, path, (), "likely", False)
        for d in report.diagnosis:
            shown = "、".join(f"{e.converted}←{e.original}×{e.count}" for e in d.evidence[:8])
            spans = ",".join(f"{a}-{b}" for a, b in d.spans)
            click.echo(f"{path}\t{d.converter}\t{d.probability:.4f}\t{spans}\t{shown}")
        if not report.diagnosis:
            click.echo(f"{path}\t" + ("未发现" if chinese else "healthy"))
    sys.exit(run.status)


@corrector.command()
@click.argument("journal", type=Path)
@_lang
def undo(journal: Path, chinese: bool) -> None:
    """Take a fix back, byte for byte. 撤销一次 fix。"""
    from .. import journal as journals

    run = Run(chinese)
    try:
        entries = journals.load(journal)
    except (OSError, journals.JournalError) as error:
        run.fail(journal, error)
        sys.exit(run.status)
    for entry in entries:
        try:
            restored = journals.undo(entry)
        except OSError as error:
            run.fail(entry.path, error)
            continue
        if not restored:
            run.fail(entry.path, "之后又改动过，未撤销" if chinese else "changed since; left as it is")
    sys.exit(run.status)


@corrector.command()
@click.option("--converter", required=True, metavar="NAME")
@click.argument("path")
@click.option("-o", "--output", type=Path)
@click.option("--truth", type=Path, help="Write the truth map here, as JSON.")
@_lang
def damage(converter: str, path: str, output: Path | None, truth: Path | None, chinese: bool) -> None:
    """Run a converter forward. 正向运行转换器（测试与训练用）。"""
    from .. import damage as forward
    from ..files import write
    from ..lexicon import default_lexicon

    run = Run(chinese)
    try:
        table = default_lexicon().table(converter)
    except KeyError as error:
        raise click.UsageError(str(error.args[0])) from None
    for name, decoded, _ in run.read((path,)):
        damaged = forward.damage(decoded.text, table)
        try:
            data = decoded.encode(damaged.text)
            if output:
                write(output, data)
            else:
                sys.stdout.buffer.write(data)
            if truth:
                rows = [{"start": c.start, "end": c.end, "original": c.original} for c in damaged.truth]
                write(truth, (json_.dumps(rows, ensure_ascii=False) + "\n").encode())
        except (OSError, TextError) as error:
            run.fail(name, error)
    sys.exit(run.status)


@corrector.command()
@click.argument("what", type=click.Choice(["list", "show", "lint"]), default="list")
@click.argument("name", required=False)
def rules(what: str, name: str | None) -> None:
    """What the dictionaries hold. 列出词典内容。"""
    from ..lexicon import default_lexicon
    from ..lexicon.lint import lint

    lexicon = default_lexicon()
    if what == "lint":
        problems = lint(lexicon)
        for p in problems:
            click.echo(f"{p.table}: {p.row}: {p.message}")
        sys.exit(FOUND if problems else 0)
    for table in lexicon.tables:
        if what == "list":
            click.echo(f"{table.name}\t{len(table.pairs)}\t{table.title}")
        elif name in (None, table.name):
            for pair in table.pairs:
                click.echo(f"{table.name}\t{pair.original}\t{pair.converted}\t{pair.evidence}\t{pair.note}")
