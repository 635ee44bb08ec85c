"""The commands for whoever runs a server: backup, restore, doctor, deploy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO

import click

from vcardapp.config import BadSetting, read_settings
from vcardapp.loading import ELSEWHERE
from vcardapp.whole_files import appearing_whole

say = partial(click.echo, err=True)


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what can go wrong into a sentence."""
    import sqlalchemy as sa

    from vcardapp.storage import StorageAway, StorageFull
    from vcardapp.upgrade import DatabaseUnusable

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what is half done is taken away, as by Ctrl-C
    try:
        yield
    except (DatabaseUnusable, BadSetting) as problem:
        raise click.ClickException(str(problem)) from None
    except StorageAway as problem:
        raise click.ClickException(f"The storage does not answer ({problem}).") from None
    except StorageFull:
        raise click.ClickException("There is no room left in the storage.") from None
    except sa.exc.DBAPIError as problem:
        raise click.ClickException(f"The database refused: {str(problem.orig).splitlines()[0]}.") from None
    except BrokenPipeError:
        raise click.ClickException("Whoever read the backup stopped: it is not whole.") from None
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or 'A file'} cannot be used: {problem.strerror}.") from None


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--with-secrets", is_flag=True, help="The secret key and passwords too: whoever has the file has the server."
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def backup(file: Path, with_secrets: bool, force: bool) -> None:
    """Write everything that is stored into one file (- for the standard output), beside a running server or without one.

    It holds the database as it is at one moment, with all pictures and papers of that moment, and can be restored into
    another sort of database and of storage.
    """
    from vcardapp.operations import backup as writing
    from vcardapp.upgrade import DatabaseUnusable, stored_revision

    settings = read_settings()
    with _understood():
        if not stored_revision(settings.database_url):
            raise DatabaseUnusable(f"There is nothing to back up: {ELSEWHERE.format(settings.data)}")
        if str(file) == "-":
            if sys.stdout.isatty():
                raise click.ClickException(
                    "A backup is no text: name a file, or lead it into one (vcardapp backup - > FILE)."
                )
            contents = writing.write_backup(settings, sys.stdout.buffer, with_secrets)
            sys.stdout.buffer.flush()
        else:
            try:
                with appearing_whole(file, force) as opened:
                    contents = writing.write_backup(settings, opened, with_secrets)
            except FileExistsError:
                raise click.ClickException(f"{file} is there already: choose another name, or use --force.") from None
    writing.tell(contents, with_secrets, say)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup into an empty installation: another computer, another sort of database, another storage.

    Everything is checked before anything is written, and nothing is ever overwritten. Stop the server meanwhile.
    """
    from vcardapp.operations import restore as reading
    from vcardapp.operations.logs import one_line
    from vcardapp.operations.parcel import Damaged
    from vcardapp.operations.restore_check import NotEmpty
    from vcardapp.operations.rows import DoesNotFit

    secret_is_set = bool(os.environ.get("VCARDAPP_SECRET_KEY"))
    settings = read_settings()
    with _understood(), _seekable(file) as opened:
        try:
            checked = reading.restore(settings, opened, secret_is_set)
        except (Damaged, NotEmpty, DoesNotFit) as problem:
            raise click.ClickException(one_line(f"{problem} Nothing was restored.")) from None
    say(
        one_line(f"Restored {sum(checked.rows.values()):,} rows and {checked.files:,} files, kept on {checked.made_at[:16]} UTC.")
    )
    for sentence in reading.what_to_do(settings, checked, secret_is_set):
        say(one_line(sentence))  # it holds what stands in the backup, whoever made that


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A list for programs.")
def doctor(as_json: bool) -> None:
    """Look whether everything is there and right, and say what to do where it is not; ends with 1 if something is wrong.

    Run it as the user and with the environment of the server. Nothing is changed and no secret is shown.
    """
    from vcardapp.operations.doctor import look_at_all
    from vcardapp.operations.finding import WRONG

    found = []
    for finding in look_at_all(read_settings()):
        found.append(finding)
        if not as_json:
            click.echo(
                f"{finding.state.upper() if finding.state == WRONG else finding.state:5}  {finding.name:12}  {finding.says}"
            )
            if finding.do:
                click.echo(f"{'':21}→ {finding.do}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    sys.exit(any(finding.state == WRONG for finding in found))


@click.group()
def deploy() -> None:
    """Print files with which this installation runs for real, made of the settings in effect."""


PORT = click.option("--port", default=8000, type=click.IntRange(1, 65535), show_default=True)
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes that answer; as many as there are cores."
)


@deploy.command()
@PORT
@WORKERS
@click.option("--user", default="vcardapp", show_default=True, help="Who runs it.")
def systemd(port: int, workers: int | None, user: str) -> None:
    """Print a unit of systemd."""
    from vcardapp.operations.deploy import workers_here
    from vcardapp.operations.deploy_systemd import systemd

    with _written():
        click.echo(systemd(read_settings(), os.environ, user, port, workers or workers_here()), nl=False)


@deploy.command()
@click.option(
    "--backend",
    "backends",
    multiple=True,
    default=["127.0.0.1:8000"],
    show_default=True,
    help="A server; several may be named.",
)
@click.option(
    "--certificate", default="", help="The file with the certificate and its chain; where certbot puts it otherwise."
)
@click.option("--key", default="", help="The file with the certificate's key.")
def nginx(backends: tuple[str, ...], certificate: str, key: str) -> None:
    """Print a site of nginx, with TLS, in front of one server or several."""
    from vcardapp.operations.deploy_nginx import nginx

    with _written():
        click.echo(nginx(read_settings(), list(backends), certificate, key), nl=False)


@deploy.command()
@PORT
@WORKERS
@click.option(
    "--source", default=".", type=click.Path(path_type=Path), show_default=True, help="The folder with pyproject.toml."
)
def compose(port: int, workers: int | None, source: Path) -> None:
    """Print a compose file: an image of this program, PostgreSQL, Valkey."""
    from vcardapp.operations.deploy import workers_here
    from vcardapp.operations.deploy_compose import compose

    with _written():
        click.echo(compose(read_settings(), os.environ, source, port, workers or workers_here()), nl=False)


@contextmanager
def _written() -> Iterator[None]:
    from vcardapp.operations.deploy import CannotBeWritten

    try:
        yield
    except CannotBeWritten as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def _seekable(file: Path) -> Iterator[IO[bytes]]:
    """Open a file to be read twice; what comes from the standard input is kept meanwhile."""
    if str(file) != "-":
        with file.open("rb") as opened:
            yield opened
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        yield kept
