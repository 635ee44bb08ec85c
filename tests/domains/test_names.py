"""Domains as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.domains.names import NotADomain, bare_host, read_domain, shown_domain


@each(
    ("typed", "name"),
    [
        ("cards.example.com", "cards.example.com"),
        (" Cards.Example.COM. ", "cards.example.com"),
        ("https://cards.example.com/ada?x=1#y", "cards.example.com"),
        ("http://cards.example.com:8443", "cards.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER。example", "xn--bcher-kva.example"),  # an ideographic full stop
        ("straße.example", "xn--strae-oqa.example"),
        ("موقع.example", "xn--4gbrim.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_is_read_however_it_is_pasted(typed: str, name: str) -> None:
    assert read_domain(typed) == name
    assert read_domain(shown_domain(name)) == name


@each(
    "typed",
    [
        "", " ", "localhost", "192.0.2.1", "[2001:db8::1]", "2001:db8::1", "a..b", ".example.com", "-a.example", "a-.example",
        "a b.example", "user@example.com", "exa_mple.com", "example.com\r\nX: y", "*.example.com", "xn--a.example",
        f"{'a' * 64}.example", ".".join(["a" * 60] * 5), "a" * 5000, "example.123", "‏example.com", "1.2",
    ],
)  # fmt: skip
def test_what_cannot_stand_in_the_dns_is_refused(typed: str) -> None:
    with pytest.raises(NotADomain):
        read_domain(typed)


@given(st.text(max_size=80))
def test_any_text_is_a_plain_name_or_refused(text: str) -> None:
    try:
        name = read_domain(text)
    except NotADomain:
        return
    assert name.isascii()
    assert name == name.lower() == bare_host(name)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


@each(
    ("host", "name"),
    [
        ("cards.example.com", "cards.example.com"),
        ("CARDS.example.com:443", "cards.example.com"),
        ("cards.example.com.", "cards.example.com"),
        ("cards.example.com.:8443", "cards.example.com"),
        ("[::1]:8000", "[::1]"),
        ("", ""),
        (":", ":"),
    ],
)
def test_a_host_header_is_compared_without_its_port(host: str, name: str) -> None:
    assert bare_host(host) == name
