"""`ressort energy`: what a territory uses and makes, what it could make, the flows that match, and who would earn."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from ressort.cli.flows import flow_options, write_flows
from ressort.language import LANGUAGES
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.energy import EnergyOf, Scenario

Options = argparse.Namespace
LEVERS = {
    "--roofs": "roofs_share",
    "--wind": "wind_share",
    "--biogas": "biogas_share",
    "--saved": "saved_share",
}
OWN = {
    "--roofs-kw": "roofs_kw",
    "--wind-kw": "wind_kw",
    "--biogas-mwh": "biogas_mwh",
    "--wood-mwh": "wood_mwh",
    "--wood-use-mwh": "wood_use_mwh",
}


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort energy`."""
    text = _("energy used and made, what could be, the flows that match, who would earn")
    parser = kinds.add_parser("energy", help=text, description=text)
    parser.set_defaults(command=energy)
    parser.add_argument("territory", nargs="+", help=_("a name or a code"))
    parser.add_argument("--year", default="", help=_("year of use and production (the last one known by default)"))
    parser.add_argument(
        "--scenario",
        default="today",
        metavar=_("NAME"),
        help=_("today, sober, roofs, shared, whole (today by default)"),
    )
    _levers_words(parser)
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
    told = _(
        "answer one table in CSV: balance (by default), use, production, potential, return, hypotheses, series, flows"
    )
    flow_options(parser.add_mutually_exclusive_group(), "balance", told)


def _levers_words(parser: argparse.ArgumentParser) -> None:
    """The words of the levers, of the territory's own figures, of who owns."""
    helps = {
        "--roofs": _("part of the potential of roofs that is built, 0 to 1"),
        "--wind": _("part of the potential of wind that is built, 0 to 1"),
        "--biogas": _("part of the potential of biogas that is built, 0 to 1"),
        "--saved": _("part of today's use that is saved, 0 to 1"),
        "--roofs-kw": _("your own potential of roofs, in kilowatts"),
        "--wind-kw": _("your own potential of wind, in kilowatts"),
        "--biogas-mwh": _("your own potential of biogas, in megawatt-hours a year"),
        "--wood-mwh": _("wood that could be gathered here, in megawatt-hours a year"),
        "--wood-use-mwh": _("wood used here, in megawatt-hours a year"),
    }
    for option, lever in (LEVERS | OWN).items():
        parser.add_argument(option, dest=lever, type=_number, metavar=_("NUMBER"), help=helps[option])
    for who, told in (
        ("authority", _("part of what is built that the local authority owns, 0 to 1")),
        ("citizens", _("part of what is built that inhabitants own, 0 to 1")),
    ):
        parser.add_argument(f"--{who}", type=_number, default=0.0, metavar=_("NUMBER"), help=told)
    told = _("a hypothesis of yours on who earns, as wind.investment=1200 or roofs.return=0.04; may be repeated")
    parser.add_argument("--hypothesis", action="append", default=[], metavar=_("NAME=NUMBER"), help=told)


def _number(text: str) -> float:
    """A number, with a point or a comma."""
    return float(text.replace(",", "."))


_number.__name__ = "number"


def energy(options: Options) -> int:
    """Answer in the shape asked for."""
    from ressort.cli.commands import prepare
    from ressort.energy import Owners, energy_of, read_hypotheses

    prepare()
    owners = Owners(*(round(part * 10_000) for part in (options.authority, options.citizens)))
    own_terms = read_hypotheses(options.hypothesis)
    return _answer(energy_of(" ".join(options.territory), options.year, _levers(options), owners, own_terms), options)


def _levers(options: Options) -> "Scenario":
    from ressort.energy import scenario

    return scenario(options.scenario, **{lever: getattr(options, lever) for lever in (LEVERS | OWN).values()})


def _answer(found: "EnergyOf", options: Options) -> int:
    from ressort.core.errors import UnknownCode
    from ressort.energy import TABLES, flows_geojson

    if options.json:
        print(json.dumps(_as_dict(found), ensure_ascii=False, indent=2, allow_nan=False))
    elif options.csv:
        if options.csv not in TABLES:
            raise UnknownCode(
                "{name} is not a table; the tables are {choices}.", name=options.csv, choices=list(TABLES)
            )
        sys.stdout.write(TABLES[options.csv](found).write_csv())
    elif not write_flows(options, lambda: flows_geojson(found), lambda: TABLES["flows"](found)):
        _show(found)
    return 0


def _as_dict(found: "EnergyOf") -> dict[str, Any]:
    from ressort.energy import as_dict

    return as_dict(found)


def _show(found: "EnergyOf") -> None:
    from ressort.cli.render import console
    from ressort.energy.words import missing, summary

    console.print(f"[bold]{found.territory.label}[/bold] – {found.levers.label or _('Today')}")
    for sentence in summary(found):
        console.print(f"• {sentence}")
    _balances(found)
    _made(found)
    _potentials(found)
    _moves(found)
    _returns(found)
    console.print(f"[bold]{_('What is not known')}[/bold]")
    for line in missing(found):
        console.print(f"• {line}")


def _balances(found: "EnergyOf") -> None:
    from ressort.cli.render import console, table
    from ressort.energy import CARRIERS, SIDES
    from ressort.energy.words import carrier_label, side_label, told

    for carrier in (*CARRIERS, "wood") if found.levers.wood_mwh is not None else CARRIERS:
        shown = table(carrier_label(carrier), _("In a year"))
        for name in SIDES:
            shown.add_row(side_label(name), told(found.side(carrier, name)))
        console.print(shown)


def _made(found: "EnergyOf") -> None:
    from ressort.cli.render import console, table
    from ressort.energy import ALL
    from ressort.energy.words import carrier_label, sector_label, source_label, told

    shown = table(_("Today"), _("Energy in a year"), _("Year"), _("Status"))
    for (carrier, sector), one in found.uses.items():
        if one.known:
            shown.add_row(f"{carrier_label(carrier)}, {sector_label(sector)}", told(one), one.year, _(one.status))
    for (_carrier, source), one in found.production.items():
        if one.known:
            shown.add_row(source_label(source), told(one), one.year, _(one.status))
    console.print(shown)
    if found.context is not None and found.context.uses["electricity", ALL].known:
        console.print(_("By sector, see {name}.").format(name=found.context.territory.label))


def _potentials(found: "EnergyOf") -> None:
    from ressort.cli.render import console
    from ressort.energy import resources
    from ressort.energy.words import potential_sentence

    console.print(f"[bold]{_('Potential')}[/bold]")
    for key in resources():
        console.print(f"• {potential_sentence(found, key)}")


def _moves(found: "EnergyOf") -> None:
    from ressort.cli.render import console, table
    from ressort.energy.words import amount, carrier_label, flow_sentence
    from ressort.language import number

    for carrier, one in found.flows.items():
        console.print(f"• {flow_sentence(found, carrier)}")
        shown = table(f"{carrier_label(carrier)} – {_('Flows at least distance')}", _("Quantity"), _("km"))
        for row in one.table.head(5).to_dicts():
            shown.add_row(
                f"{row['giver_name']} → {row['receiver_name']}", amount(row["energy_mwh"]), number(row["distance_km"])
            )
        if one.table.height:
            console.print(shown)
    if found.flows:
        console.print(
            _("A balance over a year, at least distance: not the path of current or gas, nor today's contracts.")
        )


def _returns(found: "EnergyOf") -> None:
    from ressort.cli.render import console
    from ressort.energy import resource
    from ressort.energy.words import earns

    for key, ends in found.returns.items():
        console.print(f"• {resource(key).label}: {earns(ends['central'])}")
        console.print(f"  {_('At the low end: {told}').format(told=earns(ends['low']))}", style="dim")
        console.print(f"  {_('At the high end: {told}').format(told=earns(ends['high']))}", style="dim")
