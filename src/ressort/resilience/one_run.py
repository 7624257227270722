"""One run of a territory: hypotheses at given ranks, the daily model, needs, metrics."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.resilience import (
    Law,
    Link,
    Run,
    curve_metrics,
    days_under,
    design,
    dice,
    eased_by_relief,
    eased_by_stores,
    laws_at,
    overall,
    play,
)  # fmt: skip
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import lever, needs
from ressort.resilience.ground import LEVEL, Ground, economy
from ressort.resilience.happening import effects
from ressort.resilience.request import Request
from ressort.resilience.settings import (
    CONSUMERS_HERE,
    SECTORS,
    Planned,
    Settings,
    behaviour,
    home_days,
    laws,
    planned,
    purses,
)  # fmt: skip

#: metrics of each need, then of the whole; one row of numbers a run
NEED_METRICS = ("low", "lost_days", "days_under", "first_under", "longest_under")
WHOLE_METRICS = (
    "low",
    "low_5_days",
    "lost_days",
    "back_95",
    "back_99",
    "level",
    "least_low",
    "least_lost_days",
    "person_days",
    "output_lost_days",
)


#: half a percent under a threshold is within the rounding of the model
ROUNDING = 0.005
#: an industry is told as stopped when it makes less than this share of what it wished
MATERIAL = 0.95


def metric_names() -> list[str]:
    """The name of each metric, in the order of a run's numbers."""
    return [f"{need.name}.{name}" for need in needs() for name in NEED_METRICS] + [
        f"whole.{name}" for name in WHOLE_METRICS
    ]


@dataclass(frozen=True, eq=False)
class OneRun:
    """A run, as a territory reads it.

    Args:
        number: of the run, −1 for the central one.
        curves: share served of each need, then weighted mean, then least, (K + 2, T).
        metrics: in the order of `metric_names`.
        chain: why, from the first bottleneck up.
        outside: left the model's domain: never shown as a result.
    """

    number: int
    curves: Floats
    metrics: Floats
    chain: list[Link]
    outside: bool
    run: Run | None
    settings: Settings


class Player:
    """Plays the runs of one request; the same for every worker."""

    def __init__(self, request: Request, ground: Ground) -> None:
        self.request, self.ground = request, ground
        self.plan: list[Planned] = planned(request.shocks, request.start_day)
        self.laws: list[Law] = laws(self.plan)
        self.levers = [lever(name) for name in request.levers]
        self.ranks = design(self.laws, request.runs, request.seed)

    def central(self) -> OneRun:
        """Every hypothesis at its central value; followers happen when their chance is one half or more; the worst harvest."""
        values = {law.name: law.central for law in self.laws} | {"harvest": 0.0}
        return self._played(-1, values, {}, keep=True)

    def numbered(self, number: int, keep: bool = False) -> OneRun:
        """The run of that number."""
        values = laws_at(self.laws, self.ranks[number])
        die = dice(self.request.seed, number)
        lucky = {one.chance: float(die.random()) for one in self.plan if one.chance}
        return self._played(number, values, lucky, keep)

    def _played(self, number: int, values: dict[str, float], lucky: dict[str, float], keep: bool) -> OneRun:
        settings = Settings(values)
        for one in self.levers:
            settings.pull(one)
        made = _economy(self.ground, round(values["delta"], 12), settings.jobs_ratio.tobytes())
        happening = effects(self.plan, settings, self.ground, made, self.request.days, lucky)
        run = play(
            made, happening, behaviour(settings), days=self.request.days, purses=purses(settings, self.ground, made),
            told_until=None if keep else (SECTORS, MATERIAL),
        )  # fmt: skip
        curves = self._needs(run, settings)
        weights = np.array(self.request.weights or (1.0,) * len(needs()))
        mean, least = overall(curves, weights)
        inside = np.arange(len(made.output)) < SECTORS
        curves = np.vstack([curves, mean, least])
        metrics = self._metrics(curves, run)
        return OneRun(
            number, curves, metrics, run.bottleneck(inside, MATERIAL), run.outside, run if keep else None, settings
        )

    def _needs(self, run: Run, settings: Settings) -> Floats:
        names = branches(LEVEL)
        curves = []
        for need in needs():
            products = np.array([names.index(code) for code in need.products])
            required = sum(run.required(q, products) for q in CONSUMERS_HERE)
            lacking = run.track.unmet[:, CONSUMERS_HERE][:, :, products].sum((1, 2))
            served = 1 - np.divide(lacking, required, out=np.zeros_like(lacking), where=np.asarray(required) > 0)
            served = eased_by_stores(np.clip(served, 0.0, 1.0), home_days(settings, need))
            for name, share, delay_days in settings.relief:
                if name == need.name:
                    served = eased_by_relief(served, share, delay_days)
            curves.append(served)
        return np.array(curves)

    def _metrics(self, curves: Floats, run: Run) -> Floats:
        found: list[float] = []
        for need, served in zip(needs(), curves, strict=False):
            lost = float(np.maximum(1 - served, 0.0).sum())
            under, longest, first = days_under(served, need.vital_share - ROUNDING)
            found += [float(served.min()), lost, under, np.nan if first < 0 else first, longest]
        mean, least = curves[-2], curves[-1]
        whole, output = curve_metrics(mean), curve_metrics(run.output_here)
        found += [
            whole.low, whole.low_5_days, whole.lost_days, whole.back_days[1], whole.back_days[2], whole.level, float(least.min()),
            float((1 - least).sum()), self.ground.people * whole.lost_days, output.lost_days,
        ]  # fmt: skip
        return np.array(found)


@lru_cache(maxsize=256)
def _economy(ground: Ground, delta: float, jobs_ratio: bytes) -> Economy:
    return economy(ground, delta, np.frombuffer(jobs_ratio))
