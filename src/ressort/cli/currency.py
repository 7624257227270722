"""`ressort currency`: what an association that runs a local currency does with files, without any web page."""

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.actions import actions_of
from ressort.cli.currency_bank import add_bank_file, add_statement, make_bank_file, tell_statement
from ressort.cli.currency_files import content_of, day, print_json, tell_problems, write_new
from ressort.cli.currency_measures import measure
from ressort.cli.currency_opening import add_opening, bring_in
from ressort.cli.currency_reserve import (
    add_check,
    add_clocks,
    add_reserve,
    check_certificate,
    tell_clocks,
    tell_reserve,
)
from ressort.cli.currency_simulation import add_simulation, play
from ressort.language import gettext as _
from ressort.language import money, ngettext, number

if TYPE_CHECKING:
    from ressort.core.currency.accounting import FecReport
    from ressort.core.problem import Problem

Options = argparse.Namespace


def add(kinds: "argparse._SubParsersAction[Any]") -> None:
    """The words of `ressort currency`."""
    told = _("local currency: accounts, bank files, measures, allowances")
    action = actions_of(kinds, "currency", told)
    check = action("fec-check", _("check an accounting file (FEC): each fault with its line and field"), check_accounts)
    check.add_argument("file", help=_("accounting file, named after the SIREN and the closing day"))
    check.add_argument("--any-name", action="store_true", help=_("do not check the name of the file"))
    check.add_argument("--json", action="store_true", help=_("answer in JSON"))
    _add_books(
        action("fec", _("write the accounting file (FEC) of a year from an export of the ledger"), write_accounts)
    )
    add_bank_file(action("bank-file", _("write transfers or direct debits for the bank (SEPA)"), make_bank_file))
    add_statement(
        action("bank-statement", _("read a bank statement, and find in it what was expected"), tell_statement)
    )
    add_simulation(
        action("simulate", _("an allowance, before it is paid: who pools, who cannot spend, is it covered"), play)
    )
    add_reserve(action("reserve", _("the euros behind the units, and the signed certificate of a day"), tell_reserve))
    add_opening(action("opening", _("bring in the balances of another system: a dry run, then --do"), bring_in))
    add_check(action("certificate-check", _("check the signature of a reserve certificate"), check_certificate))
    add_clocks(
        action(
            "clocks",
            _("payments of twelve months and units outstanding, beside the thresholds of the law"),
            tell_clocks,
        )
    )
    _add_statistics(action("statistics", _("velocity, re-use, leak, stays, saturation of a year of payments"), measure))


def _add_books(books: argparse.ArgumentParser) -> None:
    books.add_argument("folder", help=_("an export (ressort ledger export)"))
    books.add_argument("--siren", required=True, help=_("number of the association, nine digits"))
    books.add_argument("--from", required=True, dest="first", metavar=_("DAY"), help=_("first day of the year of accounts"))  # fmt: skip
    books.add_argument("--to", required=True, dest="last", metavar=_("DAY"), help=_("closing day"))
    books.add_argument("--currency", type=int, metavar="N", help=_("number of the currency, when there are several"))
    books.add_argument("--accounts", metavar=_("FILE"), help=_("your own accounts (CSV: role, account_code, name_fr)"))
    books.add_argument("--first-number", type=int, default=1, metavar="N", help=_("number of the first entry (1)"))
    books.add_argument("--separator", choices=["tab", "pipe"], default="tab", help=_("between fields (tab)"))
    books.add_argument("--out", default=".", metavar=_("FOLDER"), help=_("where to write"))


def _add_statistics(counts: argparse.ArgumentParser) -> None:
    counts.add_argument("payments", help=_("payments (CSV: day, kind, payer, payee, amount)"))
    counts.add_argument(
        "--accounts", metavar=_("FILE"), help=_("accounts (CSV: account, role, holder, group, opening)")
    )
    counts.add_argument("--until", metavar=_("DAY"), help=_("end of the window, not included (after the last payment)"))
    counts.add_argument("--days", type=int, default=365, metavar="N", help=_("days of the window (365)"))
    counts.add_argument("--seed", type=int, default=1, metavar="N", help=_("seed of the ranges (1)"))
    counts.add_argument("--json", action="store_true", help=_("answer in JSON"))


def check_accounts(options: Options) -> int:
    """Tell the faults of an accounting file; 4 when it has any."""
    from ressort.cli import EXIT_RULE
    from ressort.core.currency.accounting import check_fec

    content = content_of(options.file)
    found = check_fec(content, None if options.any_name else Path(options.file).name)
    if options.json:
        print_json(
            {
                "conforms": found.conforms,
                "lines": found.lines,
                "entries": found.entries,
                "debit_cents": found.debit_cents,
                "credit_cents": found.credit_cents,
                "encoding": found.encoding,
                "problem_count": found.problem_count,
                "problems": _told(found.problems),
                "advice": _told(found.advice),
            }
        )
    else:
        _tell_report(options.file, found)
    return 0 if found.conforms else EXIT_RULE


def _told(found: "tuple[Problem, ...]") -> list[dict[str, Any]]:
    return [{"line": one.line, "field": one.column, "problem": one.say(_)} for one in found]


def _tell_report(file: str, found: "FecReport") -> None:
    tell_problems(found.problems)
    if found.problem_count > len(found.problems):
        print(_("… and {count} more.").format(count=number(found.problem_count - len(found.problems))))
    if found.advice:
        print(_("Allowed, worth a look:"))
        tell_problems(found.advice)
    totals = {
        "entries": number(found.entries),
        "lines": number(found.lines),
        "debit": money(found.debit_cents),
        "credit": money(found.credit_cents),
    }
    print(_("Entries: {entries}; lines: {lines}; debit {debit}, credit {credit}.").format(**totals))
    if found.conforms:
        print(_("{file} conforms.").format(file=file))
    else:
        told = ngettext(
            "{file} has {count} fault: it must not be handed over.",
            "{file} has {count} faults: it must not be handed over.",
            found.problem_count,
        )
        print(told.format(file=file, count=number(found.problem_count)))


def write_accounts(options: Options) -> int:
    """Write the accounting file, checked before it appears."""
    from ressort.cli.currency_books import accounts_of, day_totals
    from ressort.core.currency.accounting import check_fec, fec_name, fec_text, year_lines
    from ressort.core.errors import RuleBroken
    from ressort.reference.currency_books import book_sides

    first, last = day(options.first), day(options.last)
    if first > last:
        raise RuleBroken("The year of accounts ends before it begins: {first}, {last}.", first=str(first), last=str(last))  # fmt: skip
    name = fec_name(options.siren, last)
    totals = day_totals(Path(options.folder), first, last, options.currency)
    before = day_totals(Path(options.folder), date.min, first - timedelta(1), options.currency)
    lines = year_lines(before, totals, book_sides(), accounts_of(options.accounts), first, last, options.first_number)
    if not totals:
        raise RuleBroken("Nothing between {first} and {last} enters the books.", first=str(first), last=str(last))
    content = fec_text(lines, "\t" if options.separator == "tab" else "|").encode()
    report = check_fec(content, name)
    if not report.conforms:
        tell_problems(report.problems)
        raise RuleBroken("The file does not conform and was not written: mend the table of accounts.")
    path = write_new(Path(options.out) / name, content)
    print(_("Written: {path}").format(path=path))
    print(_("An accountant must confirm these accounts before the first closing."))
    return 0
