"""Migrations go up and down with data in them, on both databases, and say the same as the models."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import vcardapp.accounts.models
import vcardapp.admin.models
import vcardapp.booking.models
import vcardapp.cards.models
import vcardapp.domains.models
import vcardapp.gallery.models
import vcardapp.mail
import vcardapp.public.models
import vcardapp.store.models
import vcardapp.turns  # noqa: F401
from tests.cases import FULL
from tests.processes import PROGRAM, environment
from vcardapp.cards.content import Content, Phone
from vcardapp.cards.models import Card, CardCode, CardEvent
from vcardapp.config import Settings
from vcardapp.db import Base, engine_options, now
from vcardapp.upgrade import DatabaseUnusable, is_current, migrate, newest_revision, stored_revision, upgrade

STARTS = 4 if FULL else 2


def settings(url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url=url, url="http://localhost", secret_key="")


def engine(url: str) -> sa.Engine:
    return sa.create_engine(**engine_options(url), poolclass=sa.NullPool)


def test_models_and_migrations_say_the_same(fresh_url: str) -> None:
    migrate(fresh_url, "head")
    with engine(fresh_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_and_up_again_and_keeps_what_is_stored(fresh_url: str) -> None:
    migrate(fresh_url, "head")
    content = Content(display_name="Ada", phones=(Phone("+44 20 7946 0018"),))
    with sa.orm.Session(engine(fresh_url)) as session:
        session.add(card := Card(draft=content, live=content, slug="ada", code="000001", changed_at=now()))
        session.flush()
        session.add(event := CardEvent(card_id=card.id, key="expo", title="Expo"))
        session.flush()
        session.add(CardCode(code="000001", card_id=card.id))
        session.add(CardCode(code="000002", card_id=card.id, name="badge", event_id=event.id, scans=7))
        session.commit()
    revisions = [f"{number:04}" for number in range(int(newest_revision()), 0, -1)]
    for after, revision in pairwise(revisions):
        migrate(fresh_url, revision)
        migrate(fresh_url, "head" if FULL else after)
        if not FULL:
            migrate(fresh_url, revision)
    migrate(fresh_url, "head")
    with sa.orm.Session(engine(fresh_url)) as session:
        card = session.scalars(sa.select(Card)).one()
        assert card.draft == card.live == content
        assert card.changed_at.tzinfo is not None
        codes = session.scalars(sa.select(CardCode).order_by(CardCode.code)).all()
        assert [(code.code, code.card_id, code.style, code.state) for code in codes] == [
            ("000001", card.id, {}, "in use"), ("000002", card.id, {}, "in use")
        ]  # fmt: skip


def test_all_the_way_down_leaves_no_table_and_up_begins_anew(fresh_url: str) -> None:
    migrate(fresh_url, "head")
    with sa.orm.Session(engine(fresh_url)) as session:
        session.add(Card(draft=Content(display_name="Ada")))
        session.commit()
    migrate(fresh_url, "base")
    assert set(sa.inspect(engine(fresh_url)).get_table_names()) <= {"alembic_version"}
    migrate(fresh_url, "head")
    assert set(Base.metadata.tables) <= set(sa.inspect(engine(fresh_url)).get_table_names())


def test_what_is_current_is_known_without_alembic(fresh_url: str, tmp_path: Path) -> None:
    assert not is_current(settings(fresh_url, tmp_path))
    upgrade(settings(fresh_url, tmp_path))
    assert is_current(settings(fresh_url, tmp_path))
    ask = (
        "import sys; from vcardapp import upgrade; "
        f"assert upgrade.stored_revision({fresh_url!r}) == upgrade.newest_revision(); "
        "assert not {'alembic', 'sqlalchemy', 'flask'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", ask], check=True)


def test_a_database_of_a_newer_release_is_left_alone(fresh_url: str, tmp_path: Path) -> None:
    migrate(fresh_url, "head")
    with engine(fresh_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnusable, match="newer"):
        upgrade(settings(fresh_url, tmp_path))
    assert stored_revision(fresh_url) == "9999"


def test_a_database_to_which_a_newer_release_only_added_is_used_and_left_as_it_is(fresh_url: str, tmp_path: Path) -> None:
    """Servers of two versions run beside each other while one after the other is upgraded."""
    migrate(fresh_url, "head")
    newer = f"{int(newest_revision()) + 1:04}"
    with engine(fresh_url).begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newer}'")
    assert is_current(settings(fresh_url, tmp_path))
    upgrade(settings(fresh_url, tmp_path))
    assert stored_revision(fresh_url) == newer


def test_starts_at_the_same_moment_take_turns(fresh_url: str, tmp_path: Path) -> None:
    env = environment(tmp_path, 8000, VCARDAPP_DATABASE_URL=fresh_url)
    starts = [
        subprocess.Popen([PROGRAM, "upgrade"], env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for _ in range(STARTS)
    ]
    said = [start.communicate()[1] for start in starts]
    assert [start.returncode for start in starts] == [0] * STARTS, said
    assert stored_revision(fresh_url) == newest_revision()


def test_a_new_sqlite_file_is_for_its_owner_only_in_whatever_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    migrate(f"sqlite:///{tmp_path}/cards.sqlite3", "head")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
