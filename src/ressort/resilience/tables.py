"""The tables of a stress: what every chart, page and file shows."""

from collections.abc import Callable

import numpy as np
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.core.resilience import quantiles
from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import lever, needs, shock
from ressort.resilience.agreement import surplus_rows
from ressort.resilience.collect import where_to_ask
from ressort.resilience.ground import LEVEL, economy
from ressort.resilience.inputs import kinds
from ressort.resilience.intensity_words import intensity_rows
from ressort.resilience.local_economy import multipliers, network_table
from ressort.resilience.one_run import WHOLE_METRICS, plan_of
from ressort.resilience.places import hit_places, named
from ressort.resilience.quantities import lacking_quantities
from ressort.resilience.readiness import ready_day, standing_share
from ressort.resilience.services import service_rows
from ressort.resilience.settings import DIE, REUSE_SHARE, laws
from ressort.resilience.stress import Stress, need_names
from ressort.resilience.words import branch_label, metric_label, principle_label


def build(stress: Stress, name: str) -> pl.DataFrame:
    """One table by name.

    Raises:
        UnknownCode: no table bears that name.
    """
    if name not in TABLES:
        raise UnknownCode("No table is called {name}; the tables are {choices}.", name=name, choices=list(TABLES))
    return TABLES[name](stress)


def need_label(name: str) -> str:
    """A need, the whole or the least, as people read it."""
    fixed = {"whole": _("All needs, weighted mean"), "least": _("The least served need")}
    if name in fixed:
        return fixed[name]
    return next(need.labels[current_language()] for need in needs() if need.name == name)


def _needs(stress: Stress) -> pl.DataFrame:
    """Who lacks what, from which day, how long: P10, P50, P90 over the runs."""
    people, rows = stress.ground.people, []
    for need in needs():
        low = quantiles(stress.ensemble.metric(f"{need.name}.low"))
        lost = quantiles(stress.ensemble.metric(f"{need.name}.lost_days"))
        under = quantiles(stress.ensemble.metric(f"{need.name}.days_under"))
        first = stress.ensemble.metric(f"{need.name}.first_under")
        start = quantiles(first)
        rows.append({
            "need": need.name, "label": need.labels[current_language()], "vital_share": need.vital_share, "low_p10_share": float(low[0]),
            "low_p50_share": float(low[1]), "low_p90_share": float(low[2]), "days_under_p10_days": float(under[0]),
            "days_under_p50_days": float(under[1]), "days_under_p90_days": float(under[2]),
            "first_day_p50_days": None if np.isnan(start[1]) else float(start[1]),
            "crossed_share": float(np.isfinite(first).mean()) if len(first) else None,
            "under_person_days_p50_days": float(under[1] * people), "under_person_days_p90_days": float(under[2] * people),
            "person_days_p10_days": float(lost[0] * people), "person_days_p50_days": float(lost[1] * people),
            "person_days_p90_days": float(lost[2] * people),
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _curves(stress: Stress) -> pl.DataFrame:
    """Share served by need and day: central run and quantiles of the ensemble."""
    names, days = need_names(), np.arange(stress.request.days)
    low, median, high = stress.fan
    return pl.concat(
        pl.DataFrame({
            "need": name, "label": need_label(name), "day_days": days, "central_share": np.clip(stress.central.curves[k], 0, 1),
            "p10_share": low[k], "p50_share": median[k], "p90_share": high[k],
        })
        for k, name in enumerate(names)
    )  # fmt: skip


def _metrics(stress: Stress) -> pl.DataFrame:
    """Quantiles of the metrics of the whole curve; inf is never, empty is undefined."""
    rows = []
    for name in WHOLE_METRICS:
        values = stress.ensemble.metric(f"whole.{name}")
        low, median, high = quantiles(values)
        rows.append({
            "metric": name, "label": metric_label(name), "p10_value": float(low), "p50_value": float(median), "p90_value": float(high),
            "never_share": float(np.isinf(values).mean()) if len(values) else None,
            "undefined_share": float(np.isnan(values).mean()) if len(values) else None,
        })  # fmt: skip
    return pl.DataFrame(rows).with_columns(pl.selectors.float().fill_nan(None))


def _levers(stress: Stress) -> pl.DataFrame:
    """Paired effects of levers on person-days lost, with cost, delay and who acts."""
    rows = []
    for name, effect in stress.lever_effects.items():
        known, members = (None, stress.request.levers) if name == "together" else (lever(name), (name,))
        standing = min(standing_share(stress.request, one) for one in members)
        rows.append({
            "lever": name, "label": known.titles[current_language()] if known else _("All these levers together"),
            "avoided_p10_days": effect.low, "avoided_p50_days": effect.median, "avoided_p90_days": effect.high,
            "helps_share": effect.helps_share, "cost_eur": stress.cost_cents(name) / 100,
            **{f"cost_eur_per_person_day{end}": None if np.isinf(price) else price / 100 for end, price in (
                ("", effect.price_cents), ("_p10", effect.price_low_cents), ("_p90", effect.price_high_cents))},
            "delay_days": max(lever(one).delay_days for one in members),
            "ready_day_days": max(ready_day(stress.request, one) for one in members),
            "in_time": standing == 1, "standing_share": standing,
            "who": known.who[current_language()] if known else "", "principles": ", ".join(principle_label(one) for one in known.principles) if known else "",
            "status": known.status if known else "hypothesis",
        })  # fmt: skip
    return pl.DataFrame(rows, schema=_LEVERS if not rows else None)


_LEVERS = {
    "lever": pl.String, "label": pl.String, "avoided_p10_days": pl.Float64, "avoided_p50_days": pl.Float64, "avoided_p90_days": pl.Float64,
    "helps_share": pl.Float64, "cost_eur": pl.Float64, "cost_eur_per_person_day": pl.Float64, "cost_eur_per_person_day_p10": pl.Float64,
    "cost_eur_per_person_day_p90": pl.Float64, "delay_days": pl.Int64, "ready_day_days": pl.Int64,
    "in_time": pl.Boolean, "standing_share": pl.Float64, "who": pl.String,
    "principles": pl.String, "status": pl.String,
}  # fmt: skip


def _bottlenecks(stress: Stress) -> pl.DataFrame:
    """How often each first bottleneck comes, over the runs inside the domain."""
    runs = stress.ensemble
    chains = [chain for chain, outside in zip(runs.chains, runs.outside, strict=True) if not outside]
    rows = []
    for chain in sorted(set(chains), key=lambda one: (-chains.count(one), one)):
        stopped, _sign, lacking = chain.partition("<")
        rows.append({
            "stopped": branch_label(stopped) if stopped else _("no industry stopped by an input"), "lacking": branch_label(lacking) if lacking else "",
            "share": chains.count(chain) / len(chains),
        })  # fmt: skip
    return pl.DataFrame(rows, schema={"stopped": pl.String, "lacking": pl.String, "share": pl.Float64})


def _chain(stress: Stress) -> pl.DataFrame:
    """The causal chain of the run that the story tells, from what stopped first up to its cause."""
    rows = []
    for link in stress.told.chain:
        place, _sign, code = link.industry.rpartition("/")
        supplier_place, _sign, supplier = link.supplier.rpartition("/")
        rows.append({
            "day_days": link.day, "where": named(place, stress.ground), "stopped": branch_label(code), "lacking": branch_label(link.product) if link.product else "",
            "left_share": link.ratio, "supplier": f"{branch_label(supplier)} ({named(supplier_place, stress.ground)})" if link.supplier else "",
            "through_share": link.supplier_share if link.supplier else None, "delivered_share": link.fill if link.supplier else None,
            "since_days": link.since_day if link.supplier else None,
        })  # fmt: skip
    schema = {
        "day_days": pl.Int64, "where": pl.String, "stopped": pl.String, "lacking": pl.String, "left_share": pl.Float64, "supplier": pl.String,
        "through_share": pl.Float64, "delivered_share": pl.Float64, "since_days": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _sensitivity(stress: Stress) -> pl.DataFrame:
    """Data to collect first: the hypotheses that drive the loss, and who could give a local figure."""
    rows = [
        {"hypothesis": name, "label": hypothesis_label(name), "weight_share": share, "rank_weight_share": weight, "ask": where_to_ask(name)}
        for name, share, weight in stress.sensitivity
    ]  # fmt: skip
    schema = {"hypothesis": pl.String, "label": pl.String, "weight_share": pl.Float64, "rank_weight_share": pl.Float64, "ask": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def hypothesis_label(name: str) -> str:
    """A drawn hypothesis as people read it."""
    kind, _sign, rest = name.partition(":")
    words = {
        "delta": _("size of the imports of the territory (exponent of the location quotients)"),
        "psi": _("share of the stock below which an input limits production"),
        "restock": _("speed at which stocks are ordered again"),
        "alpha_max": _("overproduction possible elsewhere"),
        "purse_days": _("savings of households, in days of spending"),
        "reuse": _("share of local currency spent again by those who receive it"),
        "harvest": _("which of the worst observed harvests comes"),
    }
    if kind in words:
        return words[kind]
    if kind == "home":
        return _("days kept at home: {need}").format(need=need_label(rest))
    if kind in ("stock", "essential"):
        made = [branch_label(code) for code, group in zip(branches(LEVEL), kinds().group, strict=True) if group == rest]
        text = _("days of stock: {input}") if kind == "stock" else _("how far work stops without: {input}")
        return text.format(input=made[0] if made else rest)
    title = shock(rest.rpartition(":")[0]).titles[current_language()]
    what = {
        "amount": _("size"),
        "duration": _("duration"),
        "recovery": _("time to recover"),
        "chance": _("chance that it follows"),
    }[kind]
    return _("{what} of the event: {title}").format(what=what, title=title)


def _hypotheses(stress: Stress) -> pl.DataFrame:
    """Every hypothesis drawn, with its bounds: change it where local data exist."""
    rows = [
        {
            "hypothesis": law.name,
            "label": hypothesis_label(law.name),
            "low": law.low,
            "central": law.central,
            "high": law.high,
            "status": "hypothesis",
        }
        for law in laws(plan_of(stress.request, stress.ground))
        if not law.name.startswith(DIE)
    ]
    if "local_currency" in stress.request.levers:
        low, central, high = stress.request.reuse or (REUSE_SHARE,) * 3
        status = "derived" if stress.request.reuse else "hypothesis"
        rows.append({"hypothesis": "reuse", "label": hypothesis_label("reuse"), "low": low, "central": central, "high": high, "status": status})  # fmt: skip
    return pl.DataFrame(rows)


def _harvests(stress: Stress) -> pl.DataFrame:
    """The worst observed harvests, weighted by the crop areas of the territory."""
    harvests = stress.ground.harvests.items()
    rows = [{"year": year, "here_share": here, "rest_share": rest} for year, (here, rest) in harvests]
    return pl.DataFrame(rows, schema={"year": pl.String, "here_share": pl.Float64, "rest_share": pl.Float64})


def lacking(stress: Stress, day: int) -> pl.DataFrame:
    """Who lacks what on one day of the told run: person-equivalents by commune and need; the same share is lent to every commune."""
    served = stress.told.curves[: len(needs()), day]
    columns = {
        need.name: [round(people * max(1 - float(share), 0.0)) for _c, _n, people in stress.ground.communes]
        for need, share in zip(needs(), served, strict=True)
    }
    return pl.DataFrame(
        {"code": [c for c, _n, _p in stress.ground.communes], "name": [n for _c, n, _p in stress.ground.communes],
         "population_people": [p for _c, _n, p in stress.ground.communes], **columns}
    )  # fmt: skip


def _multipliers(stress: Stress) -> pl.DataFrame:
    """Local multiplier and leakage of each branch of the territory."""
    return multipliers(stress.ground)


def _places(stress: Stress) -> pl.DataFrame:
    """Who is hit, place by place: the territory, its partners, the rest of France, the world."""
    return hit_places(stress.told, stress.ground, stress.request.weights, current_language())


def _quantities(stress: Stress) -> pl.DataFrame:
    """What lacks in cubic metres, kilograms and megawatt-hours, in the run that the story tells."""
    return lacking_quantities(stress.told.curves, stress.ground, current_language())


#: exponent of the location quotients where one value stands for all
CENTRAL_DELTA = 0.25
TABLES: dict[str, Callable[[Stress], pl.DataFrame]] = {
    "needs": _needs,
    "metrics": _metrics,
    "curves": _curves,
    "levers": _levers,
    "places": _places,
    "quantities": _quantities,
    "agreements": lambda stress: surplus_rows(stress.ground, economy(stress.ground, CENTRAL_DELTA)),
    "chain": _chain,
    "bottlenecks": _bottlenecks,
    "sensitivity": _sensitivity,
    "hypotheses": _hypotheses,
    "intensities": lambda stress: intensity_rows(stress.request, stress.ground),
    "harvests": _harvests,
    "continuity": service_rows,
    "multipliers": _multipliers,
    "network": lambda stress: network_table(stress.ground),
}
