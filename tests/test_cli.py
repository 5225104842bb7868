"""The command, as files: each folder of ``tests/cli`` is one call of it.

``args`` holds the arguments, ``tree`` what stands in the working folder (``dot-x`` becomes ``.x``), ``stdin`` what is
piped in; ``stdout``, ``stderr`` and ``status`` are what must come out, ``after`` files that must stand there then. What
depends on the model or the clock is written as ``#``. A missing file means empty, or 0.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CALLS = Path(__file__).parent / "cli"
PACKAGE = Path(__file__).parent.parent


def run(folder: Path, *args: str, stdin: bytes = b"", lang: str = "C.UTF-8") -> subprocess.CompletedProcess[bytes]:
    """The command called in ``folder``."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    environment |= {"LANG": lang, "PYTHONPATH": str(PACKAGE), "PYTHONWARNINGS": "error"}
    return subprocess.run([sys.executable, "-m", "corrector", *args], cwd=folder, input=stdin, env=environment,
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


def test_without_arguments_it_says_what_there_is(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert b"check" in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr
