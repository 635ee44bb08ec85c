"""The command vcardapp secret: changes the key that signs what this server gives out."""

from __future__ import annotations

import os
import secrets

import click


@click.group()
def secret() -> None:
    """Look after the server's secret key."""


@secret.command()
def rotate() -> None:
    """Put a new key first in the data folder's file `secret`; what the old ones signed is still believed.

    Restart every server afterwards. Delete the old lines once nobody needs their links any more: whoever has not signed
    in since has to set a new password by mail then, and second factors that were not used since have to be set up anew.
    """
    from vcardapp.config import kept_secrets, read_settings, write_secrets

    if os.environ.get("VCARDAPP_SECRET_KEY"):
        raise click.ClickException(
            "VCARDAPP_SECRET_KEY is set: move its value to VCARDAPP_OLD_SECRET_KEYS and put a new one in its place,"
            f" for example {secrets.token_urlsafe(48)}"
        )
    path = read_settings().data / "secret"
    kept = kept_secrets(path)
    try:
        write_secrets(path, [secrets.token_urlsafe(48), *kept]).replace(path)
    except OSError as problem:
        raise click.ClickException(f"{path} cannot be written: {problem.strerror}. It holds what it held.") from None
    click.echo(f"{path} has a new first line; {len(kept)} old below it. Now restart every server that uses it.")
