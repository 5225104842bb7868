"""The command, as files: each folder of ``tests/cli`` is one call of it.

``args`` holds the arguments, ``tree`` what stands in the working folder (``dot-x`` becomes ``.x``), ``stdin`` what is
piped in; ``stdout``, ``stderr`` and ``status`` are what must come out, ``after`` files that must stand there then. What
depends on the model or the clock is written as ``#``. A missing file means empty, or 0.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from corrector import cli

CALLS = Path(__file__).parent / "cli"
PACKAGE = Path(__file__).parent.parent


def run(folder: Path, *args: str, stdin: bytes = b"", lang: str = "C.UTF-8",
        redirected: str = "", before: str = "") -> subprocess.CompletedProcess[bytes]:
    """The command called in ``folder``; its streams may be ``redirected``, and things done ``before``, by the shell."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    environment |= {"LANG": lang, "PYTHONPATH": str(PACKAGE), "PYTHONWARNINGS": "error"}
    command = ["sh", "-c", f'{before} exec "$@" {redirected}', "sh", sys.executable, "-m", "corrector", *args]
    return subprocess.run(command if redirected or before else command[4:], cwd=folder, input=stdin, env=environment,
                          capture_output=True, timeout=120)


def steady(output: bytes) -> str:
    """Output without what may change: probabilities, times, what the model weighed."""
    text = output.decode("utf-8", "backslashreplace")
    text = re.sub(r"\b[01]\.\d{2,4}\b", "#", text)
    text = re.sub(r'("(?:confidence|probability)": )[\d.]+', r"\1#", text)
    text = re.sub(r"journal-\d+T\d+-\d+", "journal-#", text)
    return re.sub(r'("reason": )"[^"]*"', r'\1"#"', text)


def expected(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("name", sorted(p.name for p in CALLS.iterdir()))
def test_call(name: str, tmp_path: Path) -> None:
    call = CALLS / name
    work = tmp_path / "work"
    shutil.copytree(call / "tree", work) if (call / "tree").is_dir() else work.mkdir()
    for path in sorted(work.rglob("dot-*"), reverse=True):
        path.rename(path.with_name("." + path.name.removeprefix("dot-")))
    stdin = (call / "stdin").read_bytes() if (call / "stdin").exists() else b""
    done = run(work, *shlex.split(expected(call, "args")), stdin=stdin)
    if os.environ.get("CORRECTOR_WRITE_EXPECTED"):
        for stream, output in (("stdout", done.stdout), ("stderr", done.stderr)):
            (call / stream).write_text(steady(output), encoding="utf-8", newline="")
        (call / "status").write_text(f"{done.returncode}\n")
        return
    assert steady(done.stderr) == expected(call, "stderr")
    assert steady(done.stdout) == expected(call, "stdout")
    assert done.returncode == int(expected(call, "status") or 0)
    for path in (call / "after").rglob("*"):
        if path.is_file():
            assert (work / path.relative_to(call / "after")).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("args", [
    ("explain", "--text", "國家\udcff"), ("rules", "add", "科学[开展]\udcff"), ("learn", "a", "b", "--title", "\udcff"),
    ("damage", "--converter", "\udcff", "a"), ("bulk", "a", "b", "--field", "\udcff"),
])
def test_bytes_that_are_no_text_are_one_line(tmp_path: Path, args: tuple[str, ...]) -> None:
    for lang in ("C.UTF-8", "zh_CN.UTF-8"):
        done = run(tmp_path, *args, lang=lang)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
        assert done.stderr.endswith(b" UTF-8\n")


def test_without_arguments_it_says_what_there_is(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert b"check" in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(("args", "redirected", "about"), [
    ("check -", "<&-", "-"), ("check - a.txt --jobs 2", "<&-", "-"), ("fix -", "<&-", "-"),
    ("damage --converter A -", "<&-", "-"), ("check a.txt", ">&-", "standard output"),
    ("check gone.txt", "<&- >&-", "gone.txt"), ("diagnose a.txt --format json", ">&-", "standard output"),
])
def test_a_closed_stream_is_one_line(tmp_path: Path, damaged: str, args: str, redirected: str, about: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, *args.split(), redirected=redirected)
    line, *rest = done.stderr.decode().splitlines()
    assert line.startswith(f"corrector: {about}: ")
    assert done.returncode == 2
    assert rest in ([], ["corrector: standard output: Bad file descriptor"])


@pytest.mark.parametrize("args", ["explain --text 科学开展观的效劳 --format json", "rules stats A --format json"])
def test_what_machines_read_is_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: str) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")
    assert json.loads(run(tmp_path, *args.split()).stdout.decode("utf-8"))["schema"] == 1


@pytest.mark.parametrize("args", ["rules show", "fix a.txt -o -", "check a.txt --format json",
                                  "damage --converter A a.txt"])
def test_a_reader_that_has_enough(tmp_path: Path, damaged: str, args: str) -> None:
    (tmp_path / "a.txt").write_text(damaged * 1000, encoding="utf-8")
    with subprocess.Popen([sys.executable, "-m", "corrector", *args.split()], cwd=tmp_path, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(PACKAGE)}) as command:
        assert command.stdout is not None and command.stderr is not None
        command.stdout.read(1)
        command.stdout.close()
        assert b"rror" not in command.stderr.read()
        assert command.wait(60) == 0


@pytest.mark.parametrize("args", ["--help", "--version", "check --help", "damage --converter A a.txt",
                                  "mine a.txt --format jsonl", "learn a.txt b.txt"])
def test_nobody_reads_at_all(tmp_path: Path, damaged: str, healthy: str, args: str) -> None:
    (tmp_path / "a.txt").write_text(damaged * 20, encoding="utf-8")
    (tmp_path / "b.txt").write_text(healthy * 20, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "corrector", *args.split()], cwd=tmp_path, stdout=writing,
                          stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(PACKAGE)}, check=False)
    os.close(writing)
    assert done.returncode == 0 and b"rror" not in done.stderr and b"ipe" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: str,
                                            unbuffered: str) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    (tmp_path / "a.txt").write_text(damaged * 100, encoding="utf-8")
    for args in ("fix a.txt -o -", "check a.txt --format jsonl", "check a.txt",
                 "damage --converter A a.txt"):
        done = run(tmp_path, *args.split(), redirected="> full", before="ulimit -f 1;")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (2, b"corrector: standard output: File too large")


def test_a_full_disk_behind_the_journal(tmp_path: Path, damaged: str) -> None:
    names = [f"{name}.txt" for name in "abcdef"]
    for name in names:
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "--in-place", "--journal", "j", *names, before="ulimit -f 2;")
    last = b"corrector: j: File too large; nothing more was changed; --journal FILE writes it elsewhere"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, last)
    assert (tmp_path / "f.txt").read_text(encoding="utf-8") == damaged
    assert run(tmp_path, "undo", "j").returncode == 0
    assert {(tmp_path / name).read_text(encoding="utf-8") for name in names} == {damaged}


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "-", before="mkdir gone; cd gone; rmdir ../gone;")
    assert (done.returncode, done.stderr) == (2, b"corrector: the working folder: No such file or directory\n")


def test_a_closed_stream_that_is_not_needed(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "--in-place", "a.txt", redirected="<&- >&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") != damaged


@pytest.mark.parametrize(("module", "args"), [("click", "--version"), ("numpy", "check a.txt"), ("numpy", "--help")])
def test_an_interruption_while_modules_are_imported(tmp_path: Path, module: str, args: str) -> None:
    stopped = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n"
    (tmp_path / f"{module}.py").write_text(stopped)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored
    try:
        done = run(tmp_path, *args.split())  # the working folder is where modules are looked for first
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_wrong_call_is_one_line_before_click_8_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                                                    ) -> None:
    def wrong(**_: object) -> None:
        raise click.UsageError("No such option: --nope")

    monkeypatch.delattr(click.exceptions, "NoArgsIsHelpError", raising=False)
    monkeypatch.setattr(cli, "_NO_ARGUMENTS", ())
    monkeypatch.setattr(cli.corrector, "main", wrong)
    assert cli._status() == 2
    assert capsys.readouterr().err == "corrector: No such option: --nope (see corrector --help)\n"


def test_a_mistake_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(**_: object) -> None:
        raise KeyError("here")

    monkeypatch.setattr(cli.corrector, "main", broken)
    assert cli._status() == 2
    assert capsys.readouterr().err == "corrector: internal error (KeyError: 'here'); please report it\n"
    monkeypatch.setenv("CORRECTOR_TRACEBACK", "1")
    assert cli._status() == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("args", ["bulk '' o", "mine ''", "learn a.txt ''", "train '' -o m", "rules lint ''",
                                  "fix . -o ''", "apply a.txt -o ''"])
def test_an_empty_name_is_not_this_folder(tmp_path: Path, args: str) -> None:
    (tmp_path / "a.txt").touch()
    done = run(tmp_path, *shlex.split(args))
    assert (done.returncode, done.stderr) == (2, b"corrector: '': no file is named\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_stream_is_not_fixed_in_place(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    done = run(tmp_path, "fix", "/dev/stdin", "--in-place", redirected="< a.txt")
    said = "corrector: /dev/stdin: no regular file; say where to write with -o\n"
    assert (done.returncode, done.stderr.decode()) == (2, said)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == damaged
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("args", ["bulk - out", "bulk a.txt -", "mine -", "review -"])
def test_what_needs_files_takes_no_streams(tmp_path: Path, args: str) -> None:
    (tmp_path / "a.txt").touch()
    done = run(tmp_path, *args.split())
    assert done.returncode == 2 and b"standard input" in done.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("args", [
    "undo a.txt", "apply a.txt -o b.txt", "check b.txt --config a.txt", "mine a.txt", "rules lint a.txt",
    "rules learn a.txt", "train . -o m --table a.txt", "learn a.txt b.txt",
])
def test_a_file_that_may_not_be_read_is_one_line(tmp_path: Path, args: str) -> None:
    (tmp_path / "a.txt").touch(0o200)
    (tmp_path / "b.txt").touch()
    if os.access(tmp_path / "a.txt", os.R_OK):
        pytest.skip("root may read everything")
    done = run(tmp_path, *args.split())
    assert (done.returncode, done.stderr) == (2, b"corrector: a.txt: Permission denied\n")


@pytest.mark.parametrize("args", [
    "undo pipe", "apply pipe -o b.txt", "check b.txt --config pipe", "mine pipe", "mine pipe.jsonl", "rules lint pipe",
    "rules learn pipe", "train . -o m --table pipe", "learn pipe b.txt", "bulk pipe out",
    "fix -i --decisions pipe b.txt -o c", "rules add [科学]开展 --config pipe",
    "rules learn b.review.jsonl --case pipe.json",
])
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path, args: str) -> None:
    for name in ("pipe", "pipe.json", "pipe.jsonl"):
        os.mkfifo(tmp_path / name)
    for name in ("b.txt", "b.review.jsonl"):
        (tmp_path / name).touch()
    named = next(word for word in args.split() if word.startswith("pipe"))
    for lang, said in (("C.UTF-8", "not a regular file"), ("zh_CN.UTF-8", "不是普通文件")):
        done = run(tmp_path, *args.split(), lang=lang)
        assert (done.returncode, done.stderr.decode()) == (2, f"corrector: {named}: {said}\n")


def test_a_file_that_became_a_pipe_is_not_undone(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(damaged, encoding="utf-8")
    assert run(tmp_path, "fix", "--in-place", "--journal", "j", "a.txt").returncode == 0
    path.unlink()
    os.mkfifo(path)
    done = run(tmp_path, "undo", "j", "--quiet")
    assert (done.returncode, done.stderr) == (2, f"corrector: {path}: not a regular file\n".encode())


def test_an_undo_says_what_was_undone_already(tmp_path: Path, damaged: str) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    assert run(tmp_path, "fix", "--in-place", "--journal", "j", "a.txt", "b.txt").returncode == 0
    (tmp_path / "b.txt").write_text(damaged, encoding="utf-8")
    said = ["files restored: 1\nnothing to restore, already as before the fix: 1\n",
            "nothing to restore, already as before the fix: 2\n"]
    for line in said:
        done = run(tmp_path, "undo", "j")
        assert (done.returncode, done.stderr.decode()) == (0, line)
