"""Writes the next migration from what the models say and the migrations lack: `python -m tests.new_migration NAME`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import vcardapp.accounts.models
import vcardapp.admin.models
import vcardapp.booking.models
import vcardapp.cards.models
import vcardapp.gallery.models
import vcardapp.mail
import vcardapp.store.models
import vcardapp.turns  # noqa: F401
from vcardapp.db import engine_options
from vcardapp.upgrade import MIGRATIONS, migrate


def main(name: str) -> None:
    number = len(list(MIGRATIONS.glob("versions/[0-9]*_*.py"))) + 1
    config = Config(attributes={})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.sqlite3"
        if number > 1:
            migrate(url, "head")
        with sa.create_engine(**engine_options(url), poolclass=sa.NullPool).connect() as connection:
            config.attributes["connection"] = connection
            made = command.revision(config, name, autogenerate=True, rev_id=f"{number:04}")
    path = Path(made.path)  # type: ignore[union-attr]
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.strip().startswith("# ###")) + "\n")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--fix", "-q", path], check=False)
    subprocess.run([ruff, "format", "-q", path], check=True)


if __name__ == "__main__":
    main(sys.argv[1])
