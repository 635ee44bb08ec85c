"""Start time, memory and throughput of `vcardapp run` beside a bare function on the same server; contact files; free slots."""

from __future__ import annotations

import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench import booking, contact_files, gallery, media, nginx, store
from tests.bench.load import answer, rate
from tests.processes import Server, free_port, start_server, wait_until_answered
from tests.store.shelves import sixty_products
from vcardapp import create_app
from vcardapp.accounts.service import ensure_user

STARTS = 5
ROUNDS = 5
SECONDS = 2.0  # of load a round
CARD = "maria"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        first, _ = timed_start(data, "--with-demo")
        times, memory = zip(*[timed_start(data) for _ in range(STARTS)], strict=True)
        server = start_server(data, output=subprocess.DEVNULL, VCARDAPP_RATE_LIMITS="0")
        try:
            throughput = compare(server, data)
        finally:
            server.stop()
        beside_nginx = ready_pages(data) if nginx.is_there() else {}
    print(f"{'':34}{'measured':>12}")
    print(f"{'first start, with the demo':34}{first:>10.2f} s")
    print(f"{'start to first answer (median)':34}{statistics.median(times):>10.2f} s")
    print(f"{'memory, resident (all processes)':34}{statistics.median(rss for rss, _ in memory):>9.0f} MB")
    print(f"{'memory, proportional':34}{statistics.median(pss for _, pss in memory):>9.0f} MB")
    print(f"\n{'':34}{'app':>10}{'bare':>10}{'ratio':>8}")
    for path, (ours, bare) in throughput.items():
        print(f"{'GET ' + path + ', a second':34}{ours:>10.0f}{bare:>10.0f}{ours / bare:>8.3f}")
    contact_files.show()
    booking.show()
    store.show()
    media.show()
    gallery.show()
    if not beside_nginx:
        print("ready pages beside nginx: not measured (nginx and wrk are needed: apt install nginx-light wrk)")
        sys.exit(1)
    rivals = ("bare", "nginx", "tuned")  # nginx as it is installed writes a log and opens the file each time
    print(f"\n{'two workers each, the same bytes':34}{'ready':>10}" + "".join(f"{name:>10}{'ratio':>8}" for name in rivals))
    for path, ((ours, *theirs), ratios) in beside_nginx.items():
        pairs = zip(theirs, ratios, strict=True)
        print(f"{'GET ' + path + ', a second':34}{ours:>10.0f}" + "".join(f"{rate:>10.0f}{ratio:>8.2f}" for rate, ratio in pairs))


def ready_pages(data: Path) -> dict[str, nginx.Rates]:
    """Compare what two workers give of their ready pages with a bare function, and with what nginx gives of files."""
    server = start_server(data, "--workers", "2", output=subprocess.DEVNULL, VCARDAPP_RATE_LIMITS="0", VCARDAPP_JOBS="0")
    try:
        with create_app(server.settings).app_context():
            shop, _ = sixty_products(ensure_user("baker@example.org"))
            paths = [f"/{CARD}", f"/{CARD}.vcf", f"/{CARD}/qr.svg", f"/{shop.slug}/store"]
        return nginx.compare(server, data, paths)
    finally:
        server.stop()


def timed_start(data: Path, *options: str) -> tuple[float, tuple[float, float]]:
    """Return the seconds until the landing page came, and the megabytes then in use."""
    begun = time.perf_counter()
    server = start_server(data, *options, output=subprocess.DEVNULL)
    wait_until_answered(f"{server.url}/", server.process)
    took = time.perf_counter() - begun
    top = psutil.Process(server.process.pid)
    used = [process.memory_full_info() for process in (top, *top.children(recursive=True))]
    assert server.stop() == 0
    return took, (sum(one.rss for one in used) / 1e6, sum(one.pss for one in used) / 1e6)


def compare(server: Server, data: Path) -> dict[str, tuple[float, float]]:
    """Load the app and the bare function by turns; return the median rates for each address."""
    ours = int(server.env["PORT"])
    paths = [f"/{CARD}", f"/{CARD}.vcf"]
    (data / "answers").write_bytes(pickle.dumps({path: parsed(answer(ours, path)) for path in paths}))
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare", str(port), str(data / "answers"), "1"]
    with subprocess.Popen(command, text=True) as bare:
        try:
            wait_until_answered(f"http://127.0.0.1:{port}/", bare)
            found: dict[str, tuple[float, float]] = {}
            for path in paths:
                pairs = [(rate(ours, path, SECONDS), rate(port, path, SECONDS)) for _ in range(ROUNDS)]
                found[path] = (statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs))
            return found
        finally:
            bare.terminate()


def parsed(whole: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """Take an answer apart as WSGI wants it; the server adds the date itself."""
    head, _, body = whole.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    return status.partition(" ")[2], [(name, value) for name, value in pairs if name.lower() != "date"], body


if __name__ == "__main__":
    main()
