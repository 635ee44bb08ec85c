"""The command vcardapp. Everything heavy is imported where it is used, so that `vcardapp run` starts at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vcardapp.config import BadSetting, Settings, read_settings

if TYPE_CHECKING:
    from multiprocessing.synchronize import Semaphore

FILLED = "demo"  # the file in the data folder that says: the demo was filled in here, or has no place here


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    os.environ.setdefault("VCARDAPP_URL", "")
    if not os.environ["VCARDAPP_URL"]:
        os.environ["VCARDAPP_URL"] = server.url_of(address, port)
    settings = _settings()
    if not _is_current(settings):
        click.echo("Setting up the database …")
        _in_a_process_of_its_own("upgrade")
    if with_demo and not (settings.data / FILLED).exists():
        click.echo("Filling in the demo …")
        _in_a_process_of_its_own("demo", "--if-empty")
    click.echo(_welcome(settings, with_demo))
    sys.stdout.flush()
    import multiprocessing

    link_base = f"http://127.0.0.1:{port}" if with_demo and address in ("127.0.0.1", "0.0.0.0") else ""  # noqa: S104
    server.serve(address, port, workers, partial(_load, link_base, multiprocessing.Semaphore(1)))


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


def _welcome(settings: Settings, is_made: bool) -> str:
    lines = [f"vcardapp runs at {settings.url} (Ctrl-C stops it)."]
    if settings.is_local_only:
        again = "HOST=0.0.0.0 make run" if is_made else "vcardapp run --host 0.0.0.0"
        lines.append("This address works on this computer only.")
        lines.append(f"To try it on a phone in the same network, start it with: {again}")
    return "\n".join(lines)


def _load(link_base: str, first: Semaphore) -> Any:
    """Load the app inside a worker; the first worker prints the way into the demo."""
    from vcardapp.wsgi import app

    if link_base and first.acquire(block=False):
        from vcardapp.demo import service

        with app.app_context():
            link = service.sign_in_link()
        if link:
            print(f"Sign in as the demo's owner, once: {link_base}{link}", flush=True)
    return app


@commands.command()
def upgrade() -> None:
    """Bring the database to this release."""
    from vcardapp.upgrade import DatabaseUnusable
    from vcardapp.upgrade import upgrade as bring_up

    try:
        bring_up(_settings())
    except DatabaseUnusable as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("The database is up to date.")


@contextmanager
def _app() -> Iterator[Settings]:
    """Open the app for a command, beside a running server or without one."""
    settings = _settings()
    if not _is_current(settings):
        from vcardapp.upgrade import upgrade as bring_up

        bring_up(settings)
    from vcardapp import create_app

    with create_app(settings).app_context():
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
@click.option("--owner", required=True, metavar="EMAIL", help="Whose card it will be; a new account has no password.")
@click.option("--slug", default="", help="The card's address; without it, made from the name.")
@click.option("--publish", is_flag=True, help="Publish it at once.")
def import_card(file: Path, owner: str, slug: str, publish: bool) -> None:
    """Make a card from a .vcf file and print its address."""


@card.command("export")
@click.argument("slug")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, instead of the screen.")
def export_card(slug: str, output: Path | None) -> None:
    """Write a published card as a .vcf file."""


@commands.group()
def admin() -> None:
    """Let people in."""
