"""A ledger founded by an earlier version gets the functions of this one, and keeps who may call them."""

from importlib import import_module
from typing import Any

FUNCTIONS = """
    SELECT proname, pg_get_functiondef(p.oid), proacl::text FROM pg_proc p
     WHERE pronamespace = 'ledger'::regnamespace ORDER BY proname, p.oid
"""


def test_the_door_of_an_earlier_version_becomes_that_of_this_one(ledger: Any) -> None:
    migration = import_module("ressort.web.currency.migrations.0008_door_again")
    now = ledger.execute(FUNCTIONS).fetchall()
    before = next(text for name, text, _acl in now if name == "submit")
    ledger.execute(before.replace("BEGIN", "BEGIN\n    PERFORM 1;", 1).encode())
    assert ledger.execute(FUNCTIONS).fetchall() != now, "as an earlier version would have written it"
    ledger.execute(migration.DOOR.read_text("utf-8").encode())
    assert ledger.execute(FUNCTIONS).fetchall() == now
    ledger.rollback()
