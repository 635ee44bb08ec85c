"""What browsers are told, and what other sites can make them send (ASVS V3); headers of every answer: test_v3_headers.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts.cast import GOOD, is_signed_in, with_password
from tests.gallery.owned import paper
from tests.test_access import full_card
from vcardapp.accounts.models import User
from vcardapp.cards import service
from vcardapp.db import db
from vcardapp.media import addresses, work
from vcardapp.media import service as media
from vcardapp.media.models import MediaFile

SignIn = Callable[[User], FlaskClient]
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
ELSEWHERE = (
    "//e.example", "/\\e.example", "\\\\e.example", "https:e.example", "https://e.example", "/%09/e.example", "/\t/e.example",
    "///e.example", "@e.example", "/a\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie:a=b", "javascript:alert(1)", "//e.example/%2f..",
    "http:///e.example", "/\n/e.example", "\x01//e.example", "/;@e.example\r\n", "////e.example", "https:\\\\e.example",
    "/\x85/e",
)  # fmt: skip


def test_what_people_upload_is_inert_where_it_is_served(app: Flask, alice: User, sign_in: SignIn) -> None:
    """ASVS 3.2.1, 3.5.4 (1). A fixed type, nosniff and a sandbox, whatever the file says it is; papers are never opened."""
    owner = sign_in(alice)
    file = media.add_file(factories.owner(alice), paper(), 'a"\r\nX: 1 \u202ecod.html')
    work.work_on_waiting()
    db.session.expire_all()
    made = db.session.get_one(MediaFile, file.id)
    assert made.is_ready
    asked = [f"/media/{made.id}/{made.mark}/{addresses.DOCUMENT}", f"/media/{made.id}/{made.mark}/{made.widths[0]}.webp"]
    card = service.publish_card(full_card(alice, "ada"), frozenset())
    asked += [f"/media/{card.draft.photo}/m.webp", f"/media/{card.draft.photo}/m.jpg"]
    for path in asked:
        answer = owner.get(path)
        assert answer.status_code == 200, path
        assert answer.mimetype in ("image/webp", "image/jpeg", "application/pdf")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy, path
        if answer.mimetype == "application/pdf":
            assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert owner.get("/media/x/y/evil.html").status_code == 404
    original = owner.get(f"/cards/{card.id}/pictures/{card.draft.photo}/original")
    assert original.mimetype.startswith("image/")
    assert original.headers["X-Content-Type-Options"] == "nosniff"


def test_what_another_site_sends_is_refused_whatever_it_holds(
    make_app: Callable[..., Flask], sign_in_to: Callable[[Flask, User], FlaskClient]
) -> None:
    """ASVS 3.5.1 (1). For each address that changes anything, Sec-Fetch-Site counts beside the token."""
    app = make_app()
    with app.app_context():
        alice = factories.alice()
        owner = sign_in_to(app, alice)
        zero, asked = "00000000-0000-4000-8000-000000000000", 0
        for rule in app.url_map.iter_rules():
            for method in UNSAFE & (rule.methods or set()):
                path = re.sub(r"<uuid:[^>]+>", zero, rule.rule)
                path = re.sub(r"<[^>]*int[^>]*>", "1", path)
                path = re.sub(r"<[^>]+>", "x", path)
                for site in ("cross-site", "same-site", "evil"):
                    answer = owner.open(path, method=method, headers={"Sec-Fetch-Site": site})
                    assert answer.status_code == 400, f"{method} {path} from {site}: {answer.status}"
                asked += 1
        assert asked > 100
        assert is_signed_in(owner)


def test_an_old_browser_that_names_another_site_is_refused(app: Flask, client: FlaskClient, alice: User) -> None:
    """ASVS 3.5.1 (1). Forms without a token look at Origin, else at Referer, whatever stands there."""
    factories.published_card(alice, "ada")
    others = ("https://e.example", "null", "http://[::1", "http://localhost.e.example", "http:localhost", "localhost")
    for named in (*others, "https://\u2100"):
        for header in ("Origin", "Referer"):
            answer = client.post("/ada/report", data={"reason": "spam"}, headers={header: named})
            assert answer.status_code == 400, (header, named)
    for named in ("http://localhost", "http://localhost/ada/report?a=//b"):
        assert client.post("/ada/report", data={"reason": "spam"}, headers={"Referer": named}).status_code == 200, named


def test_a_form_of_another_person_or_browser_opens_nothing(make_app: Callable[..., Flask]) -> None:
    """ASVS 3.5.1 (1). A token belongs to one session: neither a guest's nor another person's will do."""
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        factories.alice()
        theirs = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', app.test_client().get("/login").text)
        assert theirs
        browser = app.test_client()
        browser.get("/login")
        for sent in ({"csrf_token": theirs[1]}, {"csrf_token": ""}, {"csrf_token": theirs[1][:-1] + "x"}, {}):
            assert browser.post("/login", data={"email": "a@example.org", "password": GOOD, **sent}).status_code == 400
            header = {"X-CSRFToken": sent.get("csrf_token", "")}
            assert browser.post("/logout", headers=header).status_code == 400


def test_nobody_is_led_to_another_site(client: FlaskClient, alice: User) -> None:
    """ASVS 3.7.2 (2). After signing in, out, confirming: only ways inside, whatever `next` says."""
    with_password(alice)
    answers = []
    for target in ELSEWHERE:
        said = {"query_string": {"next": target}}
        answers += [client.post("/login", data={"email": alice.email, "password": GOOD}, **said), client.get("/login", **said)]
        answers += [client.post("/confirm", data={"next": target}), client.post("/logout", data={"next": target}, **said)]
    for answer in answers:
        assert answer.status_code in (302, 303)
        where = urlsplit(answer.location)
        assert not where.netloc
        assert not where.scheme
        assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", answer.location), answer.location
        assert not any(cookie.startswith("a=") for cookie in answer.headers.getlist("Set-Cookie"))


def test_no_address_of_ours_leads_elsewhere(client: FlaskClient) -> None:
    """ASVS 3.7.2 (2). No tidying of slashes repeats a host."""
    for path in ("/%2fe.example", "/\\e.example", "/%5ce.example/..", "/e.example//", "/%2f%2fe.example", "/.//e.example"):
        answer = client.get(path, base_url="http://localhost")
        assert "e.example" not in urlsplit(answer.headers.get("Location", "")).netloc
        assert answer.status_code in (301, 308, 400, 404), path
