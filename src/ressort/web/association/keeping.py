"""What the association keeps beside its operations: certificates of the reserve, bank statements, accounting files, declarations."""

import os
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.accounting import check_fec, fec_name, fec_text, year_lines
from ressort.core.currency.association import FundName, Statement, certificate, signed
from ressort.core.errors import RuleBroken
from ressort.reference.currency_books import book_accounts, book_sides
from ressort.web.association import access, queries, totals
from ressort.web.association.models import Certificate, Declaration
from ressort.web.currency import actions
from ressort.web.currency.queries import code_of, head, standing
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def propose_certificate(by: Person, currency: int, paper: tuple[str, int], digital: tuple[str, int]) -> Certificate:
    """The certificate of today, to be confirmed by somebody else. What the bank says is typed from its statements.

    Raises:
        RuleBroken: today's is already confirmed.
    """
    access.require(by, "certify", currency)
    today = timezone.localdate()
    if Certificate.objects.filter(currency=currency, day=today).exclude(body="").exists():
        raise RuleBroken(_("The certificate of today is already signed."))
    given = {
        "paper_reference": paper[0], "paper_cents": paper[1], "digital_reference": digital[0], "digital_cents": digital[1],
        "proposed_by": by, "confirmed_by": None,
    }  # fmt: skip
    made, _is_new = Certificate.objects.update_or_create(currency=currency, day=today, defaults=given)
    note(by, "propose_certificate", f"currency:{currency} {today}")
    return made


@transaction.atomic
def confirm_certificate(by: Person, proposed: Certificate, read: str) -> Certificate:
    """Signs a certificate proposed by somebody else, on the balances of now and the head of the chain.

    Args:
        read: the proposal, as whoever confirms it has read it.

    Raises:
        RuleBroken: the same person, another day, signed already, proposed again since it was read; or an identity of the ledger does not hold.
    """
    access.require(by, "certify", proposed.currency)
    proposed = Certificate.objects.select_for_update().get(pk=proposed.pk)
    if proposed.body or proposed.day != timezone.localdate():
        raise RuleBroken(_("Only the certificate of today, not signed yet, can be confirmed."))
    if proposed.proposed_by is None or proposed.proposed_by_id == by.pk:
        raise RuleBroken(_("Somebody else must confirm the certificate: whoever proposed it cannot."))
    if proposed.proposal != read:
        raise RuleBroken(_("The certificate was proposed again with other figures: read it before signing."))
    actions.seal()
    statements: dict[FundName, Statement] = {
        "paper": Statement(proposed.paper_reference, proposed.paper_cents),
        "digital": Statement(proposed.digital_reference, proposed.digital_cents),
    }
    # the certificate is public: a name, never an e-mail
    names = [one.name or f"n° {one.pk}" for one in (proposed.proposed_by, by) if one is not None]
    code, nature = code_of(proposed.currency), str(standing(proposed.currency).nature)
    body = certificate(code, proposed.day, queries.balances(proposed.currency), statements, head().hash, names, nature)
    made = signed(body, signing_key(proposed.currency))
    proposed.body, proposed.signature, proposed.public_key = made["body"], made["signature"], made["public_key"]
    proposed.confirmed_by = by
    proposed.save()
    note(by, "confirm_certificate", f"currency:{proposed.currency} {proposed.day}")
    return proposed


def signing_key(currency: int) -> Ed25519PrivateKey:
    """The key that signs for a currency, made once in the data folder, readable by its owner only."""
    path = settings.HOME / "keys" / f"reserve-{currency}.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}.") as draft:  # its owner only reads it
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):  # another made one meanwhile: that one stays
                path.hardlink_to(draft.name)
    found = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(found, Ed25519PrivateKey)
    return found


def accounting_file(by: Person, currency: int, first: date, last: date) -> tuple[str, bytes]:
    """The FEC of some days and its name, checked before it is handed over.

    Raises:
        RuleBroken: no SIREN in the rules, nothing to write, or a file that would not conform.
    """
    access.require(by, "see_books", currency)
    rules = queries.rules(currency)
    if not rules.siren:
        raise RuleBroken(_("Write the SIREN of the association in the rules first: the file bears it."))
    if first > last:
        raise RuleBroken("The year of accounts ends before it begins: {first}, {last}.", first=str(first), last=str(last))  # fmt: skip
    actions.seal()
    totals.renew()
    name = fec_name(rules.siren, last)
    totals_of_year = queries.book_totals(currency, first, last)
    before = queries.book_totals(currency, date.min, first - timedelta(1))
    lines = year_lines(before, totals_of_year, book_sides(), book_accounts(), first, last)
    if not totals_of_year:
        raise RuleBroken("Nothing between {first} and {last} enters the books.", first=str(first), last=str(last))
    content = fec_text(lines).encode()
    if not check_fec(content, name).conforms:
        raise RuleBroken("The file does not conform and was not written: mend the table of accounts.")
    note(by, "accounting_file", f"currency:{currency} {sha256(content).hexdigest()[:16]}")
    return name, content


@transaction.atomic
def declare(by: Person, currency: int, clock: str, on: date) -> Declaration:
    """Writes down a declaration made to the ACPR: it is renewed a year later."""
    access.require(by, "certify", currency)
    if on > timezone.localdate():
        raise RuleBroken(_("A declaration is written down once it is made: {day} is to come."), day=str(on))
    made, _is_new = Declaration.objects.get_or_create(
        currency=currency, clock=clock, declared_on=on, defaults={"by": by}
    )
    note(by, "declare", f"currency:{currency} {clock} {on}")
    return made
