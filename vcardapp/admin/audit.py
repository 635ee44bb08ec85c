"""The trail of what admins did: noted beside the act, listed, kept for two years."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import has_request_context

from vcardapp.accounts.models import User
from vcardapp.accounts.owner import signed_in
from vcardapp.admin.models import AuditEntry
from vcardapp.cards.models import Card, Report
from vcardapp.db import db, now
from vcardapp.i18n import N_
from vcardapp.mail import Mail
from vcardapp.media.models import MediaFile

KEPT = timedelta(days=730)
PAGE = 50
COMMAND_LINE = "command line"
ACTS = {
    "suspend": N_("Suspended an account"),
    "let-in": N_("Let somebody in again"),
    "end-sign-ins": N_("Ended all sign-ins"),
    "reset-link": N_("Gave a link to set a password"),
    "make-admin": N_("Made somebody an admin"),
    "unmake-admin": N_("Took the admin's rights away"),
    "delete-account": N_("Deleted an account"),
    "take-down": N_("Took a card down"),
    "restore": N_("Restored a card"),
    "settle": N_("Settled a report"),
    "send-again": N_("Sent a mail again"),
    "try-again": N_("Had a file tried again"),
    "invite": N_("Invited somebody"),
}
Thing = User | Card | Report | Mail | MediaFile


def note(what: str, thing: Thing | None, details: str = "", name: str = "") -> None:
    """Note what the signed-in admin, or a command, does to a thing; the caller commits."""
    admin = _admin()
    kind, on_id, on_name = _described(thing) if thing else ("", "", name)
    entry = AuditEntry(who_id=admin.id if admin else None, who=admin.email if admin else COMMAND_LINE, what=what)
    entry.on_kind, entry.on_id, entry.on_name, entry.details = kind, on_id, (name or on_name)[:255], details[:1000]
    db.session.add(entry)


def entries(what: str = "", sought: str = "", page: int = 1) -> list[AuditEntry]:
    """Return a page of the trail, newest first: of one act, of those about or by an address that holds `sought`."""
    query = sa.select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id)
    if what:
        query = query.where(AuditEntry.what == what)
    if sought:
        parts = (AuditEntry.who, AuditEntry.on_name)
        query = query.where(sa.or_(*(sa.func.lower(part).contains(sought.lower(), autoescape=True) for part in parts)))
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def entries_about(thing: Thing) -> list[AuditEntry]:
    """Return the last that was done to a thing, newest first."""
    query = sa.select(AuditEntry).where(AuditEntry.on_id == _described(thing)[1])
    return list(db.session.scalars(query.order_by(AuditEntry.at.desc()).limit(10)))


def forget_name(user: User) -> None:
    """Take the address of a person who leaves out of the trail; what was done stays. The caller commits."""
    about = sa.or_(AuditEntry.on_id == str(user.id), AuditEntry.on_name == user.email)
    db.session.execute(sa.update(AuditEntry).where(about).values(on_name=""))


def sweep() -> None:
    """Remove what is older than two years."""
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.at < now() - KEPT))
    db.session.commit()


def _admin() -> User | None:
    return signed_in() if has_request_context() else None


def _described(thing: Thing) -> tuple[str, str, str]:
    """Return the kind of a thing, its id, and its name where that is no secret of somebody who may leave."""
    match thing:
        case User():
            return "person", str(thing.id), thing.email
        case Card():
            return "card", str(thing.id), thing.slug or ""
        case Report():
            return "report", str(thing.id), ""
        case Mail():
            return "mail", str(thing.id), ""
        case MediaFile():
            return "file", thing.id, ""
