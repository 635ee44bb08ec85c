"""Lists every package of operations/requirements.lock as CycloneDX 1.5: `python -m vcardapp.operations.sbom`, in a checkout.

What the lock at the top lacks is optional: only an extra asks for it, or the build.

uv could write one only of a uv.lock, which holds addresses of a package index.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PINNED = re.compile(r"([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)(?:\s*;\s*(.*?))?\s*\\?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
OURS = "vcardapp"
LOCK = "vcardapp/operations/requirements.lock"  # of a server: every extra, and what builds it


@dataclass
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    marker: str
    hashes: list[str] = field(default_factory=list)
    wanted_by: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> Iterator[Locked]:
    """Yield the packages of a lock file as `uv pip compile --generate-hashes` writes it."""
    package, is_via = None, False
    for line in text.splitlines():
        if found := PINNED.fullmatch(line):
            if package:
                yield package
            package, is_via = Locked(found[1], found[2], found[3] or ""), False
        elif package and (hashed := HASH.search(line)):
            package.hashes.append(hashed[1])
        elif package and line.strip().startswith("#"):
            words = line.strip("# ").removeprefix("via").split()
            is_via = is_via or line.strip().startswith("# via")
            package.wanted_by += words[:1] if is_via and words[:1] != ["-c"] else []
        elif line.strip():
            raise ValueError(f"a line of the lock file is not understood: {line[:80]}")
    if package:
        yield package


def bill(lock: str, needed: str, version: str) -> dict[str, Any]:
    """Return the bill of materials of a lock file; `needed` is the one without extras."""
    packages = list(locked(lock))
    required = {package.name for package in locked(needed)}
    wants: dict[str, list[str]] = {name: [] for name in [OURS, *(package.name for package in packages)]}
    for package in packages:
        for name in package.wanted_by:
            wants[name].append(package.reference)
    root = f"pkg:pypi/{OURS}@{version}"
    references = [(OURS, root), *((package.name, package.reference) for package in packages)]  # one name, perhaps two versions
    ours = {"type": "application", "bom-ref": root, "name": OURS, "version": version, "purl": root}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": ours},
        "components": [_component(package, package.name in required) for package in packages],
        "dependencies": [{"ref": reference, "dependsOn": sorted(wants[name])} for name, reference in references],
    }


def _component(package: Locked, required: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.reference,
        "name": package.name,
        "version": package.version,
        "purl": package.reference,
        "scope": "required" if required else "optional",
        "hashes": [{"alg": "SHA-256", "content": one} for one in package.hashes],  # of each file that may be installed
    }
    if package.marker:
        described["properties"] = [{"name": "vcardapp:marker", "value": package.marker}]
    return described


def main() -> None:
    """Write dist/vcardapp-VERSION.cdx.json beside pyproject.toml."""
    root = Path(__file__).parents[2]
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    everything, needed = ((root / name).read_text(encoding="utf-8") for name in (LOCK, "requirements.lock"))
    found = bill(everything, needed, version)
    target = root / "dist" / f"vcardapp-{version}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found['components'])} packages: {target.relative_to(root)}")


if __name__ == "__main__":
    main()
