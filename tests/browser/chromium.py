"""Finds a Chromium for the browser tests; as root on Debian or Ubuntu installs one where there is none.

Its headless shell is the same engine without windows, tabs and profiles, and does two thirds of the work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = ["fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"]
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def find_chromium(*, whole: bool = False) -> str | None:
    """Return the path of CHROMIUM_PATH, of one on the PATH, or of Playwright's own; the headless shell first, or last."""
    if os.environ.get("CHROMIUM_PATH"):
        return os.environ["CHROMIUM_PATH"]
    names = (*WHOLE, SHELL) if whole else (SHELL, *WHOLE)
    return next(filter(None, map(shutil.which, names)), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    path = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout.strip()
    shell = Path.home() / ".cache" / "ms-playwright"
    found = [path] if path and Path(path).exists() else sorted(map(str, shell.glob("*headless*/*/*headless[-_]shell")))
    return found[-1] if found else None


def install_chromium() -> None:
    """Install Debian's headless shell of Chromium, or Chromium, with fonts for every script; quietly nothing elsewhere."""
    if not shutil.which("apt-get") or os.name != "posix" or os.geteuid() != 0:
        return
    print("Installing Chromium for the browser tests …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=0"]

    def run(*what: str) -> bool:
        silent = subprocess.DEVNULL
        return subprocess.run([*quiet, *what], env=env, stdout=silent, stderr=silent).returncode == 0

    run("update")
    install = "install", "-y", "--no-install-recommends", "--no-remove", *FONTS
    if not run(*install, SHELL) and not find_chromium():
        run(*install, WHOLE[0])


def main() -> None:
    if not os.environ.get("CHROMIUM_PATH") and not shutil.which(SHELL):
        install_chromium()
    if not find_chromium():
        playwright = Path(sys.executable).with_name("playwright")
        sys.exit(f"The browser tests need Chromium. Type: {playwright} install --with-deps chromium-headless-shell")


if __name__ == "__main__":
    main()
