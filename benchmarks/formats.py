"""Speed of Word documents: ``python benchmarks/formats.py CORPORA``.

Documents of 200 and 500 pages (600 characters each, damaged by A, cut into runs as Word does) are read with
python-docx, which means opened and the text of each paragraph taken, and corrected in the same run: bytes in, bytes
out. The rounds are interleaved; medians of CPU time are compared. Memory is the peak of ``corrector fix``.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import docx

from corrector import Corrector
from corrector.damage import damage
from corrector.edits import at_level
from corrector.formats import Tracked, open_bytes
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import default_lexicon

PAGE = 600  # characters
RUNS = (1, 2, 4, 10, 25, 60)  # characters of a run, any as often
STEPS = ("read", "check", "write", "fix", "fix --track-changes --comments")


def document(pages: int, texts: list[str]) -> tuple[bytes, int]:
    """A Word document of so many pages, and how many runs it has."""
    chance, file, runs = Random(pages), docx.Document(), 0
    lines = (line for text in texts for line in text.split("\n") if line.strip())
    left = pages * PAGE
    while left > 0:
        line, paragraph = next(lines), file.add_paragraph()
        left -= len(line)
        while line:
            length = chance.choice(RUNS)
            run = paragraph.add_run(line[:length])
            run.bold, run.italic = chance.choice(((None, None), (True, None), (None, True)))
            line, runs = line[length:], runs + 1
    data = io.BytesIO()
    file.save(data)
    return data.getvalue(), runs


def by_python_docx(data: bytes) -> float:
    """CPU seconds of reading the text of ``data`` with python-docx."""
    start = time.process_time()
    for paragraph in docx.Document(io.BytesIO(data)).paragraphs:
        assert isinstance(paragraph.text, str)
    return time.process_time() - start


def fixed(corrector: Corrector, data: bytes, tracked: bool = False) -> dict[str, float]:
    """CPU seconds of each step of correcting ``data``."""
    marks = [time.process_time()]
    _, opened = open_bytes(data, "a.docx")
    marks.append(time.process_time())
    edits = at_level(corrector.check_documents([opened.document])[0].edits)
    marks.append(time.process_time())
    if tracked:
        assert isinstance(opened, Tracked)
        opened.write_tracked(edits, author="a", date="2024-05-01T00:00:00Z", comments=True)
    else:
        opened.write(edits)
    marks.append(time.process_time())
    if tracked:
        return {STEPS[4]: marks[3] - marks[0]}
    return {name: marks[i + 1] - marks[i] for i, name in enumerate(STEPS[:3])} | {STEPS[3]: marks[3] - marks[0]}


def peak(*command: str) -> float:
    """Peak memory, in MB, of a Python process that runs ``command``."""
    code = f"import sys; sys.argv = {[*command]!r}\n" + (
        "from corrector.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(open('/proc/self/status').read())")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = re.search(r"VmHWM:\s+(\d+)", done.stdout)
    assert found
    return int(found[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--pages", type=int, nargs="+", default=[200, 500])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    table = default_lexicon().table("A")
    texts: list[str] = []
    for corpus, name, text in read(options.corpora):
        if part(name, corpus) == "train" and sum(map(len, texts)) < (max(options.pages) + 20) * PAGE:
            texts.append(damage(text, table).text)
    corrector = Corrector()
    columns = ("python-docx", *STEPS)
    print(f"| pages | runs | {' | '.join(columns)} | fix / python-docx | peak memory |")
    print("|---" * (len(columns) + 4) + "|")
    for pages in options.pages:
        data, runs = document(pages, texts)
        times: dict[str, list[float]] = {name: [] for name in columns}
        for _ in range(options.rounds):
            times["python-docx"].append(by_python_docx(data))
            for tracked in (False, True):
                for name, value in fixed(corrector, data, tracked).items():
                    times[name].append(value)
        medians = [statistics.median(times[name]) for name in columns]
        ratio = statistics.median(times["fix"]) / medians[0]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.docx"
            path.write_bytes(data)
            memory = peak("corrector", "fix", str(path), "-o", str(path.with_name("b.docx")), "--quiet")
        seconds = " | ".join(f"{m:.2f} s" for m in medians)
        print(f"| {pages} | {runs} | {seconds} | {ratio:.2f} | {memory:.0f} MB |")


if __name__ == "__main__":
    main()
