"""Reading a file from elsewhere for somebody: the address may not lead into our own network, nor take long, nor be large."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote, urljoin, urlsplit

from vcardapp.i18n import N_

SECONDS = 10.0
REDIRECTS = 3
CHUNK = 65536
_SAFE = "/?&=%:@!$'()*+,;~-._[]"

NO_ADDRESS = N_("This is no web address.")
NOT_PUBLIC = N_("This address does not lead to a public server.")
NO_ANSWER = N_("There was no answer from this address in time.")
NOT_THERE = N_("The server at this address answered that the file is not there.")
TOO_LARGE = N_("The file at this address is too large.")

Allowed = Callable[[str], bool]


class NotFetched(Exception):
    """The file could not be read; reason is an English sentence for the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fetch(url: str, most_bytes: int, *, seconds: float = SECONDS, allowed: Allowed | None = None) -> bytes:
    """Return what stands at a web address; raise NotFetched. `allowed` says which numeric addresses may be asked.

    The address that was looked at is the one connected to, so that a name cannot change its mind in between.
    """
    end = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        answer, to = _ask(url, most_bytes, end, allowed or is_public)
        if to is None:
            return answer
        url = urljoin(url, to)
    raise NotFetched(NOT_THERE)


def is_public(address: str) -> bool:
    """True for a numeric address that anybody on the internet could ask, also where IPv4 is wrapped in IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in ipaddress.ip_network("64:ff9b::/96") else None


def _ask(url: str, most_bytes: int, end: float, allowed: Allowed) -> tuple[bytes, str | None]:
    """Return what one address answers, or where it sends us."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise NotFetched(NO_ADDRESS)
        path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
        with _connected(host, port or (443 if parts.scheme == "https" else 80), end, allowed) as plain, _ended(plain, end):
            if parts.scheme == "http":
                return _read(plain, parts.netloc, path, most_bytes, end)
            with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure, _ended(secure, end):
                return _read(secure, parts.netloc, path, most_bytes, end)
    except ValueError:
        raise NotFetched(NO_ADDRESS) from None
    except (OSError, http.client.HTTPException):
        raise NotFetched(NO_ANSWER) from None


def _connected(host: str, port: int, end: float, allowed: Allowed) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found or not all(allowed(str(address[0])) for *_family, address in found):
        raise NotFetched(NOT_PUBLIC)
    problem: OSError | None = None
    for *_family, address in found:
        try:
            return socket.create_connection((str(address[0]), port), timeout=_left(end))
        except OSError as failed:
            problem = failed
    raise problem or TimeoutError


@contextmanager
def _ended(line: socket.socket, end: float) -> Iterator[None]:
    """Hang up when the time is over, however slowly the other side talks."""

    def hang_up() -> None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(_left(end), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _read(sock: socket.socket, host: str, path: str, most_bytes: int, end: float) -> tuple[bytes, str | None]:
    connection = http.client.HTTPConnection(host)
    connection.sock = sock
    asked = {"Host": host, "User-Agent": "vcardapp", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    connection.request("GET", path, headers=asked)
    sock.settimeout(_left(end))
    with connection.getresponse() as answer:
        to = answer.getheader("Location")
        if answer.status in (301, 302, 303, 307, 308) and to:
            return b"", to
        if answer.status != http.HTTPStatus.OK:
            raise NotFetched(NOT_THERE)
        return _body(answer, sock, most_bytes, end), None


def _body(answer: http.client.HTTPResponse, sock: socket.socket, most_bytes: int, end: float) -> bytes:
    whole = bytearray()
    while True:
        sock.settimeout(_left(end))
        part = answer.read1(CHUNK)
        if not part:
            return bytes(whole)
        whole += part
        if len(whole) > most_bytes:
            raise NotFetched(TOO_LARGE)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
