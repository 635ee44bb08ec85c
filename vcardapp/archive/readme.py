"""What README.txt of an archive says, in the language of whoever takes it away."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_datetime, gettext, ngettext


def readme_of(email: str, at: datetime, cards: int, server: str) -> str:
    """Return the text, with line ends that every computer can show."""
    count = ngettext("It holds one card.", "It holds %(num)d cards.", cards)
    lines = [
        gettext("This is all that is kept for %(email)s at %(server)s, as of %(date)s.", email=email, server=server,
                date=format_datetime(at, "long")),
        count,
        "",
        gettext("account.json: your e-mail address, language, domains, sign-ins, and which mails were sent. No password."),
        gettext("files: the pictures and papers of your albums, shops and bookings."),
        gettext("cards: a folder for each card, named after its address. In it:"),
        "  " + gettext("card.json: what stands on the card, its design, codes with the number of scans, events, older versions"),
        "  " + gettext("card.vcf: the contact, for every address book"),
        "  " + gettext("pictures: photo, logo, cover, as they are kept"),
        "  " + gettext("albums.json: albums and what is in them"),
        "  " + gettext("store: settings, services, products, orders (orders.csv opens in a spreadsheet)"),
        "  " + gettext("booking: people, hours, types, appointments (the .ics files open in a calendar)"),
        "",
        gettext("Times are in UTC. Another vcardapp takes the whole file in: sign in there, open “Bring an account along”."),
        gettext("Names, numbers and messages of your customers are in here. Keep this file where nobody else can read it."),
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"
