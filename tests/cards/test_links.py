"""Every network of the table: what is typed, what is stored, which address is made; and the paste box."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cases import each
from vcardapp.cards import links

# network, what may be typed or pasted (all mean the same), the handle, the address
ROWS = [
    ("whatsapp", ["+44 (0)7911 123456", "07911 123456", "https://wa.me/447911123456?text=Hi", "wa.me/447911123456",
                  "https://api.whatsapp.com/send?phone=%2B447911123456&text=x", "whatsapp://send?phone=447911123456"],
     "+447911123456", "https://wa.me/447911123456"),
    ("whatsapp-group", ["https://whatsapp.com/channel/0029Va4K", "https://www.whatsapp.com/channel/0029Va4K?x=1"],
     "channel/0029Va4K", "https://whatsapp.com/channel/0029Va4K"),
    ("whatsapp-group", ["https://chat.whatsapp.com/AbC123", "chat.whatsapp.com/invite/AbC123"],
     "group/AbC123", "https://chat.whatsapp.com/AbC123"),
    ("telegram", ["ada_lovelace", "@ada_lovelace", "https://t.me/ada_lovelace", "telegram.me/ada_lovelace?start=1"],
     "ada_lovelace", "https://t.me/ada_lovelace"),
    ("telegram", ["+44 7911 123456", "07911123456", "https://t.me/+447911123456"],
     "+447911123456", "https://t.me/+447911123456"),
    ("telegram", ["https://t.me/+AbCdEfGhIjKl", "https://t.me/joinchat/AbCdEfGhIjKl"],
     "joinchat/AbCdEfGhIjKl", "https://t.me/joinchat/AbCdEfGhIjKl"),
    ("signal", ["+447911123456", "07911 123456", "https://signal.me/#p/+447911123456"],
     "+447911123456", "https://signal.me/#p/+447911123456"),
    ("signal", ["https://signal.me/#eu/aB-c_9"], "eu/aB-c_9", "https://signal.me/#eu/aB-c_9"),
    ("messenger", ["ada.lovelace", "@ada.lovelace", "https://m.me/ada.lovelace", "https://www.messenger.com/t/ada.lovelace"],
     "ada.lovelace", "https://m.me/ada.lovelace"),
    ("instagram", ["ada", "@ada", " @ada\n", "\u200b@ada\u202e", "https://www.instagram.com/ada/?hl=de", "instagram.com/ada",
                   "http://m.instagram.com/ada/", "https://ig.me/m/ada", "HTTPS://WWW.Instagram.COM/ada#x"],
     "ada", "https://www.instagram.com/ada/"),
    ("threads", ["ada", "@ada", "https://www.threads.net/@ada", "https://www.threads.com/@ada"],
     "ada", "https://www.threads.net/@ada"),
    ("facebook", ["ada.lovelace", "https://www.facebook.com/ada.lovelace", "https://m.facebook.com/ada.lovelace/about",
                  "fb.com/ada.lovelace"], "ada.lovelace", "https://www.facebook.com/ada.lovelace"),
    ("facebook", ["https://www.facebook.com/profile.php?id=100012345", "https://facebook.com/people/Ada/100012345/"],
     "100012345", "https://www.facebook.com/100012345"),
    ("x", ["ada", "@ada", "https://x.com/ada", "https://twitter.com/ada?s=21", "https://mobile.twitter.com/ada"],
     "ada", "https://x.com/ada"),
    ("bluesky", ["ada.bsky.social", "@ada.bsky.social", "https://bsky.app/profile/ada.bsky.social"],
     "ada.bsky.social", "https://bsky.app/profile/ada.bsky.social"),
    ("bluesky", ["github.com", "@github.com"], "github.com", "https://bsky.app/profile/github.com"),
    ("mastodon", ["@ada@mastodon.social", "ada@mastodon.social", "https://mastodon.social/@ada", "mastodon.social/@ada",
                  "https://fosstodon.org/@ada@mastodon.social", "https://mastodon.social/users/ada"],
     "ada@mastodon.social", "https://mastodon.social/@ada"),
    ("linkedin", ["ada", "@ada", "in/ada", "https://www.linkedin.com/in/ada/", "https://de.linkedin.com/in/ada?x=1"],
     "in/ada", "https://www.linkedin.com/in/ada/"),
    ("linkedin", ["in/j\u00f6rg", "https://www.linkedin.com/in/j%C3%B6rg/", "jo\u0308rg"],
     "in/j\u00f6rg", "https://www.linkedin.com/in/j%C3%B6rg/"),
    ("linkedin", ["company/x", "https://www.linkedin.com/company/x/about/"],
     "company/x", "https://www.linkedin.com/company/x/"),
    ("linkedin", ["https://linkedin.com/school/mit"], "school/mit", "https://www.linkedin.com/school/mit/"),
    ("xing", ["Ada_Lovelace", "https://www.xing.com/profile/Ada_Lovelace/cv"],
     "Ada_Lovelace", "https://www.xing.com/profile/Ada_Lovelace"),
    ("youtube", ["ada", "@ada", "https://www.youtube.com/@ada", "https://m.youtube.com/@ada/videos"],
     "@ada", "https://www.youtube.com/@ada"),
    ("youtube", ["https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuv"],
     "channel/UCabcdefghijklmnopqrstuv", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"),
    ("tiktok", ["ada", "@ada", "https://www.tiktok.com/@ada?lang=de"], "ada", "https://www.tiktok.com/@ada"),
    ("snapchat", ["ada", "https://www.snapchat.com/add/ada", "https://www.snapchat.com/@ada"],
     "ada", "https://www.snapchat.com/add/ada"),
    ("pinterest", ["ada", "https://www.pinterest.com/ada/", "https://www.pinterest.de/ada", "de.pinterest.com/ada/_saved/"],
     "ada", "https://www.pinterest.com/ada/"),
    ("reddit", ["ada", "u/ada", "/u/ada", "user/ada", "https://old.reddit.com/user/ada", "reddit.com/u/ada"],
     "user/ada", "https://www.reddit.com/user/ada/"),
    ("reddit", ["r/math", "/r/math", "https://www.reddit.com/r/math/"], "r/math", "https://www.reddit.com/r/math/"),
    ("discord", ["AbC123", "https://discord.gg/AbC123", "https://discord.com/invite/AbC123"],
     "AbC123", "https://discord.gg/AbC123"),
    ("discord", ["123456789012345678", "https://discord.com/users/123456789012345678"],
     "users/123456789012345678", "https://discord.com/users/123456789012345678"),
    ("twitch", ["ada", "https://www.twitch.tv/ada"], "ada", "https://www.twitch.tv/ada"),
    ("kick", ["ada", "https://kick.com/ada"], "ada", "https://kick.com/ada"),
    ("vimeo", ["ada", "https://vimeo.com/ada"], "ada", "https://vimeo.com/ada"),
    ("github", ["ada", "@ada", "https://github.com/ada?tab=repositories", "github.com/ada"], "ada", "https://github.com/ada"),
    ("gitlab", ["ada", "https://gitlab.com/ada"], "ada", "https://gitlab.com/ada"),
    ("codeberg", ["ada", "https://codeberg.org/ada"], "ada", "https://codeberg.org/ada"),
    ("stackoverflow", ["22656", "https://stackoverflow.com/users/22656/jon-skeet"],
     "22656", "https://stackoverflow.com/users/22656"),
    ("dev", ["ada", "https://dev.to/ada"], "ada", "https://dev.to/ada"),
    ("hashnode", ["ada", "@ada", "https://hashnode.com/@ada", "https://ada.hashnode.dev"], "ada", "https://hashnode.com/@ada"),
    ("medium", ["ada", "@ada", "https://medium.com/@ada"], "ada", "https://medium.com/@ada"),
    ("medium", ["https://ada.medium.com/", "ada.medium.com"], "ada.medium.com", "https://ada.medium.com"),
    ("substack", ["ada", "https://ada.substack.com", "https://open.substack.com/pub/ada?r=1"],
     "ada", "https://ada.substack.com"),
    ("substack", ["https://substack.com/@ada"], "substack.com/@ada", "https://substack.com/@ada"),
    ("wordpress", ["https://ada.wordpress.com/blog?x=1", "ada.wordpress.com/blog?x=1"],
     "https://ada.wordpress.com/blog?x=1", "https://ada.wordpress.com/blog?x=1"),
    ("blog", ["https://example.com/blog"], "https://example.com/blog", "https://example.com/blog"),
    ("rss", ["http://example.com/feed.xml"], "http://example.com/feed.xml", "http://example.com/feed.xml"),
    ("tumblr", ["ada", "https://ada.tumblr.com/", "https://www.tumblr.com/ada"], "ada", "https://ada.tumblr.com/"),
    ("quora", ["Ada-Lovelace", "https://www.quora.com/profile/Ada-Lovelace"],
     "Ada-Lovelace", "https://www.quora.com/profile/Ada-Lovelace"),
    ("behance", ["ada", "https://www.behance.net/ada"], "ada", "https://www.behance.net/ada"),
    ("dribbble", ["ada", "https://dribbble.com/ada"], "ada", "https://dribbble.com/ada"),
    ("artstation", ["ada", "https://www.artstation.com/ada", "https://ada.artstation.com/"],
     "ada", "https://www.artstation.com/ada"),
    ("figma", ["ada", "https://www.figma.com/@ada"], "ada", "https://www.figma.com/@ada"),
    ("unsplash", ["ada", "@ada", "https://unsplash.com/@ada"], "ada", "https://unsplash.com/@ada"),
    ("flickr", ["12345678@N00", "https://www.flickr.com/people/12345678@N00/", "https://www.flickr.com/photos/12345678@N00"],
     "12345678@N00", "https://www.flickr.com/people/12345678@N00/"),
    ("spotify", ["artist/0OdUWJ0sBjDr", "https://open.spotify.com/artist/0OdUWJ0sBjDr?si=1",
                 "https://open.spotify.com/intl-de/artist/0OdUWJ0sBjDr", "spotify:artist:0OdUWJ0sBjDr"],
     "artist/0OdUWJ0sBjDr", "https://open.spotify.com/artist/0OdUWJ0sBjDr"),
    ("spotify", ["https://open.spotify.com/user/ada"], "user/ada", "https://open.spotify.com/user/ada"),
    ("soundcloud", ["ada", "https://soundcloud.com/ada"], "ada", "https://soundcloud.com/ada"),
    ("apple-music", ["https://music.apple.com/us/artist/x/1", "http://music.apple.com/us/artist/x/1"],
     "https://music.apple.com/us/artist/x/1", "https://music.apple.com/us/artist/x/1"),
    ("apple-podcasts", ["podcasts.apple.com/de/podcast/x/id1"],
     "https://podcasts.apple.com/de/podcast/x/id1", "https://podcasts.apple.com/de/podcast/x/id1"),
    ("bandcamp", ["ada", "https://ada.bandcamp.com/music"], "ada", "https://ada.bandcamp.com"),
    ("deezer", ["https://www.deezer.com/profile/123", "https://www.deezer.com/en/profile/123"],
     "123", "https://www.deezer.com/profile/123"),
    ("lastfm", ["ada", "https://www.last.fm/user/ada", "https://www.last.fm/de/user/ada"],
     "ada", "https://www.last.fm/user/ada"),
    ("goodreads", ["ada", "https://www.goodreads.com/ada"], "ada", "https://www.goodreads.com/ada"),
    ("goodreads", ["https://www.goodreads.com/user/show/1-ada"],
     "user/show/1-ada", "https://www.goodreads.com/user/show/1-ada"),
    ("letterboxd", ["ada", "https://letterboxd.com/ada/"], "ada", "https://letterboxd.com/ada/"),
    ("strava", ["12345", "https://www.strava.com/athletes/12345"], "12345", "https://www.strava.com/athletes/12345"),
    ("steam", ["ada", "https://steamcommunity.com/id/ada/"], "ada", "https://steamcommunity.com/id/ada"),
    ("steam", ["https://steamcommunity.com/profiles/76561197960287930"],
     "profiles/76561197960287930", "https://steamcommunity.com/profiles/76561197960287930"),
    ("vk", ["ada", "https://vk.com/ada", "https://m.vk.com/ada"], "ada", "https://vk.com/ada"),
    ("ok", ["ada", "https://ok.ru/ada"], "ada", "https://ok.ru/ada"),
    ("ok", ["https://ok.ru/profile/5123"], "profile/5123", "https://ok.ru/profile/5123"),
    ("weibo", ["1234567890", "https://weibo.com/u/1234567890", "https://m.weibo.cn/u/1234567890"],
     "u/1234567890", "https://weibo.com/u/1234567890"),
    ("weibo", ["https://weibo.com/n/%E8%89%BE%E8%BE%BE", "n/艾达"], "n/艾达", "https://weibo.com/n/%E8%89%BE%E8%BE%BE"),
    ("bilibili", ["12345", "https://space.bilibili.com/12345/video"], "12345", "https://space.bilibili.com/12345"),
    ("xiaohongshu", ["https://www.xiaohongshu.com/user/profile/5f"],
     "https://www.xiaohongshu.com/user/profile/5f", "https://www.xiaohongshu.com/user/profile/5f"),
    ("douyin", ["https://v.douyin.com/abc/"], "https://v.douyin.com/abc/", "https://v.douyin.com/abc/"),
    ("line", ["ada", "https://line.me/ti/p/~ada"], "ada", "https://line.me/ti/p/~ada"),
    ("line", ["@ada", "https://line.me/R/ti/p/%40ada", "https://line.me/R/ti/p/@ada"], "@ada", "https://line.me/R/ti/p/%40ada"),
    ("wechat", ["ada_wx", "weixin://dl/chat?ada_wx"], "ada_wx", None),
    ("kakaotalk", ["https://open.kakao.com/o/sAbC"], "o/sAbC", "https://open.kakao.com/o/sAbC"),
    ("kakaotalk", ["https://pf.kakao.com/_xAbC"], "pf/_xAbC", "https://pf.kakao.com/_xAbC"),
    ("zalo", ["+84 912 345 678", "https://zalo.me/84912345678"], "+84912345678", "https://zalo.me/84912345678"),
    ("viber", ["07911 123456", "viber://chat?number=%2B447911123456", "viber://chat?number=+447911123456",
               "viber://chat?number=447911123456"],
     "+447911123456", "viber://chat?number=%2B447911123456"),
    ("matrix", ["@ada:matrix.org", "https://matrix.to/#/@ada:matrix.org", "matrix:u/ada:matrix.org",
                "https://matrix.to/#/%40ada%3Amatrix.org?via=x.org"],
     "@ada:matrix.org", "https://matrix.to/#/@ada:matrix.org"),
    ("xmpp", ["ada@example.org", "xmpp:ada@example.org", "xmpp:ada@example.org?message"],
     "ada@example.org", "xmpp:ada@example.org"),
    ("threema", ["ABCD1234", "https://threema.id/ABCD1234"], "ABCD1234", "https://threema.id/ABCD1234"),
    ("session", ["05" + "a1" * 32], "05" + "a1" * 32, None),
    ("simplex", ["https://simplex.chat/contact#/?v=2&smp=smp%3A%2F%2Fx"],
     "https://simplex.chat/contact#/?v=2&smp=smp%3A%2F%2Fx", "https://simplex.chat/contact#/?v=2&smp=smp%3A%2F%2Fx"),
    ("briar", ["briar://" + "a2" * 26 + "b"], "a2" * 26 + "b", None),
    ("nostr", ["npub1" + "q" * 58, "nostr:npub1" + "q" * 58, "https://njump.me/npub1" + "q" * 58],
     "npub1" + "q" * 58, "https://njump.me/npub1" + "q" * 58),
    ("teams", ["ada+x@example.com", "mailto:ada+x@example.com",
               "https://teams.microsoft.com/l/chat/0/0?users=ada%2Bx%40example.com&topic=x"],
     "ada+x@example.com", "https://teams.microsoft.com/l/chat/0/0?users=ada%2Bx@example.com"),
    ("zoom", ["1234567890", "123 456 7890", "https://us02web.zoom.us/j/1234567890"],
     "1234567890", "https://zoom.us/j/1234567890"),
    ("slack", ["https://join.slack.com/t/x/shared_invite/zt-1"],
     "https://join.slack.com/t/x/shared_invite/zt-1", "https://join.slack.com/t/x/shared_invite/zt-1"),
    ("facetime", ["07911 123456", "facetime:+447911123456", "facetime-audio:+447911123456"],
     "+447911123456", "facetime:+447911123456"),
    ("facetime", ["ada@example.com", "facetime:ada@example.com", "facetime://ada@example.com"],
     "ada@example.com", "facetime:ada@example.com"),
    *[(network, [f"https://{network}.example/@ada"], f"https://{network}.example/@ada", f"https://{network}.example/@ada")
      for network in ("pixelfed", "peertube", "friendica", "diaspora", "funkwhale", "lemmy", "misskey", "pleroma",
                      "bookwyrm", "owncast", "castopod")],
    ("patreon", ["ada", "https://www.patreon.com/ada"], "ada", "https://www.patreon.com/ada"),
    ("ko-fi", ["ada", "https://ko-fi.com/ada"], "ada", "https://ko-fi.com/ada"),
    ("buymeacoffee", ["ada", "https://buymeacoffee.com/ada"], "ada", "https://www.buymeacoffee.com/ada"),
    ("liberapay", ["ada", "https://liberapay.com/ada/"], "ada", "https://liberapay.com/ada"),
    ("opencollective", ["ada", "https://opencollective.com/ada"], "ada", "https://opencollective.com/ada"),
    ("gofundme", ["https://www.gofundme.com/f/x"], "https://www.gofundme.com/f/x", "https://www.gofundme.com/f/x"),
    ("kickstarter", ["https://www.kickstarter.com/projects/a/b"],
     "https://www.kickstarter.com/projects/a/b", "https://www.kickstarter.com/projects/a/b"),
    ("paypal", ["ada", "https://paypal.me/ada", "https://www.paypal.com/paypalme/ada"], "ada", "https://paypal.me/ada"),
    ("paypal", ["ada/25EUR", "https://www.paypal.me/ada/25EUR"], "ada/25EUR", "https://paypal.me/ada/25EUR"),
    ("cashapp", ["$ada", "ada", "https://cash.app/$ada"], "ada", "https://cash.app/$ada"),
    ("venmo", ["ada", "@ada", "https://venmo.com/u/ada", "https://venmo.com/ada"], "ada", "https://venmo.com/u/ada"),
    ("revolut", ["ada", "https://revolut.me/ada"], "ada", "https://revolut.me/ada"),
    ("wise", ["ada", "https://wise.com/pay/me/ada"], "ada", "https://wise.com/pay/me/ada"),
    ("etsy", ["AdaShop", "https://www.etsy.com/de/shop/AdaShop"], "AdaShop", "https://www.etsy.com/shop/AdaShop"),
    ("amazon", ["https://www.amazon.co.uk/shop/ada"], "https://www.amazon.co.uk/shop/ada", "https://www.amazon.co.uk/shop/ada"),
    ("ebay", ["https://www.ebay.de/usr/ada"], "https://www.ebay.de/usr/ada", "https://www.ebay.de/usr/ada"),
    ("yelp", ["ada-cafe", "https://www.yelp.com/biz/ada-cafe?osq=x"], "ada-cafe", "https://www.yelp.com/biz/ada-cafe"),
    ("google-review", ["ChIJ_x-1", "https://search.google.com/local/writereview?placeid=ChIJ_x-1"],
     "ChIJ_x-1", "https://search.google.com/local/writereview?placeid=ChIJ_x-1"),
    ("google-review", ["https://g.page/r/Cx/review"], "r/Cx", "https://g.page/r/Cx/review"),
    ("tripadvisor", ["https://www.tripadvisor.fr/Restaurant_Review-x.html"],
     "https://www.tripadvisor.fr/Restaurant_Review-x.html", "https://www.tripadvisor.fr/Restaurant_Review-x.html"),
    ("trustpilot", ["example.com", "https://www.trustpilot.com/review/example.com", "de.trustpilot.com/review/example.com"],
     "example.com", "https://www.trustpilot.com/review/example.com"),
    ("app-store", ["https://apps.apple.com/app/id1"], "https://apps.apple.com/app/id1", "https://apps.apple.com/app/id1"),
    ("google-play", ["https://play.google.com/store/apps/details?id=a.b"],
     "https://play.google.com/store/apps/details?id=a.b", "https://play.google.com/store/apps/details?id=a.b"),
    ("f-droid", ["https://f-droid.org/packages/a.b/"], "https://f-droid.org/packages/a.b/", "https://f-droid.org/packages/a.b/"),
    ("calendly", ["ada", "https://calendly.com/ada"], "ada", "https://calendly.com/ada"),
    ("calendly", ["ada/30min", "https://calendly.com/ada/30min?month=1"], "ada/30min", "https://calendly.com/ada/30min"),
    ("cal", ["ada", "https://cal.com/ada"], "ada", "https://cal.com/ada"),
    ("producthunt", ["ada", "@ada", "https://www.producthunt.com/@ada"], "ada", "https://www.producthunt.com/@ada"),
    ("orcid", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"],
     "0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
    ("google-scholar", ["https://scholar.google.de/citations?user=x"],
     "https://scholar.google.de/citations?user=x", "https://scholar.google.de/citations?user=x"),
    ("researchgate", ["https://www.researchgate.net/profile/Ada"],
     "https://www.researchgate.net/profile/Ada", "https://www.researchgate.net/profile/Ada"),
    ("siilo", ["abc", "https://app.siilo.com/qr/abc"], "abc", "https://app.siilo.com/qr/abc"),
    ("pronouns", ["ada", "https://pronouns.page/@ada", "https://en.pronouns.page/@ada"], "ada", "https://pronouns.page/@ada"),
]  # fmt: skip

EACH = [(network, typed, handle, address) for network, texts, handle, address in ROWS for typed in texts]
URLS = [(network, typed) for network, typed, _, _ in EACH if typed.lower().startswith("http")]
SCHEMES = {"https", "http", "xmpp", "viber", "facetime"}
REFUSED = ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
           "java\nscript:alert(1)", "\x01javascript:alert(1)", "java\u200bscript:alert(1)", "data:text/html,<b>",
           "vbscript:x", "file:///etc/passwd", "blob:https://x.com/1", "about:blank", "ftp://h.com/",
           "view-source:https://x.com", "intent://x#Intent;end"]  # fmt: skip


def test_every_network_has_a_row() -> None:
    assert {network for network, *_ in ROWS} == set(links.NETWORKS)
    assert "skype" not in links.NETWORKS


@each(("network", "typed", "handle", "address"), EACH)
def test_an_address_an_at_name_and_a_bare_name_are_the_same(
    network: str, typed: str, handle: str, address: str | None
) -> None:
    assert links.read_handle(network, typed, "GB").value == handle
    assert links.address_of(network, handle) == address


@each(("network", "texts", "handle", "address"), ROWS)
def test_a_stored_handle_and_its_address_are_read_as_the_same_handle(
    network: str, texts: list[str], handle: str, address: str | None
) -> None:
    for country in ("", "US", "IT"):
        assert links.read_handle(network, handle, country).value == handle
        assert address is None or links.read_handle(network, address, country).value == handle


ANYWHERE = {key for key, row in links.NETWORKS.items() if "*" in row.sites} | {"mastodon"}


@each(("network", "typed"), URLS)
def test_the_paste_box_finds_the_network_of_an_address(network: str, typed: str) -> None:
    pasted = links.recognise(typed, "GB")
    below = any(page in typed for page in ("/about", "/cv", "jon-skeet", "/@ada@", "/video"))
    if network not in ANYWHERE and not (below and pasted.sort == "website"):
        assert (pasted.sort, pasted.network) == ("link", network)
        assert pasted.value == links.read_handle(network, typed, "GB").value


@each(("network", "typed"), URLS)
def test_an_address_of_another_network_is_no_handle(network: str, typed: str) -> None:
    for other in {"instagram", "linkedin", "whatsapp", "github", "amazon", "wechat"} - {network}:
        with pytest.raises(links.BadHandle) as error:
            links.read_handle(other, typed, "GB")
        assert (error.value.network, error.value.expects) == (other, links.NETWORKS[other].expects)


@each(
    ("network", "typed"),
    [
        ("instagram", ""), ("instagram", "@"), ("instagram", "a b"), ("instagram", "ada/"), ("instagram", "instagram.com"),
        ("instagram", "twitter.com/ada"), ("instagram", "https://www.instagram.com/p/Cx1/"), ("instagram", "https://"),
        ("instagram", "ada?x"), ("instagram", "a" * 31), ("github", "a" * 101), ("github", ".."), ("github", "ada\x07x"),
        ("github", 'a"b'), ("github", "<b>"), ("github", "a\\b"), ("bluesky", "ada"), ("mastodon", "@ada"),
        ("mastodon", "@ada@server"), ("matrix", "@ada"), ("matrix", "ada:matrix.org"), ("substack", "a.b"),
        ("substack", "-a"), ("tumblr", "a/b"), ("whatsapp", "12"), ("whatsapp", "ada"), ("whatsapp", "1" * 16),
        ("whatsapp", "https://wa.me/message/ABC"), ("whatsapp-group", "AbC"), ("telegram", "a b c"), ("telegram", "ab"),
        ("spotify", "ada"), ("spotify", "https://open.spotify.com/playlist/1"), ("amazon", "https://amazon.evil.example/"),
        ("apple-music", "https://music.apple.com.evil.example/x"), ("zoom", "ada"), ("xmpp", "ada"), ("teams", "ada"),
        ("wordpress", "ada"), ("wordpress", "//evil.example"), ("pixelfed", "javascript:alert(1)"), ("skype", "ada"),
        ("no-such-network", "ada"), ("paypal", "ada/x/y"), ("linkedin", "pub/ada"), ("calendly", "a/../b"),
    ],
)  # fmt: skip
def test_what_is_no_handle_is_refused_with_what_is_expected(network: str, typed: str) -> None:
    with pytest.raises(links.BadHandle) as error:
        links.read_handle(network, typed, "")
    assert len(error.value.expects) > 10


@each("typed", ["tg://[", "matrix://[x", "signal://[x]", "tg://[a]b", "facetime://\u2100", "https://[::1", "xmpp:["])
def test_an_address_that_cannot_be_taken_apart_is_no_handle(typed: str) -> None:
    for network in links.NETWORKS:
        with pytest.raises(links.BadHandle):
            links.read_handle(network, typed, "GB")
        assert links.address_of(network, typed) is None
        assert links.shown(network, typed)
    assert links.recognise(typed, "GB").sort in ("refused", "unknown")


@each("typed", REFUSED)
def test_a_harmful_scheme_is_no_handle_anywhere(typed: str) -> None:
    for network in links.NETWORKS:
        with pytest.raises(links.BadHandle):
            links.read_handle(network, typed, "GB")
        address = links.address_of(network, typed)
        assert address is None or urlsplit(address).scheme in SCHEMES


@each(
    ("network", "typed"),
    [
        ("x", "ada-lovelace"), ("x", "a" * 16), ("stackoverflow", "ada"), ("bilibili", "ada"), ("threema", "ABC"),
        ("nostr", "ada"), ("orcid", "0000-0002-1825-0098"), ("orcid", "ada"), ("telegram", "adas"), ("github", "a(b)"),
        ("whatsapp", "+44 7700 900123"), ("whatsapp", "020 7946 0000 ext 12"), ("whatsapp", "+52 1 55 1234 5678"),
    ],
)  # fmt: skip
def test_an_unusual_handle_is_taken_with_a_warning(network: str, typed: str) -> None:
    assert links.read_handle(network, typed, "GB").is_doubtful
    assert links.address_of(network, links.read_handle(network, typed, "GB").value)


@each(("network", "texts", "handle", "address"), ROWS)
def test_a_usual_handle_is_taken_without_a_warning(
    network: str, texts: list[str], handle: str, address: str | None
) -> None:
    assert links.read_handle(network, handle, "GB").is_doubtful is (handle == "12345678@N00")


@each(
    ("network", "handle", "shown"),
    [
        ("instagram", "ada", "@ada"), ("whatsapp", "+442079460000", "+44 20 7946 0000"), ("cashapp", "ada", "$ada"),
        ("linkedin", "in/jörg", "linkedin.com/in/jörg"), ("github", "ada", "github.com/ada"), ("reddit", "user/ada", "u/ada"),
        ("mastodon", "ada@mastodon.social", "@ada@mastodon.social"), ("matrix", "@ada:matrix.org", "@ada:matrix.org"),
        ("medium", "ada.medium.com", "ada.medium.com"), ("blog", "https://www.example.com/x/", "example.com/x"),
        ("xmpp", "ada@example.org", "ada@example.org"), ("no-such-network", "ada\u202e", "ada"), ("wechat", "ada", "ada"),
    ],
)  # fmt: skip
def test_a_visitor_reads_a_handle_as_people_write_it(network: str, handle: str, shown: str) -> None:
    assert links.shown(network, handle) == shown


@each(
    ("typed", "sort", "network", "value"),
    [
        ("@ada@mastodon.social", "link", "mastodon", "ada@mastodon.social"),
        ("https://fosstodon.org/@ada", "link", "mastodon", "ada@fosstodon.org"),
        ("@ada:matrix.org", "link", "matrix", "@ada:matrix.org"),
        ("@ada.bsky.social", "link", "bluesky", "ada.bsky.social"),
        ("ada.bsky.social", "link", "bluesky", "ada.bsky.social"),
        ("$ada", "link", "cashapp", "ada"),
        ("0000-0002-1825-0097", "link", "orcid", "0000-0002-1825-0097"),
        ("wa.me/33612345678", "link", "whatsapp", "+33612345678"),
        ("https://api.whatsapp.com/send?phone=33612345678&text=x", "link", "whatsapp", "+33612345678"),
        ("whatsapp://send?phone=33612345678", "link", "whatsapp", "+33612345678"),
        ("weixin://dl/chat?ada_wx", "link", "wechat", "ada_wx"),
        ("viber://chat?number=%2B33612345678", "link", "viber", "+33612345678"),
        ("xmpp:ada@example.org", "link", "xmpp", "ada@example.org"),
        ("matrix:u/ada:example.org", "link", "matrix", "@ada:example.org"),
        ("facetime:+33612345678", "link", "facetime", "+33612345678"),
        ("My profile: https://www.instagram.com/ada", "link", "instagram", "ada"),
        ("Instagram: https://www.instagram.com/ada", "link", "instagram", "ada"),
        ("https://www.instagram.com/ada/reels/", "link", "instagram", "ada"),
        ("mailto:ada@example.com?subject=Hi", "email", "", "ada@example.com"),
        ("ada@example.com", "email", "", "ada@example.com"),
        ("tel:+442079460000", "phone", "", "+442079460000"),
        ("tel:+442079460000;ext=12", "phone", "", "+442079460000 ext. 12"),
        ("tel:+442079460000,12", "phone", "", "+442079460000 ext. 12"),
        ("sms:+442079460000?&body=Hi", "phone", "", "+442079460000"),
        ("020 7946 0000 ext 12", "phone", "", "020 7946 0000 ext 12"),
        ("٠١٢٣٤٥٦٧٨٩", "phone", "", "٠١٢٣٤٥٦٧٨٩"),
        ("example.com", "website", "", "https://example.com"),
        ("http://example.com/a?b=c#d", "website", "", "http://example.com/a?b=c#d"),
        ("https://github.com/ada/engine", "website", "", "https://github.com/ada/engine"),
        ("https://www.instagram.com/p/Cx1/", "website", "", "https://www.instagram.com/p/Cx1/"),
        ("https://www.youtube.com/watch?v=x", "website", "", "https://www.youtube.com/watch?v=x"),
        ("https://maps.app.goo.gl/abc", "website", "", "https://maps.app.goo.gl/abc"),
        ("https://www.google.com/maps/place/X", "website", "", "https://www.google.com/maps/place/X"),
        ("geo:52.5,13.4?q=x", "website", "",
         "https://www.openstreetmap.org/?mlat=52.500000&mlon=13.400000#map=17/52.500000/13.400000"),
        ("skype:ada?chat", "refused", "", ""),
        ("live:ada", "refused", "", ""),
        ("https://join.skype.com/invite/x", "refused", "", ""),
        ("@ada", "unknown", "", ""),
        ("ada", "unknown", "", ""),
        ("", "unknown", "", ""),
        ("//evil.example", "unknown", "", ""),
        ("https://user:secret@example.com", "unknown", "", ""),
        ("tel:x", "unknown", "", ""),
        *[(text, "refused", "", "") for text in REFUSED],
    ],
)  # fmt: skip
def test_the_paste_box_takes_anything(typed: str, sort: str, network: str, value: str) -> None:
    pasted = links.recognise(typed, "GB" if "3361" not in typed else "US")
    assert (pasted.sort, pasted.network, pasted.value) == (sort, network, value)
    assert bool(pasted.reason) == (sort in ("refused", "unknown"))


anything = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="@:/.?#=&+%$~-_0aAdZ9٣ é\u200b\u202e\t\n\\\"'<>", max_size=40),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "@", "https://", "https://x.com/", "t.me/", "wa.me/", "javascript:", "viber://chat?number=",
                         "xmpp:", "facetime:", "https://ada.medium.com", "tel:", "geo:", "in/", "https://matrix.to/#/@"]),
        st.text(max_size=30),
        st.sampled_from(["", "/", ".com", "?x=", "#", "@b.com"]),
    ),
)  # fmt: skip
countries = st.sampled_from(["", "GB", "AR", "MX", "XX"])


def is_harmless(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text)


@given(st.sampled_from(list(links.NETWORKS)), anything, countries)
@example("mastodon", "@a@1.2.3.4", "")
def test_any_text_gives_a_stable_harmless_handle_or_is_refused(network: str, typed: str, country: str) -> None:
    try:
        handle = links.read_handle(network, typed, country).value
    except links.BadHandle:
        return
    assert handle
    assert is_harmless(handle)
    assert links.read_handle(network, handle, country).value == handle
    assert is_harmless(links.shown(network, handle))
    address = links.address_of(network, handle)
    assert address or network in {"wechat", "session", "briar", "simplex"}
    if address:
        assert urlsplit(address).scheme in SCHEMES
        assert re.fullmatch(r"[!#$%&()*+,\-./:;=?@\[\]_~0-9A-Za-z]+", address)


@given(st.sampled_from([*links.NETWORKS, "skype", ""]), anything)
def test_no_stored_text_makes_a_harmful_address(network: str, handle: str) -> None:
    address = links.address_of(network, handle)
    assert address is None or urlsplit(address).scheme in SCHEMES
    assert is_harmless(links.shown(network, handle).replace("\n", "").replace("\t", "")) or not address


@given(anything, countries)
def test_the_paste_box_never_fails(typed: str, country: str) -> None:
    pasted = links.recognise(typed, country)
    assert is_harmless(pasted.value)
    if pasted.sort == "link":
        assert links.read_handle(pasted.network, pasted.value, country).value == pasted.value
    if pasted.sort == "website":
        assert links.safe_url(pasted.value) == pasted.value


def test_every_network_can_be_chosen_from_a_grouped_list() -> None:
    assert {network.category for network in links.NETWORKS.values()} == set(links.CATEGORIES)
    assert all(network.key == key and network.name and network.expects for key, network in links.NETWORKS.items())
    assert list(links.NETWORKS)[:3] == ["whatsapp", "instagram", "linkedin"]
