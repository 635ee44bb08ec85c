"""Appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

BLOCKS = "state IN ('held', 'pending', 'confirmed')"
TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON appointments
WHEN NEW.{blocks} AND EXISTS (
    SELECT 1 FROM appointments AS other
    WHERE other.host_id = NEW.host_id AND other.id <> NEW.id AND other.{blocks} AND other.group_key <> NEW.group_key
    AND other.blocked_from < NEW.blocked_until AND other.blocked_until > NEW.blocked_from
)
BEGIN SELECT RAISE(ABORT, 'appointments overlap'); END
"""


def upgrade() -> None:
    op.create_table(
        "appointment_types",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("place_sort", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("picture", sa.String(length=32), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("own_hours", sa.Boolean(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=True),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_until", sa.Date(), nullable=True),
        sa.Column("interval_minutes", sa.Integer(), nullable=True),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("approval_minutes", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("move_minutes", sa.Integer(), nullable=False),
        sa.Column("most_moves", sa.Integer(), nullable=True),
        sa.Column("reminders", sa.JSON(), nullable=False),
        sa.Column("waiting_list", sa.Boolean(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("before_minutes >= 0 AND after_minutes >= 0", name=op.f("ck_appointment_types_buffers")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_appointment_types_minutes")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_appointment_types_seats")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_appointment_types_card_id_cards"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_types")),
        sa.UniqueConstraint("card_id", "key", name=op.f("uq_appointment_types_card_id")),
    )
    op.create_index(op.f("ix_appointment_types_service_id"), "appointment_types", ["service_id"])

    op.create_table(
        "booking_hosts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("picture", sa.String(length=32), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("own_hours", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("feed_number", sa.Integer(), nullable=False),
        sa.Column("feed_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_booking_hosts_card_id_cards"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_hosts")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_booking_hosts_feed_hash")),
    )
    op.create_index(op.f("ix_booking_hosts_card_id"), "booking_hosts", ["card_id"])

    op.create_table(
        "booking_pages",
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("shows_next_times", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_booking_pages_card_id_cards"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_booking_pages")),
    )
    op.create_table(
        "appointment_type_hosts",
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["booking_hosts.id"],
            name=op.f("fk_appointment_type_hosts_host_id_booking_hosts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["appointment_types.id"],
            name=op.f("fk_appointment_type_hosts_type_id_appointment_types"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("type_id", "host_id", name=op.f("pk_appointment_type_hosts")),
    )
    op.create_index(op.f("ix_appointment_type_hosts_host_id"), "appointment_type_hosts", ["host_id"])

    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("group_key", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("visitor_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("made_by", sa.String(length=10), nullable=False),
        sa.Column("ended_by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seat BETWEEN 1 AND seats", name=op.f("ck_appointments_seat")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointments_span")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_appointments_card_id_cards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["booking_hosts.id"], name=op.f("fk_appointments_host_id_booking_hosts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["appointment_types.id"],
            name=op.f("fk_appointments_type_id_appointment_types"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("card_id", "form_token", name=op.f("uq_appointments_card_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_appointments_token_hash")),
    )
    op.create_index("ix_appointments_card_id_starts_at", "appointments", ["card_id", "starts_at"])
    op.create_index("ix_appointments_host_id_blocked_until", "appointments", ["host_id", "blocked_until"])
    op.create_index("ix_appointments_state_starts_at", "appointments", ["state", "starts_at"])
    op.create_index(op.f("ix_appointments_type_id"), "appointments", ["type_id"])
    op.create_index(
        "uq_appointments_seat",
        "appointments",
        ["group_key", "seat"],
        unique=True,
        sqlite_where=sa.text(BLOCKS),
        postgresql_where=sa.text(BLOCKS),
    )

    op.create_table(
        "blocked_times",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_blocked_times_card_id_cards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["booking_hosts.id"], name=op.f("fk_blocked_times_host_id_booking_hosts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_times")),
    )
    op.create_index(op.f("ix_blocked_times_card_id"), "blocked_times", ["card_id"])
    op.create_index(op.f("ix_blocked_times_host_id"), "blocked_times", ["host_id"])

    op.create_table(
        "booking_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("type_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_booking_hours_card_id_cards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["booking_hosts.id"], name=op.f("fk_booking_hours_host_id_booking_hosts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["appointment_types.id"],
            name=op.f("fk_booking_hours_type_id_appointment_types"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_hours")),
    )
    op.create_index(op.f("ix_booking_hours_card_id"), "booking_hours", ["card_id"])
    op.create_index(op.f("ix_booking_hours_host_id"), "booking_hours", ["host_id"])
    op.create_index(op.f("ix_booking_hours_type_id"), "booking_hours", ["type_id"])

    op.create_table(
        "imported_calendars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("events_left_out", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_imported_calendars_card_id_cards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["booking_hosts.id"],
            name=op.f("fk_imported_calendars_host_id_booking_hosts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_calendars")),
    )
    op.create_index(op.f("ix_imported_calendars_card_id"), "imported_calendars", ["card_id"])
    op.create_index(op.f("ix_imported_calendars_host_id"), "imported_calendars", ["host_id"])
    op.create_index(op.f("ix_imported_calendars_next_try_at"), "imported_calendars", ["next_try_at"])

    op.create_table(
        "appointment_mails",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_mails_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_appointment_mails_mail_id_mails"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_appointment_mails")),
    )
    op.create_index(op.f("ix_appointment_mails_appointment_id"), "appointment_mails", ["appointment_id"])

    op.create_table(
        "appointment_reminders",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_appointment_reminders_appointment_id_appointments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("appointment_id", "minutes", "sequence", name=op.f("pk_appointment_reminders")),
    )
    op.create_table(
        "booking_waiting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("visitor_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_booking_waiting_card_id_cards"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["booking_hosts.id"], name=op.f("fk_booking_waiting_host_id_booking_hosts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["appointments.id"],
            name=op.f("fk_booking_waiting_offer_id_appointments"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["appointment_types.id"],
            name=op.f("fk_booking_waiting_type_id_appointment_types"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_waiting")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_booking_waiting_token_hash")),
    )
    op.create_index(op.f("ix_booking_waiting_card_id"), "booking_waiting", ["card_id"])
    op.create_index(op.f("ix_booking_waiting_host_id"), "booking_waiting", ["host_id"])
    op.create_index(op.f("ix_booking_waiting_offer_id"), "booking_waiting", ["offer_id"])
    op.create_index(op.f("ix_booking_waiting_type_id"), "booking_waiting", ["type_id"])

    op.create_table(
        "busy_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["imported_calendars.id"],
            name=op.f("fk_busy_times_calendar_id_imported_calendars"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_times")),
    )
    op.create_index("ix_busy_times_calendar_id_ends_at", "busy_times", ["calendar_id", "ends_at"])
    op.add_column("mails", sa.Column("reply_to", sa.String(length=255), nullable=True))
    _refuse_overlaps()


def _refuse_overlaps() -> None:
    """Let the database refuse two appointments of one person at one time, whatever the code does."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE appointments ADD CONSTRAINT ex_appointments_overlap EXCLUDE USING gist"
            " (host_id WITH =, tstzrange(blocked_from, blocked_until) WITH &&, group_key WITH <>)"
            f" WHERE ({BLOCKS})"
        )
    else:  # writers are serial there, so a trigger sees every row that counts
        op.execute(TRIGGER.format(name="appointments_do_not_overlap", event="INSERT", blocks=BLOCKS))
        changes = "UPDATE OF host_id, blocked_from, blocked_until, group_key, state"
        op.execute(TRIGGER.format(name="moved_appointments_do_not_overlap", event=changes, blocks=BLOCKS))


def downgrade() -> None:
    for table in (
        "busy_times",
        "booking_waiting",
        "appointment_reminders",
        "appointment_mails",
        "imported_calendars",
        "booking_hours",
        "blocked_times",
        "appointments",
        "appointment_type_hosts",
        "booking_pages",
        "booking_hosts",
        "appointment_types",
    ):
        op.drop_table(table)
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("reply_to")
