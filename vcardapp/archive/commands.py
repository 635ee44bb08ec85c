"""The command vcardapp account: takes accounts away as files, and brings them along."""

from __future__ import annotations

from pathlib import Path

import click

from vcardapp.card_cli import address_of
from vcardapp.loading import app_of_command
from vcardapp.whole_files import appearing_whole


@click.group()
def account() -> None:
    """Take an account away as one file, or bring one along."""


@account.command("export")
@click.argument("email")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_account(email: str, file: Path) -> None:
    """Write everything that is a person's into a zip file."""
    with app_of_command():
        from vcardapp.accounts.service import find_user
        from vcardapp.archive.service import archive_of

        person = find_user(email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        try:
            with appearing_whole(file, may_replace=True) as written:
                for part in archive_of(person.id):
                    written.write(part)
        except OSError as problem:
            raise click.ClickException(f"{file} cannot be written: {problem.strerror}.") from None


@account.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL", help="Whose it will be; a new account has no password.")
@click.option("--again", is_flag=True, help="Also make cards that the account has already.")
@click.option("--dry-run", is_flag=True, help="Say what the file holds, and store nothing.")
def import_account(file: Path, owner: str, again: bool, dry_run: bool) -> None:
    """Make cards of an account that was exported elsewhere and print their addresses, one a line."""
    with app_of_command() as settings:
        from vcardapp.accounts.service import BadEmail, EmailTaken, ensure_user
        from vcardapp.archive import reading, service, words
        from vcardapp.archive.refused import ArchiveRefused

        try:
            with file.open("rb") as source:
                archive = reading.read_archive(source)  # before there is an account for what cannot be read
                if dry_run:
                    for card in archive.cards:
                        click.echo(f"{card.card['slug'] or '-'}  {card.card['draft'].display_name}")
                    for sentence in words.counted(archive.counts()):
                        click.echo(sentence)
                    return
                done = service.bring(ensure_user(owner), source, again=again)
        except BadEmail:
            raise click.ClickException(f"{owner} is not an e-mail address.") from None
        except EmailTaken:
            raise click.ClickException(f"The account of {owner} is suspended.") from None
        except ArchiveRefused as refused:
            raise click.ClickException(words.of_refused(refused)) from None
        except OSError as problem:
            raise click.ClickException(f"{file} cannot be read: {problem.strerror}.") from None
        for made in done.cards:
            click.echo(address_of(settings, made.slug) if made.slug else f"{settings.url}/cards/{made.card_id}/edit")
        for sentence in words.told(done):
            click.echo(sentence, err=True)
