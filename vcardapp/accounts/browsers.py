"""From what a browser says of itself to a short name that its person knows again. Knows neither the web nor the database."""

from __future__ import annotations

OTHER = "Other"
BROWSERS = {  # the sign in the User-Agent -> the name; earlier ones pretend to be later ones, too
    "Edg": "Edge",
    "OPR/": "Opera",
    "OPT/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Vivaldi": "Vivaldi",
    "YaBrowser": "Yandex",
    "DuckDuckGo": "DuckDuckGo",
    "FxiOS": "Firefox",
    "Firefox/": "Firefox",
    "CriOS": "Chrome",
    "HeadlessChrome": "Chrome",
    "Chrome/": "Chrome",
    "Chromium": "Chromium",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


def name_of(user_agent: str) -> str:
    """Return a name such as "Firefox on Android"; what is not known is called Other."""
    return f"{_found(BROWSERS, user_agent)} on {_found(SYSTEMS, user_agent)}"


def parts_of(name: str) -> tuple[str, str]:
    """Return browser and system of such a name; each empty where it is not known."""
    browser, _on, system = name.partition(" on ")
    return browser.replace(OTHER, ""), system.replace(OTHER, "")


def _found(signs: dict[str, str], text: str) -> str:
    return next((name for sign, name in signs.items() if sign in text), OTHER)
