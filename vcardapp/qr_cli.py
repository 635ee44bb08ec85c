"""The command vcardapp qr: a text and a style file to a picture of a code, with the proof that it scans."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from vcardapp.cards.qr_drawing import Dressed

FORMATS = ("svg", "png", "pdf")
MOST_STYLE_BYTES = 400_000
WIDTHS = {"svg": 0, "png": 1024, "pdf": 40}  # unless asked for: pixels, millimetres


@click.command("qr")
@click.argument("text", required=False)
@click.option("--style", "style_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A JSON file; see --schema. Without it the code is plain.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), help="Otherwise as the file's name ends, or svg.")
@click.option("--size", type=click.IntRange(1, 4096), help="Width: pixels of a png, millimetres of a pdf.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; - for the screen.")
@click.option("--instead-of", metavar="ADDRESS", help="The text whose plain code it is compared with; otherwise TEXT itself.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a style.")
def qr(
    text: str | None, style_file: Path | None, form: str | None, size: int | None, output: Path | None,
    instead_of: str | None, schema: bool,
) -> None:  # fmt: skip
    """Dress the code of a text, and print as JSON the proof that it scans as well as a plain one.

    A style that does not is not drawn: the nearest one that does is printed with what was changed, and the command
    ends with 2.
    """
    from vcardapp.cards import qr_nearest
    from vcardapp.cards.qr_drawing import dressed
    from vcardapp.cards.qr_proof import prove
    from vcardapp.cards.qr_style import SCHEMA

    if schema:
        click.echo(json.dumps(SCHEMA, indent=2, ensure_ascii=False))
        return
    if not text:
        raise click.UsageError("Say what the code shall hold: vcardapp qr TEXT")
    style, wrong = qr_nearest.mended(_values(style_file))
    try:
        drawing = dressed(text, style)
    except ValueError:
        raise click.ClickException("The text is too long for a code.") from None
    change = qr_nearest.nearest(text, style, instead_of or text)
    if wrong or change.words or not change.proof.passes:
        proof = {} if wrong else prove(drawing, instead_of or text).to_dict()
        reasons = [f"{remark.field}: {remark}" if remark.field else str(remark) for remark in wrong]
        refused = {"passes": False, **({"reasons": reasons} if wrong else proof)}
        found = {"style": change.style.to_dict(), "changes": list(map(str, change.words)), "proof": change.proof.to_dict()}
        _print({**refused, "nearest": found}, output)
        sys.exit(2)
    _print(change.proof.to_dict(), output)
    if output:
        form = form or next((known for known in FORMATS if output.suffix.lower() == f".{known}"), "svg")
        _write(output, _drawn(drawing, form, size or WIDTHS[form]))


def _values(file: Path | None) -> Any:
    if file is None:
        return {}
    if file.stat().st_size > MOST_STYLE_BYTES:
        raise click.ClickException(f"{file} is too large for a style.")
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise click.ClickException(f"{file} is not JSON.") from None


def _drawn(drawing: Dressed, form: str, size: int) -> bytes:
    from vcardapp.cards import qr_drawing, qr_pdf, qr_raster

    if form == "svg":
        return qr_drawing.svg(drawing)
    try:
        return qr_raster.png(drawing, size) if form == "png" else qr_pdf.pdf(drawing, size)
    except ValueError as problem:
        raise click.ClickException(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from None


def _print(found: dict[str, Any], output: Path | None) -> None:
    """Print JSON, on stderr where the picture itself goes to the screen."""
    click.echo(json.dumps(found, indent=2, ensure_ascii=False), err=str(output) == "-")


def _write(output: Path, data: bytes) -> None:
    try:
        with click.open_file(str(output), "wb") as file:
            file.write(data)
    except OSError as problem:
        raise click.ClickException(f"{output} cannot be written: {problem.strerror}.") from None
