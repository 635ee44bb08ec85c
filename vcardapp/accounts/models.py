"""People who own cards, and the links that let them in."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vcardapp.db import Base, now

roles_users = sa.Table(
    "roles_users",
    Base.metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    description: Mapped[str | None] = mapped_column(sa.String(255))
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Base, UserMixin):
    __tablename__ = "users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(sa.String(255), unique=True)
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    create_datetime: Mapped[datetime] = mapped_column(default=now)
    update_datetime: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    language: Mapped[str] = mapped_column(sa.String(35), default="")
    totp_secret: Mapped[str | None] = mapped_column(sa.Text)  # encrypted
    totp_counter: Mapped[int | None] = mapped_column(sa.BigInteger)  # of the last code that was used

    roles: Mapped[list[Role]] = relationship(secondary=roles_users)  # type: ignore[assignment]

    @property
    def is_confirmed(self) -> bool:
        """True once they have shown that mail to their address reaches them."""
        return self.confirmed_at is not None

    @property
    def is_admin(self) -> bool:
        return any(role.name == "admin" for role in self.roles)

    @property
    def has_second_factor(self) -> bool:
        return self.totp_secret is not None


class Invitation(Base):
    """A sign-up that the admin allows while sign-up is by invitation; the link holds the token, this its hash."""

    __tablename__ = "invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class SignInLink(Base):
    """A link that signs its user in once; only the hash of its token is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """One browser in which a person is signed in: once it is ended, no copy of its cookie lets anybody in."""

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    begun_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # to the hour; None in the first one
    proven_at: Mapped[datetime | None]  # when this browser's person last showed who they are
    browser: Mapped[str] = mapped_column(sa.String(60), default="", server_default="")  # "Firefox on Android"


class Passkey(Base):
    """A key that a phone, computer or security key keeps; here is only what checks it."""

    __tablename__ = "passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class UsedChallenge(Base):
    """A question that a passkey has answered: the same answer does not count again."""

    __tablename__ = "used_challenges"

    challenge_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(default=now)


class RecoveryCode(Base):
    """What stands in for the second factor once; a used one is gone."""

    __tablename__ = "recovery_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(255))


class SignInFailure(Base):
    """A wrong password or code, kept for a day as keyed hashes of whose account it was for and whence it came."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        sa.Index("ix_sign_in_failures_account_hash", "account_hash", "happened_at"),
        sa.Index("ix_sign_in_failures_visitor_hash", "visitor_hash", "happened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account_hash: Mapped[str] = mapped_column(sa.String(64))
    visitor_hash: Mapped[str] = mapped_column(sa.String(64))
    happened_at: Mapped[datetime] = mapped_column(default=now, index=True)
