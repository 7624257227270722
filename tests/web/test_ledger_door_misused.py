"""The door called by the application's own role with what our Python never sends: refused, or done as the rules say; nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.web import ledger_town

from ressort.cli.ledger_files import read_export
from ressort.core.currency import Action, Reason, verify
from ressort.web.currency import exports

SUBMIT = (
    "SELECT reasons, ids FROM ledger.submit(%s::uuid[], %s::bigint[], %s::date[], %s::timestamptz[], %s::bigint[], %s::bigint[], "
    "%s::int[], %s::smallint[], %s::smallint[], %s::int[], %s::int[], %s::bigint[], %s::int[])"
)
#: what stands where nothing of the kind should
ODD_PLACES = st.one_of(st.integers(0, 4), st.sampled_from([-1, 99, None, 2**31 - 1, -(2**31)]))
ODD_CENTS = st.sampled_from([None, 0, -3, 10**15, 10**15 + 1, 10**18, 2**63 - 1, -(2**63)])
ODD_ACTIONS = st.sampled_from([0, 7, -1, None])
DEADLINES = st.sampled_from([None, "2000-01-01", "2100-01-01", "2100-01-01", "infinity", "-infinity"])
DAYS = st.sampled_from([None, None, "2026-01-01", "1999-12-31", "infinity", "-infinity"])


@st.composite
def legs(draw: st.DrawFn) -> list[Any]:
    """Action, payer, payee, amount and transfer concerned: as they should be, or one of them not."""
    action = draw(st.sampled_from([1, 1, 1, 2, 3, 4, 5, 6]))
    leg = [
        action,
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
        draw(st.integers(1, 12_000)),
        draw(st.integers(1, 4)) * (action > 2),
    ]
    odd = draw(st.sampled_from([None, None, 0, 1, 2, 3, 4]))
    if odd is not None:
        leg[odd] = draw((ODD_ACTIONS, ODD_PLACES, ODD_PLACES, ODD_CENTS, ODD_PLACES)[odd])
    return leg


@pytest.fixture
def application(town: ledger_town.Town) -> Iterator["psycopg.Connection[Any]"]:
    with ledger_town.connected("ressort_app") as raw:
        yield raw


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of one call: arrays that fit together or do not, out of order, with holes."""
    requests = draw(st.integers(1, 3))
    order = sorted([*range(1, requests + 1), *draw(st.lists(st.integers(1, requests), max_size=2))])
    made = [draw(legs()) for _one in order]
    return {
        "same_key": draw(st.integers(0, 5)) == 0, "twice": draw(st.integers(0, 5)) == 0, "short": draw(st.integers(0, 5)) == 0,
        "days": draw(st.lists(DAYS, min_size=requests, max_size=requests)),
        "deadlines": draw(st.lists(DEADLINES, min_size=requests, max_size=requests)),
        "accounts": draw(st.permutations(range(4))), "targets": draw(st.permutations(range(4))), "count": requests,
        "requests": draw(st.permutations(order)) if draw(st.integers(0, 5)) == 0 else order,
        "legs": [list(column) for column in zip(*made, strict=True)],
        "operations": [draw(st.sampled_from([20, 20, 1, 40, 0, 41, 32_767])) for _one in order],
    }  # fmt: skip


def plain(payee: int = 2, cents: int = 5) -> dict[str, Any]:
    """A payment like any other."""
    return {
        "same_key": False, "twice": False, "short": False, "days": [None], "deadlines": [None], "accounts": [0, 1, 2, 3],
        "targets": [0, 1, 2, 3], "count": 1, "requests": [1], "legs": [[1], [1], [payee], [cents], [0]], "operations": [20],
    }  # fmt: skip


def arguments(call: dict[str, Any], town: ledger_town.Town, holds: list[int]) -> list[Any]:
    known = [*town.members, town.issue]
    accounts = [known[at] for at in call["accounts"]]
    accounts = accounts[:3] if call["short"] else accounts + accounts[:1] * call["twice"]
    keys = [uuid4() for _one in range(call["count"])]
    keys = [keys[0]] * len(keys) if call["same_key"] else keys
    actions, debits, credits, amounts, targets = call["legs"]
    return [
        keys, [7] * len(keys), call["days"], call["deadlines"], accounts, [holds[at] for at in call["targets"]], call["requests"], actions,
        call["operations"], debits, credits, amounts, targets,
    ]  # fmt: skip


def test_no_call_of_the_door_whatever_its_arguments_breaks_an_invariant(
    application: "psycopg.Connection[Any]", town: ledger_town.Town, tmp_path: Path
) -> None:
    holds = [town.hold(0, 1, 100, datetime(2100, 1, 1, tzinfo=UTC)) for _one in range(3)]
    holds.append(town.pay(0, 1, 50).transfers[0])
    answered, refused = set[int](), set[str]()

    @settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(calls())
    @example(plain())
    @example(plain(cents=12_000))
    @example(plain(payee=1))
    @example(plain(cents=0))
    def ask(call: dict[str, Any]) -> None:
        try:
            ((reasons, _ids),) = application.execute(SUBMIT.encode(), arguments(call, town, holds)).fetchall()
            answered.update(reasons)
        except psycopg.Error as error:
            refused.add(str(error.sqlstate))

    ask()
    assert {Reason.ACCEPTED, Reason.INSUFFICIENT_FUNDS, Reason.NOT_ALLOWED, Reason.BAD_AMOUNT} <= answered
    assert "RL003" in refused
    town.raw.execute("SELECT ledger.seal()")
    exports.export(tmp_path / "export")
    assert verify(read_export(tmp_path / "export")).faults == ()


@pytest.mark.parametrize("day", ["infinity", "-infinity", "10000-01-02", "0044-03-15 BC"])
def test_a_day_that_no_calendar_holds_is_refused_by_the_door(
    application: "psycopg.Connection[Any]", town: ledger_town.Town, day: str
) -> None:
    """An export that held one could be read by no verifier."""
    given = [uuid4(), day, *town.members[:2]]
    words = (
        "SELECT ledger.pay(%s, 7, %s::date, 20::smallint, %s, %s, 5)",
        "SELECT ledger.pay(%s, 7, %s::date, 20::smallint, %s, %s, 50000)",
    )
    for statement in words:
        with pytest.raises(psycopg.Error) as refusal:
            application.execute(statement.encode(), given)
        assert refusal.value.sqlstate == "RL003"
    leg = [[uuid4()], [7], [None], [day], town.members[:2], [], [1], [int(Action.HOLD)], [20], [1], [2], [5], [0]]
    with pytest.raises(psycopg.Error) as refusal:
        application.execute(SUBMIT.encode(), leg)
    assert refusal.value.sqlstate == "RL003"
    hold = town.hold(0, 1, 100, datetime(2100, 1, 1, tzinfo=UTC))
    void = [[uuid4()], [7], [day], [None], [], [hold], [1], [int(Action.VOID)], [20], [0], [0], [0], [1]]
    with pytest.raises(psycopg.Error) as refusal:
        application.execute(SUBMIT.encode(), void)
    assert refusal.value.sqlstate == "RL003"
    assert town.balance_cents(0) == 10_000
