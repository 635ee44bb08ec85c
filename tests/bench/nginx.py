"""Ready pages of two workers beside a bare function on the same server, and nginx with the same bytes in a file."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import Server, free_port, wait_until_answered

PACKAGES = ["nginx-light", "wrk"]
ROUNDS = 7
SECONDS = 2
CONNECTIONS = 64  # enough that every worker always has something to do
OF_THE_CONNECTION = ("date", "connection")
Rates = tuple[list[float], list[float]]  # a second: ours, the bare function's, nginx's as installed and tuned; ours to each
ENCODING = {"Accept-Encoding": "br"}
CONFIG = """
worker_processes 2; pid {folder}/pid; daemon off; error_log {folder}/error.log; user {user};
events {{ worker_connections 512; }}
http {{
  sendfile on; tcp_nopush on; {more}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {files}; default_type "text/html; charset=utf-8"; }}
}}
"""
AS_INSTALLED = "access_log {folder}/access.log;"
TUNED = "access_log off; keepalive_requests 100000000; open_file_cache max=100;"


def is_there() -> bool:
    """Return True if nginx and wrk are there, after trying to install them where that can be done."""
    if not all(map(_found, ("nginx", "wrk"))) and shutil.which("apt-get") and os.geteuid() == 0:
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-qq", *command], env=env, stdout=subprocess.DEVNULL)
    return all(map(_found, ("nginx", "wrk")))


def _found(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def compare(server: Server, data: Path, paths: list[str]) -> dict[str, Rates]:
    """Return, for each path, answers a second of the four and the median ratios of the rounds."""
    with tempfile.TemporaryDirectory() as folder, _nginx(folder, AS_INSTALLED) as plain, _nginx(folder, TUNED) as tuned:
        answers: dict[str, tuple[str, list[tuple[str, str]], bytes]] = {}
        (Path(folder) / "files").mkdir()
        (Path(folder) / "files" / "index.html").write_text("ready")
        for number, path in enumerate(paths):
            with urllib.request.urlopen(urllib.request.Request(server.url + path, headers=ENCODING)) as answer:
                body, headers = answer.read(), answer.getheaders()
            answers[path] = ("200 OK", [(name, value) for name, value in headers if name.lower() not in OF_THE_CONNECTION], body)
            (Path(folder) / "files" / str(number)).write_bytes(body)
        (data / "ready").write_bytes(pickle.dumps(answers))
        with _bare(data / "ready") as bare:
            return {
                path: _rates(server.url + path, bare + path, f"{plain}/{number}", f"{tuned}/{number}")
                for number, path in enumerate(paths)
            }


def _rates(*urls: str) -> Rates:
    rounds = [[rate(url) for url in urls] for _ in range(ROUNDS)]
    rivals = range(1, len(urls))
    ratios = [statistics.median(one[0] / one[rival] for one in rounds) for rival in rivals]
    return [statistics.median(side) for side in zip(*rounds, strict=True)], ratios


def rate(url: str) -> float:
    """Return the answers a second that one thread of wrk got; all of them had to be a 200."""
    headers = [f"{name}: {value}" for name, value in ENCODING.items()]
    options = [f"-c{CONNECTIONS}", f"-d{SECONDS}s", *(part for header in headers for part in ("-H", header))]
    command = [str(_found("wrk")), "-t1", *options]
    said = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


@contextmanager
def _bare(answers: Path) -> Iterator[str]:
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "tests.bench.bare", str(port), str(answers), "2"], text=True) as bare:
        try:
            wait_until_answered(f"http://127.0.0.1:{port}/", bare)
            yield f"http://127.0.0.1:{port}"
        finally:
            bare.terminate()


@contextmanager
def _nginx(shared: str, more: str) -> Iterator[str]:
    port, folder = free_port(), Path(shared)
    folder.chmod(0o755)
    own = folder / str(port)
    own.mkdir()
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    more = more.format(folder=own)
    (own / "conf").write_text(CONFIG.format(folder=own, files=folder / "files", port=port, user=user, more=more))
    with subprocess.Popen([str(_found("nginx")), "-c", str(own / "conf"), "-e", str(own / "error.log")]) as nginx:
        try:
            wait_until_answered(f"http://127.0.0.1:{port}/", nginx)
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()
