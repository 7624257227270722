"""How answers of `ressort stress` are printed: story, needs, levers, places, portfolios, the library."""

import argparse
from typing import TYPE_CHECKING, Any

from ressort.language import current_language
from ressort.language import gettext as _

if TYPE_CHECKING:
    import polars as pl

    from ressort.core.resilience import Portfolio
    from ressort.resilience import Stress

Options = argparse.Namespace


def show_portfolio(found: "Portfolio", people: float, options: Options) -> int:
    """The levers chosen, what they cost and avoid."""
    from ressort.cli.commands import print_json
    from ressort.cli.render import grid
    from ressort.language import about
    from ressort.reference.resilience_library import lever

    if options.json:
        told = {"levers": list(found.levers), "cost_eur": found.cost_cents / 100, "avoided_person_days": found.avoided}
        print_json(told | {"bound_person_days": found.bound, "sets_played": found.plays})
        return 0
    chosen = [lever(name) for name in found.levers]
    grid(
        [_("Lever"), _("Cost, €")],
        [[one.titles[current_language()], about(one.cost_eur_per_people.central * people)] for one in chosen],
    )
    text = _(
        "{avoided} person-days avoided for {cost} €; no set is above {bound} if effects only fall together (not proven); {plays} sets played."
    )
    print(
        text.format(
            avoided=about(found.avoided),
            cost=about(found.cost_cents / 100),
            bound=about(found.bound),
            plays=found.plays,
        )
    )
    return 0


def show_sensitivity(found: "pl.DataFrame") -> None:
    """The hypotheses whose study would change the answer most."""
    from ressort.cli.render import grid
    from ressort.language import about, percent

    rows = [
        [row["label"], "–" if row["total_share"] is None else percent(row["total_share"]), "–" if row["first_share"] is None else percent(row["first_share"]),
         about(row["strength_person_days"]), about(row["spread_person_days"])]
        for row in found.head(12).to_dicts()
    ]  # fmt: skip
    grid(
        [
            _("Data to collect first"),
            _("Total index"),
            _("Alone"),
            _("Effect, person-days (mu*)"),
            _("Its spread (sigma)"),
        ],
        rows,
    )


def show(found: "Stress") -> None:
    """The story, then needs at risk and levers."""
    from rich.text import Text

    from ressort.cli.render import console, grid
    from ressort.core.resilience import MOST_OUTSIDE_SHARE
    from ressort.language import about, number, percent

    if not found.publishable:
        text = _("{share} of the runs left the model's domain, more than {most}: this ensemble must not be published.")
        console.print(
            Text(
                text.format(share=percent(found.ensemble.outside.mean()), most=percent(MOST_OUTSIDE_SHARE)),
                style="bold",
            )
        )
    _tell(found)
    rows = [
        [row["label"], percent(row["low_p50_share"]), percent(row["low_p10_share"]), number(row["days_under_p50_days"]), percent(row["crossed_share"] or 0)]
        for row in found.table("needs").to_dicts() if row["low_p10_share"] < 0.995
    ]  # fmt: skip
    grid(
        [_("Need"), _("Lowest (P50)"), _("Lowest (P10)"), _("Days under its threshold"), _("Runs that cross it")], rows
    )
    levers = found.table("levers").to_dicts()
    if levers:
        grid([_("Lever"), _("Person-days avoided"), _("Helps in"), _("Cost, €"), _("€ per person-day"), _("Delay, days"), _("Who acts"), _("Principles (CEREMA)")],
             [[row["label"], f"{about(row['avoided_p50_days'])} ({about(row['avoided_p10_days'])} – {about(row['avoided_p90_days'])})", percent(row["helps_share"]),
               about(row["cost_eur"]), _price(row), number(row["delay_days"]), row["who"], row["principles"]] for row in levers])  # fmt: skip
    if found.ground.partners:
        _show_places(found)
    weights = found.table("sensitivity").to_dicts()
    if weights:
        grid(
            [_("Data to collect first"), _("Weight in the loss")],
            [[row["label"], percent(row["weight_share"])] for row in weights],
        )
    if not found.converged:
        console.print(Text(_("The medians of two halves of the runs still differ: ask for more runs.")))


def _tell(found: "Stress") -> None:
    """The brief, then the story."""
    from rich.text import Text

    from ressort.cli.render import console

    for sentence in found.brief():
        console.print(Text(f"• {sentence}"))
    for one in found.story():
        if one.heading:
            console.print(Text(one.heading, style="bold"))
        console.print(Text(one.text))


def _price(row: "dict[str, Any]") -> str:
    """Euros for a person-day avoided: median, then from the best to the worst of eight chances in ten; a dash where nothing is avoided."""
    from ressort.language import rounded

    low, median, high = (row[f"cost_eur_per_person_day{end}"] for end in ("_p10", "", "_p90"))
    told = ["–" if one is None else rounded(one) for one in (median, low, high)]
    return f"{told[0]} ({told[1]} – {told[2]})"


def _show_places(found: "Stress") -> None:
    """Who is hit among the territory, its partners, the rest of France and the world."""
    from ressort.cli.render import grid
    from ressort.language import about, number, percent

    rows = [
        [row["place"], row["least_need"] or "", "" if row["least_share"] is None else percent(row["least_share"], 1),
         "" if row["person_days"] is None else about(row["person_days"]), number(row["output_lost_days"], 2)]
        for row in found.table("places").to_dicts()
    ]  # fmt: skip
    grid([_("Where"), _("Least served need"), _("Lowest"), _("Person-days of lack"), _("Output lost, days")], rows)


def library() -> int:
    """The shocks, levers and needs of the library."""
    from ressort.cli.render import grid
    from ressort.reference.resilience_library import levers, needs, shocks
    from ressort.resilience.words import principle_label

    language = current_language()
    grid(
        [_("Shock"), _("What it is")],
        [[name, f"{one.titles[language]}: {one.stories[language]}"] for name, one in shocks().items()],
    )
    grid(
        [_("Lever"), _("What it is"), _("Principles (CEREMA)"), _("Who acts"), _("Delay, days")],
        [
            [
                name,
                f"{one.titles[language]}: {one.stories[language]}",
                ", ".join(map(principle_label, one.principles)),
                one.who[language],
                str(one.delay_days),
            ]
            for name, one in levers().items()
        ],
    )
    grid([_("Need"), _("What it is")], [[need.name, need.labels[language]] for need in needs()])
    return 0
