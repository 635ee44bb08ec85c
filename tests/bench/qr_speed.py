"""Making QR codes, beside the packages that people use: each text is new to all, so that no cache helps; one run."""

from __future__ import annotations

import gzip
import io
import random
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any, NamedTuple

import qrcode
import segno
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M
from qrcode.image.styledpil import StyledPilImage
from qrcode.image.styles.moduledrawers.pil import RoundedModuleDrawer
from qrcode.image.svg import SvgPathImage
from qrcodegen import QrCode

from vcardapp.cards import qr, qr_drawing, qr_pdf, qr_raster
from vcardapp.cards.qr_style import Initials, Style

Make = Callable[[str], object]
SIZE = 370  # pixels
ROUNDS = 5
SECONDS = 0.1  # of one contestant in one round, about
OURS = "vcardapp"
SOFT = Style(shape="soft")
LOGO = Style(logo=Initials("AB", "#1a1714"), logo_side=0.2)
PICTURE = Image.new("RGB", (100, 100), "#1a1714")


class Row(NamedTuple):
    task: str
    payload: str
    maker: str
    milliseconds: float
    ratio: float  # to ours: above 1 is slower
    bytes: int | None
    gzipped: int | None


def rows() -> list[Row]:
    """Measure every task with every payload; ours comes first in each."""
    return [row for payload, text in PAYLOADS.items() for task in tasks() for row in compare(task, payload, text)]


def missing() -> str:
    """Return a sentence on what could not take part."""
    return "" if find_spec("fast_qr") else "fast_qr is not here: its Python package needs Python 3.13 (pip install fast-qr-py)."


def show() -> None:
    """Print the rows as a table."""
    print(f"{'':24}{'':16}{'':28}{'ms':>9}{'ratio':>8}{'bytes':>9}{'gzip':>8}")
    for row in rows():
        sizes = f"{row.bytes:>9}{row.gzipped:>8}" if row.bytes else ""
        print(f"{row.task:24}{row.payload:16}{row.maker:28}{row.milliseconds:>9.3f}{row.ratio:>8.1f}{sizes}")
    print(missing())


def address(chance: random.Random) -> str:
    return "HTTPS://EXAMPLE.ORG/U/" + "".join(chance.choices("23456789ABCDEFGHJKMNPQRSTUVWXYZ", k=6))


def url(chance: random.Random) -> str:
    return "https://example.org/cards/" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=14))


def contact(chance: random.Random) -> str:
    name = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)).title()
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{name};Ada", f"FN:Ada {name}", "ORG:Analytical engines of London, limited"]
    lines += ["TITLE:Head of programming", "TEL;TYPE=CELL:+441632960123", f"EMAIL:{name.lower()}@example.org"]
    return "\n".join([*lines, f"URL:https://example.org/{name.lower()}", "END:VCARD", ""]).ljust(250, "x")


PAYLOADS: dict[str, Callable[[random.Random], str]] = {"address 28": address, "URL 40": url, "contact 250": contact}


def tasks() -> dict[str, dict[str, Make]]:
    """Return for each task who takes part and how: a text to bytes, or to a matrix. All at level M unless it says so."""
    found: dict[str, dict[str, Make]] = {
        "matrix": {
            OURS: lambda text: qr.matrix(text, level="M"),
            "qrcode": lambda text: by_qrcode(text).modules,
            "segno": lambda text: by_segno(text).matrix,
            "qrcodegen": lambda text: QrCode.encode_text(text, QrCode.Ecc.MEDIUM),
            "zxing-cpp": by_zxing,
        },
        "SVG": {
            OURS: qr.svg,
            "qrcode": lambda text: by_qrcode(text).make_image(SvgPathImage).to_string(),
            "segno": lambda text: saved_by_segno(text, "svg"),
            "segno, smallest": lambda text: saved_by_segno(
                text, "svg", xmldecl=False, nl=False, svgclass=None, lineclass=None, omitsize=True
            ),
            "zxing-cpp": lambda text: by_zxing(text).to_svg().encode(),
        },
        f"PNG {SIZE} px": {
            OURS: lambda text: qr.png(text, SIZE),
            "qrcode": png_by_qrcode,
            "segno": lambda text: saved_by_segno(text, "png", scale=scale_of(text)),
            "zxing-cpp": lambda text: saved(Image.fromarray(by_zxing(text).to_image(scale=scale_of(text)))),
        },
        f"rounded PNG {SIZE} px": {
            OURS: lambda text: qr_raster.png(qr_drawing.dressed(text, SOFT), SIZE),
            "qrcode": lambda text: styled_by_qrcode(text, ERROR_CORRECT_M),
        },
        f"logo PNG {SIZE} px": {
            OURS: lambda text: qr_raster.png(qr_drawing.dressed(text, LOGO), SIZE),
            "qrcode, level H": lambda text: styled_by_qrcode(text, ERROR_CORRECT_H, embedded_image=PICTURE),
        },
        "PDF": {
            OURS: lambda text: qr_pdf.pdf(qr_drawing.dressed(text, Style()), 40),
            "segno": lambda text: saved_by_segno(text, "pdf"),
        },
    }
    if find_spec("fast_qr"):
        from fast_qr import ECL, ImageBuilder, QRBuilder, SvgBuilder

        found["matrix"]["fast_qr"] = lambda text: QRBuilder(text).ecl(ECL.M).build().matrix()
        found["SVG"]["fast_qr"] = lambda text: SvgBuilder().to_str(QRBuilder(text).ecl(ECL.M).build()).encode()
        found[f"PNG {SIZE} px"]["fast_qr"] = lambda text: (
            ImageBuilder().fit_width(SIZE).to_bytes(QRBuilder(text).ecl(ECL.M).build())
        )
    return found


def compare(task: str, payload: str, text: Callable[[random.Random], str]) -> Iterator[Row]:
    """Yield the row of each contestant: the best of some rounds by turns, the bytes as a mean of the same texts."""
    makers = tasks()[task]
    texts = unseen(text)
    sizes = {}
    same = [next(texts) for _ in range(10)]
    for name, make in makers.items():
        made = [found for found in map(make, same[:2] if task.startswith("logo") else same) if isinstance(found, bytes)]
        if made:
            sizes[name] = mean(len(file) for file in made), mean(len(gzip.compress(file)) for file in made)
    calls = {name: max(1, min(200, int(SECONDS / seconds(make, texts, 1)))) for name, make in makers.items()}
    rounds = [[seconds(make, texts, calls[name]) for name, make in makers.items()] for _ in range(ROUNDS)]
    best = {name: 1000 * min(times) for name, *times in zip(makers, *rounds, strict=True)}
    for name, milliseconds in best.items():
        yield Row(task, payload, name, milliseconds, milliseconds / best[OURS], *sizes.get(name, (None, None)))


def unseen(text: Callable[[random.Random], str]) -> Iterator[str]:
    chance = random.Random(4)
    while True:
        yield text(chance)


def mean(numbers: Iterator[int]) -> int:
    every = list(numbers)
    return round(sum(every) / len(every))


def seconds(make: Make, texts: Iterator[str], calls: int) -> float:
    these = [next(texts) for _ in range(calls)]
    begun = time.perf_counter()
    for text in these:
        make(text)
    return (time.perf_counter() - begun) / calls


def scale_of(text: str) -> int:
    """Return the pixels of a module in a picture of SIZE; all makers need the same version."""
    return SIZE // qr.plain_code(text).side


def by_qrcode(text: str, level: int = ERROR_CORRECT_M, **options: Any) -> qrcode.QRCode[Any]:
    made: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=level, **options)
    made.add_data(text)
    made.make()
    return made


def png_by_qrcode(text: str) -> bytes:
    made = by_qrcode(text)
    made.box_size = SIZE // (made.modules_count + 8)
    return saved(made.make_image())


def styled_by_qrcode(text: str, level: int, **options: Any) -> bytes:
    made = by_qrcode(text, level)
    made.box_size = max(1, SIZE // (made.modules_count + 8))
    return saved(made.make_image(StyledPilImage, module_drawer=RoundedModuleDrawer(), **options))


def by_segno(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False, boost_error=False)


def saved_by_segno(text: str, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    by_segno(text).save(file, kind=kind, **options)
    return file.getvalue()


def by_zxing(text: str) -> zxingcpp.Barcode:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")


def saved(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    show()
