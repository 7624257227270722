#!/usr/bin/env python3
"""Verifies an export of the ledger with nothing but Python (3.11 or later): usage  python3 verify_ledger.py FOLDER [PUBLISHED HEAD]

It shares no line with Ressort. It replays every entry, sums every unit, compares requests with transfers, and recomputes the chain; it
says the head, or what is wrong.
"""

import csv
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from struct import error, pack

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def rows(folder, name):
    with (Path(folder) / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    if not (Path(folder) / f"{name}.csv").read_bytes().endswith(b"\n"):
        raise ValueError(f"{name}.csv is empty, or ends in the middle of a line")
    if any(None in row or None in row.values() for row in found):
        raise ValueError(f"{name}.csv: a row has too few or too many fields")
    return found


def number(text):
    return int(text or 0)


def microseconds(text):
    if not text:
        return 0
    if text[10:11] != " " or text[-3:] != "+00":
        raise ValueError(f"{text} is not a moment of an export")
    since = datetime.fromisoformat(text.replace("+00", "+00:00")) - EPOCH
    return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds


def account_bytes(a):
    return pack(">qhhh", *(number(a[name]) for name in ("id", "currency", "kind", "unit")))


def transfer_bytes(t):
    head = pack(">q", number(t["id"])) + bytes.fromhex(t["request_key"].replace("-", ""))
    small = pack(">hhh", *(number(t[name]) for name in ("leg", "operation", "state")))
    money = ("debit_account", "credit_account", "amount_cents", "resolves", "reverses")
    days = (date.fromisoformat(t["effective_on"]) - EPOCH.date()).days
    after = ("debit_version", "debit_after_cents", "credit_version", "credit_after_cents")
    return (
        head + small + pack(">5q", *(number(t[name]) for name in money)) + pack(">i", days)
        + pack(">3q", microseconds(t["expires_at"]), number(t["actor"]), microseconds(t["created_at"]))
        + pack(">4q", *(number(t[name]) for name in after))
    )  # fmt: skip


def upto(table, start, last, as_bytes):
    """The bytes of the rows from one place on, as far as an id; the place after them; and whether the last is of that id."""
    stop = start
    while stop < len(table) and number(table[stop]["id"]) <= last:
        stop += 1
    return [as_bytes(row) for row in table[start:stop]], stop, last == (number(table[stop - 1]["id"]) if stop else 0)


def verify(folder, published=None):
    accounts, transfers, blocks = rows(folder, "accounts"), rows(folder, "transfers"), rows(folder, "blocks")
    balance, version, held, sums, ended = defaultdict(int), defaultdict(int), defaultdict(int), defaultdict(int), set()
    unit = {number(a["id"]): (a["currency"], a["unit"]) for a in accounts}
    amounts = {number(t["id"]): (number(t["debit_account"]), number(t["amount_cents"])) for t in transfers}
    for t in transfers:
        debit, credit, amount = (number(t[name]) for name in ("debit_account", "credit_account", "amount_cents"))
        if amount <= 0 or debit == credit or unit.get(debit, 0) != unit.get(credit, 1):
            yield f"transfer {t['id']}: wrong amount or accounts"
        told = [t[name] for name in ("debit_version", "debit_after_cents", "credit_version", "credit_after_cents")]
        if "0" in (told[0], told[2]) or any((told[at] == "") != (told[at + 1] == "") for at in (0, 2)):
            yield f"transfer {t['id']}: a version is zero, or stands without its balance"
        for column in ("resolves", "reverses"):
            if t[column] and (t[column] in ended or number(t[column]) not in amounts):
                yield f"transfer {t['id']}: ends {t[column]}, which is ended already or is not there"
            ended.add(t[column])
        if t["resolves"] and number(t["resolves"]) in amounts:
            payer, pending = amounts[number(t["resolves"])]
            held[payer] -= pending
        held[debit] += amount if t["state"] == "2" else 0
        for side, account, change in (("debit", debit, -amount), ("credit", credit, amount)):
            if t["state"] != "1":
                continue
            balance[account] += change
            version[account] += 1
            if (balance[account], version[account]) != (number(t[f"{side}_after_cents"]), number(t[f"{side}_version"])):
                yield f"transfer {t['id']}: {side} balance or version is not the next one"
    for a in accounts:
        one = number(a["id"])
        shown = (number(a["balance_cents"]), number(a["version"]), number(a["pending_out_cents"]))
        if shown != (balance[one], version[one], held[one]):
            yield f"account {one} shows {shown}; its transfers lead to {(balance[one], version[one], held[one])}"
        if shown[0] - shown[2] < number(a["floor_cents"]):
            yield f"account {one} is below its floor"
        sums[unit[one]] += balance[one]
    yield from (f"currency {one}: balances sum to {total}" for one, total in sums.items() if total)
    head, at_account, at_transfer, known = bytes(32), 0, 0, set()
    for count, b in enumerate(blocks, 1):
        some, at_account, right = upto(accounts, at_account, number(b["last_account"]), account_bytes)
        many, at_transfer, right_too = upto(transfers, at_transfer, number(b["last_transfer"]), transfer_bytes)
        body = pack(">3q", count, microseconds(b["sealed_at"]), len(some)) + b"".join(some) + pack(">q", len(many)) + b"".join(many)
        right = right and right_too and (b["id"], b["accounts"], b["transfers"]) == (str(count), str(len(some)), str(len(many)))
        if b["hash"] != sha256(head + body).hexdigest() or b["previous_hash"] != head.hex() or not right:
            yield f"block {b['id']}: its hash is not that of what it seals"
        head = bytes.fromhex(b["hash"])
        known.add(b["hash"])
    if published and published not in known:
        yield "the published head is not in this chain"
    accepted = sorted(r["key"].lower() for r in rows(folder, "requests") if r["reason"] == "0")
    if accepted != sorted({t["request_key"].lower() for t in transfers}):
        yield "the requests accepted are not those that have transfers"


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        faults = list(verify(*sys.argv[1:]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, error) as fault:
        faults = [f"this is not what an export holds: {fault!r}"]
    print("\n".join(faults) or "Nothing wrong. Head: " + (rows(sys.argv[1], "blocks") or [{"hash": "00" * 32}])[-1]["hash"])
    sys.exit(bool(faults))
