"""Which addresses are a video, and what is loaded from where once a visitor asks for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.gallery.videos import read_video

ID = "aqz-KE-bpKQ"
YOUTUBE = f"https://www.youtube.com/watch?v={ID}"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"


@each(
    "typed",
    [
        YOUTUBE, f"http://youtube.com/watch?v={ID}", f"youtube.com/watch?app=desktop&v={ID}&list=PL1&index=3",
        f"https://youtu.be/{ID}", f"youtu.be/{ID}?si=abcDEF123", f" https://m.youtube.com/watch?v={ID} ",
        f"https://www.youtube.com/shorts/{ID}", f"https://youtube.com/shorts/{ID}?feature=share",
        f"https://www.youtube.com/live/{ID}?si=x", f"https://www.youtube.com/embed/{ID}", f"https://www.youtube.com/v/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}?rel=0", f"https://music.youtube.com/watch?v={ID}",
        f"HTTPS://YouTu.be/{ID}",
    ],
)  # fmt: skip
def test_every_address_of_a_video_at_youtube_is_the_same_one(typed: str) -> None:
    video = read_video(typed)
    assert video is not None
    assert (video.page, video.host, video.service) == (YOUTUBE, "youtube.com", "YouTube")
    assert video.source == f"https://www.youtube-nocookie.com/embed/{ID}?autoplay=1&rel=0"
    assert video.origin == "https://www.youtube-nocookie.com"


@each(("said", "seconds"), [("t=90", 90), ("t=90s", 90), ("t=1m30s", 90), ("t=1h2m3s", 3723), ("start=7", 7)])
def test_a_video_begins_where_the_address_says(said: str, seconds: int) -> None:
    video = read_video(f"https://youtu.be/{ID}?{said}")
    assert video is not None
    assert video.source.endswith(f"&start={seconds}")
    assert video.page == f"{YOUTUBE}&t={seconds}"
    assert read_video(video.page) == video


@each(
    ("typed", "page", "source"),
    [
        ("https://vimeo.com/76979871", "https://vimeo.com/76979871", "76979871?dnt=1&autoplay=1"),
        ("vimeo.com/76979871?share=copy", "https://vimeo.com/76979871", "76979871?dnt=1&autoplay=1"),
        ("https://vimeo.com/76979871/abcdef0123", "https://vimeo.com/76979871/abcdef0123",
         "76979871?dnt=1&autoplay=1&h=abcdef0123"),
        ("https://player.vimeo.com/video/76979871?h=abcdef0123", "https://vimeo.com/76979871/abcdef0123",
         "76979871?dnt=1&autoplay=1&h=abcdef0123"),
        ("https://vimeo.com/channels/staffpicks/76979871", "https://vimeo.com/76979871", "76979871?dnt=1&autoplay=1"),
        ("https://vimeo.com/groups/shortfilms/videos/76979871", "https://vimeo.com/76979871", "76979871?dnt=1&autoplay=1"),
    ],
)  # fmt: skip
def test_vimeo(typed: str, page: str, source: str) -> None:
    video = read_video(typed)
    assert video is not None
    assert (video.page, video.source) == (page, f"https://player.vimeo.com/video/{source}")
    assert (video.host, video.origin) == ("vimeo.com", "https://player.vimeo.com")
    assert read_video(page) == video


@each("path", ["/w/{}", "/videos/watch/{}", "/videos/embed/{}", "/w/{}?start=3s", "/w/{}/"])
@each("key", [UUID, SHORT])
def test_peertube_of_any_host(path: str, key: str) -> None:
    video = read_video("https://Videos.Example.org" + path.format(key))
    assert video is not None
    assert (video.host, video.service) == ("videos.example.org", "PeerTube")
    assert video.page == f"https://videos.example.org/w/{key}"
    assert video.source == f"https://videos.example.org/videos/embed/{key}?autoplay=1"
    assert read_video(video.page) == video


def test_files_of_any_host() -> None:
    video = read_video("http://cdn.example.com/a b.mp4".replace(" ", "%20") + "?token=1&x=;#t=3")
    assert video is not None
    assert (video.page, video.kind) == ("https://cdn.example.com/a%20b.mp4?token=1&x=;", "video/mp4")
    assert (video.origin, video.host, video.is_file) == ("https://cdn.example.com", "cdn.example.com", True)
    other = read_video("https://müller.example/film.WEBM")
    assert other is not None
    assert (other.origin, other.kind) == ("https://xn--mller-kva.example", "video/webm")


@each(
    "typed",
    [
        "", "hello", "https://www.youtube.com/", "https://www.youtube.com/@channel", "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/playlist?list=PL123", "https://vimeo.com/about", "https://vimeo.com/76979871/notahash!",
        "https://example.com/w/p/abc", "https://example.com/film.mov", "https://example.com/mp4", "javascript:alert(1)//x.mp4",
        "data:video/mp4;base64,AAAA", "ftp://example.com/a.mp4", "https://127.0.0.1/a.mp4", "https://localhost/a.mp4",
        "https://example.com:8443/a.mp4", "https://me:secret@example.com/a.mp4", "https://[::1]/a.mp4",
        "https://exa_mple.com/a.mp4", "https://example.com/a.mp4 evil", "https://example.com;script-src/a.mp4",
        "https://example.com/\u202ea.mp4", "https://" + "a" * 600 + ".com/a.mp4", f"https://youtube.com.evil.example/watch?v={ID}",
    ],
)  # fmt: skip
def test_what_is_no_video(typed: str) -> None:
    assert read_video(typed) is None


@given(st.text(max_size=80) | st.text(max_size=40).map(lambda text: f"https://cdn.example.com/{text}.mp4"))
def test_nothing_that_is_typed_gets_into_a_policy_or_an_attribute(text: str) -> None:
    video = read_video(text)
    if video:
        assert set(video.origin) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:/")
        assert not set(video.page + video.source) & set(" \"<>\\\n\r\t`{}|^")
