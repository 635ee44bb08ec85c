"""How the app is loaded: in one go, and for commands with what stands in its way as a sentence."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from vcardapp.config import Settings, read_settings

ELSEWHERE = (
    "nothing was ever stored with these settings (data folder {}). "
    "For an installation that is there, give VCARDAPP_DATA and VCARDAPP_DATABASE_URL as its server has them."
)


@contextmanager
def in_one_go() -> Iterator[None]:
    """Search for no garbage meanwhile: there is none in modules, and to search them anew all the time is a fifth of the start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def bring_up(settings: Settings) -> None:
    """Bring the database to this release.

    Raises:
        click.ClickException: The database cannot be used.
    """
    from vcardapp.upgrade import DatabaseUnusable, upgrade

    try:
        upgrade(settings)
    except DatabaseUnusable as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def app_of_command() -> Iterator[Settings]:
    """Open the app for a command, beside a running server or without one."""
    from vcardapp.upgrade import DatabaseUnusable, stored_revision

    settings = read_settings()
    with suppress(DatabaseUnusable):  # which is told in a moment
        if not stored_revision(settings.database_url):
            click.echo(f"A new installation begins: {ELSEWHERE.format(settings.data)}", err=True)
    with in_one_go():
        bring_up(settings)
        from vcardapp import create_app

        app = create_app(settings)
    with app.app_context():
        yield settings
