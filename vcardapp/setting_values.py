"""How the value of each sort of setting is read: what cannot be used raises BadSetting, which never repeats the value."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

SHORTEST_SECRET = 32  # letters, where the site is open to the world
INSTALL = "needs more packages: pip install --require-hashes -r vcardapp/operations/requirements.lock"
MASK = "***"
PASSWORD = re.compile(r"(?<=://)([^/@]*:)?[^/@]*(?=@)|(?<=[?&])(?P<name>\w*(?:pass|secret|token)\w*=)[^&#\s]*", re.IGNORECASE)
Env = dict[str, str]


class BadSetting(Exception):
    """A setting that cannot be used; the message names the variable and says what is expected."""


def without_password(text: str) -> str:
    """Return a text in which whatever lets somebody in is masked in addresses: user and password, ?password=…"""
    return PASSWORD.sub(lambda found: (found["name"] or "") + MASK, text)


def check_letters(env: Env) -> None:
    """Raise BadSetting for a setting whose bytes are no text, such as one from a file in Latin-1."""
    for name, value in env.items():
        if name.startswith("VCARDAPP_") and any("\ud800" <= char <= "\udfff" for char in value):
            raise BadSetting(f"{name} must be written in UTF-8.")


def one_of(env: Env, name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name) or default
    if value not in allowed:
        raise BadSetting(f"{name} must be one of {', '.join(allowed)}.")
    return value


def switch(env: Env, name: str, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        raise BadSetting(f"{name} must be 1 or 0.")
    return value in ("1", "true", "yes") if value else default


def number(env: Env, name: str, default: int, most: int, least: int = 0) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and least <= int(value) <= most):
        raise BadSetting(f"{name} must be a whole number from {least} to {most:,}.".replace(",", ""))
    return int(value)


def line(env: Env, name: str) -> str:
    """Return a text of one line."""
    value = env.get(name, "")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise BadSetting(f"{name} must be one line.")
    return value


def secret(env: Env, name: str, is_secure: bool, shortest: int = SHORTEST_SECRET) -> str:
    value = line(env, name)
    if value and is_secure and len(value) < shortest:
        raise BadSetting(f"{name} must have at least {shortest} letters, such as: openssl rand -hex 32")
    return value


def token(env: Env, name: str, is_secure: bool) -> str:
    """Return a secret that is shown in a header of HTTP."""
    value = secret(env, name, is_secure, 16)
    if not re.fullmatch(r"[!-~]*", value):
        raise BadSetting(f"{name} must be of ASCII letters, digits and signs without spaces: it is sent in a header.")
    return value


def database_url(given: str, data: Path) -> str:
    name = "VCARDAPP_DATABASE_URL"
    if not given:
        return f"sqlite:///{data / 'vcardapp.sqlite3'}"
    if given.startswith("sqlite:///"):
        if given.removeprefix("sqlite:///").partition("?")[0] in ("", ":memory:"):
            raise BadSetting(f"{name} must name a file, such as sqlite:////srv/vcardapp.sqlite3.")
        return given
    if given.startswith("postgres://"):
        given = "postgresql://" + given.removeprefix("postgres://")
    if not given.startswith(("postgresql://", "postgresql+psycopg://")):
        raise BadSetting(f"{name} must begin with sqlite:/// or postgresql://.")
    _split(name, given, "postgresql://user:password@host/name")
    _require("psycopg", name)
    return given.replace("postgresql://", "postgresql+psycopg://", 1)


def site_url(given: str) -> str:
    name = "VCARDAPP_URL"
    parts = _split(name, given.strip().rstrip("/"), "https://cards.example.org")
    more = parts.path or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise BadSetting(f"{name} must be http:// or https:// and a host, without a path.")
    if parts.username or parts.password:
        raise BadSetting(f"{name} must not hold a user name or password.")
    host = parts.hostname
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            raise BadSetting(f"{name} holds a host that is no name.") from None
    if not re.fullmatch(r"[a-z0-9._:-]+", host):
        raise BadSetting(f"{name} holds a host that is no name.")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port and parts.port != default else "")


def smtp_url(given: str) -> str:
    name, example = "VCARDAPP_SMTP_URL", "smtp://user:password@host:587 or smtps://user:password@host:465"
    parts = _split(name, given, example)
    more = parts.path.strip("/") or parts.query or parts.fragment
    if given and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or more):
        raise BadSetting(
            f"{name} must look like {example}; in user and password write %40 for @, %2F for /, %23 for #."
        )
    if bool(parts.username) != bool(parts.password):
        raise BadSetting(f"{name} must hold both a user and a password, or neither.")
    return given


def mail_from(env: Env) -> str:
    given = line(env, "VCARDAPP_MAIL_FROM")
    if given and not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", parseaddr(given)[1]):
        raise BadSetting("VCARDAPP_MAIL_FROM must be an e-mail address, such as Cards <cards@example.org>.")
    return given


def storage_url(given: str, name: str = "VCARDAPP_STORAGE") -> str:
    example = "s3://bucket/folder?endpoint=https://storage.example.com&region=eu-1"
    parts = _split(name, given, example)
    is_folder = parts.scheme == "file" and not parts.netloc and len(parts.path) > 1
    if given and not is_folder and not (parts.scheme == "s3" and parts.hostname):
        raise BadSetting(f"{name} must look like {example}.")
    if parts.username or parts.password:
        raise BadSetting(f"{name} must hold no key: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint = _split(name, asked.pop("endpoint", "https://amazon"), example)
    asked.pop("region", None)
    if asked or endpoint.scheme not in ("http", "https") or not endpoint.hostname:
        raise BadSetting(f"{name} must look like {example}.")
    if parts.scheme == "s3":
        _require("boto3", name)
    return given


def redis_url(given: str) -> str:
    name, example = "VCARDAPP_REDIS_URL", "redis://host:6379/0"
    parts = _split(name, given, example)
    if given and (
        parts.scheme not in ("redis", "rediss") or not parts.hostname or not re.fullmatch(r"(/[0-9]*)?", parts.path)
        or not re.fullmatch(r"((^|&)ssl_\w+=[^&]*)*", parts.query)
    ):
        raise BadSetting(f"{name} must look like {example}.")
    if given:
        _require("redis", name)
    return given


def name_servers(given: str) -> tuple[tuple[str, int], ...]:
    servers = []
    for one in given.replace(",", " ").split():
        try:
            parts = urlsplit(f"//{one}")
            servers.append((str(ipaddress.ip_address(parts.hostname or "")), parts.port or 53))
        except ValueError:
            raise BadSetting("VCARDAPP_DNS must be IP addresses, such as 9.9.9.9 or [2620:fe::fe]:53.") from None
    return tuple(servers)


def folders(given: str) -> tuple[Path, ...]:
    found = tuple(Path(os.path.expanduser(place)) for place in given.split(os.pathsep) if place)
    for folder in found:
        if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
            raise BadSetting(f"VCARDAPP_FONTS names {folder}, which is no folder that can be read.")
    return found


def _split(name: str, given: str, example: str) -> SplitResult:
    """Take an address apart; one whose port or brackets make no sense raises BadSetting."""
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        raise BadSetting(f"{name} must look like {example}.") from None
    return parts


def _require(package: str, name: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise BadSetting(f"{name} {INSTALL}")
