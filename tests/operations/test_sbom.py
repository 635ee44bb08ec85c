"""The bill of materials names every locked package, as it is locked, and no address of a package index."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from vcardapp.operations.sbom import LOCK as LOCK_OF_SERVERS
from vcardapp.operations.sbom import bill

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / LOCK_OF_SERVERS).read_text()
NEEDED = (ROOT / "requirements.lock").read_text()


def test_every_locked_package_is_in_it_with_all_its_hashes() -> None:
    found = bill(LOCK, NEEDED, "1.2.3")
    pinned = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", LOCK, re.M)
    assert len(pinned) > 50
    assert [(one["name"], one["version"]) for one in found["components"]] == pinned
    hashes = [one["content"] for component in found["components"] for one in component["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", LOCK))
    assert all(component["hashes"] for component in found["components"])


def test_it_tells_what_every_server_needs_from_what_only_some_do() -> None:
    scopes = {one["name"]: one["scope"] for one in bill(LOCK, NEEDED, "1.2.3")["components"]}
    assert {name for name, scope in scopes.items() if scope == "required"} == set(re.findall(r"^([a-z0-9._-]+)==", NEEDED, re.M))
    assert {scopes[name] for name in ("psycopg", "redis", "boto3", "hatchling")} == {"optional"}


def test_it_says_what_needs_what() -> None:
    found = bill(LOCK, NEEDED, "1.2.3")
    known = {found["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in found["components"])}
    wants = {one["ref"]: one["dependsOn"] for one in found["dependencies"]}
    assert set(wants) == known
    assert {reference for needed in wants.values() for reference in needed} == known - {"pkg:pypi/vcardapp@1.2.3"}
    written = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [written["project"]["dependencies"], written["dependency-groups"]["build"]]
    asked = sum([*lists, *written["project"]["optional-dependencies"].values()], [])
    direct = {found[0] for one in asked if (found := re.match(r"[a-z0-9._-]+", one.lower()))}
    assert {one.removeprefix("pkg:pypi/").partition("@")[0] for one in wants["pkg:pypi/vcardapp@1.2.3"]} == direct


def test_it_is_cyclonedx_and_holds_no_address_of_an_index() -> None:
    found = bill(LOCK, NEEDED, "1.2.3")
    assert (found["bomFormat"], found["specVersion"], found["version"]) == ("CycloneDX", "1.5", 1)
    assert found == bill(LOCK, NEEDED, "1.2.3")  # the same again, so that a change in it is a change in what is installed
    assert re.findall(r"https?://[^/\"]+", json.dumps(found)) == ["http://cyclonedx.org"]
    assert set(found) == {"$schema", "bomFormat", "specVersion", "version", "metadata", "components", "dependencies"}


def test_a_line_that_is_not_understood_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="not understood"):
        bill("flask @ git+ssh://example.org/flask\n", "", "1")
