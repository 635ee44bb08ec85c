"""Reads contact files with GNOME's address book, for the system's own Python.

A card in base64 on each line of input, on each line of output its properties as JSON: name, types, parts of the value.
"""

import base64
import json
import sys

import gi

gi.require_version("EBookContacts", "1.2")
from gi.repository import EBookContacts  # noqa: E402

for line in sys.stdin:
    contact = EBookContacts.Contact.new_from_vcard(base64.b64decode(line).decode())
    rows = [
        [one.get_name(), one.get_param("TYPE") or [], one.get_values()]
        for one in EBookContacts.VCard.get_attributes(contact)
    ]
    print(json.dumps(rows), flush=True)
