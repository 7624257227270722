"""Payments for programs: a shop, a ticket machine. One key pays from one wallet; the same Idempotency-Key is paid once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import Field

from ressort.core.currency import Reason
from ressort.core.errors import RuleBroken, UnknownCode
from ressort.web.currency import access, actions, codes, flow_tables, measurements, public, queries, wallets
from ressort.web.currency.models import Ask, Key
from ressort.web.refusals import body_of

#: reasons that are not the fault of what was asked, but of the state of things
_CONFLICTS = (Reason.KEY_CONFLICT,)
#: reason of a refusal → when: those of the ledger, then those of the API. A program acts on the reason, people read `error`
WHY = {one.name.lower(): sentence for one, sentence in actions.REFUSALS.items()} | {
    "key_most": "Above the most that the terms of the key let it pay at once.",
    "key_most_day": "Above what the terms of the key still let it pay today.",
    "key_scope": "The terms of the key let it do something else only.",
    "no_key": "No key, or one that is not in force: withdrawn, or after its last day.",
    "unknown_payee": "Nobody is paid under that name in the currency of the key.",
    "unknown_payment": "The wallet of the key made no payment under that key.",
    "unknown_ask": "The wallet of the key asked for no payment under that name.",
    "unknown_currency": "No currency has that code here.",
    "not_measured": "The currency exists; nothing is measured in it yet.",
    "not_paid": "Nobody paid the request that would be given back.",
    "rule_broken": "Another rule, which the sentence tells.",
    "unreadable": "The body, a header or a word of the address cannot be read: `detail` names it.",
    "too_many_requests": "Too many questions in a short time: wait as long as Retry-After says.",
    "no_answer": "The database did not answer: ask again with the same Idempotency-Key, which is paid once.",
}


class Bearer(HttpBearer):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return access.key_of(token)


class PaymentIn(Schema):
    """What to pay: whole cents, to an alias."""

    payee: str = Field(max_length=40)
    amount_cents: int = Field(strict=True, ge=1, le=10**15)
    label: str = Field("", max_length=140)


class PaymentOut(Schema):
    """A payment that is on the disk."""

    transfer: int
    payee: str
    amount_cents: int


class PaymentMade(PaymentOut):
    """A payment that this wallet made, found by its key."""

    payee: str | None = Field(description="Nothing once the account that was paid is closed.")
    at: datetime


class Balance(Schema):
    """What a wallet holds."""

    alias: str
    currency: str
    nature: str = Field(description="`real`, or `sandbox` and `simulated`: units worth nothing.")
    balance_cents: int
    available_cents: int = Field(description="What may be spent anywhere: less what is held or kept for a purpose.")


class PaymentRefusal(Schema):
    """Why nothing was done. What the ledger refused, it refuses again under the same key: take a new one for a new try."""

    error: str = Field(description="For people, in French, or in English with Accept-Language: en.")
    reason: str = Field(
        description="For programs:\n" + "\n".join(f"- `{word}`: {when}" for word, when in WHY.items()),
        json_schema_extra={"enum": list(WHY)},
    )
    facts: dict[str, Any] | None = Field(None, description="The amounts and names that the sentence holds.")
    detail: Any = Field(None, description="What could not be read, word by word.")
    advice: str | None = Field(None, description="What to do next.")


#: what else may be answered: without a key or beyond its terms, to what names nothing, to words that break a rule, at a bad moment
_BUSY: dict[Any, Any] = {429: PaymentRefusal, 503: PaymentRefusal}
_NO_KEY: dict[Any, Any] = {401: PaymentRefusal, 403: PaymentRefusal} | _BUSY
_UNKNOWN: dict[Any, Any] = {404: PaymentRefusal, 422: PaymentRefusal} | _BUSY
_REFUSED: dict[Any, Any] = {400: PaymentRefusal, 404: PaymentRefusal, 409: PaymentRefusal, 422: PaymentRefusal} | _BUSY
_GIVEN: dict[Any, Any] = {200: dict[str, Any]}


router = Router(tags=["currency"])
_bearer = Bearer()
_KEY = Header(..., alias="Idempotency-Key")


def _key(request: HttpRequest) -> Key:
    """The key that asks, as `Bearer` found it."""
    found: Key = request.auth  # type: ignore[attr-defined]
    return found


@router.post(
    "/payments", auth=_bearer, response={201: PaymentOut} | _NO_KEY | _REFUSED, summary="Pay from the wallet of the key"
)  # fmt: skip
def pay(request: HttpRequest, payment: PaymentIn, idempotency_key: UUID = _KEY) -> Any:
    key = _key(request)
    payee = access.payee_of(key.wallet, payment.payee)
    if payee is None:
        raise UnknownCode("Nobody is paid under the name {alias} in this currency.", reason="unknown_payee", alias=payment.payee)  # fmt: skip
    try:
        answer = wallets.pay(key, key.wallet, payee, payment.amount_cents, key=idempotency_key, label=payment.label)
    except RuleBroken as error:  # beyond the terms of the key
        return Status(422, body_of(error))
    if answer.reason is Reason.ACCEPTED:
        return Status(201, {"transfer": answer.transfers[0], "payee": payee.alias, "amount_cents": payment.amount_cents})  # fmt: skip
    status = 409 if answer.reason in _CONFLICTS else 422
    return Status(status, {"error": actions.told(answer.reason), "reason": answer.reason.name.lower()})


@router.get(
    "/payments/{key}",
    auth=_bearer,
    response={200: PaymentMade} | _NO_KEY | _UNKNOWN,
    summary="What became of a payment of this wallet",
)
def payment_made(request: HttpRequest, key: UUID) -> dict[str, Any]:
    wallet = _key(request).wallet
    access.require(_key(request), "see", wallet)
    made = queries.payment(wallet, wallets.own_key(wallet, key))
    if made is None:
        raise UnknownCode("This wallet made no payment under the key {key}.", reason="unknown_payment", key=str(key))
    return made


@router.get(
    "/balance",
    auth=_bearer,
    response={200: Balance} | _NO_KEY,
    summary="What the wallet of the key holds, and what it may spend",
)
def balance(request: HttpRequest) -> dict[str, Any]:
    wallet = _key(request).wallet
    access.require(_key(request), "see", wallet)
    held_cents, available_cents = queries.balance_cents(wallet)
    unit = {"currency": queries.code_of(wallet.currency), "nature": queries.standing(wallet.currency).nature}
    return {"alias": wallet.alias, "balance_cents": held_cents, "available_cents": available_cents} | unit


@router.get("/currencies", summary="The currencies kept here, and the head of the chain")
def currency_list(request: HttpRequest) -> dict[str, Any]:
    head = queries.head()
    return {
        "head": {"block": head.block, "sealed_at": head.sealed_at, "hash": head.hash},
        "currencies": [
            {"code": code, "name": name, "nature": queries.standing(queries.currency_number(code)).nature}
            for code, name in queries.currencies()
        ],
    }


@router.get("/currencies/{code}", response=_GIVEN | _UNKNOWN, summary="Units in circulation and the euros behind them")
def currency(request: HttpRequest, code: str) -> dict[str, Any]:
    known = queries.currency(code)
    return {
        "code": known.code,
        "name": known.name,
        "nature": queries.standing(queries.currency_number(code)).nature,
        "accounts": known.wallets,
        "funds": [
            {"fund": fund.name, "claims_cents": fund.claims_cents, "reserve_cents": fund.reserve_cents, "cover_cents": fund.cover_cents}
            for fund in known.funds
        ],
    }  # fmt: skip


@router.get(
    "/currencies/{code}/statistics",
    response=_GIVEN | _UNKNOWN,
    summary="What a currency does: the measures of the last year, with ranges",
)
def currency_statistics(request: HttpRequest, code: str) -> dict[str, Any]:
    number = queries.currency_number(code)
    found = measurements.latest(number)
    if found is None:
        raise UnknownCode("Nothing is measured yet in {code}.", reason="not_measured", code=code.upper())
    tables = flow_tables.tables(found.content)
    return {
        "code": code.upper(),
        "nature": queries.standing(number).nature,
        "since": found.content["since"],
        "until": found.until,
        "measures": measurements.told(found),
        "months": found.content.get("months", []),
        "flows": {name: {"groups": [public.group_name(name, one) for one in table["groups"]], "cents": table["cents"]} for name, table in tables.items()},
        "flows_since": found.content["flows"]["since"] if tables else None,
        "flows_until": found.content["flows"]["until"] if tables else None,
    }  # fmt: skip


@router.get(
    "/currencies/{code}/professionals",
    response={200: list[dict[str, str]]} | _UNKNOWN,
    summary="Those who take a currency and agreed to be listed",
)
def currency_professionals(request: HttpRequest, code: str) -> list[dict[str, str]]:
    listed = public.listed(queries.currency_number(code))
    return [
        {"alias": one.wallet.alias, "name": one.wallet.name, "branch": one.branch, "commune": one.commune}
        for one in listed
    ]


class AskIn(Schema):
    """What is asked: whole cents, and words for the statement."""

    amount_cents: int = Field(strict=True, ge=1, le=10**15)
    label: str = Field("", max_length=140)


class AskOut(Schema):
    """A payment asked. Show `code` as the QR code of `<site>/monnaies/lire/?c=<code>`, and `ask` in two groups of four to be typed."""

    ask: str
    code: str
    amount_cents: int
    expires_at: datetime
    paid: bool
    transfer: int | None = Field(description="Number of the payment, once paid.")
    refund: int | None = Field(description="Number of the transfer that gave it back, if it was.")


def _told(made: Ask) -> dict[str, Any]:
    return {
        "ask": made.short,
        "code": codes.of_ask(made),
        "amount_cents": made.amount_cents,
        "expires_at": made.expires_at,
        "paid": made.transfer is not None,
        "transfer": made.transfer,
        "refund": queries.reversal_of(made.transfer) if made.transfer is not None else None,
    }


@router.post(
    "/asks",
    auth=_bearer,
    response={201: AskOut} | _NO_KEY | _REFUSED,
    summary="Ask for a payment: a code to show, for a quarter of an hour",
)
def ask(request: HttpRequest, asked: AskIn) -> Any:
    key = _key(request)
    return Status(201, _told(codes.ask(key, key.wallet, asked.amount_cents, asked.label)))


@router.get(
    "/asks/{short}",
    auth=_bearer,
    response={200: AskOut} | _NO_KEY | _UNKNOWN,
    summary="Whether a payment asked by this wallet was made",
)
def asked(request: HttpRequest, short: str) -> dict[str, Any]:
    return _told(_asked(request, short))


@router.post(
    "/asks/{short}/refund", auth=_bearer, response={200: AskOut} | _NO_KEY | _REFUSED,
    summary="Give back a payment asked by this wallet: whole, once however often it is sent, within 61 days",
)  # fmt: skip
def refund(request: HttpRequest, short: str) -> Any:
    key = _key(request)
    access.require(key, "refund", key.wallet)
    made = _asked(request, short)
    if made.transfer is None:
        raise RuleBroken("Nobody paid this request: there is nothing to give back.", reason="not_paid")
    if queries.reversal_of(made.transfer) is None:
        try:
            answer = wallets.refund(key, key.wallet, made.transfer)
        except RuleBroken as error:  # too old, or beyond the terms of the key
            return Status(422, body_of(error))
        if answer.reason not in (Reason.ACCEPTED, Reason.DUPLICATE_RESOLUTION):
            return Status(422, {"error": actions.told(answer.reason), "reason": answer.reason.name.lower()})
    return Status(200, _told(made))


def _asked(request: HttpRequest, short: str) -> Ask:
    found = Ask.objects.filter(short=short.upper()[:8], wallet=_key(request).wallet, kind="request")
    made = found.select_related("wallet").first()
    if made is None:
        raise UnknownCode("This wallet asked for no payment under {ask}.", reason="unknown_ask", ask=short[:20])
    return made
