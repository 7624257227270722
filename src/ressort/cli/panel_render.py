"""How the answers about a panel look in a terminal and in files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.text import Text

from ressort.cli.render import console, table
from ressort.core.panel import Lottery, Portrait, Quota, beacon, portrait, supply_of, write_table
from ressort.language import gettext as _
from ressort.language import named, number, percent
from ressort.panel import Feasibility, Question, changes_told


def quotas_csv(quotas: Sequence[Quota]) -> str:
    """Quotas as a table that `ressort panel` reads back."""
    rows = [[q.criterion, q.value, q.least, q.most, _plain(q.population_people)] for q in quotas]
    return write_table(["critere", "valeur", "min", "max", "population"], rows)


def feasibility(question: Question, found: Feasibility) -> None:
    """What any draw could give, value by value; or what to loosen."""
    seats, people = question.types.seats, len(question.pool)
    told = _("{seats} seats, {people} volunteers of {kinds} different kinds")
    console.print(
        Text(told.format(seats=seats, people=number(people), kinds=number(len(question.types))), style="bold")
    )
    for note in question.pool.notes:
        console.print(f"• {_(note.template).format(**note.facts)}")
    population = {(v.quota.criterion, v.quota.value): v.population_share for v in _portrait(question).values}
    shown = table(_("Criterion"), _("Value"), _("Population"), _("Volunteers"), _("Quota"), _("Any panel"))
    for row in _value_rows(question, found):
        any_panel = "–" if row["fewest"] is None else f"{row['fewest']}–{row['most']}"
        share = population[row["criterion"], row["value"]]
        quota = f"{row['quota_min']}–{row['quota_max']}"
        known = "–" if share is None else percent(share)
        shown.add_row(row["criterion"], row["value"], known, number(row["volunteers"]), quota, any_panel)
    console.print(shown)
    for said in found.seats_told:
        console.print(f"• {said}")
    if found.bounds is None:
        console.print(Text(_("No panel keeps to all the quotas at once. The smallest ways out:"), style="bold"))
        for way in found.relaxations:
            console.print(f"• {_('loosen {changes}').format(changes=changes_told(way))}")
        return
    console.print(_("A panel exists."))
    for people_named, sentence in (
        (found.forced, _("In every panel, whatever the draw: {ids}")),
        (found.impossible, _("In no panel, whatever the draw: {ids}")),
    ):
        if people_named:
            console.print("• " + sentence.format(ids=", ".join(people_named)))


def _value_rows(question: Question, found: Feasibility) -> list[dict[str, Any]]:
    supply = supply_of(question.pool, question.quotas)
    rows = []
    for place, quota in enumerate(question.quotas):
        fewest, most = (None, None) if found.bounds is None else map(int, found.bounds.quota_seats[place])
        rows.append(
            {
                "criterion": quota.criterion,
                "value": quota.value,
                "volunteers": supply[place],
                "quota_min": quota.least,
                "quota_max": quota.most,
                "fewest": fewest,
                "most": most,
            }
        )
    return rows


def feasibility_json(question: Question, found: Feasibility) -> dict[str, Any]:
    """The same for programs."""
    return {
        "feasible": found.bounds is not None,
        "seats": question.types.seats,
        "volunteers": len(question.pool),
        "kinds": len(question.types),
        "values": _value_rows(question, found),
        "problems": list(found.seats_told),
        "relaxations": [
            [{"criterion": c.criterion, "value": c.value, "bound": c.bound, "before": c.before, "after": c.after} for c in way.changes]
            for way in found.relaxations
        ],
        "in_every_panel": list(found.forced),
        "in_no_panel": list(found.impossible),
        "notes": [_(note.template).format(**note.facts) for note in question.pool.notes],
    }  # fmt: skip


def feasibility_csv(question: Question, found: Feasibility) -> str:
    """The values as a table."""
    rows = _value_rows(question, found)
    return write_table(list(rows[0]), [["" if cell is None else cell for cell in row.values()] for row in rows])


def _portrait(question: Question) -> Portrait:
    return portrait(question.pool, question.quotas, np.zeros(len(question.pool)))


def chances(question: Question, lottery: Lottery) -> None:
    """The chances in a few lines: extremes, the least favoured kinds, the quotas that hold them down."""
    each = lottery.chance_of_each(len(question.pool))
    told = portrait(question.pool, question.quotas, each)
    console.print(
        Text(
            _("Chances: from {lowest} to {highest}.").format(
                lowest=percent(told.lowest_chance_share, 1), highest=percent(told.highest_chance_share, 1)
            ),
            style="bold",
        )
    )
    console.print(_("Inequality of the chances (Gini): {gini}").format(gini=number(told.gini_share, 3)))
    console.print(
        _("No draw can raise the lowest one: at most {gap} is left to gain.").format(gap=percent(lottery.gap_share, 4))
    )
    shown = table(_("Least favoured"), _("Volunteers"), _("Chance"))
    types = lottery.types
    for kind in np.argsort(lottery.chances, kind="stable")[:5]:
        answers = question.pool.answers[types.members[kind][0]]
        shown.add_row(", ".join(answers), number(int(types.size[kind])), percent(float(lottery.chances[kind]), 1))
    console.print(shown)
    prices = lottery.target.quota_price_share
    for place in np.argsort(-prices.max(axis=1), kind="stable")[:3]:
        if prices[place].max() > 1e-6:
            bound = _("minimum") if prices[place, 0] >= prices[place, 1] else _("maximum")
            quota = question.quotas[place]
            said = _("One seat of room on the {bound} of {criterion}, {value} would raise the lowest chance by {gain}.")
            gain = percent(float(prices[place].max()), 2)
            console.print("• " + said.format(bound=bound, criterion=quota.criterion, value=quota.value, gain=gain))
    console.print(_("The chance of each volunteer: --csv, --json."), style="dim")


def chances_json(question: Question, lottery: Lottery, each: pl.DataFrame) -> dict[str, Any]:
    """The same for programs, volunteer by volunteer."""
    told = portrait(question.pool, question.quotas, lottery.chance_of_each(len(question.pool)))
    return {
        "lowest_chance_share": told.lowest_chance_share,
        "highest_chance_share": told.highest_chance_share,
        "geometric_mean_share": told.geometric_mean_share,
        "gini_share": told.gini_share,
        "gap_share": lottery.gap_share,
        "volunteers": each.to_dicts(),
        "quota_prices": [
            {"criterion": quota.criterion, "value": quota.value, "minimum_share": float(low), "maximum_share": float(high)}
            for quota, (low, high) in zip(question.quotas, lottery.target.quota_price_share, strict=True)
        ],
    }  # fmt: skip


def _representativity(question: Question, transcript: dict[str, Any]) -> None:
    counts = np.array([count for _number, count in transcript["counts"]]) / len(transcript["panels"])
    told = portrait(question.pool, question.quotas, counts, transcript["result"])
    shown = table(_("Criterion"), _("Value"), _("Population"), _("Pool"), _("Panel"))
    for value in told.values:
        shares = (value.population_share, value.pool_share, value.panel_share)
        shown.add_row(value.quota.criterion, value.quota.value, *("–" if s is None else percent(s) for s in shares))
    console.print(shown)


def frozen(folder: Path, document: dict[str, Any], lottery: Lottery) -> None:
    """What to read out, what to publish, what to keep."""
    console.print(Text(_("Frozen: {folder}").format(folder=folder), style="bold"))
    console.print(_("Fingerprint to read out and to publish before the draw:"))
    console.print(document["commitment_sha256"])
    chances = lottery.chances
    console.print(
        _("Chances: from {lowest} to {highest}.").format(
            lowest=percent(float(chances.min()), 1), highest=percent(float(chances.max()), 1)
        )
    )
    for name, use in (
        ("engagement.json", _("publish it before the draw")),
        ("verifier.py", _("publish it: anyone can check with it")),
        ("lignes.json", _("keep it: for sworn observers only, it holds answers")),
        ("numeros.csv", _("keep it: who bears which number")),
    ):
        console.print(f"  {named(name, use)}", soft_wrap=True)
    last = len(document["panels"]) - 1
    console.print(_("The draw is a number from {first} to {last}.").format(first="0" * len(str(last)), last=last))
    given = f"--dice {_('DIGITS')}"
    if (chance := document["commitment"]["chance"])["source"] == "drand":
        words = _("It comes from round {round} of drand, out on {moment} (universal time): {address}")
        which = chance["round"]
        moment = f"{beacon.out_at(which):%Y-%m-%d %H:%M:%S}"
        console.print(words.format(round=which, moment=moment, address=beacon.published_at(which)), soft_wrap=True)
        given = f"--beacon HEX --signature HEX --round {which}"
    console.print(
        _("Then: ressort panel draw {folder} {given}").format(folder=folder, given=given), style="dim", soft_wrap=True
    )


def panel(transcript: dict[str, Any], ids: dict[int, str], question: Question | None, target: Path | None) -> None:
    """The people drawn."""
    console.print(Text(_("Panel no. {number}").format(number=transcript["panel_number"]), style="bold"))
    total = len(transcript["panels"])
    counts = dict(map(tuple, transcript["counts"]))
    shown = table(_("Number"), _("Identifier"), _("Chance"))
    for person in transcript["result"]:
        shown.add_row(str(person), ids.get(person, ""), percent(counts[person] / total, 1))
    console.print(shown)
    if reserves := transcript["reserves"]:
        told = ", ".join(f"{number} {ids.get(number, '')}".strip() for number in reserves)
        console.print(_("Substitutes, in order: {people}").format(people=told), soft_wrap=True)
    if question is not None:
        _representativity(question, transcript)
    if transcript["chance"]["source"] == "seed":
        console.print(_("Drawn from a seed: it can be replayed, but proves nothing to the public."))
    if target is not None:
        console.print(_("Transcript: {path}").format(path=target), soft_wrap=True)


def panel_csv(transcript: dict[str, Any], ids: dict[int, str], question: Question | None) -> str:
    """The people drawn, with their answers when the volunteers were given."""
    total, counts = len(transcript["panels"]), dict(map(tuple, transcript["counts"]))
    answers: dict[int, tuple[str, ...]] = {}
    criteria: tuple[str, ...] = ()
    if question is not None:
        criteria = question.pool.criteria
        answers = dict(zip(question.pool.numbers, question.pool.answers, strict=True))
    rows = [[person, ids.get(person, ""), *answers.get(person, ()), counts[person] / total] for person in transcript["result"]]  # fmt: skip
    return write_table(["numero", "id", *criteria, "chance_share"], rows)


def verification(text: bytes, passed: list[str], wrong: str, has_rows: bool) -> None:
    """Each step that holds, then the one that does not."""
    names = {
        "fichier": _("the file is as it was published"),
        "engagement": _("the commitment is whole"),
        "listes figées": _("volunteers and panels are those that were frozen"),
        "panels et chances": _("panels have the right size, and chances are those published"),
        "lignes et quotas": _("rows are those sealed, every panel keeps to every quota"),
        "tirage": _("the result and the substitutes are those that chance chose"),
    }
    for step in passed:
        console.print(f"✓ {names[step]}")
    if wrong:
        console.print(Text(f"✗ {wrong}", style="bold red"))
        return
    document = json.loads(text)
    if not has_rows and "rows" not in document:
        console.print(
            _("Not checked: the quotas of each panel; the rows of the volunteers are not in this file (--rows).")
        )
    console.print(_("Fingerprint to compare with the one read out before the draw:"))
    console.print(document["commitment_sha256"])


def _plain(people: float | None) -> str:
    return "" if people is None else f"{people:.10g}"
