"""A real name server on this computer, for tests: answers TXT questions from a dict, by UDP."""

from __future__ import annotations

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """`texts` maps full names without a dot at the end to the texts of their TXT records; other names do not exist."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.broken: set[str] = set()  # names that it fails to look up
        self.asked: list[str] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.socket.getsockname()
        return host, port

    def forget(self) -> None:
        self.texts, self.broken, self.asked = {}, set(), []

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as poke:
            poke.sendto(b"", self.address)
        self.thread.join(5)
        self.socket.close()

    def _serve(self) -> None:
        while True:
            asked, who = self.socket.recvfrom(4096)
            if not asked:
                return
            self.socket.sendto(self._answer(dns.message.from_wire(asked)).to_wire(), who)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA | dns.flags.AA
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif self.texts[name]:
            quoted = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text) or 1, 200)) for text in self.texts[name]]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
        return answer
