"""The contact of a card by mail, for visitors whose app cannot open the file."""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask_babel import gettext

from vcardapp.cards.models import Card, CardEvent
from vcardapp.cards.service import contact_for
from vcardapp.cards.vcard import file_names, write_vcard
from vcardapp.db import db
from vcardapp.mail import Attachment, queue_mail


def send_contact(card: Card, recipient: str, base_url: str, event: CardEvent | None = None) -> None:
    """Put one mail with a published card's contact file into the outbox, in the language of who asks for it."""
    contact = contact_for(card, base_url, event)
    slug = card.slug or ""
    _plain, name = file_names(contact.display_name, slug)
    text = gettext(
        "Hello,\n\n"
        "here is the contact you asked for: %(name)s. Open the file that comes with this mail, and your address book "
        "offers to save it. The card itself:\n\n%(link)s\n\n"
        "Somebody, probably you, typed this address on that page. If it was not you, you need not do anything: "
        "no more mail will come.",
        name=contact.display_name,
        link=f"{base_url}/{quote(slug)}",
    )
    queue_mail(recipient, contact.display_name, text, Attachment(unquote(name), "text/vcard", write_vcard(contact)))
    db.session.commit()
