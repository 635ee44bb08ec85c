"""What Lighthouse says of cards as a slow phone gets them: `make lighthouse`.

Mobile defaults, each page and its pictures once before it counts, the median of the runs but the worst layout shift.
Fewer runs, or some cards alone: python -m tests.bench.lighthouse 1 maria dana
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests import factories
from tests.browser.chromium import OPTIONS, find_chromium
from tests.processes import Server, start_server
from vcardapp import create_app
from vcardapp.cards.content import Link
from vcardapp.cards.networks import NETWORKS
from vcardapp.cards.pictures import store_picture
from vcardapp.cards.service import publish_card
from vcardapp.config import Settings
from vcardapp.demo.cards import demo_cards
from vcardapp.demo.pictures import draw
from vcardapp.design.design import Design
from vcardapp.design.themes import THEMES
from vcardapp.editor.service import save_draft

HERE = Path(__file__).with_suffix("")
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS = 5
TRIES = 3  # a busy machine now and then loses the trace of a page
LINKS = 30
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
SLOWEST = 1.2  # seconds to the largest paint
TIMES = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint", "TBT": "total-blocking-time"}
FAST = 1000.0  # the benchmark index below which Lighthouse itself calls a computer too slow for its defaults


@dataclass
class Rating:
    scores: dict[str, float]
    seconds: dict[str, float]
    shift: float
    speed: float  # of this computer, the benchmark index
    complaints: dict[str, str]  # audit: what it says; those of performance follow from the times

    @property
    def is_good(self) -> bool:
        scores = all(self.scores[name] >= least for name, least in LEAST.items())
        return scores and round(self.shift, 3) == 0 and self.seconds["LCP"] <= SLOWEST


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), "--with-demo", output=subprocess.DEVNULL, VCARDAPP_RATE_LIMITS="0", VCARDAPP_JOBS="0")
        try:
            random_slug = publish_random_card(server.settings)
            slugs = sys.argv[2:] or [*(one.slug for one in demo_cards(date.today()) if is_shown(one.state)), random_slug]
            found = {slug: middle([rate(address(server, slug)) for _ in range(runs)]) for slug in slugs}
        finally:
            server.stop()
    show(found, runs)
    sys.exit(not all(rating.is_good for rating in found.values()))


def is_shown(state: str) -> bool:
    return state in ("published", "changed")


def publish_random_card(settings: Settings) -> str:
    """Publish somebody with a photo, thirty links and a theme by chance, and say whom."""
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    slug, theme = f"chance-{seed}", chance.choice(list(THEMES))
    links = tuple(Link(key, f"ada{number}.example") for number, key in enumerate(chance.choices(list(NETWORKS), k=LINKS)))
    app = create_app(settings)
    with app.app_context():
        person = factories.user("chance@example.org")
        card = factories.draft_card(person, display_name="Ada Chance", links=links, design=Design(theme=theme))
        photo = store_picture(card, "photo", draw("maria")["photo"]).id
        save_draft(card, replace(card.draft, photo=photo), slug, card.revision, reason="save")
        publish_card(card, reserved=frozenset())
    print(f"/{slug} wears {theme}", flush=True)
    return slug


def address(server: Server, slug: str) -> str:
    url = f"{server.url}/{quote(slug)}"
    with urllib.request.urlopen(url) as answer:
        for path in set(re.findall(r"/media/[\w/]+\.avif", answer.read().decode())):
            urllib.request.urlopen(server.url + path).close()
    return url


def rate(url: str) -> Rating:
    """Have Lighthouse look at a page once, in a Chromium of its own."""
    flags = " ".join(("--headless=new", *OPTIONS))
    command = [Path(sys.executable).with_name("node"), PROGRAM, url, "--output=json", "--output-path=stdout", "--quiet"]
    command += [f"--only-categories={','.join(LEAST)}", f"--chrome-flags={flags}", "--no-enable-error-reporting"]
    env = {**os.environ, "CHROME_PATH": str(find_chromium(whole=True))}
    for _ in range(TRIES):
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE)
        if done.returncode == 0:
            break
    done.check_returncode()
    said = json.loads(done.stdout)
    audits = said["audits"]
    return Rating(
        scores={name: round(100 * (said["categories"][name]["score"] or 0)) for name in LEAST},
        seconds={name: audits[audit]["numericValue"] / 1000 for name, audit in TIMES.items()},
        shift=audits["cumulative-layout-shift"]["numericValue"],
        speed=said["environment"]["benchmarkIndex"],
        complaints=dict(complaints(said)),
    )


def complaints(said: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what is not perfect, and what of it Lighthouse shows."""
    names = {ref["id"] for name in LEAST if name != "performance" for ref in said["categories"][name]["auditRefs"]}
    names |= {"layout-shifts"}
    low = [said["audits"][name] for name in names if (said["audits"][name]["score"] or 0) < 1]
    low = [audit for audit in low if audit["score"] is not None]
    return [(audit["id"], json.dumps(audit.get("details", {}).get("items", []))[:400]) for audit in low]


def middle(ratings: list[Rating]) -> Rating:
    """Return the median of several runs."""
    return Rating(
        scores={name: statistics.median(one.scores[name] for one in ratings) for name in LEAST},
        seconds={name: statistics.median(one.seconds[name] for one in ratings) for name in TIMES},
        shift=max(one.shift for one in ratings),
        speed=statistics.median(one.speed for one in ratings),
        complaints={name: text for one in ratings for name, text in one.complaints.items()},
    )


def show(found: dict[str, Rating], runs: int) -> None:
    heads = ("perf", "a11y", "best", "SEO", "FCP s", "LCP s", "TBT s", "CLS", "CPU")
    print(f"{f'median of {runs}':18}" + "".join(f"{head:>8}" for head in heads))
    for slug, rating in found.items():
        scores = "".join(f"{score:>8.0f}" for score in rating.scores.values())
        seconds = "".join(f"{time:>8.2f}" for time in rating.seconds.values())
        print(f"{'/' + slug:18}{scores}{seconds}{rating.shift:>8.2g}{rating.speed:>8.0f}{'' if rating.is_good else '  low'}")
        for name, text in rating.complaints.items():
            print(f"    {name}: {text}")
    if min(rating.speed for rating in found.values()) < FAST:
        print(f"This computer is busy or slow (CPU below {FAST:.0f}): times and performance are worse than on a phone.")


if __name__ == "__main__":
    main()
