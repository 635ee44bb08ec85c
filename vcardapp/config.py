"""Every setting: its name, its environment variable, its default. Checked once, at start."""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from vcardapp import setting_values as values
from vcardapp.i18n import LANGUAGES
from vcardapp.setting_values import BadSetting as BadSetting

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


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
    stop_delay: int = 0  # VCARDAPP_STOP_DELAY: seconds in which /readyz says 503 before the server takes no more requests
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
    """Read the environment; raise BadSetting with one sentence where a value or the data folder cannot be used."""
    env = dict(os.environ) if env is None else env
    values.check_letters(env)
    try:
        return _read(env)
    except (OSError, RuntimeError) as problem:  # RuntimeError: ~ of somebody without a home
        where = getattr(problem, "filename", None) or env.get("VCARDAPP_DATA") or "data"
        why = problem.strerror if isinstance(problem, OSError) else "nobody has this home"
        raise BadSetting(f"The data folder cannot be used: {why}: {where}. Set VCARDAPP_DATA to one that can.") from None


def _read(env: dict[str, str]) -> Settings:
    data = Path(env.get("VCARDAPP_DATA") or "data").expanduser().absolute()
    data.mkdir(0o700, parents=True, exist_ok=True)  # people's addresses are in it
    url = values.site_url(env.get("VCARDAPP_URL") or f"http://127.0.0.1:{values.number(env, 'PORT', 8000, most=65535)}")
    is_secure = url.startswith("https://")
    given = values.secret(env, "VCARDAPP_SECRET_KEY", is_secure)
    secret, *older = [given] if given else kept_secrets(data / "secret")
    defaults = Settings(data=data, database_url="", url="", secret_key="")
    settings = Settings(
        data=data,
        database_url=values.database_url(env.get("VCARDAPP_DATABASE_URL", ""), data),
        url=url,
        secret_key=secret,
        sign_up=values.one_of(env, "VCARDAPP_SIGN_UP", ("open", "invitation", "closed"), defaults.sign_up),
        confirm_before_publish=values.switch(env, "VCARDAPP_CONFIRM_BEFORE_PUBLISH", False),
        language=values.one_of(env, "VCARDAPP_LANGUAGE", tuple(LANGUAGES), defaults.language),
        smtp_url=values.smtp_url(env.get("VCARDAPP_SMTP_URL", "")),
        mail_from=values.mail_from(env),
        operator=values.line(env, "VCARDAPP_OPERATOR"),
        imprint=env.get("VCARDAPP_IMPRINT", ""),
        privacy=env.get("VCARDAPP_PRIVACY", ""),
        guest_drafts=values.number(env, "VCARDAPP_GUEST_DRAFTS", defaults.guest_drafts, most=10_000_000),
        guest_bytes=values.number(env, "VCARDAPP_GUEST_BYTES", defaults.guest_bytes, most=10**15),
        proxies=values.number(env, "VCARDAPP_PROXIES", defaults.proxies, most=10),
        rate_limits=values.switch(env, "VCARDAPP_RATE_LIMITS", defaults.rate_limits),
        ready_megabytes=values.number(env, "VCARDAPP_READY_MB", defaults.ready_megabytes, most=100_000),
        jobs=values.switch(env, "VCARDAPP_JOBS", defaults.jobs),
        dns=values.name_servers(env.get("VCARDAPP_DNS", "")),
        storage=values.storage_url(env.get("VCARDAPP_STORAGE", "")),
        account_megabytes=values.number(env, "VCARDAPP_ACCOUNT_MB", defaults.account_megabytes, most=10_000_000, least=1),
        redis_url=values.redis_url(env.get("VCARDAPP_REDIS_URL", "")),
        old_secret_keys=(*older, *env.get("VCARDAPP_OLD_SECRET_KEYS", "").split()),
        metrics_token=values.token(env, "VCARDAPP_METRICS_TOKEN", is_secure),
        log_format=values.one_of(env, "VCARDAPP_LOG_FORMAT", ("text", "json"), defaults.log_format),
        stop_delay=values.number(env, "VCARDAPP_STOP_DELAY", defaults.stop_delay, most=600),
        fonts=values.folders(env.get("VCARDAPP_FONTS", "")),
    )
    _contradictions(settings)
    return settings


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
    kept = [line for line in map(str.strip, path.read_text(errors="replace").splitlines()) if line]
    if not kept or any("\N{REPLACEMENT CHARACTER}" in line for line in kept):
        raise BadSetting(f"{path} holds no key: bring it back from a backup, or remove it, after which no password works.")
    return kept


def write_secrets(path: Path, lines: list[str]) -> Path:
    """Write secrets to a new file beside the path, for its owner only, and return its name."""
    fresh = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # the disk is full
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _contradictions(settings: Settings) -> None:
    """Raise BadSetting for settings that cannot both be meant."""
    if settings.secret_key in settings.old_secret_keys:
        raise BadSetting("VCARDAPP_OLD_SECRET_KEYS holds the present VCARDAPP_SECRET_KEY: an old key is another one.")
    if settings.metrics_token and settings.metrics_token in settings.signing_keys:
        raise BadSetting("VCARDAPP_METRICS_TOKEN is the secret key too: whoever reads figures could sign. Choose another one.")


def doubts(settings: Settings, env: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for what is set and will surprise."""
    known = {variable_of(field.name) for field in fields(settings)}
    for name in sorted(env):
        if name.startswith("VCARDAPP_") and name not in known and not name.startswith("VCARDAPP_TEST_"):
            near = difflib.get_close_matches(name, known, 1, cutoff=0.8)
            yield f"{name} is no setting of vcardapp" + (f": is {near[0]} meant?" if near else ", so it does nothing.")
    if settings.confirm_before_publish and not settings.smtp_url:
        yield (
            "VCARDAPP_CONFIRM_BEFORE_PUBLISH is 1 without VCARDAPP_SMTP_URL: nobody gets the mail to confirm with, "
            "so nobody can publish."
        )
    if settings.is_secure and settings.is_local_only:
        yield "VCARDAPP_URL is an https address of this computer only: others will not get there."


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
