"""What stands on a card's page: a Content, however unfinished, in the words and links that a visitor gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from babel.dates import format_date, format_skeleton
from flask import url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup

from vcardapp.cards import pictures, qr
from vcardapp.cards.contact import contact_of
from vcardapp.cards.content import Content
from vcardapp.cards.models import CardEvent
from vcardapp.cards.preview import mark as mark_of
from vcardapp.cards.schema_org import schema_org, write_json_ld
from vcardapp.design.look import Look, look_of
from vcardapp.markdown import to_html
from vcardapp.public import names, rows
from vcardapp.public.opening import HoursShown, hours_shown
from vcardapp.public.picture import ShownPicture, shown
from vcardapp.public.preview_picture import preview_of
from vcardapp.public.visitor import visitor_locale
from vcardapp.public.weave import weave
from vcardapp.web import absolute

if TYPE_CHECKING:
    from vcardapp.public.booking_page import BookingSection
    from vcardapp.public.gallery_page import AlbumPage
    from vcardapp.public.shop_page import ShopSection


@dataclass(frozen=True, slots=True)
class CardPage:
    slug: str
    code: str
    base: str  # what its absolute addresses begin with
    is_preview: bool
    name: str
    name_class: str  # how the name is set
    initial: str
    language: str
    content: Content  # visible parts only
    work: tuple[tuple[str, str], ...]  # title and role, each with its property of h-card
    company: str
    department: str
    headline: str
    said: tuple[tuple[str, str], ...]  # pronouns, nickname, how the name sounds, with properties of h-card
    phones: tuple[rows.Row, ...]
    chats: tuple[rows.Row, ...]
    emails: tuple[rows.Row, ...]
    places: tuple[rows.Place, ...]
    sites: tuple[rows.Row, ...]
    links: tuple[rows.Row, ...]
    about: str
    hours: HoursShown | None
    birthday: str
    note: str
    photo: ShownPicture | None
    photo_alt: str
    logo: ShownPicture | None
    emblem: ShownPicture | None  # the logo beside a photo
    cover: ShownPicture | None
    weave: str
    look: Look
    backdrop: str
    favicon: str
    event: str = ""  # the key of the link that led here
    met: tuple[str, ...] = ()  # title, place and date of that event
    albums: tuple[AlbumPage, ...] = ()
    shop: ShopSection | None = None  # what is sold, and what is done for people
    booking: BookingSection | None = None  # the next free times

    @property
    def lines(self) -> tuple[str, ...]:
        """Title and role."""
        return tuple(text for text, _ in self.work)

    @property
    def json_ld(self) -> Markup:
        """The contact in the words of schema.org, for a script element."""
        nobody, never = UUID(int=0), datetime.fromtimestamp(0, UTC)
        contact = contact_of(self.content, url=self.url, uid=nobody, changed=never)
        picture = self.picture_url if self.photo or self.logo else ""
        said = schema_org(contact, self.content.hours, picture=picture, description=self.description)
        return Markup(write_json_ld(said))  # noqa: S704 - escaped for scripts

    @property
    def url(self) -> str:
        """The card's address, at its own domain or VCARDAPP_URL."""
        return self.base + url_for("public.card", slug=self.slug)

    @property
    def short_url(self) -> str:
        return f"{self.base}/u/{self.code}"

    @property
    def event_url(self) -> str:
        """The short address, with the event whose link led here."""
        return self.short_url + (f"?e={quote(self.event)}" if self.event else "")

    def code_svg(self, label: str) -> Markup:
        """Draw the code for a page."""
        return Markup(qr.inline_svg(qr.short_address(self.base, self.code), label))  # noqa: S704 - our own drawing, its label escaped

    @property
    def contact_path(self) -> str:
        return "" if self.is_preview or not self.slug else url_for("public.contact", slug=self.slug, e=self.event or None)

    @property
    def send_path(self) -> str:
        return url_for("public.send", slug=self.slug, e=self.event or None)

    @property
    def picture_url(self) -> str:
        """The portrait, for those who read the page by machine."""
        photo, logo = self.content.photo, self.content.logo
        return self.base + (_picture(photo, "l") or _picture(logo, "m"))

    @property
    def preview_url(self) -> str:
        """The picture that link previews show, under a name that changes with it."""
        mark = mark_of(preview_of(self.content, self.code))
        return self.base + url_for("public.preview_picture", slug=self.slug, mark=mark)

    @property
    def title(self) -> str:
        """Name and role, for the browser's tab and for link previews."""
        more = ", ".join(text for text in (*self.lines[:1], self.company) if text)
        return f"{self.name} – {more}" if more else self.name

    @property
    def description(self) -> str:
        return self.headline or names.shown(self.content.about)[:180]

    @property
    def call(self) -> rows.Row | None:
        """The number that one tap dials."""
        return next((row for row in self.phones if row.href and row.icon != "printer"), None)

    @property
    def chat(self) -> rows.Row | None:
        return next((row for row in self.chats if row.href), None)


def card_context(
    content: Content,
    slug: str,
    code: str,
    preview: bool = False,
    now: datetime | None = None,
    event: CardEvent | None = None,
    base: str = "",
) -> dict[str, Any]:
    """Return what public/card.html draws; hidden parts are left out here too, whatever the caller passes.

    `base` is what absolute addresses begin with, VCARDAPP_URL where it is empty.
    """
    now, base = now or datetime.now(UTC), base or absolute("")
    page = card_page(content.visible(), slug, code, base=base, preview=preview, now=now)
    return {"card": replace(page, event=event.key, met=met_in_words(event)) if event else page}


def card_page(content: Content, slug: str, code: str, *, base: str, preview: bool, now: datetime) -> CardPage:
    """Put the page of a card together; nothing in an unfinished draft raises."""
    name = names.shown(content.display_name) or names.shown(content.company)
    company = names.shown(content.company)
    look = look_of(content.design)
    return CardPage(
        slug=slug,
        code=code,
        base=base,
        is_preview=preview,
        name=name,
        name_class=" ".join(filter(None, ("vc-name", names.size_of(name), "is-airy" if names.needs_air(name) else ""))),
        initial=names.initial_of(name),
        language=content.language,
        content=content,
        work=_marked((content.title, "p-job-title"), (content.role, "p-role")),
        company="" if company == name else company,
        department=names.shown(content.department),
        headline=names.shown(content.headline),
        said=_said(content),
        phones=tuple(rows.phones(content)),
        chats=tuple(rows.chats(content)),
        emails=tuple(rows.emails(content)),
        places=tuple(rows.places(content)),
        sites=tuple(rows.sites(content)),
        links=tuple(rows.links(content)),
        about=to_html(content.about),
        hours=hours_shown(content, now),
        birthday=birthday_in_words(content.birthday),
        note=content.note.strip(),
        photo=shown(content.photo, "photo", look.photo_sizes(bool(content.cover)), "ml"),
        photo_alt=names.shown(content.photo_alt) or gettext("Portrait of %(name)s", name=name),
        logo=shown(content.logo, "logo", "", "m"),
        emblem=shown(content.logo, "logo", "48px", "sm"),
        cover=shown(content.cover, "cover", "(min-width: 520px) 520px, 100vw", "msl") if look.has_cover else None,
        weave=weave(code or slug or name),
        look=look,
        backdrop=_picture(content.design.backdrop, "l"),
        favicon=_picture(content.design.favicon, "s"),
    )


def _said(content: Content) -> tuple[tuple[str, str], ...]:
    sounds = " ".join(filter(None, map(names.shown, (content.phonetic_given, content.phonetic_family))))
    return _marked((content.pronouns, "p-pronouns"), (content.nickname, "p-nickname"), (sounds, ""))


def _marked(*texts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((names.shown(text), mark) for text, mark in texts if names.shown(text))


def _picture(picture_id: str, size: str) -> str:
    return pictures.picture_url(picture_id, size) if picture_id else ""


def met_in_words(event: CardEvent) -> tuple[str, ...]:
    """Return title, place and date of an event as the visitor writes them."""
    day = format_date(event.held_on, "long", visitor_locale(get_locale())) if event.held_on else ""
    return tuple(filter(None, (names.shown(event.title), names.shown(event.place), day)))


def birthday_in_words(text: str) -> str:
    has_year = not text.startswith("--")
    try:
        day = date.fromisoformat(text if has_year else f"2000-{text[2:]}")
    except ValueError:
        return ""
    locale = visitor_locale(get_locale())
    return format_date(day, "long", locale) if has_year else format_skeleton("MMMMd", day, locale=locale)
