"""Videos elsewhere: which addresses are one, where it is watched, and what is loaded from which host to play it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

LONGEST = 500  # characters
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
_YOUTUBE = {f"{part}youtube{rest}.com" for part in ("", "www.", "m.", "music.") for rest in ("", "-nocookie")}
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_YOUTUBE_PATH = re.compile(r"/(?:shorts|live|embed|v)/([\w-]{11})/?", re.ASCII)
_SECONDS = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?", re.ASCII)
_VIMEO_PATH = re.compile(
    r"/(?:(?:channels|groups|showcase|album)/[^/]+/)?(?:videos?/)?(\d{4,12})(?:/([0-9a-f]{6,20}))?/?", re.ASCII
)
_VIMEO_HASH = re.compile(r"[0-9a-f]{6,20}", re.ASCII)
_PEERTUBE_PATH = re.compile(
    r"/(?:w|videos/watch|videos/embed)/([0-9a-zA-Z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?", re.ASCII
)
_FILE = re.compile(r"\.(mp4|webm)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Video:
    page: str  # where people watch it without us
    source: str  # what is loaded once they ask for it: the address of a frame or of a file
    host: str  # whose it is, in the words for people
    service: str = ""  # YouTube, Vimeo, PeerTube; "" for a file
    kind: str = ""  # of a file: video/mp4, video/webm

    @property
    def is_file(self) -> bool:
        return bool(self.kind)

    @property
    def origin(self) -> str:
        """What the page's policy has to allow."""
        parts = urlsplit(self.source)
        return f"{parts.scheme}://{parts.netloc}"


def read_video(text: str) -> Video | None:
    """Return the video behind an address as people copy it, None if it is none of a kind that can be played."""
    address = _split(text)
    if address is None:
        return None
    host, asked = address.netloc, parse_qs(address.query, max_num_fields=50)
    if host in _YOUTUBE or host == "youtu.be":
        return _youtube(host, address.path, asked)
    if host in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
        return _vimeo(address.path, asked)
    if found := _PEERTUBE_PATH.fullmatch(address.path):
        page = f"https://{host}/w/{found[1]}"
        return Video(page, f"https://{host}/videos/embed/{found[1]}?autoplay=1", host, "PeerTube")
    if found := _FILE.fullmatch(address.path[address.path.rfind(".") :]):
        whole = address._replace(fragment="").geturl()
        return Video(whole, whole, host, kind=f"video/{found[1].lower()}")
    return None


def _split(text: str) -> SplitResult | None:
    """Return an https address with a plain host name, its other parts percent-encoded."""
    text = text.strip()
    if len(text) > LONGEST or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").encode("idna").decode().lower()
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host) or parts.netloc.lower() != (parts.hostname or ""):
        return None  # a name, a password, a port: nothing that people copy
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    return SplitResult("https", host, path, quote(parts.query, safe="%:@!$&'()*+,;=~-._/?"), "")


def _youtube(host: str, path: str, asked: Mapping[str, list[str]]) -> Video | None:
    if host == "youtu.be":
        key = path.strip("/")
    elif found := _YOUTUBE_PATH.fullmatch(path):
        key = found[1]
    else:
        key = asked.get("v", [""])[0] if path.rstrip("/") == "/watch" else ""
    if not _YOUTUBE_ID.fullmatch(key):
        return None
    start = _seconds((asked.get("t") or asked.get("start") or [""])[0])
    page = f"https://www.youtube.com/watch?v={key}" + (f"&t={start}" if start else "")
    source = f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1&rel=0" + (f"&start={start}" if start else "")
    return Video(page, source, "youtube.com", "YouTube")


def _vimeo(path: str, asked: Mapping[str, list[str]]) -> Video | None:
    found = _VIMEO_PATH.fullmatch(path)
    if not found:
        return None
    secret = found[2] or asked.get("h", [""])[0]
    if secret and not _VIMEO_HASH.fullmatch(secret):
        return None
    page = f"https://vimeo.com/{found[1]}" + (f"/{secret}" if secret else "")
    source = f"https://player.vimeo.com/video/{found[1]}?dnt=1&autoplay=1" + (f"&h={secret}" if secret else "")
    return Video(page, source, "vimeo.com", "Vimeo")


def _seconds(text: str) -> int:
    found = _SECONDS.fullmatch(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
