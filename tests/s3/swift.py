"""A real Swift that speaks S3, in one folder; it has an environment of its own, for it wants an older setuptools.

`python -m tests.s3.swift` makes that environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.processes import PATIENCE, free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VENV = HERE / ".venv"
LOCK = HERE / "requirements.lock"
MEND = ".venv/bin/python -m tests.s3.swift"
KEYS = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "testing"}

SWIFT = """
[swift-hash]
swift_hash_path_suffix = tests
swift_hash_path_prefix = tests

[storage-policy:0]
name = only
default = yes
"""
STORE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
devices = {home}/devices
mount_check = false
workers = 0
log_statsd_host =
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
workers = 0
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats bulk s3api tempauth slo dlo copy proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
allowable_clock_skew = 1000000000
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:copy]
use = egg:swift#copy
"""
RING = """
import sys
from swift.common.ring import RingBuilder
kind, port, home = sys.argv[1:]
ring = RingBuilder(4, 1, 0)
ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "one", "weight": 1.0,
              "replication_ip": "127.0.0.1", "replication_port": int(port)})
ring.rebalance()
ring.get_ring().save(f"{home}/{kind}.ring.gz")
"""
KINDS = ("account", "container", "object")


def install() -> None:
    """Make the environment, unless it is there as the lock wants it."""
    stamp = VENV / "installed"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    uv = ROOT / ".uv" / "bin" / "uv"
    if uv.exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, VENV], check=True)
        subprocess.run([uv, "pip", "sync", "-q", "--python", VENV / "bin" / "python", LOCK], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([VENV / "bin" / "pip", "install", "-q", "--require-hashes", "-r", LOCK], check=True)
    stamp.write_bytes(LOCK.read_bytes())


def start(home: Path) -> tuple[str, Callable[[], None]]:
    """Start Swift in a folder and return its address and what stops it."""
    if not (VENV / "installed").exists():
        raise RuntimeError(f"Swift is not installed for the tests: run `{MEND}`.")
    (home / "devices" / "one").mkdir(parents=True)
    (home / "swift.conf").write_text(SWIFT)
    env = {**os.environ, "SWIFT_DIR": str(home), "PYTHONWARNINGS": "ignore"}
    ports = {kind: free_port() for kind in (*KINDS, "proxy")}
    for kind in KINDS:
        (home / f"{kind}-server.conf").write_text(STORE.format(kind=kind, port=ports[kind], home=home))
        subprocess.run([VENV / "bin" / "python", "-c", RING, kind, str(ports[kind]), home], check=True, env=env)
    (home / "proxy-server.conf").write_text(PROXY.format(port=ports["proxy"], home=home))
    servers = []
    for kind in (*KINDS, "proxy"):
        command = [VENV / "bin" / f"swift-{kind}-server", home / f"{kind}-server.conf"]
        with (home / f"{kind}.log").open("wb") as log:
            servers.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))

    def stop() -> None:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(PATIENCE)

    url = f"http://127.0.0.1:{ports['proxy']}"
    _wait(url, servers, home)
    return url, stop


def _wait(url: str, servers: list[subprocess.Popen[bytes]], home: Path) -> None:
    import urllib.error
    import urllib.request

    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            if any(server.poll() is not None for server in servers) or time.monotonic() > until:
                said = "\n".join(log.read_text(errors="replace") for log in home.glob("*.log"))
                raise RuntimeError(f"Swift does not start. To install it anew: rm -r {VENV}; {MEND}\n{said}") from None
            time.sleep(0.1)


if __name__ == "__main__":
    install()
