"""Notices of payments received, sent to the programs that asked: a queue in the database, filled from the ledger itself.

What is to be told is read from the entries of the account since the last one told: nothing is lost by a crash, and no payment waits for it.
An address is looked up here, must lead to the internet, and is the very one that is then called: no name can turn to this network meanwhile.
"""

import asyncio
import hmac
import json
import logging
import secrets
import socket
import threading
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from itertools import groupby
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Min
from django.utils import timezone

from ressort.core.currency.notices import is_public, signature, wait_s
from ressort.core.errors import RuleBroken
from ressort.web.currency import access, queries
from ressort.web.currency.models import Delivery, Hook, Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Person

PAUSE_S = 2.0
MOST_HOOKS = 5
_TIMEOUT_S = 5.0
#: programs told side by side, and notices to each of them, in one look at the queue
_PROGRAMS_AT_ONCE, _AT_ONCE = 200, 10
_KEPT = timedelta(days=60)
_PORTS = (443, 8443)
_log = logging.getLogger(__name__)


def secret_of(hook: Hook) -> str:
    """What a program checks notices with; shown once."""
    return hmac.new(settings.SECRET_KEY.encode(), f"hook:{hook.salt}".encode(), sha256).hexdigest()


@transaction.atomic
def add_hook(by: Person | None, wallet: Wallet, url: str) -> Hook:
    """A program to be told of what a wallet receives from now on.

    Raises:
        RuleBroken: the address is not one that may be called, or there are too many.
    """
    if by is not None:
        access.require(by, "give_key", wallet)
    target(url)
    if wallet.hooks.filter(stopped_at__isnull=True).count() >= MOST_HOOKS:
        raise RuleBroken("An account tells {most} programs at most: stop one first.", most=MOST_HOOKS)
    hook = Hook.objects.create(
        wallet=wallet, url=url, salt=secrets.token_hex(16), seen=queries.version(wallet), made_by=by
    )
    note(by, "add_hook", f"wallet:{wallet.pk}")
    return hook


@transaction.atomic
def stop_hook(by: Person, hook: Hook) -> None:
    """Tells that program nothing any more."""
    access.require(by, "give_key", hook.wallet)
    Hook.objects.filter(pk=hook.pk, stopped_at__isnull=True).update(stopped_at=timezone.now())
    Delivery.objects.filter(hook=hook, done_at__isnull=True).update(next_at=None)
    note(by, "stop_hook", f"wallet:{hook.wallet_id}")


def target(url: str) -> tuple[str, str, int, str]:
    """The address to call, the name it stands for, the port and the path of a notice.

    Raises:
        RuleBroken: not https, a port or a network that is not called, or a name that leads nowhere.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or 443
    except ValueError:
        port = 0
    if parts.scheme != "https" or not parts.hostname or port not in _PORTS or parts.username or parts.password:
        raise RuleBroken(
            "{url} cannot be told: give an address that begins with https://, without a name or password.",
            url=url[:200],
        )
    try:
        found = {one[4][0] for one in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise RuleBroken("Nothing answers to the name {name}.", name=parts.hostname[:200]) from error
    if not found or not all(is_public(str(one)) for one in found):
        raise RuleBroken(
            "{name} leads to a private network: notices go to the internet only.", name=parts.hostname[:200]
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return str(sorted(found)[0]), parts.hostname, port, path


def enqueue() -> int:
    """Queues a notice for each payment received since the last look; tells how many."""
    count = 0
    for hook in Hook.objects.filter(stopped_at__isnull=True).select_related("wallet"):
        with transaction.atomic():
            held = Hook.objects.select_for_update().get(pk=hook.pk)
            found = queries.received_since(hook.wallet, held.seen)
            if not found:
                continue
            now = timezone.now()
            Delivery.objects.bulk_create(
                [Delivery(hook=held, transfer=one, next_at=now) for one, _version in found], ignore_conflicts=True
            )
            Hook.objects.filter(pk=held.pk).update(seen=found[-1][1])
            count += len(found)
    return count


def deliver() -> int:
    """Sends what is due; what fails is tried again later, less and less often. Tells how many went through."""
    due = [(one, body_of(one)) for one in _due()]
    sent = 0
    for one, went, answer in asyncio.run(_told(due)) if due else ():
        tries = one.tries + 1
        wait = None if went else wait_s(tries)
        now = timezone.now()
        Delivery.objects.filter(pk=one.pk).update(
            tries=tries, answer=answer[:60], done_at=now if went else None, next_at=None if wait is None else now + timedelta(seconds=wait)
        )  # fmt: skip
        sent += went
    return sent


def _due() -> list[Delivery]:
    """The oldest few of each program: one that is far behind does not fill the queue of all."""
    due = Delivery.objects.filter(next_at__lte=timezone.now())
    programs = due.values("hook").annotate(first=Min("next_at")).order_by("first")[:_PROGRAMS_AT_ONCE]
    return [
        one
        for program in list(programs)
        for one in due.filter(hook=program["hook"]).select_related("hook__wallet").order_by("next_at", "pk")[:_AT_ONCE]
    ]


async def _told(due: Sequence[tuple[Delivery, bytes]]) -> list[tuple[Delivery, bool, str]]:
    """What each program answered: they are told side by side, so that a slow one delays nobody else."""
    of_each = [list(batch) for _hook, batch in groupby(due, lambda pair: pair[0].hook_id)]
    return [answer for answers in await asyncio.gather(*map(_told_in_turn, of_each)) for answer in answers]


async def _told_in_turn(batch: Sequence[tuple[Delivery, bytes]]) -> list[tuple[Delivery, bool, str]]:
    """What one program answered, until it does not take a notice or its turn is over: the next ones wait without losing a try."""
    answers: list[tuple[Delivery, bool, str]] = []
    end = monotonic() + _TIMEOUT_S
    for one, body in batch:
        answers.append((one, *await _sent(one, body)))
        if not answers[-1][1] or monotonic() > end:
            break
    return answers


def body_of(one: Delivery) -> bytes:
    """What a notice says: the same bytes each time it is sent."""
    wallet = one.hook.wallet
    line = queries.entry(wallet, one.transfer)
    told: dict[str, Any] = {"id": f"{one.hook_id}-{one.transfer}", "type": "payment.received", "currency": queries.code_of(wallet.currency),
                            "payee": wallet.alias, "transfer": one.transfer}  # fmt: skip
    if line is not None:
        told |= {
            "amount_cents": line.amount_cents,
            "operation": line.operation,
            "day": str(line.day),
            "ask": queries.short_of(one.transfer),
        }
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


async def _sent(one: Delivery, body: bytes) -> tuple[bool, str]:
    """Whether a notice was taken, and the answer; whatever comes drop by drop, it is left after five seconds in all."""
    at_s = int(timezone.now().timestamp())
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            address, name, port, path = await asyncio.to_thread(target, one.hook.url)
            return await _posted(address, name, port, path, body, signature(secret_of(one.hook), at_s, body))
    except (RuleBroken, httpx.HTTPError, TimeoutError) as error:
        return False, type(error).__name__


async def _posted(address: str, name: str, port: int, path: str, body: bytes, signed: str) -> tuple[bool, str]:
    """Calls the address that was looked up, under the name whose certificate is expected; follows nothing, reads no answer but its status."""
    host = f"[{address}]" if ":" in address else address
    headers = {
        "Host": name if port == 443 else f"{name}:{port}",
        "Content-Type": "application/json",
        "Ressort-Signature": signed,
    }
    async with (
        httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST", f"https://{host}:{port}{path}", content=body, headers=headers, extensions={"sni_hostname": name}
        ) as answer,
    ):
        return 200 <= answer.status_code < 300, f"HTTP {answer.status_code}"


def purge() -> int:
    """Erases the notices of more than two months; tells how many."""
    count, _by_model = Delivery.objects.filter(
        next_at__isnull=True, hook__made_at__lt=timezone.now(), done_at__lt=timezone.now() - _KEPT
    ).delete()
    return count


def start(stop: threading.Event) -> threading.Thread:
    """Sends notices until told to stop, in a thread of its own: a program that is slow to answer delays nobody else."""
    thread = threading.Thread(target=_keep, args=(stop,), name="ledger-postman", daemon=True)
    thread.start()
    return thread


def _keep(stop: threading.Event) -> None:
    while not stop.wait(PAUSE_S):
        try:
            enqueue()
            deliver()
            purge()
        except (Error, psycopg.Error) as error:
            _log.warning("Notices could not be sent now: %s", error)
            connection.close()
    connection.close()
