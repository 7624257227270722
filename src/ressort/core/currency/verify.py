"""Recomputing a whole ledger from its rows: every invariant, and the chain. Nothing it is told is believed.

Rows come as columns (`Rows`), from the database or from an export alone; answers are the faults found, each a `RuleBroken`
whose facts name the invariant and the account, transfer or block.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ressort.core.currency.chain import GENESIS, block_hash
from ressort.core.currency.chart import KINDS
from ressort.core.currency.ledger import State
from ressort.core.currency.replay import replay
from ressort.core.currency.rows import Rows, book, named, places, previous, told
from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was recomputed. `head` is the hash of the last block, `unsealed` the transfers after it."""

    faults: tuple[RuleBroken, ...]
    accounts: int
    transfers: int
    entries: int
    blocks: int
    unsealed: int
    head: bytes


def verify(rows: Rows) -> Verdict:
    """Recomputes I1–I4, I6–I10 (docs/methods/currency.md); I5 is the database's alone."""
    faults = [
        fault for look in (_identity, replay, _holds, _reversals, _requests, _cover, _chain) for fault in look(rows)
    ]
    sealed = int(rows.blocks["last_transfer"][-1]) if len(rows.blocks["id"]) else 0
    posted = int((rows.transfers["state"] == State.POSTED).sum())
    return Verdict(
        tuple(faults),
        len(rows.accounts),
        len(rows.transfers),
        2 * posted,
        len(rows.blocks["id"]),
        int((rows.transfers["id"] > sealed).sum()),
        bytes(rows.blocks["hash"][-1]) if len(rows.blocks["id"]) else GENESIS,
    )


def _identity(rows: Rows) -> Iterator[RuleBroken]:
    """Ids ascend, both accounts exist and hold one unit of one currency; the amount is positive."""
    for name, table in (("accounts", rows.accounts), ("transfers", rows.transfers)):
        for at in told(np.diff(table["id"].astype(np.int64)) <= 0):
            yield RuleBroken(
                "The table {table} is not in id order after {id}.", table=name, id=int(table["id"][at]), invariant="I10"
            )
    debit, credit = places(rows, "debit_account"), places(rows, "credit_account")
    ids = rows.transfers["id"]
    for at in told((debit < 0) | (credit < 0)):
        yield RuleBroken(
            "Transfer {transfer} names an account that does not exist.", transfer=int(ids[at]), invariant="I1"
        )
    units = book(rows)
    mixed = (
        (debit >= 0) & (credit >= 0) & ((units[debit] != units[credit]) | (debit == credit))
        if len(units)
        else debit < 0
    )
    for at in told(mixed):
        yield RuleBroken("Transfer {transfer} mixes two units or goes nowhere.", transfer=int(ids[at]), invariant="I1")
    for at in told(rows.transfers["amount_cents"].astype(np.int64) <= 0):
        yield RuleBroken("Transfer {transfer} moves nothing.", transfer=int(ids[at]), invariant="I1")


def _holds(rows: Rows) -> Iterator[RuleBroken]:
    """Each pending transfer ended at most once, by one of its own accounts and amount; the others are what accounts hold back."""
    t = rows.transfers
    ends = np.flatnonzero(t["resolves"].astype(np.int64) != 0)
    yield from _ended_twice(t, ends, "resolves")
    place = _target(t, ends, "resolves")
    right = (place >= 0) & (t["state"][place] == State.PENDING) & (place < ends)
    for side in ("debit_account", "credit_account"):
        right &= t[side][place] == t[side][ends]
    right &= t["amount_cents"][ends].astype(np.int64) <= t["amount_cents"][place].astype(np.int64)
    for at in told(~right):
        yield RuleBroken(
            "Transfer {transfer} ends one that it cannot end.", transfer=int(t["id"][ends[at]]), invariant="I9"
        )
    waiting = t["state"] == State.PENDING
    waiting[place[place >= 0]] = False
    held = np.zeros(len(rows.accounts), np.int64)
    payer = places(rows, "debit_account")
    np.add.at(held, payer[waiting & (payer >= 0)], t["amount_cents"][waiting & (payer >= 0)].astype(np.int64))
    for at in told(held != rows.balances["pending_out_cents"]):
        yield RuleBroken(
            "Account {account} holds back {shown} cents; its pending transfers sum to {replayed}.",
            account=named(rows, at),
            shown=int(rows.balances["pending_out_cents"][at]),
            replayed=int(held[at]),
            invariant="I3",
        )


def _reversals(rows: Rows) -> Iterator[RuleBroken]:
    """Each transfer reversed at most once, whole, to where it came from."""
    t = rows.transfers
    back = np.flatnonzero(t["reverses"].astype(np.int64) != 0)
    yield from _ended_twice(t, back, "reverses")
    place = _target(t, back, "reverses")
    right = (place >= 0) & (place < back) & (t["state"][place] == State.POSTED) & (t["reverses"][place] == 0)
    right &= t["debit_account"][place] == t["credit_account"][back]
    right &= t["credit_account"][place] == t["debit_account"][back]
    right &= t["amount_cents"][place] == t["amount_cents"][back]
    for at in told(~right):
        yield RuleBroken(
            "Transfer {transfer} reverses one that it cannot reverse.", transfer=int(t["id"][back[at]]), invariant="I9"
        )


def _ended_twice(t: np.ndarray, which: np.ndarray, column: str) -> Iterator[RuleBroken]:
    named, times = np.unique(t[column][which], return_counts=True)
    for at in told(times > 1):
        yield RuleBroken("Transfer {transfer} was ended twice.", transfer=int(named[at]), invariant="I9")


def _target(t: np.ndarray, which: np.ndarray, column: str) -> np.ndarray:
    ids, asked = t["id"].astype(np.int64), t[column][which].astype(np.int64)
    place = np.minimum(np.searchsorted(ids, asked), max(len(ids) - 1, 0))
    return np.where(ids[place] == asked, place, -1) if len(asked) else asked


def _requests(rows: Rows) -> Iterator[RuleBroken]:
    """The legs of a request are 1..n, once each; when requests are known, those accepted are exactly those with transfers."""
    t = rows.transfers
    halves = np.frombuffer(np.ascontiguousarray(t["request_key"]).tobytes(), ">u8").reshape(-1, 2).astype(np.uint64)
    leg = t["leg"].astype(np.int64)
    order = np.lexsort((leg, halves[:, 1], halves[:, 0]))
    halves, leg, ids = halves[order], leg[order], t["id"][order]
    same = np.zeros(len(leg), bool)
    same[1:] = (halves[1:] == halves[:-1]).all(axis=1)
    for at in told(leg != np.where(same, previous(leg) + 1, 1)):
        yield RuleBroken(
            "Transfer {transfer}: the legs of its request are not whole.", transfer=int(ids[at]), invariant="I8"
        )
    if rows.accepted is not None:
        asked = np.frombuffer(rows.accepted.tobytes(), ">u8").reshape(-1, 2).astype(np.uint64)
        asked, made = asked[np.lexsort((asked[:, 1], asked[:, 0]))], halves[~same]
        if len(asked) != len(made) or (asked != made).any():
            yield RuleBroken(
                "{asked} requests were accepted; {made} have transfers.",
                asked=len(asked),
                made=len(made),
                invariant="I8",
            )


def _cover(rows: Rows) -> Iterator[RuleBroken]:
    """Behind each fund of each currency, at least as many euros as units owed."""
    balance, kind = rows.balances["balance_cents"], rows.accounts["kind"].astype(np.int64) - 1
    strange = (kind < 0) | (kind >= len(KINDS))
    for at in told(strange):
        yield RuleBroken("Account {account} is of a kind that the chart does not know.", account=named(rows, at), invariant="I7")  # fmt: skip
    for fund in ("paper", "digital"):
        weight = np.array([getattr(one, fund) for one in KINDS])[np.where(strange, 0, kind)] * ~strange
        for currency in np.unique(rows.accounts["currency"]).tolist():
            here = rows.accounts["currency"] == currency
            if (short := int((balance * weight)[here].sum())) < 0:
                yield RuleBroken(
                    "The {fund} reserve of currency {currency} is {short} cents short of what is owed.",
                    fund=fund,
                    currency=currency,
                    short=-short,
                    invariant="I7",
                )


def _chain(rows: Rows) -> Iterator[RuleBroken]:
    """Every block recomputed over the one before."""
    b, head, from_account, from_transfer = rows.blocks, GENESIS, 0, 0
    account_ids, transfer_ids = rows.accounts["id"].astype(np.int64), rows.transfers["id"].astype(np.int64)
    for at in range(len(b["id"])):
        to_account, to_transfer = int(b["last_account"][at]), int(b["last_transfer"][at])
        accounts = rows.accounts[slice(*np.searchsorted(account_ids, [from_account, to_account], "right"))]
        transfers = rows.transfers[slice(*np.searchsorted(transfer_ids, [from_transfer, to_transfer], "right"))]
        known = bytes(b["hash"][at])
        again = block_hash(head, at + 1, int(b["sealed_at"][at]), accounts, transfers)
        told_right = (int(b["id"][at]), int(b["accounts"][at]), int(b["transfers"][at])) == (at + 1, len(accounts), len(transfers))  # fmt: skip
        told_right &= (to_account, to_transfer) == (_last(accounts, from_account), _last(transfers, from_transfer))
        if again != known or bytes(b["previous_hash"][at]) != head or not told_right:
            yield RuleBroken(
                "Block {block}, transfers {first} to {last}: its hash is not that of what it seals.",
                block=int(b["id"][at]),
                first=from_transfer + 1,
                last=to_transfer,
                invariant="I6",
            )
        head, from_account, from_transfer = known, to_account, to_transfer


def _last(rows: np.ndarray, before: int) -> int:
    """The id that a block ends with: its last row's, or the one before it when it seals none of that table."""
    return int(rows["id"][-1]) if len(rows) else before
