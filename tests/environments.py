"""Environments of their own for programs of tests that want other versions than the rest: a folder `.venv` beside a lock."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def install(folder: Path) -> None:
    """Make the environment of this folder, unless it is there as its requirements.lock wants it."""
    lock, venv = folder / "requirements.lock", folder / ".venv"
    stamp = venv / "installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    shutil.rmtree(venv, ignore_errors=True)
    uv = ROOT / ".uv" / "bin" / "uv"
    if uv.exists():
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, venv], check=True)
        subprocess.run([uv, "pip", "sync", "-q", "--python", venv / "bin" / "python", lock], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
    stamp.write_bytes(lock.read_bytes())
