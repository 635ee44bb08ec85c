"""What may stand in an href."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards import uris


@each(
    ("typed", "url"),
    [
        ("example.com", "https://example.com"),
        (" Example.COM/Path ", "https://example.com/Path"),
        ("http://example.com", "http://example.com"),
        ("example.com:8080/a b", "https://example.com:8080/a%20b"),
        ('http://a.com/"onmouseover=1', "http://a.com/%22onmouseover=1"),
        ("https://a.com/<b>'\\^`{|}", "https://a.com/%3Cb%3E%27%5C%5E%60%7B%7C%7D"),
        ("https://a.com/%zz%41%", "https://a.com/%25zz%41%25"),
        ("https://exämple.de/ü?q=ä#é", "https://xn--exmple-cua.de/%C3%BC?q=%C3%A4#%C3%A9"),
        ("https://例え.jp", "https://xn--r8jz45g.jp"),
        ("https://a.com/\u202e\u200bx", "https://a.com/x"),
        ("http://192.0.2.1/x", "http://192.0.2.1/x"),
    ],
)
def test_a_web_address_is_made_harmless(typed: str, url: str) -> None:
    assert uris.safe_url(typed) == url
    assert uris.safe_url(url) == url


@each(
    "typed",
    [
        "", "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
        "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc", "blob:x", "about:blank", "mailto:a@b.c",
        "//evil.example", "ftp://h/", "/x", "\\\\evil.example", "https:", "https://", "https:///a.com", "https:a.com",
        "https://u:p@a.com", "https://a.com\\@evil.com", "ada", "ada@example.com", "localhost:8000", "http://localhost",
        "http://[::1]/", "http://[x", "http://2130706433/", "http://1.2.3.999", "https://a.com:99999", "https://a..b",
        "https://-a.com", "https://a.com/\x00x", "https://a.com/a\nb", "https://a b.com", f"https://a.com/{'x' * 2000}",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    assert uris.safe_url(typed) is None


@given(st.one_of(st.text(), st.builds("https://a.com/{}".format, st.text())))
def test_a_web_address_has_only_characters_of_uris_and_stays_the_same(typed: str) -> None:
    url = uris.safe_url(typed)
    if url is not None:
        assert re.fullmatch(r"https?://[a-z0-9._:-]+([/?#][!#$%&()*+,\-./:;=?@\[\]_~0-9A-Za-z]*)?", url)
        assert uris.safe_url(url) == url


def test_a_mail_address_cannot_add_fields_to_the_mail() -> None:
    assert uris.mail_uri("ada+x@example.com") == "mailto:ada%2Bx@example.com"
    assert uris.mail_uri("a@b.c?bcc=x&y\r\nBcc: z") == "mailto:a@b.c%3Fbcc%3Dx%26yBcc%3Az"


def test_directions_lead_to_an_address_or_a_point() -> None:
    by_text = dict(uris.directions("Torstraße 1 & 2\n10119 Berlin"))
    assert by_text["Google Maps"] == (
        "https://www.google.com/maps/dir/?api=1&destination=Torstra%C3%9Fe%201%20%26%202%2010119%20Berlin"
    )
    assert by_text["Apple Maps"].startswith("https://maps.apple.com/?daddr=Torstra")
    by_point = dict(uris.directions("", 52.5, 13.4))
    assert by_point["Google Maps"].endswith("destination=52.500000,13.400000")
    assert by_point["OpenStreetMap"].endswith("?mlat=52.500000&mlon=13.400000#map=17/52.500000/13.400000")
