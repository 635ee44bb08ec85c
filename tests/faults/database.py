"""A PostgreSQL that tests may kill, freeze, and start again with what it had."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.processes import start_postgresql


class Database:
    """A PostgreSQL of its own, that can be killed and started again with what it had."""

    def __init__(self) -> None:
        self.url, self.stop = start_postgresql()
        self.port = int(self.url.rsplit(":", 1)[1].rstrip("/"))
        self.first = self.main()
        self.command, self.environment = self.first.cmdline(), self.first.environ()
        self.home, self.who = self.first.cwd(), self.first.uids().real
        self.again: subprocess.Popen[bytes] | None = None

    def main(self) -> psutil.Process:
        """Return the process that all others are children of."""
        with psycopg.connect(self.url + "postgres") as connection:
            [backend] = connection.execute("SELECT pg_backend_pid()").fetchone() or [0]
            return psutil.Process(backend).parent()  # type: ignore[return-value]

    def all(self) -> list[psutil.Process]:
        return [self.main_process, *self.main_process.children(recursive=True)]

    @property
    def main_process(self) -> psutil.Process:
        return psutil.Process(self.again.pid) if self.again else self.first

    def kill(self) -> None:
        """Kill it as a power cut does."""
        gone = self.all()
        for process in gone:
            process.send_signal(signal.SIGKILL)
        if self.again:
            self.again.wait(20)
        psutil.wait_procs(gone, timeout=20)  # a dead one that nobody has asked about would still hold the lock

    def start(self) -> None:
        (Path(self.home) / "postmaster.pid").unlink(missing_ok=True)
        who: dict[str, Any] = {"user": self.who, "group": self.who, "extra_groups": []} if os.geteuid() == 0 else {}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.again = subprocess.Popen(self.command, cwd=self.home, env=self.environment, **quiet, **who)
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url + "postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < until
                time.sleep(0.05)
            else:
                return

    def freeze(self) -> None:
        for process in self.all():
            process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        for process in self.all():
            process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self.again:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(20)
        self.stop()
