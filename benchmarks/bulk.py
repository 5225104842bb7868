"""What ``corrector bulk`` costs: ``python benchmarks/bulk.py CORPORA [--megabytes 1000]``.

A corpus of JSON Lines is made, half of its documents damaged by converter A, in as many parts as there are rounds. In
each round the same part goes through bare ``check_many``, ``bulk --jobs 1`` and ``bulk --jobs 2``, one after the other,
so that what else the machine does weighs on all of them alike. Then memory: the peak of the largest process over a
tenth of the corpus and over all of it, each as one file.

Rates include starting and loading, except for ``check_many``, which is timed alone. CPU seconds are those of all
processes of a run: what else the machine does changes them least.
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
from typing import BinaryIO, NamedTuple

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

from corrector import Corrector
from corrector.bulk.texts import batches
from corrector.damage import damage
from corrector.document import document
from corrector.learn.corpora import read
from corrector.lexicon import default_lexicon


class Cost(NamedTuple):
    """Seconds by the clock and of CPU; the peak memory in MB of the largest process."""

    clock: float = 0.0
    cpu: float = 0.0
    memory: int = 0

    def and_(self, other: Cost) -> Cost:
        return Cost(self.clock + other.clock, self.cpu + other.cpu, max(self.memory, other.memory))


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


def bare(path: Path) -> tuple[Cost, Cost]:
    """What ``check_many`` takes for the texts of a part, and with every edit looked at, as bulk must."""
    corrector = Corrector()
    corrector.check("为人民效劳")
    cost, looked = Cost(), Cost()
    with path.open(encoding="utf-8") as lines:
        for batch in batches(document(json.loads(line)["text"]) for line in lines):
            texts = [d.text for d in batch]
            begun = time.perf_counter(), time.process_time()
            reports = corrector.check_many(texts)
            cost = cost.and_(Cost(time.perf_counter() - begun[0], time.process_time() - begun[1]))
            for report in reports:
                tuple(report.edits)
            looked = looked.and_(Cost(time.perf_counter() - begun[0], time.process_time() - begun[1]))
    return cost, looked


def bulk(source: Path, target: Path, jobs: int) -> Cost:
    """What a run of ``bulk`` takes."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "corrector", "bulk", source, target, "--jobs", str(jobs), "--quiet"]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"bulk ended with {process.returncode}")
    return Cost(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10)


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
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = options.megabytes * 1_000_000 // options.rounds
    if options.only:
        if options.only == ["bare"]:
            print(json.dumps(bare(options.corpora)))
        else:
            make(options.corpora, options.only, size)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [folder / f"part{i}.jsonl" for i in range(options.rounds)]
        # In a process of its own: the peak of a child counts from that of its parent.
        subprocess.check_call([sys.executable, __file__, *sys.argv[1:], "--only", *parts], stdout=subprocess.DEVNULL)
        megabytes = sum(p.stat().st_size for p in parts) / 1e6
        kinds = "check_many", "the same, every edit looked at", "one process", "two processes"
        costs = dict.fromkeys(kinds, Cost())
        for i, part in enumerate(parts):
            said = subprocess.check_output([sys.executable, __file__, part, "--only", "bare"])
            found = (*(Cost(*one) for one in json.loads(said)), bulk(part, folder / f"one{i}", 1),
                     bulk(part, folder / f"two{i}", 2))
            costs = {kind: cost.and_(own) for (kind, cost), own in zip(costs.items(), found, strict=True)}
            if not filecmp.cmp(folder / f"one{i}/part{i}.jsonl", folder / f"two{i}/part{i}.jsonl", shallow=False):
                raise SystemExit("one process and two do not agree")
            print(f"round {i + 1}: " + ", ".join(f"{kind} {own.clock:.1f} s ({own.cpu:.1f} of CPU)"
                                                 for kind, own in zip(costs, found, strict=True)), flush=True)
        print("\n| | MB/s | CPU seconds a GB | hours a terabyte |\n|---|---|---|---|")
        for kind, cost in costs.items():
            rate = megabytes / cost.clock
            print(f"| {kind} | {rate:.1f} | {1000 * cost.cpu / megabytes:.0f} | {1e6 / rate / 3600:.1f} |")
        alone, looked, one, two = costs.values()
        shares = alone.clock / one.clock, looked.clock / one.clock
        print("\none process / check_many: {:.2f} by the clock, {:.2f} with every edit looked at".format(*shares))
        print(f"two processes / one: {one.clock / two.clock:.2f} by the clock", flush=True)
        whole = folder / "whole.jsonl"
        for share, name in ((10, "tenth"), (1, "whole")):
            with whole.open("wb") as file:
                for part in parts[: max(1, len(parts) // share)]:
                    copy(part, file, part.stat().st_size * len(parts) // share)
            memory = max(bulk(whole, folder / f"{name}{jobs}", jobs).memory for jobs in (1, 2))
            print(f"peak memory of a process at {whole.stat().st_size / 1e6:.0f} MB: {memory} MB")


if __name__ == "__main__":
    main()
