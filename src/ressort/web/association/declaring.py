"""The pack of a declaration to the ACPR: figures and dates of the network, from the daily totals, on paper and as a table.

payments of twelve months, month after month (CMF L521-3)     units outstanding at the end of each (L525-5, L525-6)
who accepts the currency, since when, under which charter      the reserve, declarations made before
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ressort.core.currency.association import Clock, next_declaration, rolling_cents
from ressort.core.errors import RessortError
from ressort.core.spreadsheet import units
from ressort.language import number
from ressort.reference.territories import resolve
from ressort.web.association import papers, queries
from ressort.web.association.models import Certificate, Declaration, Member, Standing
from ressort.web.association.papers import Part, euros
from ressort.web.association.words import CLOCKS, FUNDS
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import name_of, standing

#: months told, the present one included
MONTHS = 13


@dataclass(frozen=True, slots=True)
class Month:
    """A month as the law looks at it, up to its last day or today."""

    last: date
    paid_cents: int
    rolling_cents: int
    outstanding_cents: int


def months(currency: int, today: date) -> list[Month]:
    """The last thirteen months, or those since the first movement."""
    seen = queries.watched(currency, today)
    rolling = rolling_cents(seen.paid_cents)
    found = []
    for last in _month_ends(today):
        at = (last - seen.first).days
        if at >= 0:
            start = max((last.replace(day=1) - seen.first).days, 0)
            paid = int(np.sum(seen.paid_cents[start : at + 1]))
            found.append(Month(last, paid, int(rolling[at]), int(seen.outstanding_cents[at])))
    return found


def _month_ends(today: date) -> list[date]:
    ends = [today]
    while len(ends) < MONTHS:
        ends.append(ends[-1].replace(day=1) - timedelta(1))
    return ends[::-1]


def acceptors(currency: int) -> Sequence[Member]:
    """Who takes the currency by an agreement: approved professionals and associations, public tills."""
    kinds = (Wallet.Kind.PROFESSIONAL, Wallet.Kind.ASSOCIATION, Wallet.Kind.PUBLIC_BODY)
    found = Member.objects.filter(wallet__currency=currency, wallet__kind__in=kinds, standing=Standing.APPROVED)
    return list(found.select_related("wallet").order_by("approved_on", "wallet__name"))


def table(currency: int, today: date) -> str:
    """The months as CSV."""
    made = io.StringIO()
    rows = csv.writer(made, delimiter=";", lineterminator="\r\n")
    rows.writerow([_("until"), _("payments of the month"), _("payments of twelve months"), _("units outstanding")])
    for one in months(currency, today):
        sums = (one.paid_cents, one.rolling_cents, one.outstanding_cents)
        rows.writerow([one.last.isoformat(), *map(units, sums)])
    return made.getvalue()


def pack(currency: int, today: date) -> bytes:
    """The whole document."""
    rules, found = queries.rules(currency), acceptors(currency)
    held = queries.clocks(currency, today)
    parts = [
        _who(currency, rules.association.name if rules.association else "", rules.siren, len(found)),
        *(Part(str(CLOCKS[name]), facts=_clock_facts(name, one)) for name, one in held.items()),
        _by_month(currency, today),
        _reserve(currency),
        _declared(currency),
        _acceptors(found),
        Part("", [_("A jurist must confirm what is to be declared: these are the figures that the law names, as the ledger holds them.")]),
    ]  # fmt: skip
    title = _("Declaration pack of {day}").format(day=date_format(today))
    return papers.printed(currency, title, name_of(currency), parts, today)


def _who(currency: int, association: str, siren: str, count: int) -> Part:
    facts = (
        (_("Issuer"), association or "–"),
        (_("SIREN"), siren or "–"),
        (_("Currency"), name_of(currency)),
        (_("Where it circulates"), _area(standing(currency).territory)),
        (_("Who accepts it by an agreement"), number(count)),
    )
    return Part(_("Issuer and network"), facts=facts)


def _area(key: str) -> str:
    """Where a currency circulates, by the name of the territory; a dash when nobody said it."""
    try:
        return resolve(key).name if key else "–"
    except RessortError:
        return key


def _clock_facts(name: str, one: Clock) -> list[tuple[str, str]]:
    texts = {"payments": _("CMF L521-3"), "outstanding": _("CMF L525-5 and L525-6")}
    facts = [
        (_("Text"), texts[name]),
        (_("Sum today"), euros(one.value_cents)),
        (_("Threshold"), euros(one.threshold_cents)),
    ]
    crossed = [(share, on) for share, on in one.crossed if on is not None]
    return facts + [(_("{share} % of the threshold since").format(share=number(100 * share)), date_format(on)) for share, on in crossed]  # fmt: skip


def _by_month(currency: int, today: date) -> Part:
    header = (_("Until"), _("Payments of the month"), _("Payments of twelve months"), _("Units outstanding"))
    rows = [
        [date_format(one.last, "SHORT_DATE_FORMAT"), *map(euros, (one.paid_cents, one.rolling_cents, one.outstanding_cents))]
        for one in months(currency, today)
    ]  # fmt: skip
    return Part(_("Month after month"), header=header, rows=rows)


def _reserve(currency: int) -> Part:
    signed = Certificate.objects.filter(currency=currency).exclude(body="").first()
    told = _("none") if signed is None else f"{date_format(signed.day)} ({signed.proposed_by or '–'}, {signed.confirmed_by or '–'})"  # fmt: skip
    header = (_("Fund"), _("Units in circulation"), _("Euros on the dedicated account"), _("On their way"))
    rows = [
        [str(FUNDS[name]), euros(one.claims_cents), euros(one.reserve_cents), euros(one.transit_cents)]
        for name, one in queries.reserve(currency).funds.items()
    ]
    return Part(_("Reserve"), facts=((_("Last signed certificate"), told),), header=header, rows=rows)


def _declared(currency: int) -> Part:
    rows = [
        [str(CLOCKS[one.clock]), date_format(one.declared_on), date_format(next_declaration(one.declared_on))]
        for one in Declaration.objects.filter(currency=currency)
    ]
    lines = () if rows else (_("None was written down."),)
    return Part(
        _("Declarations made"), lines, header=(_("Sum"), _("Declared on"), _("To renew by")), rows=rows, texts=3
    )


def _acceptors(found: Sequence[Member]) -> Part:
    header = (_("Name"), _("Branch of activity"), _("Charter"), _("Agreed on"))
    rows = [
        [one.wallet.name, one.branch or "–", one.charter or "–", date_format(one.approved_on, "SHORT_DATE_FORMAT") if one.approved_on else "–"]
        for one in found
    ]  # fmt: skip
    words = _(
        "Each signed the charter told, or was brought in from the system used before; an account opened since receives nothing before its agreement."
    )
    return Part(_("Register of who accepts the currency"), (words,) if rows else (), header=header, rows=rows, texts=4)
