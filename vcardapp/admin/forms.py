"""What the admin may send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import Length

from vcardapp.accounts.forms import AccountForm


class InvitationForm(AccountForm):
    email = EmailField(
        _l("E-mail"),
        [Length(max=254, message=_l("This e-mail address is too long."))],
        filters=[lambda value: (value or "").strip()],
        description=_l("Empty: you get a link that you pass on yourself."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
    )
