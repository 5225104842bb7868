"""Speed as ratios in one run: ``python benchmarks/speed.py CORPORA``.

``check_many`` on documents damaged by A, on one core, against the C++ OpenCC s2t (installed into an environment of
its own, in a temporary folder), a list replacer that looks for each word in turn as pycorrector's ConfusionCorrector
does, and a bare Aho-Corasick pass over the same words. The rounds are interleaved, so that what else the machine does
falls on all; medians are compared. CPU time, not the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import ahocorasick_rs

from corrector import Corrector
from corrector.damage import damage
from corrector.engine import kernels
from corrector.learn.corpora import read
from corrector.learn.split import part
from corrector.lexicon import default_lexicon

PEER = """
import json, sys, time, opencc
texts = json.load(open(sys.argv[1], encoding="utf-8"))
convert = opencc.OpenCC("s2t").convert
for _ in sys.stdin:
    start = time.process_time()
    for text in texts:
        convert(text)
    print(time.process_time() - start, flush=True)
"""
MEMORY = """
import json, re, sys
from corrector import Corrector
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
texts = json.load(open(sys.argv[1], encoding="utf-8"))
before = peak()
Corrector().check_many(texts)
print(peak(), before)
"""


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def uncompiled(work: Callable[[], object]) -> None:
    """``work`` as it is done where installation found no compiler."""
    library, kernels.library = kernels.library, None
    work()
    kernels.library = library


def replaced(text: str, words: dict[str, str]) -> str:
    for wrong, right in words.items():
        at = text.find(wrong)
        while at >= 0:
            text = text[:at] + right + text[at + len(wrong) :]
            at = text.find(wrong, at + len(right))
    return text


def cold(*command: str) -> float:
    """CPU seconds of a command as users start it, from the start of its process to the end; its modules are compiled
    beforehand."""
    environment = {name: value for name, value in os.environ.items()
                   if name != "PYTHONDONTWRITEBYTECODE" and not name.endswith("_NUM_THREADS")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--characters", type=int, default=3_000_000)
    parser.add_argument("--shortest", type=int, default=1000, help="characters of a document")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    table = default_lexicon().table("A")
    texts: list[str] = []
    size = 0
    for corpus, name, text in read(options.corpora):
        if part(name, corpus) == "test" and len(text) >= options.shortest and size < options.characters:
            texts.append(damage(text, table).text)
            size += len(text)
    corrector, plain = Corrector(), Corrector(misread=False)
    words = {p.converted: p.original for p in table.pairs}
    automaton = ahocorasick_rs.AhoCorasick(list({*words, *words.values()}))
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "opencc"], check=True, stderr=subprocess.DEVNULL)
        data = Path(folder) / "texts.json"
        data.write_text(json.dumps(texts), encoding="utf-8")
        peer = subprocess.Popen([python, "-c", PEER, str(data)], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert peer.stdin and peer.stdout

        def opencc() -> float:
            assert peer.stdin and peer.stdout
            peer.stdin.write("\n")
            peer.stdin.flush()
            return float(peer.stdout.readline())

        rows: dict[str, Callable[[], float]] = {
            "corrector check_many": lambda: timed(lambda: corrector.check_many(texts)),
            "the same, and every edit looked at": lambda: timed(
                lambda: [tuple(report.edits) for report in corrector.check_many(texts)]),
            "without slips": lambda: timed(lambda: plain.check_many(texts)),
            "nothing compiled": lambda: timed(lambda: uncompiled(lambda: corrector.check_many(texts))),
            "OpenCC s2t (C++)": opencc,
            "word-list replacer": lambda: timed(lambda: [replaced(t, words) for t in texts]),
            "bare Aho-Corasick": lambda: timed(lambda: [automaton.find_matches_as_indexes(t) for t in texts]),
        }
        times: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(options.rounds):
            for name, row in rows.items():
                times[name].append(row())
        peer.stdin.close()
        peer.wait()
        done = subprocess.run([sys.executable, "-c", MEMORY, str(data)], capture_output=True, text=True, check=True)
        peak, before = map(float, done.stdout.split())
        example = Path(folder) / "example.txt"
        example.write_text(next(t for t in texts if len(t) > 5000)[:8000], encoding="utf-8")
        checks = [cold(sys.executable, "-m", "corrector", "check", str(example)) for _ in range(options.rounds + 1)][1:]
        numpy = [cold(sys.executable, "-c", "import numpy") for _ in range(options.rounds)]
    own = statistics.median(times["corrector check_many"])
    print(f"{len(texts)} documents, {sum(map(len, texts))} characters, {options.rounds} rounds, "
          f"{'with' if kernels.library else 'without'} compiled loops\n")
    print("| | M characters a CPU second | corrector is so many times as fast |\n|---|---|---|")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"| {name} | {size / median / 1e6:.2f} | {median / own:.2f} |")
    print(f"\nPeak memory of check_many: {peak:.0f} MB ({before:.0f} MB of it before it starts, with the texts).")
    print(f"`corrector check` of {8000} characters from a cold start: {statistics.median(checks):.2f} s of CPU, "
          f"`import numpy` alone {statistics.median(numpy):.2f} s.")


if __name__ == "__main__":
    main()
