"""`ressort currency simulate`: an allowance played before it is paid, with its ranges."""

import argparse
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from ressort.cli.currency_files import content_of, day, print_json, tell_problems
from ressort.core.errors import InputError, RuleBroken
from ressort.language import gettext as _
from ressort.language import money, number, percent

if TYPE_CHECKING:
    import numpy as np

    from ressort.core.currency.allowances import Acceptor, Parts, People, Projection

Options = argparse.Namespace
#: what people try to spend each month, without anybody saying so: a hypothesis without a source
_SPENT = "0.8-1"


def add_simulation(parser: argparse.ArgumentParser) -> None:
    """The words of `simulate`."""
    parser.add_argument(
        "acceptors",
        help=_(
            "who would accept it (CSV: nom, ventes_par_mois, lieu, reemploi_min, reemploi_max, reconversion_min, reconversion_max, solde)"
        ),
    )
    parser.add_argument("--people", required=True, metavar="N", help=_("people paid: 30, or by place: Tournon=20,Trentels=10"))  # fmt: skip
    parser.add_argument("--amount", metavar=_("EUROS"), help=_("a month, for each (poverty line + 1 € by default)"))
    parser.add_argument("--on", metavar=_("DAY"), help=_("day whose poverty line is used (today)"))
    parser.add_argument("--local", default="0.85", metavar="0-1", help=_("part in local units (0.85)"))
    parser.add_argument("--spent", default=_SPENT, metavar="0-1", help=_("part of what they hold that people try to spend each month (0.8-1)"))  # fmt: skip
    parser.add_argument("--subsidy", default="0", metavar=_("EUROS"), help=_("a month, to pay redemptions (0)"))
    parser.add_argument("--months", type=int, default=12, metavar="N", help=_("months played (12)"))
    parser.add_argument("--draws", type=int, default=1_000, metavar="N", help=_("draws of the ranges (1,000)"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=_("seed of the draws (1)"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def play(options: Options) -> int:
    """Print where units would pool, who could not spend them, and whether they are covered."""
    from ressort.core.currency.allowances import parts, simulate
    from ressort.ingest.currency_acceptors import read_acceptors

    if not 1 <= options.draws <= 100_000 or not 1 <= options.months <= 600:
        raise RuleBroken("A simulation plays 1 to 600 months, with 1 to 100,000 draws.")
    try:
        acceptors = read_acceptors(content_of(options.acceptors))
    except RuleBroken as error:
        tell_problems(error.facts.get("problems", ()), sys.stderr)
        raise
    amount, year = _amount(options)
    split = parts(amount, _share_bp(options.local))
    people = _people(options.people, split.local_cents)
    _check_places(people, acceptors)
    low, _dash, high = options.spent.partition("-")
    found = simulate(acceptors, people, (_share_bp(low), _share_bp(high or low)), options.months, options.draws, options.seed)  # fmt: skip
    told = _told(found, acceptors, people, _cents(options.subsidy)) | {
        "amount_cents": amount, "local_cents": split.local_cents, "euro_cents": split.euro_cents, "poverty_line_year": year, "months": options.months,
        "unsourced": _unsourced(acceptors, options.spent),
    }  # fmt: skip
    if options.json:
        print_json(told)
    else:
        _print(told, split)
    return 0


def _unsourced(acceptors: list["Acceptor"], spent: str) -> dict[str, Any]:
    """The ranges that nobody gave: they stand on no source, and whoever reads the answer must know."""
    from ressort.core.currency.allowances import Acceptor

    usual = Acceptor("", 0)
    return {
        "respent_bp": {"range": usual.respent_bp, "acceptors": [one.name for one in acceptors if one.respent_bp == usual.respent_bp]},
        "redeemed_bp": {"range": usual.redeemed_bp, "acceptors": [one.name for one in acceptors if one.redeemed_bp == usual.redeemed_bp]},
        "spent": spent if spent == _SPENT else None,
    }  # fmt: skip


def _print_unsourced(told: dict[str, Any]) -> None:
    """Which ranges are hypotheses without a source."""
    for key, words in (("respent_bp", _("re-use")), ("redeemed_bp", _("redemption"))):
        names = told[key]["acceptors"]
        if names:
            low, high = (percent(bp / 10_000) for bp in told[key]["range"])
            named = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
            sentence = _(
                "Hypothesis without a source, {what} between {low} and {high} for: {names}. Give your own ranges in the table."
            )
            print(sentence.format(what=words, low=low, high=high, names=named))
    if told["spent"]:
        sentence = _("Hypothesis without a source: people try to spend {range} of what they hold each month (--spent).")
        print(sentence.format(range=told["spent"]))


def _amount(options: Options) -> tuple[int, int | None]:
    from ressort.core.currency.allowances import autonomy_income_cents, line_known_on
    from ressort.reference.currency_allowances import poverty_lines
    from ressort.reference.currency_parameters import parameter

    if options.amount:
        return _cents(options.amount), None
    line = line_known_on(poverty_lines(), day(options.on) if options.on else date.today())
    return autonomy_income_cents(line, parameter("autonomy_income_above_poverty_line_cents")), line.year


def _people(given: str, local_cents: int) -> list["People"]:
    from ressort.core.currency.allowances import People

    found = []
    for word in given.split(","):
        place, equals, count = word.rpartition("=")
        if not re.fullmatch(r"[0-9]{1,7}", count.strip()) or (equals and not place.strip()):
            raise InputError("“{given}” does not tell people: write 30, or Tournon=20,Trentels=10.", given=given)
        found.append(People(place.strip(), int(count), local_cents))
    return found


def _check_places(people: list["People"], acceptors: list["Acceptor"]) -> None:
    known = {one.place for one in acceptors}
    unknown = [some.place for some in people if some.place and some.place not in known and "" not in known]
    if unknown:
        raise RuleBroken("Nobody accepts the allowance at {names}; the table names {found}.", names=unknown, found=sorted(known))  # fmt: skip
    if any(not some.place for some in people) and known != {""}:
        raise RuleBroken("The table names places: tell the people of each, such as --people Tournon=20,Trentels=10.")


def _told(found: "Projection", acceptors: list["Acceptor"], people: list["People"], subsidy_cents: int) -> dict[str, Any]:  # fmt: skip
    import numpy as np

    months = found.saturation_months()
    covered = found.is_covered(subsidy_cents)
    return {
        "covered_draws_share": float(covered.mean()),
        "sales_cents": found.sales_cents,
        "month_cents": found.month_cents,
        "redeemed_cents": _range(found.redeemed_cents),
        "redeemed_last_month_cents": _range(found.redeemed_last_cents),
        "acceptors": [
            {
                "name": one.name,
                "place": one.place,
                "balance_cents": _range(found.acceptor_cents[:, at]),
                "saturated_draws_share": float(np.mean(np.isnan(months[:, at]) | (months[:, at] > 3))),
            }
            for at, one in enumerate(acceptors)
        ],
        "people": [
            {"place": some.place, "count": some.count, "unspent_cents": _range(found.people_cents[:, at])}
            for at, some in enumerate(people)
        ],
    }


def _range(values: "np.ndarray[Any, Any]") -> list[int]:
    """The 5th, 50th and 95th centile, in cents."""
    import numpy as np

    return [int(value) for value in np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf")]


def _print(told: dict[str, Any], split: "Parts") -> None:
    from ressort.cli.render import grid

    if told["poverty_line_year"]:
        print(_("Poverty line of {year} + 1 €: {amount} a month.").format(year=told["poverty_line_year"], amount=money(told["amount_cents"])))  # fmt: skip
    print(_("Each month, for each: {local} in local units, {euro} in euros.").format(local=money(split.local_cents), euro=money(split.euro_cents)))  # fmt: skip
    print(_("Simulation, {months} months: an estimate, between the 5th and the 95th centile of the draws.").format(months=number(told["months"])))  # fmt: skip
    rows = [
        [
            f"{one['name']} ({one['place']})" if one["place"] else one["name"],
            *map(money, one["balance_cents"]),
            percent(one["saturated_draws_share"]),
        ]
        for one in told["acceptors"]
    ]
    grid([_("Units kept by"), _("Low"), _("Middle"), _("High"), _("Draws beyond 3 months of outlet")], rows)
    grid(
        [_("Units not spent by people"), _("Low"), _("Middle"), _("High")],
        [[one["place"] or _("all"), *map(money, one["unspent_cents"])] for one in told["people"]],
    )
    facts = {"sales": money(told["sales_cents"]), "month": money(told["month_cents"]), "share": percent(told["covered_draws_share"])}  # fmt: skip
    print(_("Where people buy, acceptors can sell {sales} a month for {month} of allowances: covered in {share} of the draws.").format(**facts))  # fmt: skip
    low, middle, high = map(money, told["redeemed_cents"])
    _print_unsourced(told["unsourced"])
    print(
        _(
            "Euros that redemptions take: {low} to {high} ({middle} in the middle); they come from the reserve, paid in first."
        ).format(low=low, middle=middle, high=high)
    )


def _cents(given: str) -> int:
    found = re.fullmatch(r"([0-9]{1,8})(?:[.,]([0-9]{1,2}))?", given.strip())
    if not found:
        raise InputError("“{given}” is not an amount: euros with at most two decimals.", given=given)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _share_bp(given: str) -> int:
    found = re.fullmatch(r"(0?[.,][0-9]{1,4}|[01](?:[.,]0+)?)", given.strip())
    if not found:
        raise InputError("“{given}” is not a share between 0 and 1: for 40 %, write 0.4.", given=given)
    return round(float(given.replace(",", ".")) * 10_000)
