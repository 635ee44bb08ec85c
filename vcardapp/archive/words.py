"""What people read about an archive: what it holds, what became of it, why it was not taken."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext, ngettext

from vcardapp.archive.bringing import Told
from vcardapp.archive.refused import ArchiveRefused


def of_refused(refused: ArchiveRefused) -> str:
    return str(gettext(refused.reason, **refused.details))


def counted(counts: Counter[str]) -> list[str]:
    """Return what there is, in words, without what there is nothing of."""
    pictures = counts["pictures"] + counts["media_files"]
    said = [
        (pictures, ngettext("%(num)d picture or paper", "%(num)d pictures and papers", pictures)),
        (counts["albums"], ngettext("%(num)d album", "%(num)d albums", counts["albums"])),
        (counts["services"], ngettext("%(num)d service", "%(num)d services", counts["services"])),
        (counts["products"], ngettext("%(num)d product", "%(num)d products", counts["products"])),
        (counts["orders"], ngettext("%(num)d order", "%(num)d orders", counts["orders"])),
        (counts["appointment_types"], ngettext("%(num)d kind of appointment", "%(num)d kinds of appointments",
                                               counts["appointment_types"])),
        (counts["appointments"], ngettext("%(num)d appointment", "%(num)d appointments", counts["appointments"])),
        (counts["booking_waiting"], ngettext("%(num)d person who waits", "%(num)d people who wait", counts["booking_waiting"])),
    ]  # fmt: skip
    return [str(words) for number, words in said if number]


def told(done: Told) -> list[str]:
    """Return what its owner should know after an archive was brought in."""
    left, counts = done.left_out, done.counts
    shown = left["pictures"] + left["files"] + left["album_items"] + left["product_pictures"]
    said = [
        (left["here already"], ngettext("%(num)d card was here already and was left as it is.",
                                        "%(num)d cards were here already and were left as they are.", left["here already"])),
        (left["deleted"], ngettext("%(num)d deleted card was left out.", "%(num)d deleted cards were left out.",
                                   left["deleted"])),
        (shown, ngettext("%(num)d picture or paper could not be read.", "%(num)d pictures and papers could not be read.", shown)),
        (left["looks"], ngettext("%(num)d code is plain now: with its new address it would not have scanned.",
                                 "%(num)d codes are plain now: with their new addresses they would not have scanned.",
                                 left["looks"])),
        (left["imported_calendars"], gettext("The address of a calendar could not be used.")),
        (left["domains"], gettext("Domains were left out: prove here once more that they are yours.")),
        (done.cards, gettext("Codes that are printed already lead to where they were made. Here each card has new ones.")),
        (counts["orders"], gettext("Orders are here as history: links in old messages lead to the other server.")),
        (counts["appointments"], gettext("Appointments keep their times, also those to come. Nobody was written to; reminders "
                                         "come from here, too, until you delete the other account.")),
    ]  # fmt: skip
    return [str(words) for true, words in said if true]
