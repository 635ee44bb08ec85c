"""The proof that a dressed code scans: its expected share, the certificate of its blocks, and a decoder's word (zxing-cpp)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, prod
from typing import Any

import zxingcpp

from vcardapp.cards import qr, qr_raster, qr_rules
from vcardapp.cards.qr_certificate import SAMPLE, Certificate, certify
from vcardapp.cards.qr_damage import DAMAGES, MODULE
from vcardapp.cards.qr_drawing import Dressed
from vcardapp.cards.qr_style import Style
from vcardapp.i18n import N_
from vcardapp.images import Image

QR_CODE = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
DRESS = ("contrast", "background", "page", "gradient", "modules", "eyes", "logo", "frame")  # what a larger print makes up for

SHARE = N_("Of 100 reads of the plain black code, only about %(reads)s would succeed.")
INVERTED = N_("The code is lighter than its background; most phones look for dark on light.")
FAINT = N_("The code is too pale on its background.")
USED = N_("The logo uses %(percent)s percent of the correction of a block; half is the most that is safe.")
PATTERN = N_("A part that phones find the code by is covered.")
ROUND = N_("Beside dots or bars, some phones miss eyes as round as these.")
UNREAD = N_("The picture could not be read back.")
WORN = N_("The picture could not be read back once it was blurred, tilted, pale, noisy, small or compressed.")


@dataclass(frozen=True, slots=True)
class Remark:
    """An English sentence for the catalogue, what fills its gaps, and the field of the style that it is about."""

    text: str
    values: dict[str, Any]
    field: str = ""

    def __str__(self) -> str:
        return self.text % self.values


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a dressed code before it is handed out."""

    expected: float  # of the plain code's reads, at the same printed width
    factors: dict[str, float]  # what each element makes of it
    used: tuple[float, ...]  # of each block's correction, by the design alone
    patterns_intact: bool
    decodes_clean: bool
    decodes_damaged: int
    damages: int
    smallest_mm: float  # printed width with the quiet zone
    distance_cm: int  # that the smallest is read from
    reasons: tuple[Remark, ...]  # why it does not leave the house

    @property
    def passes(self) -> bool:
        return not self.reasons

    def to_dict(self) -> dict[str, Any]:
        """Return the proof as JSON takes it."""
        return {
            "passes": self.passes,
            "expected": round(self.expected, 3),
            "factors": {name: round(value, 3) for name, value in self.factors.items()},
            "used": [round(part, 3) for part in self.used],
            "patterns_intact": self.patterns_intact,
            "decodes_clean": self.decodes_clean,
            "decodes_damaged": self.decodes_damaged,
            "damages": self.damages,
            "smallest_mm": self.smallest_mm,
            "distance_cm": self.distance_cm,
            "reasons": [str(reason) for reason in self.reasons],
        }


def prove(drawing: Dressed, plain_text: str) -> Proof:
    """Draw the code and return what is known of it, compared with the plain level-M code of plain_text at the same width."""
    code, style = drawing.code, drawing.style
    whole = _picture(drawing)
    square = _square(whole, drawing)
    certificate = _certificate(square, drawing)
    factors = qr_rules.factors(code, style, qr.plain_code(plain_text), max(certificate.used))
    clean = _reads(whole, drawing.text)
    seen = square.resize((drawing.width * MODULE,) * 2, Image.Resampling.BOX) if clean else None
    damaged = sum(_reads(damage(seen), drawing.text) for damage in DAMAGES) if seen else 0
    expected = prod(factors.values())
    smallest = ceil(2 * qr_rules.smallest_millimetres(code, style, prod(factors[name] for name in DRESS))) / 2
    return Proof(
        expected=expected,
        factors=factors,
        used=certificate.used,
        patterns_intact=certificate.patterns_intact,
        decodes_clean=clean,
        decodes_damaged=damaged,
        damages=len(DAMAGES),
        smallest_mm=smallest,
        distance_cm=qr_rules.centimetres(code, style, smallest),
        reasons=tuple(_reasons(style, expected, certificate, clean, damaged)),
    )


def certificate_of(drawing: Dressed) -> Certificate:
    """Draw the code and return its certificate alone."""
    return _certificate(_square(_picture(drawing), drawing), drawing)


def _certificate(square: Image.Image, drawing: Dressed) -> Certificate:
    margin, side = drawing.style.zone * SAMPLE, square.width
    return certify(square.crop((margin, margin, side - margin, side - margin)), drawing.code)


def _reasons(style: Style, expected: float, certificate: Certificate, clean: bool, damaged: int) -> Iterator[Remark]:
    contrast, used = qr_rules.contrast(style), max(certificate.used)
    if contrast < 0:
        yield Remark(INVERTED, {}, "dark")
    elif contrast < qr_rules.LEAST_CONTRAST:
        yield Remark(FAINT, {}, "dark")
    if not qr_rules.finds_eyes(style):
        yield Remark(ROUND, {}, "eye_ball")
    if used > qr_rules.MOST_USED:
        yield Remark(USED, {"percent": ceil(100 * used)}, "logo_side")
    if not certificate.patterns_intact:
        yield Remark(PATTERN, {}, "logo_side")
    if expected < qr_rules.ENOUGH:
        yield Remark(SHARE, {"reads": int(100 * expected)})
    if not clean:
        yield Remark(UNREAD, {})
    elif damaged < len(DAMAGES):
        yield Remark(WORN, {})


def _reads(picture: Image.Image, text: str) -> bool:
    """True if the decoder finds one code, and it says just this."""
    found = zxingcpp.read_barcodes(picture, formats=QR_CODE, try_invert=False)
    return [barcode.text for barcode in found] == [text]


def _square(whole: Image.Image, drawing: Dressed) -> Image.Image:
    """Return the code with its zone, without its frame."""
    side, top = drawing.width * SAMPLE, -drawing.top * SAMPLE
    return whole.crop((0, top, side, top + side))


def _picture(drawing: Dressed) -> Image.Image:
    """Return the drawing in grey, as a camera sees it (luma), SAMPLE pixels a module."""
    return qr_raster.picture(drawing, SAMPLE).convert("L")
