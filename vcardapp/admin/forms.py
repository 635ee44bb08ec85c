"""What the admin may send; the forms of one page have prefixes, since several of them ask for a reason."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from vcardapp.accounts.forms import AccountForm

LONGEST = 1000  # characters of a reason


def _stripped(value: str | None) -> str:
    return (value or "").replace("\0", "").strip()


def _email_field(label: str, hint: str = "", *checks: Any) -> EmailField:
    too_long = Length(max=254, message=_l("This e-mail address is too long."))
    ways = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
    return EmailField(label, [*checks, too_long], filters=[_stripped], description=hint, render_kw=ways)


def _text_field(label: str, hint: str, *checks: Any) -> TextAreaField:
    too_long = Length(max=LONGEST, message=_l("Please say it in 1,000 characters or fewer."))
    ways = {"rows": 3, "maxlength": LONGEST, "dir": "auto"}
    return TextAreaField(label, [*checks, too_long], filters=[_stripped], description=hint, render_kw=ways)


class InvitationForm(AccountForm):
    email = _email_field(_l("E-mail"), _l("Empty: you get a link that you pass on yourself."))


class ReasonForm(AccountForm):
    reason = _text_field(_l("Reason"), _l("The person reads it in a mail."), DataRequired(_l("Please give a reason.")))


class SuspendForm(ReasonForm):
    cards = RadioField(
        _l("Their cards"),
        [InputRequired(_l("Please choose what happens to their cards."))],
        choices=[
            SelectChoice("stay", _l("Stay: visitors go on seeing them")),
            SelectChoice("down", _l("Are taken down: visitors do not see them")),
        ],
    )


class LetInForm(AccountForm):
    cards = RadioField(
        _l("Their cards"),
        [InputRequired(_l("Please choose what happens to their cards."))],
        choices=[
            SelectChoice("restore", _l("Come back: visitors see them as before")),
            SelectChoice("stay", _l("Stay taken down: you can restore each on its page")),
        ],
    )


class DeleteForm(ReasonForm):
    email = _email_field(_l("Their e-mail address, typed once more"), "", DataRequired(_l("Please type their address.")))


class SettleForm(AccountForm):
    hint = _l("Whoever reported it reads it in a mail, if they left an address.")
    note = _text_field(_l("Note"), hint, Optional())
