"""`ressort cooperate`: what a territory lacks and can offer, who fits it, and the flows at least distance."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.examples import examples
from ressort.cli.flows import flow_options, write_flows
from ressort.cli.progress import Progress
from ressort.language import LANGUAGES
from ressort.language import gettext as _

if TYPE_CHECKING:
    from ressort.exchanges import Answer, Cooperation, OwnDistances, Rules, Territory

    Told = dict[str, list[Answer]]

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort cooperate`."""
    text = _("which territories could supply yours, and what you could offer them")
    parser = kinds.add_parser("cooperate", help=text, description=text, epilog=examples("cooperate"))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.set_defaults(command=cooperate)
    parser.add_argument(
        "territory",
        nargs="+",
        help=_("a name or a code; several make one group; France: each good over the whole country"),
    )
    parser.add_argument(
        "--good",
        action="append",
        metavar=_("GOOD"),
        help=_("cereals, oilseeds, sugar, forage, electricity… (all by default; may be repeated)"),
    )
    parser.add_argument(
        "--with",
        dest="partners",
        action="append",
        metavar=_("TERRITORY"),
        help=_("a partner to look at (the best ones by default; may be repeated)"),
    )
    parser.add_argument(
        "--level", help=_("COM, EPCI, BV, DEP or REG: among which territories (those of the same kind by default)")
    )
    _rules(parser)
    parser.add_argument("--scheduler", default="", metavar="tcp://…", help=_("address of a Dask scheduler"))
    parser.add_argument("--lang", choices=LANGUAGES, help=argparse.SUPPRESS)
    told = _(
        "answer one table in CSV: goods (by default), partners, flows, or a rule: most_from_one, fair_km, shock, present, balance, promise"
    )
    flow_options(parser.add_mutually_exclusive_group(), "goods", told)


def _rules(parser: argparse.ArgumentParser) -> None:
    """The words of rules other than least distance."""
    group = parser.add_argument_group(_("other rules, beside least distance"))
    told = {
        "most_from_one": ("0-1", _("most part of the need taken from any one partner")),
        "fair_km": (_("KM"), _("share what lies within so many kilometres, the least covered first")),
        "shock": (_("NAME"), _("supplier_failure (each supplier fails in turn), drought (the worst harvest observed), or another shock that lowers supplies")),
        "present": (
            _("KM"),
            _("estimate the flows of today: the observed mean distance for gravity, or the word radiation; never a plan"),
        ),
        "balance": ("0-1", _("balance several goods with the partners, within this tolerance")),
        "promise": (
            _("GIVER>RECEIVER=QUANTITY"),
            _("keep what an agreement promises of a good each year, by codes; several with a semicolon between"),
        ),
    }  # fmt: skip
    for name, (shape, words) in told.items():
        group.add_argument(f"--{name.replace('_', '-')}", default="", metavar=shape, help=words)
    group.add_argument(
        "--distances",
        metavar=_("FILE"),
        help=_(
            "your own distances or costs, a CSV or Parquet with the columns from, to, km (codes of the level); who is on no line stays out"
        ),
    )
    group.add_argument(
        "--great-circle-elsewhere",
        action="store_true",
        help=_(
            "with --distances in kilometres: pairs that are not written run along the great circle, times 1.3, instead of having no way"
        ),
    )


def cooperate(options: Options) -> int:
    """Answer in the shape asked for."""
    from ressort.cli.commands import prepare
    from ressort.core.errors import RuleBroken
    from ressort.diagnosis import place
    from ressort.exchanges import NAMES, Rules
    from ressort.exchanges import cooperate as run

    prepare()
    territory = _territory(options.territory)
    if territory.kind == "PAYS":
        from ressort.cli.cooperate_country import national_view

        return national_view(options)
    if options.great_circle_elsewhere and not options.distances:
        raise RuleBroken(
            "--great-circle-elsewhere speaks of the pairs that --distances does not write: give its file too."
        )
    rules = Rules.of({name: getattr(options, name) for name in NAMES})
    distances = _distances(options) if options.distances else None
    partners = [place(name) for name in options.partners] if options.partners else None
    with Progress() as progress:
        found = run(
            territory,
            options.good,
            partners,
            options.level,
            watch=progress.of(territory.label),
            scheduler=options.scheduler,
            distances=distances,
        )
        told = {key: _played(found, key, rules, progress) for key in _of_one_good(found, rules)} if rules.any else {}
    return _answer(found, told, options)


def _played(found: "Cooperation", key: str, rules: "Rules", progress: Progress) -> "list[Answer]":
    """The answers of the rules asked of a good, each telling its steps."""
    from ressort.exchanges import good, plays

    label = good(key).label
    return [play(progress.of(f"{label} — {play.title}")) for play in plays(found, key, rules)]


def _territory(words: list[str]) -> "Territory":
    """One territory whose name holds spaces, or a group of several."""
    from ressort.core.errors import InputError
    from ressort.diagnosis import place

    try:
        return place(" ".join(words))
    except InputError:
        if len(words) == 1:
            raise
        try:
            return place(words)
        except InputError:
            pass
        raise


def _playable(found: "Cooperation") -> list[str]:
    """The goods known here; when none is, all of them, so that the refusal tells."""
    known = [key for key, one in found.nationals.items() if one.market.known[found.at]]
    return known or list(found.nationals)


def _of_one_good(found: "Cooperation", rules: "Rules") -> list[str]:
    """The goods that rules are asked of; a quantity promised is of one good."""
    from ressort.exchanges import require_one_good

    keys = _playable(found)
    require_one_good(rules, keys)
    return keys


def _distances(options: Options) -> "OwnDistances":
    from ressort.core.errors import InputError
    from ressort.exchanges import read_distances

    path = Path(options.distances)
    if not path.is_file():
        raise InputError("There is no file {path}.", path=options.distances)
    content = path.read_bytes()
    return read_distances(content, elsewhere=options.great_circle_elsewhere, name=options.distances, parquet=True)


def _answer(found: "Cooperation", told: "Told", options: Options) -> int:
    from ressort.core.errors import UnknownCode
    from ressort.exchanges import TABLES, flows_geojson, flows_table

    if options.json:
        print(json.dumps(_as_dict(found, told), ensure_ascii=False, indent=2, allow_nan=False))
    elif options.csv:
        rules = {answer.rule: answer for given in told.values() for answer in given}
        if options.csv not in TABLES | rules:
            choices = [*TABLES, *rules]
            raise UnknownCode("{name} is not a table; the tables are {choices}.", name=options.csv, choices=choices)
        sys.stdout.write(
            _rule_csv(told, options.csv) if options.csv in rules else TABLES[options.csv](found).write_csv()
        )
    elif not write_flows(options, lambda: flows_geojson(found), lambda: flows_table(found)):
        _show(found)
        _show_rules(told)
    return 0


def _rule_csv(told: "Told", rule: str) -> str:
    """The table of one rule for every good."""
    import polars as pl

    parts = [
        answer.table.select(pl.lit(key).alias("for_good"), pl.all())
        for key, given in told.items()
        for answer in given
        if answer.rule == rule and answer.table.width
    ]
    return pl.concat(parts, how="diagonal").write_csv() if parts else ""


def _show_rules(told: "Told") -> None:
    from ressort.cli.render import console
    from ressort.exchanges import good

    for key, given in told.items():
        for answer in given:
            console.print(f"[bold]{good(key).label} — {answer.title}[/bold]")
            for text in answer.sentences:
                console.print(f"  {text}")


def _as_dict(found: "Cooperation", told: "Told") -> dict[str, Any]:
    from dataclasses import asdict

    from ressort.exchanges import TABLES, rule_told

    tables = {name: build(found).to_dicts() for name, build in TABLES.items()}
    proofs = {key: asdict(national.plan.certificate) for key, national in found.nationals.items()}
    return (
        {"territory": {"key": found.territory.key, "label": found.territory.label}, "level": found.level}
        | tables
        | {"certificates": proofs}
        | ({"rules": {key: [rule_told(one) for one in given] for key, given in told.items()}} if told else {})
    )


def _show(found: "Cooperation") -> None:
    from ressort.cli.render import console, table
    from ressort.exchanges.words import amount, caution, interest, scarcity, sentence, why
    from ressort.language import number, percent

    console.print(f"[bold]{found.territory.label}[/bold]")
    for line in found.lines:
        console.print(f"• {sentence(line)} {scarcity(line)}".rstrip())
    together = table(_("Part of the need covered"), _("Alone"), _("With neighbours"), _("With partners"))
    for line in found.lines:
        if line.alone is not None:
            shares = (line.alone, line.with_neighbours, line.with_partners)
            together.add_row(line.good.label, *["" if share is None else percent(share) for share in shares])
    console.print(together)
    console.print(f"[bold]{_('Partners')}[/bold]")
    for one in found.partners:
        console.print(f"{one.territory.label} — {interest(one)}", style="bold")
        console.print(f"  {why(one, found.territory)}")
    flows = table(_("Flows at least distance"), _("Quantity"), _("km"))
    for key in found.nationals:
        good = found.held.goods[found.held.column(key)]
        for row in found.flows(key).head(5).to_dicts():
            flows.add_row(
                f"{good.label} — {row['giver_name']} → {row['receiver_name']}",
                amount(good, row["quantity"]),
                number(row["distance_km"]),
            )
    console.print(flows)
    console.print(_("What could be, at least distance, on estimated figures: not the flows of today."))
    if caution(found.level):
        console.print(caution(found.level))
