"""Runs vcardapp under granian: which address, is it free, who can reach it. The app is loaded in the workers."""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from vcardapp.loading import in_one_go

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore

BUFFER = 65_536  # bytes of request line and headers; more is answered with 431
THREADS = 12  # requests that one worker answers at once; seats.SEATS of them by the app, the others from what is ready
PATIENCE = 20  # seconds that requests may take to finish when the server is stopped
STOP_DELAY = "VCARDAPP_STOP_DELAY"  # seconds between saying so at /readyz and taking no more requests
FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # as prometheus-client names it
PR_SET_PDEATHSIG = 1  # prctl(2)
ELSEWHERE = "192.0.2.1"  # RFC 5737: belongs to nobody


class CannotListen(Exception):
    """The address cannot be listened on; the message is one sentence."""


def numeric_host(host: str) -> str:
    """Return the number of a host's name; raise CannotListen."""
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        raise CannotListen(f"There is no computer called {host}.") from None


def check_free(address: str, port: int) -> None:
    """Raise CannotListen if the port is in use; granian's sockets share theirs and would not notice."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as problem:
            raise CannotListen(_why(problem, address, port)) from None


def _why(problem: OSError, address: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what uses it, or choose another one, such as PORT={8001 if port == 8000 else 8000}."
    if problem.errno == errno.EACCES:
        return f"Port {port} is kept for the system: choose one above 1023 with PORT=8000."
    if problem.errno == errno.EADDRNOTAVAIL:
        return f"This computer does not have the address {address}."
    return f"The address {address}, port {port}, cannot be used: {problem.strerror}."


def url_of(address: str, port: int) -> str:
    """Return the address that people type to reach a server that listens here."""
    if address in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        address = lan_address()
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}" if port == 80 else f"http://{host}:{port}"


def lan_address() -> str:
    """Return this computer's address in the local network, else its name; connecting UDP sends no packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def serve(address: str, port: int, workers: int, with_demo: bool) -> None:
    """Answer requests until told to stop, then let those under way finish."""
    is_here = address in ("127.0.0.1", "0.0.0.0")  # noqa: S104 - compared, not listened on
    demo_url = f"http://127.0.0.1:{port}" if with_demo and is_here else ""
    stopping = multiprocessing.RawValue("b", 0)  # seen by all workers; without a lock that a killed one could keep
    load = partial(_load, demo_url, multiprocessing.Semaphore(1), stopping)
    _hear_signals()
    server = make_server(address, port, workers)
    stop, wait = server.signal_handler_interrupt, float(os.environ.get(STOP_DELAY) or 0)

    def stop_for_sure() -> None:
        """Granian may forget that it was told, where a worker ended at the same moment."""
        time.sleep(wait)
        while True:
            stop()
            time.sleep(0.2)

    def say_first(*_: object) -> None:
        """Say at /readyz that no more visitors are wanted, then stop."""
        if not stopping.value:
            stopping.value = 1
            threading.Thread(target=stop_for_sure, daemon=True).start()

    server.signal_handler_interrupt = say_first
    with _figures():
        server.serve(target_loader=load, wrap_loader=False)


@contextmanager
def _figures() -> Iterator[None]:
    """Give the workers a folder in which they add up what they count, if anybody may read that."""
    if not os.environ.get("VCARDAPP_METRICS_TOKEN"):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="vcardapp-figures-", ignore_cleanup_errors=True) as folder:
        os.environ[FIGURES] = folder
        yield


def make_server(address: str, port: int, workers: int) -> Any:
    """Return granian as we run it."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from vcardapp.operations import logs

    return Granian(
        "vcardapp.wsgi:app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,  # HTTP/1 alone would forget the limit of headers below
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,  # backpressure stays as it is: idle connections count in it and would shut others out
        http1_settings=HTTP1Settings(max_buffer_size=BUFFER),
        log_level=LogLevels.error,
        log_dictconfig=logs.configuration(os.environ.get("VCARDAPP_LOG_FORMAT") or "text"),
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )


def _load(demo_url: str, first: Semaphore, stopping: Any) -> Any:
    """Load the app inside a worker; the first worker prints the way into the demo."""
    signal.signal(signal.SIGTERM, _leave)  # until granian sets its own: the one from the parent is no use here
    _hear_signals()
    _stop_once()
    _end_with_parent()
    with in_one_go():
        from vcardapp.operations.health import FIRST_WITHIN
        from vcardapp.wsgi import app
    gc.freeze()  # what is loaded stays: later searches leave it out

    readiness = app.extensions["readiness"]
    readiness.is_stopping = lambda: bool(stopping.value)
    readiness.missing(FIRST_WITHIN)  # that the first visitors need not wait until every part was got to know
    if demo_url and first.acquire(block=False):
        from vcardapp.demo.service import sign_in_link

        with app.app_context():
            link = sign_in_link()
        if link:
            print(f"Sign in as the demo's owner, once and within 30 minutes: {demo_url}{link}", flush=True)
    return app


def _hear_signals() -> None:
    """Wake the main thread for each signal: a wait of granian's goes on where another thread was interrupted by it."""
    if not hasattr(signal, "pthread_kill"):
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    awake: list[int] = []
    signal.signal(signal.SIGURG, lambda number, _frame: awake.append(number))
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    wake = threading.Thread(target=_wake, args=(threading.get_ident(), awake, heard, told), name="signals", daemon=True)
    wake.start()


def _wake(sleeper: int, awake: list[int], heard: socket.socket, _told: socket.socket) -> None:
    """Knock until the handlers were called, which happens in the order of the signals' numbers: SIGURG has the highest."""
    while number := heard.recv(1):
        if number[0] != signal.SIGURG:
            awake.clear()
            while not awake:
                signal.pthread_kill(sleeper, signal.SIGURG)
                time.sleep(0.02)


def _stop_once() -> None:
    """Have granian hear once that a worker should stop: told again while it stops, its threads wait for each other for ever.

    Ctrl-C is for the parent, which tells the workers; who ends before would be replaced.
    """
    from granian import _signals

    register = _signals.set_main_signals

    def register_once(handler: Callable[..., object], *more: Any) -> None:
        told: list[int] = []

        def first(number: int, frame: Any) -> None:
            if not told:
                told.append(number)
                handler(number, frame)

        register(first, *more)  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    _signals.set_main_signals = register_once


def _leave(*_: object) -> NoReturn:
    """End a worker that has answered nothing yet."""
    os._exit(0)


def _end_with_parent() -> None:
    """Have Linux end this worker when the process that started it is killed: else it would go on answering."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
