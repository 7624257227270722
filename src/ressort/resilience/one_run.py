"""One run of a territory: hypotheses at given ranks, the daily model, needs, metrics."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ressort.core.economy import Economy, Floats, with_other_use
from ressort.core.resilience import (
    Law,
    Link,
    Run,
    correlated,
    curve_metrics,
    days_under,
    design,
    eased_by_relief,
    eased_by_stores,
    laws_at,
    overall,
    play,
)  # fmt: skip
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import needs
from ressort.resilience.agreement import available_share
from ressort.resilience.ground import HERE, LEVEL, Ground, economy
from ressort.resilience.happening import effects
from ressort.resilience.intensity import at_home
from ressort.resilience.readiness import standing
from ressort.resilience.request import Request
from ressort.resilience.settings import (
    Planned,
    Settings,
    behaviour,
    correlations,
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
#: an activity of less than one person, lent from the structure of a département, is not told as one of here
ONE_JOB = 1.0
#: nor one of less than this share of the jobs: nobody decides on the farms of Paris
WORTH_SHARE = 0.001


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


def plan_of(request: Request, ground: Ground) -> list[Planned]:
    """The events of a question, as hard as local figures and the user say."""
    return at_home(planned(request.shocks, request.start_day), ground, request.intensity)


def needs_served(run: Run, settings: Settings, place: int = HERE, ground: Ground | None = None) -> Floats:
    """Share of each need that is served in a place (0 the territory, then its partners), (K, T).

    What people keep at home is the same everywhere; what partners bring is for the territory alone,
    and never more than they make beyond their own use when `ground` names them.
    """
    names, consumers = branches(LEVEL), (2 * place, 2 * place + 1)
    curves = []
    for need in needs():
        products = np.array([names.index(code) for code in need.products])
        required = sum(run.required(q, products) for q in consumers)
        lacking = run.track.unmet[:, consumers][:, :, products].sum((1, 2))
        served = 1 - np.divide(lacking, required, out=np.zeros_like(lacking), where=np.asarray(required) > 0)
        served = eased_by_stores(np.clip(served, 0.0, 1.0), home_days(settings, need))
        for name, share, delay_days in settings.relief if place == HERE else ():
            if name == need.name:
                most = available_share(run, ground, need, np.asarray(required)) if ground else None
                served = eased_by_relief(served, share, delay_days, most)
        curves.append(served)
    return np.array(curves)


class Player:
    """Plays the runs of one request; the same for every worker."""

    def __init__(self, request: Request, ground: Ground) -> None:
        self.request, self.ground = request, ground
        self.plan: list[Planned] = plan_of(request, ground)
        self.laws: list[Law] = laws(self.plan, request.reuse)
        self.levers = standing(request)
        counted = max(ONE_JOB, WORTH_SHARE * float(ground.jobs.sum()))
        self.here = np.flatnonzero(ground.jobs >= counted)  # industries of here that are told when they stop
        self.ranks = design(self.laws, request.runs, request.seed)
        together, wanted = correlations(self.plan, [law.name for law in self.laws])
        self.ranks[:, together] = correlated(self.ranks[:, together], wanted)

    def central(self) -> OneRun:
        """Every hypothesis at its central value; followers happen when their chance is one half or more; the worst harvest."""
        values = {law.name: law.central for law in self.laws} | {"harvest": 0.0}
        return self._played(-1, values, keep=True)

    def numbered(self, number: int, keep: bool = False) -> OneRun:
        """The run of that number."""
        values = laws_at(self.laws, self.ranks[number])
        return self._played(number, values, keep)

    def at_ranks(self, ranks: Floats) -> OneRun:
        """A run at given ranks of its hypotheses, (laws,)."""
        return self._played(-1, laws_at(self.laws, ranks), keep=False)

    def _played(self, number: int, values: dict[str, float], keep: bool) -> OneRun:
        settings = Settings(values)
        if self.request.reuse:
            settings.reuse_share = self.request.reuse[1]
        for one in self.levers:
            settings.pull(one)
        made = _economy(
            self.ground, round(values["delta"], 12), settings.jobs_ratio.tobytes(), settings.use_ratio.tobytes()
        )
        happening = effects(self.plan, settings, self.ground, made)
        how, held = behaviour(settings, self.ground), purses(settings, self.ground, made)
        told = None if keep else (self.here, MATERIAL)
        run = play(made, happening, how, days=self.request.days, purses=held, told_until=told)
        curves = needs_served(run, settings, ground=self.ground)
        weights = np.array(self.request.weights or (1.0,) * len(needs()))
        mean, least = overall(curves, weights)
        curves = np.vstack([curves, mean, least])
        metrics = self._metrics(curves, run)
        return OneRun(
            number,
            curves,
            metrics,
            run.bottleneck(np.isin(np.arange(len(run.plan.output)), self.here), MATERIAL),
            run.outside,
            run if keep else None,
            settings,
        )

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
def _economy(ground: Ground, delta: float, jobs_ratio: bytes, use_ratio: bytes) -> Economy:
    made, used = economy(ground, delta, np.frombuffer(jobs_ratio)), np.frombuffer(use_ratio)
    return made if (used == 1).all() else with_other_use(made, used, HERE)
