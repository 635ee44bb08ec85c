"""The command vcardapp. Everything heavy is imported where it is used, so that `vcardapp run` starts at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from vcardapp.archive.commands import account
from vcardapp.config import BadSetting, Settings, doubts, read_settings, variable_of
from vcardapp.loading import in_one_go
from vcardapp.media_cli import media
from vcardapp.operations.commands import backup, deploy, doctor, restore
from vcardapp.qr_cli import qr
from vcardapp.secret_cli import secret

if TYPE_CHECKING:
    from vcardapp.accounts.models import User
    from vcardapp.accounts.owner import Owner
    from vcardapp.cards.vcard_draft import ReadCard

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
    settings = _settings()
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


def _settings() -> Settings:
    try:
        return read_settings()
    except OSError as problem:
        raise click.ClickException(f"The data folder cannot be used: {problem.strerror}: {problem.filename}.") from None


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
        _bring_up(_settings())
    click.echo("The database is up to date.")


def _bring_up(settings: Settings) -> None:
    from vcardapp.upgrade import DatabaseUnusable, upgrade

    try:
        upgrade(settings)
    except DatabaseUnusable as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def _app() -> Iterator[Settings]:
    """Open the app for a command, beside a running server or without one."""
    settings = _settings()
    with in_one_go():
        _bring_up(settings)
        from vcardapp import create_app

        app = create_app(settings)
    with app.app_context():
        yield settings


@commands.command()
@click.option("--if-empty", is_flag=True, help="Only where nobody has made an account or a card yet.")
def demo(if_empty: bool) -> None:
    """Fill in the demo: eight people and shops, in many trades and scripts."""
    with _app() as settings:
        from vcardapp.demo import service

        if not if_empty or service.has_room():
            for card in service.fill():
                click.echo(_address(settings, card.slug))
        (settings.data / FILLED).touch()


@commands.group()
def card() -> None:
    """Bring cards in and out as .vcf files."""


@card.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL", help="Whose cards they will be; a new account has no password.")
@click.option("--slug", default="", help="The address of a single card; without it, one is made from the name.")
@click.option("--publish", is_flag=True, help="Publish at once.")
@click.option("--country", default="", metavar="CODE", help="By which numbers without + are read: DE, JP, …")
@click.option("--dry-run", is_flag=True, help="Say what would be taken, changed and left out, and store nothing.")
def import_card(file: Path, owner: str, slug: str, publish: bool, country: str, dry_run: bool) -> None:
    """Make a card of each contact in a .vcf file and print their addresses, one a line."""
    with _app() as settings:
        from vcardapp.accounts.owner import Owner
        from vcardapp.accounts.service import BadEmail, EmailTaken, ensure_user
        from vcardapp.cards import service, slugs
        from vcardapp.cards.vcard_lines import MOST_BYTES
        from vcardapp.cards.vcard_reader import Unreadable, read_vcards
        from vcardapp.editor.reserved import reserved_slugs

        try:
            if slug and service.find_by_slug(slugs.read_slug(slug, reserved_slugs())):
                raise click.ClickException(f"The address {slug} is taken.")
            with file.open("rb") as opened:
                found = read_vcards(opened.read(MOST_BYTES + 1), country.upper())
            if slug and len(found.cards) > 1:
                raise click.ClickException(f"{file.name} holds {len(found.cards)} contacts; --slug is for one.")
            person = Owner() if dry_run else Owner(user_id=ensure_user(owner).id)
        except (slugs.BadSlug, Unreadable) as problem:
            raise click.ClickException(problem.reason) from None
        except BadEmail:
            raise click.ClickException(f"{owner} is not an e-mail address.") from None
        except EmailTaken:
            raise click.ClickException(f"The account of {owner} is suspended.") from None
        except OSError as problem:
            raise click.ClickException(f"{file} cannot be read: {problem.strerror}.") from None
        problems = [f"Contact {number} of the file was not read: {reason}" for number, reason in found.problems]
        for read in found.cards:
            if dry_run:
                _show(read)
                continue
            problems += _import_one(settings, person, read, slug, publish)
        for sentence in problems:
            click.echo(sentence, err=True)
    if problems:
        sys.exit(1)


def _show(read: ReadCard) -> None:
    """Print a contact as the editor's import shows it."""
    from vcardapp.editor.answers import understood

    click.echo(read.content.display_name or "A contact without a name")
    for label, values in understood(read.content):
        click.echo(f"  {label}: {'; '.join(values)}".replace("\n", " / "))
    if read.photo:
        click.echo(f"  Photo: {len(read.photo):,} bytes")
    for change in read.changed:
        click.echo(f"  changed: {change.before} -> {change.after}")
    for part in read.doubts:
        click.echo(f"  please check: {part.name} {part.value} ({part.reason})")
    for part in read.left_out:
        click.echo(f"  left out: {part.name} {part.value!r} ({part.reason})")


def _import_one(settings: Settings, owner: Owner, read: ReadCard, slug: str, publish: bool) -> Iterator[str]:
    """Make a card, print its address, and yield what could not be done as sentences."""
    from vcardapp.cards import importing, service
    from vcardapp.editor.reserved import reserved_slugs

    name = read.content.display_name or "A contact without a name"
    try:
        made, left_out = importing.make_card(owner, read, slug)
    except importing.TooLong:
        yield f"{name}: this is more text than a card can hold."
        return
    if left_out:
        click.echo(f"{name}: the photo was left out: {left_out}", err=True)
    if publish:
        try:
            service.publish_card(made, reserved_slugs())
        except service.NoName:
            yield "The contact has no name, so it stays a draft."
        except service.SlugTaken as problem:
            yield f"{name}: the address {problem.slug} is taken, so the card stays a draft."
    click.echo(_address(settings, made.slug) if made.slug else f"{settings.url}/cards/{made.id}/edit")


@card.command("export")
@click.argument("slug")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of the screen.")
def export_card(slug: str, output: Path | None) -> None:
    """Write a published card as a .vcf file."""
    with _app():
        from vcardapp.cards import service
        from vcardapp.cards.vcard import write_vcard
        from vcardapp.domains.service import address_base

        found = service.find_by_slug(slug)
        if not found or found[0].live is None or found[0].deleted_at:
            raise click.ClickException(f"There is no published card at {slug}.")
        data = write_vcard(service.contact_for(found[0], address_base(found[0])))
    try:
        with click.open_file(str(output or "-"), "wb") as file:
            file.write(data)
    except OSError as problem:
        raise click.ClickException(f"{output} cannot be written: {problem.strerror}.") from None


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
    with _app():
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
    with _app():
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


def _address(settings: Settings, slug: str | None) -> str:
    return f"{settings.url}/{quote(slug or '')}"
