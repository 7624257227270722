"""Statements of the bank brought in: each line kept once, and told apart from lines that other files may have told in other words.

file ─read─▶ lines ─not kept yet─▶ kept ─doubted─▶ when a line of that amount, kept before, is of the days of this file, which does not tell it:
                                                   the same movement in other words? Once one is matched, the other waits until somebody says
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from ressort.core.currency.bank import BankLine as Read
from ressort.core.currency.bank import BankStatement, is_xml, read_camt, read_statement_csv
from ressort.core.errors import RuleBroken
from ressort.web.association import access, queries
from ressort.web.association.models import BankLine
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: lines of a statement brought in at once: years of a busy account
_MOST_LINES = 20_000
#: one file tells the day of the operation, another that of the books: a long weekend lies between them
_APART = timedelta(3)
_LOCK = 7_203_147


@transaction.atomic
def bring(by: Person, currency: int, account: str, content: bytes) -> tuple[int, int]:
    """Keeps the lines of a statement, each once; tells how many were read and how many are new.

    Raises:
        RuleBroken: this is no statement, or that of another bank account; or faults told with their lines.
    """
    access.require(by, "keep_bank", currency)
    alone(currency)
    read = (
        _lines_of(read_camt(content), currency, account) if is_xml(content) else list(read_statement_csv(content).lines)
    )
    if len(read) > _MOST_LINES:
        raise RuleBroken(_("The table has more than {most} lines: cut it into several."), most=_MOST_LINES)
    file, seen = sha256(content).hexdigest(), dict[str, int]()
    made = []
    for line in read:
        what = f"{line.day}|{line.amount_cents}|{line.reference}|{line.label}"
        seen[what] = seen.get(what, 0) + 1  # two identical lines of a day are two lines, in whatever file
        digest = sha256(f"{what}|{seen[what]}".encode()).hexdigest()
        texts = {"reference": line.reference[:140], "label": line.label[:300], "reason": line.reason}
        made.append(BankLine(currency=currency, account=account, file=file, digest=digest, day=line.day, amount_cents=line.amount_cents, **texts))  # fmt: skip
    new = _kept(BankLine.objects.filter(currency=currency, account=account), made)
    note(by, "bring_statement", f"currency:{currency} {account} {new}")
    return len(read), new


def alone(currency: int) -> None:
    """One file, or one match, at a time in a currency: each sees what those before it wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, currency])


def _kept(known: QuerySet[BankLine], made: Sequence[BankLine]) -> int:
    """Keeps the lines of a file that are not yet; doubts the new ones, and those that the file should tell and does not, which may be one movement."""
    if not made:
        return 0
    told, first, last = {one.digest for one in made}, min(one.day for one in made), max(one.day for one in made)
    before = set(known.filter(digest__in=told).values_list("digest", flat=True))
    silent: dict[tuple[int, date], list[int]] = defaultdict(list)
    for pk, digest, cents, day in known.filter(day__range=(first, last)).values_list(
        "pk", "digest", "amount_cents", "day"
    ):
        if digest not in told:
            silent[cents, day].append(pk)
    doubted = set()
    for one in made:
        if one.digest not in before:
            near = {
                (one.amount_cents, one.day + timedelta(days)) for days in range(-_APART.days, _APART.days + 1)
            } & silent.keys()
            one.doubted = bool(near)
            doubted |= near
    known.filter(pk__in=[pk for where in doubted for pk in silent[where]]).update(doubted=True)
    BankLine.objects.bulk_create(made, ignore_conflicts=True)
    return len(told - before)


def twins(lines: Iterable[BankLine]) -> dict[int, list[BankLine]]:
    """For each line in doubt, the lines of other files that may be the same movement: of its account and amount, a few days apart at most."""
    doubted = [one for one in lines if one.doubted]
    if not doubted:
        return {}
    first, last = min(one.day for one in doubted) - _APART, max(one.day for one in doubted) + _APART
    amounts = {one.amount_cents for one in doubted}
    found = BankLine.objects.filter(
        currency=doubted[0].currency, account=doubted[0].account, amount_cents__in=amounts, day__range=(first, last)
    )
    by_amount: dict[int, list[BankLine]] = defaultdict(list)
    for other in found.select_related("collection"):
        by_amount[other.amount_cents].append(other)
    return {one.pk: [other for other in by_amount[one.amount_cents] if _may_be(one, other)] for one in doubted}


def _may_be(one: BankLine, other: BankLine) -> bool:
    return one.pk != other.pk and abs(one.day - other.day) <= _APART and (not one.file or one.file != other.file)


def taken(line: BankLine) -> BankLine:
    """A line about to be matched: nobody else matches it meanwhile, nor one that may be the same movement.

    Raises:
        RuleBroken: a line of another file, which may be the same movement, was matched already.
    """
    alone(line.currency)
    line = BankLine.objects.select_for_update().get(pk=line.pk)
    if any(one.is_matched for one in twins([line]).get(line.pk, ())):
        raise RuleBroken(
            _("A line of that amount and about that day, from another file, was already matched. The same movement: set this one aside; else, say that it is another.")
        )  # fmt: skip
    return line


@transaction.atomic
def tell_apart(by: Person, line: BankLine) -> None:
    """Says that a line is a movement of its own, though another file told one like it."""
    access.require(by, "keep_bank", line.currency)
    BankLine.objects.filter(pk=line.pk).update(doubted=False)
    note(by, "tell_line_apart", f"line:{line.pk}")


def _lines_of(found: Sequence[BankStatement], currency: int, account: str) -> list[Read]:
    """The lines of a bank account, in a file that may hold the statements of several."""
    rules = queries.rules(currency)
    ours = {"paper": rules.paper_iban, "digital": rules.digital_iban, "operating": rules.operating_iban}[account]
    told = sorted({one.iban for one in found if one.iban})
    if not ours and len(told) > 1:
        raise RuleBroken(
            _("This file holds the statements of several bank accounts, {found}: write those of the association in the rules first."), found=told
        )  # fmt: skip
    kept = [one for one in found if not one.iban or not ours or one.iban == ours]
    if not kept:
        raise RuleBroken(_("This file is the statement of {found}, and this bank account is {iban}: nothing of it is kept."), found=told, iban=ours)  # fmt: skip
    return [line for one in kept for line in one.lines]
