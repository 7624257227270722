"""What is asked: a territory, shocks, levers, how many runs, a seed; as plain words, so that anyone can replay it."""

from dataclasses import asdict, dataclass
from math import inf
from typing import Any

from ressort.core.errors import RuleBroken
from ressort.language import gettext as _
from ressort.reference.resilience_library import lever, needs, shock
from ressort.resilience.intensity import check_intensity
from ressort.resilience.settings import planned

MOST_RUNS = 5000
MOST_DAYS = 1095
MOST_LEAD_DAYS = 3650
MOST_SHOCKS = 5
MOST_SEED = 2**31


@dataclass(frozen=True, slots=True)
class Request:
    """A question to the shock model.

    Args:
        territory: key of the territory, such as `EPCI:200067254`, or the keys of a group joined by `+`.
        shocks, levers: names of the library, in order.
        days: horizon; runs: draws; seed: same seed, same answer.
        start_day: days added to the start of every shock.
        weights: weight of each need, in the order of the library; empty is equal.
        partners: keys of neighbours and partner territories, each a region of its own in the economy.
        table: twelve signs of an input-output table of one's own (see `own_table`); empty is the national one.
        intensity: what the user knows of the events: `flood=1.5`, `flood.2=0.3` (see `intensity.at_home`).
        reuse: measured share of local currency spent again by those who receive it: low, central, high; empty is the hypothesis of the lever.
        reuse_source: where it was measured, and when.
        lead_days: days between the decision on levers and day 0; a lever that is not whole when the shock begins counts in part if it is gradual, else for nothing.
    """

    territory: str
    shocks: tuple[str, ...]
    levers: tuple[str, ...] = ()
    days: int = 365
    runs: int = 200
    seed: int = 2026
    start_day: int = 0
    weights: tuple[float, ...] = ()
    partners: tuple[str, ...] = ()
    lead_days: int = 1095
    table: str = ""
    intensity: tuple[str, ...] = ()
    reuse: tuple[float, ...] = ()
    reuse_source: str = ""

    def checked(self) -> "Request":
        """The same, once every word is known.

        Raises:
            UnknownCode: a shock or a lever that the library does not hold; RuleBroken: a number out of bounds.
        """
        if not self.shocks or len(self.shocks) > MOST_SHOCKS:
            raise RuleBroken("Give one to {most} shocks; {given} were given.", most=MOST_SHOCKS, given=len(self.shocks))
        for names, find in ((self.shocks, shock), (self.levers, lever)):
            for name in names:
                find(name)
            if len(set(names)) < len(names):
                raise RuleBroken("The same word stands twice among {names}.", names=list(names))
        for word, label, given, low, high in (
            ("days", _("Days played"), self.days, 60, MOST_DAYS),
            ("runs", _("Runs"), self.runs, 1, MOST_RUNS),
            ("seed", _("Seed"), self.seed, 0, MOST_SEED),
            ("start_day", _("Days before the shock"), self.start_day, 0, self.days - 1),
            ("lead_days", _("Days between the decision and day 0"), self.lead_days, 0, MOST_LEAD_DAYS),
        ):
            if not (isinstance(given, int) and low <= given <= high):
                raise RuleBroken(
                    "{label}: from {low} to {high}; {given} was given.", label=label, low=low, high=high, given=given, word=word
                )  # fmt: skip
        if self.reuse and (len(self.reuse) != 3 or not 0 <= self.reuse[0] <= self.reuse[1] <= self.reuse[2] <= 1):
            raise RuleBroken(
                "A re-use rate is three shares, low, central and high, between 0 and 1; {given} was given.",
                given=list(self.reuse),
            )
        if self.weights and len(self.weights) != len(needs()):
            raise RuleBroken(
                "{given} weights were given for {wanted} needs.", given=len(self.weights), wanted=len(needs())
            )
        if self.weights and not (all(0 <= weight < inf for weight in self.weights) and sum(self.weights) > 0):
            raise RuleBroken(
                "Weights are numbers of 0 or more, one above 0 at least; {given} were given.", given=list(self.weights)
            )
        self._check_horizon()
        check_intensity(self.intensity, self.shocks)
        return self

    def _check_horizon(self) -> None:
        """Every part of the events asked for, and of those that may follow, begins inside the days played."""
        for one in planned(self.shocks, self.start_day):
            for number, effect in enumerate(one.shock.effects):
                first = one.start_day + effect.start_day
                if first >= self.days:
                    raise RuleBroken(
                        "{event} begins on day {first}, after the {days} days played (0 to {last}): begin earlier, or play more days.",
                        event=f"{one.shock.name}.{number}", first=first, days=self.days, last=self.days - 1,
                    )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a file or a page."""
        return asdict(self)
