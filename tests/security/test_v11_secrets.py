"""Secrets: how passwords are kept, where chance comes from, what stands in no address and on no disk (ASVS V11, V14, V15)."""

from __future__ import annotations

import ast
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import GOOD, log_in, with_password
from tests.test_access import full_card
from vcardapp.accounts import service
from vcardapp.accounts.models import User
from vcardapp.cards import service as cards
from vcardapp.config import read_settings
from vcardapp.operations.sbom import bill

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "vcardapp"
SECRET = re.compile(r"token|secret|nonce|password|uniquifier|challenge|recovery", re.I)
SAID_SECRET = re.compile(r"(?:password|present|token|secret|code|totp)=", re.I)


@pytest.mark.usefixtures("costly_passwords")
def test_passwords_are_kept_as_argon2id(client: FlaskClient) -> None:
    """ASVS 11.4.2 (2). 19 MiB, two rounds, one lane: OWASP's least; looked at where it is stored."""
    assert client.post("/register", data={"email": "zoe@example.org", "password": GOOD}).status_code == 303
    zoe = service.find_user("zoe@example.org")
    assert zoe is not None
    assert zoe.password is not None
    kind, version, costs, salt, digest = zoe.password.split("$")[1:]
    assert (kind, version, costs) == ("argon2id", "v=19", "m=19456,t=2,p=1")
    assert len(salt) >= 22
    assert len(digest) >= 43


def test_what_must_not_be_guessed_comes_from_the_systems_chance() -> None:
    """ASVS 11.5.1 (2). Only `secrets` and `os.urandom`: no `random` (ruff S311), and no UUID is a secret."""
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                names = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
                assert not (SECRET.search(names) and "uuid" in ast.unparse(node.value)), f"{path.name}:{node.lineno}"
        if re.search(r"^\s*(import random|from random)", text, re.M):
            assert path.name == "qr_damage.py" or path.parent.name == "demo", f"{path}: draws lots, always the same ones"


def test_links_and_cookies_hold_128_bits_and_more(app: Flask, alice: User, client: FlaskClient) -> None:
    """ASVS 11.5.1 (2). 22 letters of base64 are 128 bits."""
    links = [service.make_sign_in_link(alice) for _ in range(20)]
    tokens = [link.rsplit("/", 1)[1] for link in links]
    assert len(set(tokens)) == 20
    assert min(map(len, tokens)) >= 22
    assert len(service.invite().split("invitation=")[1]) >= 22


def test_the_secret_of_an_installation_is_its_own_and_closed_to_others(tmp_path: Path) -> None:
    """ASVS 11.5.1 (2). Made at the first start, readable by its owner alone, and the same at the next."""
    settings = [read_settings({"VCARDAPP_DATA": str(tmp_path / name)}) for name in ("a", "a", "b")]
    assert settings[0].secret_key == settings[1].secret_key != settings[2].secret_key
    assert len(settings[0].secret_key) >= 43
    assert stat.S_IMODE((tmp_path / "a" / "secret").stat().st_mode) == 0o600


def test_no_secret_stands_in_an_address(app: Flask, alice: User, sign_in: Callable[[User], FlaskClient]) -> None:
    """ASVS 14.2.1 (1). Forms with something secret are posted, and no link on a page holds any."""
    card = cards.publish_card(full_card(alice, "ada"), frozenset())
    owner = sign_in(alice)
    asked = ("/", "/login", "/register", "/reset", "/account", "/change", "/cards", f"/cards/{card.id}/edit", "/ada", "/ada/send")
    for path in asked:
        page = owner.get(path).text
        for form in re.findall(r"<form\b[^>]*>.*?</form>", page, re.S):
            if re.search(r'type="password"|name="csrf_token"', form):
                assert re.search(r'<form\b[^>]*method="post"', form), path
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', page):
            assert not SAID_SECRET.search(address), (path, address)


def test_browsers_keep_nothing_of_an_account(app: Flask, alice: User) -> None:
    """ASVS 14.3.2 (2). no-store on whatever only its owner sees, errors and redirects included; all is cleared at the end."""
    with_password(alice)
    card = cards.publish_card(full_card(alice, "ada"), frozenset())
    browser = app.test_client()
    log_in(browser, alice.email)
    for path in ("/account", "/change", "/account/email", "/account/delete", "/cards", f"/cards/{card.id}/edit", "/media/files",
                 f"/cards/{card.id}/store/orders", f"/cards/{card.id}/store/orders.csv", f"/cards/{card.id}/booking",
                 f"/cards/{card.id}/preview", f"/cards/{card.id}/nothing", "/domains", "/admin/"):  # fmt: skip
        assert browser.get(path).headers.get("Cache-Control") == "no-store", path
    cleared = browser.post("/logout").headers["Clear-Site-Data"]
    assert {"cache", "storage"} <= set(re.findall(r'"(\w+)"', cleared))


def test_what_is_installed_can_be_listed() -> None:
    """ASVS 15.1.2 (2). The SBOM that `make sbom` prints: more in tests/operations/test_sbom.py."""
    lock = (ROOT / "vcardapp/operations/requirements.lock").read_text()
    listed = {one["name"]: one for one in bill(lock, lock, "1")["components"]}
    assert {"flask", "sqlalchemy", "cryptography", "webauthn", "psycopg", "redis", "boto3"} <= set(listed)
    assert all(one["version"] and one["hashes"] for one in listed.values())
    assert "vcardapp.operations.sbom" in (ROOT / "Makefile").read_text()


def test_everything_is_installed_by_its_hash() -> None:
    """ASVS 15.1.2 (2). Every package of every lock, tools of tests included."""
    for lock in (*ROOT.glob("requirements*.lock"), *ROOT.glob("vcardapp/*/*.lock"), *ROOT.glob("tests/*/requirements.lock")):
        for block in re.split(r"\n(?=[a-z0-9])", lock.read_text().strip()):
            assert re.match(r"[a-z0-9._-]+(\[[^\]]*\])?==", block), f"{lock.name}: {block[:80]}"
            assert "--hash=sha256:" in block, f"{lock.name}: {block[:80]}"


def test_a_person_without_a_password_is_known_by_none(app: Flask, client: FlaskClient) -> None:
    """ASVS 6.3.2 (1). No default account, no default password; the first admin is made on the command line."""
    for email in ("admin", "admin@localhost", "admin@example.org", "root@localhost", "demo@example.org"):
        for password in ("admin", "password", "", "demo", "vcardapp"):
            assert log_in(client, email, password).status_code == 422
    sent = {"email": "zoe@example.org", "password": GOOD, "is_admin": "1", "roles": "admin"}
    assert client.post("/register", data=sent).status_code == 303
    zoe = service.find_user("zoe@example.org")
    assert zoe is not None
    assert not zoe.is_admin
    assert factories.user("first@example.org").is_admin is False
