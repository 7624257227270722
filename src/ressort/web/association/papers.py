"""Documents of the association on paper: tagged PDF, from the figures and dates of the day."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.resources import files

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ressort.core.errors import RuleBroken
from ressort.language import money
from ressort.web.association import queries
from ressort.web.association.models import Certificate, SepaMandate
from ressort.web.association.words import FUNDS
from ressort.web.currency.queries import head, name_of, standing
from ressort.web.paper import printed as tagged


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: sentences, then facts, then a table, whose first `texts` columns are words and the others figures."""

    title: str
    lines: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)
    texts: int = 1


def euros(cents: int) -> str:
    """An amount in a column, its cents always told."""
    return money(cents, always_cents=True)


def printed(currency: int, title: str, subtitle: str, parts: Sequence[Part], day: date | None = None) -> bytes:
    """A document of a currency."""
    language, on = get_language() or "fr", day or timezone.localdate()
    data = {
        "lang": language, "region": "fr" if language == "fr" else "gb", "year": on.year, "month": on.month, "day": on.day,
        "title": title, "subtitle": subtitle, "parts": [asdict(one) for one in parts], "page": _("Page"), "colon": _(":"),
        "mark": "" if standing(currency).nature == "real" else _("Simulated or for trial: nothing here is real."),
        "foot": _("Head of the chain when printed: {head}").format(head=head().hash),
    }  # fmt: skip
    return tagged((files("ressort.web.association") / "document.typ").read_bytes(), data)


def mandate(one: SepaMandate) -> bytes:
    """A SEPA mandate to sign, in the words that the rulebook of core direct debits wants.

    Raises:
        RuleBroken: the rules lack the creditor.
    """
    rules = queries.rules(one.member.wallet.currency)
    if rules.association is None or not rules.creditor_identifier:
        raise RuleBroken(_("Write the account of the association and its creditor identifier (ICS) in the rules first."))  # fmt: skip
    name = rules.association.name
    creditor = (
        (_("Name"), name),
        (_("Creditor identifier (ICS)"), rules.creditor_identifier),
        (_("Unique mandate reference"), one.reference),
    )
    debtor = (
        (_("Name"), one.holder),
        (_("Bank account (IBAN)"), _spaced(one.iban)),
        (_("Type of payment"), _("recurrent")),
    )
    signed = date_format(one.signed_on) if one.signed_on else _DOTS
    parts = [
        Part("", [words.format(name=name) for words in _MANDATE]),
        Part(_("Creditor"), facts=creditor),
        Part(_("Whose account is debited"), facts=debtor),
        Part(_("Signature"), facts=((_("Address"), _DOTS * 2), (_("Mandate signed on"), signed), (_("Place"), _DOTS), (_("Signature"), _DOTS))),
    ]  # fmt: skip
    return printed(one.member.wallet.currency, _("SEPA direct debit mandate"), name_of(one.member.wallet.currency), parts)  # fmt: skip


_DOTS = "…" * 28
_MANDATE = (
    lazy(
        "By signing this mandate form, you authorise (A) {name} to send instructions to your bank to debit your account "
        "and (B) your bank to debit your account in accordance with the instructions from {name}."
    ),
    lazy(
        "As part of your rights, you are entitled to a refund from your bank under the terms and conditions of your agreement with your bank. "
        "A refund must be claimed within 8 weeks starting from the date on which your account was debited."
    ),
    lazy("Your rights regarding this mandate are explained in a statement that you can obtain from your bank."),
)  # fmt: skip


def _spaced(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def certificate(one: Certificate) -> bytes:
    """A signed certificate of the reserve, as people read it; the signature holds for the file, not for the paper."""
    told = json.loads(one.body)
    header = (_("Euros"), *(str(FUNDS[name]) for name in told["funds"]))
    names = (
        ("claims_cents", _("Units owed")), ("reserve_cents", _("On the dedicated account")), ("transit_cents", _("On their way")),
        ("payable_cents", _("Redemptions to pay out")), ("cover_cents", _("Cover")), ("statement_cents", _("Statement of the bank")),
        ("difference_cents", _("Difference with the bank")),
    )  # fmt: skip
    rows = [[name, *(euros(fund[key]) for fund in told["funds"].values())] for key, name in names]
    rows.append([_("Reference of the statement"), *(fund["statement_reference"] for fund in told["funds"].values())])
    proof = (
        (_("Head of the chain"), _grouped(told["head"])),
        (_("Signature (Ed25519)"), _grouped(one.signature)),
        (_("Public key"), _grouped(one.public_key)),
    )
    words = _(
        "The signature is of the JSON file of this certificate: ressort currency certificate-check checks it, with the key published before."
    )
    parts = [
        Part("", header=header, rows=rows),
        Part(_("Confirmed by"), told["confirmed_by"]),
        Part(_("Proof"), (words,), proof),
    ]  # fmt: skip
    title = _("Reserve certificate of {day}").format(day=date_format(one.day))
    return printed(one.currency, title, name_of(one.currency), parts, one.day)


def _grouped(digits: str) -> str:
    """Hexadecimal digits that a line can break."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
