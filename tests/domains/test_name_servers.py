"""Which name servers are asked, and what happens when two people prove a domain at the same moment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.dns_server import NameServer
from tests.domains.cast import NAME, verified
from vcardapp.accounts.models import User
from vcardapp.config import BadSetting, read_settings
from vcardapp.db import db, now
from vcardapp.domains import service
from vcardapp.domains.models import Domain
from vcardapp.domains.ownership import records_of


@pytest.mark.parametrize(
    ("given", "servers"),
    [
        ("", ()),
        ("9.9.9.9", (("9.9.9.9", 53),)),
        ("127.0.0.1:5353, [2620:fe::fe]:54", (("127.0.0.1", 5353), ("2620:fe::fe", 54))),
    ],
)
def test_name_servers_are_set_by_the_environment(tmp_path: Path, given: str, servers: tuple[tuple[str, int], ...]) -> None:
    assert read_settings({"VCARDAPP_DATA": str(tmp_path), "VCARDAPP_DNS": given}).dns == servers


@pytest.mark.parametrize("given", ["dns.example.com", "9.9.9.9:x", "9.9.9", "2620:fe::fe"])
def test_a_name_server_is_an_address(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadSetting, match="VCARDAPP_DNS"):
        read_settings({"VCARDAPP_DATA": str(tmp_path), "VCARDAPP_DNS": given})


def test_the_next_name_server_is_asked_where_one_fails(name_server: NameServer) -> None:
    failing = NameServer()
    try:
        record = f"_vcardapp.{NAME}"
        failing.broken.add(record)
        name_server.texts[record] = ["found"]
        assert records_of(NAME, (failing.address, name_server.address)) == {"found"}
        assert failing.asked == name_server.asked == [record]
    finally:
        failing.stop()


def test_the_database_knows_one_holder_of_a_name(name_server: NameServer, alice: User, bob: User) -> None:
    verified(name_server, alice)
    service.add_domain(factories.owner(bob), NAME).verified_at = now()
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_of_two_who_prove_a_domain_at_once_one_gets_it(
    app: Flask, name_server: NameServer, alice: User, bob: User
) -> None:
    claims = [service.add_domain(factories.owner(person), NAME) for person in (alice, bob)]
    ids = [claim.id for claim in claims]
    name_server.texts[claims[0].record] = [claim.token for claim in claims]
    db.session.rollback()
    start, ends = threading.Barrier(2), []

    def prove(number: int) -> None:
        with app.app_context():
            domain = db.session.get_one(Domain, ids[number])
            start.wait(10)
            try:
                ends.append("got it" if service.check_domain(domain) else "no record")
            except service.DomainHeld:
                ends.append("held")

    threads = [threading.Thread(target=prove, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["got it", "held"]
    assert len(service.verified_sites()) == 1
