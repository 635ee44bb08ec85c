"""What tests of domains do again and again."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from tests import factories
from tests.dns_server import NameServer
from vcardapp.accounts.models import User
from vcardapp.cards.models import Card
from vcardapp.domains import service
from vcardapp.domains.models import Domain

NAME = "ada.example.com"


def verified(server: NameServer, person: User, name: str = NAME, card: Card | None = None) -> Domain:
    """A domain that is proved, with its record in the DNS."""
    domain = service.add_domain(factories.owner(person), name, card)
    server.texts[domain.record] = [domain.token]
    assert service.check_domain(domain)
    return domain


def answering(server: NameServer, person: User, name: str = NAME, card: Card | None = None) -> Domain:
    """A domain that codes lead to."""
    domain = verified(server, person, name, card)
    assert service.note_answer(domain, service.proof_of(domain.id, domain.token))
    return domain


def visit(app: Flask, path: str, host: str = NAME, **more: object) -> TestResponse:
    """What a stranger gets at a host."""
    return app.test_client(use_cookies=False).get(path, base_url=f"https://{host}", buffered=True, **more)
