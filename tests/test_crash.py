"""Power goes while a card is saved: afterwards it is exactly one of the states that were saved."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from tests.cases import FULL
from tests.processes import environment, free_port, prepare, start_server
from tests.saving import state
from tests.test_run import get
from vcardapp.cards.models import Card, CardVersion
from vcardapp.db import engine_options

ROUNDS = 30 if FULL else 1


def test_a_card_killed_while_saved_is_whole(database_url: str, tmp_path: Path) -> None:
    prepare(tmp_path)
    env = environment(tmp_path, free_port(), VCARDAPP_DATABASE_URL=database_url)
    engine = sa.create_engine(**engine_options(database_url), poolclass=sa.NullPool)
    with sa.orm.Session(engine) as session:
        card = Card(draft=state(0))
        session.add(card)
        session.commit()
        card_id = card.id
    for _ in range(ROUNDS):
        said = kill_while_saving(env, str(card_id))
        with sa.orm.Session(engine) as session:
            card = session.get_one(Card, card_id)
            number = int(card.draft.display_name.split()[1])
            assert number in (said["saved"], said["saved"] + 1)
            assert card.draft == state(number)
            assert card.live is not None
            assert card.live in (state(said["published"]), state(said["published"] + 1))
            assert int(card.live.display_name.split()[1]) in (number, number - 1)
            versions = session.scalars(sa.select(CardVersion).where(CardVersion.card_id == card_id)).all()
            assert all(version.content == state(int(version.content.display_name.split()[1])) for version in versions)
            if engine.dialect.name == "sqlite":
                assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    with start_server(tmp_path, VCARDAPP_DATABASE_URL=database_url) as server:
        assert f"FN:{card.live.display_name}" in get(f"{server.url}/crash.vcf")[1]


def kill_while_saving(env: dict[str, str], card_id: str) -> dict[str, int]:
    """Let a process save, kill it at any moment, and return the last numbers that it said it had stored."""
    command = [sys.executable, "-m", "tests.saving", card_id]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        time.sleep(random.uniform(0.05, 0.4))
        process.kill()
        lines += process.stdout.read().split("\n")[:-1]  # the last one may be cut off
    pairs = [line.split() for line in lines if line.strip()]
    return {word: int(number) for word, number in pairs}
