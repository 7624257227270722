"""The eighteen columns of a FEC, and one line of it in the types of the program."""

from dataclasses import dataclass
from datetime import date

#: the exact header, in the order of the law (LPF A47 A-1); a test holds it to `reference/currency/fec_columns.csv`
COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
    "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip
#: the columns that may stay empty
OPTIONAL = frozenset({"CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise"})
#: each of these is filled if and only if the other is
PAIRS = (("CompAuxNum", "CompAuxLib"), ("EcritureLet", "DateLet"), ("Montantdevise", "Idevise"))
SEPARATORS = ("\t", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class FecLine:
    """One line of an entry: an account, and an amount on one side.

    Args:
        entry: number of the entry; its lines share journal, number and days.
        auxiliary: code of a member, never a name of a person.
        matching: the letters that tie lines of one account that settle each other.
        foreign: a currency other than the euro, with `foreign_cents`.
    """

    journal: str
    journal_name: str
    entry: str
    day: date
    account: str
    account_name: str
    piece: str
    piece_day: date
    label: str
    validated_on: date
    debit_cents: int = 0
    credit_cents: int = 0
    auxiliary: str = ""
    auxiliary_name: str = ""
    matching: str = ""
    matched_on: date | None = None
    foreign_cents: int | None = None
    foreign: str = ""


def decimal_comma(cents: int) -> str:
    """An amount as a FEC writes it.

    >>> decimal_comma(123456), decimal_comma(-5), decimal_comma(0)
    ('1234,56', '-0,05', '0,00')
    """
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros},{rest:02d}"


def cells(line: FecLine) -> list[str]:
    """The eighteen cells of a line."""

    def day(one: date | None) -> str:
        return f"{one:%Y%m%d}" if one else ""

    return [
        line.journal, line.journal_name, line.entry, day(line.day), line.account, line.account_name, line.auxiliary,
        line.auxiliary_name, line.piece, day(line.piece_day), line.label, decimal_comma(line.debit_cents),
        decimal_comma(line.credit_cents), line.matching, day(line.matched_on), day(line.validated_on),
        "" if line.foreign_cents is None else decimal_comma(line.foreign_cents), line.foreign,
    ]  # fmt: skip
