"""Booking: people, what can be booked with them and when, appointments, busy times from elsewhere, who waits."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vcardapp.db import Base, now

BLOCKING = ("held", "pending", "confirmed")  # these keep others out; the database's constraint names the same
PLACES = ("", "address", "phone", "video", "visitor")
REMINDERS = (24 * 60, 60)  # minutes before


class BookingPage(Base):
    """Booking on one card: whether visitors see it, and the row at which those who book take turns."""

    __tablename__ = "booking_pages"

    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    intro: Mapped[str] = mapped_column(sa.Text, default="")
    shows_next_times: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Host(Base):
    """A person of a practice, or the only one: with hours, types and a calendar of their own."""

    __tablename__ = "booking_hosts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(255), default="")  # "": the owner's; where news go, ORGANIZER
    picture: Mapped[str] = mapped_column(sa.String(32), default="", info={"names": "media_files"})
    time_zone: Mapped[str] = mapped_column(sa.String(64), default="")  # IANA name; "": the card's
    own_hours: Mapped[bool] = mapped_column(default=False)  # else the card's opening hours
    position: Mapped[int] = mapped_column(default=0)
    feed_number: Mapped[int] = mapped_column(default=1)  # the next one makes the old address of the feed stop working
    feed_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]  # appointments stay


class AppointmentType(Base):
    """What visitors can book. Times are minutes; prices are in the currency's smallest unit."""

    __tablename__ = "appointment_types"
    __table_args__ = (
        sa.UniqueConstraint("card_id", "key"),
        sa.CheckConstraint("minutes > 0", name="minutes"),
        sa.CheckConstraint("seats > 0", name="seats"),
        sa.CheckConstraint("before_minutes >= 0 AND after_minutes >= 0", name="buffers"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(60))  # stands in its address, made from the name
    name: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    minutes: Mapped[int] = mapped_column(default=30)
    price: Mapped[int | None]
    currency: Mapped[str] = mapped_column(sa.String(3), default="")
    place_sort: Mapped[str] = mapped_column(sa.String(10), default="")  # one of PLACES
    place: Mapped[str] = mapped_column(sa.String(500), default="")  # address, number or link; "visitor": theirs is asked for
    picture: Mapped[str] = mapped_column(sa.String(32), default="", info={"names": "media_files"})
    colour: Mapped[str] = mapped_column(sa.String(7), default="")  # #rrggbb
    own_hours: Mapped[bool] = mapped_column(default=False)  # within them, and within the person's
    before_minutes: Mapped[int] = mapped_column(default=0)
    after_minutes: Mapped[int] = mapped_column(default=0)
    notice_minutes: Mapped[int] = mapped_column(default=120)
    window_days: Mapped[int | None]  # from today on; None: no end
    window_from: Mapped[date | None]
    window_until: Mapped[date | None]
    interval_minutes: Mapped[int | None]  # None: the length
    per_day: Mapped[int | None]
    seats: Mapped[int] = mapped_column(default=1)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    approval_minutes: Mapped[int] = mapped_column(default=48 * 60)  # an unanswered request lapses after this
    questions: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)  # as Question.to_dict
    cancel_minutes: Mapped[int] = mapped_column(default=0)  # visitors may cancel until so long before the start
    move_minutes: Mapped[int] = mapped_column(default=0)
    most_moves: Mapped[int | None]  # by visitors
    reminders: Mapped[list[int]] = mapped_column(sa.JSON, default=lambda: list(REMINDERS))
    waiting_list: Mapped[bool] = mapped_column(default=True)
    offer_minutes: Mapped[int] = mapped_column(default=12 * 60)  # a freed place is kept so long for whoever waits
    service_id: Mapped[uuid.UUID | None] = mapped_column(index=True)  # a service of the store that leads here
    position: Mapped[int] = mapped_column(default=0)
    is_shown: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]  # appointments stay

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)


class TypeHost(Base):
    """A person with whom a type can be booked."""

    __tablename__ = "appointment_type_hosts"

    type_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("appointment_types.id", ondelete="CASCADE"), primary_key=True
    )
    host_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class BookingHours(Base):
    """A range of a weekday or of a date, of a person, of a type, or (a date only) of everybody: holidays.

    Minutes of the wall clock, 0..1440; an end not after its start is on the next day. A date with an empty row is closed.
    """

    __tablename__ = "booking_hours"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"), index=True)
    type_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("appointment_types.id", ondelete="CASCADE"), index=True
    )
    weekday: Mapped[int | None]  # 0 is Monday
    date: Mapped[date | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.String(120), default="")  # "Christmas"


class Appointment(Base):
    """One visitor's place in one slot, through all its moves. Instants are UTC; zones are names.

    Two rows of one person whose blocked spans overlap cannot both block, unless they share a `group_key` (seats of one
    slot): an exclusion constraint (PostgreSQL) or a trigger (SQLite) of migration 0009 sees to it.
    A migration that rebuilds this table in SQLite must make the triggers again.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        sa.UniqueConstraint("card_id", "form_token"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("seat BETWEEN 1 AND seats", name="seat"),
        sa.Index(
            "uq_appointments_seat", "group_key", "seat", unique=True,
            sqlite_where=sa.text(f"state IN {BLOCKING}"), postgresql_where=sa.text(f"state IN {BLOCKING}"),
        ),
        sa.Index("ix_appointments_host_id_blocked_until", "host_id", "blocked_until"),
        sa.Index("ix_appointments_card_id_starts_at", "card_id", "starts_at"),
        sa.Index("ix_appointments_state_starts_at", "state", "starts_at"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"))
    host_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"))
    type_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("appointment_types.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    blocked_from: Mapped[datetime]  # starts_at less the buffer before
    blocked_until: Mapped[datetime]
    zone: Mapped[str] = mapped_column(sa.String(64))  # the host's when it was booked
    group_key: Mapped[uuid.UUID]  # the same for all seats of one slot
    seat: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(sa.String(10))  # held, pending, confirmed, declined, cancelled, lapsed, missed
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 §3.8.7.4
    moves: Mapped[int] = mapped_column(default=0)  # by the visitor
    uid: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)  # of the event in calendars, for ever
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)  # of the visitor's link, for ever
    form_token: Mapped[str | None] = mapped_column(sa.String(64))  # the same form sent twice books once
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(255), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    answers: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)  # {"question": …, "answer": …}
    place: Mapped[str] = mapped_column(sa.String(500), default="")  # where it was promised to be
    note: Mapped[str] = mapped_column(sa.Text, default="")  # the owner's own
    visitor_zone: Mapped[str] = mapped_column(sa.String(64), default="")
    language: Mapped[str] = mapped_column(sa.String(35), default="")
    made_by: Mapped[str] = mapped_column(sa.String(10), default="visitor")  # or owner
    ended_by: Mapped[str] = mapped_column(sa.String(10), default="")  # who cancelled or declined: visitor, owner
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # said when it was cancelled or declined
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]  # from then on it may stand in the visitor's calendar
    settled_at: Mapped[datetime] = mapped_column(default=now)  # made, confirmed or moved last: older reminders are not sent
    lapses_at: Mapped[datetime | None]  # held and pending ones
    ended_at: Mapped[datetime | None]

    type: Mapped[AppointmentType] = relationship()
    host: Mapped[Host] = relationship()

    @property
    def is_over(self) -> bool:
        return self.state in ("declined", "cancelled", "lapsed")


class BlockedTime(Base):
    """A time that a person, or everybody (no host), keeps free by hand."""

    __tablename__ = "blocked_times"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.String(120), default="")


class ImportedCalendar(Base):
    """An .ics address whose busy times are kept out, and how old our copy is."""

    __tablename__ = "imported_calendars"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    url: Mapped[str] = mapped_column(sa.Text)
    etag: Mapped[str] = mapped_column(sa.String(255), default="")
    digest: Mapped[str] = mapped_column(sa.String(64), default="")  # of the busy times: a row changes when they do
    events_left_out: Mapped[int] = mapped_column(default=0)  # which could not be read
    fetched_at: Mapped[datetime | None]  # the last time that it worked: the age of our copy
    read_at: Mapped[datetime | None]  # the last time that it was read whole, not only found unchanged
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime] = mapped_column(default=now, index=True)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    error: Mapped[str] = mapped_column(sa.String(60), default="")  # a key of busy.PROBLEMS, "status 404"
    created_at: Mapped[datetime] = mapped_column(default=now)


class BusyTime(Base):
    """A busy span of an imported calendar."""

    __tablename__ = "busy_times"
    __table_args__ = (sa.Index("ix_busy_times_calendar_id_ends_at", "calendar_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("imported_calendars.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Waiting(Base):
    """Somebody who waits for a place of a type between two dates, both included, by the host's calendar."""

    __tablename__ = "booking_waiting"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    card_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    type_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("appointment_types.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("booking_hosts.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(255))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    visitor_zone: Mapped[str] = mapped_column(sa.String(64), default="")
    language: Mapped[str] = mapped_column(sa.String(35), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")  # waiting, offered, taken, left, over
    offer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("appointments.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    type: Mapped[AppointmentType] = relationship()
    offer: Mapped[Appointment | None] = relationship()


class Reminder(Base):
    """A reminder that went into the outbox: its key lets it go there once."""

    __tablename__ = "appointment_reminders"

    appointment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True
    )
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # before the start
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sent_at: Mapped[datetime] = mapped_column(default=now)


class AppointmentMail(Base):
    """A mail in the outbox that is about an appointment."""

    __tablename__ = "appointment_mails"

    mail_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True)
    appointment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("appointments.id", ondelete="CASCADE"), index=True
    )
