"""The command vcardapp. Everything heavy is imported where it is used, so that `vcardapp run` starts at once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from vcardapp.archive.commands import account
from vcardapp.card_cli import address_of, card
from vcardapp.config import BadSetting, Settings, doubts, read_settings, variable_of
from vcardapp.loading import app_of_command, bring_up, in_one_go
from vcardapp.media_cli import media
from vcardapp.operations.commands import backup, deploy, doctor, restore
from vcardapp.qr_cli import qr
from vcardapp.secret_cli import secret

if TYPE_CHECKING:
    from vcardapp.accounts.models import User

FILLED = "demo"  # the file in the data folder that says: the demo was filled in here, or has no place here


VARIABLES = ", ".join(variable_of(field.name) for field in fields(Settings))


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Settings are environment variables, explained in the README: {VARIABLES}.",
)
@click.version_option(package_name="vcardapp")
def commands() -> None:
    """Digital business cards that anybody can make, scan and save."""


def main() -> None:
    """Run a command; what went wrong is one sentence on stderr."""
    try:
        sys.exit(commands.main(prog_name="vcardapp", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as problem:
        print(problem.format_message())
        sys.exit(0)
    except click.ClickException as problem:
        _fail(problem.format_message(), problem.exit_code)
    except BadSetting as problem:
        _fail(str(problem), 1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _fail(sentence: str, code: int) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(code)


@commands.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, show_envvar=True)
@click.option("--port", envvar="PORT", default=8000, type=click.IntRange(1, 65535), show_default=True, show_envvar=True)
@click.option("--workers", default=1, type=click.IntRange(1, 64), show_default=True, help="Processes that answer.")
@click.option("--with-demo", is_flag=True, help="Fill in the demo on the first run, and print a link into it.")
def run(host: str, port: int, workers: int, with_demo: bool) -> None:
    """Start the server; 0.0.0.0 as host opens it to the local network."""
    from vcardapp import server

    try:
        address = server.numeric_host(host)
        server.check_free(address, port)
    except server.CannotListen as problem:
        raise click.ClickException(str(problem)) from None
    os.environ["VCARDAPP_URL"] = os.environ.get("VCARDAPP_URL") or server.url_of(address, port)
    os.umask(0o077)  # what the server writes is for its user only
    settings = read_settings()
    for sentence in doubts(settings, os.environ):
        click.echo(sentence, err=True)
    if not _is_current(settings):
        click.echo("Setting up the database …")
        _in_a_process_of_its_own("upgrade")
    if with_demo and not (settings.data / FILLED).exists():
        click.echo("Filling in the demo …")
        _in_a_process_of_its_own("demo", "--if-empty")
    click.echo(f"vcardapp runs at {settings.url} (Ctrl-C stops it).")
    if settings.is_local_only:
        again = "HOST=0.0.0.0 make run" if with_demo else "vcardapp run --host 0.0.0.0"
        click.echo("This address works on this computer only.")
        click.echo(f"To try it on a phone in the same network, start it with: {again}")
    sys.stdout.flush()
    server.serve(address, port, workers, with_demo)


def _is_current(settings: Settings) -> bool:
    from vcardapp import upgrade

    try:
        return upgrade.is_current(settings)
    except upgrade.DatabaseUnusable as problem:
        raise click.ClickException(str(problem)) from None


def _in_a_process_of_its_own(*arguments: str) -> None:
    """Run a command whose memory the server should not keep."""
    done = subprocess.run([sys.executable, "-m", "vcardapp", *arguments], stdout=subprocess.DEVNULL)  # noqa: S603
    if done.returncode:
        sys.exit(done.returncode)


@commands.command()
def upgrade() -> None:
    """Bring the database to this release."""
    with in_one_go():
        bring_up(read_settings())
    click.echo("The database is up to date.")


@commands.command()
@click.option("--if-empty", is_flag=True, help="Only where nobody has made an account or a card yet.")
def demo(if_empty: bool) -> None:
    """Fill in the demo: eight people and shops, in many trades and scripts."""
    with app_of_command() as settings:
        from vcardapp.demo import service

        if not if_empty or service.has_room():
            for card in service.fill():
                click.echo(address_of(settings, card.slug))
        (settings.data / FILLED).touch()


commands.add_command(card)
commands.add_command(qr)
commands.add_command(media)
commands.add_command(secret)
commands.add_command(account)
commands.add_command(backup)
commands.add_command(restore)
commands.add_command(doctor)
commands.add_command(deploy)


@commands.group()
def admin() -> None:
    """Let people in."""


@admin.command("create")
@click.argument("email")
def make_admin(email: str) -> None:
    """Make somebody an admin, with a new account if need be, and print a link that sets their password."""
    with app_of_command():
        from vcardapp.accounts.service import BadEmail
        from vcardapp.admin.people import create_admin

        try:
            person = create_admin(email)
        except BadEmail:
            raise click.ClickException(f"{email} is not an e-mail address.") from None
        click.echo(_reset_link(person))


@admin.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a link that sets somebody's password anew."""
    with app_of_command():
        from vcardapp.accounts.service import find_user
        from vcardapp.admin.people import note_reset_link

        person = find_user(email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        note_reset_link(person)
        click.echo(_reset_link(person))


def _reset_link(person: User) -> str:
    from vcardapp.accounts.security import reset_token
    from vcardapp.web import absolute

    return absolute("/reset/" + reset_token(person))
