"""The only outgoing HTTP. Public addresses only, within limits of time, size and hops.

An address is checked where the connection is made and nowhere else: each hop resolves the name
once, refuses it if any of its addresses is not public, and connects to an address that it checked.
A name that changes its answer in between (rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore

MAX_BYTES = 5 * 1024 * 1024  # of a body, unpacked
MAX_SECONDS = 15.0  # of all hops together
MAX_HOPS = 5  # redirects
MAX_HEADERS = 64 * 1024  # bytes
PORTS = frozenset((80, 443))
AGENT = "Frise/0.1 (feed reader)"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_KEPT = "!$%&'()*+,-./:;=?@_~"  # stays as it is in a path or query
# What embeds an IPv4 address, or translates to one: NAT64, 6to4, Teredo.
_TRANSLATED = tuple(
    map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
)


class FetchError(Exception):
    """Nothing was fetched; `reason` says why in a code of events/reasons.py and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        shown = {name: str(value) for name, value in values.items()}
        self.reason: dict[str, object] = {"code": code, "values": shown}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is the one that gave it; `headers` have names in lower case.

    Any status is an answer: 304, 404, 410 and 429 mean something to who asked.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


def safe_fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
) -> Fetched:
    """GET `url`, following redirects.

    Raises FetchError: url-* for an address that we do not go to, on the first hop or a later
    one; fetch-* for what went wrong on the way.
    """
    deadline = time.monotonic() + max_seconds
    backend = _CheckedBackend(deadline, max_bytes + MAX_HEADERS)
    hop = check_url(url)
    with httpcore.ConnectionPool(network_backend=backend, max_keepalive_connections=0) as pool:
        for _ in range(MAX_HOPS + 1):
            answer = _get(pool, hop, headers or {}, max_bytes)
            target = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not target:
                return answer
            following = check_url(urljoin(hop.geturl(), target))
            if hop.scheme == "https" and following.scheme == "http":
                raise FetchError("fetch-downgrade")
            hop = following
    raise FetchError("fetch-redirects", most=MAX_HOPS)


def check_url(url: str) -> SplitResult:
    """Return the parts of `url`, its host in ASCII; nothing is asked of the network.

    Raises FetchError: url-invalid, url-scheme, url-credentials, url-port.
    """
    url = url.strip()
    if not url or len(url) > 2000 or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise FetchError("url-invalid")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except ValueError as error:  # UnicodeError is one
        raise FetchError("url-invalid") from error
    if parts.scheme not in {"http", "https"}:
        raise FetchError("url-scheme")
    if not host:
        raise FetchError("url-invalid")
    if "@" in parts.netloc:
        raise FetchError("url-credentials")
    if port is not None and port not in PORTS:
        raise FetchError("url-port")
    shown = f"[{host}]" if ":" in host else host
    return parts._replace(
        netloc=shown if port is None else f"{shown}:{port}",
        path=quote(parts.path, safe=_KEPT) or "/",
        query=quote(parts.query, safe=_KEPT),
        fragment="",
    )


def is_public(address: str) -> bool:
    """Whether anybody on the internet may be at `address`: no private, local or translated one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if found.version == 6 and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in network for network in _TRANSLATED if network.version == found.version):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _get(
    pool: httpcore.ConnectionPool, hop: SplitResult, headers: Mapping[str, str], max_bytes: int
) -> Fetched:
    asked = {
        "Host": hop.netloc,
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **headers,
    }
    try:
        with pool.stream("GET", hop.geturl(), headers=list(asked.items())) as answer:
            got = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in answer.headers}
            content = _read(answer.iter_stream(), got.get("content-encoding", ""), max_bytes)
            return Fetched(hop.geturl(), answer.status, got, content)
    except httpcore.TimeoutException as error:
        raise FetchError("fetch-timeout") from error
    except (httpcore.NetworkError, OSError) as error:
        raise FetchError("fetch-unreachable") from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise FetchError("fetch-nonsense") from error


def _read(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Join `chunks`, unpacked, counting what comes out."""
    packed = encoding.strip().lower()
    if packed not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise FetchError("fetch-nonsense")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed not in {"", "identity"} else None
    content = bytearray()
    for chunk in chunks:
        try:
            piece = unpack.decompress(chunk, max_bytes + 1) if unpack else chunk
        except zlib.error as error:
            raise FetchError("fetch-nonsense") from error
        content += piece
        if len(content) > max_bytes:
            raise FetchError("fetch-too-large", megabytes=max_bytes // (1024 * 1024))
    return bytes(content)


class _CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to public addresses alone, all of them within one deadline."""

    def __init__(self, deadline: float, most: int) -> None:
        self._deadline = deadline
        self._most = most
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout, local_address
        addresses = _resolve(host, port, _left(self._deadline))
        if not all(map(is_public, addresses)):
            raise FetchError("url-private")
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, socket_options)

    def _connect(
        self, address: str, port: int, socket_options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(
            address, port, timeout=_left(self._deadline), socket_options=socket_options
        )
        return _TimedStream(stream, self._deadline, self._most)


class _TimedStream(httpcore.NetworkStream):
    """A connection that ends at a deadline, however slowly it drips, and at so many bytes."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, left: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        chunk = self._stream.read(max_bytes, _left(self._deadline))
        self._left -= len(chunk)
        if self._left < 0:
            raise FetchError("fetch-too-large", megabytes=MAX_BYTES // (1024 * 1024))
        return chunk

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _TimedStream(secured, self._deadline, self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise FetchError("fetch-timeout")
    return seconds


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """Every address of `host`. In a thread, since nothing else bounds the time it takes."""
    pool = ThreadPoolExecutor(1)
    try:
        asked = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = asked.result(timeout=seconds)
    except FutureTimeoutError as error:
        raise FetchError("fetch-timeout") from error
    except (OSError, UnicodeError) as error:
        nobody_answers = getattr(error, "errno", None) == socket.EAI_AGAIN
        raise FetchError("fetch-no-network" if nobody_answers else "fetch-no-address") from error
    finally:
        pool.shutdown(wait=False)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not addresses:
        raise FetchError("fetch-no-address")
    return addresses
