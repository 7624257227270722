"""A made-up association and a year of its currency, drawn from a seed: to see every screen live, never to be taken for real.

Holders change euros, pay shops, shops pay each other, some wages, and redeem what they cannot spend. Nobody ever pays what they do
not hold, so that the ledger refuses nothing. **Every rate here is a hypothesis without a source**: the figures of a specimen say nothing
about any real currency.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.errors import RuleBroken

Kind = Literal["individual", "professional", "association", "public_body"]
DAYS = 365
#: branch → words of its shops, how often a holder goes there
BRANCHES: dict[str, tuple[tuple[str, ...], float]] = {
    "food_retail": (("Épicerie", "Boulangerie", "Fromagerie", "Primeur", "Coopérative"), 5.0),
    "catering": (("Café", "Cantine", "Auberge", "Crêperie"), 3.0),
    "farming": (("Ferme", "Maraîcher", "Verger", "Rucher", "Moulin"), 2.0),
    "crafts": (("Menuiserie", "Atelier", "Imprimerie", "Cordonnerie"), 0.8),
    "services": (("Garage", "Coiffure", "Cabinet", "Vélociste"), 1.0),
    "culture": (("Librairie", "Cinéma", "Théâtre", "Radio"), 1.2),
    "care": (("Pharmacie", "Herboristerie", "Ostéopathe"), 0.7),
    "energy_transport": (("Autopartage", "Bois de chauffage", "Énergie citoyenne"), 0.5),
}
_PLACES = (
    "des Tilleuls",
    "du Pont",
    "de la Source",
    "des Lavoirs",
    "du Beffroi",
    "des Vignes",
    "du Gué",
    "de la Halle",
    "des Noyers",
    "du Four",
)
_FIRST = (
    "Alix",
    "Basile",
    "Camille",
    "Diane",
    "Élie",
    "Flora",
    "Gaspard",
    "Hélène",
    "Inès",
    "Jules",
    "Kenza",
    "Lucien",
    "Maya",
    "Nino",
    "Odile",
    "Paul",
    "Rose",
    "Sacha",
    "Thaïs",
    "Yann",
)
_LAST = (
    "Aubin",
    "Bastide",
    "Carrel",
    "Delmas",
    "Estève",
    "Fabre",
    "Garrigue",
    "Hébrard",
    "Imbert",
    "Jouve",
    "Lagarde",
    "Marsal",
    "Nadal",
    "Olivier",
    "Pradel",
    "Roques",
    "Sabatier",
    "Teyssier",
    "Vidal",
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody of the specimen; `place` is the position of their commune in the list given."""

    name: str
    alias: str
    kind: Kind
    branch: str
    place: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: an operation of the ledger between holders, by their position. −1: nobody."""

    day: int
    operation: str
    payer: int
    payee: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Specimen:
    """Its people, the first being the association, and what they did in the order of days."""

    holders: tuple[Holder, ...]
    events: tuple[Event, ...]


def specimen(seed: int, places: int, people: int = 240, professionals: int = 56) -> Specimen:
    """The specimen of a seed, the same each time.

    Args:
        places: communes where they live.

    Raises:
        RuleBroken: too few places or people to be anything.
    """
    if places < 1 or people < 10 or professionals < 8:
        raise RuleBroken("A specimen needs a commune, ten people and eight professionals at least.")
    rng = np.random.default_rng(seed)
    holders = _holders(rng, places, people, professionals)
    return Specimen(holders, tuple(_Year(rng, holders).lived()))


def _holders(rng: np.random.Generator, places: int, people: int, professionals: int) -> tuple[Holder, ...]:
    weights = 1 / np.arange(1, places + 1)  # most live in the first communes
    weights /= weights.sum()
    found = [Holder("Association du Spécimen", "specimen-association", "association", "", 0)]
    found += [
        Holder(name, alias, "association", "", 0)
        for name, alias in (("Les Jardins partagés", "specimen-jardins"), ("Le Fournil associatif", "specimen-fournil"))
    ]
    found.append(Holder("Régie des transports", "specimen-regie", "public_body", "", 0))
    branches = list(BRANCHES)
    for at in range(professionals):
        branch = branches[at % len(branches)]
        words = BRANCHES[branch][0]
        turn = at // len(branches)
        name = f"{words[turn % len(words)]} {_PLACES[(at % len(branches) * 3 + turn) % len(_PLACES)]}"
        found.append(Holder(name, f"specimen-pro-{at + 1}", "professional", branch, int(rng.choice(places, p=weights))))
    for at in range(people):
        name = f"{_FIRST[at % len(_FIRST)]} {_LAST[(at * 3 + at // len(_FIRST)) % len(_LAST)]}"
        found.append(Holder(name, f"specimen-{at + 1}", "individual", "", int(rng.choice(places, p=weights))))
    return tuple(found)


class _Year:
    """A year that unfolds day after day, with what each holds."""

    def __init__(self, rng: np.random.Generator, holders: tuple[Holder, ...]) -> None:
        self.rng = rng
        count = len(holders)
        kinds = np.array([one.kind for one in holders])
        self.people, self.shops = np.flatnonzero(kinds == "individual"), np.flatnonzero(kinds == "professional")
        self.transport = int(np.flatnonzero(kinds == "public_body")[0])
        self.supported = [at for at, one in enumerate(holders) if one.kind == "association"][1:]
        self.held = np.zeros(count, np.int64)
        self.joined = np.zeros(count, np.int64)
        later = rng.random(len(self.people)) < 0.35
        self.joined[self.people[later]] = rng.integers(1, 280, int(later.sum()))
        self.monthly = rng.choice([2_000, 3_000, 4_000, 6_000, 8_000, 10_000, 15_000], count, p=[.12, .18, .2, .25, .13, .08, .04])  # fmt: skip
        self.day_of_month = rng.integers(0, 28, count)
        self.goes_out = rng.beta(2, 9, count)
        weight = np.array([BRANCHES[one.branch][1] if one.branch else 0.0 for one in holders])[self.shops]
        self.liked = {
            int(one): rng.choice(self.shops, 6, replace=False, p=weight / weight.sum()) for one in self.people
        }
        self.suppliers = {
            int(one): rng.choice(self.shops, int(rng.integers(0, 5)), replace=False) for one in self.shops
        }
        self.employs = {int(one): rng.choice(self.people, int(rng.integers(0, 3)), replace=False) for one in self.shops}
        self.redeems = dict(zip(map(int, self.shops), rng.random(len(self.shops)) < 0.8, strict=True))
        self.events: list[Event] = []

    def lived(self) -> list[Event]:
        """Everything that happened."""
        for day in range(DAYS):
            self._changes(day)
            self._shopping(day)
            self._trade(day)
            if day % 30 == 29:
                self._month_end(day)
        return self.events

    def _do(self, day: int, operation: str, payer: int, payee: int, cents: int) -> None:
        if cents <= 0 or payer == payee or (payer >= 0 and self.held[payer] < cents):
            return
        if payer >= 0:
            self.held[payer] -= cents
        if payee >= 0:
            self.held[payee] += cents
        self.events.append(Event(day, operation, int(payer), int(payee), int(cents)))

    def _changes(self, day: int) -> None:
        """Euros changed, once a month each."""
        due = self.people[(day % 30 == self.day_of_month[self.people]) & (self.joined[self.people] <= day)]
        for one in due:
            self._do(day, "exchange_to_digital_online", -1, int(one), int(self.monthly[one]))
            if self.joined[one] + 29 >= day:
                self._do(day, "dues_digital", int(one), 0, 1_000)

    def _shopping(self, day: int) -> None:
        out = self.people[
            (self.rng.random(len(self.people)) < self.goes_out[self.people]) & (self.held[self.people] > 300)
        ]
        for one in out:
            bus = self.rng.random() < 0.06
            shop = self.transport if bus else int(self.rng.choice(self.liked[int(one)]))
            wanted = 160 if bus else int(np.exp(self.rng.normal(7.1, 0.7)))
            self._do(day, "pay_member", int(one), shop, min(wanted, int(self.held[one])))

    def _trade(self, day: int) -> None:
        """Shops pay those who supply them."""
        busy = self.shops[(self.rng.random(len(self.shops)) < 0.09) & (self.held[self.shops] > 3_000)]
        for one in map(int, busy):
            if len(self.suppliers[one]):
                share = self.rng.uniform(0.2, 0.7)
                self._do(day, "pay_member", one, int(self.rng.choice(self.suppliers[one])), int(self.held[one] * share))

    def _month_end(self, day: int) -> None:
        for one in map(int, self.shops):
            for person in self.employs[one]:
                if self.rng.random() < 0.5:
                    self._do(day, "pay_member", one, int(person), min(8_000, int(self.held[one] * 0.3)))
            self._do(day, "dues_digital", one, 0, 1_000)
            if self.redeems[one] and self.held[one] > 20_000:
                self._do(day, "redeem_digital", one, -1, int(self.held[one] * self.rng.uniform(0.3, 0.8)) // 100 * 100)
        self._do(day, "redeem_digital", self.transport, -1, int(self.held[self.transport]))
        for one in self.supported:
            self._do(day, "donation_in_local", 0, one, int(self.held[0]) // 6)
            self._do(day, "pay_member", one, int(self.rng.choice(self.shops)), int(self.held[one] * 0.8))
