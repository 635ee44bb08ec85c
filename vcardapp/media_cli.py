"""The command vcardapp media: moves pictures and papers to another storage."""

from __future__ import annotations

import sys
from collections import Counter

import click


@click.group()
def media() -> None:
    """Look after pictures and papers."""


@media.command()
@click.option("--to", "to_url", required=True, metavar="URL", help="s3://bucket?endpoint=https://… or file:///folder")
@click.option("--from", "from_url", metavar="URL", help="Otherwise where the server keeps them now.")
def move(to_url: str, from_url: str | None) -> None:
    """Copy all pictures and papers to another storage, comparing checksums; the old ones stay.

    It may be interrupted and started again, beside a running server as well: what is there already is only compared.
    Afterwards set VCARDAPP_STORAGE, restart the server, and run it once more with --from the old place: so what came
    meanwhile is taken along.
    """
    from vcardapp.config import read_settings
    from vcardapp.media.moving import COPIED, DIFFERS, THERE, copy_all
    from vcardapp.setting_values import storage_url
    from vcardapp.storage import StorageAway, StorageFull, make_storage

    settings = read_settings()
    source = make_storage(settings.storage if from_url is None else storage_url(from_url, "--from"), settings.media)
    count: Counter[str] = Counter()
    copied = 0
    try:
        for name, result, size in copy_all(source, make_storage(storage_url(to_url, "--to"), settings.media)):
            count[result] += 1
            copied += size if result == COPIED else 0
            if result == DIFFERS:
                click.echo(f"{name} arrives with other bytes than it was sent with.", err=True)
            if sum(count.values()) % 100 == 0:
                click.echo(f"{sum(count.values()):,} files …")
    except StorageFull:
        raise click.ClickException("There is no room left there. Make some and start again: what is copied stays.") from None
    except StorageAway as problem:
        raise click.ClickException(f"The storage does not answer ({problem}). Start again: what is copied stays.") from None
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or '--to'} cannot be used: {problem.strerror}.") from None
    click.echo(
        f"{count[COPIED]:,} files copied ({copied / 1e6:.1f} MB), {count[THERE]:,} were there already, {count[DIFFERS]:,} failed."
    )
    sys.exit(1 if count[DIFFERS] else 0)
