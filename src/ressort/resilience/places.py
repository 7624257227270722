"""Who is hit, place by place: the territory, its partners, the rest of France, the world."""

from typing import Any

import numpy as np
import polars as pl

from ressort.core.resilience import Run, curve_metrics, overall
from ressort.language import gettext as _
from ressort.language import number
from ressort.reference.resilience_library import needs, shock
from ressort.resilience.ground import HERE, Ground
from ressort.resilience.one_run import OneRun, needs_served
from ressort.resilience.words import branch_label

#: below so many inhabitants, the structure of jobs that is lent says little
SMALL_PEOPLE = 2_000
SCHEMA = {
    "place": pl.String, "role": pl.String, "population_people": pl.Float64, "least_need": pl.String, "least_share": pl.Float64,
    "least_day_days": pl.Int64, "person_days": pl.Float64, "output_low_share": pl.Float64, "output_low_day_days": pl.Int64,
    "output_lost_days": pl.Float64,
}  # fmt: skip


def hit_places(told: OneRun, ground: Ground, weights: tuple[float, ...], language: str) -> pl.DataFrame:
    """One row a place, in the run that the story tells: least served need, person-days lost, output lost.

    The world has no inhabitants here: only what it sells to France is known of it.
    """
    run = told.run
    if run is None:
        return pl.DataFrame(schema=SCHEMA)
    rows = []
    for place, name in enumerate(run.economy.regions):
        row = {"place": named(name, ground), "role": _role(place, ground)} | _output(run, place)
        if place < ground.world:
            row |= _people(told, run, ground, place, weights, language)
        rows.append(row)
    return pl.DataFrame(rows, schema=SCHEMA)


def caveats(ground: Ground, shocks: tuple[str, ...]) -> list[str]:
    """What the figures of this territory do not allow, in words that a page shows: table, jobs, then what is missing."""
    lent = _(
        "Jobs: structure of each département ({codes}) in 2018, lent by population and split by branch as in France: estimated."
    )
    if ground.country == "BE":
        lent = _(
            "Jobs: structure of each arrondissement ({codes}) in 2018, lent by population and split by branch as in France: estimated."
        )
    if ground.jobs_year:
        lent = _(
            "Jobs: private employees of the communes in {year} (Urssaf), brought to all who work; farms and public services are lent from {codes}."
        )
    codes = ", ".join(code.rpartition(":")[2] for code in ground.departements)
    return [table_words(ground), lent.format(codes=codes, year=ground.jobs_year), *gaps(ground, shocks)]


def gaps(ground: Ground, shocks: tuple[str, ...]) -> list[str]:
    """What is missing or lent for this territory, apart from what holds for all."""
    found = []
    if ground.table_told.startswith("stand_in"):
        found.append(table_words(ground))
    if ground.country == "BE":
        found.append(
            _(
                "Belgium: what people eat is Belgian; energy of homes, wages by branch and crop areas are not held; wages are those of France."
            )
        )
    if ground.people < SMALL_PEOPLE:
        found.append(
            _("Fewer than {count} inhabitants: nearly everything is brought from outside and the few jobs are those of a mean département. "
              "Read the intercommunality or the living area rather.").format(count=number(SMALL_PEOPLE))
        )  # fmt: skip
    if ground.is_overseas:
        found.append(
            _(
                "Overseas: the national table describes France as a whole. What comes by sea or by air, and networks that are linked to no "
                "other, are not told apart: read these results as a first sketch."
            )
        )
    drought = any("drought" in (name, *(follow.shock for follow in shock(name).then)) for name in shocks)
    if drought and not ground.harvests:
        found.append(
            _("No series of harvests is held for this region: the loss of harvest of the drought is not counted.")
        )
    return [*found, *_not_local(ground, shocks)]


def _not_local(ground: Ground, shocks: tuple[str, ...]) -> list[str]:
    """What no local figure tells of the events asked for, and how to give one."""
    told = {
        "road_cut": _("No figure of the roads and traffic here is held: how much cannot pass is a national hypothesis. Give yours with road_cut.0=0.5."),
        "hospital_closure": _hospital_words(ground), "employer_closure": _employer_words(ground),
    }  # fmt: skip
    return [told[name] for name in shocks if told.get(name)]


def _hospital_words(ground: Ground) -> str:
    if "hospital" not in ground.largest:
        return _("No figure of the hospitals here is held: how much care stops is a national hypothesis. `ressort data sync establishments_commune` "
                 "brings one, or give yours with hospital_closure.0=0.6.")  # fmt: skip
    if not ground.largest["hospital"].branch:
        return _("No hospital with staff is listed here (Insee, Sirene): nothing closes, and nothing lacks in this answer. Take a territory that "
                 "holds one, or give the share of care that stops with hospital_closure.0=0.6.")  # fmt: skip
    return ""


def _employer_words(ground: Ground) -> str:
    if "first_employer" not in ground.largest:
        industry = branch_label(ground.largest_industry)
        return _("The first employer is not known by name: the largest industrial branch here ({branch}) stands for it. `ressort data sync establishments_commune` "
                 "tells its size, or give the share that closes with employer_closure.0=0.4.").format(branch=industry.lower())  # fmt: skip
    if not ground.largest["first_employer"].branch:
        return _("No industrial establishment with staff is listed here (Insee, Sirene): nothing closes, and nothing lacks in this answer. "
                 "Give the share that closes with employer_closure.0=0.4.")  # fmt: skip
    return ""


def table_words(ground: Ground) -> str:
    """Which input-output table is in use, with its producer and year."""
    if not ground.table_told:
        return _("Input-output table: one’s own, given with the question.")
    kind, producer, year, retrieved = ground.table_told.split("|")
    if kind == "stand_in":
        return _(
            "Input-output table: that of France in {year} ({producer}), brought to the size of Belgium by its jobs: a stand-in, until "
            "`ressort data sync io_table_be` brings the Belgian one."
        ).format(year=year, producer=producer)
    if kind == "synced":
        return _("Input-output table: {producer}, year {year}, fetched on {day}.").format(
            producer=producer, year=year, day=retrieved
        )
    return _(
        "Input-output table: {producer}, year {year}, shipped with Ressort; `ressort data sync io_table_fr` brings a newer one."
    ).format(producer=producer, year=year)


def named(region: str, ground: Ground) -> str:
    """A region of the economy as people read it."""
    rest = _("Rest of France") if ground.country == "FR" else _("Rest of Belgium")
    return {ground.country_name: rest, "world": _("World")}.get(region, region)


def _role(place: int, ground: Ground) -> str:
    if place == HERE:
        return _("territory")
    return _("partner") if place < ground.rest else _("elsewhere")


def _output(run: Run, place: int) -> dict[str, Any]:
    sectors = len(run.economy.sectors)
    inside = slice(place * sectors, (place + 1) * sectors)
    made = run.track.production[:, inside].sum(1) / run.plan.output[inside].sum()
    metrics = curve_metrics(made)
    return {
        "output_low_share": float(made.min()),
        "output_low_day_days": int(made.argmin()),
        "output_lost_days": float(metrics.lost_days),
    }


def _people(
    told: OneRun, run: Run, ground: Ground, place: int, weights: tuple[float, ...], language: str
) -> dict[str, Any]:
    if place == ground.rest:
        inside = sum(one.people_share for one in (ground, *ground.partners))
        people = ground.people / ground.people_share * (1 - inside)
    else:
        people = (ground, *ground.partners)[place].people
    curves = told.curves[: len(needs())] if place == HERE else needs_served(run, told.settings, place)
    mean, least = overall(curves, np.array(weights or (1.0,) * len(needs())))
    day = int(least.argmin())
    need = needs()[int(curves[:, day].argmin())]
    return {
        "population_people": people, "least_need": need.labels[language], "least_share": float(least[day]), "least_day_days": day,
        "person_days": people * float(np.maximum(1 - mean, 0.0).sum()),
    }  # fmt: skip
