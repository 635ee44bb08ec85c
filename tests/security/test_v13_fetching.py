"""Fetching a file from an address that anybody may type: nothing private is reached, nothing lasts or grows.

ASVS 1.3.6, 13.2.4, 15.3.2.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator

import pytest

from tests.booking.ics_server import HOST, PUBLIC, Answer, IcsServer
from vcardapp.fetching import INTERNET, MOST_BYTES, NotFetched, clean_address, fetch, is_public

ADDRESS = f"https://{HOST}/basic.ics"


@pytest.fixture(scope="module")
def only_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IcsServer]:
    server = IcsServer(tmp_path_factory.mktemp("tls"))
    yield server
    server.stop()


@pytest.fixture
def server(only_server: IcsServer) -> IcsServer:
    only_server.answers, only_server.asked, only_server.connected = {}, [], []
    return only_server


def problem(address: str, network: object) -> str:
    with pytest.raises(NotFetched) as refused:
        fetch(address, network=network)  # type: ignore[arg-type]
    return refused.value.problem


def test_a_file_is_fetched_once_and_then_only_if_it_changed(server: IcsServer) -> None:
    server.answers["/basic.ics"] = Answer(body=b"BEGIN", headers={"ETag": '"1"'})
    first = fetch(ADDRESS, network=server.network())
    assert (first.data, first.etag) == (b"BEGIN", '"1"')
    again = fetch(ADDRESS, '"1"', server.network())
    assert (again.data, again.etag) == (None, '"1"')
    assert server.connected == [PUBLIC, PUBLIC]
    assert server.asked[0][1]["Host"] == HOST


@pytest.mark.parametrize(
    "address",
    [
        f"http://{HOST}/", "ftp://example.org/a.ics", "file:///etc/passwd", "https:///a", "//example.org/a", "", "javascript:1",
        f"https://me:secret@{HOST}/", f"https://{HOST}/a b", f"https://{HOST}/\r\nHost: x", f"https://{HOST}:99999/",
        "https://[::1", "https://" + "a" * 3000, "https://exa\x00mple.org/",
        "https://exa\u00a0mple.org/", "https://exa\u3000mple.org/", "https://exa\u2003mple.org/",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_fetched(server: IcsServer, address: str) -> None:
    """ASVS 1.3.6, 13.2.4 (2)."""
    assert problem(address, server.network()) == "address"
    assert server.connected == []


def test_webcal_is_https() -> None:
    assert clean_address(" webcal://p01.example.org/a?b=c ") == "https://p01.example.org/a?b=c"
    assert clean_address("webcals://p01.example.org/a") == "https://p01.example.org/a"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "192.0.2.1", "nonsense",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_after_resolving(server: IcsServer, address: str) -> None:
    """ASVS 1.3.6, 13.2.4, 15.3.2 (2). The address that is connected to decides, not the name."""
    assert not is_public(address)
    assert problem(ADDRESS, server.network(lambda _host, _port: [address])) == "private"
    assert problem(ADDRESS, server.network(lambda _host, _port: [PUBLIC, address])) == "private"
    assert server.connected == []


def test_public_addresses_are_public() -> None:
    public = (PUBLIC, "2606:2800:220:1::1", "9.9.9.9", "2620:fe::fe", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e")
    assert all(is_public(one) for one in public)


def test_a_literal_private_address_is_refused_on_the_real_network() -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "0", "2130706433", "0x7f.1", "169.254.169.254"):
        assert problem(f"https://{host}/", INTERNET) in ("private", "unreachable")


def test_a_name_that_changes_its_mind_gains_nothing(server: IcsServer) -> None:
    """ASVS 1.3.6 (2). DNS rebinding: what was looked at is what is connected to, and a redirect is looked at anew."""
    server.answers["/a"] = Answer(302, headers={"Location": "/b"})
    server.answers["/b"] = Answer(body=b"BEGIN")
    told = iter([[PUBLIC], ["127.0.0.1"]])
    assert problem(f"https://{HOST}/a", server.network(lambda _host, _port: next(told))) == "private"
    assert server.connected == [PUBLIC]
    assert [path for path, _ in server.asked] == ["/a"]


def test_redirects_stay_on_the_host_and_end(server: IcsServer) -> None:
    """ASVS 15.3.2 (2)."""
    server.answers["/a"] = Answer(301, headers={"Location": "/b"})
    server.answers["/b"] = Answer(body=b"BEGIN")
    assert fetch(f"https://{HOST}/a", network=server.network()).data == b"BEGIN"
    for target in ("https://other.example.org/", f"https://{HOST}:8443/b", "//other.example.org/b"):
        server.answers["/a"] = Answer(302, headers={"Location": target})
        assert problem(f"https://{HOST}/a", server.network()) == "redirect"
    server.answers["/a"] = Answer(302, headers={"Location": f"http://{HOST}/b"})
    assert problem(f"https://{HOST}/a", server.network()) == "address"
    for target in ("/a", "//[", "https://[::1"):
        server.answers["/a"] = Answer(302, headers={"Location": target})
        assert problem(f"https://{HOST}/a", server.network()) == "redirect"


def test_redirects_may_lead_elsewhere_where_that_is_wanted_but_nowhere_private(server: IcsServer) -> None:
    server.answers["/a"] = Answer(302, headers={"Location": f"https://{PUBLIC}/b"})
    server.answers["/b"] = Answer(body=b"picture")
    assert fetch(f"https://{HOST}/a", network=server.network(), may_lead_elsewhere=True).data == b"picture"
    told = {HOST: [PUBLIC], PUBLIC: ["10.0.0.1"]}
    network = server.network(lambda host, _port: told[host])
    with pytest.raises(NotFetched, match="private"):
        fetch(f"https://{HOST}/a", network=network, may_lead_elsewhere=True)


def test_every_problem_has_a_sentence() -> None:
    problems = ("address", "private", "unreachable", "certificate", "redirect", "large", "slow", "status 404")
    assert len({NotFetched(one).reason for one in problems}) == len(problems)


def test_what_is_too_large_is_not_read_to_its_end(server: IcsServer) -> None:
    server.answers["/basic.ics"] = Answer(body=b"x" * MOST_BYTES)
    assert len(fetch(ADDRESS, network=server.network()).data or b"") == MOST_BYTES
    server.answers["/basic.ics"] = Answer(body=b"x" * (MOST_BYTES + 1))
    assert problem(ADDRESS, server.network()) == "large"
    server.answers["/basic.ics"] = Answer(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert problem(ADDRESS, server.network()) == "status 200"


def test_how_much_is_too_much_can_be_said(server: IcsServer) -> None:
    server.answers["/basic.ics"] = Answer(body=b"x" * 11)
    assert fetch(ADDRESS, network=server.network(), most_bytes=11).data == b"x" * 11
    with pytest.raises(NotFetched, match="large"):
        fetch(ADDRESS, network=server.network(), most_bytes=10)


def test_a_server_that_drips_is_left(server: IcsServer) -> None:
    server.answers["/basic.ics"] = Answer(body=b"x" * 1000, seconds=0.1)
    began = time.monotonic()
    assert problem(ADDRESS, server.network(patience=0.5)) == "slow"
    assert time.monotonic() - began < 5


def test_a_certificate_for_another_name_or_from_nobody_is_refused(server: IcsServer) -> None:
    assert problem("https://other.example.org/", server.network()) == "certificate"
    assert problem(ADDRESS, server.network(context=ssl.create_default_context)) == "certificate"
    assert server.asked == []


def test_refusals_say_which(server: IcsServer) -> None:
    assert problem(f"https://{HOST}/missing", server.network()) == "status 404"

    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    assert problem(ADDRESS, server.network(nowhere)) == "unreachable"
    assert problem(ADDRESS, server.network(connect=lambda *_: nowhere("", 0))) == "unreachable"
