"""``corrector review``: the local page."""

from __future__ import annotations

import secrets
import shlex
import threading
import webbrowser
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from ..errors import Trouble, said
from ..review.session import Applied, Session
from . import options
from .apply import carry_out
from .interactive import opened_session
from .language import CHINESE, tr
from .work import FAILED, Run, shown


@click.command(help=tr("Review on a local page. Decisions are kept in a file, which apply carries out.",
                       "在本机的网页上逐处审阅。决定存在文件里，由 apply 执行。"))
@options.paths
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help=tr("Port on the loopback (default: any that is free).", "本机端口（默认任选空闲的）。"))
@click.option("--no-open", is_flag=True, help=tr("Do not open a browser.", "不打开浏览器。"))
@click.option("--decisions", type=options.FILE, metavar="FILE",
              help=tr("The decisions file (default: PATH.review.jsonl).", "决定文件（默认为 路径.review.jsonl）。"))
@click.option("--by", type=options.TEXT, default="", metavar="NAME",
              help=tr("Who decides (default: the user).", "谁来决定（默认为当前用户）。"))
@options.checking
def review(paths: tuple[str, ...], port: int, no_open: bool, decisions: Path | None, by: str, jobs: int,
           **given: Any) -> int:
    if "-" in paths:
        raise click.UsageError(tr("standard input cannot be reviewed; save it as a file",
                                  "标准输入不能审阅，请先存成文件"))
    try:
        import uvicorn

        from ..review.server import Review, listen
    except ImportError as error:
        raise click.ClickException(tr(f"the page needs {error.name}: pip install 'zh-corrector[web]'",
                                      f"审阅页需要 {error.name}：pip install 'zh-corrector[web]'")) from None
    run = options.run(given)
    session = opened_session(run, paths, decisions, jobs, by)
    if session is None:
        return run.status
    if not session.files:
        run.tell(tr("nothing to review", "没有可审阅的文件"))
        return run.status

    def reopen() -> Session:
        again = opened_session(options.run(given | {"quiet": True}), paths, decisions, jobs, by)
        if again is None:
            raise Trouble("the files cannot be read again", "无法重新读取文件")
        return again

    try:
        listening = listen(port)
    except OSError as error:
        raise click.ClickException(f"127.0.0.1:{port}: {said(error, CHINESE)}") from None
    token, port = secrets.token_urlsafe(24), listening.getsockname()[1]
    page = Review(session, tr("en", "zh"), token, reopen=reopen, apply=_apply, config=given["config"])
    app = page.app([f"{name}:{port}".removesuffix(":80") for name in ("127.0.0.1", "localhost")])  # as browsers say it
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, ws="none", server_header=False,
                                           proxy_headers=False, timeout_graceful_shutdown=2, lifespan="off"))
    address = f"http://127.0.0.1:{port}/?token={token}"
    listening.listen()
    click.echo(address)
    kept = shown(session.store.path)
    run.tell(tr(f"decisions: {kept}; stop with Ctrl+C", f"决定记在 {kept}；按 Ctrl+C 结束"))
    if not no_open:  # some browsers are waited for, and would wait for the page
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    page.tidy()
    _summary(run, page.session)
    return run.status


@dataclass
class _Listening(Run):
    """A run whose lines are kept for the page."""

    lines: list[str] = field(default_factory=list)

    def tell(self, line: str) -> None:
        self.lines.append(line)

    def fail(self, about: object, error: BaseException | str) -> None:
        self.status = FAILED
        self.lines.append(f"{about}: {error if isinstance(error, str) else said(error, CHINESE)}")


def _apply(session: Session) -> Applied:
    """Writes the files in place, with a journal. Raises :class:`Trouble` when the decisions are others by now."""
    session.store.require_ours()
    run, changed = _Listening(), 0
    try:
        changed = carry_out(run, session.store, {f.name: f.subject.path for f in session.files}, (), None)
    except click.ClickException as error:  # no journal, so nothing more is written
        run.lines.append(error.message)
        run.status = FAILED
    return Applied(run.lines, changed, run.status == 0)


def _summary(run: Run, session: Session) -> None:
    rows = [p.row for f in session.files for p in f.proposals]
    decided = sum(r.decided for r in rows)
    command = f"corrector apply {shlex.quote(shown(session.store.path))} --in-place"
    run.tell(tr(f"decided {decided} of {len(rows)}; {command} carries it out",
                f"已决定 {decided}/{len(rows)} 处；用 {command} 执行"))
