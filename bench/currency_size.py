"""A currency with millions of transfers: server time of a statement page and of the desk, then the whole ledger verified.

`python bench/currency_size.py 5000000 10000000` fills up to each of these sizes in turn, for minutes, and measures at each; a million by
default. Pages are asked in this process, by Django's own client, so that the network and the machine's other visitors count for nothing; the
middle of twenty answers is told, after one that does not count.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import _timing
import psutil

LIMIT_MS, LIMIT_ENTRIES_PER_S = 100.0, 300_000.0
MEMBERS, BATCH, ASKED, DAYS = 2_000, 1_000, 20, 730
PAGES = {
    "statement page": "/monnaies/compte/membre-0/",
    "desk": "/monnaies/SIZE/gestion/",
    "thresholds": "/monnaies/SIZE/gestion/seuils/",
}


def main() -> None:
    """Fill, ask the pages, verify."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000_000]
    _timing.machine()
    home = Path(tempfile.mkdtemp(prefix="ressort-size-"))
    os.environ |= {
        "RESSORT_HOME": str(home),
        "RESSORT_RATE_LIMIT": "0",
        "DJANGO_SETTINGS_MODULE": "ressort.web.settings",
    }
    from ressort.web import database

    try:
        with database.running():
            _measure(sizes)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(sizes: list[int]) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    from django.test import Client

    from ressort.web.association import members, totals
    from ressort.web.association.models import Post
    from ressort.web.currency import actions, wallets
    from ressort.web.people.models import Person

    admin, staff = (Person.objects.create_user(f"{name}@example.fr", "Correct-Horse-9-Battery") for name in ("a", "b"))
    Person.objects.filter(pk=admin.pk).update(is_superuser=True)
    admin.refresh_from_db()
    number = actions.found_currency("SIZE", "Taille")
    members.appoint(admin, number, staff.email, Post.Role.STAFF)
    held = [
        wallets.open_wallet(None, number, f"Membre {at}", f"membre-{at}", "professional", staff)
        for at in range(MEMBERS)
    ]
    for at, one in enumerate(held):
        actions.require(wallets.exchange(None, one, 10**8, f"VIR {at}"))
    client, there = Client(), 0
    client.force_login(staff)
    for count in sizes:
        start, more, there = time.perf_counter(), count - there, count
        _fill([one.account for one in held], more, random.Random(count))
        print(f"{more:,} transfers more in {time.perf_counter() - start:.0f} s")
        start = time.perf_counter()
        totals.renew()
        print(f"daily totals of all of them: {time.perf_counter() - start:.1f} s, once; then as they come")
        for name, path in PAGES.items():
            wall_ms, cpu_ms = _page_ms(client, path)
            _timing.tell(f"{name}, {count:,} transfers", wall_ms, "limit asked", LIMIT_MS)
            _timing.tell(f"{name}, {count:,} transfers: CPU, database included", cpu_ms, "limit asked", LIMIT_MS)
        _verified()


def _fill(accounts: list[int], count: int, dice: random.Random) -> None:
    """Payments between members, a quarter of them at one shop, over the days of two years, in batches; sealed as the server does."""
    from ressort.core.currency import Leg, Reason, Request, operation
    from ressort.web.currency import actions

    pay = operation("pay_member")
    for batch in range(count // BATCH):
        day = date.today() - timedelta(DAYS - 1 - DAYS * batch * BATCH // count)
        front = int(time.time() * 1000).to_bytes(6)
        some = []
        for _one in range(BATCH):
            payer, payee = dice.sample(accounts[1:], 2)
            leg = Leg(pay, payer, accounts[0] if dice.random() < 0.25 else payee, 1)
            some.append(Request(UUID(bytes=front + dice.randbytes(10)), (leg,), 0, day))
        assert all(answer.reason is Reason.ACCEPTED for answer in actions.submit_all(some))
        if batch % 50 == 49:
            actions.seal()
    actions.seal()


def _page_ms(client: object, path: str) -> tuple[float, float]:
    """The middle answer by the clock, and the mean CPU of an answer, that of our process of the database included."""
    from django.db import connection

    client.get(path)  # type: ignore[attr-defined]  # templates are read once
    backend = psutil.Process(connection.connection.info.backend_pid)
    found, before = [], time.process_time() + sum(backend.cpu_times()[:2])
    for _one in range(ASKED):
        start = time.perf_counter()
        assert client.get(path).status_code == 200, path  # type: ignore[attr-defined]
        found.append(1000 * (time.perf_counter() - start))
    cpu_s = time.process_time() + sum(backend.cpu_times()[:2]) - before
    return statistics.median(found), 1000 * cpu_s / ASKED


def _verified() -> None:
    from ressort.cli.ledger_files import read_export
    from ressort.core.currency import verify
    from ressort.web.currency.exports import export

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "ledger"
        export(target)
        start, cpu_s = time.perf_counter(), time.process_time()
        verdict = verify(read_export(target))
        wall_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu_s
    assert verdict.faults == (), verdict.faults[:3]
    print(f"{verdict.transfers:,} transfers, {verdict.entries:,} entries, {verdict.blocks} blocks: no fault")
    _timing.tell("verify, from an export", verdict.entries / wall_s, "limit asked", LIMIT_ENTRIES_PER_S, "/s")
    _timing.tell("verify, from an export, by CPU", verdict.entries / cpu_s, "limit asked", LIMIT_ENTRIES_PER_S, "/s")


if __name__ == "__main__":
    main()
