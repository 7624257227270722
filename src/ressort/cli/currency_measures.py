"""`ressort currency statistics`: the measures of a year of payments, with their ranges and what each means."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ressort.cli.currency_files import content_of, day, print_json, tell_problems
from ressort.language import gettext as _
from ressort.language import money, number, percent

if TYPE_CHECKING:
    from ressort.ingest.currency_flows import ReadFlows


def measure(options: argparse.Namespace) -> int:
    """Print what the payments of a currency tell."""
    from ressort.core.errors import RuleBroken
    from ressort.ingest.currency_flows import after_last, day_number

    if options.days < 1:
        raise RuleBroken("A window holds one day at least.")
    read = read_tables(options.payments, options.accounts)
    until = day(options.until) if options.until else after_last(read)
    end = day_number(read, until)
    start = max(end - options.days, 0)
    if end <= 0:
        raise RuleBroken("Nothing was paid before {day}: the first movement is of {first}.", day=str(until), first=str(read.first_day))  # fmt: skip
    told = _measures(read, start, end, options.seed)
    since = until - timedelta(days=end - start)
    if options.json:
        told_flows = _flow_lines(read, start, end)
        print_json({"since": since, "until": until, "measures": told, "flows": told_flows})
        return 0
    _tell(told, _("From {since} to {until} (not included), {days} days.").format(since=since, until=until, days=number(end - start)))  # fmt: skip
    _tell_flows(_flow_lines(read, start, end))
    return 0


def read_tables(payments: str, accounts: str | None) -> "ReadFlows":
    """The flows of two files; their faults are told before they are refused."""
    import sys

    from ressort.core.errors import RuleBroken
    from ressort.ingest.currency_flows import read_flows

    contents = content_of(payments), content_of(accounts) if accounts else None
    try:
        return read_flows(*contents)
    except RuleBroken as error:
        tell_problems(error.facts.get("problems", ()), sys.stderr)
        raise


def _measures(read: "ReadFlows", start: int, end: int, seed: int) -> list[dict[str, Any]]:
    """Each measure: its name, value, range, unit and meaning."""
    from ressort.core.currency.measures import board

    return [
        {"measure": one.key, "label": _(one.label), "value": one.value, "unit": one.unit}
        | ({"low": one.low, "high": one.high} if one.low is not None else {})
        for one in board(read.flows, start, end, seed)
    ]


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return _("no value")
    if unit == "cents":
        return money(int(value))
    return {"share": percent(value, 1), "count": number(value), "days": number(value, 1)}.get(unit, number(value, 2))


def _tell(told: list[dict[str, Any]], title: str) -> None:
    from ressort.cli.render import grid

    print(title)
    rows = []
    for one in told:
        bounds = f"{_written(one['low'], one['unit'])} – {_written(one['high'], one['unit'])}" if "low" in one else ""
        rows.append([one["label"], _written(one["value"], one["unit"]), bounds])
    grid([_("What is measured"), _("Value"), _("Range")], rows)
    print(_("Ranges: members drawn again 1,000 times, nine draws out of ten."))
    values = {one["measure"]: one["value"] for one in told}
    if values["overdrawn"]:
        print(
            _(
                "Holders fall below zero: stock, velocity and stays are wrong until --accounts gives what each held before (opening)."
            )
        )
    if not values["professional_inflow"]:
        print(_("No professional received anything: give the role of each account (--accounts) for the measures of professionals."))  # fmt: skip


def _flow_lines(read: "ReadFlows", start: int, end: int) -> list[dict[str, Any]]:
    """Payments between groups, masked where they would tell the business of a few."""
    from ressort.core.currency.measures import flows_between

    if len(read.groups) < 2:
        return []
    table = flows_between(read.flows, read.group, start, end)
    names = [*(name or _("no group") for name in read.groups), _("Total")]
    return [
        {"from": source, "to": target, "cents": int(table.cents[i, j]) if table.published[i, j] else None}
        for i, source in enumerate(names)
        for j, target in enumerate(names)
    ]


def _tell_flows(lines: list[dict[str, Any]]) -> None:
    from ressort.cli.render import grid

    if not lines:
        return
    names = list(dict.fromkeys(line["from"] for line in lines))
    cells = [_("secret") if line["cents"] is None else money(line["cents"]) for line in lines]
    print(_("Payments between groups (secret: fewer than five on a side, one above 85 %, or needed to keep such a cell):"))  # fmt: skip
    size = len(names)
    grid([_("From"), *names], [[name, *cells[i * size : (i + 1) * size]] for i, name in enumerate(names)])
