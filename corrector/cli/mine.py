"""``corrector mine``: pairs proposed from a damaged corpus alone, to be looked at, and a table of those accepted."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ..errors import Trouble, about
from ..learn import proposals as files
from ..learn.documents import documents
from ..learn.mine import Proposal
from ..learn.mine import mine as mined
from ..learn.reference import Reference, build, default_reference, load, unpack
from ..learn.sheet import fitting
from ..lexicon import default_lexicon
from . import options
from .language import CHINESE, tr
from .work import Run, deliver, plain, tell_left_out

FIRST = 100


@click.command(help=tr(
    "Propose pairs from a damaged corpus alone, best first: words that stand where healthy text has another word. "
    "CORPUS is documents, folders, .jsonl files; or the proposals of an earlier run (--format jsonl). Look at them "
    "(--format html), then write a table of the good ones: corrector mine MINED.jsonl --accept 1-12,15 -o TABLE.tsv",
    "只凭受损的语料提出词对，最可信的在前：在完好文本里该用另一个词的地方站着的词。语料可以是文档、文件夹、.jsonl，"
    "也可以是先前运行的结果（--format jsonl）。先看一遍（--format html），再把好的写成词表："
    "corrector mine 提议.jsonl --accept 1-12,15 -o 词表.tsv"))
@click.argument("corpus", nargs=-1, required=True, type=options.FILE, metavar=tr("CORPUS…", "语料…"))
@click.option("--reference", type=options.FILE, metavar="PATH",
              help=tr("Healthy text to compare with (documents, or a file of statistics) instead of what is shipped.",
                      "用来对照的完好文本（文档，或统计文件），不用自带的。"))
@click.option("--first", type=click.IntRange(1), metavar="N",
              help=tr(f"At most so many (default: {FIRST}).", f"最多提出多少对（默认 {FIRST}）。"))
@click.option("--format", "name", type=click.Choice(["terminal", "jsonl", "html"]), default="terminal",
              show_default=True, help=tr("Output format.", "输出格式。"))
@click.option("--accept", metavar="NUMBERS",
              help=tr("Write a converter table of these, by number (1-12,15 or all).",
                      "把这些编号（如 1-12,15 或 all）写成转换词表。"))
@click.option("-o", "--output", type=options.FILE, metavar="FILE",
              help=tr("Instead of standard output, which is -.", "不写标准输出（-），写到这里。"))
@options.quiet
@options.lang
def mine(corpus: tuple[Path, ...], reference: Path | None, first: int | None, name: str, accept: str | None,
         output: Path | None, quiet: bool) -> int:
    if Path("-") in (*corpus, reference):
        raise click.UsageError(tr("a corpus is files or folders, not standard input",
                                  "语料应为文件或文件夹，不能从标准输入读取"))
    run = Run(quiet=quiet)
    try:
        earlier = files.read(corpus[0]) if len(corpus) == 1 else None
        found = _mined(corpus, reference, run)[: first or FIRST] if earlier is None else earlier[:first]
        if run.status and not found:
            return run.status
        if accept is not None:
            wanted = files.chosen(found, accept)
            kept = fitting(wanted)
            tell_left_out(run, len(wanted) - len(kept))
            data = files.table(tr("Mined from a corpus", "由语料挖掘得到"), kept)
        else:
            given = ["--reference", str(reference)] * bool(reference) + ["--first", str(first)] * bool(first)
            kept, data = found, _shown(found, name, [*given, *map(str, corpus)])
        deliver(data, output, (*corpus, reference))
    except (Trouble, OSError) as error:
        run.fail(about(error) or output or "-", error)
        return run.status
    run.tell(tr(f"pairs: {len(kept)}", f"词对：{len(kept)} 个"))
    return run.status


def _mined(corpus: tuple[Path, ...], reference: Path | None, run: Run) -> list[Proposal]:
    texts = [text for path in corpus for _, text in documents(path, run.fail)]
    if not texts and not run.status:
        raise Trouble("no documents there", "这里没有文档", about=str(corpus[0]))
    return mined(texts, _reference(reference, run)) if texts else []


def _reference(path: Path | None, run: Run) -> Reference:
    if path is None:
        return default_reference()
    if path.is_file() and path.suffix == ".xz" and not path.name.endswith(".jsonl.xz"):
        return load(path)
    texts = [text for _, text in documents(path, run.fail)]
    if not any(texts):
        if run.status:
            raise click.exceptions.Exit(run.status)
        raise Trouble("no healthy text there", "这里没有完好的文本", about=str(path))
    return unpack(build(texts, default_reference().words[2:]), str(path))


def _shown(found: list[Proposal], name: str, again: list[str]) -> bytes:
    """The proposals as ``name`` has them; the arguments that give them ``again``."""
    if name == "jsonl":
        return files.lines(found)
    known: dict[tuple[str, str], list[str]] = {}
    for table in default_lexicon().tables:
        for pair in table.pairs:
            known.setdefault((pair.original, pair.converted), []).append(table.name)
    if name == "html":
        from ..learn.page import page

        command = f"corrector mine --accept # {shlex.join(again)} -o TABLE.tsv"
        return page(found, known, command, chinese=CHINESE)
    rows = []
    for number, p in enumerate(found, 1):
        tables = "、".join(known.get((p.original, p.converted), ()))
        example = plain(p.examples[0]) if p.examples else ""
        rows.append("\t".join((str(number), f"{p.original}→{p.converted}", f"{p.score:.0f}", str(p.documents),
                               str(p.count), tables, example)))
    return "".join(f"{row}\n" for row in rows).encode("utf-8", "replace")
