"""Settings are checked once, at start; a sentence names the one that cannot be used and never repeats what it holds."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PROGRAM, environment
from vcardapp.config import BadSetting, Settings, doubts, read_settings, variable_of

LONG = "a" * 40
WRONG: list[tuple[dict[str, str], str]] = [
    ({"DATABASE_URL": "mysql://root:hunter2@host/db"}, "DATABASE_URL must begin with sqlite:/// or postgresql://"),
    ({"DATABASE_URL": "postgresql+asyncpg://me:hunter2@host/db"}, "DATABASE_URL must begin with"),
    ({"DATABASE_URL": "postgresql://me:hunter2@host:port/db"}, "DATABASE_URL must look like"),
    ({"DATABASE_URL": "vcardapp.sqlite3"}, "DATABASE_URL must begin with"),
    ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL must name a file"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name a file"),
    ({"URL": "cards.example.org"}, "URL must be http:// or https://"),
    ({"URL": "https://cards.example.org/folder"}, "URL must be http:// or https:// and a host, without a path"),
    ({"URL": "https://me:hunter2@cards.example.org"}, "URL must not hold a user name or password"),
    ({"URL": "https://cards.example.org:http"}, "URL must look like"),
    ({"URL": "https://cards.example.org:99999"}, "URL must look like"),
    ({"URL": "https://[::1"}, "URL must look like"),
    ({"URL": "https://cards example.org"}, "URL holds a host that is no name"),
    ({"URL": f"https://{'é' * 80}.org"}, "URL holds a host that is no name"),
    ({"URL": "https://cards.example.org", "SECRET_KEY": "hunter2"}, "SECRET_KEY must have at least 32 letters"),
    ({"SECRET_KEY": f"{LONG}\nhunter2"}, "SECRET_KEY must be one line"),
    ({"SECRET_KEY": LONG, "OLD_SECRET_KEYS": f"b {LONG}"}, "OLD_SECRET_KEYS holds the present"),
    ({"SECRET_KEY": LONG, "METRICS_TOKEN": LONG}, "METRICS_TOKEN is the secret key too"),
    ({"URL": "https://cards.example.org", "METRICS_TOKEN": "hunter2"}, "METRICS_TOKEN must have at least 16"),
    ({"METRICS_TOKEN": "hunter2 of a pass phrase"}, "METRICS_TOKEN must be of ASCII letters, digits and signs"),
    ({"METRICS_TOKEN": "hunter2-wörter"}, "METRICS_TOKEN must be of ASCII letters"),
    ({"SIGN_UP": "hunter2"}, "SIGN_UP must be one of open, invitation, closed"),
    ({"LANGUAGE": "xx"}, "LANGUAGE must be one of en, es, ar"),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of text, json"),
    ({"CONFIRM_BEFORE_PUBLISH": "maybe"}, "CONFIRM_BEFORE_PUBLISH must be 1 or 0"),
    ({"RATE_LIMITS": "2"}, "RATE_LIMITS must be 1 or 0"),
    ({"JOBS": "on"}, "JOBS must be 1 or 0"),
    ({"SMTP_URL": "mail.example.org:587"}, "SMTP_URL must look like"),
    ({"SMTP_URL": "http://me:hunter2@mail.example.org"}, "SMTP_URL must look like"),
    ({"SMTP_URL": "smtp://me:hunter2@mail.example.org:port"}, "SMTP_URL must look like"),
    ({"SMTP_URL": "smtp://me:hunter2#x@mail.example.org"}, "SMTP_URL must look like"),
    ({"SMTP_URL": "smtp://me:hunter2/x@mail.example.org"}, "SMTP_URL must look like"),
    ({"SMTP_URL": "smtp://me@mail.example.org"}, "SMTP_URL must hold both a user and a password"),
    ({"SMTP_URL": "smtp://"}, "SMTP_URL must look like"),
    ({"MAIL_FROM": "Cards"}, "MAIL_FROM must be an e-mail address"),
    ({"MAIL_FROM": "a@example.org\r\nBcc: b@example.org"}, "MAIL_FROM must be one line"),
    ({"OPERATOR": "one\ntwo"}, "OPERATOR must be one line"),
    ({"GUEST_DRAFTS": "many"}, "GUEST_DRAFTS must be a whole number from 0 to"),
    ({"GUEST_DRAFTS": "-1"}, "GUEST_DRAFTS must be a whole number"),
    ({"GUEST_BYTES": "9" * 30}, "GUEST_BYTES must be a whole number"),
    ({"PROXIES": "127"}, "PROXIES must be a whole number from 0 to 10"),
    ({"READY_MB": "1.5"}, "READY_MB must be a whole number"),
    ({"READY_MB": "٣"}, "READY_MB must be a whole number"),
    ({"ACCOUNT_MB": "0"}, "ACCOUNT_MB must be a whole number from 1"),
    ({"STOP_DELAY": "601"}, "STOP_DELAY must be a whole number from 0 to 600"),
    ({"DNS": "ns.example.org"}, "DNS must be IP addresses"),
    ({"DNS": "9.9.9.9:domain"}, "DNS must be IP addresses"),
    ({"STORAGE": "bucket"}, "STORAGE must look like"),
    ({"STORAGE": "s3://"}, "STORAGE must look like"),
    ({"STORAGE": "s3://key:hunter2@bucket"}, "STORAGE must hold no key"),
    ({"STORAGE": "file://folder"}, "STORAGE must look like"),
    ({"STORAGE": "s3://[bucket"}, "STORAGE must look like"),
    ({"STORAGE": "s3://bucket?endpoint=hunter2"}, "STORAGE must look like"),
    ({"STORAGE": "s3://bucket?endpoint=https://[x"}, "STORAGE must look like"),
    ({"STORAGE": "s3://bucket?endpiont=https://hunter2"}, "STORAGE must look like"),
    ({"REDIS_URL": "redis://host/0?hunter2=1"}, "REDIS_URL must look like"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must look like"),
    ({"REDIS_URL": "redis://:hunter2@host:6379/zero"}, "REDIS_URL must look like"),
    ({"REDIS_URL": "redis://:hunter2@host:six/0"}, "REDIS_URL must look like"),
    ({"FONTS": "/no/such/folder"}, "FONTS names /no/such/folder, which is no folder"),
    ({"FONTS": "~nobody-here/fonts"}, "FONTS names ~nobody-here/fonts, which is no folder"),
    ({"OPERATOR": "Caf\udce9"}, "OPERATOR must be written in UTF-8"),
    ({"SECRET_KEY": f"\udcff{LONG}"}, "SECRET_KEY must be written in UTF-8"),
    ({"FONTS": __file__}, "which is no folder that can be read"),
]


def read(tmp_path: Path, given: dict[str, str]) -> Settings:
    return read_settings({"VCARDAPP_DATA": str(tmp_path), **{f"VCARDAPP_{name}": value for name, value in given.items()}})


@pytest.mark.parametrize(("given", "sentence"), WRONG, ids=[f"{list(given)[0]}-{n}" for n, (given, _) in enumerate(WRONG)])
def test_what_cannot_be_used_is_said_in_a_sentence_that_names_it(given: dict[str, str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refused:
        read(tmp_path, given)
    said = str(refused.value)
    assert said.startswith(f"VCARDAPP_{sentence.split()[0]} ") or sentence in said
    assert sentence in said
    assert "hunter2" not in said
    assert LONG not in said


@pytest.mark.parametrize("place", ["/proc/nowhere", "~nobody-here/cards", __file__, f"{__file__}/cards"])
def test_a_data_folder_that_cannot_be_used_names_its_setting(place: str) -> None:
    with pytest.raises(BadSetting, match="The data folder cannot be used: .* Set VCARDAPP_DATA"):
        read_settings({"VCARDAPP_DATA": place})


def test_a_port_that_is_none_is_named_though_an_address_is_made_of_it(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="PORT must be a whole number from 0 to 65535"):
        read_settings({"VCARDAPP_DATA": str(tmp_path), "PORT": "many"})


@pytest.mark.parametrize("held", [b"", b"\n \n", b"\xff\xfe\n"])
def test_a_file_without_a_key_is_named(held: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(held)
    with pytest.raises(BadSetting, match=f"{tmp_path}/secret holds no key"):
        read(tmp_path, {})


def test_every_setting_that_can_be_wrong_is_in_the_table() -> None:
    named = {f"VCARDAPP_{name}" for given, _ in WRONG for name in given}
    anything = {"VCARDAPP_DATA", "VCARDAPP_IMPRINT", "VCARDAPP_PRIVACY"}
    assert {variable_of(name) for name in Settings.__dataclass_fields__} == named | anything


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({}, "url", "http://127.0.0.1:8000"),
        ({"URL": "https://Bücher.example:443/"}, "url", "https://xn--bcher-kva.example"),
        ({"URL": "https://cards.example.org", "SECRET_KEY": LONG}, "secret_key", LONG),
        ({"SECRET_KEY": "short"}, "secret_key", "short"),
        ({"DATABASE_URL": "postgres://me@host/db"}, "database_url", "postgresql+psycopg://me@host/db"),
        ({"SMTP_URL": "smtps://me%40x:a%2Fb@mail.example.org"}, "smtp_url", "smtps://me%40x:a%2Fb@mail.example.org"),
        ({"MAIL_FROM": "Cards <cards@example.org>"}, "mail_from", "Cards <cards@example.org>"),
        ({"REDIS_URL": "redis://:pass@host"}, "redis_url", "redis://:pass@host"),
        ({"STORAGE": "file:///srv/media"}, "storage", "file:///srv/media"),
        ({"GUEST_BYTES": "0"}, "guest_bytes", 0),
        ({"OLD_SECRET_KEYS": "one two"}, "old_secret_keys", ("one", "two")),
    ],
)
def test_what_can_be_used_is_used(given: dict[str, str], field: str, value: Any, tmp_path: Path) -> None:
    assert getattr(read(tmp_path, given), field) == value


@pytest.mark.parametrize(
    ("package", "given"),
    [
        ("psycopg", {"DATABASE_URL": "postgresql://me:hunter2@host/db"}),
        ("redis", {"REDIS_URL": "redis://:hunter2@host"}),
        ("boto3", {"STORAGE": "s3://bucket"}),
    ],
)
def test_a_package_that_is_missing_is_named(
    package: str, given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else find(name))
    with pytest.raises(BadSetting, match=f"VCARDAPP_{list(given)[0]} needs more packages: pip install"):
        read(tmp_path, given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMPT_URL": "smtp://x"}, ["VCARDAPP_SMPT_URL is no setting of vcardapp: is VCARDAPP_SMTP_URL meant?"]),
        ({"SECRETKEY": "hunter2"}, ["VCARDAPP_SECRETKEY is no setting of vcardapp: is VCARDAPP_SECRET_KEY meant?"]),
        ({"QWERTZ": "1"}, ["VCARDAPP_QWERTZ is no setting of vcardapp, so it does nothing."]),
        ({"TEST_ROUNDS": "full"}, []),
        ({"CONFIRM_BEFORE_PUBLISH": "1", "SMTP_URL": "smtp://host"}, []),
    ],
)
def test_a_name_that_is_mistyped_is_told(given: dict[str, str], said: list[str], tmp_path: Path) -> None:
    env = {f"VCARDAPP_{name}": value for name, value in given.items()}
    assert list(doubts(read(tmp_path, given), env)) == said


def test_what_will_surprise_is_told(tmp_path: Path) -> None:
    said = list(doubts(read(tmp_path, {"CONFIRM_BEFORE_PUBLISH": "1", "URL": "https://localhost"}), {}))
    assert [sentence.split()[0] for sentence in said] == ["VCARDAPP_CONFIRM_BEFORE_PUBLISH", "VCARDAPP_URL"]


def test_the_program_ends_with_the_sentence(tmp_path: Path) -> None:
    env = environment(tmp_path, 8000, VCARDAPP_PROXIES="all")
    done = subprocess.run([PROGRAM, "run"], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "VCARDAPP_PROXIES must be a whole number from 0 to 10.\n"
