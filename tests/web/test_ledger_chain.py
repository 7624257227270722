"""The chain seals what was decided, an export alone proves it, and a changed byte is found by two verifiers that share no line."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.tidy.sources import ROOT
from tests.web import ledger_town

from ressort.cli.ledger_files import read_export, read_sent
from ressort.core.currency import Action, Leg, Verdict, verify
from ressort.core.errors import InputError, RuleBroken
from ressort.web.currency import actions, exports

SOON = datetime.now(UTC) + timedelta(days=1)


def sealed(raw: psycopg.Connection[Any]) -> None:
    while raw.execute("SELECT ledger.seal()").fetchone()[0]:  # type: ignore[index]
        pass


def verified(folder: Path) -> Verdict:
    """The verdict on what the database holds now, after a few operations of every sort."""
    exports.export(folder)
    return verify(read_export(folder))


def standalone(folder: Path, *head: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(ROOT / "docs" / "verify_ledger.py"), str(folder), *head]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture
def busy(town: ledger_town.Town) -> ledger_town.Town:
    """A town where something of every sort happened."""
    paid = town.pay(0, 1, 250).transfers[0]
    town.pay(0, 1, 10**9)
    first, second, _third = (town.hold(1, 2, amount_cents, SOON) for amount_cents in (300, 400, 500))
    town.ask(Leg(ledger_town.PAY, amount_cents=200, action=Action.POST, target=first))
    town.ask(Leg(ledger_town.PAY, action=Action.VOID, target=second))
    town.ask(Leg(ledger_town.PAY, action=Action.REVERSE, target=paid))
    return town


def test_two_verifiers_find_nothing_wrong_in_an_export_and_the_same_head(busy: ledger_town.Town, tmp_path: Path) -> None:  # fmt: skip
    sealed(busy.raw)
    verdict = verified(tmp_path / "export")
    assert verdict.faults == ()
    assert verdict.unsealed == 0
    told = standalone(tmp_path / "export", verdict.head.hex())
    assert told.returncode == 0, told.stdout + told.stderr
    assert verdict.head.hex() in told.stdout
    assert standalone(tmp_path / "export", "ab" * 32).returncode == 1


def test_transfers_not_sealed_yet_are_counted_and_replayed(busy: ledger_town.Town, tmp_path: Path) -> None:
    sealed(busy.raw)
    busy.pay(0, 2, 5)
    verdict = verified(tmp_path / "export")
    assert (verdict.faults, verdict.unsealed) == ((), 1)


TAMPERINGS = {
    "an amount": ("UPDATE ledger.transfer SET amount_cents = amount_cents + 1 WHERE id = {transfer}", {"I2", "I6"}),
    "a payee": ("UPDATE ledger.transfer SET credit_account = {other} WHERE id = {transfer}", {"I2", "I4", "I6"}),
    "an hour": ("UPDATE ledger.transfer SET created_at = created_at + interval '1 microsecond' WHERE id = {transfer}", {"I6"}),
    "who asked": ("UPDATE ledger.transfer SET actor = 2 WHERE id = {transfer}", {"I6"}),
    "a transfer taken away": ("DELETE FROM ledger.transfer WHERE id = {transfer}", {"I2", "I6", "I8"}),
    "a balance": ("UPDATE ledger.account SET balance_cents = balance_cents + 1 WHERE id = {payer}", {"I1", "I2", "I7"}),
    "two balances": (
        "UPDATE ledger.account SET balance_cents = balance_cents + CASE id WHEN {payer} THEN 1 ELSE -1 END WHERE id IN ({payer}, {other})",
        {"I2"},
    ),
    "what is held back": ("UPDATE ledger.account SET pending_out_cents = pending_out_cents + 1 WHERE id = {payer}", {"I3"}),
    "the kind of an account": ("UPDATE ledger.account SET kind = 4 WHERE id = {other}", {"I6", "I7"}),
    "a block": ("UPDATE ledger.block SET hash = sha256(hash) WHERE id = (SELECT max(id) FROM ledger.block)", {"I6"}),
    "a request": ("DELETE FROM ledger.request WHERE key = (SELECT request_key FROM ledger.transfer WHERE id = {transfer})", {"I8"}),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_the_owner_of_the_server_changes_is_found(busy: ledger_town.Town, tmp_path: Path, what: str) -> None:
    """Tampered with as superuser, triggers off; mended afterwards, for the other tests."""
    paid = busy.pay(2, 0, 77).transfers[0]
    sealed(busy.raw)
    statement, invariants = TAMPERINGS[what]
    busy.raw.autocommit = False
    busy.raw.execute("SET LOCAL session_replication_role = replica")
    given = {"transfer": paid, "payer": busy.members[2], "other": busy.members[1]}
    busy.raw.execute(statement.format(**given).encode())
    faults = tampered_faults(busy.raw, tmp_path / "export")
    busy.raw.rollback()
    busy.raw.autocommit = True
    assert {fault.facts["invariant"] for fault in faults} == invariants
    blocks = [fault.facts["block"] for fault in faults if fault.facts["invariant"] == "I6"]
    last = busy.raw.execute("SELECT max(id) FROM ledger.block").fetchone()[0]  # type: ignore[index]
    assert set(blocks) <= {last}
    if what != "a request":  # the small one does not read requests, nor does it know which kinds are covered
        assert standalone(tmp_path / "export").returncode == 1


def tampered_faults(raw: psycopg.Connection[Any], folder: Path) -> tuple[RuleBroken, ...]:
    """The faults seen from within the transaction that tampers."""
    folder.mkdir()
    raw.execute("SET LOCAL TimeZone TO 'UTC'")
    for name, query in exports.TABLES.items():
        with raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()) as lines:
            (folder / f"{name}.csv").write_bytes(b"".join(lines))
    for name, query in exports.SENT.items():
        with raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)".encode()) as lines:
            (folder / f"{name}.binary").write_bytes(b"".join(lines))
    faults = verify(read_export(folder)).faults
    assert [one.facts for one in verify(read_sent(folder)).faults] == [one.facts for one in faults], "read at once"
    return faults


def test_what_the_database_sends_at_once_is_what_an_export_holds(busy: ledger_town.Town, tmp_path: Path) -> None:
    sealed(busy.raw)
    exports.export(tmp_path / "export")
    exports.export(tmp_path / "sent", in_binary=True)
    written, sent = read_export(tmp_path / "export"), read_sent(tmp_path / "sent")
    assert (written.transfers["resolves"] != 0).any() and (written.transfers["reverses"] != 0).any()
    for name in ("accounts", "transfers"):
        assert getattr(written, name).tobytes() == getattr(sent, name).tobytes(), name
    for name in ("balances", "blocks"):
        mine, theirs = getattr(written, name), getattr(sent, name)
        assert {one: list(mine[one]) for one in mine} == {one: list(theirs[one]) for one in theirs}, name
    assert sorted(written.accepted.tolist()) == sorted(sent.accepted.tolist())  # type: ignore[union-attr]


def test_a_cell_emptied_or_zeroed_under_the_hand_of_the_database_is_seen(busy: ledger_town.Town, tmp_path: Path) -> None:  # fmt: skip
    """A zero and an empty cell are one number in the chain: what is sent tells them apart."""
    sealed(busy.raw)
    exports.export(tmp_path / "intact", in_binary=True)
    assert verify(read_sent(tmp_path / "intact")).faults == ()
    last = "(SELECT max(id) FROM ledger.transfer WHERE resolves IS NULL AND debit_version IS NOT NULL)"
    for at, change in enumerate(("resolves = 0", "debit_version = NULL", "credit_after_cents = NULL")):
        busy.raw.autocommit = False
        busy.raw.execute("SET LOCAL session_replication_role = replica")
        busy.raw.execute(f"UPDATE ledger.transfer SET {change} WHERE id = {last}".encode())
        folder = tmp_path / str(at)
        folder.mkdir()
        for name, query in exports.SENT.items():
            with busy.raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)".encode()) as lines:
                (folder / f"{name}.binary").write_bytes(b"".join(lines))
        busy.raw.rollback()
        busy.raw.autocommit = True
        assert "I6" in {one.facts["invariant"] for one in verify(read_sent(folder)).faults}, change


def test_a_table_cut_short_on_its_way_is_refused(busy: ledger_town.Town, tmp_path: Path) -> None:
    exports.export(tmp_path / "sent", in_binary=True)
    content = (tmp_path / "sent" / "transfers.binary").read_bytes()
    for wrong in (content[:-2], content[:-40], content[:10], content[:24] + b"\x09" + content[25:]):
        (tmp_path / "sent" / "transfers.binary").write_bytes(wrong)
        with pytest.raises(InputError, match="transfers"):
            read_sent(tmp_path / "sent")


def test_a_block_waits_for_the_payments_whose_number_is_already_drawn(town: ledger_town.Town, tmp_path: Path) -> None:
    """A slow payment draws its id, a quick one the next and commits first: sealing at once would leave the slow one out for ever."""
    sealed(town.raw)
    with ledger_town.connected(autocommit=False) as slow, ledger_town.connected() as sealer:
        slow_town = ledger_town.Town(slow, town.currency, town.outside, town.reserve, town.issue, town.members)
        early = slow_town.pay(0, 1, 1).transfers[0]
        late = town.ask(Leg(ledger_town.ISSUE, town.outside, town.reserve, 1)).transfers[0]
        assert early < late
        assert sealer.execute("SELECT ledger.seal()").fetchone() == (None,), "it waited, then left it for later"
        assert town.raw.execute("SELECT max(last_transfer) FROM ledger.block").fetchone()[0] < early  # type: ignore[index]
        waiting = threading.Thread(target=sealed, args=(sealer,))
        waiting.start()
        while not town.raw.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 7235942 AND granted").fetchone():  # fmt: skip
            threading.Event().wait(0.001)
        slow.commit()
        waiting.join()
    assert town.raw.execute("SELECT max(last_transfer) FROM ledger.block").fetchone()[0] >= late  # type: ignore[index]
    verdict = verified(tmp_path / "export")
    assert (verdict.faults, verdict.unsealed) == ((), 0)


def test_an_export_is_never_written_over_nor_read_when_it_is_not_one(db: None, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="already exists"):
        exports.export(tmp_path)
    with pytest.raises(InputError, match="not an export"):
        read_export(tmp_path)
    actions.seal()
    exports.export(tmp_path / "export")
    (tmp_path / "export" / "accounts.csv").write_text("id,currency\n1,x\n", "utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_export(tmp_path / "export")
