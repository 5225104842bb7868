"""The page's server answers its own page only, and nothing but the files it was given."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from test_cli import PACKAGE, run


@contextmanager
def reviewing(folder: Path, *args: str, lang: str = "en", interruptions: int = 1) -> Iterator[str]:
    """The address of ``corrector review`` called in ``folder``; it must end well."""
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "corrector", "review", *args, "--no-open", "--lang", lang]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as server:
        assert server.stdout is not None and server.stderr is not None
        address = server.stdout.readline().strip()
        assert address, server.stderr.read()
        try:
            yield address
        finally:
            for _ in range(interruptions):
                server.send_signal(signal.SIGINT)
            said = server.communicate(timeout=20)[1]
        assert server.returncode == 0 and "Traceback" not in said, said


class Client:
    """Requests to a server, by default those that its page would make."""

    def __init__(self, address: str) -> None:
        self.port = urlsplit(address).port
        self.token = address.partition("token=")[2]

    def __call__(self, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            data = None if body is None else json.dumps(body)
            given = {k.replace("_", "-"): v for k, v in headers.items()}
            connection.request("GET" if body is None else "POST", path, data, given)
            answer = connection.getresponse()
            self.headers = answer.headers
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def api(self, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        return self(f"/{self.token}/api/{path}", body, **headers)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("s")
    (folder / "a.txt").write_text("我们坚持原那么，全心全意为人民效劳，奠定根底。\n", encoding="utf-8")
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    with reviewing(folder, "a.txt") as address:
        yield Client(address)


def test_the_page_and_its_parts_are_there(client: Client) -> None:
    status, page = client(f"/?token={client.token}")
    assert status == 200 and "http://" not in page and "https://" not in page
    policy = client.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    from corrector.review.server import STATIC
    for name in STATIC:
        status, text = client(f"/{client.token}/static/{name}")
        text = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert status == 200 and "//" not in text.replace("// ", "").replace("http://", "//"), name
        assert "innerHTML" not in text and "insertAdjacentHTML" not in text
    assert "原那么" in client.api("files/0")[1]


@pytest.mark.parametrize("path", ["/", "/?token=x", "/?token=", "/api/session", "/x/api/session", "//api/session",
                                  "/x/static/app.js", "/static/app.js", "/%2e%2e/secret.txt", "/?token=%ff"])
def test_without_the_token(client: Client, path: str) -> None:
    assert client(path)[0] == 403


@pytest.mark.parametrize("host", ["example.org", "example.org:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.2:{port}",
                                  "localhost.example.org:{port}", ""])
def test_another_host(client: Client, host: str) -> None:
    host = host.format(port=client.port)
    assert client(f"/?token={client.token}", Host=host)[0] in (400, 403)
    assert client.api("session", Host=host)[0] in (400, 403)


@pytest.mark.parametrize("origin", ["http://example.org", "null", "http://127.0.0.1", "https://127.0.0.1:{port}",
                                    "http://127.0.0.1:{port}.example.org"])
def test_another_origin(client: Client, origin: str) -> None:
    origin = origin.format(port=client.port)
    assert client.api("undo", {}, Origin=origin)[0] == 403
    assert client(f"/?token={client.token}", Origin=origin)[0] == 403
    assert client.api("session", Sec_Fetch_Site="cross-site")[0] == 403
    assert client.api("session", Sec_Fetch_Site="same-site")[0] == 403


def test_our_own_origin(client: Client) -> None:
    assert client.api("undo", {}, Origin=f"http://127.0.0.1:{client.port}", Sec_Fetch_Site="same-origin")[0] == 200
    assert client.api("session", Host=f"localhost:{client.port}")[0] == 200


@pytest.mark.parametrize("path", ["files/1", "files/-1", "files/secret.txt", "files/..%2fsecret.txt", "files/0/999",
                                  "../static/server.py", "files/0/-1", "gone", "files/%2e%2e/%2e%2e/secret.txt"])
def test_no_other_file(client: Client, path: str) -> None:
    status, text = client.api(path)
    assert 400 <= status < 500 and "secret" not in text
    for name in ("server.py", "..%2fserver.py", "..%2f..%2f..%2fsecret.txt", "%2fetc%2fpasswd", "index.html"):
        assert 400 <= client(f"/{client.token}/static/{name}")[0] < 500


@pytest.mark.parametrize("body", [
    {}, [], "x", None, {"file": 0, "numbers": [0]}, {"file": 0, "numbers": ["0"], "decision": "accepted"},
    {"file": -1, "numbers": [0], "decision": "accepted"}, {"file": 0, "numbers": [-1], "decision": "accepted"},
    {"file": 0, "numbers": [99], "decision": "accepted"}, {"file": 0, "numbers": [0], "decision": "maybe"},
    {"file": 9, "numbers": [], "decision": "accepted"}, {"file": 0, "numbers": 5, "decision": "accepted"},
    {"file": 0, "numbers": [0], "decision": "edited", "edited": None},
    {"file": 0, "numbers": [0], "decision": "edited", "edited": 5},
])
def test_nonsense_is_refused(client: Client, body: object) -> None:
    status, _ = client.api("decide", body)
    assert 400 <= status < 500


def test_words_that_may_not_be_written_and_too_many(client: Client) -> None:
    asked = {"file": 0, "numbers": [0], "decision": "edited", "edited": "一\n二"}
    status, text = client.api("decide", asked)
    assert status == 409 and "一行之内" in json.loads(text)["zh"]
    assert client.api("decide", {**asked, "edited": "长" * (1 << 20)})[0] == 413


def test_a_request_says_how_long_it_is(client: Client) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
    connection.request("POST", f"/{client.token}/api/undo", iter([b"{}"]), encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_only_the_loopback_listens(client: Client) -> None:
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc here")
    rows = [row.split() for row in table.read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{client.port:04X}")]
    assert listening == [f"0100007F:{client.port:04X}"]


def test_a_decision_is_on_the_disk_when_it_is_answered(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt", "--by", "甲") as address:
        client = Client(address)
        assert client.api("decide", {"file": 0, "numbers": [1], "decision": "rejected"})[0] == 200
        rows = [json.loads(x) for x in (tmp_path / "a.txt.review.jsonl").read_text(encoding="utf-8").splitlines()]
        assert [r["decision"] for r in rows][:3] == ["undecided", "rejected", "undecided"] and rows[1]["by"] == "甲"
        kept = json.loads(client.api("keep", {"file": 0, "number": 3})[1])
        assert kept["phrase"] == "按照规[那么]办事"
        assert "按照规[那么]办事\tnot 则" in (tmp_path / "corrector-keep.tsv").read_text(encoding="utf-8")
        assert 'keep = "corrector-keep.tsv"' in (tmp_path / "corrector.toml").read_text(encoding="utf-8")
        phrases = (tmp_path / "corrector-keep.tsv").read_bytes()
        (tmp_path / "corrector-keep.tsv").write_bytes(b"phrase\n")
        status, text = client.api("keep", {"file": 0, "number": 3})
        assert status == 409 and "corrector-keep.tsv:1: " in json.loads(text)["zh"]
        (tmp_path / "corrector-keep.tsv").write_bytes(phrases)
        (tmp_path / "a.txt.review.jsonl").write_text("", encoding="utf-8")
        assert client.api("decide", {"file": 0, "numbers": [1], "decision": "accepted"})[0] == 409
        assert client.api("session")[0] == 200, "the page that is loaded again has what stands there now"
        assert client.api("decide", {"file": 0, "numbers": [1], "decision": "accepted"})[0] == 200


def test_a_page_that_is_closed_while_it_asks_leaves_no_traceback(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt") as address:
        client = Client(address)
        head = f"POST /{client.token}/api/decide HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
        with socket.create_connection(("127.0.0.1", client.port)) as connection:
            connection.sendall(head.encode() + b"Content-Length: 90\r\n\r\n{")
        assert client.api("session")[0] == 200
        connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
        connection.request("POST", f"/{client.token}/api/decide", "[" * 100_000)
        assert connection.getresponse().status == 400
        connection.close()


def test_who_presses_ctrl_c_twice_sees_no_traceback(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged * 20, encoding="utf-8")
    with reviewing(tmp_path, "a.txt", interruptions=2) as address:
        assert Client(address).api("decide", {"file": 0, "numbers": [1, 0], "decision": "rejected"})[0] == 200
    rows = [json.loads(x) for x in (tmp_path / "a.txt.review.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["decision"] for r in rows][:3] == ["rejected", "rejected", "undecided"]


def test_a_page_of_an_earlier_session_decides_nothing(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt") as address:
        client = Client(address)
        shown = json.loads(client.api("files/0")[1])
        asked = {"session": shown["session"], "file": 0, "numbers": [0]}
        assert client.api("decide", {**asked, "decision": "accepted"})[0] == 200
        assert json.loads(client.api("apply", {"session": shown["session"]})[1])["all"]
        kept = (tmp_path / "a.txt.review.jsonl").read_bytes()
        for path, body in (("decide", {**asked, "decision": "rejected"}), ("keep", {**asked, "number": 0}),
                           ("undo", asked), ("apply", asked)):
            status, text = client.api(path, body)
            assert status == 409 and "read again" in json.loads(text)["en"], path
        assert (tmp_path / "a.txt.review.jsonl").read_bytes() == kept
        asked["session"] = json.loads(client.api("files/0")[1])["session"]
        assert client.api("decide", {**asked, "decision": "rejected"})[0] == 200


def test_two_pages_do_not_contradict_each_other(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt") as address:
        client = Client(address)
        undecided, accepted, edited = [0, ""], [1, ""], [3, "别的"]

        def decide(verdict: str, *was: object, words: str = "") -> tuple[int, str]:
            asked = {"file": 0, "numbers": list(range(len(was))), "was": was, "decision": verdict, "edited": words}
            return client.api("decide", asked)

        assert decide("accepted", undecided)[0] == 200
        status, text = decide("rejected", undecided, undecided)
        assert status == 409
        assert json.loads(text)["en"] == "1:13: decided otherwise meanwhile, perhaps in another window"
        assert client.api("keep", {"file": 0, "number": 0, "was": [undecided]})[0] == 409
        assert client.api("keep", {"file": 0, "number": 0, "was": []})[0] == 400
        assert not (tmp_path / "corrector-keep.tsv").exists()
        assert decide("edited", accepted, undecided, words="别的")[0] == 200
        assert decide("edited", [3, "以前的"], words="新的")[0] == 409
        assert decide("rejected", edited, edited)[0] == 200
        assert decide("accepted", [9, ""])[0] == 404


def test_decisions_are_carried_out_as_often_as_asked(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt") as address:
        client = Client(address)
        for _ in range(2):
            client.api("decide", {"file": 0, "numbers": [0], "decision": "accepted"})
            done = json.loads(client.api("apply", {})[1])
            assert done["all"] and done["lines"][0] == "a.txt: corrected 1", done
        assert len(list((tmp_path / ".corrector").iterdir())) == 2
        client.api("decide", {"file": 0, "numbers": [0], "decision": "accepted"})
        kept = tmp_path / "a.txt.review.jsonl"
        kept.write_bytes(kept.read_bytes())
        assert client.api("apply", {})[0] == 409, "others may have been decided meanwhile"


def test_a_page_that_is_loaded_again_has_the_file_as_it_is_now(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    with reviewing(tmp_path, "a.txt") as address:
        client = Client(address)
        client.api("decide", {"file": 0, "numbers": [0], "decision": "rejected"})
        (tmp_path / "a.txt").write_text("新写的一行。\n" + damaged, encoding="utf-8")
        assert json.loads(client.api("session")[1])["files"][0]["decided"] == 1
        assert json.loads(client.api("files/0")[1])["text"].startswith("新写的一行。")
        (tmp_path / "a.txt").unlink()
        assert json.loads(client.api("session")[1])["files"] == []
        (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
        assert len(json.loads(client.api("session")[1])["files"]) == 1


def test_a_browser_that_is_waited_for_gets_the_page(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, urllib.request as r\nopen('seen', 'wb').write(r.urlopen(sys.argv[1]).read())\n")
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "BROWSER": f"{sys.executable} {browser} %s"}
    command = [sys.executable, "-m", "corrector", "review", "a.txt"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(100):
                if (tmp_path / "seen").exists() and b"</html>" in (tmp_path / "seen").read_bytes():
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("the browser waits for the page")
        finally:
            server.kill()


def test_what_cannot_be_carried_out_is_told(tmp_path: Path, damaged: str) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(damaged, encoding="utf-8")
    (tmp_path / ".corrector").touch()
    with reviewing(tmp_path, "a.txt", "b.txt") as address:
        client = Client(address)
        client.api("decide", {"file": 1, "numbers": [0], "decision": "accepted"})
        done = json.loads(client.api("apply", {})[1])
        assert not done["all"] and "nothing more was changed" in done["lines"][0], done
        (tmp_path / "a.txt").unlink()
        done = json.loads(client.api("apply", {})[1])
        assert not done["all"] and done["lines"][0].startswith("a.txt: "), done


def test_what_cannot_be_reviewed(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text(damaged, encoding="utf-8")
    assert b"standard input" in run(tmp_path, "review", "-", "--no-open").stderr
    assert run(tmp_path, "review", "gone.txt", "--no-open").returncode == 2
    with reviewing(tmp_path, "a.txt") as address:
        busy = run(tmp_path, "review", "a.txt", "--no-open", "--port", str(Client(address).port))
        assert busy.returncode == 2 and b"127.0.0.1:" in busy.stderr and b"Traceback" not in busy.stderr
