"""What an association held in another system, brought in: read and checked whole, then opened whole or not at all.

table (CSV) ─read─▶ lines, faults with their numbers ─dry run─▶ what would be done ─bring in─▶ members, balances, notes in circulation

Each line has a key made of the currency and the short name: the same file brought in again changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency import Leg, Reason, Request, Status, balance_of, operation
from ressort.core.currency.bank import iban
from ressort.core.errors import InputError, RuleBroken
from ressort.core.named_rows import named_rows
from ressort.core.problem import Problem
from ressort.web.association import access
from ressort.web.association.models import Member, Standing
from ressort.web.currency import access as wallet_access
from ressort.web.currency import actions, wallets
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import sole_account
from ressort.web.people.actions import add_person, note
from ressort.web.people.models import Person

#: column → names that it may bear
_COLUMNS = {
    "alias": ("compte", "alias", "account"),
    "name": ("nom", "name"),
    "kind": ("sorte", "type", "kind"),
    "balance": ("solde", "balance"),
    "email": ("courriel", "email", "e-mail"),
    "branch": ("branche", "branch"),
    "iban": ("iban",),
}
_KINDS = {
    "particulier": "individual", "professionnel": "professional", "association": "association", "collectivité": "public_body",
    "collectivite": "public_body",
} | {value: value for value in Wallet.Kind.values}  # fmt: skip
#: the short name of the line that tells the notes in circulation
NOTES = "billets"
_MOST_LINES = 200_000
_BATCH = 500
_OPENING = operation("opening_balance")


@dataclass(frozen=True, slots=True)
class Line:
    """A member as the other system knew it; `notes` for the line of notes in circulation."""

    line: int
    alias: str
    name: str
    kind: str
    balance_cents: int
    email: str = ""
    branch: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a table brings, or would bring."""

    members: int
    already_there: int
    digital_cents: int
    notes_cents: int
    is_done: bool


def read(content: bytes) -> list[Line]:
    """The lines of a table in UTF-8.

    Raises:
        RuleBroken: the faults, each with its line, in `facts["problems"]`.
    """
    table = named_rows(content, _COLUMNS)
    table.need("alias", "name", "kind", "balance")
    if len(table.rows) > _MOST_LINES:
        raise RuleBroken(_("The table has more than {most} lines: cut it into several."), most=_MOST_LINES)
    found, problems = [], []
    for number, row in table:
        wrong = list(_problems(number, row))
        problems += wrong
        found += [] if wrong else [_line(number, row)]
    twice = [alias for alias, count in Counter(one.alias for one in found).items() if count > 1]
    problems += [Problem(one.line, "compte", _("{alias} stands twice."), {"alias": one.alias}) for one in found if one.alias in twice]  # fmt: skip
    if not found and not problems:
        problems.append(Problem(0, "", _("the table holds no line.")))
    if problems:
        raise RuleBroken("The table has faults: mend the lines told.", problems=problems)
    return found


def _problems(number: int, row: dict[str, str]) -> Iterator[Problem]:
    alias = row["alias"].lower()
    if alias != NOTES:
        if not wallet_access.ALIAS.fullmatch(alias):
            yield Problem(
                number,
                "compte",
                _("“{given}” is no short name: 3 to 40 small letters without accents, digits or hyphens."),
                {"given": row["alias"]},
            )
        if not row["name"] or len(row["name"]) > 120:
            yield Problem(number, "nom", _("a name of 120 characters at most is needed."))
        if row["kind"].lower() not in _KINDS:
            yield Problem(number, "sorte", _("“{given}” is no kind of member: {choices}."), {"given": row["kind"], "choices": ", ".join(list(_KINDS)[:4])})  # fmt: skip
    if _cents(row["balance"]) is None:
        yield Problem(number, "solde", _("“{given}” is not a balance: zero or more, two decimals at most."), {"given": row["balance"]})  # fmt: skip
    try:
        validate_email(row.get("email") or "nobody@example.org")
    except ValidationError:
        yield Problem(number, "courriel", _("“{given}” is not an e-mail."), {"given": row["email"]})
    try:
        iban(row["iban"]) if row.get("iban") else None
    except RuleBroken:
        yield Problem(number, "iban", _("“{given}” is not an IBAN: check its digits."), {"given": row["iban"]})


def _cents(text: str) -> int | None:
    try:
        return balance_of(text)
    except InputError:
        return None


def _line(number: int, row: dict[str, str]) -> Line:
    number_of = iban(row["iban"]) if row.get("iban") else ""
    return Line(
        number, row["alias"].lower(), row["name"], _KINDS.get(row["kind"].lower(), ""), _cents(row["balance"]) or 0,
        row.get("email", ""), row.get("branch", "")[:80], number_of,
    )  # fmt: skip


def bring_in(by: Person | None, currency: int, lines: Sequence[Line], digital_euros_cents: int, paper_euros_cents: int, *, is_dry_run: bool) -> Brought:  # fmt: skip
    """Opens members and balances, whole or not at all; a dry run does it and takes it back.

    Args:
        digital_euros_cents, paper_euros_cents: what the statements of both dedicated accounts say; the balances brought in must be it.

    Raises:
        RuleBroken: euros and units differ, or some lines cannot be: told in `facts["problems"]`.
    """
    if by is not None:
        access.require(by, "bring_in", currency)
    digital = sum(one.balance_cents for one in lines if one.alias != NOTES)
    paper = sum(one.balance_cents for one in lines if one.alias == NOTES)
    for units, euros in ((digital, digital_euros_cents), (paper, paper_euros_cents)):
        if units != euros:
            raise RuleBroken(
                _(
                    "The balances make {units_cents} and the bank says {euros_cents}: reconcile them in the other system first."
                ),
                units_cents=units,
                euros_cents=euros,
            )
    with transaction.atomic():
        made, problems = _members(by, currency, [one for one in lines if one.alias != NOTES])
        accounts = {one.alias: one.account for one in Wallet.objects.filter(currency=currency)}
        problems += _open(by, currency, lines, accounts)
        if problems:
            raise RuleBroken("The table has faults: mend the lines told.", problems=problems)
        note(by, "bring_in", f"currency:{currency} {len(lines)}")
        if is_dry_run:
            transaction.set_rollback(True)
    return Brought(made, len(lines) - made - bool(paper), digital, paper, not is_dry_run)


def _members(by: Person | None, currency: int, lines: Sequence[Line]) -> tuple[int, list[Problem]]:
    """Members who are not there yet, approved: the other system already did."""
    known = {one.alias: one for one in Wallet.objects.filter(alias__in=[one.alias for one in lines])}
    problems, made = [], 0
    for one in lines:
        wallet = known.get(one.alias)
        if wallet is not None:
            if (wallet.currency, wallet.kind) != (currency, one.kind):
                problems.append(Problem(one.line, "compte", _("{alias} is already the account of somebody else."), {"alias": one.alias}))  # fmt: skip
            continue
        owner = add_person(one.email, by=by) if one.email else None
        wallet = wallets.open_wallet(None, currency, one.name, one.alias, one.kind, owner)
        today = timezone.localdate()
        Member.objects.create(wallet=wallet, standing=Standing.APPROVED, approved_on=today, added_by=by, branch=one.branch, iban=one.iban)  # fmt: skip
        if one.kind == Wallet.Kind.PUBLIC_BODY:
            actions.change_status(wallet.account, Status.RECEIVES_ONLY)
        made += 1
    return made, problems


def _open(by: Person | None, currency: int, lines: Sequence[Line], accounts: dict[str, int]) -> list[Problem]:
    """The balances, each under its own key; what the ledger refuses is told with its line."""
    outside, issue, notes_issue = (
        sole_account(currency, code) for code in ("outside_eur", "digital_issue", "notes_issue")
    )
    digital, paper, circulation = (
        sole_account(currency, code) for code in ("reserve_digital", "reserve_paper", "notes_circulation")
    )
    held = [one for one in lines if one.balance_cents and (one.alias == NOTES or one.alias in accounts)]
    problems = []
    rest = iter(held)
    while some := list(islice(rest, _BATCH)):
        requests = []
        for one in some:
            ends = (paper, notes_issue, circulation) if one.alias == NOTES else (digital, issue, accounts[one.alias])
            legs = (
                Leg(_OPENING, outside, ends[0], one.balance_cents),
                Leg(_OPENING, ends[1], ends[2], one.balance_cents),
            )
            key = UUID(bytes=sha256(f"opening:{currency}:{one.alias}".encode()).digest()[:16])
            requests.append(Request(key, legs, by.pk if by else 0))
        for one, answer in zip(some, actions.submit_all(requests), strict=True):
            if answer.reason is Reason.KEY_CONFLICT:
                problems.append(Problem(one.line, "solde", _("{alias} was already opened with another balance."), {"alias": one.alias}))  # fmt: skip
            elif answer.reason is not Reason.ACCEPTED:
                problems.append(Problem(one.line, "solde", _("the ledger refuses this balance: {reason}."), {"reason": answer.reason.name.lower()}))  # fmt: skip
    return problems
