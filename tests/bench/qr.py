"""How well our default codes scan, by the lengths of the host and of the card's address; and how quickly codes are made."""

from __future__ import annotations

import random
from collections import defaultdict
from statistics import mean
from string import ascii_lowercase, digits

from tests.bench import qr_speed
from tests.qr_lab import pictures
from tests.qr_lab.decoders import NAMES, Decoders
from tests.qr_lab.scoring import Score, score
from vcardapp.cards import qr
from vcardapp.cards.codes import ALPHABET, LENGTH

HOSTS = range(8, 41)
SLUGS = (3, 6, 9, 12, 16, 20, 24, 30, 36, 40)
TEXTS = 6  # measured for each pair of symbols

Cell = tuple[int, int]  # lengths of host and slug
Pair = tuple[str, str]  # our symbol and the plain one, by version and level


def main() -> None:
    cells = {(host, slug): texts(host, slug) for host in HOSTS for slug in SLUGS}
    kinds = {cell: (_name(qr.matrix(short)), _name(qr.plain_code(full))) for cell, (short, full) in cells.items()}
    scores = measured(kinds)
    print(
        "Reads of the default code before a simulated camera; 1.00 is the plain level-M code of the card's whole address,"
    )
    print("printed as wide. Seven readers, thirteen damages in five strengths; good to about 0.02.\n")
    print(f"{'host':>4} {'ours':>5}  slug" + "".join(f"{slug:>6}" for slug in SLUGS))
    for host in HOSTS:
        ratios = "".join(f"{_ratio(scores[kinds[host, slug]]):>6.2f}" for slug in SLUGS)
        print(f"{host:>4} {kinds[host, SLUGS[0]][0]:>5}      {ratios}")
    print(f"\n{'ours':>5} {'plain':>6} {'ratio':>6} {'clean':>6}" + "".join(f"{name:>10}" for name in NAMES))
    for (ours, plain), found in sorted(scores.items()):
        readers = "".join(f"{mean(one.ours.readers[name] for one in found):>10.0f}" for name in NAMES)
        clean = mean(one.ours.clean for one in found)
        print(f"{ours:>5} {plain:>6} {_ratio(found):>6.2f} {clean:>6.0f}{readers}")
    print()
    qr_speed.show()


def texts(host: int, slug: int) -> tuple[str, str]:
    """Return a short address as it is printed, and the whole address of a card."""
    chance = random.Random(f"{host} {slug}")
    name = "".join(chance.choices(ascii_lowercase, k=host - 4)) + ".org"
    path = "".join(chance.choices(ascii_lowercase + digits, k=slug))
    code = "".join(chance.choices(ALPHABET, k=LENGTH))
    return qr.short_address(f"https://{name}", code), f"https://{name}/{path}"


def measured(kinds: dict[Cell, Pair]) -> dict[Pair, list[Score]]:
    """Measure every pair of symbols that occurs, with texts of lengths all over its cells."""
    where: dict[Pair, list[Cell]] = defaultdict(list)
    for cell, kind in kinds.items():
        where[kind].append(cell)
    with Decoders() as decoders:
        return {
            kind: [_scored(decoders, cells[i * len(cells) // TEXTS]) for i in range(TEXTS)]
            for kind, cells in where.items()
        }


def _scored(decoders: Decoders, cell: Cell) -> Score:
    short, full = texts(*cell)
    return score(decoders, pictures.plain(qr.matrix(short)), short, qr.plain_code(full), full)


def _name(code: qr.Code) -> str:
    return f"{code.version}-{code.level}"


def _ratio(scores: list[Score]) -> float:
    return sum(one.ours.mean for one in scores) / sum(one.plain.mean for one in scores)


if __name__ == "__main__":
    main()
