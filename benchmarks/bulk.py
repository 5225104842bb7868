"""What ``corrector bulk`` costs: ``python benchmarks/bulk.py CORPORA [--megabytes 1000]``.

A corpus of JSON Lines is made, half of its documents damaged by converter A, in as many parts as there are rounds. In
each round the same part goes through bare ``check_many``, ``bulk --jobs 1`` and ``bulk --jobs 2``, one after the other,
so that what else the machine does weighs on all of them alike. Then memory: the peak of the largest process over a
tenth of the corpus and over all of it, each as one file.

Rates include starting and loading, except for ``check_many``, which is timed alone.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from corrector import Corrector
from corrector.bulk.texts import batches
from corrector.damage import damage
from corrector.document import document
from corrector.learn.corpora import read
from corrector.lexicon import default_lexicon


def make(corpora: Path, parts: list[str], size: int) -> None:
    """Writes ``size`` bytes into each part; documents come again in another order when there are not enough."""
    rng = random.Random(0)
    table = default_lexicon().table("A")
    texts = [text for _, _, text in read(corpora)]
    waiting: list[str] = []
    for part in map(Path, parts):
        with part.open("w", encoding="utf-8") as file:
            number = 0
            while file.tell() < size:
                waiting = waiting or rng.sample(texts, len(texts))
                text = waiting.pop()
                text = damage(text, table).text if rng.random() < 0.5 else text
                file.write(json.dumps({"id": f"{part.stem}-{number}", "text": text}, ensure_ascii=False) + "\n")
                number += 1


def bare(path: Path) -> float:
    """Seconds in ``check_many`` over the texts of a part."""
    corrector = Corrector()
    corrector.check("为人民效劳")
    seconds = 0.0
    with path.open(encoding="utf-8") as lines:
        for batch in batches(document(json.loads(line)["text"]) for line in lines):
            texts = [d.text for d in batch]
            begun = time.perf_counter()
            corrector.check_many(texts)
            seconds += time.perf_counter() - begun
    return seconds


def bulk(source: Path, target: Path, jobs: int) -> tuple[float, int]:
    """Seconds, and the peak memory in MB of the largest process of the run."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "corrector", "bulk", source, target, "--jobs", str(jobs), "--quiet"]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bulk ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss >> 10


def copy(part: Path, to: BinaryIO, size: int) -> None:
    """The first lines of a part, ``size`` bytes or all of it."""
    with part.open("rb") as lines:
        for line in lines:
            size -= len(line)
            if size < 0:
                return
            to.write(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = options.megabytes * 1_000_000 // options.rounds
    if options.only:
        print(bare(options.corpora) if options.only == ["bare"] else make(options.corpora, options.only, size))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [folder / f"part{i}.jsonl" for i in range(options.rounds)]
        # In a process of its own: the peak of a child counts from that of its parent.
        subprocess.check_call([sys.executable, __file__, *sys.argv[1:], "--only", *parts], stdout=subprocess.DEVNULL)
        megabytes = sum(p.stat().st_size for p in parts) / 1e6
        seconds = {"check_many": 0.0, "jobs 1": 0.0, "jobs 2": 0.0}
        for i, part in enumerate(parts):
            alone = float(subprocess.check_output([sys.executable, __file__, part, "--only", "bare"]))
            one, _ = bulk(part, folder / f"one{i}", 1)
            two, _ = bulk(part, folder / f"two{i}", 2)
            for kind, took in zip(seconds, (alone, one, two), strict=True):
                seconds[kind] += took
            if not filecmp.cmp(folder / f"one{i}/part{i}.jsonl", folder / f"two{i}/part{i}.jsonl", shallow=False):
                raise SystemExit("one process and two do not agree")
            print(f"round {i + 1}: check_many {alone:.1f} s, one process {one:.1f} s, two {two:.1f} s", flush=True)
        for kind, took in seconds.items():
            rate = megabytes / took
            print(f"{kind:10}  {rate:6.2f} MB/s   a terabyte: {1e6 / rate / 3600:,.0f} hours")
        print(f"one process / check_many  {seconds['check_many'] / seconds['jobs 1']:.2f}  (at least 0.8)")
        print(f"two processes / one       {seconds['jobs 1'] / seconds['jobs 2']:.2f}  (at least 1.7)", flush=True)
        whole = folder / "whole.jsonl"
        for share, name in ((10, "tenth"), (1, "whole")):
            with whole.open("wb") as file:
                for part in parts[: max(1, len(parts) // share)]:
                    copy(part, file, part.stat().st_size * len(parts) // share)
            _, memory = bulk(whole, folder / name, 2)
            print(f"peak memory of a process at {whole.stat().st_size / 1e6:.0f} MB: {memory} MB  (less than 300)")


if __name__ == "__main__":
    main()
