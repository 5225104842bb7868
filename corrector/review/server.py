"""The page's server: a few routes over one :class:`~.session.Session`.

It listens on the loopback only. A request must name that host, come from this page's origin (or say no origin), and
carry the token: in the query of the page's address, in the path of everything else. Files are asked for by their number
in the session, and what is served besides are the files of :data:`STATIC`: no path of a request reaches the disk.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import Trouble, named
from . import payload
from .decisions import Verdict
from .session import Applied, Session

STATIC = {"style.css": "text/css", "icon.svg": "image/svg+xml", **dict.fromkeys(
    ("app.js", "model.js", "document.js", "list.js", "strip.js", "keys.js", "words.js"), "text/javascript")}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'")
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
           "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
           "Cache-Control": "no-store"}
LONGEST = 4 << 20  # bytes of a request
REST = 1.0  # seconds without a decision until the decisions file is sorted


class Guard:
    """Answers 403 to every request that does not come from the page, 413 to one that is too long."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], token: str) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"http://{host}" for host in hosts)
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] += [(k.lower().encode(), v.encode()) for k, v in HEADERS.items()]
            await send(message)

        status = self._refused(Request(scope))
        if status:
            await PlainTextResponse("refused\n", status)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refused(self, request: Request) -> int:
        headers = request.headers
        page = request.url.path == "/"
        token = request.query_params.get("token", "") if page else request.url.path.split("/")[1]
        site = headers.get("sec-fetch-site", "none")
        ours = (headers.get("host") in self._hosts and headers.get("origin", "") in {*self._origins, ""}
                and (page or site in ("same-origin", "none"))
                and secrets.compare_digest(token.encode("utf-8", "replace"), self._token))
        if not ours:
            return 403
        length = headers.get("content-length", "")  # without one it might go on for ever
        return 413 if request.method == "POST" and (not length.isdecimal() or int(length) > LONGEST) else 0


class Review:
    """The routes. ``reopen`` checks the files again; ``apply`` writes them and returns what is to be told.

    What a page shows are the numbers of one session: once that is opened again, by another page or when the decisions
    were carried out, they may mean other places, and what is asked with them is refused. So is what another page has
    decided otherwise meanwhile: a page says how it showed what it decides.
    """

    def __init__(self, session: Session, language: str, token: str, *, reopen: Callable[[], Session],
                 apply: Callable[[Session], Applied], config: Path | None = None) -> None:
        self.session = session
        self._opened = 1  # how often; what tells one session from the next
        self._language, self._token, self._config = language, token, config
        self._reopen, self._apply = reopen, apply
        self._resting: asyncio.TimerHandle | None = None

    def app(self, hosts: Sequence[str]) -> ASGIApp:
        """The application, with its guard."""
        def route(path: str, handler: Callable[[Request], Awaitable[Response]], method: str = "GET") -> Route:
            return Route("/{token}" + path, _honest(handler), methods=[method])

        routes = [
            Route("/", self.page), route("/static/{name}", self.static),
            route("/api/session", self.overview), route("/api/files/{file:int}", self.file),
            route("/api/files/{file:int}/{number:int}", self.details),
            route("/api/decide", self.decide, "POST"), route("/api/undo", self.undo, "POST"),
            route("/api/keep", self.keep, "POST"), route("/api/apply", self.carry_out, "POST"),
        ]
        return Guard(Starlette(routes=routes), hosts, self._token)

    async def page(self, request: Request) -> Response:
        text = _resource("index.html").decode().replace("{{token}}", self._token)
        return Response(text.replace("{{language}}", self._language), media_type="text/html")

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC:
            raise LookupError(name)
        return Response(_resource(name), media_type=STATIC[name])

    async def overview(self, request: Request) -> Response:
        if self.session.changed():
            self._again()
        return _json(payload.session_value(self.session, self._language))

    async def file(self, request: Request) -> Response:
        value = payload.file_value(self.session.files[request.path_params["file"]], self._language)
        return _json(value | {"session": self._opened})

    async def details(self, request: Request) -> Response:
        file = self.session.files[request.path_params["file"]]
        return _json(payload.details(file.proposals[request.path_params["number"]].row, self._language))

    async def decide(self, request: Request) -> Response:
        asked = await self._asked(request)
        numbers = [_whole(n) for n in asked["numbers"]]
        file = _whole(asked["file"])
        self.session.files[file]  # an unknown one is no server error
        self._as_shown(file, numbers, asked)
        changed = self.session.decide(file, numbers, Verdict(asked["decision"]), _text(asked.get("edited", "")))
        self._rest()
        return _json({"changed": len(changed)})

    async def undo(self, request: Request) -> Response:
        await self._asked(request)
        step = self.session.undo()
        self._rest()
        return _json(payload.step_value(step) if step else {"file": -1, "rows": []})

    async def keep(self, request: Request) -> Response:
        asked = await self._asked(request)
        file, number = _whole(asked["file"]), _whole(asked["number"])
        self._as_shown(file, [number], asked)
        reason = "并非“{}”" if self._language == "zh" else "not {}"
        phrase, path = self.session.keep(file, number, self._config, reason)
        self._rest()
        return _json({"phrase": phrase, "path": str(path)})

    async def carry_out(self, request: Request) -> Response:
        await self._asked(request)
        applied = self._apply(self.session)
        self._again()
        return _json(asdict(applied))

    def _again(self) -> None:
        self.session = self._reopen().after(self.session)
        self._opened += 1

    async def _asked(self, request: Request) -> dict[str, Any]:
        """What is asked of the present session. Raises :class:`Trouble` when it is asked of an earlier one."""
        asked = dict(await request.json())
        if asked.get("session", self._opened) != self._opened:
            raise Trouble("the files were read again since this was shown", "此后文件又重新读取过")
        return asked

    def _as_shown(self, file: int, numbers: Sequence[int], asked: dict[str, Any]) -> None:
        """Raises :class:`Trouble` when these were decided otherwise since the page that asks was told of them."""
        if "was" in asked:
            shown = ((payload.VERDICTS[_whole(decision)], str(words)) for decision, words in asked["was"])
            self.session.require_shown(file, dict(zip(numbers, shown, strict=True)))

    def _rest(self) -> None:
        """Has the decisions file sorted when nothing was decided for a while."""
        if self._resting:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST, self.tidy)

    def tidy(self) -> None:
        """Sorts the decisions file, if it is not so."""
        with suppress(OSError):  # nothing is lost; the next decision says what is wrong
            self.session.store.tidy()


def _whole(value: object) -> int:
    """A number of a list; the negative ones, which Python would count from the end, are none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    """What is to be written: nothing else, such as null, is put into words."""
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _json(value: object) -> Response:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(data, media_type="application/json")


def _resource(name: str) -> bytes:
    return resources(__package__).joinpath("static", name).read_bytes()


def _honest(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """``handler``, with what goes wrong said to the page in both languages."""
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except (Trouble, OSError) as error:
            return JSONResponse({"en": named(error, False), "zh": named(error, True)}, 409)
        except LookupError:
            return PlainTextResponse("not found\n", 404)
        except (ValueError, TypeError, RecursionError, ClientDisconnect):  # the last has nobody to answer to
            return PlainTextResponse("not understood\n", 400)

    return answer


def listen(port: int) -> socket.socket:
    """A socket on the loopback; port 0 is any that is free. Raises ``OSError``."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
    except BaseException:
        listening.close()
        raise
    return listening
