"""What the screens of shocks show."""

from bisect import bisect_left
from functools import lru_cache
from typing import Any

import numpy as np
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.resilience import quantiles
from ressort.reference.resilience_library import lever, levers, needs, shock, shocks
from ressort.resilience import Stress, place_of
from ressort.resilience.causes import why
from ressort.resilience.many_runs import with_levers
from ressort.resilience.one_run import WHOLE_METRICS, Player
from ressort.resilience.places import caveats
from ressort.resilience.reuse import reuse_told
from ressort.resilience.tables import lacking
from ressort.resilience.words import chance, metric_label
from ressort.web.diagnosis.queries import link
from ressort.web.resilience.actions import ground_of
from ressort.web.resilience.models import StressRun
from ressort.web.resilience.worker import unpacked
from ressort.web.territories.shapes import locator

#: more communes than this are told in the file, not on the page
LISTED = 60
CLASSES = 5


def run_of(token: str) -> StressRun:
    """The question of an address, without its answer.

    Raises:
        Http404: no question has that address.
    """
    run = StressRun.objects.defer("answer", "table").filter(token=token).first()
    if run is None:
        raise Http404
    return run


def ahead(run: StressRun) -> int:
    """How many questions are played before this one."""
    if run.state != StressRun.State.WAITING:
        return 0
    return StressRun.objects.waiting().filter(asked_at__lt=run.asked_at).count()


@lru_cache(maxsize=32)
def stress_of(token: str) -> Stress:
    """The answer of a question that is done, made again from its arrays; kept for the next reader."""
    run = StressRun.objects.get(token=token)
    request = run.request
    sets, ground = unpacked(bytes(run.answer or b"")), ground_of(run)
    alone = {name: sets[f"alone.{name}"] for name in request.levers if f"alone.{name}" in sets}
    return Stress(
        request=request, ground=ground, central=Player(with_levers(request, ()), ground).central(), ensemble=sets["base"],
        relieved=Player(request, ground).central() if request.levers else None, together=sets.get("together"), alone=alone,
    )  # fmt: skip


def library() -> dict[str, Any]:
    """The stories of shocks and levers, by name, for the form."""
    language = get_language() or "fr"
    return {
        "shock_stories": {name: one.stories[language] for name, one in shocks().items()},
        "lever_stories": {name: one.stories[language] for name, one in levers().items()},
    }


def titles(run: StressRun) -> dict[str, Any]:
    """What a question is about, in words."""
    language = get_language() or "fr"
    asked = run.request
    place = place_of(asked)
    return {
        "run": run, "place": place, "territory_url": link(place, "territory"), "choose_url": link(place, "resilience:choose"),
        "shock_titles": [shock(name).titles[language] for name in asked.shocks],
        "lever_titles": [lever(name).titles[language] for name in asked.levers], "asked": asked, "step": "anticipate", "reuse_told": reuse_told(asked),
    }  # fmt: skip


def result(token: str) -> dict[str, Any]:
    """The page of an answer, the day apart."""
    stress = stress_of(token)
    quantities = stress.table("quantities").to_dicts()
    rows = [row for row in stress.table("needs").to_dicts() if row["low_p10_share"] < 0.995]
    return {
        "stress": stress, "token": token, "needs": rows, "calm": len(needs()) - len(rows), "brief": stress.brief(), "story": stress.story(),
        "chain": [why(stress, link_) for link_ in stress.told.chain], "bottlenecks": _bottlenecks(stress),
        "levers": stress.table("levers").to_dicts(), "sensitivity": stress.table("sensitivity").to_dicts(), "metrics": metrics(stress),
        "outside_share": float(stress.ensemble.outside.mean()), "charts": ["whole", "least", *[row["need"] for row in rows]],
        "curve": curve(stress), "harvests": stress.table("harvests").to_dicts() if "drought" in str(stress.request.shocks) else [],
        "worst_day": worst_day(stress), "places": stress.table("places").to_dicts(),
        "quantities": quantities, "quantity_sources": _sources(quantities), "intensities": stress.table("intensities").to_dicts(),
        "agreements": _reserved(stress),
        "caveats": caveats(stress.ground, stress.request.shocks),
    }  # fmt: skip


def _sources(quantities: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Where the quantities come from, each source once, with the flows that it tells."""
    told: dict[str, list[str]] = {}
    for row in quantities:
        if row["required_per_day"] is not None:
            told.setdefault(row["source"], []).append(row["label"])
    return [{"labels": ", ".join(labels), "source": source} for source, labels in told.items()]


def _bottlenecks(stress: Stress) -> list[dict[str, Any]]:
    """The first bottlenecks that come most often."""
    return [row | {"told": chance(row["share"])} for row in stress.table("bottlenecks").head(6).to_dicts()]


def _reserved(stress: Stress) -> list[dict[str, Any]]:
    """What partners make beyond their own use, for the needs that an agreement of the question brings."""
    brought = {
        change["need"] for name in stress.request.levers for change in lever(name).changes if change["set"] == "relief"
    }
    return [row for row in stress.table("agreements").to_dicts() if row["need"] in brought]


def metrics(stress: Stress) -> list[dict[str, Any]]:
    """Quantiles of the metrics of the whole, in words: a share, a day, never, or a number."""
    found = []
    for name in WHOLE_METRICS:
        values = stress.ensemble.metric(f"whole.{name}")
        told = [_told(name, float(value)) for value in quantiles(values)]
        never = float(np.isinf(values).mean()) if len(values) else 0.0
        found.append(
            {"label": metric_label(name), "low": told[0], "median": told[1], "high": told[2], "never_share": never}
        )
    return found


def _told(name: str, value: float) -> str:
    from ressort.language import about, number, percent

    if np.isnan(value):
        return _("not defined")
    if np.isinf(value):
        return _("never")
    if name in ("low", "low_5_days", "level", "least_low"):
        return percent(value, 1)
    if name == "person_days":
        return about(value)
    return number(value, 0 if name in ("back_95", "back_99") else 2)


def curve(stress: Stress) -> list[dict[str, Any]]:
    """The table twin of the first chart: some days of the whole and of the least served need."""
    days = sorted({*range(0, min(31, stress.request.days), 2), *range(40, stress.request.days, 20)})
    low, median, high = stress.fan
    return [
        {"day": day, "low": float(low[-2, day]), "median": float(median[-2, day]), "high": float(high[-2, day]), "least": float(median[-1, day])}
        for day in days
    ]  # fmt: skip


def portfolio_price(run: StressRun) -> float | None:
    """Euros for one person-day avoided by the set found, None when it avoids nothing."""
    found = run.portfolio
    return found["cost_eur"] / found["avoided_person_days"] if found and found["avoided_person_days"] > 0 else None


def worst_day(stress: Stress) -> int:
    """The worst day of the run that the story tells."""
    return int(stress.told.curves[-2].argmin())


def day(token: str, number: int, need: str) -> dict[str, Any]:
    """Who lacks what on one day: by need for the territory, by commune for one need, with a map."""
    stress = stress_of(token)
    number = max(0, min(number, stress.request.days - 1))
    names = [one.name for one in needs()]
    served = stress.told.curves[: len(names), number]
    need = need if need in names else names[int(served.argmin())]
    frame = (
        lacking(stress, number)
        .select("code", "name", "population_people", lacking=need)
        .sort("lacking", descending=True)
    )
    language = get_language() or "fr"
    return {
        "day": number, "last_day": stress.request.days - 1, "told_days": "|".join(map(str, range(stress.request.days))), "need": need,
        "need_label": next(one.labels[language] for one in needs() if one.name == need),
        "need_choices": [(one.name, one.labels[language]) for one in needs()],
        "served": [
            {"label": one.labels[language], "share": float(share), "people": stress.ground.people * (1 - float(share)), "under": float(share) < one.vital_share - 0.005}
            for one, share in zip(needs(), served, strict=True)
        ],
        "communes": frame.head(LISTED).to_dicts(), "more_communes": max(0, frame.height - LISTED), "map": _map(stress, frame.to_dicts()),
    }  # fmt: skip


def _map(stress: Stress, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Communes shaded by how many people lack, in five classes of as many communes."""
    place = place_of(stress.request)
    drawn = locator(place)
    by_name = {row["name"]: row["lacking"] for row in rows}
    if drawn is None or len(drawn.pieces) != len(rows):
        return None
    order = sorted(by_name.values())
    pieces = []
    for piece in drawn.pieces:
        lack = by_name.get(piece.label.rpartition(" (")[0], by_name.get(piece.label, 0))
        level = min(CLASSES - 1, CLASSES * bisect_left(order, lack) // len(order)) if order[-1] else 0
        pieces.append({"path": piece.path, "label": piece.label, "lacking": lack, "level": level})
    top = order[-1]
    return {"view_box": drawn.view_box, "pieces": pieces, "top": top}
