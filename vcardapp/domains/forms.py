"""What an owner may send about a domain."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from vcardapp.cards.models import Card
from vcardapp.web import TypedForm

ALL = ""


class DomainForm(TypedForm):
    name = StringField(
        _l("Domain"),
        [InputRequired(_l("Please type a domain.")), Length(max=300, message=_l("This is too long for a domain."))],
        description=_l("For example cards.example.com, or example.com if nothing else is there."),
        render_kw={
            "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url", "dir": "ltr",
            "class": "control",
        },
    )  # fmt: skip
    card = SelectField(_l("What it shows"), render_kw={"class": "control"})

    @classmethod
    def offering(cls, cards: Iterable[Card]) -> DomainForm:
        """Return the form with the cards to choose from."""
        form = cls()
        all_of_them = SelectChoice(ALL, gettext("All my cards"))
        form.card.choices = [all_of_them, *(SelectChoice(str(card.id), card.draft.display_name) for card in cards)]
        if form.card.data is None:
            form.card.data = ALL
        return form
