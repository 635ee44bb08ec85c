"""A real https server on this computer that plays one on the Internet, and the network on which it is found."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vcardapp.fetching import Network

HOST = "calendar.example.org"
PUBLIC = "93.184.215.14"


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # between one byte and the next


class IcsServer:
    """Answers by path; notes what was asked for and which addresses were connected to."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.connected: list[str] = []
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        make_certificate(self.certificate, key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hangs up is no news
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def network(self, resolve: Callable[[str, int], list[str]] = lambda _host, _port: [PUBLIC], **more: Any) -> Network:
        """Return a network on which every address that may be connected to is this server."""

        def connect(address: str, _port: int, timeout: float) -> socket.socket:
            self.connected.append(address)
            return socket.create_connection(self.server.server_address[:2], timeout)  # type: ignore[arg-type]

        def context() -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(self.certificate))

        return Network(**{"resolve": resolve, "connect": connect, "context": context, **more})

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                outer.asked.append((self.path, dict(self.headers)))
                answer = outer.answers.get(self.path, Answer(404))
                etag = answer.headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    answer = Answer(304)
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if answer.seconds:
                    for place in range(len(answer.body)):
                        self.wfile.write(answer.body[place : place + 1])
                        self.wfile.flush()
                        time.sleep(answer.seconds)
                else:
                    self.wfile.write(answer.body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def make_certificate(certificate: Path, key_file: Path) -> None:
    """Write a certificate for HOST that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address(PUBLIC))])
    day = timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 1, 1, tzinfo=UTC) + 20_000 * day).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
