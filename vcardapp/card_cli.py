"""The commands vcardapp card import and card export: contacts come in and go out as .vcf files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from vcardapp.config import Settings
from vcardapp.loading import app_of_command

if TYPE_CHECKING:
    from vcardapp.accounts.owner import Owner
    from vcardapp.cards.vcard_draft import ReadCard


def address_of(settings: Settings, slug: str | None) -> str:
    """Return where a card is shown."""
    return f"{settings.url}/{quote(slug or '')}"


@click.group()
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
    with app_of_command() as settings:
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
    click.echo(address_of(settings, made.slug) if made.slug else f"{settings.url}/cards/{made.id}/edit")


@card.command("export")
@click.argument("slug")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of the screen.")
def export_card(slug: str, output: Path | None) -> None:
    """Write a published card as a .vcf file."""
    with app_of_command():
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
