"""A process of its own that decodes what strangers sent: limited in memory, and no loss where it dies.

It reads one task a line, `{"kind", "source", "target"}`, writes the files into the folder `target`, and answers with one
line: what was made, or why nothing was.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from vcardapp.i18n import N_
from vcardapp.images_reading import PictureRefused

MOST_MEMORY = 2_000_000_000  # bytes of data of this process: 64 megapixels take 260 MB as PNG, 1.5 GB as WebP
TOO_LARGE = N_("This file needs more memory than there is. Please make it smaller, or choose another one.")


def main() -> None:
    """Work until nothing more is asked for."""
    be_modest()
    limit_memory(MOST_MEMORY)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def be_modest() -> None:
    """Let the server's own processes go first, and let Linux end this one before them where memory runs out."""
    if hasattr(os, "nice"):
        os.nice(5)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_memory(most: int) -> None:
    """Have the system refuse this process more memory, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def answer(task: dict[str, str]) -> dict[str, Any]:
    """Do one task and tell what came of it."""
    try:
        return dataclasses.asdict(make(task["kind"], Path(task["source"]), Path(task["target"])))
    except PictureRefused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": TOO_LARGE}
    except OSError as problem:
        return {"errno": problem.errno or 0}


def make(kind: str, source: Path, target: Path) -> Any:
    """Make the files of a picture or paper in a folder."""

    def write(name: str, data: bytes) -> None:
        (target / name).write_bytes(data)

    if kind == "paper":
        from vcardapp.media import papers

        return papers.make_all(source, write)
    from vcardapp import images_sizes

    return images_sizes.make_all(source, write)


if __name__ == "__main__":
    main()
