"""Bank statements, camt.053 or CSV, as lines that can be matched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ressort.core.currency.bank.xml_tree import Element, read_xml
from ressort.core.errors import RuleBroken
from ressort.core.named_rows import named_rows
from ressort.core.problem import Problem

_CAMT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}")
_EURO = "EUR"
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,13})(?:[.,]([0-9]{1,2})0*)?")


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of a statement: above zero when money came in. `line` is that of the file; `reason`, the bank's code of what it returns."""

    line: int
    day: date
    amount_cents: int
    reference: str
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BankStatement:
    """The booked lines of an account; balances where the bank tells them."""

    iban: str
    lines: tuple[BankLine, ...]
    opening_cents: int | None = None
    closing_cents: int | None = None


def is_xml(content: bytes) -> bool:
    """Whether a statement is XML, whatever its encoding, rather than CSV.

    >>> is_xml(b" <Document>"), is_xml("<Document>".encode("utf-16")), is_xml(b"date;montant")
    (True, True, False)
    """
    return content[:4_096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"


def read_camt(content: bytes) -> list[BankStatement]:
    """The statements of a camt.053 file, whole: what is only expected is left out.

    Raises:
        RuleBroken: hostile or broken XML, another kind of file; or faults, each with its line, in `facts["problems"]`.
    """
    root, space = read_xml(content)
    if not _CAMT.fullmatch(space):
        raise RuleBroken("This is no bank statement camt.053, but {found}.", found=space or root.name)
    problems: list[Problem] = []
    found = [_statement(node, problems) for node in root.all("BkToCstmrStmt/Stmt")]
    if not found and not problems:
        raise RuleBroken("The file holds no statement.")
    _refuse(problems)
    return found


def _statement(node: Element, problems: list[Problem]) -> BankStatement:
    balances: dict[str, int] = {}
    for one in node.all("Bal"):
        cents = _signed(one, problems)
        if cents is not None:
            balances.setdefault(one.one("Tp/CdOrPrtry/Cd"), cents)
    lines = [
        line for entry in node.all("Ntry") if _is_booked(entry) for line in _lines(entry, problems) if line.amount_cents
    ]
    opening, closing = balances.get("OPBD", balances.get("PRCD")), balances.get("CLBD")
    total = sum(line.amount_cents for line in lines)
    if not problems and opening is not None and closing is not None and opening + total != closing:
        facts = {"opening_cents": opening, "total_cents": total, "closing_cents": closing}
        problems.append(Problem(node.line, "Bal", "the lines do not lead from the opening balance to the closing one: some are missing.", facts))  # fmt: skip
    return BankStatement(node.one("Acct/Id/IBAN"), tuple(lines), opening, closing)


def _is_booked(entry: Element) -> bool:
    return (entry.one("Sts/Cd") or entry.one("Sts")) == "BOOK"


def _signed(node: Element, problems: list[Problem]) -> int | None:
    amount, way = node.one("Amt"), node.one("CdtDbtInd")
    if not _is_in_euros(node.all("Amt")):
        given = next(one.attributes["Ccy"] for one in node.all("Amt") if not _is_in_euros([one]))
        problems.append(Problem(node.line, "Amt", "the amount is in {given}: the accounts of an association are in euros.", {"given": given}))  # fmt: skip
        return None
    cents = cents_of(amount)
    if cents is None or cents < 0 or way not in ("CRDT", "DBIT"):
        problems.append(Problem(node.line, "Amt", "“{given}” is not an amount that comes in or goes out.", {"given": f"{amount} {way}".strip()}))  # fmt: skip
        return None
    return cents if way == "CRDT" else -cents


def _is_in_euros(amounts: list[Element]) -> bool:
    return all(one.attributes.get("Ccy", _EURO) == _EURO for one in amounts)


def _lines(entry: Element, problems: list[Problem]) -> Iterator[BankLine]:
    """One line a transaction when the bank tells the amount of each, else one for the entry."""
    cents = _signed(entry, problems)
    text = (entry.one("BookgDt/Dt") or entry.one("BookgDt/DtTm") or entry.one("ValDt/Dt"))[:10]
    day = day_of(text)
    if day is None:
        problems.append(Problem(entry.line, "BookgDt", "“{given}” is not a day: write 2026-12-31.", {"given": text}))
    if cents is None or day is None:
        return
    details = entry.all("NtryDtls/TxDtls")
    each = [_part(one) for one in details]
    way = 1 if cents >= 0 else -1
    if len(details) > 1 and all(part is not None for part in each) and sum(map(_whole, each)) == abs(cents):
        for one, part in zip(details, each, strict=True):
            yield BankLine(one.line, day, way * _whole(part), _reference(one), _label(one, way), _reason(one))
        return
    first = details[0] if len(details) == 1 else entry
    reference = _reference(first) or _batch(entry) or entry.one("AcctSvcrRef")
    yield BankLine(
        entry.line, day, cents, reference, _label(first, way) or _together(entry.one("AddtlNtryInf")), _reason(first)
    )


def _part(details: Element) -> int | None:
    """What one transaction of an entry moved, where the bank tells it in euros."""
    told = details.all("Amt") or details.all("AmtDtls/TxAmt/Amt")
    return cents_of(told[0].text.strip()) if told and _is_in_euros(told) else None


def _whole(part: int | None) -> int:
    return part or 0


def _reference(node: Element) -> str:
    reference = node.one("Refs/EndToEndId")
    return "" if reference == "NOTPROVIDED" else reference


def _batch(entry: Element) -> str:
    """What a file of ours called the payments that the bank books together."""
    return entry.one("NtryDtls/Btch/PmtInfId") or entry.one("NtryDtls/TxDtls/Refs/PmtInfId") or entry.one("NtryDtls/Btch/MsgId")  # fmt: skip


def _reason(node: Element) -> str:
    """Why the bank returns something, such as AM04 (no funds) or MD01 (no mandate)."""
    return node.one("RtrInf/Rsn/Cd")[:4]


def _label(node: Element, way: int) -> str:
    """What the payer wrote, free or as a reference of the payee, then who stands on the other side."""
    other = "RltdPties/Dbtr" if way > 0 else "RltdPties/Cdtr"
    words = [one.text for path in ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref") for one in node.all(path)] or [node.one("AddtlTxInf")]  # fmt: skip
    return _together(*words, node.one(f"{other}/Nm") or node.one(f"{other}/Pty/Nm"))


def _together(*texts: str) -> str:
    """Texts one after the other, on one line, none twice."""
    return " ".join(dict.fromkeys(filter(None, (" ".join(one.split()) for one in texts))))


#: column → names that it may bear, for statements in CSV; accents, capitals and signs do not count
_COLUMNS = {
    "day": ("date", "date opération", "date de l’opération", "date d’opération", "dateOp", "date comptable", "date de comptabilisation", "jour", "day"),
    "label": ("libellé", "libellé simplifié", "libellé opération", "label"),
    "more": ("détail de l’écriture", "informations complémentaires", "motif"),
    "reference": ("référence", "reference", "ref"),
    "amount": ("montant", "montant (euros)", "montant en euros", "montant (EUR)", "montant de l’opération", "montant opération en euro", "amount"),
    "debit": ("débit", "débit euros", "débit (EUR)"),
    "credit": ("crédit", "crédit euros", "crédit (EUR)"),
    "currency": ("devise", "monnaie", "currency"),
}  # fmt: skip
#: lines about the account that a bank may write above the header
_PREAMBLE_LINES = 30


def read_statement_csv(content: bytes) -> BankStatement:
    """The lines of a statement in CSV: day, label, amount (or debit and credit), reference; what a bank writes above its header is left.

    Raises:
        RuleBroken: no such table; or faults, each with its line, in `facts["problems"]`.
    """
    table = named_rows(content, _COLUMNS, _PREAMBLE_LINES)
    table.need("day", *(() if {"debit", "credit"} <= table.columns else ("amount",)))
    problems: list[Problem] = []
    found = []
    for line, row in table:
        found += _csv_line(line, row, problems)
    _refuse(problems)
    return BankStatement("", tuple(found))


def _csv_line(line: int, row: dict[str, str], problems: list[Problem]) -> list[BankLine]:
    day = day_of(row["day"])
    if day is None:
        problems.append(Problem(line, "date", "“{given}” is not a day: write 2026-12-31.", {"given": row["day"]}))
    if "amount" in row:
        cents = cents_of(row["amount"])
    else:
        debit, credit = (cents_of(row[name]) if row[name] else 0 for name in ("debit", "credit"))
        cents = None if debit is None or credit is None or (debit and credit) else credit - abs(debit)
    if not cents:
        given = row.get("amount") or f"{row.get('debit', '')} {row.get('credit', '')}".strip()
        problems.append(Problem(line, "montant", "“{given}” is not an amount that comes in or goes out.", {"given": given}))  # fmt: skip
    if row.get("currency", "").upper() not in ("", _EURO, "€"):
        problems.append(Problem(line, "devise", "the amount is in {given}: the accounts of an association are in euros.", {"given": row["currency"]}))  # fmt: skip
    label = _together(row.get("label", ""), row.get("more", ""))
    return [BankLine(line, day, cents, row.get("reference", ""), label)] if day and cents else []


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RuleBroken("The statement has faults: nothing of it is kept.", problems=problems)


def cents_of(text: str) -> int | None:
    """The cents of an amount, comma or point, spaces between thousands, perhaps its sign of euro; None when it is not one.

    >>> cents_of("1 234,56"), cents_of("-0.05"), cents_of("12.500 €"), cents_of("1,005")
    (123456, -5, 1250, None)
    """
    found = _AMOUNT.fullmatch(re.sub(r"[\s\u202f\u00a0]|€$|EUR$", "", text.strip()).replace("\u2212", "-"))
    if not found:
        return None
    cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if found[1] == "-" else cents


def day_of(text: str) -> date | None:
    """The day of a text such as 2026-12-31, 31/12/2026 or 31.12.2026; None when it is none.

    >>> day_of("31/12/2026"), day_of("2026-02-30")
    (datetime.date(2026, 12, 31), None)
    """
    found = re.fullmatch(
        r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})|([0-9]{2})[-/.]([0-9]{2})[-/.]([0-9]{4})", text.strip()
    )
    if not found:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
