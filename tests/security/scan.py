"""Attacks a running app with wapiti, as a stranger and as an owner: `python -m tests.security.scan`, or `make test-security`.

The app runs on a throw-away data folder with the demo; it may be damaged, that is what it is for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.environments import install
from tests.processes import Server, start_server

HERE = Path(__file__).parent
WAPITI = HERE / ".venv" / "bin" / "wapiti"
MODULES = "xss,permanentxss,sql,redirect,csp,csrf,cookieflags,http_headers,file,exec,crlf,upload"
SECONDS = int(os.environ.get("VCARDAPP_SCAN_SECONDS", "600"))  # for each of the two
LEFT_OUT = ("/logout*", "/account/delete*", "/account/sign-ins*", "/change*", "/cards/*/delete*", "/sign-in/*")
SAME_SITE = (
    r"/new|/[^/]+/(store|book|send|report)\b.*|/[bow]/.*",
    "kept-ready pages hold no token: such forms are believed by Sec-Fetch-Site and Origin (vcardapp/public/same_site.py)",
)
FRAMES = (".*", "frame-ancestors of the CSP says it (RFC 7034 is obsolete); the embedded card may be framed on purpose")
FALSE = {  # what wapiti calls it: the paths where it is wrong, and why
    "Cross Site Request Forgery": SAME_SITE,
    "Clickjacking Protection": FRAMES,
    "Secure Flag cookie": (".*", "the scan speaks plain HTTP to this computer; over https it is set (test_v3_browser.py)"),
}


@dataclass(frozen=True)
class Finding:
    kind: str
    method: str
    path: str
    says: str

    @property
    def is_false(self) -> bool:
        where, _why = FALSE.get(self.kind, ("", ""))
        return bool(where) and re.fullmatch(where, urlsplit(self.path).path) is not None

    def __str__(self) -> str:
        return f"{self.kind}: {self.method} {self.path}: {self.says}"


def cookie_of_owner(server: Server, log: Path) -> str:
    """Sign the demo's owner in by the link that the server has printed, and return the cookie."""
    until = time.monotonic() + 60
    while not (found := re.search(r"http://\S+/sign-in/\S+", log.read_text())):
        if time.monotonic() > until:
            raise RuntimeError(log.read_text())
        time.sleep(0.1)
    jar = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(found[0], timeout=60).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def scan(server: Server, folder: Path, name: str, cookie: str = "") -> list[Finding]:
    """Let wapiti look at everything it can reach, and return what it found."""
    report, home = folder / f"{name}.json", folder / f"wapiti-{name}"
    command = [WAPITI, "-u", server.url + "/", "--scope", "folder", "-m", MODULES, "--flush-session", "--no-bugreport"]
    command += ["-f", "json", "-o", report, "--store-session", home, "--store-config", home, "-v", "0", "-t", "20"]
    command += ["--max-scan-time", str(SECONDS // 3), "--max-attack-time", str(SECONDS // 12), "--max-files-per-dir", "12"]
    command += ["--max-parameters", "60", "-d", "6", "--tasks", "6"]
    for path in LEFT_OUT:
        command += ["-x", server.url + path]
    if cookie:
        command += ["-C", cookie, "-s", server.url + "/cards", "-s", server.url + "/account"]
    env = {**os.environ, "HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=2 * SECONDS)
    if done.returncode or not report.exists():
        raise RuntimeError(done.stdout[-2000:])
    said = json.loads(report.read_text())
    asked = said.get("infos", {}).get("crawled_pages_nbr", 0)
    print(f"{name}: {asked} pages and forms found and attacked", flush=True)
    if asked < 10:
        raise RuntimeError("the scan saw next to nothing:\n" + done.stdout[-2000:])
    return list(findings_in(said))


def findings_in(report: dict[str, Any]) -> Iterator[Finding]:
    """Yield the weaknesses and the faults (errors 500, no answer) of a report."""
    for part in ("vulnerabilities", "anomalies"):
        for kind, all_of_it in report[part].items():
            for one in all_of_it:
                yield Finding(kind, one["method"], one["path"], one["info"].splitlines()[0])


def tracebacks(log: str) -> list[str]:
    """Return each traceback of a log once: its last frame and what was raised."""
    found = re.findall(r"^(  File .*\n(?:    .*\n)*)(\w[\w.]*(?:Error|Exception|Exit).*)$", log, re.M)
    return sorted({f"{frame.splitlines()[0].strip()}: {raised[:200]}" for frame, raised in found})


def main() -> int:
    """Scan, print what was found, and return 1 if anything of it is true."""
    install(HERE)
    with tempfile.TemporaryDirectory(prefix="scan-") as place:
        folder = Path(place)
        log = folder / "log"
        quiet = {"VCARDAPP_RATE_LIMITS": "0", "VCARDAPP_OPERATOR": "Scan Ltd, scan@example.org"}
        with log.open("w") as output, start_server(folder, "--with-demo", output=output, **quiet) as server:
            found = [("stranger", one) for one in scan(server, folder, "stranger")]
            cookie = cookie_of_owner(server, log)
            found += [("owner", one) for one in scan(server, folder, "owner", cookie)]
        problems = tracebacks(log.read_text())
    true = [f"{who}: {one}" for who, one in found if not one.is_false]
    for kind, (_where, why) in FALSE.items():
        if count := sum(one.kind == kind and one.is_false for _, one in found):
            print(f"left out, {count} times {kind}: {why}")
    print("\n".join(true + problems) or "Nothing found.")
    return bool(true or problems)


if __name__ == "__main__":
    sys.exit(main())
