"""What teams put into their repositories: the pre-commit hooks, and the action that comments on pull requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import program
from test_cli import PACKAGE, run

from corrector.api import check
from corrector.report.pull_request import Comment, GitHub, comments, post, shown_lines, wanted


def call(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True,
                          timeout=120)


def test_the_definitions_are_valid() -> None:
    bin_ = Path(sys.executable).parent
    done = call(PACKAGE, str(bin_ / "check-jsonschema"), "--builtin-schema", "vendor.github-actions", "action.yml")
    assert done.returncode == 0, done.stdout
    done = call(PACKAGE, str(bin_ / "pre-commit"), "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("hook", "name"), [("corrector", "-a 1.txt"), ("corrector-fix", "说明.md")])
def test_the_hooks(tmp_path: Path, damaged: str, healthy: str, hook: str, name: str) -> None:
    git = program("git")
    bin_ = Path(sys.executable).parent
    hooks = yaml.safe_load((PACKAGE / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    # As the hook stands, but for its environment: this one, not one that is made of a release.
    own = next(h for h in hooks if h["id"] == hook) | {"language": "system"}
    config = {"repos": [{"repo": "local", "hooks": [own]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    call(tmp_path, git, "init", "-q")
    path = tmp_path / name
    path.write_text(healthy, encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"\0\1")
    call(tmp_path, git, "add", "-A")
    environment = {"PRE_COMMIT_HOME": str(tmp_path / ".cache"), "PATH": f"{bin_}:{os.environ['PATH']}",
                   "PYTHONPATH": str(PACKAGE), "LANG": "C.UTF-8"}
    command = (str(bin_ / "pre-commit"), "run", "--all-files")
    done = call(tmp_path, *command, **environment)
    assert done.returncode == 0 and "Passed" in done.stdout, done.stdout
    path.write_text(damaged, encoding="utf-8")
    call(tmp_path, git, "add", "-A")
    done = call(tmp_path, *command, **environment)
    assert done.returncode == 1 and "Failed" in done.stdout, done.stdout
    fixed = check(damaged).apply("certain")
    assert path.read_text(encoding="utf-8") == (fixed if hook == "corrector-fix" else damaged)


def test_the_lines_that_a_patch_shows() -> None:
    patch = "@@ -1,2 +1,3 @@ x\n a\n-b\n+c\n+d\n@@ -9 +10,0 @@\n-z\n\\ No newline at end of file"
    assert shown_lines(patch) == {1: "a", 2: "c", 3: "d"}
    assert shown_lines("") == {}


def test_a_comment_for_the_lines_that_an_edit_joins(damaged: str) -> None:
    text = damaged + "事业的重要组成局\r\n部，我们坚持原那么，\r\n奠定根\r\n底。\r\n"
    edits = [{"start": e.start, "end": e.end, "original": e.original, "replacement": e.replacement, "reason": "",
              "line": text.count("\n", 0, e.start) + 1, "confidence": e.confidence} for e in check(text).edits]
    report = {"path": "a.txt", "edits": edits}
    shown = shown_lines("@@ -0,0 +1,7 @@\n" + "\n".join(f"+{line}" for line in text.split("\n")))
    found = list(comments(report, text, "likely", shown, chinese=True))
    assert [(c.first, c.last) for c in found] == [(1, 1), (2, 2), (3, 3), (4, 5), (6, 7)]
    assert "```suggestion\n事业的重要组成部\n分，我们坚持原则，\n```" in found[3].body
    assert "~~局 部~~ **部 分**" in found[3].body
    other = shown | {2: "我们", 6: "", 5: shown[5] + "后来加的"}
    found = list(comments(report, text, "likely", other, chinese=True))
    assert [c.first for c in found] == [1, 3], "only what stands as it is shown"


class Service(ThreadingHTTPServer):
    """Answers as GitHub does, of one pull request."""

    def __init__(self, files: list[dict[str, str]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.reviews: list[dict[str, Any]] = []
        self.refuse = 0


class Handler(BaseHTTPRequestHandler):
    server: Service

    def answer(self, value: object, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Bearer t"
        rows = {"files": self.server.files, "comments": [c for r in self.server.reviews for c in r["comments"]]}
        self.answer(rows[self.path.split("?")[0].rsplit("/", 1)[1]])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/repos/o/r/pulls/7/reviews"
        if not self.server.refuse:
            self.server.reviews.append(body)
        self.answer({}, self.server.refuse or 200)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(damaged: str) -> Iterator[Service]:
    patch = "@@ -1,1 +1,2 @@\n " + "\n+".join(damaged.split("\n")[:2])
    with Service([{"filename": "docs/a.txt", "patch": patch}, {"filename": "other.bin"}]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_line_too_long_for_a_comment_is_annotated(service: Service, damaged: str,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    long, short = (Comment("docs/a.txt", n, n, "- 原那么\n\n" + damaged * times, f"{n:016x}")
                   for n, times in ((1, 999), (2, 1)))
    post(GitHub(f"http://127.0.0.1:{service.server_port}", "o/r", "t"), 7, "abc", [long, short])
    assert [c["line"] for c in service.reviews[0]["comments"]] == [2]
    assert capsys.readouterr().out == "::warning file=docs/a.txt,line=1::- 原那么\n"


def test_a_page_does_not_keep_others_from_their_comments(tmp_path: Path, damaged: str, service: Service) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text(damaged, encoding="utf-8")
    page = f'<meta charset="utf-8"><p>{damaged}'.encode() + b"\xff"
    (tmp_path / "a.html").write_bytes(page)
    service.files.append({"filename": "a.html", "patch": "@@ -1,1 +1,2 @@\n+<p>"})
    found = run(tmp_path, "check", "a.html", "docs", "--format", "jsonl").stdout
    report = [json.loads(line) for line in found.splitlines()]
    assert report[0]["edits"]
    github = GitHub(f"http://127.0.0.1:{service.server_port}", "o/r", "t")
    assert [c.first for c in wanted(github, 7, report, "likely", tmp_path, chinese=True)] == [1, 2]


def test_the_step_of_the_action(tmp_path: Path, damaged: str, service: Service) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text(damaged, encoding="utf-8")
    (tmp_path / "b.txt").write_text(damaged, encoding="utf-8")
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 7, "head": {"sha": "abc"}}}')
    step = yaml.safe_load((PACKAGE / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][-1]
    environment = {"GITHUB_EVENT_PATH": "event.json", "GITHUB_REPOSITORY": "o/r", "GITHUB_TOKEN": "t",
                   "GITHUB_API_URL": f"http://127.0.0.1:{service.server_port}", "RUNNER_TEMP": str(tmp_path),
                   "PYTHONPATH": str(PACKAGE), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                   "INPUT_LEVEL": "likely", "INPUT_COMMENT": "true", "INPUT_FAIL": "false", "INPUT_LANG": "en"}
    command = (program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
    done = call(tmp_path, *command, **environment, INPUT_PATHS="b.txt\n docs\n")
    assert done.returncode == 0, done.stderr
    assert [c["path"] for c in service.reviews[0]["comments"]] == ["docs/a.txt"] * 2
    assert all("; also in this document: " in c["body"] for c in service.reviews[0]["comments"])
    assert "b.txt" in (tmp_path / "corrector.jsonl").read_text(encoding="utf-8")
    service.reviews.clear()
    done = call(tmp_path, *command, **environment, INPUT_PATHS="gone.txt docs")
    assert "gone.txt: No such file or directory" in done.stderr
    assert done.returncode != 0 and len(service.reviews) == 1, "what could be read is commented on all the same"


def test_the_action_comments_once(tmp_path: Path, damaged: str, healthy: str, service: Service) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text(damaged, encoding="utf-8")
    (tmp_path / "docs/b\u2028.txt").write_text(damaged, encoding="utf-8")
    (tmp_path / "report.jsonl").write_bytes(run(tmp_path, "check", ".", "--format", "jsonl").stdout)
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 7, "head": {"sha": "abc"}}}')
    environment = {"GITHUB_EVENT_PATH": "event.json", "GITHUB_REPOSITORY": "o/r", "GITHUB_TOKEN": "t",
                   "GITHUB_API_URL": f"http://127.0.0.1:{service.server_port}", "GITHUB_OUTPUT": "out",
                   "PYTHONPATH": str(PACKAGE), "INPUT_LEVEL": "likely"}
    command = (sys.executable, "-m", "corrector.report.pull_request", "report.jsonl")
    done = call(tmp_path, *command, **environment)
    assert done.returncode == 0, done.stderr
    posted = service.reviews[0]["comments"]
    assert [(c["path"], c["line"]) for c in posted] == [("docs/a.txt", 1), ("docs/a.txt", 2)]
    for comment, line in zip(posted, healthy.split("\n"), strict=False):
        assert f"```suggestion\n{line}\n```" in comment["body"] and "；同一文档中另有 " in comment["body"]
    assert (tmp_path / "out").read_text() == "found=2\n"
    done = call(tmp_path, *command, **environment, INPUT_FAIL="true")
    assert done.returncode == 1 and len(service.reviews) == 1, "commented on already"
    service.reviews.clear()
    service.refuse = 403
    done = call(tmp_path, *command, **environment)
    assert done.returncode == 0 and done.stdout.count("::warning file=docs/a.txt,line=") == 2, done.stdout
    service.refuse = 500
    done = call(tmp_path, *command, **environment)
    assert done.returncode == 2 and "500" in done.stderr and "Traceback" not in done.stderr
    done = call(tmp_path, *command, **environment, INPUT_COMMENT="false")
    assert done.returncode == 0 and done.stdout.count("::warning") == 2
