"""The readers of contact files that are written in JavaScript: installs them, and asks them, many cards to one start."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OLDEST = 20  # release of Node.js


@cache
def find_node() -> Path:
    """Return the Node.js of the PATH if it is new enough and has npm beside it, else the one among the tools."""
    own = Path(sys.executable).with_name("node")
    for path in filter(None, (shutil.which("node"), str(own))):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        found = re.match(r"v(\d+)", said)
        if found and int(found[1]) >= OLDEST and Path(path).with_name("npm").exists():
            return Path(path)
    return own


class NodeReaders:
    """One process that reads card after card."""

    def __init__(self) -> None:
        command = [find_node(), HERE / "read.mjs"]
        self.process = subprocess.Popen(
            command, text=True, encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read(self, vcf: bytes) -> dict[str, Any]:
        """Return what each reader of this version of vCard made of a file."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(vcf.decode()) + "\n")
        self.process.stdin.flush()
        answers: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answers

    def stop(self) -> None:
        self.process.communicate()


def main() -> None:
    npm = find_node().with_name("npm")
    print("Installing readers of contact files for the tests …", flush=True)
    done = subprocess.run([npm, "ci", "--loglevel=error", "--no-audit", "--no-fund"], cwd=HERE)
    if done.returncode:
        sys.exit(
            f"The tests need the readers named in tests/interop/package.json. Type: {npm} ci --prefix tests/interop"
        )


if __name__ == "__main__":
    main()
