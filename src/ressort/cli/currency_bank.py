"""`ressort currency bank-file|bank-statement`: files for the bank, and what it answers beside what was expected."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.currency_files import content_of, day, print_json, refuse, tell_problems, write_new
from ressort.core.errors import InputError, RuleBroken
from ressort.core.named_rows import named_rows
from ressort.core.problem import Problem
from ressort.language import gettext as _
from ressort.language import money, ngettext, number

if TYPE_CHECKING:
    from ressort.core.currency.bank import BankLine, Expected, Reconciliation

Options = argparse.Namespace
Row = dict[str, str]
_COLUMNS = {
    "reference": ("reference", "référence"),
    "name": ("nom", "name"),
    "iban": ("iban",),
    "bic": ("bic",),
    "amount": ("montant", "amount"),
    "label": ("libelle", "libellé", "label"),
    "mandate": ("mandat", "mandate"),
    "signed_on": ("signe_le", "signé_le", "signed_on"),
    "sequence": ("sequence", "séquence"),
    "key": ("cle", "clé", "key", "operation"),
    "day": ("jour", "date", "day"),
}


def add_bank_file(parser: argparse.ArgumentParser) -> None:
    """The words of `bank-file`."""
    parser.add_argument("table", help=_("payments (CSV: reference, nom, iban, montant, libelle; for debits mandat, signe_le, sequence)"))  # fmt: skip
    parser.add_argument("--name", required=True, metavar=_("NAME"), help=_("holder of the account"))
    parser.add_argument("--iban", required=True, help=_("account of the association"))
    parser.add_argument("--bic", default="", help=_("bank of the association, where it asks for it"))
    parser.add_argument("--on", required=True, metavar=_("DAY"), help=_("day of execution"))
    parser.add_argument(
        "--message", required=True, metavar="ID", help=_("reference of the file, 35 characters at most")
    )
    parser.add_argument(
        "--debits", action="store_true", help=_("direct debits (pain.008) instead of transfers (pain.001)")
    )
    parser.add_argument("--ics", default="", help=_("creditor identifier, for direct debits"))
    parser.add_argument("--version", dest="pain", default="", metavar="PAIN", help=_("version that the bank takes (pain.001.001.09, pain.008.001.08)"))  # fmt: skip
    parser.add_argument("--out", required=True, metavar=_("FILE"), help=_("file to write"))


def add_statement(parser: argparse.ArgumentParser) -> None:
    """The words of `bank-statement`."""
    parser.add_argument("file", help=_("statement of the bank (camt.053 or CSV)"))
    parser.add_argument(
        "--expected", metavar=_("FILE"), help=_("operations expected (CSV: cle, jour, montant, reference)")
    )
    parser.add_argument(
        "--days", type=int, default=5, metavar="N", help=_("days apart at most, without a reference (5)")
    )
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def make_bank_file(options: Options) -> int:
    """Write a file for the bank, whole and checked, or none."""
    from ressort.core.currency.bank import DEBIT_VERSIONS, TRANSFER_VERSIONS, Party, collections_file, transfers_file

    known = DEBIT_VERSIONS if options.debits else TRANSFER_VERSIONS
    version: Any = options.pain or ("pain.008.001.08" if options.debits else "pain.001.001.09")
    if version not in known:
        raise InputError("{given} is not a version of the file: {choices}.", given=version, choices=list(known))
    us, on, now = Party(options.name, options.iban, options.bic), day(options.on), datetime.now()
    lines: list[Any] = _rows(options.table, _collection if options.debits else _transfer)
    if options.debits:
        content = collections_file(us, options.ics, lines, on, options.message, now, version)
    else:
        content = transfers_file(us, lines, on, options.message, now, version)
    path = write_new(Path(options.out), content)
    total = sum(one.amount_cents for one in lines)
    print(_("Written: {path}").format(path=path))
    told = ngettext(
        "{count} payment, {total}. Have a second person check it before the bank gets it.",
        "{count} payments, {total}. Have a second person check it before the bank gets it.",
        len(lines),
    )
    print(told.format(count=number(len(lines)), total=money(total)))
    return 0


def _transfer(row: Row) -> Any:
    from ressort.core.currency.bank import Party, Transfer, bank_id, bank_text, bic, iban

    code = bic(row["bic"]) if row["bic"] else ""
    made = Transfer(Party(bank_text(row["name"], 70), iban(row["iban"]), code), _cents(row), row["reference"], row["label"])  # fmt: skip
    bank_id(made.end_to_end), bank_text(made.label, 140)
    return made


def _collection(row: Row) -> Any:
    from ressort.core.currency.bank import Collection, bank_id, day_of

    base = _transfer(row)
    signed, sequence = day_of(row["signed_on"]), row["sequence"].upper() or "RCUR"
    if signed is None:
        raise RuleBroken("“{given}” is not a day: write 2026-12-31.", given=row["signed_on"])
    if sequence not in ("FRST", "RCUR", "OOFF", "FNAL"):
        raise RuleBroken("“{given}” is not a sequence: FRST, RCUR, OOFF or FNAL.", given=row["sequence"])
    return Collection(base.to, base.amount_cents, base.end_to_end, base.label, bank_id(row["mandate"]), signed, sequence)  # type: ignore[arg-type]  # fmt: skip


def _expected(row: Row) -> "Expected":
    from ressort.core.currency.bank import Expected, cents_of, day_of

    on, cents = day_of(row["day"]), cents_of(row["amount"])
    if on is None:
        raise RuleBroken("“{given}” is not a day: write 2026-12-31.", given=row["day"])
    if not cents:
        raise RuleBroken("“{given}” is not an amount that comes in or goes out.", given=row["amount"])
    return Expected(row["key"] or row["reference"], on, cents, row["reference"])


def _cents(row: Row) -> int:
    from ressort.core.currency.bank import cents_of

    cents = cents_of(row["amount"])
    if cents is None or cents <= 0:
        raise RuleBroken("“{given}” is not an amount above zero: euros with at most two decimals, or whole cents.", given=row["amount"])  # fmt: skip
    return cents


def _rows(file: str, made_of: Callable[[Row], Any]) -> list[Any]:
    """What each line of a table makes; all faults are told before any is refused."""
    table = named_rows(content_of(file), _COLUMNS)
    table.need("amount", *(() if "key" in table.columns else ("reference",)))
    made, problems = [], []
    for line, row in table:
        try:
            made.append(made_of(dict.fromkeys(_COLUMNS, "") | row))
        except RuleBroken as error:
            problems.append(Problem(line, "", error.template, error.facts))
    refuse(problems, file)
    return made


def tell_statement(options: Options) -> int:
    """Print a statement; with what was expected, what met and what did not: 4 when something is left."""
    from ressort.cli import EXIT_RULE
    from ressort.core.currency.bank import reconcile

    lines = _statement_lines(options.file)
    if not options.expected:
        if options.json:
            print_json([_line(one) for one in lines])
        else:
            for one in lines:
                print(f"{one.day} {money(one.amount_cents):>14}  {one.reference}  {one.label}")
            told = ngettext("{count} line, {total} in all.", "{count} lines, {total} in all.", len(lines))
            print(told.format(count=number(len(lines)), total=money(sum(one.amount_cents for one in lines))))
        return 0
    expected: list[Expected] = _rows(options.expected, _expected)
    found = reconcile(lines, expected, options.days)
    if options.json:
        print_json(
            {
                "matches": [{"key": one.key, "by": one.by, **_line(lines[one.line])} for one in found.matches],
                "lines_left": [_line(lines[at]) for at in found.unmatched_lines],
                "operations_left": list(found.unmatched_keys),
                "other_amounts": [{"key": key, **_line(lines[at])} for at, key in found.other_amounts],
            }
        )
    else:
        _tell_reconciliation(lines, found)
    return EXIT_RULE if found.unmatched_lines or found.unmatched_keys else 0


def _statement_lines(file: str) -> list["BankLine"]:
    from ressort.core.currency.bank import is_xml, read_camt, read_statement_csv

    content = content_of(file)
    try:
        if is_xml(content):
            return [line for one in read_camt(content) for line in one.lines]
        return list(read_statement_csv(content).lines)
    except RuleBroken as error:
        tell_problems(error.facts.get("problems", ()), sys.stderr)
        raise


def _line(one: "BankLine") -> dict[str, Any]:
    return {"line": one.line, "day": one.day, "amount_cents": one.amount_cents, "reference": one.reference, "label": one.label}  # fmt: skip


def _tell_reconciliation(lines: list["BankLine"], found: "Reconciliation") -> None:
    ways = {"reference": _("by reference"), "amount_and_day": _("by amount and day")}

    def told(at: int) -> str:
        return f"{lines[at].day} {money(lines[at].amount_cents)} {lines[at].reference} {lines[at].label}".rstrip()

    for one in found.matches:
        print(f"✓ {one.key} = {told(one.line)} ({ways[one.by]})")
    for at, key in found.other_amounts:
        print(_("{key} is named for another amount: {line}").format(key=key, line=told(at)))
    for at in found.unmatched_lines:
        print(_("Line {line} met nothing: {told}").format(line=lines[at].line, told=told(at)))
    for key in found.unmatched_keys:
        print(_("{key} is not in the statement, or met several lines.").format(key=key))
