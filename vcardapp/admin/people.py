"""People who have an account, and what an admin may do about them; each act is one transaction with its note in the trail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from vcardapp.accounts import security, sessions
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import Role, SignIn, User, roles_users
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.post import write
from vcardapp.admin import audit, letters
from vcardapp.admin.cards import cards_down_with, restore_all, take_down_all_of
from vcardapp.cards import service as cards
from vcardapp.cards.models import Card
from vcardapp.db import db
from vcardapp.media import service as media
from vcardapp.media.service import Room
from vcardapp.web import absolute

PAGE = 50
ADMIN = "admin"


class LastAdmin(Exception):
    """Somebody has to stay who can look after the server."""


@dataclass(frozen=True, slots=True)
class Person:
    user: User
    cards: list[Card]
    room: Room
    last_seen: datetime | None
    sign_ins: int  # that are open


def people(sought: str = "", page: int = 1) -> list[User]:
    """Return a page of people, those who came last first; of those whose address holds `sought`."""
    query = sa.select(User).options(selectinload(User.roles)).order_by(User.create_datetime.desc(), User.id)
    if sought:
        query = query.where(User.email.contains(sought.lower(), autoescape=True))
    return list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)))


def find_person(user_id: uuid.UUID) -> User | None:
    """Find somebody, suspended or not."""
    return db.session.get(User, user_id)


def look_at(user: User) -> Person:
    """Return what an admin sees of somebody."""
    owner = Owner(user_id=user.id)
    seen = sa.select(sa.func.max(sa.func.coalesce(SignIn.seen_at, SignIn.begun_at))).where(SignIn.user_id == user.id)
    open_ones = len(sessions.sign_ins_of(user))
    return Person(user, cards.cards_of(owner), media.room_of(owner), db.session.scalar(seen), open_ones)


def suspend(user: User, reason: str, *, with_cards: bool) -> None:
    """Keep somebody out, with or without their cards, and tell them why; twice changes nothing; raise LastAdmin."""
    _check_not_last_admin(user)
    if user.active:
        user.active = False
        sessions.end_all(user)
        audit.note("suspend", user, reason)
        if with_cards:
            take_down_all_of(user, reason)
        write(user, letters.suspended_with_cards if with_cards else letters.suspended, reason)
    db.session.commit()


def let_in_again(user: User, *, with_cards: bool = False) -> None:
    """Open a suspended account, with the cards that were taken down with it or without them; twice changes nothing."""
    _take_turn(user)
    if not user.active:
        down, letter = cards_down_with(user), letters.let_in_again
        user.active = True
        audit.note("let-in", user)
        if down:
            letter = letters.let_in_again_with_cards if with_cards else letters.let_in_again_without_cards
        if with_cards:
            restore_all(down)
        write(user, letter, absolute("/login"))
    db.session.commit()


def end_sign_ins(user: User, reason: str) -> None:
    """Sign somebody out everywhere and tell them why."""
    sessions.end_all(user)
    audit.note("end-sign-ins", user, reason)
    write(user, letters.signed_out, reason, absolute("/login"))
    db.session.commit()


def send_reset_link(user: User) -> None:
    """Mail somebody the link that sets a password."""
    audit.note("reset-link", user)
    accounts.request_reset(user)


def note_reset_link(user: User) -> None:
    """Note that a link to set somebody's password is given out at the server."""
    audit.note("reset-link", user)
    db.session.commit()


def create_admin(email: str) -> User:
    """Make the person with this address an admin, suspended or without an account as they may be; raise BadEmail."""
    normal = security.normal_email(email)
    user = db.session.scalar(sa.select(User).where(User.email == normal)) or accounts.ensure_user(email)
    _give_rights(user)
    user.active = True
    db.session.commit()
    return user


def make_admin(user: User) -> None:
    """Give somebody the rights of an admin and tell them; they sign in anew."""
    _give_rights(user)
    sessions.end_all(user)
    write(user, letters.now_an_admin, absolute("/login"))
    db.session.commit()


def unmake_admin(user: User, reason: str) -> None:
    """Take the rights of an admin from somebody; raise LastAdmin."""
    _check_not_last_admin(user)
    user.roles = [role for role in user.roles if role.name != ADMIN]
    sessions.end_all(user)
    audit.note("unmake-admin", user, reason)
    write(user, letters.no_longer_an_admin, reason)
    db.session.commit()


def delete(user: User, reason: str) -> None:
    """Delete somebody's account and all that is theirs, as they could themselves; raise LastAdmin."""
    _check_not_last_admin(user)
    audit.note("delete-account", user, reason)
    accounts.delete_account(user, letters.account_deleted, reason)


def _take_turn(user: User) -> None:
    """Have those who give and take rights do it one after the other until the commit, each knowing what the last did."""
    db.session.execute(sa.update(Role).where(Role.name == ADMIN).values(name=Role.name))
    db.session.expire(user)


def _give_rights(user: User) -> None:
    _take_turn(user)
    if not user.is_admin:
        role = db.session.scalar(sa.select(Role).where(Role.name == ADMIN))
        user.roles.append(role or Role(name=ADMIN))
    audit.note("make-admin", user)


def _check_not_last_admin(user: User) -> None:
    """Raise LastAdmin; of two admins who take each other's rights at once one comes second."""
    _take_turn(user)
    if not user.is_admin:
        return
    role = db.session.scalar(sa.select(Role).where(Role.name == ADMIN))
    others = sa.select(sa.func.count()).select_from(User).join(roles_users, roles_users.c.user_id == User.id)
    others = others.where(roles_users.c.role_id == (role.id if role else 0), User.active, User.id != user.id)
    if not db.session.scalar(others):
        db.session.rollback()
        raise LastAdmin
