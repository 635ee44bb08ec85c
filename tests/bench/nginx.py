"""Ready pages of two workers beside two workers of nginx that give the same bytes from a file."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Server, free_port, wait_until_answered

PACKAGES = ["nginx-light", "wrk"]
ROUNDS = 7
SECONDS = 2
ENCODING = {"Accept-Encoding": "br"}
CONFIG = """
worker_processes 2; pid {folder}/pid; daemon off; error_log {folder}/error.log; user {user};
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; default_type "text/html; charset=utf-8"; }}
}}
"""


def is_there() -> bool:
    """Return True if nginx and wrk are there, after trying to install them where that can be done."""
    if not all(map(_found, ("nginx", "wrk"))) and shutil.which("apt-get") and os.geteuid() == 0:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-qq", *command], env=env, stdout=subprocess.DEVNULL)
    return all(map(_found, ("nginx", "wrk")))


def _found(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def compare(server: Server, paths: list[str]) -> dict[str, tuple[float, float, float]]:
    """Return, for each path, our rate, nginx's rate for the same bytes, and the median ratio of the rounds."""
    with tempfile.TemporaryDirectory() as folder, _nginx(Path(folder)) as nginx:
        found = {}
        for number, path in enumerate(paths):
            with urllib.request.urlopen(urllib.request.Request(server.url + path, headers=ENCODING)) as answer:
                (Path(folder) / "files" / str(number)).write_bytes(answer.read())
            pairs = [(rate(server.url + path), rate(f"{nginx}/{number}")) for _ in range(ROUNDS)]
            ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            found[path] = (ours, theirs, statistics.median(a / b for a, b in pairs))
        return found


def rate(url: str) -> float:
    """Return the answers a second that one thread of wrk got on 16 connections; all of them had to be a 200."""
    headers = [f"{name}: {value}" for name, value in ENCODING.items()]
    command = [str(_found("wrk")), "-t1", "-c16", f"-d{SECONDS}s", *(part for header in headers for part in ("-H", header)), url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


@contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port = free_port()
    (folder / "files").mkdir()
    (folder / "files" / "index.html").write_text("ready")
    folder.chmod(0o755)
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    (folder / "conf").write_text(CONFIG.format(folder=folder, port=port, user=user))
    with subprocess.Popen([str(_found("nginx")), "-c", str(folder / "conf"), "-e", str(folder / "error.log")]) as nginx:
        try:
            wait_until_answered(f"http://127.0.0.1:{port}/", nginx)
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()
