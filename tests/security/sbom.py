"""What is installed, from requirements.lock, as CycloneDX 1.6: `python -m tests.security.sbom > sbom.json`, or `make sbom`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ ;\\]+)")


def sbom() -> dict[str, Any]:
    """Return the list; it says the same for the same lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = []
    for block in re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip()):
        found = PACKAGE.match(block)
        if not found:
            raise ValueError(block)
        name, version = found.groups()
        hashes = [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"sha256:([0-9a-f]{64})", block)]
        purl = f"pkg:pypi/{name}@{version}"
        components.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}
        )
    this = {"type": "application", "name": project["name"], "version": project["version"]}
    about = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": this}}
    return {**about, "components": components}


if __name__ == "__main__":
    print(json.dumps(sbom(), indent=1))
