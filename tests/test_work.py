"""What every command does with its files: one that goes wrong does not end the run, and no worker is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from corrector.api import Corrector
from corrector.cli import checking, work
from corrector.document import Document
from corrector.report import Result
from corrector.result import Report
from corrector.workers import interruptible


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mistake_of_ours_is_one_line_about_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str], jobs: int) -> None:
    def broken(data: bytes, path: str) -> object:
        if path.endswith("a.txt"):
            raise KeyError("first\nsecond")
        return work_as_ever(data, path)

    work_as_ever = checking.open_bytes
    monkeypatch.setattr(checking, "open_bytes", broken)
    files = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for name in files:
        Path(name).write_text("平静", encoding="utf-8")
    run = work.Run()
    first, second = run.each(files, len_of_text, jobs)
    assert (first.value, second.value, run.status) == (None, 2, 2)
    line, = capsys.readouterr().err.splitlines()
    assert line.startswith(f"corrector: {files[0]}: ") and "KeyError" in line


def test_a_bar_gives_way_to_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    files = [str(tmp_path / f"{i}.txt") for i in range(work.PROGRESS_FROM)]
    for name in files[1:]:
        Path(name).write_text("平静", encoding="utf-8")
    run = work.Run()
    for outcome in run.each(files, len_of_text):
        run.tell(f"read {outcome.path}")
    run.tell("done")
    *lines, bar, last, _ = capsys.readouterr().err.split("\n")
    said = [line.rpartition("\r\x1b[K")[2] for line in lines]
    assert said == [f"corrector: {files[0]}: No such file or directory", *(f"read {name}" for name in files)]
    assert "100%" in bar and last == "done"


@pytest.mark.parametrize("jobs", [1, 2])
def test_small_files_are_checked_together_and_come_out_singly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                              capsys: pytest.CaptureFixture[str], jobs: int) -> None:
    def broken(self: Corrector, documents: Iterable[Document]) -> list[Report]:
        documents = list(documents)
        together.append(len(documents))
        if any(d.text == "坏" for d in documents):
            raise KeyError(len(documents))
        return as_ever(self, documents)

    as_ever = Corrector.check_documents
    monkeypatch.setattr(Corrector, "check_documents", broken)
    together: list[int] = []
    texts = {f"{i:02}.txt": "平静" * i for i in range(12)} | {"05.txt": "坏", "07.txt": "\0" * 9}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(checking, "MOST", 6)
    outcomes = list(work.Run().each([str(tmp_path / name) for name in texts], len_of_text, jobs))
    assert [(Path(o.path).name, o.value) for o in outcomes] == [
        (name, None if name in ("05.txt", "07.txt") else len(text)) for name, text in texts.items()]
    assert together == ([6, 1, 1, 1, 1, 1, 1, 5] if jobs == 1 else [])
    assert capsys.readouterr().err.splitlines() == [
        f"corrector: {tmp_path / '05.txt'}: internal error (KeyError: 1); please report it",
        f"corrector: {tmp_path / '07.txt'}: a binary file, not text; leave it out, or convert it first"]


def test_what_is_checked_together_is_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "BATCH", 10)
    os.mkfifo(tmp_path / "pipe")
    sizes = {"a": 4, "b": 6, "c": 1, "d": 50, "e": 0, "f": 10}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b" " * size)
    paths = [str(tmp_path / name) for name in ("a", "b", "c", "d", "e", "f", "pipe", "gone", "e", "a")]
    names = [[Path(path).name for path in batch] for batch in checking._batches(paths, 2)]
    assert names == [["a", "b"], ["c"], ["d"], ["e", "f"], ["pipe"], ["gone"], ["e", "a"]]


def len_of_text(file: Result) -> int:
    return len(file.report.text)


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def written_into(pipe: Path, until: float) -> int:
    """The end of a pipe that somebody reads, which is waited for."""
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)


def waiting(folder: Path, interrupt: signal.Handlers) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A run whose two workers read without end, and the ends of what they read; ``interrupt`` is what it inherits."""
    names = ["a.txt", "b.txt"]
    for name in names:
        os.mkfifo(folder / name)
    parent = subprocess.Popen([sys.executable, "-m", "corrector", "--lang", "en", "check", "--jobs", "2", *names],
                              cwd=folder, stderr=subprocess.PIPE, start_new_session=True,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, interrupt))
    until = time.monotonic() + 60
    return parent, [written_into(folder / name, until) for name in names]  # so that both are past their beginning


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux")
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent(tmp_path: Path, death: signal.Signals) -> None:
    parent, ends = waiting(tmp_path, signal.SIG_DFL)
    with parent:
        until = time.monotonic() + 60
        workers = children(parent.pid)
        if death is signal.SIGINT:
            os.killpg(parent.pid, death)  # as the terminal does
        else:
            parent.kill()
        _, said = parent.communicate(timeout=60)
    for end in ends:
        os.close(end)
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(workers) == 2
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert said.split() == ([] if death is signal.SIGKILL else [b"Interrupted."])


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interruption_waits_where_it_must() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, interruptible(False):
        assert pool.submit(reached_when_interrupted).result() == ["waits"]


def reached_when_interrupted() -> list[str]:
    """In a process that began without interruptions: else other threads of its would take them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it means nothing
    reached = []
    with suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        reached.append("waits")
        with interruptible(True):
            reached.append("comes through")
    return reached


def test_what_runs_in_the_background_of_a_shell_is_not_interrupted(tmp_path: Path) -> None:
    parent, ends = waiting(tmp_path, signal.SIG_IGN)
    with parent:
        os.killpg(parent.pid, signal.SIGINT)
        time.sleep(0.2)
        for end in ends:
            os.close(end)
        assert parent.communicate(timeout=60)[1] == b"" and parent.returncode == 0


def test_what_a_folder_cannot_show_has_an_outcome_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("平静", encoding="utf-8")
    (tmp_path / "b.txt").symlink_to("nowhere")
    run = work.Run()
    outcomes = list(run.each(run.files((str(tmp_path), str(tmp_path / "."))), len_of_text))
    assert [(Path(o.path).name, o.value, o.failure) for o in outcomes] == [
        ("b.txt", None, "No such file or directory"), ("a.txt", 2, "")]
    assert run.status == work.FAILED
    assert capsys.readouterr().err == f"corrector: {tmp_path / 'b.txt'}: No such file or directory\n"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks the kernel how many threads there are")
def test_a_command_does_with_one_thread(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("推进科学开展，坚持原那么", encoding="utf-8")
    program = ("import atexit, re, sys; from corrector.__main__ import main; atexit.register(lambda: print(re.findall("
               r"r'Threads:\s(\d+)', open('/proc/self/status').read()), file=sys.stderr)); main()")
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", program, "check", "a.txt"], cwd=tmp_path, env=environment,
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "['1']\n")
