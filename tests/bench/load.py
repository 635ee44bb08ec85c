"""A small client that asks the same over and over on a few kept connections of this machine, for a bounded time."""

from __future__ import annotations

import selectors
import socket
import time

CONNECTIONS = 4


def request_for(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n".encode()


def rate(port: int, path: str, seconds: float) -> float:
    """Return how many whole answers a second came back; each must be as long as the first, and a 200."""
    request, first = request_for(path), answer(port, path)
    assert first.startswith(b"HTTP/1.1 200"), first[:80]
    selector, pending, count = selectors.DefaultSelector(), {}, 0
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        pending[connection] = len(first)
        connection.sendall(request)
    begun = time.perf_counter()
    while (now := time.perf_counter()) - begun < seconds:
        for key, _events in selector.select(1):
            connection = key.fileobj  # type: ignore[assignment]
            pending[connection] -= len(connection.recv(1 << 20))
            if pending[connection] <= 0:
                assert pending[connection] == 0, "an answer had another length"
                count += 1
                pending[connection] = len(first)
                connection.sendall(request)
    for connection in pending:
        connection.close()
    return count / (now - begun)


def answer(port: int, path: str) -> bytes:
    """Return one whole answer, head and body."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request_for(path).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        parts = iter(lambda: connection.recv(1 << 20), b"")
        whole = b"".join(parts)
    return whole.replace(b"connection: close\r\n", b"")
