"""What the doctor finds at the servers beside this one: Valkey, the storage, the mail server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from vcardapp.config import Settings
from vcardapp.operations.finding import NOTE, OK, WRONG, Finding, first_line
from vcardapp.storage import make_storage


def look_at_valkey(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        yield Finding(
            "valkey",
            NOTE,
            "VCARDAPP_REDIS_URL is not set: each process counts requests for itself.",
            "Needed with several servers.",
        )
        return
    from redis import Redis
    from redis.exceptions import RedisError

    name = f"vcardapp-doctor-{secrets.token_hex(8)}"
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=5) as server:
            server.set(name, "1", ex=10)
            well = server.get(name) == b"1"
            server.delete(name)
    except RedisError as problem:
        yield Finding(
            "valkey", WRONG, f"It does not answer: {first_line(problem)}.", "Start it, or correct VCARDAPP_REDIS_URL."
        )
        return
    yield Finding(
        "valkey", OK if well else WRONG, "It keeps what it is given." if well else "It does not keep what it is given."
    )


def look_at_storage(settings: Settings) -> Iterator[Finding]:
    storage, name, data = (
        make_storage(settings.storage, settings.media),
        f"doctor/{secrets.token_hex(8)}",
        secrets.token_bytes(64),
    )
    try:
        storage.put(name, data)
        well = storage.open(name) == data
        storage.delete(name)
        well = well and not storage.exists(name)
    except Exception as problem:
        do = (
            "Look at VCARDAPP_STORAGE, and at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do."
            if settings.storage
            else "Look at the rights of the folder, and at free room."
        )
        yield Finding("storage", WRONG, f"It cannot be used: {type(problem).__name__}: {first_line(problem)}.", do)
        return
    where = settings.storage.partition("?")[0] or str(settings.media)
    yield Finding(
        "storage",
        OK if well else WRONG,
        f"{where} {'keeps and gives back' if well else 'does not give back'} what it is given.",
    )


def look_at_mail_server(settings: Settings) -> Iterator[Finding]:
    from vcardapp import mail

    if not settings.smtp_url:
        here = settings.is_local_only
        yield Finding(
            "mail server", NOTE if here else WRONG, "VCARDAPP_SMTP_URL is not set: mails stay in the outbox.",
            "Set it, so that people can confirm their address and reset their password.",
        )  # fmt: skip
        return
    try:
        encrypted = mail.try_connection(settings.smtp_url)
    except Exception as problem:
        yield Finding(
            "mail server",
            WRONG,
            f"It cannot be used: {type(problem).__name__}: {first_line(problem)}.",
            "Correct VCARDAPP_SMTP_URL.",
        )
        return
    if encrypted:
        yield Finding("mail server", OK, "It answers, encrypts, and lets us in.")
    else:
        yield Finding(
            "mail server", NOTE, "It answers, but without encryption.", "Use a port with TLS: 465 (smtps) or 587."
        )
