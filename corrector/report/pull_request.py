"""The GitHub Action's second half: what ``check --format jsonl`` found becomes comments on the pull request.

``python -m corrector.report.pull_request FILE`` reads its surroundings as Actions give them (``GITHUB_REPOSITORY``,
``GITHUB_EVENT_PATH``, ``GITHUB_TOKEN`` …). One comment a line, with a suggestion that one click takes; only lines that
the pull request shows can be commented on. A place that has its comment is not commented on again at the next push.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..edits import Edit, Tier, apply
from ..lines import Lines
from ..reasons import said
from .github import escape_data, escape_property

MOST = 50  # comments at a time; more would bury the conversation
LONGEST = 60_000  # characters of a comment; GitHub takes 65,536, or none of all
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)")
_MARK = re.compile(r"<!-- corrector ([0-9a-f]{16}) -->")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment at the lines ``first`` to ``last`` of ``path``; ``mark`` is hidden in it, to know it again."""

    path: str
    first: int
    last: int
    body: str
    mark: str


def shown_lines(patch: str) -> dict[int, str]:
    """The lines of the new file that a patch of GitHub shows, and that can be commented on, by their numbers."""
    shown: dict[int, str] = {}
    at = 0
    for line in patch.split("\n"):
        if hunk := _HUNK.match(line):
            at = int(hunk[1])
        elif line[:1] in ("+", " "):
            shown[at] = line[1:].removesuffix("\r")
            at += 1
    return shown


def comments(file: dict[str, Any], text: str, level: str, shown: dict[int, str], *, chinese: bool,
             ) -> Iterator[Comment]:
    """The comments on one file of the report, whose text is ``text``: one a line, or for the lines that an edit joins.

    All of them must be ``shown`` as they are in ``text``: what was checked may be merged, and its lines be others.
    """
    starts = Lines(text).starts
    edits = [e for e in file["edits"] if "line" in e and e["confidence"] >= Tier(level).floor]
    for first, last, joined in _joined(edits):
        at = starts[first - 1]
        lines = text[at:].split("\n", last - first + 1)[: last - first + 1]
        old = _unix(lines)
        if [shown.get(n) for n in range(first, last + 1)] != old.split("\n"):
            continue
        found = [Edit(e["start"] - at, e["end"] - at, e["original"], e["replacement"], reason=e["reason"])
                 for e in joined]
        reasons = "\n".join(f"- ~~{_plain(e.original)}~~ **{_plain(e.replacement)}** {_plain(said(e.reason, chinese))}"
                            for e in found)
        new = _unix(apply("\n".join(lines), found).split("\n"))
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", new)), default=0))
        mark = hashlib.sha256(f"{file['path']}\n{old}\n{new}".encode("utf-8", "replace")).hexdigest()[:16]
        body = f"{reasons}\n\n{fence}suggestion\n{new}\n{fence}\n\n<!-- corrector {mark} -->"
        yield Comment(file["path"], first, last, body, mark)


def _joined(edits: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int, list[dict[str, Any]]]]:
    """The edits by the lines that they touch: the first, the last, and those in them."""
    first = last = 0
    joined: list[dict[str, Any]] = []
    for e in edits:
        if joined and e["line"] > last:
            yield first, last, joined
            joined = []
        first = first if joined else e["line"]
        last = e["line"] + e["original"].count("\n")
        joined.append(e)
    if joined:
        yield first, last, joined


def _unix(lines: Sequence[str]) -> str:
    return "\n".join(line.removesuffix("\r") for line in lines)


def _plain(text: str) -> str:
    """``text`` as one line of Markdown that means nothing but itself."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~@&-])", r"\\\1", " ".join(text.split()))


class GitHub:
    """The few calls of the API that are needed, for one repository."""

    def __init__(self, address: str, repository: str, token: str) -> None:
        self._base = f"{address}/repos/{repository}"
        self._token = token

    def __call__(self, path: str, body: object = None) -> Any:
        """Raises ``OSError`` with what GitHub said, ``PermissionError`` where it forbids."""
        request = urllib.request.Request(f"{self._base}/{path}", None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", f"Bearer {self._token}")
        request.add_header("Accept", "application/vnd.github+json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                words = f"GitHub: {error.code} {error.read(500).decode('utf-8', 'replace')}"
                raise (PermissionError if error.code == 403 else OSError)(words) from None

    def all(self, path: str) -> Iterator[Any]:
        """Every element of a list that comes in pages."""
        page = 1
        while rows := self(f"{path}?per_page=100&page={page}"):
            yield from rows
            if len(rows) < 100:
                return
            page += 1


def wanted(github: GitHub, number: int, report: Sequence[dict[str, Any]], level: str, folder: Path, *, chinese: bool,
           ) -> list[Comment]:
    """The comments that the pull request deserves, those that it has already among them."""
    patches = {f["filename"]: f.get("patch", "") for f in github.all(f"pulls/{number}/files")}
    out: list[Comment] = []
    for file in report:
        file = {**file, "path": Path(os.path.normpath(file["path"])).as_posix()}
        shown = shown_lines(patches.get(file["path"], ""))
        if shown and any("line" in e for e in file["edits"]):  # pages and containers have none
            text = (folder / file["path"]).read_bytes().decode(file["encoding"]).removeprefix("\ufeff")
            out += comments(file, text, level, shown, chinese=chinese)
    return out


def post(github: GitHub, number: int, commit: str, found: Sequence[Comment]) -> None:
    """Writes the comments that the pull request does not have. Annotations take the place of those that are too long,
    and of all where it is forbidden: to pull requests from forks, whose token may read only.
    """
    there = {m for c in github.all(f"pulls/{number}/comments") for m in _MARK.findall(c["body"])}
    fit = [c for c in found if len(c.body) <= LONGEST]
    annotate([c for c in found if len(c.body) > LONGEST])
    new = [c for c in fit if c.mark not in there]
    if not new:
        return
    body = f"corrector: {len(new)}" + (f" ({MOST} shown)" if len(new) > MOST else "")
    rows = [{"path": c.path, "line": c.last, "side": "RIGHT", "body": c.body}
            | ({"start_line": c.first, "start_side": "RIGHT"} if c.first < c.last else {}) for c in new[:MOST]]
    try:
        github(f"pulls/{number}/reviews", {"event": "COMMENT", "commit_id": commit, "body": body, "comments": rows})
    except PermissionError as error:
        print(f"corrector: {error}", file=sys.stderr)
        annotate(new)


def annotate(found: Sequence[Comment]) -> None:
    """Prints the comments as annotations of the workflow."""
    for c in found:
        words = c.body.split("\n\n", 1)[0]
        print(f"::warning file={escape_property(c.path)},line={c.first}::{escape_data(words)}")


def main() -> int:
    """What the action runs; the exit status of the step."""
    environment = os.environ
    report = [json.loads(line) for line in Path(sys.argv[1]).read_bytes().splitlines()]
    event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    if "pull_request" not in event:
        print("not a pull request: nothing to comment on")
        return 0
    number = int(event["pull_request"]["number"])
    github = GitHub(environment.get("GITHUB_API_URL", "https://api.github.com"), environment["GITHUB_REPOSITORY"],
                    environment.get("GITHUB_TOKEN", ""))
    try:
        found = wanted(github, number, report, environment.get("INPUT_LEVEL", "certain"), Path(),
                       chinese=environment.get("INPUT_LANG", "zh") != "en")
        if environment.get("INPUT_COMMENT", "true") == "true":
            post(github, number, event["pull_request"]["head"]["sha"], found)
        else:
            annotate(found)
    except OSError as error:
        print(f"corrector: {error}", file=sys.stderr)
        return 2
    if output := environment.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"found={len(found)}\n")
    print(f"lines with proposals in this pull request: {len(found)}")
    return 1 if found and environment.get("INPUT_FAIL", "false") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
