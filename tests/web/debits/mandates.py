"""Mandates of direct debit signed, agreed and told by the bank, as the tests meet them."""

from datetime import date, timedelta

from django.utils import timezone
from tests.web.association_town import Desk, member_of

from ressort.core.currency.association import bank_day
from ressort.web.association import debits, mandates, statements
from ressort.web.association.models import Collection, SepaMandate
from ressort.web.currency.models import Wallet

THEIRS = "DE89370400440532013000"


def signed(desk: Desk, wallet: Wallet, amount_cents: int = 0) -> SepaMandate:
    """A mandate in force, and a monthly credit when an amount is given."""
    today = timezone.localdate()
    made = mandates.record_mandate(desk.staff, member_of(wallet), wallet.name, THEIRS, today)
    if amount_cents:
        mandates.set_credit(desk.staff, member_of(wallet), amount_cents, today)
    return made


def a_day(days: int = 20) -> date:
    return bank_day(timezone.localdate() + timedelta(days))


def agreed(desk: Desk, purpose: str = "credits", on: date | None = None) -> Collection:
    made = debits.propose(desk.staff, desk.number, purpose, on or a_day())
    debits.agree(desk.second, made)
    return Collection.objects.get(pk=made.pk)


def told(desk: Desk, account: str, *lines: tuple[str, str, str]) -> None:
    """A camt.053 with lines of reference, amount and reason; minus: money out."""
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount.lstrip("-")}</Amt><CdtDbtInd>{"DBIT" if amount[0] == "-" else "CRDT"}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{a_day()}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>"
        for reference, amount, reason in lines
    )
    head = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
    statements.bring(desk.staff, desk.number, account, f"{head}{entries}</Stmt></BkToCstmrStmt></Document>".encode())  # fmt: skip
