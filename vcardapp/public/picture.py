"""A picture on a page: its sizes in every format, for the browser to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from vcardapp.images import WIDTHS

FORMATS = ("avif", "webp")  # best first; who knows neither gets the JPEG


@dataclass(frozen=True, slots=True)
class ShownPicture:
    id: str
    sort: str  # photo, logo or cover
    sizes: str  # how wide it is drawn, as HTML says it
    choice: str  # of s, m and l, what a page may take; the first is for those who cannot choose

    @property
    def src(self) -> str:
        """The JPEG, which every reader of the page can show."""
        return self._path(self.choice[0], "jpg")

    def srcset(self, form: str) -> str:
        """Return its sizes in one of FORMATS."""
        widths = dict(zip("sml", WIDTHS[self.sort], strict=True))
        if len(self.choice) == 1:
            return self._path(self.choice, form)
        return ", ".join(f"{self._path(size, form)} {widths[size]}w" for size in self.choice)

    def _path(self, size: str, form: str) -> str:
        return f"/media/{self.id}/{size}.{form}"


def shown(picture_id: str, sort: str, sizes: str, choice: str) -> ShownPicture | None:
    """Return a picture for a page, or None where there is none."""
    return ShownPicture(picture_id, sort, sizes, choice) if picture_id else None
