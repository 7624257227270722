"""A thousand people who vote in the same minute, as `ressort serve` starts the site: embedded database, two workers.

Each opens the ballot, sends their choices, then casts: three requests a voter, at instants spread over the minute by chance. Every ballot
must be in the box at the end, each receipt recognised. Each line gives the ratio to what is asked.
"""

import asyncio
import os
import re
import subprocess
import sys
import time

import _timing
import httpx
import numpy as np
from web import site

VOTERS, SECONDS, PROJECTS = 1_000, 60.0, 60
LIMIT_P99_MS = 300.0
SETUP = """
import os, sys
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from ressort.web.budget import actions
from ressort.web.budget.models import Campaign
from ressort.web.people.models import Person
boss = Person.objects.create_user("bench@example.fr", is_superuser=True)
now = timezone.now()
dates = {name: now + timedelta(hours=hours) for name, hours in
    (("ideas_open_at", -1), ("ideas_close_at", 1), ("vote_opens_at", 2), ("vote_closes_at", 30))}
held = actions.open_campaign(boss, "EPCI", "200067254", title="Bench", budget_cents=80_000_000, rules={"rule": "mes"}, **dates)
for at in range(int(sys.argv[2])):
    idea = actions.propose(held, title=f"Projet {at + 1}", text="Texte", author_name="Zoe")
    actions.study(boss, idea, 1, state="feasible", cost_cents=(at + 1) * 100_000)
Campaign.objects.filter(pk=held.pk).update(ideas_close_at=now - timedelta(minutes=30), vote_opens_at=now - timedelta(minutes=20))
held.refresh_from_db()
print(held.pk, *actions.make_codes(boss, held, int(sys.argv[1])))
"""
COUNTED = """
import sys
import django
django.setup()
from ressort.web.budget import actions
from ressort.web.budget.models import Campaign
held = Campaign.objects.get(pk=int(sys.argv[1]))
found = sum(actions.receipt_state(held, one) == "counted" for one in sys.stdin.read().split())
print(held.ballots.count(), found)
"""


def _inside(home: str, script: str, *words: str, said: str = "") -> list[str]:
    """What a script says in the environment of the server."""
    environment = os.environ | {"RESSORT_HOME": home, "DJANGO_SETTINGS_MODULE": "ressort.web.settings"}
    command = [sys.executable, "-W", "ignore", "-c", script, *words]
    return subprocess.run(
        command, env=environment, input=said, capture_output=True, text=True, check=True
    ).stdout.split()


async def _vote(
    wire: httpx.AsyncHTTPTransport, address: str, code: str, wait_s: float, chosen: list[str]
) -> tuple[list[float], str]:
    """Seconds of each request of one voter, and the receipt."""
    await asyncio.sleep(wait_s)
    spent: list[float] = []
    cookie = ""

    async def ask(words: dict[str, object] | None) -> httpx.Response:
        start = time.perf_counter()
        headers = {"Cookie": cookie} if cookie else {}
        asked = httpx.Request("POST" if words else "GET", address, data=words, headers=headers)
        answer = await wire.handle_async_request(asked)
        await answer.aread()
        spent.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code} for {address}")
        return answer

    page = await ask(None)
    cookie = page.headers["set-cookie"].partition(";")[0]
    secret = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert secret, "the ballot holds its token"
    words: dict[str, object] = {"csrfmiddlewaretoken": secret[1], "projet": chosen, "ordre": "1"}
    await ask(words)
    told = await ask(words | {"deposer": "1", "code": code})
    receipt = re.search(r"<code>([0-9A-Z-]+)</code>", told.text)
    return spent, receipt[1] if receipt else ""


async def _minute(address: str, codes: list[str]) -> tuple[np.ndarray, list[str]]:
    dice = np.random.default_rng(3)
    waits = dice.uniform(0, SECONDS, len(codes)).tolist()
    chosen = [[str(p + 1) for p in dice.choice(PROJECTS, 4, replace=False)] for _code in codes]
    async with httpx.AsyncHTTPTransport(verify=False, limits=httpx.Limits(max_connections=None)) as wire:
        votes = (_vote(wire, address, *one) for one in zip(codes, waits, chosen, strict=True))
        done = await asyncio.gather(*votes)
    return 1000 * np.array([seconds for spent, _receipt in done for seconds in spent]), [
        receipt for _spent, receipt in done
    ]


async def _bare(address: str, count: int, seconds: float) -> np.ndarray:
    """Milliseconds of bare pages asked at the same pace: what the machine gives at best, now."""

    async def one(wire: httpx.AsyncHTTPTransport, wait_s: float) -> float:
        await asyncio.sleep(wait_s)
        start = time.perf_counter()
        await (await wire.handle_async_request(httpx.Request("GET", f"{address}/hello"))).aread()
        return 1000 * (time.perf_counter() - start)

    async with httpx.AsyncHTTPTransport(verify=False, limits=httpx.Limits(max_connections=None)) as wire:
        return np.array(await asyncio.gather(*(one(wire, seconds * at / count) for at in range(count))))


def main() -> None:
    """The minute, then what is in the box."""
    _timing.machine()
    with site() as (address, server):
        home = server.environ()["RESSORT_HOME"]
        bare_ms = asyncio.run(_bare(address, VOTERS // 2, SECONDS / 6))
        pk, *codes = _inside(home, SETUP, str(VOTERS), str(PROJECTS))
        before = sum(sum(one.cpu_times()[:2]) for one in [server, *server.children(recursive=True)])
        spent_ms, receipts = asyncio.run(_minute(f"{address}/budget/{pk}/voter/", codes))
        after = sum(sum(one.cpu_times()[:2]) for one in [server, *server.children(recursive=True)])
        ballots, counted = map(int, _inside(home, COUNTED, pk, said="\n".join(receipts)))
        what = f"{VOTERS} voters in {SECONDS:.0f} s"
        for name, share in (("median", 50), ("p95", 95), ("p99", 99), ("slowest", 100)):
            _timing.tell(
                f"{what}: {name} of a request", float(np.percentile(spent_ms, share)), "limit asked", LIMIT_P99_MS
            )
        bare = float(np.percentile(bare_ms, 99))
        _timing.tell(
            f"{what}: p99 of a request", float(np.percentile(spent_ms, 99)), "p99 of a bare page, same pace", bare
        )
        _timing.tell(
            f"{what}: processor of server and database, a voter",
            1000 * (after - before) / VOTERS,
            "of a minute of one core",
            60.0,
        )
        _timing.tell("ballots in the box", ballots, "votes cast", VOTERS, "")
        _timing.tell("receipts recognised", counted, "votes cast", VOTERS, "")


if __name__ == "__main__":
    main()
