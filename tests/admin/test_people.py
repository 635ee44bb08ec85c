"""What an admin does about people: each act tells the person, most need a reason, somebody always stays admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import ObjectDeletedError

from tests.accounts.cast import GOOD, grow_stale, mails_to, with_password
from tests.accounts.owned import sign_in_of
from tests.factories import owner, published_card, user
from vcardapp.accounts import service as accounts
from vcardapp.accounts.models import User
from vcardapp.admin import cards as cards_of_admin
from vcardapp.admin import people
from vcardapp.cards import service as cards
from vcardapp.db import db

WHY = "Many people complained."
HURTS = ("suspend", "end-sign-ins", "make-admin", "unmake-admin", "delete")


def page_of(person: User, act: str = "") -> str:
    return f"/admin/people/{person.id}" + (f"/{act}" if act else "")


def test_people_are_found_by_a_part_of_their_address(admin: FlaskClient, alice: User, bob: User) -> None:
    text = admin.get("/admin/people?q=LICE@").text
    assert "alice@example.org" in text
    assert "bob@example.org" not in text
    assert 'class="empty"' in admin.get("/admin/people?q=%25").text, "a percent sign is a letter like others"


def test_a_persons_page_says_what_an_admin_has_to_know(admin: FlaskClient, alice: User) -> None:
    published_card(alice, "ada")
    text = admin.get(page_of(alice)).text
    for part in ("alice@example.org", ">ada</bdi>", "Address confirmed", "Second factor", "Nowhere", "500.0 MB"):
        assert part in text


@pytest.mark.parametrize(("choice", "status"), [("stay", 200), ("down", 410)])
def test_who_is_suspended_is_out_at_once_and_their_cards_go_as_chosen(
    admin: FlaskClient, alice: User, client: FlaskClient, sign_in: Callable[[User], FlaskClient], choice: str, status: int
) -> None:
    published_card(alice, "ada")
    browser = sign_in(alice)
    assert browser.get("/account").status_code == 200
    assert admin.post(page_of(alice, "suspend"), data={"suspend-reason": WHY}).status_code == 422
    answer = admin.post(page_of(alice, "suspend"), data={"suspend-reason": WHY, "suspend-cards": choice})
    assert answer.status_code == 303
    assert browser.get("/account").status_code in (302, 303)
    assert accounts.find_user(alice.email) is None
    assert client.get("/ada").status_code == status
    [letter] = mails_to(alice.email)
    assert WHY in letter.text
    assert ("do not see your cards" in letter.text) == (choice == "down")


@pytest.mark.parametrize(("choice", "status", "said"), [("restore", 200, "back as they were"), ("stay", 410, "do not see")])
def test_who_is_let_in_again_gets_back_the_cards_that_went_with_them_if_the_admin_says_so(
    admin: FlaskClient, alice: User, client: FlaskClient, choice: str, status: int, said: str
) -> None:
    published_card(alice, "ada")
    cards_of_admin.take_down(published_card(alice, "other"), "For another reason.")
    people.suspend(alice, WHY, with_cards=True)
    assert "One card was taken down with the account" in admin.get(page_of(alice)).text
    assert admin.post(page_of(alice, "let-in")).status_code == 422, "the admin has to choose"
    for _click in range(2):
        assert admin.post(page_of(alice, "let-in"), data={"let-in-cards": choice}).status_code in (303, 422)
    assert accounts.find_user(alice.email) is not None
    assert (client.get("/ada").status_code, client.get("/other").status_code) == (status, 410)
    assert said in [mail for mail in mails_to(alice.email) if "open again" in mail.subject][0].text
    assert len([mail for mail in mails_to(alice.email) if "open again" in mail.subject]) == 1


def test_who_was_suspended_alone_is_let_in_without_a_question(admin: FlaskClient, alice: User) -> None:
    cards_of_admin.take_down(published_card(alice, "ada"), WHY)
    people.suspend(alice, WHY, with_cards=False)
    assert admin.post(page_of(alice, "let-in")).status_code == 303
    assert accounts.find_user(alice.email) is not None


def test_what_hurts_somebody_needs_a_fresh_proof_and_is_offered_only_with_one(admin: FlaskClient, alice: User) -> None:
    card = published_card(alice, "ada")
    cards.report_card(card, "spam", "", "")
    [report] = cards_of_admin.reports_about(card)
    pages = [page_of(alice), f"/admin/cards/{card.id}", f"/admin/reports/{report.id}"]
    acts = [*(page_of(alice, act) for act in HURTS), *(f"{page}/take-down" for page in pages[1:])]
    offered = [any(f'action="{act}"' in admin.get(page).text for act in acts) for page in pages]
    assert offered == [True] * 3
    grow_stale()
    for act in acts:
        assert admin.post(act).location == f"/account/prove?next={act.rpartition('/')[0]}", act
    for page in pages:
        text = admin.get(page).text
        assert not any(f'action="{act}"' in text for act in acts)
        assert f'href="/account/prove?next={page}"' in text
    db.session.expire_all()
    assert (alice.active, alice.is_admin, card.taken_down_at, mails_to(alice.email)) == (True, False, None, [])


def test_what_was_typed_is_still_there_while_the_proof_is_given(admin: FlaskClient, root: User, alice: User) -> None:
    card = published_card(alice, "ada")
    cards.report_card(card, "spam", "", "")
    [report] = cards_of_admin.reports_about(card)
    forms = {
        page_of(alice, "suspend"): {"suspend-reason": WHY, "suspend-cards": "stay"},
        page_of(alice, "end-sign-ins"): {"sign-out-reason": WHY},
        page_of(alice, "delete"): {"delete-reason": WHY, "delete-email": alice.email},
        f"/admin/cards/{card.id}/take-down": {"reason": WHY},
        f"/admin/reports/{report.id}/take-down": {"down-reason": WHY},
    }
    with_password(root)
    sign_in_of(alice.id, "Firefox on Linux")
    grow_stale()
    for act, typed in forms.items():
        answer = admin.post(act, data=typed)
        assert answer.status_code == 403, act
        opened = answer.text.split("<details")[1:]
        [kept] = [part for part in opened if f'action="{act}"' in part]
        assert WHY in kept, act
        assert kept.split(">")[0].endswith(" open"), act
        assert sum(part.split(">")[0].endswith(" open") for part in opened) == 1, act
        assert f'/account/prove?next={act.rpartition("/")[0]}" target="_blank"' in answer.text
    db.session.expire_all()
    assert (alice.active, card.taken_down_at, mails_to(alice.email)) == (True, None, [])
    admin.post("/account/prove", data={"present": GOOD})
    act, typed = list(forms.items())[-1]
    assert admin.post(act, data=typed).status_code == 303
    assert card.taken_down_at is not None


def test_an_act_on_somebody_who_is_deleted_meanwhile_is_no_fault_of_the_server(admin: FlaskClient, alice: User) -> None:
    gone = sa.delete(User).where(User.id == alice.id)  # by another admin, after this one looked for her
    db.session.execute(gone, execution_options={"synchronize_session": False})
    with pytest.raises(ObjectDeletedError):
        people.suspend(alice, WHY, with_cards=False)
    db.session.rollback()


def test_all_sign_ins_of_a_person_are_ended(
    admin: FlaskClient, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    browsers = [sign_in(alice) for _number in range(2)]
    assert admin.post(page_of(alice, "end-sign-ins"), data={"sign-out-reason": WHY}).status_code == 303
    assert all(browser.get("/account").status_code in (302, 303) for browser in browsers)
    assert WHY in mails_to(alice.email)[0].text


def test_a_link_to_set_a_password_is_mailed_and_shown_to_nobody_else(admin: FlaskClient, alice: User) -> None:
    assert admin.post(page_of(alice, "reset-link")).status_code == 303
    assert "/reset/" not in admin.get(page_of(alice)).text
    assert "/reset/" in mails_to(alice.email)[0].text


def test_rights_are_given_and_taken_and_sign_ins_end_with_them(
    admin: FlaskClient, alice: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    """ASVS 7.2.4."""
    browser = sign_in(alice)
    assert admin.post(page_of(alice, "make-admin")).status_code == 303
    assert browser.get("/admin/").status_code == 404
    browser = sign_in(alice)
    assert browser.get("/admin/").status_code == 200
    assert admin.post(page_of(alice, "unmake-admin"), data={"unmake-reason": WHY}).status_code == 303
    assert browser.get("/admin/").status_code == 404
    assert sign_in(alice).get("/admin/").status_code == 404
    assert len(mails_to(alice.email)) == 2


def test_the_last_admin_stays(admin: FlaskClient, root: User, alice: User) -> None:
    people.make_admin(alice)
    alice.active = False  # a suspended one looks after nothing
    db.session.commit()
    data = {
        "unmake-reason": WHY, "suspend-reason": WHY, "suspend-cards": "stay", "delete-reason": WHY, "delete-email": root.email,
    }  # fmt: skip
    for act in ("unmake-admin", "suspend", "delete"):
        answer = admin.post(page_of(root, act), data=data)
        assert answer.status_code == 422, act
        assert "last admin" in answer.text
    assert admin.get("/admin/").status_code == 200


def test_an_account_is_deleted_once_its_address_is_typed(admin: FlaskClient, alice: User, client: FlaskClient) -> None:
    published_card(alice, "ada")
    data = {"delete-reason": WHY, "delete-email": "bob@example.org"}
    assert admin.post(page_of(alice, "delete"), data=data).status_code == 422
    assert admin.post(page_of(alice, "delete"), data={**data, "delete-email": " Alice@example.org "}).status_code == 303
    assert accounts.find_user("alice@example.org") is None
    assert client.get("/ada").status_code == 410
    [letter] = mails_to("alice@example.org")
    assert WHY in letter.text
    assert "as you wished" not in letter.text


def test_a_person_with_a_hundred_addresses_worth_of_pages(app: Flask, admin: FlaskClient) -> None:
    for number in range(people.PAGE + 1):
        user(f"p{number}@example.org")
    first, second = admin.get("/admin/people?q=p").text, admin.get("/admin/people?q=p&page=2").text
    assert first.count("@example.org") > second.count("@example.org") > 0
    assert "page=2" in first
    assert "q=p" in first[first.index("page=2") - 20 : first.index("page=2") + 20]


def test_cards_are_found_by_address_name_and_owner(admin: FlaskClient, alice: User, bob: User) -> None:
    published_card(alice, "ada", display_name="Åsa Öberg")
    published_card(bob, "shop", display_name="A Shop")
    cards.pause_card(cards.cards_of(owner(bob))[0])
    for sought, found in (("ADA", "ada"), ("asa", ""), ("Åsa", "ada"), ("bob@", "shop"), ("A Sho", "shop"), ("_", "")):
        text = admin.get("/admin/cards", query_string={"q": sought}).text
        assert [slug for slug in ("ada", "shop") if f">{slug}</bdi>" in text] == ([found] if found else []), sought
    assert ">shop</bdi>" not in admin.get("/admin/cards?state=published").text


def test_a_page_of_people_asks_the_database_as_often_for_few_as_for_many(admin: FlaskClient) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "after_cursor_execute", note)
    try:
        admin.get("/admin/people")
        few = len(asked)
        for number in range(5):
            user(f"person{number}@example.org")
        asked.clear()
        assert "person4@" in admin.get("/admin/people").text
        assert len(asked) <= few
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", note)
