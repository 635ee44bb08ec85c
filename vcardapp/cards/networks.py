"""The table of networks: what a person types there, what is stored, and which address is made from it.

A new network is a new row. How the rows are read stands in links.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from vcardapp.i18n import N_

# What may stand at {} of a form. All but those named in `usual` are refused; `usual` only warns.
ANY = r"""(?!@|\.{1,2}(?:$|/))[^\s/?#\\<>"'\x00-\x1f\x7f-\x9f]{1,100}"""
USUAL = r"[\w.~-]+"
LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"  # of a host name; read in small letters
DOMAIN = r"[a-z0-9_.-]{1,100}"  # checked by uris.host_of
AT_SERVER = r"[\w.+-]{1,60}@[A-Za-z0-9.-]{3,80}"
_NOT_IN_MAIL = r"""\s/?#\\<>"'@:&,;()\x00-\x1f\x7f-\x9f"""
EMAIL = rf"[^{_NOT_IN_MAIL}]{{1,64}}@[^{_NOT_IN_MAIL}]{{1,190}}\.[^{_NOT_IN_MAIL}.]{{2,63}}"
PHONE = r"[0-9]{7,15}"

NAME = N_("Type your name there, like ada.lovelace, or paste the address of your page.")
PASTE = N_("Paste the whole address of your page there, like https://…")
NUMBER = N_("Type a phone number with its country code, like +44 7911 123456.")
NAME_OR_NUMBER = N_("Type your name there, like ada_lovelace, or a phone number with its country code.")
ID = N_("Type the ID that the app shows you.")
SHOP = N_("Type the name at the end of your page's address there, or paste the address.")

CATEGORIES = {
    "chat": N_("Chat and calls"),
    "social": N_("Social networks"),
    "work": N_("Work and science"),
    "video": N_("Video and games"),
    "code": N_("Code and software"),
    "writing": N_("Writing"),
    "pictures": N_("Design and pictures"),
    "music": N_("Music, books and sport"),
    "open": N_("The open social web"),
    "money": N_("Support and payment"),
    "shops": N_("Shops and reviews"),
    "other": N_("Apps and appointments"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of handle and its address; {} is the part that the person chose."""

    address: str  # "https://www.linkedin.com/in/{}/"; "" where no address exists
    handle: str = "{}"  # as stored: "in/{}"
    part: str = ANY  # regex that {} must match
    usual: str = USUAL  # regex that {} matches as a rule; no match is a warning
    also: tuple[str, ...] = ()  # more addresses that are read: * is any subdomain, ending or path segment
    typed: tuple[str, ...] = ()  # more ways of typing a handle: "u/{}"
    is_bare: bool = True  # a name alone may mean this form
    shown: str = ""  # "@{}"; empty: the address without its scheme


@dataclass(frozen=True, slots=True)
class Network:
    key: str
    name: str
    icon: str  # in the icon package; "" where it has none
    category: str  # a key of CATEGORIES
    expects: str  # what a person may type
    forms: tuple[Form, ...] = ()
    sites: tuple[str, ...] = ()  # hosts whose addresses are kept whole, where there is no pattern; * is any host


def _user(
    key: str, name: str, icon: str, category: str, address: str, *also: str,
    expects: str = NAME, part: str = ANY, usual: str = USUAL, shown: str = "",
) -> Network:  # fmt: skip
    form = Form(address, part=part, usual=usual, also=also, shown=shown)
    return Network(key, name, icon, category, expects, (form,))


def _page(key: str, name: str, icon: str, category: str, *sites: str) -> Network:
    return Network(key, name, icon, category, PASTE, sites=sites)


def _number(address: str, *also: str) -> Form:
    return Form(address, handle="+{}", part=PHONE, usual=PHONE, also=also)


POPULAR = (
    "whatsapp", "instagram", "linkedin", "facebook", "x", "youtube", "tiktok", "telegram", "signal", "threads",
    "bluesky", "mastodon", "github", "messenger", "snapchat", "pinterest", "line", "wechat", "xing", "paypal",
)  # fmt: skip

_TABLE = (
    # Chat and calls
    Network("whatsapp", "WhatsApp", "brand-whatsapp", "chat", NUMBER, (
        _number("https://wa.me/{}", "*.whatsapp.com/send?phone={}", "whatsapp://send?phone={}",
                "whatsapp:send?phone={}"),
    )),
    Network("whatsapp-group", N_("WhatsApp group or channel"), "brand-whatsapp", "chat",
            N_("Paste the invitation, like https://chat.whatsapp.com/… or https://whatsapp.com/channel/…"), (
        Form("https://whatsapp.com/channel/{}", handle="channel/{}", is_bare=False),
        Form("https://chat.whatsapp.com/{}", handle="group/{}", is_bare=False, also=("chat.whatsapp.com/invite/{}",)),
    )),
    Network("telegram", "Telegram", "brand-telegram", "chat", NAME_OR_NUMBER, (
        _number("https://t.me/+{}"),
        Form("https://t.me/{}", part=r"[A-Za-z][A-Za-z0-9_]{3,31}", usual=r".{5,}", shown="@{}",
             also=("t.me/s/{}", "telegram.me/{}", "telegram.dog/{}")),
        Form("https://t.me/joinchat/{}", handle="joinchat/{}", is_bare=False,
             also=("t.me/+{}", "telegram.me/joinchat/{}")),
    )),
    Network("signal", "Signal", "brand-signal", "chat",
            N_("Type your phone number with its country code, or paste your user name link from Signal."), (
        _number("https://signal.me/#p/+{}"),
        Form("https://signal.me/#eu/{}", handle="eu/{}", is_bare=False),
    )),
    _user("messenger", "Messenger", "brand-messenger", "chat", "https://m.me/{}", "messenger.com/t/{}"),
    _user("snapchat", "Snapchat", "brand-snapchat", "chat", "https://www.snapchat.com/add/{}", "snapchat.com/@{}",
          shown="@{}"),
    Network("discord", "Discord", "brand-discord", "chat",
            N_("Paste an invitation, like https://discord.gg/…, or type your user id of 17 to 20 digits."), (
        Form("https://discord.com/users/{}", handle="users/{}", part=r"[0-9]{17,20}",
             also=("discordapp.com/users/{}",)),
        Form("https://discord.gg/{}", also=("discord.com/invite/{}", "discordapp.com/invite/{}")),
    )),
    Network("line", "LINE", "brand-line", "chat",
            N_("Type your LINE ID; the ID of an official account begins with @."), (
        Form("https://line.me/R/ti/p/%40{}", handle="@{}", is_bare=False, shown="@{}",
             also=("line.me/R/ti/p/@{}", "line.me/ti/p/@{}", "page.line.me/{}")),
        Form("https://line.me/ti/p/~{}", shown="{}", also=("line.me/R/ti/p/~{}",)),
    )),
    Network("wechat", "WeChat", "brand-wechat", "chat", N_("Type your WeChat ID."), (
        Form("", shown="{}", also=("weixin://dl/chat?{}",)),
    )),
    Network("kakaotalk", "KakaoTalk", "brand-kakao-talk", "chat",
            N_("Paste your address, like https://open.kakao.com/o/… or https://pf.kakao.com/…"), (
        Form("https://open.kakao.com/o/{}", handle="o/{}", is_bare=False),
        Form("https://pf.kakao.com/{}", handle="pf/{}", is_bare=False),
    )),
    Network("zalo", "Zalo", "", "chat", NUMBER, (_number("https://zalo.me/{}"),)),
    Network("viber", "Viber", "", "chat", NUMBER, (
        _number("viber://chat?number=%2B{}", "viber://chat?number={}", "viber://add?number={}"),
    )),
    Network("matrix", "Matrix", "brand-matrix", "chat", N_("Type your full Matrix ID, like @ada:matrix.org."), (
        Form("https://matrix.to/#/@{}", handle="@{}", shown="@{}", also=("matrix:u/{}",),
             part=r"[\w.=+~-]{1,60}:(?=[^:]*\.)[A-Za-z0-9.-]{3,80}(?::[0-9]{1,5})?", usual=".+"),
    )),
    Network("xmpp", "XMPP", "", "chat", N_("Type your full address, like ada@example.org."), (
        Form("xmpp:{}", part=EMAIL, usual=".+", shown="{}"),
    )),
    Network("threema", "Threema", "", "chat", N_("Type your Threema ID of 8 characters."), (
        Form("https://threema.id/{}", usual=r"[A-Z0-9*]{8}", shown="{}"),
    )),
    Network("session", "Session", "", "chat", N_("Type your Session ID, or paste an invitation."), (
        Form("", usual=r"05[0-9a-f]{64}|[a-z0-9_-]+", shown="{}"),
    ), sites=("getsession.org", "*.getsession.org")),
    Network("simplex", "SimpleX", "", "chat", N_("Paste your SimpleX address."), (
        Form("", shown="{}"),
    ), sites=("simplex.chat", "*.simplex.im", "*.simplexonflux.com")),
    Network("briar", "Briar", "", "chat", N_("Paste your Briar link, like briar://…"), (
        Form("", usual=r"[a-z2-7]{53}", typed=("briar://{}",), shown="briar://{}"),
    )),
    Network("nostr", "Nostr", "", "chat", N_("Type your public key; it begins with npub1."), (
        Form("https://njump.me/{}", usual=r"npub1[02-9ac-hj-np-z]{58}", typed=("nostr:{}",), shown="{}",
             also=("primal.net/p/{}", "snort.social/p/{}")),
    )),
    Network("teams", "Microsoft Teams", "brand-teams", "chat",
            N_("Type the e-mail address that you use in Teams, like ada@example.com."), (
        Form("https://teams.microsoft.com/l/chat/0/0?users={}", part=EMAIL, usual=".+", shown="{}",
             typed=("mailto:{}",)),
    )),
    Network("zoom", "Zoom", "brand-zoom", "chat", N_("Type the number of your meeting, or paste its address."), (
        Form("https://zoom.us/j/{}", part=r"""[0-9]{1,20}(?:\?pwd=[\w.-]{1,70})?""", usual=r"[0-9]{9,12}(?:\?.*)?",
             also=("*.zoom.us/j/{}", "*.zoom.us/w/{}")),
        Form("https://zoom.us/my/{}", handle="my/{}", is_bare=False, also=("*.zoom.us/my/{}",)),
    )),
    _page("slack", "Slack", "brand-slack", "chat", "slack.com", "*.slack.com"),
    Network("facetime", "FaceTime", "", "chat",
            N_("Type a phone number with its country code, or the e-mail address of your Apple account."), (
        _number("facetime:+{}", "facetime:{}", "facetime://{}", "facetime-audio:{}", "facetime-audio://{}"),
        Form("facetime:{}", part=EMAIL, usual=".+", shown="{}", also=("facetime-audio:{}",),
             typed=("mailto:{}", "facetime://{}", "facetime-audio://{}")),
    )),
    _user("siilo", "Siilo", "stethoscope", "chat", "https://app.siilo.com/qr/{}", expects=ID, shown="{}"),
    # Social networks
    _user("instagram", "Instagram", "brand-instagram", "social", "https://www.instagram.com/{}/", "ig.me/m/{}",
          "instagr.am/{}", part=r"(?!\.{1,2}(?:$|/))[A-Za-z0-9._]{1,30}", shown="@{}"),
    _user("threads", "Threads", "brand-threads", "social", "https://www.threads.net/@{}", "threads.com/@{}",
          shown="@{}"),
    _user("facebook", "Facebook", "brand-facebook", "social", "https://www.facebook.com/{}",
          "*.facebook.com/profile.php?id={}", "facebook.com/people/*/{}", "web.facebook.com/{}", "fb.com/{}",
          "fb.me/{}"),
    _user("x", "X (Twitter)", "brand-x", "social", "https://x.com/{}", "twitter.com/{}", usual=r"[A-Za-z0-9_]{1,15}",
          shown="@{}"),
    _user("bluesky", "Bluesky", "brand-bluesky", "social", "https://bsky.app/profile/{}", part=DOMAIN, shown="@{}",
          expects=N_("Type your whole handle with its dots, like ada.bsky.social.")),
    _user("mastodon", "Mastodon", "brand-mastodon", "social", "https://{server}/@{}", "{server}/users/{}",
          "{server}/web/@{}", part=AT_SERVER, usual=".+", shown="@{}",
          expects=N_("Type your full handle with its server, like @ada@mastodon.social.")),
    Network("reddit", "Reddit", "brand-reddit", "social",
            N_("Type your name there, like ada_lovelace, or a community, like r/math."), (
        Form("https://www.reddit.com/user/{}/", handle="user/{}", typed=("u/{}", "/u/{}"), shown="u/{}",
             also=("*.reddit.com/user/{}", "*.reddit.com/u/{}")),
        Form("https://www.reddit.com/r/{}/", handle="r/{}", typed=("/r/{}",), shown="r/{}", is_bare=False,
             also=("*.reddit.com/r/{}",)),
    )),
    _user("vk", "VK", "brand-vk", "social", "https://vk.com/{}", "vk.ru/{}", "vkontakte.ru/{}"),
    Network("ok", "OK.ru", "brand-ok-ru", "social", NAME, (
        Form("https://ok.ru/profile/{}", handle="profile/{}", is_bare=False, also=("odnoklassniki.ru/profile/{}",)),
        Form("https://ok.ru/{}", also=("odnoklassniki.ru/{}",)),
    )),
    Network("weibo", "Weibo", "brand-weibo", "social", PASTE, (
        Form("https://weibo.com/u/{}", handle="u/{}", part="[0-9]{1,20}", also=("weibo.cn/u/{}", "weibo.com/{}")),
        Form("https://weibo.com/n/{}", handle="n/{}", also=("weibo.cn/n/{}",)),
    )),
    _page("xiaohongshu", "Xiaohongshu", "", "social", "xiaohongshu.com", "*.xiaohongshu.com", "xhslink.com"),
    _page("douyin", "Douyin", "", "social", "douyin.com", "*.douyin.com", "*.iesdouyin.com"),
    _user("quora", "Quora", "", "social", "https://www.quora.com/profile/{}", "*.quora.com/profile/{}"),
    _user("pronouns", "Pronouns.page", "", "social", "https://pronouns.page/@{}", "*.pronouns.page/@{}"),
    # Work and science
    Network("linkedin", "LinkedIn", "brand-linkedin", "work",
            N_("Type the end of your address, like ada-lovelace or company/example, or paste the address."), (
        Form("https://www.linkedin.com/in/{}/", handle="in/{}", also=("*.linkedin.com/in/{}",)),
        Form("https://www.linkedin.com/company/{}/", handle="company/{}", is_bare=False,
             also=("*.linkedin.com/company/{}",)),
        Form("https://www.linkedin.com/school/{}/", handle="school/{}", is_bare=False,
             also=("*.linkedin.com/school/{}",)),
    )),
    _user("xing", "XING", "brand-xing", "work", "https://www.xing.com/profile/{}"),
    _user("orcid", "ORCID", "", "work", "https://orcid.org/{}", shown="{}", usual=r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]",
          expects=N_("Type your ORCID iD, like 0000-0002-1825-0097.")),
    _page("google-scholar", "Google Scholar", "school", "work", "scholar.google.*"),
    _page("researchgate", "ResearchGate", "", "work", "researchgate.net"),
    _user("producthunt", "Product Hunt", "brand-producthunt", "work", "https://www.producthunt.com/@{}", shown="@{}"),
    # Video and games
    Network("youtube", "YouTube", "brand-youtube", "video",
            N_("Type your handle, like @ada, or paste the address of your channel."), (
        Form("https://www.youtube.com/channel/{}", handle="channel/{}", part=r"UC[\w-]{22}"),
        Form("https://www.youtube.com/@{}", handle="@{}", shown="@{}", also=("*.youtube.com/@{}",)),
        Form("https://www.youtube.com/c/{}", handle="c/{}", is_bare=False),
        Form("https://www.youtube.com/user/{}", handle="user/{}", is_bare=False),
    )),
    _user("tiktok", "TikTok", "brand-tiktok", "video", "https://www.tiktok.com/@{}", shown="@{}"),
    _user("twitch", "Twitch", "brand-twitch", "video", "https://www.twitch.tv/{}"),
    _user("kick", "Kick", "brand-kick", "video", "https://kick.com/{}"),
    _user("vimeo", "Vimeo", "brand-vimeo", "video", "https://vimeo.com/{}"),
    _user("bilibili", "Bilibili", "brand-bilibili", "video", "https://space.bilibili.com/{}", usual=r"\d+",
          expects=N_("Type the digits of your user id, or paste the address of your page.")),
    Network("steam", "Steam", "brand-steam", "video", NAME, (
        Form("https://steamcommunity.com/id/{}"),
        Form("https://steamcommunity.com/profiles/{}", handle="profiles/{}", is_bare=False),
    )),
    # Code
    _user("github", "GitHub", "brand-github", "code", "https://github.com/{}"),
    _user("gitlab", "GitLab", "brand-gitlab", "code", "https://gitlab.com/{}"),
    _user("codeberg", "Codeberg", "", "code", "https://codeberg.org/{}"),
    _user("stackoverflow", "Stack Overflow", "brand-stackoverflow", "code", "https://stackoverflow.com/users/{}",
          usual=r"\d+", expects=N_("Type the digits of your user id, or paste the address of your page.")),
    _user("dev", "DEV", "", "code", "https://dev.to/{}"),
    _user("hashnode", "Hashnode", "", "code", "https://hashnode.com/@{}", "{}.hashnode.dev", shown="@{}"),
    # Writing
    Network("medium", "Medium", "brand-medium", "writing", NAME, (
        Form("https://medium.com/@{}", shown="@{}"),
        Form("https://{}.medium.com", handle="{}.medium.com", part=LABEL, is_bare=False),
    )),
    Network("substack", "Substack", "", "writing", NAME, (
        Form("https://{}.substack.com", part=LABEL, also=("open.substack.com/pub/{}",)),
        Form("https://substack.com/@{}", handle="substack.com/@{}", is_bare=False),
    )),
    _user("tumblr", "Tumblr", "brand-tumblr", "writing", "https://{}.tumblr.com/", "tumblr.com/{}",
          "tumblr.com/blog/{}", "tumblr.com/blog/view/{}", part=LABEL),
    _page("wordpress", "WordPress", "brand-wordpress", "writing", "*"),
    _page("blog", N_("Blog"), "pencil", "writing", "*"),
    _page("rss", N_("RSS feed"), "rss", "writing", "*"),
    # Design and pictures
    _user("pinterest", "Pinterest", "brand-pinterest", "pictures", "https://www.pinterest.com/{}/",
          "*.pinterest.com/{}", "pinterest.*/{}"),
    _user("behance", "Behance", "brand-behance", "pictures", "https://www.behance.net/{}"),
    _user("dribbble", "Dribbble", "brand-dribbble", "pictures", "https://dribbble.com/{}"),
    _user("artstation", "ArtStation", "", "pictures", "https://www.artstation.com/{}", "{}.artstation.com"),
    _user("figma", "Figma", "brand-figma", "pictures", "https://www.figma.com/@{}", shown="@{}"),
    _user("unsplash", "Unsplash", "brand-unsplash", "pictures", "https://unsplash.com/@{}", shown="@{}"),
    _user("flickr", "Flickr", "brand-flickr", "pictures", "https://www.flickr.com/people/{}/", "flickr.com/photos/{}"),
    # Music, books and sport
    Network("spotify", "Spotify", "brand-spotify", "music", PASTE, (
        Form("https://open.spotify.com/artist/{}", handle="artist/{}", is_bare=False, typed=("spotify:artist:{}",),
             also=("open.spotify.com/*/artist/{}",)),
        Form("https://open.spotify.com/user/{}", handle="user/{}", is_bare=False, typed=("spotify:user:{}",),
             also=("open.spotify.com/*/user/{}",)),
    )),
    _user("soundcloud", "SoundCloud", "brand-soundcloud", "music", "https://soundcloud.com/{}"),
    _page("apple-music", "Apple Music", "brand-apple", "music", "music.apple.com"),
    _page("apple-podcasts", "Apple Podcasts", "brand-apple-podcast", "music", "podcasts.apple.com"),
    _user("bandcamp", "Bandcamp", "brand-bandcamp", "music", "https://{}.bandcamp.com", part=LABEL),
    _user("deezer", "Deezer", "brand-deezer", "music", "https://www.deezer.com/profile/{}", "deezer.com/*/profile/{}",
          expects=PASTE),
    _user("lastfm", "Last.fm", "brand-lastfm", "music", "https://www.last.fm/user/{}", "last.fm/*/user/{}"),
    Network("goodreads", "Goodreads", "", "music", PASTE, (
        Form("https://www.goodreads.com/user/show/{}", handle="user/show/{}", is_bare=False),
        Form("https://www.goodreads.com/author/show/{}", handle="author/show/{}", is_bare=False),
        Form("https://www.goodreads.com/{}"),
    )),
    _user("letterboxd", "Letterboxd", "brand-letterboxd", "music", "https://letterboxd.com/{}/"),
    _user("strava", "Strava", "brand-strava", "music", "https://www.strava.com/athletes/{}"),
    # The open social web: any server
    _page("pixelfed", "Pixelfed", "", "open", "*"),
    _page("peertube", "PeerTube", "", "open", "*"),
    _page("friendica", "Friendica", "", "open", "*"),
    _page("diaspora", "Diaspora", "", "open", "*"),
    _page("funkwhale", "Funkwhale", "", "open", "*"),
    _page("lemmy", "Lemmy", "", "open", "*"),
    _page("misskey", "Misskey", "", "open", "*"),
    _page("pleroma", "Pleroma", "", "open", "*"),
    _page("bookwyrm", "BookWyrm", "", "open", "*"),
    _page("owncast", "Owncast", "", "open", "*"),
    _page("castopod", "Castopod", "", "open", "*"),
    # Support and payment
    Network("paypal", "PayPal", "brand-paypal", "money", N_("Type your PayPal.Me name, like ada or ada/25EUR."), (
        Form("https://paypal.me/{}", part=rf"{ANY}(?:/[0-9]{{1,9}}(?:[.,][0-9]{{1,2}})?(?:[A-Za-z]{{3}})?)?",
             usual=r"[A-Za-z0-9]{1,20}(?:/.*)?", shown="paypal.me/{}",
             also=("paypal.me/{}/{}", "paypal.com/paypalme/{}/{}", "paypal.com/paypalme/{}")),
    )),
    _user("patreon", "Patreon", "brand-patreon", "money", "https://www.patreon.com/{}", "patreon.com/c/{}"),
    _user("ko-fi", "Ko-fi", "", "money", "https://ko-fi.com/{}"),
    _user("buymeacoffee", "Buy Me a Coffee", "coffee", "money", "https://www.buymeacoffee.com/{}"),
    _user("liberapay", "Liberapay", "", "money", "https://liberapay.com/{}"),
    _user("opencollective", "Open Collective", "", "money", "https://opencollective.com/{}", expects=SHOP),
    _page("gofundme", "GoFundMe", "heart-handshake", "money", "gofundme.com", "*.gofundme.com", "gofund.me"),
    _page("kickstarter", "Kickstarter", "brand-kickstarter", "money", "kickstarter.com"),
    Network("cashapp", "Cash App", "brand-cashapp", "money", N_("Type your $cashtag, like $ada."), (
        Form("https://cash.app/${}", typed=("${}",), also=("cash.me/${}",), shown="${}"),
    )),
    _user("venmo", "Venmo", "", "money", "https://venmo.com/u/{}", "venmo.com/{}", "account.venmo.com/u/{}",
          shown="@{}"),
    _user("revolut", "Revolut", "brand-revolut", "money", "https://revolut.me/{}"),
    _user("wise", "Wise", "", "money", "https://wise.com/pay/me/{}"),
    # Shops and reviews
    _user("etsy", "Etsy", "brand-etsy", "shops", "https://www.etsy.com/shop/{}", "etsy.com/*/shop/{}", "{}.etsy.com",
          expects=SHOP),
    _page("amazon", "Amazon", "brand-amazon", "shops", "amazon.*", "amzn.to", "amzn.eu", "a.co"),
    _page("ebay", "eBay", "", "shops", "ebay.*", "ebay.us"),
    Network("google-review", N_("Google review"), "brand-google", "shops",
            N_("Paste the address for reviews from your Google profile, or type your place ID."), (
        Form("https://g.page/r/{}/review", handle="r/{}", is_bare=False),
        Form("https://search.google.com/local/writereview?placeid={}"),
    )),
    _user("yelp", "Yelp", "", "shops", "https://www.yelp.com/biz/{}", "yelp.*/biz/{}", expects=SHOP),
    _page("tripadvisor", "Tripadvisor", "brand-tripadvisor", "shops", "tripadvisor.*"),
    _user("trustpilot", "Trustpilot", "", "shops", "https://www.trustpilot.com/review/{}", "*.trustpilot.com/review/{}",
          part=DOMAIN, expects=N_("Type the domain of your web site, like example.com.")),
    # Apps and appointments
    _page("app-store", "App Store", "brand-appstore", "other", "apps.apple.com", "itunes.apple.com"),
    _page("google-play", "Google Play", "brand-google-play", "other", "play.google.com"),
    _page("f-droid", "F-Droid", "brand-android", "other", "f-droid.org"),
    Network("calendly", "Calendly", "calendar", "other", NAME, (
        Form("https://calendly.com/{}", part=rf"{ANY}(?:/{ANY})?", usual=r"[\w.~/-]+", also=("calendly.com/{}/{}",)),
    )),
    Network("cal", "Cal.com", "calendar-event", "other", NAME, (
        Form("https://cal.com/{}", part=rf"{ANY}(?:/{ANY})?", usual=r"[\w.~/-]+", also=("cal.com/{}/{}",)),
    )),
)  # fmt: skip

_rows = {row.key: row for row in _TABLE}
NETWORKS: dict[str, Network] = {key: _rows[key] for key in POPULAR} | _rows

_NOT_PEOPLE = """
    about account accounts addstickers api app apps author blog book business c cdn channel contact daily
    developers directory discover download e events explore faq features feed gaming gp groups hashtag help home
    i intent invite jobs joinchat legal library list live login marketplace me message messages new news
    notifications open orgs p pages people photo photo.php photos pin plans playlist policies posts pricing
    privacy profile profile.php qr r reel reels results review s search settings share share.php sharer
    sharer.php shop shorts signup sponsors status store stories story.php support t tag tags terms topic topics
    tv u user users video videos w watch web welcome
"""
_TABS = """
    _created _saved about activity albums all boards details featured followers following likes live media music
    overview photos photos_albums pins playlists popular posts profile recent-activity reels replies
    repositories shorts streams tabs tagged timeline tracks videos with_replies
"""

# First path segments and host labels that are a network's own pages, never a person's.
NOT_PEOPLE = frozenset(_NOT_PEOPLE.split())
# Last path segments that are still the person's own page; below it stands one post, repository or song.
TABS = frozenset(_TABS.split())
