"""The measures of a currency once more, from the files of an export and who holds each account: plain Python, none of our code."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

HELD = {"member", "offline_hold", "allowance_pot", "demurrage_pot", "offline_guarantee"}
PAID, REDEEMED = {"pay_member", "settle_purse_payment"}, {"redeem_digital", "euro_bounced"}
Move = tuple[date, int, str, int, int, int]


@dataclass
class Year:
    """The movements of a currency that were not reversed, and the role of each account; the window ends before `until`."""

    moves: list[Move]
    kind: dict[int, str]
    role: dict[int, str]
    since: date
    until: date

    @property
    def inside(self) -> list[Move]:
        """Movements of the window."""
        return [one for one in self.moves if one[0] >= self.since]

    def who(self, *roles: str) -> set[int]:
        """The accounts of some roles."""
        return {account for account, role in self.role.items() if role in roles}


def read(folder: Path, kinds: dict[int, str], operations: dict[int, str], holders: dict[int, str], issuer: int, currency: int, until: date) -> Year:  # fmt: skip
    """A year of an export. `holders`: what holds each account of a member."""

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))

    kind = {int(one["id"]): kinds[int(one["kind"])] for one in rows("accounts") if int(one["currency"]) == currency}
    told = {"individual": "person", "association": "person", "professional": "professional", "public_body": "public"}
    role = {
        one: "issuer" if one == issuer else told[holders.get(one, "individual")] if name == "member" else "pot"
        for one, name in kind.items()
        if name in HELD
    }
    posted = [one for one in rows("transfers") if int(one["debit_account"]) in kind and one["state"] == "1"]
    gone = {one["id"] for one in posted if one["reverses"]} | {one["reverses"] for one in posted}
    numbers = ("debit_account", "credit_account", "amount_cents")
    moves: list[Move] = sorted(
        (date.fromisoformat(one["effective_on"]), int(one["id"]), operations[int(one["operation"])], *(int(one[name]) for name in numbers))
        for one in posted if one["id"] not in gone
    )  # fmt: skip
    moves = list(takewhile(lambda one: one[0] < until, moves))
    first = min(one[0] for one in moves if one[3] in role or one[4] in role)
    return Year(moves, kind, role, max(until - timedelta(365), first), until)


def measures(year: Year) -> dict[str, float | None]:
    """Each measure by its definition."""
    held, days_held = _held(year)
    return _turning(year, days_held) | _uses(year) | _stays(year) | _pooling(year, held)


def _held(year: Year) -> tuple[dict[int, int], dict[int, int]]:
    """What each holds at the end, and the sum over the days of the window of what it holds each evening."""
    held: dict[int, int] = defaultdict(int)
    evenings: dict[int, int] = defaultdict(int)
    for day, _id, _what, payer, payee, cents in year.moves:
        left = (year.until - max(day, year.since)).days
        for account, change in ((payer, -cents), (payee, cents)):
            held[account] += change
            evenings[account] += change * left
    return held, evenings


def _turning(year: Year, evenings: dict[int, int]) -> dict[str, float | None]:
    counted = year.who("person", "professional", "public", "pot")
    paid: dict[int, int] = defaultdict(int)
    last: dict[int, date] = {}
    for day, _id, what, payer, _payee, cents in year.moves:
        if what in PAID:
            last[payer] = day
            paid[payer] += cents if day >= year.since else 0
    days = (year.until - year.since).days
    awake = {one for one in counted if last.get(one, date.min) >= year.until - timedelta(180)}
    asleep = [one for one in counted - year.who("pot") if last.get(one, date.min) < year.until - timedelta(365)]
    payments, stock = sum(paid[one] for one in counted), sum(evenings[one] for one in counted)
    return {
        "payments": payments, "mean_stock": round(stock / days), "velocity": payments / stock * 365, "dormant": len(asleep),
        "active_velocity": sum(paid[one] for one in awake) / sum(evenings[one] for one in awake) * 365,
    }  # fmt: skip


def _sum(moves: list[Move]) -> int:
    return sum(one[5] for one in moves)


def _uses(year: Year) -> dict[str, float | None]:
    """What was born and died; what professionals did with what they received; the rounds of local spending."""
    moves, shops, people = year.inside, year.who("professional"), year.who("person")
    issued = _sum([one for one in moves if year.kind[one[3]] == "digital_issue" and one[4] in year.role and one[2] != "deposit_notes"])  # fmt: skip
    notes = _sum([one for one in moves if one[2] == "exchange_to_notes" and year.kind[one[4]] == "notes_circulation"])
    redeemed = _sum([one for one in moves if one[2] in REDEEMED and one[3] in year.role])
    back = _sum([one for one in moves if one[2] == "redeem_notes" and year.kind[one[3]] == "notes_circulation"])
    received = _sum([one for one in moves if one[4] in shops])
    again = _sum([one for one in moves if one[3] in shops and one[2] in PAID and one[4] in year.who("person", "professional", "public")])  # fmt: skip
    leak = _sum([one for one in moves if one[3] in shops and one[2] in REDEEMED])
    income = _sum([one for one in moves if one[4] in people and one[3] not in people and (one[3] in year.role or year.kind[one[3]] == "digital_issue")])  # fmt: skip
    second: dict[int, int] = defaultdict(int)
    entered: dict[int, int] = defaultdict(int)
    passed: dict[int, int] = defaultdict(int)
    for _day, _id, what, payer, payee, cents in moves:
        entered[payee] += cents
        passed[payer] += cents if what in PAID else 0
        if what in PAID and payer in people and payee in year.who("professional", "public", "pot"):
            second[payee] += cents
    third = sum(cents * min(passed[one], entered[one]) / entered[one] for one, cents in second.items())
    share = min(1.0, income / sum(second.values()))
    return {
        "issued": issued + notes, "redeemed": redeemed + back, "net_increase": issued + notes - redeemed - back,
        "redemption": (redeemed + back) / (issued + notes), "professional_inflow": received, "reuse": again / received, "leak": leak / received,
        "multiplier": 1 / (1 - again / received), "lm3": (income + share * sum(second.values()) + share * third) / income,
    }  # fmt: skip


def _stays(year: Year) -> dict[str, float | None]:
    """Stays by the oldest unit first: mean, median by Kaplan–Meier, payments served before redemption."""
    lots: dict[int, list[list[Any]]] = defaultdict(list)
    left: dict[int, int] = defaultdict(int)
    here: dict[int, int] = defaultdict(int)
    ended, served = [0, 0], [0.0, 0]
    for day, _id, what, payer, payee, cents in year.moves:
        rounds, rest = 0.0, cents if payer in year.role else 0
        while rest:
            lot = lots[payer][0]
            taken = min(rest, lot[0])
            rest, lot[0], rounds = rest - taken, lot[0] - taken, rounds + taken * lot[2]
            if year.role[payer] != "issuer":
                left[(day - lot[1]).days] += taken
                if day >= year.since:
                    ended = [ended[0] + taken, ended[1] + taken * (day - lot[1]).days]
            if not lot[0]:
                del lots[payer][0]
        if what in REDEEMED and payer in year.role and day >= year.since:
            served = [served[0] + rounds, served[1] + cents]
        if payee in year.role:
            now = rounds + (cents if what in PAID else 0)
            newest = lots[payee][-1] if lots[payee] and lots[payee][-1][1] == day else None
            if newest is None:
                lots[payee].append([cents, day, now / cents])
            else:
                newest[0], newest[2] = newest[0] + cents, (newest[0] * newest[2] + now) / (newest[0] + cents)
    for account, kept in lots.items():
        for lot in kept:
            here[(year.until - lot[1]).days] += lot[0] if year.role[account] != "issuer" else 0
    return {"dwell_mean": ended[1] / ended[0], "dwell_median": _median(left, here), "rounds": served[0] / served[1]}


def _median(left: dict[int, int], here: dict[int, int]) -> float | None:
    staying, at_risk = 1.0, sum(left.values()) + sum(here.values())
    for days in range(max([*left, *here]) + 1):
        staying *= 1 - left[days] / at_risk if at_risk else 1
        if staying <= 0.5 + 1e-12:
            return days
        at_risk -= left[days] + here[days]
    return None


def _pooling(year: Year, held: dict[int, int]) -> dict[str, float | None]:
    shops = year.who("professional")
    recent: dict[int, int] = defaultdict(int)
    received: dict[int, int] = defaultdict(int)
    for day, _id, what, payer, payee, cents in year.inside:
        received[payee] += cents
        recent[payer] += cents if what in PAID and day >= year.until - timedelta(90) else 0
    stuck = {one for one in shops if held[one] > 0 and not recent[one]}
    full = {one for one in shops if held[one] > 0 and recent[one] and held[one] / (recent[one] / 3) > 3}
    shares = sorted((received[one] / sum(received[shop] for shop in shops) for one in shops), reverse=True)
    return {
        "saturated": len(full), "no_outlet": len(stuck), "saturation": sum(held[one] for one in full | stuck) / sum(held[one] for one in shops),
        "herfindahl": sum(one * one for one in shares), "top_tenth": sum(shares[: -(-len(shares) // 10)]),
    }  # fmt: skip
