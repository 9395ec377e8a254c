"""Outgoing HTTP: where it does not go, and how long and how much it takes at most."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from events import fetch
from events.fetch import FetchError, check_url, safe_fetch

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A web server on this machine; `pages` answer by path. Seen as `http://host/` by fetch."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    site.pages[self.path](self)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


def page(content: bytes = b"Un texte.", status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@pytest.fixture
def site(monkeypatch):
    """A site that counts as public; nothing else on this machine does."""
    made = Site()
    public = fetch.is_public
    monkeypatch.setattr(fetch, "PORTS", frozenset((80, 443, made.port)))
    monkeypatch.setattr(fetch, "is_public", lambda a: a == "127.0.0.1" or public(a))
    yield made
    made.server.shutdown()
    made.server.server_close()


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(FetchError) as error:
        call()
    return str(error.value.reason["code"])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "url-scheme"),
        ("gopher://x.example/", "url-scheme"),
        ("ftp://x.example/", "url-scheme"),
        ("dict://x.example/", "url-scheme"),
        ("data:text/plain,x", "url-scheme"),
        ("javascript:alert(1)", "url-scheme"),
        ("//x.example/", "url-scheme"),
        ("http:///x", "url-invalid"),
        ("http://x.example/a b", "url-invalid"),
        ("http://x.example/\r\nHost: y", "url-invalid"),
        ("http://[::1/", "url-invalid"),
        ("http://x.example:99999/", "url-invalid"),
        ("", "url-invalid"),
        ("http://" + "a" * 3000, "url-invalid"),
        ("http://user:pw@x.example/", "url-credentials"),
        ("http://user@x.example/", "url-credentials"),
        ("http://x.example:8080/", "url-port"),
        ("https://x.example:22/", "url-port"),
    ],
)
def test_an_address_that_nobody_should_give_is_refused_unasked(url, code):
    assert code_of(lambda: check_url(url)) == code


PRIVATE = [
    "localhost", "localhost.", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001",
    "[::ffff:127.0.0.1]", "[::1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "①②⑦.⓪.⓪.①", "169.254.169.254", "[::ffff:a9fe:a9fe]", "2852039166",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "224.0.0.1",
    "[ff02::1]", "[::]", "255.255.255.255", "192.0.2.1", "240.0.0.1", "198.18.0.1",
    "0.0.0.0",  # noqa: S104 - to be refused
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_no_address_of_a_private_place_is_connected_to(host, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", refuse)
    code = code_of(lambda: safe_fetch(f"http://{host}/"))
    # Some resolvers know no "localhost.".
    assert code == "url-private" or (host == "localhost." and code == "fetch-no-address")


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
def test_a_public_address_is_public(address):
    assert fetch.is_public(address)


def _answering(*addresses: str) -> Callable[..., object]:
    return lambda host, port, **_: [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
    ]


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("93.184.216.34", "127.0.0.1")])
def test_a_name_with_any_private_address_is_refused(addresses, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _answering(*addresses))
    assert code_of(lambda: safe_fetch("http://news.example/")) == "url-private"


def test_a_name_is_asked_once_and_its_checked_address_connected_to(monkeypatch):
    asked: list[str] = []
    connected: list[str] = []

    def resolve(host: str, port: int, **_: object) -> object:
        asked.append(host)
        return _answering("93.184.216.34" if len(asked) == 1 else "127.0.0.1")(host, port)

    def connect(self: object, host: str, port: int, **_: object) -> None:
        connected.append(host)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", connect)
    assert code_of(lambda: safe_fetch("http://rebinding.example/")) == "fetch-unreachable"
    assert connected == ["93.184.216.34"]


def test_a_page_is_fetched_with_the_headers_asked(site):
    site.pages["/a"] = page(ETag='"x"')
    answer = safe_fetch(site.url("/a#part"), headers={"If-None-Match": '"y"'})
    assert (answer.status, answer.content) == (200, b"Un texte.")
    assert answer.headers["etag"] == '"x"'
    path, sent = site.seen[0]
    assert (path, sent["if-none-match"]) == ("/a", '"y"')


@pytest.mark.parametrize("status", [304, 404, 410, 429, 500])
def test_any_status_is_an_answer(site, status):
    site.pages["/"] = page(b"", status=status)
    assert safe_fetch(site.url()).status == status


def test_a_redirect_is_followed_and_told(site):
    site.pages["/a"] = page(b"", 302, Location="/b%20c?d=é".encode().decode("latin-1"))
    site.pages["/b%20c?d=%C3%83%C2%A9"] = page()
    answer = safe_fetch(site.url("/a"))
    assert answer.content == b"Un texte."
    assert "/b%20c" in answer.url


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://10.0.0.1/", "url-private"),
        ("http://169.254.169.254/latest/", "url-private"),
        ("file:///etc/passwd", "url-scheme"),
        ("http://u:p@127.0.0.1/", "url-credentials"),
        ("http://127.0.0.1:22/", "url-port"),
        ("/loop", "fetch-redirects"),
    ],
)
def test_a_redirect_goes_no_further_than_an_address(site, target, code):
    site.pages["/"] = page(b"", 301, Location=target)
    site.pages["/loop"] = page(b"", 302, Location="/loop")
    assert code_of(lambda: safe_fetch(site.url())) == code


def test_a_secure_address_does_not_lead_to_one_that_is_not(monkeypatch):
    moved = fetch.Fetched("https://x.example/", 301, {"location": "http://x.example/"}, b"")
    monkeypatch.setattr(fetch, "_get", lambda *args: moved)
    assert code_of(lambda: safe_fetch("https://x.example/")) == "fetch-downgrade"


def test_a_body_is_counted_while_it_comes(site):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 10_000)

    site.pages["/"] = endless
    assert code_of(lambda: safe_fetch(site.url(), max_bytes=100_000)) == "fetch-too-large"


def test_what_is_packed_is_unpacked_within_the_limit(site):
    site.pages["/"] = page(gzip.compress(b"Un texte."), Content_Encoding="gzip")
    assert safe_fetch(site.url()).content == b"Un texte."
    site.pages["/bomb"] = page(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
    assert code_of(lambda: safe_fetch(site.url("/bomb"))) == "fetch-too-large"


@pytest.mark.parametrize("headers", [{"Content_Encoding": "br"}, {"Content_Encoding": "gzip"}])
def test_a_packing_that_is_none_is_refused(site, headers):
    site.pages["/"] = page(b"nonsense", **headers)
    assert code_of(lambda: safe_fetch(site.url())) == "fetch-nonsense"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_drip_ends_at_the_deadline(site, where):
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if where == "body":
            handler.send_response(200)
            handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    site.pages["/"] = drip
    assert code_of(lambda: safe_fetch(site.url(), max_seconds=0.4)) == "fetch-timeout"


def test_headers_without_end_are_refused(site):
    def headers(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(20_000):
            handler.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 50))

    site.pages["/"] = headers
    assert code_of(lambda: safe_fetch(site.url())) in {"fetch-nonsense", "fetch-too-large"}


def test_nobody_at_home_is_told(site):
    site.server.shutdown()
    site.server.server_close()
    assert code_of(lambda: safe_fetch(site.url())) == "fetch-unreachable"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no such name"), "fetch-no-address"),
        (socket.gaierror(socket.EAI_AGAIN, "nobody answers"), "fetch-no-network"),
    ],
)
def test_a_name_that_does_not_exist_is_told_from_a_lack_of_network(error, code, monkeypatch):
    def unknown(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert code_of(lambda: safe_fetch("http://nowhere.example/")) == code
