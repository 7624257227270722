"""Files that a bank executes: credit transfers (pain.001) and direct debits (pain.008), the same bytes for the same content."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from xml.etree import ElementTree

from sepaxml import SepaDD, SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from ressort.core.currency.bank.identifiers import (
    MOST_LABEL,
    MOST_NAME,
    bank_id,
    bank_text,
    bic,
    creditor_identifier,
    iban,
)
from ressort.core.errors import RuleBroken

TransferVersion = Literal["pain.001.001.03", "pain.001.001.09", "pain.001.001.10", "pain.001.001.11"]
DebitVersion = Literal["pain.008.001.08", "pain.008.001.09", "pain.008.001.10"]
TRANSFER_VERSIONS: tuple[TransferVersion, ...] = ("pain.001.001.03", "pain.001.001.09", "pain.001.001.10", "pain.001.001.11")  # fmt: skip
DEBIT_VERSIONS: tuple[DebitVersion, ...] = ("pain.008.001.08", "pain.008.001.09", "pain.008.001.10")
_MOST_CENTS = 99_999_999_999


@dataclass(frozen=True, slots=True)
class Party:
    """A holder of a bank account; its BIC only where a bank asks for it."""

    name: str
    iban: str
    bic: str = ""

    def told(self) -> dict[str, Any]:
        """What the writer takes."""
        return {"name": bank_text(self.name, MOST_NAME), "IBAN": iban(self.iban)} | (
            {"BIC": bic(self.bic)} if self.bic else {}
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """A credit transfer; `end_to_end` is its reference, kept when a file is made again."""

    to: Party
    amount_cents: int
    end_to_end: str
    label: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A direct debit, under a mandate signed on a day; the sequence tells whether it is the first."""

    debtor: Party
    amount_cents: int
    end_to_end: str
    label: str
    mandate: str
    signed_on: date
    sequence: Literal["FRST", "RCUR", "OOFF", "FNAL"] = "RCUR"


def transfers_file(
    payer: Party, transfers: Sequence[Transfer], on: date, message: str, made_at: datetime, version: TransferVersion = "pain.001.001.09"
) -> bytes:  # fmt: skip
    """A pain.001 file, checked against the schema of its version.

    Args:
        on: day of execution. message: reference of the file. made_at: moment written in it.

    Raises:
        RuleBroken: no transfer, a reference twice, an amount, an IBAN or a reference that no bank takes.
    """
    _check_versions(version, TRANSFER_VERSIONS)
    _check(transfers, on, made_at)
    config = payer.told() | {"currency": "EUR", "batch": True}
    made = SepaTransfer(config, schema=version)
    for one in transfers:
        made.add_payment(
            {
                **one.to.told(),
                "amount": one.amount_cents,
                "execution_date": on,
                "description": bank_text(one.label, MOST_LABEL),
                "endtoend_id": bank_id(one.end_to_end),
            }
        )
    return _written(made, version, bank_id(message), made_at)


def collections_file(
    creditor: Party, identifier: str, collections: Sequence[Collection], on: date, message: str, made_at: datetime,
    version: DebitVersion = "pain.008.001.08",
) -> bytes:  # fmt: skip
    """A pain.008 file of core direct debits, checked against the schema of its version.

    Args:
        identifier: creditor identifier (ICS). on: day of collection.

    Raises:
        RuleBroken: as for transfers; a mandate used twice, or signed after the collection.
    """
    _check_versions(version, DEBIT_VERSIONS)
    _check(collections, on, made_at)
    twice = [mandate for mandate, count in Counter(one.mandate for one in collections).items() if count > 1]
    if twice:
        raise RuleBroken("The mandates {names} are collected twice in one file.", names=twice)
    late = [one.mandate for one in collections if one.signed_on > on]
    if late:
        raise RuleBroken("The mandates {names} are signed after the day of collection.", names=late)
    config = creditor.told() | {"currency": "EUR", "batch": True, "creditor_id": creditor_identifier(identifier)}
    made = SepaDD(config, schema=version)
    for one in collections:
        made.add_payment(
            {
                **one.debtor.told(),
                "amount": one.amount_cents,
                "type": one.sequence,
                "collection_date": on,
                "mandate_id": bank_id(one.mandate),
                "mandate_date": one.signed_on,
                "description": bank_text(one.label, MOST_LABEL),
                "endtoend_id": bank_id(one.end_to_end),
            }
        )
    return _written(made, version, bank_id(message), made_at)


def _check_versions(version: str, known: Sequence[str]) -> None:
    if version not in known:
        raise RuleBroken("{given} is not a version of the file: {choices}.", given=version, choices=list(known))


def _check(lines: Sequence[Transfer] | Sequence[Collection], on: date, made_at: datetime) -> None:
    if not lines:
        raise RuleBroken("A bank file holds one payment at least.")
    if on < made_at.date():
        raise RuleBroken("The bank cannot execute on {day}: it is past.", day=str(on))
    for one in lines:
        if not 1 <= one.amount_cents <= _MOST_CENTS:
            raise RuleBroken(
                "The amount of {reference}, {amount_cents}, is not one that a bank takes.",
                reference=one.end_to_end,
                amount_cents=one.amount_cents,
            )
    twice = [reference for reference, count in Counter(one.end_to_end for one in lines).items() if count > 1]
    if twice:
        raise RuleBroken("The references {names} stand twice: the bank’s answer could not be told apart.", names=twice)


def _written(made: Any, version: str, message: str, made_at: datetime) -> bytes:
    """The file, with our references and moment in place of the drawn ones."""
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{version}"}
    root = ElementTree.fromstring(made.export(validate=False))
    for path, text in (("MsgId", message), ("CreDtTm", f"{made_at:%Y-%m-%dT%H:%M:%S}")):
        found = root.find(f".//p:GrpHdr/p:{path}", space)
        assert found is not None
        found.text = text
    for number, node in enumerate(root.findall(".//p:PmtInf/p:PmtInfId", space), 1):
        node.text = f"{message[:30]}-{number}"
    for bank in root.findall(".//p:FinInstnId", space):
        if not len(bank):  # what the rulebook writes for a bank known by the account number alone
            other = ElementTree.SubElement(bank, f"{{{space['p']}}}Othr")
            ElementTree.SubElement(other, f"{{{space['p']}}}Id").text = "NOTPROVIDED"
    content: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    try:
        try_valid_xml(content, version)
    except ValidationError as error:
        raise RuleBroken("The file does not follow {version}: {cause}.", version=version, cause=str(error.__cause__).split("\n")[0]) from error  # fmt: skip
    return content
