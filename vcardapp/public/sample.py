"""The card that the first page draws where no demo is installed."""

from __future__ import annotations

from vcardapp.cards.content import Content, Email, Link, Phone, Website

SAMPLE = Content(
    display_name="Maria O’Connor-Núñez",
    pronouns="she/her",
    title="Paper conservator",
    company="Atelier Núñez",
    headline="Old books, maps and drawings, made whole again.",
    country="GB",
    language="en",
    phones=(Phone("+44 20 7946 0958", "work"),),
    emails=(Email("maria@example.org"),),
    websites=(Website("https://example.org"),),
    links=(Link("instagram", "atelier.nunez"),),
)
