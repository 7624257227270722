"""The site itself, killed without a word while shops are paid by HTTP: its workers, who watches over them, its own database.

Each payment answered by a 201 is there once, each other is done once when it is asked again under the same key, and nothing else moved.
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest

from ressort.reference import data_folder

HANDS, EACH_CENTS, ENOUGH = 6, 10**6, 60
VICTIMS = ("workers", "supervisor", "database", "all")
_FOUND = f"""
import json
from ressort.core.currency import Reason
from ressort.web.currency import actions, wallets
number, keys = actions.found_currency("MORT", "Essai"), []
wallets.open_wallet(None, number, "Epicerie", "epicerie", "professional", None)
for at in range({HANDS}):
    one = wallets.open_wallet(None, number, f"P{{at}}", f"payeur-{{at}}", "individual", None)
    assert wallets.exchange(None, one, {EACH_CENTS}, f"VIR {{at}}").reason is Reason.ACCEPTED
    keys.append(wallets.give_key(None, one, "essai"))
print("KEYS" + json.dumps(keys))
"""


@dataclass
class Site:
    """A site on a data folder of its own."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    keys: list[str] = field(default_factory=list)
    #: what each hand asked, by key of the payment: its cents, and whether it was answered
    asked: list[dict[str, list[Any]]] = field(default_factory=lambda: [{} for _hand in range(HANDS)])

    def run(self, *words: str, heard: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        given = {"RESSORT_HOME": str(self.home), "RESSORT_RATE_LIMIT": "0", "RESSORT_LANGUAGE": "en"}
        rest = {
            name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")
        }
        return subprocess.Popen([sys.executable, *words], env=rest | given, stdout=heard, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        self.process = self.run("-m", "ressort.web", "serve", "--port", str(self.port))
        self.answers()

    def answers(self) -> None:
        """Waits until it does."""
        while True:
            with suppress(OSError, HTTPException), closing(self.connection()) as line:
                if self.call(line, "GET", "/sante")[0] == 200:
                    return
            threading.Event().wait(0.2)

    def connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    @staticmethod
    def call(line: HTTPConnection, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        line.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"} | headers)
        answer = line.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content[:1] == b"{" else content

    def pay(self, line: HTTPConnection, hand: int, key: str, cents: int) -> bool:
        """Whether a payment was answered with a yes; what is neither yes nor silence is a fault."""
        headers = {"Authorization": f"Bearer {self.keys[hand]}", "Idempotency-Key": key}
        status, told = self.call(line, "POST", "/api/payments", {"payee": "epicerie", "amount_cents": cents}, **headers)
        assert status in (201, 503, 500, 502), (status, told)
        return status == 201

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))

    def kill(self, victim: str) -> None:
        """Ends something without a word, and what is left of it so that the site can be started again."""
        assert self.process is not None
        if victim == "workers":
            chosen = [one for one in self.family() if "postgres" not in one.name()]
        elif victim == "supervisor":
            chosen = [psutil.Process(self.process.pid)]
        else:
            postmaster = self.postmaster()
            chosen = [postmaster, *postmaster.children(recursive=True)]
            chosen += [psutil.Process(self.process.pid), *self.family()] if victim == "all" else []
        assert len(chosen) > (victim != "supervisor"), "there is something to kill"
        for one in chosen:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ends the site, whatever is left of it."""
        if self.process is not None:
            left = self.family() if self.process.poll() is None else []
            self.process.terminate()
            self.process.wait(60)
            psutil.wait_procs(left, timeout=60)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="rk-"))
    built = data_folder() / "build"
    built.mkdir(parents=True, exist_ok=True)
    (home / "build").symlink_to(built.resolve())
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        one = Site(home, free.getsockname()[1])
    one.start()
    told = (
        one.run("-m", "ressort.web", "manage", "shell", "-v", "0", "-c", _FOUND, heard=subprocess.PIPE)
        .communicate()[0]
        .decode()
    )
    one.keys = json.loads(told.partition("KEYS")[2])
    yield one
    one.stop()
    shutil.rmtree(home, ignore_errors=True)


def _hands(site: Site, seed: int, stop: threading.Event, enough: threading.Event) -> list[threading.Thread]:
    """Six shops' machines that pay until told to stop, or until nobody answers."""
    answered = [0] * HANDS

    def run(hand: int) -> None:
        chance, line = random.Random(seed * HANDS + hand), site.connection()
        while not stop.is_set():
            key, cents = str(uuid4()), chance.randint(1, 5)
            site.asked[hand][key] = [cents, False]
            with suppress(OSError, HTTPException):
                site.asked[hand][key][1] = site.pay(line, hand, key, cents)
                answered[hand] += site.asked[hand][key][1]
            if not site.asked[hand][key][1]:
                line.close()
                line = site.connection()
            if sum(answered) >= ENOUGH:
                enough.set()
        line.close()

    hands = [threading.Thread(target=run, args=(hand,)) for hand in range(HANDS)]
    for hand in hands:
        hand.start()
    return hands


def _asked_again(site: Site, hand: int) -> None:
    """Asks each payment again until it is answered: whoever was left of the site that died may take a call, and hang up."""
    left = {key: cents for key, (cents, _is_answered) in site.asked[hand].items()}
    while left:
        with suppress(OSError, HTTPException), closing(site.connection()) as line:
            for key, cents in list(left.items()):
                if site.pay(line, hand, key, cents):
                    del left[key]


@pytest.mark.parametrize("victim", VICTIMS)
def test_no_payment_that_a_shop_was_answered_is_lost_whatever_part_of_the_site_is_killed(site: Site, victim: str) -> None:  # fmt: skip
    stop, enough = threading.Event(), threading.Event()
    hands = _hands(site, VICTIMS.index(victim), stop, enough)
    enough.wait()
    site.kill(victim)
    stop.set()
    for hand in hands:
        hand.join()
    if victim != "workers":
        site.stop()
        site.start()
    site.answers()
    for hand, payments in enumerate(site.asked):
        assert any(is_answered for _cents, is_answered in payments.values()), "this hand was answered before"
        _asked_again(site, hand)
        with closing(site.connection()) as line:
            told = site.call(line, "GET", "/api/balance", Authorization=f"Bearer {site.keys[hand]}")[1]
            assert told["balance_cents"] == EACH_CENTS - sum(cents for cents, _is_answered in payments.values())
    verdict = site.run("-m", "ressort.cli", "ledger", "verify", heard=subprocess.PIPE)
    said = verdict.communicate()[0].decode()
    assert verdict.returncode == 0, said
