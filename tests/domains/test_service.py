"""Proving a domain: by its record, again each day, against others who want it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import NAME, answering, verified
from vcardapp.accounts.models import User
from vcardapp.accounts.owner import Owner
from vcardapp.accounts.service import delete_account
from vcardapp.db import db, now
from vcardapp.domains import service
from vcardapp.domains.models import Domain
from vcardapp.domains.ownership import NoAnswer, records_of

pytestmark = pytest.mark.usefixtures("app")


def test_a_record_is_read_whole_and_of_this_name_only(name_server: NameServer) -> None:
    long = "a" * 450
    name_server.texts = {f"_vcardapp.{NAME}": ["one two", long, "three"], NAME: ["other"]}
    servers = (name_server.address,)
    assert records_of(NAME, servers) == {"one two", long, "three"}
    name_server.texts = {f"_vcardapp.{NAME}": []}
    assert records_of(NAME, servers) == frozenset()
    name_server.texts = {}
    assert records_of(NAME, servers) == frozenset()
    assert set(name_server.asked) == {f"_vcardapp.{NAME}"}
    name_server.broken.add(f"_vcardapp.{NAME}")
    with pytest.raises(NoAnswer):
        records_of(NAME, servers)


def test_a_domain_is_verified_once_its_record_stands_there(name_server: NameServer, alice: User) -> None:
    domain = service.add_domain(factories.owner(alice), NAME)
    assert domain.state == "waiting"
    assert not service.check_domain(domain)
    name_server.texts[domain.record] = ["something else", "", domain.token.upper()]
    assert not service.check_domain(domain)
    assert domain.state == "waiting"
    assert domain.checked_at
    name_server.texts[domain.record].append(domain.token)
    assert service.check_domain(domain)
    assert domain.state == "verified"


def test_the_token_of_one_person_proves_nothing_for_another(name_server: NameServer, alice: User, bob: User) -> None:
    domain = service.add_domain(factories.owner(alice), NAME)
    others = service.add_domain(factories.owner(bob), NAME)
    name_server.texts[domain.record] = [domain.token]
    assert domain.token != others.token
    assert not service.check_domain(others)
    assert service.check_domain(domain)


def test_who_claims_first_keeps_nobody_from_proving_it(name_server: NameServer, alice: User, bob: User) -> None:
    service.add_domain(factories.owner(bob), NAME)
    assert verified(name_server, alice).state == "verified"


def test_of_two_records_the_first_one_proved_counts(name_server: NameServer, alice: User, bob: User) -> None:
    mine = verified(name_server, alice)
    others = service.add_domain(factories.owner(bob), NAME)
    name_server.texts[mine.record].append(others.token)
    with pytest.raises(service.DomainHeld):
        service.check_domain(others)
    assert others.state == "waiting"
    assert mine.state == "verified"


def test_a_vanished_record_warns_and_goes_on_until_somebody_else_proves_it(
    name_server: NameServer, alice: User, bob: User
) -> None:
    card = factories.published_card(alice)
    mine = answering(name_server, alice)
    name_server.texts[mine.record] = []
    assert not service.check_domain(mine)
    first = mine.missing_since
    assert first
    assert not service.check_domain(mine)
    assert mine.missing_since == first
    assert mine.state == "answers"
    assert service.address_base(card) == f"https://{NAME}"
    assert [site.owner_id for site in service.verified_sites()] == [alice.id]

    others = service.add_domain(factories.owner(bob), NAME)
    assert not service.check_domain(others)
    name_server.texts[mine.record] = [others.token]
    assert service.check_domain(others)
    db.session.refresh(mine)
    assert (mine.state, mine.missing_since, bool(mine.lost_at)) == ("waiting", None, True)
    assert [site.owner_id for site in service.verified_sites()] == [bob.id]
    assert service.address_base(card) == "http://localhost"

    name_server.texts[mine.record].append(mine.token)
    with pytest.raises(service.DomainHeld):
        service.check_domain(mine)
    name_server.texts[mine.record] = [mine.token]
    assert service.check_domain(mine)
    assert (mine.state, mine.lost_at) == ("verified", None)


def test_a_record_put_back_ends_the_warning(name_server: NameServer, alice: User) -> None:
    mine = answering(name_server, alice)
    name_server.texts[mine.record] = []
    service.check_domain(mine)
    name_server.texts[mine.record] = [mine.token]
    assert service.check_domain(mine)
    assert (mine.missing_since, mine.state) == (None, "answers")


def test_name_servers_that_fail_change_nothing(name_server: NameServer, alice: User, bob: User) -> None:
    mine = answering(name_server, alice)
    others = service.add_domain(factories.owner(bob), NAME)
    name_server.broken.add(mine.record)
    for domain in (mine, others):
        with pytest.raises(NoAnswer):
            service.check_domain(domain)
    assert (mine.state, mine.missing_since, others.state) == ("answers", None, "waiting")


def test_the_daily_look_sees_each_verified_domain_once_a_day(name_server: NameServer, alice: User) -> None:
    gone = verified(name_server, alice)
    broken = verified(name_server, alice, "broken.example.com")
    there = verified(name_server, alice, "there.example.com")
    service.add_domain(factories.owner(alice), "waiting.example.com")
    name_server.texts[gone.record] = []
    name_server.broken.add(broken.record)
    name_server.asked.clear()
    service.sweep()
    assert not name_server.asked
    with time_machine.travel(now() + timedelta(hours=25), tick=True):
        service.sweep()
        service.sweep()
        assert set(name_server.asked) == {gone.record, broken.record, there.record}
        assert name_server.asked.count(gone.record) == name_server.asked.count(there.record) == 1
    for domain in (gone, broken, there):
        db.session.refresh(domain)
    assert gone.missing_since
    assert [domain.missing_since for domain in (broken, there)] == [None, None]
    assert all(domain.state == "verified" for domain in (gone, broken, there))


def test_only_the_proof_of_this_very_domain_counts_and_only_once_verified(name_server: NameServer, alice: User) -> None:
    mine, other = service.add_domain(factories.owner(alice), NAME), verified(name_server, alice, "other.example.com")
    right = service.proof_of(mine.id, mine.token)
    assert not service.note_answer(mine, right)
    name_server.texts[mine.record] = [mine.token]
    service.check_domain(mine)
    for wrong in ("", "é", mine.token, service.proof_of(other.id, other.token), right.upper()):
        assert not service.note_answer(mine, wrong)
    assert mine.state == "verified"
    assert service.note_answer(mine, right)
    assert mine.state == "answers"


def test_addresses_change_with_the_answer_and_a_cards_own_domain_comes_first(name_server: NameServer, alice: User) -> None:
    ada, shop = factories.published_card(alice), factories.published_card(alice, "shop")
    account = verified(name_server, alice, "all.example.com")
    assert service.address_base(ada) == "http://localhost"
    service.note_answer(account, service.proof_of(account.id, account.token))
    answering(name_server, alice, "later.example.com")
    own = answering(name_server, alice, "own.example.com", ada)
    assert service.address_bases([ada, shop]) == {ada.id: "https://own.example.com", shop.id: "https://all.example.com"}
    service.remove_domain(own)
    assert service.address_base(ada) == "https://all.example.com"
    assert service.address_base(factories.published_card(factories.bob(), "bob")) == "http://localhost"


def test_an_account_has_at_most_ten_domains_each_once_and_never_our_own(alice: User, bob: User) -> None:
    owner = factories.owner(alice)
    with pytest.raises(service.OwnAddress):
        service.add_domain(owner, "localhost")
    for number in range(service.MOST_DOMAINS - 1):
        service.add_domain(owner, f"{number}.example.com")
    with pytest.raises(service.DomainListed):
        service.add_domain(owner, "0.example.com")
    service.add_domain(owner, "last.example.com")
    with pytest.raises(service.TooManyDomains):
        service.add_domain(owner, "more.example.com")
    assert service.add_domain(factories.owner(bob), "more.example.com")
    assert len(service.domains_of(owner)) == service.MOST_DOMAINS == 10


def test_nobody_finds_anothers_domain(alice: User, bob: User) -> None:
    domain = service.add_domain(factories.owner(alice), NAME)
    assert service.find_domain(factories.owner(alice), domain.id) is domain
    for stranger in (factories.owner(bob), Owner(guest="0" * 64), Owner()):
        assert service.find_domain(stranger, domain.id) is None
        assert service.domains_of(stranger) == []


def test_who_leaves_takes_their_domains_along(app: Flask, name_server: NameServer, alice: User, bob: User) -> None:
    verified(name_server, alice)
    kept = verified(name_server, bob, "bob.example.com")
    delete_account(alice)
    assert db.session.query(Domain).all() == [kept]
