"""How well a drawing scans: the share of simulated frames that are read, beside the plain code at the same printed width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.qr_lab import pictures
from tests.qr_lab.camera import Grey, Shot, frame, shots
from tests.qr_lab.decoders import PHONES, Decoders
from vcardapp.cards import qr

ONCE = range(1)  # every damage in every strength
CLEAN = Shot(pixels=10.0, blur=0.0001, noise=0.0, black=0.0, white=255.0)


@dataclass(frozen=True)
class Reading:
    """Shares of the frames that were read, from 0 to 100."""

    readers: dict[str, float]
    damages: dict[str, float]
    clean: float

    @property
    def mean(self) -> float:
        return sum(self.readers.values()) / len(self.readers)

    @property
    def phones(self) -> float:
        return sum(self.readers[name] for name in PHONES) / len(PHONES)


@dataclass(frozen=True)
class Score:
    """A drawing's reading beside that of the plain code."""

    ours: Reading
    plain: Reading

    @property
    def ratio(self) -> float:
        return self.ours.mean / self.plain.mean

    @property
    def phones(self) -> float:
        return self.ours.phones / self.plain.phones


def score(
    decoders: Decoders, drawing: Grey, text: str, plain: qr.Code, plain_text: str, page: int = 255, seeds: range = ONCE
) -> Score:
    """Compare a drawing with the plain code that a peer would give, both printed equally wide; the paper may differ."""
    ours = read(decoders, drawing, text, plain.side, page, seeds)
    return Score(ours, read_plain(decoders, plain, plain_text, seeds))


def read_plain(decoders: Decoders, plain: qr.Code, text: str, seeds: range = ONCE) -> Reading:
    """Return the reading of a plain code on white paper."""
    return read(decoders, pictures.plain(plain), text, plain.side, 255, seeds)


def read(decoders: Decoders, drawing: Grey, text: str, modules: float, page: int = 255, seeds: range = ONCE) -> Reading:
    """Take all frames of a drawing, printed as wide as so many modules of the plain code, and have them read."""
    taken = [(name, frame(drawing, modules, shot, page)) for name, _, shot in shots(seeds)]
    answers = decoders.read([one for _, one in taken])
    right = [{name: answer[name] == text for name in decoders.names} for answer in answers]
    (clean,) = decoders.read([frame(drawing, modules, CLEAN, page)])
    damages: dict[str, list[bool]] = {}
    for (name, _), answer in zip(taken, right, strict=True):
        damages.setdefault(name, []).extend(answer.values())
    return Reading(
        {name: _share(answer[name] for answer in right) for name in decoders.names},
        {name: _share(found) for name, found in damages.items()},
        _share(clean[name] == text for name in decoders.names),
    )


def _share(found: Iterable[bool]) -> float:
    counted = Counter(found)
    return 100 * counted[True] / counted.total()
