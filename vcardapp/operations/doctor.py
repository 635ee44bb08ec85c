"""Looks whether everything that the server needs is there and right, and says what to do where it is not."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from vcardapp.config import Settings, doubts
from vcardapp.operations.doctor_database import look_at_database, look_at_files, look_at_jobs, look_at_mails
from vcardapp.operations.doctor_servers import look_at_mail_server, look_at_storage, look_at_valkey
from vcardapp.operations.doctor_visit import look_at_address
from vcardapp.operations.finding import NOTE, OK, WRONG, Finding, first_line
from vcardapp.setting_values import MASK, without_password

LITTLE_ROOM = 1_000_000_000  # bytes
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ON_THE_DATABASE = {"files", "jobs", "mails"}
SCRIPTS = {
    "Latin": "Zoë", "Cyrillic": "Анна", "Greek": "Άννα", "Arabic": "مريم", "Hebrew": "דנה", "Devanagari": "आशा",
    "Bengali": "আশা", "Tamil": "ஆஷா", "Telugu": "ఆశ", "Thai": "อร", "Khmer": "សុខ", "Chinese": "王芳",
    "Japanese": "さくらサクラ", "Korean": "지우",
}  # fmt: skip


def look_at_all(settings: Settings) -> Iterator[Finding]:
    """Yield what is found, one thing after another; a check that fails itself is a finding."""
    hide = hider(settings)
    checks: list[tuple[str, Callable[[Settings], Iterator[Finding]]]] = [
        ("settings", _settings), ("data folder", _data), ("secret key", _secret), ("database", look_at_database),
        ("valkey", look_at_valkey), ("storage", look_at_storage), ("files", look_at_files), ("jobs", look_at_jobs),
        ("mails", look_at_mails), ("mail server", look_at_mail_server), ("address", look_at_address), ("fonts", _fonts),
    ]  # fmt: skip
    broken: set[str] = set()
    for name, look in checks:
        if name in ON_THE_DATABASE and "database" in broken:
            yield Finding(name, NOTE, "Not looked at.", "Put the database right first.")
            continue
        try:
            found = list(look(settings))
        except Exception as problem:  # whatever it is, the other checks are worth making
            found = [
                Finding(name, WRONG, f"This could not be looked at: {type(problem).__name__}: {first_line(problem)}")
            ]
        broken |= {finding.name for finding in found if finding.state == WRONG}
        for finding in found:
            yield Finding(finding.name, finding.state, hide(finding.says), hide(finding.do))


def hider(settings: Settings) -> Callable[[str], str]:
    """Return what takes every secret out of a text."""
    values = [settings.secret_key, settings.metrics_token, *settings.old_secret_keys, os.environ.get("AWS_SECRET_ACCESS_KEY", "")]
    addresses = [urlsplit(url) for url in (settings.database_url, settings.smtp_url, settings.redis_url)]
    passwords = [address.password or "" for address in addresses]
    passwords += [value for address in addresses for name, value in parse_qsl(address.query) if "pass" in name]
    hidden = {one for one in [*values, *passwords, *map(unquote, passwords)] if one}

    def hide(text: str) -> str:
        for one in sorted(hidden, key=len, reverse=True):
            text = text.replace(one, MASK)
        return without_password(text)

    return hide


def _settings(settings: Settings) -> Iterator[Finding]:
    found = list(doubts(settings, os.environ))
    for sentence in found:
        yield Finding("settings", WRONG, sentence, "Correct it where the server's environment is set, and restart.")
    if not found:
        count = sum(name.startswith("VCARDAPP_") for name in os.environ)
        yield Finding("settings", OK, f"{count} are set, all of them are known and can be used.")
    if not settings.operator or not settings.imprint:
        yield Finding(
            "settings",
            NOTE,
            "VCARDAPP_OPERATOR or VCARDAPP_IMPRINT is not set.",
            "In many countries a site must say who runs it.",
        )


def _data(settings: Settings) -> Iterator[Finding]:
    probe = settings.data / f".doctor-{secrets.token_hex(8)}"
    try:
        probe.write_bytes(b"doctor")
        probe.unlink()
    except OSError as problem:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        is_full = problem.errno in NO_ROOM
        yield Finding(
            "data folder", WRONG, f"{settings.data} cannot be written: {problem.strerror}.",
            "Make room." if is_full else f"Give it to the user who runs the server: chown -R USER '{settings.data}'",
        )  # fmt: skip
    else:
        yield Finding("data folder", OK, f"{settings.data} can be written.")
    if stat.S_IMODE(settings.data.stat().st_mode) & 0o001 and any(
        path.stat().st_mode & 0o004 for path in settings.data.glob("*.sqlite3")
    ):
        yield Finding(
            "data folder", WRONG, f"Others can read the database in {settings.data}.", f"chmod -R o= '{settings.data}'"
        )
    free = shutil.disk_usage(settings.data).free
    enough = free >= LITTLE_ROOM
    yield Finding(
        "disk", OK if enough else WRONG, f"{free / 1e9:.1f} GB are free where the data folder is.",
        "" if enough else "Make room: without any, nothing can be saved.",
    )  # fmt: skip


def _secret(settings: Settings) -> Iterator[Finding]:
    path = settings.data / "secret"
    if os.environ.get("VCARDAPP_SECRET_KEY"):
        yield Finding(
            "secret key", OK, "It comes from VCARDAPP_SECRET_KEY. Keep a copy elsewhere: without it no password works."
        )
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding("secret key", WRONG, f"Others can read {path} (mode {mode:o}).", f"chmod 600 '{path}'")
    elif len(settings.secret_key) < 32:
        yield Finding(
            "secret key",
            WRONG,
            f"{path} holds a short key that could be guessed.",
            "Make a new one; passwords have to be set anew.",
        )
    else:
        yield Finding(
            "secret key",
            OK,
            f"{path} is readable by its owner only. Keep a copy elsewhere: without it no password works.",
        )


def _fonts(settings: Settings) -> Iterator[Finding]:
    from vcardapp import fonts

    fonts.look_in(settings.fonts or None)
    begun = time.monotonic()
    missing = [
        name for name, text in SCRIPTS.items() if any(not fonts.face_for(char, "regular", "SC") for char in text)
    ]
    if missing:
        yield Finding(
            "fonts", NOTE, f"There are no letters for {', '.join(missing)}: link previews and words beside codes leave them out.",
            'Install them: pip install "vcardapp[fonts]", or Debian\'s fonts-noto-core and fonts-noto-cjk.',
        )  # fmt: skip
    else:
        yield Finding(
            "fonts", OK, f"Pictures can be lettered in all {len(SCRIPTS)} scripts ({time.monotonic() - begun:.1f} s)."
        )
