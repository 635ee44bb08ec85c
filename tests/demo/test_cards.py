"""The demo's people are what they say: valid links, harmless addresses, many languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from vcardapp.cards.links import address_of, read_handle
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.phones import read_phone
from vcardapp.cards.slugs import read_slug
from vcardapp.demo.cards import DemoCard, demo_cards
from vcardapp.design.themes import PAPER, THEMES

CARDS = demo_cards(date(2026, 11, 22))
RESERVED_DOMAIN = re.compile(r"(?:[a-z]+\.)?example\.(?:com|net|org)")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.content.display_name)
def test_everything_on_a_demo_card_is_well_formed(card: DemoCard) -> None:
    content = card.content
    for link in content.links:
        assert link.network in NETWORKS
        assert read_handle(link.network, link.handle, content.country).value == link.handle
        assert address_of(link.network, link.handle) or link.network == "wechat"
        assert "example" in link.handle.lower() or link.handle.startswith("+")
    for phone in content.phones:
        assert read_phone(phone.number, content.country)
    for email in content.emails:
        assert RESERVED_DOMAIN.fullmatch(email.address.partition("@")[2])
    for site in content.websites:
        assert RESERVED_DOMAIN.fullmatch(site.url.split("/")[2])
    for spans in (*content.hours.week, *(day.spans for day in content.hours.exceptions)):
        assert all(re.fullmatch(r"[0-2]\d:[0-5]\d", end) for span in spans for end in (span.start, span.end))
    if card.slug:
        assert read_slug(card.slug, frozenset()) == card.slug


def test_the_demo_shows_many_languages_and_every_state() -> None:
    shown = [card for card in CARDS if card.state in ("published", "changed")]
    assert len(shown) == 8
    assert {card.content.language for card in shown} == {"en", "ar", "he", "ja", "th", "hi", "de"}
    assert {card.state for card in CARDS} == {"published", "changed", "paused", "draft", "deleted"}
    assert max(len(card.content.links) for card in shown) == 30


def test_the_demos_cards_each_wear_a_theme_of_their_own() -> None:
    worn = [card.content.design.theme or PAPER for card in CARDS if card.state in ("published", "changed", "paused")]
    assert len(set(worn)) == len(worn) == 9
    assert set(worn) <= set(THEMES)
