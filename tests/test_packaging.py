"""What `pip install .` gives: a command that works anywhere, with its templates, static files and migrations inside."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.cases import FULL
from tests.processes import environment, free_port, wait_until_answered
from vcardapp.operations.deploy_compose import COMPOSE

ROOT = Path(__file__).parents[1]
SERVERS = "vcardapp/operations/requirements.lock"
LOCKS = ("requirements.lock", SERVERS)
UV = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")


def uv(*arguments: str | Path) -> None:
    """Run uv with what its cache holds, and ask the network only for what it lacks."""
    if subprocess.run([UV, *arguments, "--offline", "-q"], cwd=ROOT, stderr=subprocess.DEVNULL).returncode:
        subprocess.run([UV, *arguments, "-q"], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "-o", folder)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_what_the_app_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name for name in names if not re.match(r"vcardapp-[^/]+\.dist-info/", name)}
    for folder in ("vcardapp", "templates", "static"):
        kept = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True).stdout.split()
        missing = {name if folder == "vcardapp" else f"vcardapp/{name}" for name in kept if (ROOT / name).exists()} - inside
        assert not missing
    assert {name.split("/")[0] for name in inside} == {"vcardapp"}
    assert not [name for name in inside if "__pycache__" in name or name.endswith((".pyc", ".sqlite3", ".map"))]


def test_an_installed_wheel_serves_pages_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """In full rounds it is installed as the README says, with nothing of ours; else beside our libraries, which is quicker."""
    venv.create(tmp_path / "venv", with_pip=False)
    home = tmp_path / "venv" / "bin"
    installed = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv")}))
    if FULL:
        uv("pip", "install", "--python", home / "python", "--require-hashes", "-r", SERVERS)
        uv("pip", "install", "--python", home / "python", "--no-deps", "--no-build-isolation", ".")
        subprocess.run([home / "python", "-c", "import psycopg, redis, boto3"], cwd=tmp_path, check=True)
    else:
        uv("pip", "install", "--no-deps", "--python", home / "python", wheel)
        (installed / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    assert "Usage: vcardapp" in subprocess.run(
        [home / "vcardapp", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    where = "import vcardapp.assets as assets; print(assets.TEMPLATES)"
    found = subprocess.run([home / "python", "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == installed / "vcardapp" / "templates"
    port = free_port()
    env = environment(tmp_path / "data", port)
    with subprocess.Popen([home / "vcardapp", "run"], cwd=tmp_path, env=env, text=True) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_answered(f"{url}/healthz", process)
            with urllib.request.urlopen(f"{url}/login", timeout=20) as answer:
                page = answer.read().decode()
            assert "<form" in page
            for asset in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)):
                with urllib.request.urlopen(url + asset, timeout=20) as answer:
                    assert answer.read()
        finally:
            process.terminate()
            assert process.wait(30) == 0


def test_the_locks_name_no_package_index_and_have_a_hash_for_everything() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), ROOT / SERVERS]:
        text = lock.read_text()
        assert not re.search(r"https?://|--index|--find-links", text)
        pinned = re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^\]]*\])?==", text, re.M)
        assert len(pinned) == len(re.findall(r"^[A-Za-z0-9_.-]+(?:\[[^\]]*\])?==[^\n]*\\\n\s+--hash=", text, re.M)) > 20



def test_a_server_gets_the_same_packages_and_every_extra_by_hashes_alone() -> None:
    """What the README and the compose file install: nothing is left for a resolver, the build included."""
    pins = {name: set(re.findall(r"^([a-z0-9._-]+==[^\s;]+)", (ROOT / name).read_text(), re.M)) for name in LOCKS}
    assert pins["requirements.lock"] < pins[SERVERS]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [project["project"]["dependencies"], project["build-system"]["requires"]]
    asked: list[str] = sum([*lists, *project["project"]["optional-dependencies"].values()], [])
    pinned = {one.partition("==")[0] for one in pins[SERVERS]}
    assert {re.match(r"[a-z0-9._-]+", one)[0] for one in asked} <= pinned  # type: ignore[index]
    for told in ((ROOT / "README.md").read_text(), COMPOSE):
        assert re.search(r"--require-hashes -r (/source/|vcardapp/operations/)requirements\.lock", told)
        assert "--no-deps --no-build-isolation" in told

