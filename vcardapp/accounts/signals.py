"""What happens to people, told to later features, which accounts may not know. Who signs in: flask-security's own."""

from __future__ import annotations

from blinker import Signal

leaving = Signal("A person deletes their account: what is theirs has to go now. Sent by the app, with `user`.")
