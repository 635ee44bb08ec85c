"""The server's end of the process that decodes: started with the first task, killed where it takes too long."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

TIME_LIMIT = 120.0  # seconds for one file
LOOK_EVERY = 0.2  # seconds, for the sign to stop
BEAT = 15.0  # seconds between two signs of life


class Stopped(Exception):
    """The server stops; the file waits for the next start."""


class Press:
    """Files are made one after the other in one process, which ends with the last."""

    def __init__(self, stopping: threading.Event, time_limit: float = TIME_LIMIT) -> None:
        self.stopping = stopping
        self.time_limit = time_limit
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def make(
        self, kind: str, source: Path, target: Path, still_at_it: Callable[[], None] = lambda: None
    ) -> dict[str, Any] | None:
        """Return what was made or {"refused": why}, None if the process died or took too long; raise Stopped.

        Call `still_at_it` now and then; what it raises ends the process.
        """
        if self.stopping.is_set():
            raise Stopped
        process = self.process or self._start()
        task = json.dumps({"kind": kind, "source": str(source), "target": str(target)})
        try:
            assert process.stdin  # noqa: S101
            process.stdin.write(task + "\n")
            process.stdin.flush()
            line = self._answer(still_at_it)
        except OSError:
            line = ""
        if not line:
            self._end()
            return None
        found: dict[str, Any] = json.loads(line)
        return found

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "vcardapp.media.press"]
        self.process = process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, close_fds=True
        )
        answers: queue.Queue[str] = queue.Queue()
        self.answers = answers
        threading.Thread(target=_listen, args=(process, answers), name="press", daemon=True).start()
        return process

    def _answer(self, still_at_it: Callable[[], None]) -> str:
        begun = beaten = time.monotonic()
        while (moment := time.monotonic()) < begun + self.time_limit:
            if self.stopping.is_set():
                self._end()
                raise Stopped
            if moment > beaten + BEAT:
                beaten = moment
                try:
                    still_at_it()
                except BaseException:
                    self._end()
                    raise
            with suppress(queue.Empty):
                return self.answers.get(timeout=LOOK_EVERY)
        return ""

    def _end(self) -> None:
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):  # what could not be written any more
                        pipe.close()


def _listen(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
    """Pass answers on, and an empty one when the process has ended."""
    assert process.stdout  # noqa: S101
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # the pipe was closed
        pass
    answers.put("")
