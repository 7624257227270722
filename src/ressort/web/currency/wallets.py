"""What people and programs do with wallets: open, exchange euros, pay, give keys. Each asks `access` first."""

import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from ressort.core.currency import Action, Answer, Leg, Reason, Request, Status, operation
from ressort.core.errors import RuleBroken
from ressort.web.currency import access, actions, earmarks, keys, naming, proofs, queries
from ressort.web.currency.models import Key, Label, Seat, Wallet
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: what a payer wrote is erased after that
LABEL_KEPT = timedelta(days=396)
#: a payment is reversed within that time (parameters: reversal_window_days)
REFUNDED_WITHIN = timedelta(days=61)


@dataclass(frozen=True, slots=True)
class Payment:
    """One of several payments of a payer; its key is paid once."""

    payee: Wallet
    amount_cents: int
    key: UUID
    label: str = ""


_ISSUE, _PAY = operation("exchange_to_digital_online"), operation("pay_member")


@transaction.atomic
def open_wallet(by: Person | None, currency: int, name: str, alias: str, kind: str, owner: Person | None) -> Wallet:
    """A wallet in somebody's name, with its account. `by` is None for the command line of the server.

    Raises:
        RuleBroken: the alias is not one, or is taken; nobody would read the name as it is.
    """
    if by is not None:
        access.require_operator(by)
    name = naming.sound(name)
    if not access.ALIAS.fullmatch(alias):
        raise RuleBroken(
            "{alias} cannot be an alias: 3 to 40 small letters without accents, digits or hyphens, no hyphen at either end.",
            alias=alias,
        )
    if Wallet.objects.filter(alias=alias).exists():
        raise RuleBroken("{alias} is already the alias of another account. Choose another one.", alias=alias)
    account = actions.open_account(currency, "member")
    wallet = Wallet.objects.create(account=account, currency=currency, name=name, alias=alias, kind=kind, owner=owner)
    note(by, "open_wallet", f"wallet:{wallet.pk}")
    return wallet


@transaction.atomic
def close_wallet(by: Person | None, wallet: Wallet) -> None:
    """Closes an empty account and forgets who held it; the ledger keeps a number.

    Raises:
        RuleBroken: there is still money, or a hold.
    """
    if by is not None:
        access.require_operator(by)
    if wallet.purses.filter(closed_at__isnull=True).exists():
        raise RuleBroken("A purse of this account is not closed yet: what is left of it has to return first.")
    actions.change_status(wallet.account, Status.CLOSED)
    note(by, "close_wallet", f"wallet:{wallet.pk}")
    wallet.delete()


def exchange(by: Person | None, wallet: Wallet, amount_cents: int, bank_reference: str) -> Answer:
    """Units for euros that reached the dedicated account. The same bank reference is exchanged once.

    Raises:
        RuleBroken: no reference was given.
    """
    if by is not None:
        access.require(by, "exchange", wallet)
    reference = bank_reference.strip()
    if not reference:
        raise RuleBroken("Write the reference of the bank transfer: without euros that arrived, no unit is issued.")
    outside, reserve, issue = (
        queries.sole_account(wallet.currency, code) for code in ("outside_eur", "reserve_digital", "digital_issue")
    )
    legs = (Leg(_ISSUE, outside, reserve, amount_cents), Leg(_ISSUE, issue, wallet.account, amount_cents))
    answer = actions.submit(Request(bank_key(wallet.currency, reference), legs, by.pk if by else 0))
    if answer.reason is Reason.KEY_CONFLICT:
        raise RuleBroken(
            "The bank reference {reference} was already exchanged, for another amount or account.", reference=reference
        )
    note(by, "exchange", f"wallet:{wallet.pk}")
    return answer


def pay(who: Person | Key, payer: Wallet, payee: Wallet, amount_cents: int, key: UUID, label: str = "", proof: proofs.Proof | None = None) -> Answer:  # fmt: skip
    """A payment, on the disk when this returns; the same key of the same wallet is paid once.

    Raises:
        RuleBroken: a person pays a large amount without the proof of that very payment, a key pays more than its terms.
    """
    access.require(who, "pay", payer)
    if isinstance(who, Person):
        proofs.require(who, payer, payee, amount_cents, key, proof)
        return _paid(who.pk, payer, payee, amount_cents, key, label)
    with keys.spending(who, key, amount_cents) as spent:
        answer = _paid(who.made_by_id or 0, payer, payee, amount_cents, key, label)
        spent.was_paid = answer.reason is Reason.ACCEPTED
    return answer


def pay_each(by: Person, payer: Wallet, payments: Sequence[Payment], key: UUID, proof: proofs.Proof | None = None) -> list[int]:  # fmt: skip
    """The transfers of several payments, in the transaction of the caller: all of them or none; the same keys are paid once.

    Above the amount that asks for it in all, the proof is that of their sum, by this key, from the payer to itself.

    Raises:
        RuleBroken: the ledger refuses one of them; who would have received it is told.
    """
    access.require(by, "pay", payer)
    total = sum(one.amount_cents for one in payments)
    proofs.require(by, payer, payer, total, key, proof)
    made = []
    requests = [
        Request(own_key(payer, one.key), (Leg(_PAY, payer.account, one.payee.account, one.amount_cents),), by.pk)
        for one in payments
    ]
    for one, answer in zip(payments, _answers(payer, payments, requests), strict=True):
        if answer.reason is not Reason.ACCEPTED:
            raise RuleBroken(
                "Nothing was paid. For {name}: {reason}", name=one.payee.name, reason=actions.told(answer.reason)
            )
        label_transfer(answer.transfers[0], one.label)
        made.append(answer.transfers[0])
    return made


def _answers(payer: Wallet, payments: Sequence[Payment], requests: Sequence[Request]) -> list[Answer]:
    """The answers to several payments: together, or one by one when some of the payer's units are kept for a purpose."""
    if not earmarks.has_any(payer):
        return actions.submit_all(requests)
    return [
        earmarks.pay(payer, one.payee, one.amount_cents, partial(actions.submit, request))
        for one, request in zip(payments, requests, strict=True)
    ]


def pay_shown(by: Person, payer: Wallet, shop: Wallet, amount_cents: int, key: UUID) -> Answer:
    """A payment taken by a shop from whoever shows it a code of one use: `codes.take` has verified it."""
    access.require(by, "ask", shop)
    return _paid(by.pk, payer, shop, amount_cents, key, "")


def _paid(actor: int, payer: Wallet, payee: Wallet, amount_cents: int, key: UUID, label: str) -> Answer:
    request = Request(own_key(payer, key), (Leg(_PAY, payer.account, payee.account, amount_cents),), actor)
    if earmarks.has_any(payer):
        answer = earmarks.pay(payer, payee, amount_cents, lambda: actions.submit(request))
    else:
        answer = actions.submit(request)
    if answer.reason is Reason.ACCEPTED:
        label_transfer(answer.transfers[0], label)
    return answer


def label_transfer(transfer: int, label: str) -> None:
    """Keeps the words beside a transfer, until their day."""
    if text := naming.legible(label)[:140]:
        kept = {"text": text, "purge_on": timezone.localdate() + LABEL_KEPT}
        Label.objects.get_or_create(transfer=transfer, defaults=kept)


@transaction.atomic
def refund(by: Person | Key, shop: Wallet, transfer: int) -> Answer:
    """Reverses a payment that a shop received: whole, once, within two months, if the shop still holds it.

    Raises:
        RuleBroken: the shop did not receive such a payment, or it is too old; a key gives back more than its terms let it pay.
    """
    access.require(by, "refund", shop)
    line = queries.entry(shop, transfer)
    if line is None or not _is_payment(line):
        raise RuleBroken("This account received no such payment.")
    if not is_refundable(line):
        raise RuleBroken(
            "This payment is more than {days} days old: pay the person instead.", days=REFUNDED_WITHIN.days
        )
    actor = by if isinstance(by, Person) else by.made_by
    request = Request(uuid4(), (Leg(_PAY, action=Action.REVERSE, target=transfer),), actor.pk if actor else 0)
    counted = nullcontext() if isinstance(by, Person) else keys.spending(by, request.key, line.amount_cents)
    with counted as spent:
        answer = earmarks.give_back(transfer, lambda: actions.submit(request))
        if spent:
            spent.was_paid = answer.reason is Reason.ACCEPTED
    note(actor, "refund", f"wallet:{shop.pk}")
    return answer


def _is_payment(line: queries.Line) -> bool:
    return line.amount_cents > 0 and line.operation == "pay_member" and not line.is_reversal


def is_refundable(line: queries.Line) -> bool:
    """Whether what an entry brought may be given back: a payment made on line, of less than two months."""
    return _is_payment(line) and line.at >= timezone.now() - REFUNDED_WITHIN


@transaction.atomic
def seat(by: Person, wallet: Wallet, email: str, role: str) -> Seat:
    """Lets somebody who has an account work for the holder of a wallet.

    Raises:
        RuleBroken: nobody is known by that e-mail, or it is the owner.
    """
    access.require(by, "seat", wallet)
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        raise RuleBroken("Nobody has an account with this e-mail: the person signs up first.")
    if person.pk == wallet.owner_id:
        raise RuleBroken("The owner of the account already may do everything.")
    given, _is_new = Seat.objects.update_or_create(
        wallet=wallet, person=person, defaults={"role": role, "given_by": by}
    )
    note(by, "seat", f"wallet:{wallet.pk} person:{person.pk} {role}")
    return given


@transaction.atomic
def unseat(by: Person, given: Seat) -> None:
    """Takes a seat back at once."""
    access.require(by, "seat", given.wallet)
    note(by, "unseat", f"wallet:{given.wallet_id} person:{given.person_id}")
    given.delete()


def own_key(wallet: Wallet, key: UUID) -> UUID:
    """The key of a request in the ledger: two wallets that choose the same one do not meet. Its hour stays in front."""
    return _derived(f"wallet:{wallet.account}:{key}", key.bytes[:6])


def bank_key(currency: int, reference: str) -> UUID:
    """The key of what euros of a bank reference become: whoever asks, they become something once."""
    return _derived(f"bank:{currency}:{reference.strip()}", bytes(6))


def _derived(text: str, front: bytes) -> UUID:
    return UUID(bytes=front + sha256(text.encode()).digest()[:10])


@transaction.atomic
def give_key(by: Person | None, wallet: Wallet, label: str, terms: keys.Terms | None = None) -> str:
    """A new key for a program of a wallet, with what it may do. It is shown once.

    Raises:
        RuleBroken: the terms end before today, or contradict each other.
    """
    granted = terms or keys.Terms()
    granted.require_sound()
    if by is not None:
        access.require(by, "give_key" if granted.scope == Key.Scope.ASK else "give_key_that_pays", wallet)
    key = secrets.token_urlsafe(32)
    Key.objects.create(wallet=wallet, digest=access.digest(key), label=label, made_by=by, **asdict(granted))
    note(by, "give_key", f"wallet:{wallet.pk}")
    return key


@transaction.atomic
def revoke_key(by: Person | None, key: Key) -> None:
    """Ends a key at once."""
    if by is not None:
        access.require(by, "give_key", key.wallet)
    Key.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    note(by, "revoke_key", f"wallet:{key.wallet_id}")


def purge_labels() -> int:
    """Erases what payers wrote beyond its time; tells how many."""
    count, _by_model = Label.objects.filter(purge_on__lt=timezone.localdate()).delete()
    return count
