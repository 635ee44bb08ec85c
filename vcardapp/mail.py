"""The outbox: a mail is stored first, in the caller's transaction, then sent. The only door to smtplib."""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import g, has_request_context
from flask_babel import get_locale
from sqlalchemy.orm import Mapped, mapped_column

from vcardapp.config import LOOPBACK, Settings
from vcardapp.db import Base, db, now
from vcardapp.i18n import direction
from vcardapp.web import settings

logger = logging.getLogger(__name__)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))  # after each try but the last
LEASE = timedelta(minutes=10)  # a mail taken by a worker that died comes back after this
HANDED_BACK_FOR = timedelta(seconds=5)  # until another worker may take what one that stops had under way
WRONG_CLOCK = timedelta(hours=1)  # what was written further in the future was written by a clock that was wrong
TIMEOUT = 20  # seconds
KEPT_AFTER_SENDING = timedelta(days=30)
under_way: set[uuid.UUID] = set()  # what this process sends right now
NOT_ONE_ADDRESS = r"[\s\x00-\x1f,;<>]"


class Mail(Base):
    """One message to one person, waiting or sent."""

    __tablename__ = "mails"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    recipient: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(255))
    text: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")  # the app's own: "es", "ar"
    created_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.Text, default="")
    attachment: Mapped[bytes | None] = mapped_column(deferred=True)
    attachment_name: Mapped[str | None] = mapped_column(sa.String(255))
    attachment_type: Mapped[str | None] = mapped_column(sa.String(100))  # text/vcard; "text/calendar; method=REQUEST"
    reply_to: Mapped[str | None] = mapped_column(sa.String(255))

    @property
    def state(self) -> str:
        """One of sent, waiting, failed."""
        if self.sent_at:
            return "sent"
        return "waiting" if self.next_try_at else "failed"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    type: str  # text/vcard
    data: bytes


class Unencrypted(Exception):
    """The mail server offers no encryption, so it is not told the password."""


def queue_mail(
    recipient: str, subject: str, text: str, attachment: Attachment | None = None, reply_to: str = ""
) -> Mail:
    """Put a mail into the outbox; the caller commits. A recipient that is not one bare address is a ValueError."""
    if re.search(NOT_ONE_ADDRESS, recipient):
        raise ValueError("the recipient is not one address")
    mail = Mail(recipient=recipient, subject=" ".join(subject.split())[:255], text=text.replace("\0", ""))
    mail.language = str(get_locale() or "").replace("_", "-")
    mail.reply_to = None if re.search(NOT_ONE_ADDRESS, reply_to) else reply_to or None
    if attachment:
        mail.attachment, mail.attachment_name = attachment.data, " ".join(attachment.name.split())[:255]
        mail.attachment_type = attachment.type
    db.session.add(mail)
    if has_request_context():
        g.mail_is_waiting = True  # jobs send it right after the answer
    if settings().is_local_only and not settings().smtp_url and settings().log_format == "text":
        seen = {"as_it_is": True}  # on a laptop the links of mails that nobody sends are read on the screen
        logger.info("Mail to %s, kept in the outbox: %s\n%s", recipient, mail.subject, text, extra=seen)
    return mail


def send_again(mail: Mail) -> None:
    """Let a mail be tried again at once, however often it failed."""
    mail.sent_at, mail.attempts, mail.next_try_at, mail.error = None, 0, now(), ""
    g.mail_is_waiting = True
    db.session.commit()


def send_waiting(stopping: threading.Event | None = None) -> int:
    """Send the mails whose time has come and return how many went out; nothing is tried without SMTP settings."""
    if not settings().smtp_url:
        return 0
    sent = 0
    _set_right()
    for mail in filter(None, map(_claim, _waiting())):
        under_way.add(mail.id)
        try:
            _send(mail, settings())
        except (OSError, smtplib.SMTPException, Unencrypted, ValueError) as problem:
            _put_off(mail, problem)
            if not isinstance(problem, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError):
                break  # the server is away: the others need not find out one by one
        else:
            mail.sent_at, mail.next_try_at, mail.error = now(), None, ""
            db.session.commit()
            sent += 1
        finally:
            under_way.discard(mail.id)
        if stopping and stopping.is_set():
            break
    return sent


def hand_back() -> None:
    """Let others send what this process, which is about to end, still waits for: its mail server says nothing."""
    ours = list(under_way)
    if ours:
        values = {"next_try_at": now() + HANDED_BACK_FOR, "attempts": Mail.attempts - 1}
        mine = sa.update(Mail).where(Mail.id.in_(ours), Mail.sent_at.is_(None), Mail.next_try_at > now())
        db.session.execute(mine.values(values).execution_options(synchronize_session=False))
        db.session.commit()


def sweep() -> None:
    """Remove mails some time after they went out: links and addresses need not be kept, nor what could not be sent."""
    old = now() - KEPT_AFTER_SENDING
    no_more = sa.and_(sa.or_(Mail.attachment_name.is_not(None), Mail.next_try_at.is_(None)), Mail.created_at < old)
    db.session.execute(sa.delete(Mail).where(sa.or_(Mail.sent_at < old, no_more)))
    db.session.commit()


def _set_right() -> None:
    """Have mails go out now that were written while the clock was ahead: they would wait until it is that late."""
    ahead = sa.update(Mail).where(Mail.sent_at.is_(None), Mail.next_try_at.is_not(None), Mail.created_at > now() + WRONG_CLOCK)
    values = {"created_at": now(), "next_try_at": now()}
    db.session.execute(ahead.values(values).execution_options(synchronize_session=False))
    db.session.commit()


def _waiting() -> list[uuid.UUID]:
    query = sa.select(Mail.id).where(Mail.sent_at.is_(None), Mail.next_try_at <= now())
    return list(db.session.scalars(query.order_by(Mail.next_try_at).limit(50)))


def _claim(mail_id: uuid.UUID) -> Mail | None:
    """Take a mail for this worker; None if another was quicker, for whom it is not due any more."""
    due = sa.update(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.next_try_at <= now())
    taking = due.values(next_try_at=now() + LEASE, attempts=Mail.attempts + 1)
    result = db.session.execute(taking.execution_options(synchronize_session=False))
    db.session.commit()
    return db.session.get(Mail, mail_id) if cast("sa.CursorResult[Any]", result).rowcount == 1 else None


def _put_off(mail: Mail, problem: Exception) -> None:
    again = mail.attempts <= len(WAITS)
    mail.next_try_at = now() + WAITS[mail.attempts - 1] if again else None
    mail.error = f"{type(problem).__name__}: {problem}"[:1000]
    db.session.commit()
    logger.warning("Mail %s was not sent (try %d): %s", mail.id, mail.attempts, type(problem).__name__)


def _send(mail: Mail, with_settings: Settings) -> None:
    message = message_of(mail, with_settings)
    with _connection(with_settings.smtp_url) as server:
        server.send_message(message)


def message_of(mail: Mail, with_settings: Settings) -> EmailMessage:
    """Return the mail as it is sent: plain text, one recipient, perhaps a file."""
    name, _at, domain = mail.recipient.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    message = EmailMessage(policy=SMTP)
    message["From"] = with_settings.mail_from or f"vcardapp <vcardapp@{with_settings.host}>"
    message["To"] = f"{name}@{domain}"
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{with_settings.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.attachment is not None and (mail.attachment_type or "").startswith("text/calendar"):
        _invite(message, _as_html(mail.text, mail.language), mail.attachment, mail.attachment_name or "")
    elif mail.attachment is not None and mail.attachment_type:
        maintype, _slash, subtype = mail.attachment_type.partition("/")
        message.add_attachment(
            mail.attachment, maintype=maintype, subtype=subtype, filename=mail.attachment_name, params={"charset": "utf-8"}
        )
    if mail.language:  # last: new parts take the message's Content- headers along
        message["Content-Language"] = mail.language
    return message


def _invite(message: EmailMessage, html: str, calendar: bytes, name: str) -> None:
    """Add an invitation as the last alternative, with its own METHOD, and as a file (RFC 6047 §2.4)."""
    method = re.search(rb"^METHOD:([A-Z]+)\r?$", calendar, re.M)
    params = {"method": method[1].decode() if method else "PUBLISH"}
    message.add_alternative(html, subtype="html")
    message.add_alternative(calendar.decode(), subtype="calendar", charset="utf-8", cte="base64", params=params)
    message.add_attachment(calendar, maintype="application", subtype="ics", filename=name)


def _as_html(text: str, language: str) -> str:
    """Return a text as a page that says its language and direction; an address on a line of its own is a link."""
    written = re.sub(r"^(https?://\S+)$", r'<a href="\1">\1</a>', escape(text.strip()), flags=re.M)
    paragraphs = (f'<p dir="auto">{part}</p>' for part in written.replace("\n", "<br>\n").split("<br>\n<br>\n"))
    said = f' lang="{language}" dir="{direction(language)}"' if language else ""
    return f"<!doctype html>\n<html{said}><body>\n" + "\n".join(paragraphs) + "\n</body></html>\n"


@contextmanager
def _connection(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    with server:
        server.ehlo()
        is_private = parts.scheme == "smtps"
        if not is_private and server.has_extn("starttls"):
            server.starttls(context=context)
            is_private = True
        if parts.username:
            if not is_private and host not in LOOPBACK:
                raise Unencrypted(host)
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def try_connection(url: str) -> bool:
    """Connect and sign in as if to send, without sending; return whether that was encrypted."""
    with _connection(url) as server:
        server.noop()
        return isinstance(server.sock, ssl.SSLSocket)
