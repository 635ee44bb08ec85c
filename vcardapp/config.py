"""Every setting: its name, its environment variable, its default. Checked once, at start."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vcardapp.i18n import LANGUAGES

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class BadSetting(Exception):
    """A setting that cannot be used; the message names the variable and says what is expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path  # VCARDAPP_DATA: everything that is stored, unless a database elsewhere is set
    database_url: str  # VCARDAPP_DATABASE_URL
    url: str  # VCARDAPP_URL: scheme and host of every absolute address, no slash at its end
    secret_key: str  # VCARDAPP_SECRET_KEY, else the file `secret` in the data folder
    sign_up: str = "open"  # VCARDAPP_SIGN_UP: open, invitation, closed
    confirm_before_publish: bool = False  # VCARDAPP_CONFIRM_BEFORE_PUBLISH
    language: str = "en"  # VCARDAPP_LANGUAGE: for visitors whose languages we do not speak
    smtp_url: str = ""  # VCARDAPP_SMTP_URL: smtp://user:password@host:587 (STARTTLS) or smtps://…:465
    mail_from: str = ""  # VCARDAPP_MAIL_FROM
    operator: str = ""  # VCARDAPP_OPERATOR: who runs this server
    imprint: str = ""  # VCARDAPP_IMPRINT: the operator's imprint, Markdown text or an https address
    privacy: str = ""  # VCARDAPP_PRIVACY: added to the privacy page, Markdown
    guest_drafts: int = 2000  # VCARDAPP_GUEST_DRAFTS: drafts without an owner kept at once
    guest_bytes: int = 500_000_000  # VCARDAPP_GUEST_BYTES: and their pictures, in bytes
    proxies: int = 0  # VCARDAPP_PROXIES: how many proxies stand in front, so that limits count visitors and not the proxy
    rate_limits: bool = True  # VCARDAPP_RATE_LIMITS
    ready_megabytes: int = 64  # VCARDAPP_READY_MB: memory of each process for pages that are ready to be given; 0: none
    jobs: bool = True  # VCARDAPP_JOBS: run jobs in this process
    dns: tuple[tuple[str, int], ...] = ()  # VCARDAPP_DNS: name servers to ask about people's domains, else the system's
    storage: str = ""  # VCARDAPP_STORAGE: s3://bucket/folder?endpoint=https://…, else the folder `media` among the data
    account_megabytes: int = 500  # VCARDAPP_ACCOUNT_MB: pictures and papers of one account
    redis_url: str = ""  # VCARDAPP_REDIS_URL: redis://host:6379/0 (Valkey or Redis), so that several servers count together
    old_secret_keys: tuple[str, ...] = ()  # VCARDAPP_OLD_SECRET_KEYS: what was signed with them is still believed
    metrics_token: str = ""  # VCARDAPP_METRICS_TOKEN: who shows it may read /metrics; without it there is no such page
    log_format: str = "text"  # VCARDAPP_LOG_FORMAT: text, json
    fonts: tuple[Path, ...] = ()  # VCARDAPP_FONTS: folders of fonts for drawn pictures, else the system's and the extra's

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def signing_keys(self) -> list[str]:
        """The keys whose signatures count, the present one last, as itsdangerous wants them."""
        return [*reversed(self.old_secret_keys), self.secret_key]

    @property
    def is_local_only(self) -> bool:
        """True while the address works on this computer only."""
        return self.host in LOOPBACK or self.host.startswith("127.")

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https://")


def variable_of(field: str) -> str:
    """Return the environment variable of one of the Settings."""
    return "VCARDAPP_" + field.upper().replace("MEGABYTES", "MB")


def read_settings(env: dict[str, str] | None = None) -> Settings:
    """Read the environment; raise BadSetting with one sentence where a value cannot be used."""
    env = dict(os.environ) if env is None else env
    data = Path(env.get("VCARDAPP_DATA") or "data").expanduser().absolute()
    data.mkdir(parents=True, exist_ok=True)
    given = env.get("VCARDAPP_SECRET_KEY")
    secret, *older = [given] if given else kept_secrets(data / "secret")
    defaults = Settings(data=data, database_url="", url="", secret_key="")
    return Settings(
        data=data,
        database_url=_database_url(env.get("VCARDAPP_DATABASE_URL", ""), data),
        url=_url(env.get("VCARDAPP_URL") or f"http://127.0.0.1:{env.get('PORT') or 8000}"),
        secret_key=secret,
        sign_up=_one_of(env, "VCARDAPP_SIGN_UP", ("open", "invitation", "closed"), defaults.sign_up),
        confirm_before_publish=_switch(env, "VCARDAPP_CONFIRM_BEFORE_PUBLISH", False),
        language=_one_of(env, "VCARDAPP_LANGUAGE", tuple(LANGUAGES), defaults.language),
        smtp_url=env.get("VCARDAPP_SMTP_URL", ""),
        mail_from=env.get("VCARDAPP_MAIL_FROM", ""),
        operator=env.get("VCARDAPP_OPERATOR", ""),
        imprint=env.get("VCARDAPP_IMPRINT", ""),
        privacy=env.get("VCARDAPP_PRIVACY", ""),
        guest_drafts=_number(env, "VCARDAPP_GUEST_DRAFTS", defaults.guest_drafts),
        guest_bytes=_number(env, "VCARDAPP_GUEST_BYTES", defaults.guest_bytes),
        proxies=_number(env, "VCARDAPP_PROXIES", defaults.proxies),
        rate_limits=_switch(env, "VCARDAPP_RATE_LIMITS", defaults.rate_limits),
        ready_megabytes=_number(env, "VCARDAPP_READY_MB", defaults.ready_megabytes),
        jobs=_switch(env, "VCARDAPP_JOBS", defaults.jobs),
        dns=_name_servers(env.get("VCARDAPP_DNS", "")),
        storage=_storage(env.get("VCARDAPP_STORAGE", "")),
        account_megabytes=_number(env, "VCARDAPP_ACCOUNT_MB", defaults.account_megabytes),
        redis_url=_redis_url(env.get("VCARDAPP_REDIS_URL", "")),
        old_secret_keys=(*older, *env.get("VCARDAPP_OLD_SECRET_KEYS", "").split()),
        metrics_token=env.get("VCARDAPP_METRICS_TOKEN", ""),
        log_format=_one_of(env, "VCARDAPP_LOG_FORMAT", ("text", "json"), defaults.log_format),
        fonts=tuple(Path(place) for place in env.get("VCARDAPP_FONTS", "").split(os.pathsep) if place),
    )


def _database_url(given: str, data: Path) -> str:
    if not given:
        return f"sqlite:///{data / 'vcardapp.sqlite3'}"
    if given.startswith("postgres://"):
        given = "postgresql://" + given.removeprefix("postgres://")
    if not given.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise BadSetting("VCARDAPP_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return given.replace("postgresql://", "postgresql+psycopg://", 1)


def _url(given: str) -> str:
    parts = urlsplit(given.strip().rstrip("/"))
    more = parts.path or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise BadSetting("VCARDAPP_URL must be http:// or https:// and a host, without a path.")
    if parts.username or parts.password:
        raise BadSetting("VCARDAPP_URL must not hold a user name or password.")
    host = parts.hostname
    if not host.isascii():
        host = host.encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port and parts.port != default else "")


def _storage(given: str) -> str:
    parts = urlsplit(given)
    if given and (parts.scheme not in ("s3", "file") or (parts.scheme == "s3" and not parts.hostname)):
        raise BadSetting("VCARDAPP_STORAGE must look like s3://bucket?endpoint=https://storage.example.com.")
    if parts.username or parts.password:
        raise BadSetting("VCARDAPP_STORAGE must hold no key: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.")
    return given


def _redis_url(given: str) -> str:
    parts = urlsplit(given)
    if given and (parts.scheme not in ("redis", "rediss") or not parts.hostname):
        raise BadSetting("VCARDAPP_REDIS_URL must look like redis://host:6379/0.")
    return given


def _name_servers(given: str) -> tuple[tuple[str, int], ...]:
    servers = []
    for one in given.replace(",", " ").split():
        try:
            parts = urlsplit(f"//{one}")
            servers.append((str(ipaddress.ip_address(parts.hostname or "")), parts.port or 53))
        except ValueError:
            raise BadSetting("VCARDAPP_DNS must be IP addresses, such as 9.9.9.9 or [2620:fe::fe]:53.") from None
    return tuple(servers)


def kept_secrets(path: Path) -> list[str]:
    """Return the secrets of this data folder, the present one first, made on first use; none but its owner may read them."""
    if not path.exists():
        fresh = write_secrets(path, [secrets.token_urlsafe(48)])
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            os.link(fresh, path)
        fresh.unlink()
    elif path.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # another's file: whoever put it there knows
            path.chmod(0o600)
    kept = path.read_text().split()
    if not kept:
        raise BadSetting(f"{path} is empty: bring it back from a backup, or remove it, after which no password works.")
    return kept


def write_secrets(path: Path, lines: list[str]) -> Path:
    """Write secrets to a new file beside the path, for its owner only, and return its name."""
    fresh = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _one_of(env: dict[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name) or default
    if value not in allowed:
        raise BadSetting(f"{name} must be one of {', '.join(allowed)}.")
    return value


def _switch(env: dict[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value not in ("", "0", "1", "true", "false", "yes", "no"):
        raise BadSetting(f"{name} must be 1 or 0.")
    return value in ("1", "true", "yes") if value else default


def _number(env: dict[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal():
        raise BadSetting(f"{name} must be a whole number.")
    return int(value)


def flask_config(settings: Settings) -> dict[str, object]:
    """Return what Flask and its extensions need to know."""
    from vcardapp.db import engine_options

    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys),
        "WTF_CSRF_SECRET_KEY": settings.signing_keys,
        "SQLALCHEMY_ENGINES": {"default": engine_options(settings.database_url)},
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_secure else "session",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 30 * 86400,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": 20_000_000,
        "MAX_FORM_MEMORY_SIZE": 2_000_000,
        "MAX_FORM_PARTS": 3000,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
    }
