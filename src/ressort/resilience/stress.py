"""The answer to a request: central run, ensemble, levers one by one and together, tables, story, annex."""

import hashlib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience import MOST_OUTSIDE_SHARE, Effectiveness, converged, effectiveness, fan, sensitivities
from ressort.reference.national_economy import SYNCED
from ressort.reference.resilience_library import lever, needs
from ressort.reference.tables import synced
from ressort.resilience.ground import Ground
from ressort.resilience.many_runs import Ensemble, Progress, run_all, with_levers
from ressort.resilience.one_run import OneRun, Player, metric_names
from ressort.resilience.request import Request
from ressort.resilience.settings import DIE

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

    from ressort.resilience.story import Sentence

CENTS = 100
#: hypotheses told as data to collect first
MOST_TOLD = 5
#: what levers are judged on
AVOIDED = "whole.person_days"


@dataclass(frozen=True, eq=False)
class Stress:
    """What a shock does to a territory.

    Args:
        central: every hypothesis at its central value, no lever; relieved: the same with all the levers, None without.
        ensemble: every run without lever; together: with all the levers; alone: with each one.

    Example:
        >>> import ressort
        >>> cut = ressort.stress("CA Pau Béarn Pyrénées", "power_cut", runs=100)     # doctest: +SKIP
        >>> cut.curves("median")                                                      # doctest: +SKIP
        >>> cut.table("needs")                                                        # doctest: +SKIP
    """

    request: Request
    ground: Ground
    central: OneRun
    ensemble: Ensemble
    relieved: OneRun | None = None
    together: Ensemble | None = None
    alone: dict[str, Ensemble] = field(default_factory=dict)

    @property
    def publishable(self) -> bool:
        """At most 5 % of the runs left the model's domain of stability."""
        return float(self.ensemble.outside.mean()) <= MOST_OUTSIDE_SHARE

    @property
    def converged(self) -> bool:
        """The medians of the loss over the two halves of the runs differ by less than 5 %."""
        return converged(self.ensemble.metric(AVOIDED))

    @cached_property
    def fan(self) -> Floats:
        """P10, P50, P90 of the share served, day by day: needs, then weighted mean, then least, (3, K + 2, T)."""
        return fan(self.ensemble.counts)

    def curves(self, which: str = "median") -> Floats:
        """Curves (K + 2, T): `central`, `low` (P10), `median` (P50) or `high` (P90)."""
        if which == "central":
            return self.central.curves
        return np.asarray(self.fan[("low", "median", "high").index(which)])

    @cached_property
    def medoid(self) -> int:
        """The number of the run nearest to all the others by its metrics: the one that the story tells."""
        inside = np.flatnonzero(~self.ensemble.outside)
        if not len(inside):
            return -1
        values = self.ensemble.metrics[inside]
        known = np.isfinite(values).all(0) & (np.ptp(np.nan_to_num(values, posinf=0), axis=0) > 0)
        if not known.any():
            return int(inside[0])
        scaled = (values[:, known] - values[:, known].mean(0)) / values[:, known].std(0)
        centre = np.median(scaled, axis=0)
        return int(inside[np.abs(scaled - centre).sum(1).argmin()])

    @cached_property
    def told(self) -> OneRun:
        """The run that the story tells: the medoid, or the central one when there is none."""
        if self.medoid < 0:
            return self.central
        return Player(with_levers(self.request, ()), self.ground).numbered(self.medoid, keep=True)

    @cached_property
    def lever_effects(self) -> dict[str, Effectiveness]:
        """Paired effects on lost person-days, each lever alone, then `together`."""
        sets = dict(self.alone)
        if self.together is not None:
            sets["together"] = self.together
        return {name: self._paired(name, runs) for name, runs in sets.items()}

    def cost_cents(self, name: str) -> int:
        """Central cost of a lever for this territory, or of all of them for `together`."""
        names = self.request.levers if name == "together" else (name,)
        return sum(round(lever(one).cost_eur_per_people.central * self.ground.people * CENTS) for one in names)

    def _paired(self, name: str, runs: Ensemble) -> Effectiveness:
        both = ~(self.ensemble.outside | runs.outside)
        column = metric_names().index(AVOIDED)
        return effectiveness(self.ensemble.metrics[both, column], runs.metrics[both, column], self.cost_cents(name))

    @cached_property
    def sensitivity(self) -> list[tuple[str, float, float]]:
        """Data to collect first: hypotheses that drive the loss, their first-order Sobol index and squared rank correlation; at most five."""
        player = Player(with_levers(self.request, ()), self.ground)
        inside = ~self.ensemble.outside
        places = [place for place, law in enumerate(player.laws) if not law.name.startswith(DIE)]
        names = [player.laws[place].name for place in places]
        found: dict[str, tuple[str, float, float]] = {}
        for one in sensitivities(player.ranks[inside][:, places], self.ensemble.metric(AVOIDED), names, len(names)):
            found.setdefault(
                one[0].rpartition(":")[0] if one[0][-1].isdigit() else one[0], one
            )  # effects of one event: once
        return list(found.values())[:MOST_TOLD]

    @cached_property
    def digest(self) -> str:
        """Twelve signs that change when any number of any run changes."""
        parts = [self.ensemble, *([self.together] if self.together else []), *self.alone.values()]
        made = hashlib.sha256()
        for part in parts:
            made.update(part.metrics.tobytes() + part.counts.bins.tobytes())
        return made.hexdigest()[:12]

    def table(self, name: str = "needs") -> "pl.DataFrame":
        """One table: see `tables()`.

        Raises:
            UnknownCode: no table bears that name.
        """
        from ressort.resilience.tables import build

        return build(self, name)

    def tables(self) -> list[str]:
        """Names of the tables that `table` gives."""
        from ressort.resilience.tables import TABLES

        return list(TABLES)

    def chart(self, need: str = "whole") -> "alt.LayerChart | alt.FacetChart":
        """The fan of one need, or of the `whole`."""
        from ressort.resilience.charts import fan_chart

        return fan_chart(self, need)

    def brief(self) -> list[str]:
        """The answer in a few sentences: which need falls first, what stops first, what a lever changes."""
        from ressort.resilience.brief import brief

        return brief(self)

    def story(self) -> list["Sentence"]:
        """The récit de choc: dated sentences, each with the ids of its numbers."""
        from ressort.resilience.story import story

        return story(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, with what is needed to replay it."""
        from ressort.resilience.exports import as_dict

        return as_dict(self)

    def report(self, path: Path | str) -> Path:
        """Write the annex (PDF, or CSV when the name ends so) and give its path."""
        from ressort.resilience.annex import write_annex

        return write_annex(self, Path(path))

    def continuity_plan(self, path: Path | str) -> Path:
        """Write the continuity plan (PDF, or CSV when the name ends so) and give its path."""
        from ressort.resilience.continuity import write_continuity

        return write_continuity(self, Path(path))


def answer(
    request: Request, ground: Ground, workers: int = 1, progress: Progress | None = None, scheduler: str = ""
) -> Stress:
    """Play a request: without lever, with each lever, with all of them, on the same draws.

    Raises:
        Stopped: `progress` asked to stop; RuleBroken, UnknownCode: see `Request.checked`.
    """
    request.checked()
    base = with_levers(request, ())
    sets = [base]
    if request.levers:
        sets += [with_levers(request, (name,)) for name in request.levers] if len(request.levers) > 1 else []
        sets.append(request)
    total, made = request.runs * len(sets), []
    for number, one in enumerate(sets):
        shown = (lambda done, _, number=number: progress(number * request.runs + done, total)) if progress else None
        made.append(run_all(one, ground, workers, shown, scheduler))
    alone = dict(zip(request.levers, made[1:-1], strict=True)) if len(request.levers) > 1 else {}
    if len(request.levers) == 1:
        alone = {request.levers[0]: made[-1]}
    return Stress(
        request=request, ground=ground, central=Player(base, ground).central(), ensemble=made[0],
        relieved=Player(request, ground).central() if request.levers else None,
        together=made[-1] if len(request.levers) > 1 else None, alone=alone,
    )  # fmt: skip


@cache
def sources() -> dict[str, str]:
    """Eight signs for each table behind the answers: what changed between two vintages is told by name."""
    home, found = files("ressort.reference"), {}
    for folder in ("economy", "resilience", "resilience/shocks", "resilience/levers"):
        for one in sorted((home / folder).iterdir(), key=lambda file: file.name):
            if one.is_file() and not one.name.endswith(".py"):
                found[f"{folder}/{one.name}"] = hashlib.sha256(one.read_bytes()).hexdigest()[:8]
    found["food/yields_by_year.csv"] = hashlib.sha256((home / "food" / "yields_by_year.csv").read_bytes()).hexdigest()[
        :8
    ]
    for connector in (*SYNCED.values(), "jobs_commune", "establishments_commune", "hazard_orders"):
        official = synced(connector)
        if official is not None:
            found[connector] = hashlib.sha256(official.write_csv().encode()).hexdigest()[:8]
    return found


@cache
def vintage() -> str:
    """Twelve signs for the data behind the answers: tables of the economy, of shocks, of yields, and the territories in use."""
    from ressort.reference.territories import build_folder

    made = hashlib.sha256(build_folder().name.encode())
    made.update(repr(sorted(sources().items())).encode())
    return made.hexdigest()[:12]


def need_names() -> list[str]:
    """The rows of every curve: needs, then `whole`, then `least`."""
    return [*(need.name for need in needs()), "whole", "least"]
