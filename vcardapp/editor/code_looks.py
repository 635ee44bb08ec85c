"""What the designer says of a code as dressed: its drawing, its proof in words, and the nearest choice that passes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from flask_babel import format_decimal, format_percent, gettext

from vcardapp import fonts
from vcardapp.cards.code_style import drawn_style
from vcardapp.cards.qr_drawing import Dressed, dressed, svg
from vcardapp.cards.qr_nearest import nearest
from vcardapp.cards.qr_proof import SHARE, Proof, Remark, prove
from vcardapp.cards.qr_style import PRESETS, Style, WrongStyle
from vcardapp.editor.code_forms import PARTS, CodeForm
from vcardapp.i18n import N_

BETTER = 1.02  # from here on a code reads better than the plain one, and not just as well
VERDICTS = {  # worse, as well, better
    True: (
        N_("Would read only %(percent)s as well as a plain code of your full address."),
        N_("Reads as well as a plain code of your full address."),
        N_("Reads %(times)s times as well as a plain code of your full address."),
    ),
    False: (
        N_("Would read only %(percent)s as well as a plain code of the same contact."),
        N_("Reads as well as a plain code of the same contact."),
        N_("Reads %(times)s times as well as a plain code of the same contact."),
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A style as it would leave the house, or why it does not."""

    style: Style | None = None
    drawing: str = ""  # an address that holds the picture itself
    made: Dressed | None = None
    proof: Proof | None = None
    nearest: Style | None = None
    nearest_drawing: str = ""
    notes: dict[str, list[str]] = field(default_factory=dict)  # sentences by the part of the form that they are about

    @property
    def passes(self) -> bool:
        return self.proof is not None and self.proof.passes


def look_at(form: CodeForm, text: str, plain_text: str) -> Look:
    """Return how the form's style looks on a text, proven against the plain code of `plain_text`."""
    try:
        return look_of(form.style(), text, plain_text)
    except WrongStyle as wrong:
        return Look(notes={PARTS.get(wrong.field, "preset"): [gettext(wrong.words)]})


def look_of(style: Style, text: str, plain_text: str) -> Look:
    """Return how a style looks on a text."""
    made = dressed(text, style)
    proof = prove(made, plain_text)
    drawing = address_of(svg(made))
    if proof.passes:
        return Look(style, drawing, made, proof, notes=_without_font(made))
    change = nearest(text, style, plain_text)
    changed = [name for name in PARTS if getattr(style, name) != getattr(change.style, name)]
    blamed = [remark.field for remark in (*proof.reasons, *change.words)]
    part = next((PARTS[name] for name in (*blamed, *changed) if name in changed), "preset")
    offered = address_of(svg(dressed(text, change.style)))
    return Look(style, drawing, made, proof, change.style, offered, {part: sentences(change.words)})


def _without_font(made: Dressed) -> dict[str, list[str]]:
    """Return what to say where letters could not be drawn."""
    part = "frame" if made.style.frame else "logo"
    words = [
        gettext("This server has no font for these letters (%(script)s). Whoever runs it can install %(package)s.",
                script=script, package=fonts.helps(script))
        for script in made.missing
    ]  # fmt: skip
    return {part: words} if words else {}


def sentences(remarks: Iterable[Remark]) -> list[str]:
    """Return remarks in the visitor's language."""
    return [gettext(remark.text, **remark.values) for remark in remarks]


@lru_cache(maxsize=512)
def presets_for(text: str, plain_text: str) -> Mapping[str, Style]:
    """Return each preset as a code of this text can wear it: most need less margin where the address is long."""
    return {name: drawn_style(style, text, plain_text) for name, style in PRESETS.items()}


def drawing_of(text: str, style: Style) -> str:
    """Return the address of a picture that holds the picture itself: many of them on a page cannot disturb each other."""
    return address_of(svg(dressed(text, style)))


def address_of(drawing: bytes) -> str:
    """Return SVG as a data address."""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing).decode("ascii")


@dataclass(frozen=True, slots=True)
class Words:
    """What a proof means, said to a person."""

    verdict: str
    tried: str
    print: str
    reasons: list[str]
    figures: list[tuple[str, str]]


def words_of(look: Look, *, is_address: bool = True) -> Words | None:
    """Return the proof in words; codes with another payload than the card's address are compared with themselves."""
    proof, made = look.proof, look.made
    if proof is None or made is None:
        return None
    least = format_decimal(proof.smallest_mm, format="0.#")
    module = format_decimal(proof.smallest_mm / made.width, format="0.00")
    reasons = sentences(reason for reason in proof.reasons if reason.text != SHARE)  # that is the verdict
    verdict = _verdict(proof, is_address) if proof.passes or proof.expected < 1 else reasons.pop(0)
    used = ", ".join(format_percent(part) for part in proof.used)
    return Words(
        verdict=verdict,
        tried=_tried(proof),
        print=gettext(
            "Print it at least %(mm)s mm wide; that size is read from about %(cm)d cm. Twice the width, twice the distance.",
            mm=least, cm=proof.distance_cm,
        ),
        reasons=reasons,
        figures=[
            (gettext("Expected reads, of a plain code’s"), format_percent(proof.expected, format="0.0 %")),
            (gettext("Correction that the look uses, block by block"), used),
            (gettext("Read back clean"), gettext("yes") if proof.decodes_clean else gettext("no")),
            (gettext("Read back damaged"), gettext("%(read)d of %(tried)d", read=proof.decodes_damaged, tried=proof.damages)),
            (gettext("Symbol"), gettext(
                "Version %(version)d-%(level)s, %(side)d modules wide",
                version=made.code.version, level=made.code.level, side=len(made.code.modules),
            )),
            (gettext("Smallest print with its margin"), gettext("%(mm)s mm; a module is %(module)s mm", mm=least, module=module)),
            (gettext("What it holds"), made.text),
        ],
    )  # fmt: skip


def _verdict(proof: Proof, is_address: bool) -> str:
    share = int(proof.expected * 100) / 100
    words = VERDICTS[is_address][(share >= 1) + (share >= BETTER)]
    return str(gettext(words, times=format_decimal(share, format="0.00"), percent=format_percent(share)))


def _tried(proof: Proof) -> str:
    if not proof.decodes_clean:
        return str(gettext("We drew it and read it back: that failed."))
    words = gettext(
        "We drew it and read it back: clean, and in %(read)d of %(tried)d pictures that were blurred, tilted, pale or noisy.",
        read=proof.decodes_damaged, tried=proof.damages,
    )  # fmt: skip
    return str(words)
