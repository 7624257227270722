"""The ledger read again by Beancount, another program by other people: every balance to the cent, and a cent changed is seen.

    python bench/beancount.py [transfers (12,000)]

A year of payments, holds and reversals goes through the door; `ressort ledger export` and `--beancount` write it; Beancount (in an
environment of its own: it is GPL-2 and never part of Ressort) checks the balance of each account at the end of each month.
"""

import json
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import _peers
import _timing
import ledger

from ressort.cli.ledger_files import codes, read_export
from ressort.core.currency import Action, Leg, Reason, Request, beancount
from ressort.web.currency.door import ask

PEER = "beancount==3.2.3"
READ = """
import collections, json, sys
from beancount import loader
from beancount.core.data import Transaction
entries, errors, _options = loader.load_file(sys.argv[1])
held = collections.defaultdict(int)
for entry in entries:
    for posting in entry.postings if isinstance(entry, Transaction) else ():
        held[posting.account] += int(posting.units.number * 100)
print(json.dumps({"errors": [one.message for one in errors], "held": held, "entries": len(entries)}))
"""


def main() -> None:
    """Fill, write, read again, change a cent."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12_000
    _timing.machine()
    with ledger.server(1.0) as bench, tempfile.TemporaryDirectory() as home:
        _year(bench, count)
        folder = Path(home) / "export"
        folder.mkdir()
        ledger.exported(bench, folder)
        rows = read_export(folder)
        text = "\n".join(beancount(rows, codes(folder)))
        start = time.perf_counter()
        read = _read(Path(home) / "ledger.beancount", text)
        took_s = time.perf_counter() - start
    assert not read["errors"], read["errors"][:3]
    cents = zip(rows.accounts["id"].tolist(), rows.balances["balance_cents"].tolist(), strict=True)
    theirs = {int(name.rsplit("A", 1)[1]): held for name, held in read["held"].items()}
    wrong = [account for account, held in cents if theirs.get(account, 0) != held]
    assert not wrong, wrong[:3]
    print(
        f"{len(rows.transfers):,} transfers, {len(rows.accounts):,} accounts: Beancount finds every balance, {read['entries']:,} entries"
    )
    with tempfile.TemporaryDirectory() as home:
        at = text.rindex(" 1.00 ABE")
        changed = _read(Path(home) / "changed.beancount", f"{text[:at]} 1.01 ABE{text[at + 9 :]}")
    assert changed["errors"]
    print(f"A cent changed: {len(changed['errors'])} complaints")
    print(f"Beancount read and checked them in {took_s:.0f} s")


def _year(bench: ledger.Bench, count: int) -> None:
    """Payments over twelve months, one in fifty held then posted in part, one in fifty reversed."""
    dice, today = random.Random(6), date.today()
    soon = datetime.now(UTC) + timedelta(1)
    with bench.connect() as raw:
        for at in range(0, count, 500):
            day = today - timedelta(365 - 365 * at // count)
            legs = [ledger._leg(bench, None) for _one in range(500)]
            legs = [Leg(leg.operation, leg.debit, leg.credit, 100, Action.HOLD if dice.random() < 0.02 else Action.TRANSFER) for leg in legs]  # fmt: skip
            answers = ask(raw, [Request(ledger.time_ordered(), (leg,), 1, day, soon) for leg in legs])
            assert {answer.reason for answer in answers} == {Reason.ACCEPTED}
            for leg, answer in zip(legs, answers, strict=True):
                target = answer.transfers[0]
                after = Leg(leg.operation, action=Action.REVERSE, target=target)
                if leg.action is Action.HOLD:
                    after = Leg(leg.operation, amount_cents=50, action=Action.POST, target=target)
                elif dice.random() >= 0.02:
                    continue
                ask(raw, [Request(uuid4(), (after,), 1, day)])


def _read(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text + "\n", "utf-8")
    told: dict[str, Any] = json.loads(_peers.run(_peers.python_with(PEER), READ, str(path)))
    return told


if __name__ == "__main__":
    main()
