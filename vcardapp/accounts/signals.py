"""What happens to people, told to later features, which accounts may not know."""

from __future__ import annotations

from blinker import Signal
from flask_security import user_authenticated

arriving = user_authenticated  # somebody signed in or up; sent by the app, with `user`
leaving = Signal("A person deletes their account: what is theirs has to go now. Sent by the app, with `user`.")
