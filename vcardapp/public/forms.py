"""What a visitor may send: a report, and where a contact shall be mailed to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Email, InputRequired, Length, Optional

from vcardapp.web import TypedForm

REASONS = {
    "spam": _l("It is advertising or spam"),
    "fraud": _l("Somebody pretends to be someone else, or wants to cheat"),
    "harm": _l("It hurts or threatens people"),
    "rights": _l("It uses my name, picture or mark without my consent"),
    "other": _l("Something else"),
}


def _without_nul(text: str | None) -> str:
    return (text or "").replace("\x00", "").strip()


class VisitorForm(TypedForm):
    """Holds no token, which would need a cookie: its views look at where it was sent from."""

    class Meta(TypedForm.Meta):
        csrf = False


class ReportForm(VisitorForm):
    reason = RadioField(
        _l("What is wrong with this card?"),
        [InputRequired(_l("Please choose what fits best."))],
        choices=[SelectChoice(*reason) for reason in REASONS.items()],
    )
    text = TextAreaField(
        _l("What should we know?"),
        [Length(max=2000, message=_l("This is too long: at most %(max)d characters."))],
        filters=[_without_nul],
    )
    email = StringField(
        _l("Your e-mail"),
        [Optional(), Length(max=254), Email(_l("Please type an address like name@example.org, or leave it empty."))],
        filters=[_without_nul],
    )
    homepage = StringField(_l("Leave this empty"))


class SendForm(VisitorForm):
    email = StringField(
        _l("Your e-mail"),
        [
            InputRequired(_l("Please type your e-mail address.")),
            Length(max=254, message=_l("This is too long: at most %(max)d characters.")),
            Email(_l("This is not an e-mail address. It looks like name@example.com."), allow_smtputf8=False),
        ],
        filters=[_without_nul],
    )
    homepage = StringField(_l("Leave this empty"))
