"""The récit de choc: a dated story built from one run, the medoid. Each sentence bears the ids of the numbers it tells; nothing else is said."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from ressort.core.resilience import quantiles
from ressort.language import about, current_language, ngettext, number, percent
from ressort.language import gettext as _
from ressort.reference.resilience_library import lever, needs, shock
from ressort.resilience.causes import why
from ressort.resilience.intensity_words import intensities_of, origin_words, told_origins
from ressort.resilience.one_run import metric_names
from ressort.resilience.places import gaps
from ressort.resilience.readiness import standing_share
from ressort.resilience.stress import Stress
from ressort.resilience.tables import lacking, need_label
from ressort.resilience.words import chance

#: the story begins on that day; a date of fiction, as the method of imagined stories asks
FIRST_DAY = date(2035, 6, 1)
FEW = 0.995
#: below so many people, a number of people without is not told
FEW_PEOPLE = 2.0
MOST_COMMUNES = 3
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the ids of its numbers: `metric`, `need@day`, `event:name`, `branch@day`."""

    text: str
    ids: tuple[str, ...]
    heading: str = ""


def story(stress: Stress) -> list[Sentence]:
    """The sentences of the story, in order."""
    start = _start(stress)
    found: list[Sentence | None] = [_opening(stress, start), _intensity(stress)]
    found += [_day(stress, start, after) for after in (0, 1, 3)]
    found += [
        _first_stop(stress),
        _worst(stress),
        _where(stress),
        _thresholds(stress),
        _help(stress),
        _return(stress),
        _level(stress),
    ]
    found += _levers(stress)
    found += [_doubt(stress), _limits(stress)]
    return [sentence for sentence in found if sentence is not None]


def told_day(day: int) -> str:
    """A day of the run as a date of the story."""
    when = FIRST_DAY + timedelta(days=day)
    if current_language() == "fr":
        return f"{'1er' if when.day == 1 else when.day} {MONTHS[when.month - 1]} {when.year}"
    return f"{when:%d %B %Y}".lstrip("0")


def _start(stress: Stress) -> int:
    """The first day on which the told run falls, else the first day of the event."""
    low = np.flatnonzero(stress.told.curves[-1] < FEW)
    starts = [
        stress.request.start_day + effect.start_day for name in stress.request.shocks for effect in shock(name).effects
    ]
    return int(low[0]) if len(low) else min(starts, default=0)


def _titles(stress: Stress) -> str:
    return ", ".join(shock(name).titles[current_language()] for name in stress.request.shocks)


def _opening(stress: Stress, start: int) -> Sentence:
    stories = " ".join(shock(name).stories[current_language()] for name in stress.request.shocks)
    text = _("{place}, {people} inhabitants. {story}").format(
        place=stress.ground.name, people=number(stress.ground.people), story=stories
    )
    heading = _("{date}: {title}").format(date=told_day(start), title=_titles(stress))
    return Sentence(text, ("population", *(f"event:{name}" for name in stress.request.shocks)), heading)


def _intensity(stress: Stress) -> Sentence:
    """Where the size of each event comes from, local figures named."""
    rows = intensities_of(stress.request, stress.ground)
    local = dict.fromkeys(origin_words(row, stress.ground) for row in rows if row.origin == "local")
    text = " ".join([told_origins(rows, stress.ground), *(f"{one[0].upper()}{one[1:]}." for one in local)])
    return Sentence(text, tuple(f"intensity:{row.shock}.{row.number}" for row in rows))


def _day(stress: Stress, start: int, after: int) -> Sentence | None:
    day = start + after
    if day >= stress.request.days:
        return None
    curves = stress.told.curves[: len(needs()), day]
    worst = int(curves.argmin())
    if curves[worst] >= FEW:
        return None
    need = needs()[worst]
    without = stress.ground.people * (1 - float(curves[worst]))
    told = _("The least served need ({need}) gets {share} of what is required; it is as if {people} people had none.")
    if without < FEW_PEOPLE:
        told = _("The least served need ({need}) gets {share} of what is required.")
    text = told.format(
        need=need.labels[current_language()].lower(),
        share=percent(float(curves[worst])),
        people=about(without),
    )
    heading = _("Day +{n} ({date})").format(n=after, date=told_day(day))
    return Sentence(text, (f"{need.name}@{day}", "population"), heading)


def _first_stop(stress: Stress) -> Sentence | None:
    chain = stress.told.chain
    if not chain:
        return None
    text = " ".join(why(stress, link) for link in chain[:3])
    ids = tuple(f"{link.industry}@{link.day}" for link in chain[:3])
    return Sentence(
        text, ids, _("First stop, day {day} ({date})").format(day=chain[0].day, date=told_day(chain[0].day))
    )


def _worst(stress: Stress) -> Sentence | None:
    whole = stress.told.curves[-2]
    day = int(whole.argmin())
    if whole[day] >= FEW:
        return None
    text = _("All needs together, {share} of what is required is served.").format(share=percent(float(whole[day]), 1))
    return Sentence(
        text, (f"whole@{day}", "whole.low"), _("Worst day, day {day} ({date})").format(day=day, date=told_day(day))
    )


def _where(stress: Stress) -> Sentence | None:
    """The communes where most people lack the least served need on the worst day."""
    day = int(stress.told.curves[-2].argmin())
    need = needs()[int(stress.told.curves[: len(needs()), day].argmin())]
    rows = lacking(stress, day).sort(need.name, "code", descending=[True, False]).head(MOST_COMMUNES).to_dicts()
    if stress.told.curves[-2][day] >= FEW or len(stress.ground.communes) < 2 or rows[0][need.name] < FEW_PEOPLE:
        return None
    parts = [
        _("{commune}, {people}").format(commune=row["name"], people=about(row[need.name]))
        for row in rows
        if row[need.name]
    ]
    text = _(
        "As many people as if they had none ({need}): {communes}. The same share is lent to every commune."
    ).format(need=need.labels[current_language()].lower(), communes=_("; ").join(parts))
    return Sentence(text, (f"{need.name}@{day}", *(f"commune:{row['code']}" for row in rows if row[need.name])))


def _thresholds(stress: Stress) -> Sentence | None:
    parts, ids = [], []
    for need in needs():
        days = _metric(stress, f"{need.name}.days_under")
        if days > 0:
            first = int(_metric(stress, f"{need.name}.first_under"))
            told = ngettext(
                "{need}: {days} day under {vital}, from day {first}",
                "{need}: {days} days under {vital}, from day {first}",
                days,
            )
            parts.append(told.format(
                need=need.labels[current_language()], days=number(days), vital=percent(need.vital_share), first=first))  # fmt: skip
            ids += [f"{need.name}.days_under", f"{need.name}.first_under"]
    if not parts:
        return Sentence(_("No need falls under its vital threshold in this run."), ("days_under",))
    return Sentence(_("; ").join(parts) + ".", tuple(ids), _("Under the vital thresholds"))


def _help(stress: Stress) -> Sentence | None:
    delays = [
        change
        for name in stress.request.levers
        for change in lever(name).changes
        if change["set"] == "relief" and _lacks(stress, change["need"])
    ]
    if not delays:
        return None
    if stress.ground.partners:
        return _agreement(stress, delays)
    parts = [
        _("{share} of the lack of {need}, {days} days after it begins").format(
            share=percent(one["share"]), need=need_label(one["need"]).lower(), days=one["delay_days"])
        for one in delays
    ]  # fmt: skip
    text = _(
        "With the agreement asked for, a partner brings: {parts}. A hypothesis, since no partner is named."
    ).format(parts=_("; ").join(parts))
    return Sentence(text, ("lever:relief",), _("First help"))


def _lacks(stress: Stress, name: str) -> bool:
    """Does a need lack on some day of the told run?"""
    place = [need.name for need in needs()].index(name)
    return bool(stress.told.curves[place].min() < FEW)


def _agreement(stress: Stress, delays: list[dict[str, Any]]) -> Sentence:
    """What the named partners make beyond their own use, beside what is required here."""
    held = stress.table("agreements").group_by("need").agg(pl.col("cover_share").sum())
    cover = {str(need): float(share or 0.0) for need, share in held.iter_rows()}
    partners = ", ".join(one.name for one in stress.ground.partners)
    parts = [
        _("{need}: {cover} of what is required here, for up to {share} of the lack after {days} days").format(
            need=need_label(one["need"]), cover=percent(cover.get(one["need"], 0.0), 1), share=percent(one["share"]), days=one["delay_days"])
        for one in delays
    ]  # fmt: skip
    text = _("Beyond its own use, {partners} makes: {parts}. Hit by the same shock, it gives less.").format(
        partners=partners, parts=_("; ").join(parts)
    )
    return Sentence(text, tuple(f"agreement:{one['need']}" for one in delays), _("First help"))


def _return(stress: Stress) -> Sentence:
    back = _metric(stress, "whole.back_95")
    if np.isnan(back):
        return Sentence(_("All needs together never fall under 95 %."), ("whole.back_95",), _("Return"))
    if np.isinf(back):
        text = _("Within {days} days, the mean of all needs does not come back above 95 % for good.").format(
            days=stress.request.days
        )
        return Sentence(text, ("whole.back_95",), _("Return"))
    text = _("The mean of all needs is back above 95 % for good on day {day} ({date}).").format(
        day=int(back), date=told_day(int(back))
    )
    return Sentence(text, ("whole.back_95",), _("Return"))


def _level(stress: Stress) -> Sentence:
    text = _("Over the last thirty days, {share} of what is required is served.").format(
        share=percent(_metric(stress, "whole.level"), 1)
    )
    return Sentence(text, ("whole.level",), _("New level"))


def _levers(stress: Stress) -> list[Sentence]:
    found = []
    for name, effect in stress.lever_effects.items():
        title = _("All these levers together") if name == "together" else lever(name).titles[current_language()]
        share = 1.0 if name == "together" else standing_share(stress.request, name)
        if share == 0:
            text = _(
                "Not ready in time: it takes {delay} days and was decided {lead} days before day 0. It counts for nothing here."
            ).format(delay=number(lever(name).delay_days), lead=number(stress.request.lead_days))
            found.append(Sentence(text, (f"lever:{name}",), _("And if: {lever}").format(lever=title)))
            continue
        told = _(
            "{median} person-days of lack avoided ({low} to {high}); it helps in {share} of the runs; about {cost} €."
        )
        if abs(effect.median) < FEW_PEOPLE:
            told = _(
                "Hardly any person-day of lack avoided in the middle run ({low} to {high}); it helps in {share} of the runs; about {cost} €."
            )
        text = told.format(
            median=about(effect.median), low=about(effect.low), high=about(effect.high), share=chance(effect.helps_share),
            cost=about(stress.cost_cents(name) / 100),
        )  # fmt: skip
        if share < 1:
            part = _(
                "It grows little by little: {share} of it stands when the shock begins; the whole cost is counted."
            )
            text += " " + part.format(share=percent(share))
        found.append(Sentence(text, (f"lever:{name}", "whole.person_days"), _("And if: {lever}").format(lever=title)))
    return found


def _doubt(stress: Stress) -> Sentence:
    low, median, high = quantiles(stress.ensemble.metric("whole.person_days"))
    text = _(
        "Over {runs} runs: {median} person-days of lack ({low} to {high}, P10–P90); the story tells run {medoid}, the nearest to all the others."
    ).format(runs=stress.request.runs, median=about(median), low=about(low), high=about(high), medoid=stress.medoid)
    return Sentence(text, ("whole.person_days", "medoid"), _("How sure it is"))


def _limits(stress: Stress) -> Sentence:
    text = _(
        "Not known, and not in this story: housing destroyed, deaths and injuries, panic, what neighbours would really do. Every figure of behaviour is a hypothesis."
    )
    text = " ".join([text, *gaps(stress.ground, stress.request.shocks)])
    outside = float(stress.ensemble.outside.mean())
    if outside > 0:
        text += " " + _("{share} of the runs left the model's domain and are not counted.").format(
            share=percent(outside, 1)
        )
    return Sentence(text, ("outside",))


def _metric(stress: Stress, name: str) -> float:
    return float(stress.told.metrics[metric_names().index(name)])
