"""`ressort currency reserve|certificate-check|clocks`: the euros behind the units, and the sums that the law watches."""

import argparse
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ressort.cli.currency_files import content_of, day, print_json, write_new
from ressort.core.errors import InputError, RuleBroken
from ressort.language import gettext as _
from ressort.language import money, percent

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ressort.core.currency.association import Clock, Statement

Options = argparse.Namespace


def add_reserve(parser: argparse.ArgumentParser) -> None:
    """The words of `reserve`."""
    parser.add_argument("folder", help=_("an export (ressort ledger export)"))
    parser.add_argument("--currency", type=int, metavar="N", help=_("number of the currency, when there are several"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    parser.add_argument("--day", metavar=_("DAY"), help=_("day of the certificate"))
    for name, told in (("paper", _("bank statement of the paper reserve")), ("digital", _("bank statement of the digital reserve"))):  # fmt: skip
        parser.add_argument(f"--statement-{name}", metavar=_("REFERENCE=EUROS"), help=told)
    parser.add_argument("--confirmed", action="append", default=[], metavar=_("NAME"), help=_("who confirms (two people)"))  # fmt: skip
    parser.add_argument("--key", metavar=_("FILE"), help=_("private key that signs (Ed25519, PEM); made if absent"))
    parser.add_argument("--certificate", metavar=_("FILE"), help=_("write the certificate of the day"))


def add_check(parser: argparse.ArgumentParser) -> None:
    """The words of `certificate-check`."""
    parser.add_argument("file", help=_("a certificate"))
    parser.add_argument("--public-key", required=True, metavar="HEX", help=_("the key published by the association"))


def add_clocks(parser: argparse.ArgumentParser) -> None:
    """The words of `clocks`."""
    parser.add_argument("payments", help=_("payments (CSV: day, kind, payer, payee, amount)"))
    parser.add_argument(
        "--accounts", metavar=_("FILE"), help=_("accounts (CSV: account, role, holder, group, opening)")
    )
    parser.add_argument("--until", metavar=_("DAY"), help=_("end of the window, not included (after the last payment)"))
    parser.add_argument("--declared", metavar=_("DAY"), help=_("day of the last declaration"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))


def tell_reserve(options: Options) -> int:
    """Print both funds, and write the certificate; 4 when a fund is short."""
    from ressort.cli import EXIT_RULE
    from ressort.core.currency.association import FUNDS, broken_identities, fund

    code, balances, head = _balances(Path(options.folder), options.currency)
    broken = broken_identities(balances)
    funds = {name: fund(balances, name) for name in FUNDS}
    if options.json:
        told = {
            name: {
                key: getattr(one, key)
                for key in (
                    "claims_cents",
                    "reserve_cents",
                    "transit_cents",
                    "payable_cents",
                    "cover_cents",
                    "statement_cents",
                    "strict_share",
                    "cover_share",
                )
            }
            for name, one in funds.items()
        }
        print_json({"funds": told, "broken": broken, "head": head})
    else:
        _tell_funds(funds)
        print(_("Broken: {names}. Issue nothing, verify the ledger.").format(names=", ".join(broken)) if broken else _("Both funds are covered."))  # fmt: skip
    if options.certificate:
        _certify(options, code, balances, head)
    return EXIT_RULE if broken else 0


def _balances(folder: Path, currency: int | None) -> tuple[str, dict[str, int], str]:
    """The code of the currency, the balance of each kind of account, and the head of the chain."""
    import polars as pl

    from ressort.cli.currency_books import export_table
    from ressort.cli.ledger_files import codes
    from ressort.core.currency import KINDS

    accounts = export_table(folder, "accounts", ("currency", "kind", "balance_cents"))
    known = sorted(accounts["currency"].unique())
    if currency is None and len(known) > 1:
        raise RuleBroken("The export holds the currencies {choices}: choose one with --currency.", choices=known)
    if currency is not None and currency not in known:
        raise RuleBroken("The export holds no currency {given}, but {choices}.", given=currency, choices=known)
    kept = accounts.filter(pl.col("currency") == currency) if currency is not None else accounts
    summed = kept.group_by("kind").agg(pl.col("balance_cents").sum())
    heads = export_table(folder, "blocks", ("id", "hash")).sort("id")["hash"]
    code = codes(folder).get(kept["currency"][0], "") if kept.height else ""
    return code, {KINDS[kind - 1].code: cents for kind, cents in summed.rows()}, heads[-1] if len(heads) else "0" * 64


def _tell_funds(funds: dict[str, Any]) -> None:
    from ressort.cli.render import grid

    names = {"paper": _("Notes"), "digital": _("Digital units")}
    rows = [
        [
            names[name], money(one.claims_cents), money(one.reserve_cents), money(one.transit_cents), money(one.payable_cents),
            "" if one.strict_share is None else percent(one.strict_share, 1), "" if one.cover_share is None else percent(one.cover_share, 1),
        ]
        for name, one in funds.items()
    ]  # fmt: skip
    grid([_("Fund"), _("Owed"), _("Reserve"), _("On its way"), _("To pay out"), _("Reserve / owed"), _("Cover / owed")], rows)  # fmt: skip


def _certify(options: Options, code: str, balances: dict[str, int], head: str) -> None:
    from ressort.core.currency.association import FUNDS, certificate, signed

    if not options.day or not options.key:
        raise InputError("A certificate needs its day (--day) and a key (--key).")
    statements: dict[Any, Statement] = {}
    for name in FUNDS:
        given = getattr(options, f"statement_{name}")
        if given:
            statements[name] = _statement(given)
    body = certificate(code, day(options.day), balances, statements, head, options.confirmed)
    made = signed(body, _key(Path(options.key)))
    path = write_new(Path(options.certificate), (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode())
    print(_("Written: {path}").format(path=path))
    print(_("Public key, to publish once: {key}").format(key=made["public_key"]))


def _statement(given: str) -> "Statement":
    from ressort.core.currency.association import Statement

    found = re.fullmatch(r"(.+)=(-?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?", given.strip())
    if not found:
        raise InputError("“{given}” is not a statement: write its reference and its balance in euros, such as R12=1520.40.", given=given)  # fmt: skip
    cents = int(found[3]) * 100 + int((found[4] or "").ljust(2, "0"))
    return Statement(found[1].strip(), -cents if found[2] else cents)


def _key(path: Path) -> "Ed25519PrivateKey":
    """The key of a file; a new one, readable by its owner only, where there is none."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not path.exists():
        key = Ed25519PrivateKey.generate()
        text = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption())
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(text)
        return key
    try:
        found = s.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise InputError("{path} holds no private key in PEM without password.", path=str(path)) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise InputError("{path} holds a key of another kind than Ed25519.", path=str(path))
    return found


def check_certificate(options: Options) -> int:
    """Tell what a certificate says, once its signature holds."""
    from ressort.core.currency.association import check_signed

    try:
        told = json.loads(content_of(options.file))
        assert isinstance(told, dict)
    except (ValueError, AssertionError) as error:
        raise InputError("This is no signed certificate, or no public key of 64 hexadecimal digits.") from error
    body = json.loads(check_signed(told, options.public_key.strip()))
    print(_("The signature holds. What it says:"))
    print_json(body)
    return 0


def tell_clocks(options: Options) -> int:
    """Print the sums that the law watches, and since when each alert stands."""
    from ressort.cli.currency_measures import read_tables
    from ressort.core.currency.association import next_declaration
    from ressort.ingest.currency_flows import after_last, day_number
    from ressort.reference.currency_parameters import parameter

    read = read_tables(options.payments, options.accounts)
    until = day(options.until) if options.until else after_last(read)
    days = day_number(read, until)
    if days <= 0:
        raise RuleBroken("Nothing was paid before {day}: the first movement is of {first}.", day=str(until), first=str(read.first_day))  # fmt: skip
    last = until - timedelta(1)
    thresholds = {name: parameter(f"{name}_declaration_threshold_cents", last) for name in ("payments", "e_money")}
    clocks = _clocks(read, days, thresholds)
    renewed = next_declaration(day(options.declared)) if options.declared else None
    if options.json:
        told = [
            {
                "clock": name,
                "value_cents": one.value_cents,
                "threshold_cents": one.threshold_cents,
                "share": one.share,
                "crossed": dict(one.crossed),
            }
            for name, one in clocks.items()
        ]
        print_json({"day": last, "clocks": told, "declaration_due": renewed})
    else:
        _tell_clocks(clocks, last, renewed)
    return 0


def _clocks(read: Any, days: int, thresholds: dict[str, int]) -> dict[str, "Clock"]:
    from ressort.core.currency.association import clock, rolling_cents
    from ressort.core.currency.measures import daily_payments_cents, daily_stock_cents

    return {
        "payments": clock(
            rolling_cents(daily_payments_cents(read.flows, days)), read.first_day, thresholds["payments"]
        ),
        "outstanding": clock(daily_stock_cents(read.flows, days), read.first_day, thresholds["e_money"]),
    }


def _tell_clocks(clocks: dict[str, "Clock"], last: date, renewed: date | None) -> None:
    from ressort.cli.render import grid

    names = {"payments": _("Payments of the last 12 months"), "outstanding": _("Digital units outstanding")}
    print(_("On {day}:").format(day=last))
    rows = []
    for name, one in clocks.items():
        alerts = [_("{share} since {day}").format(share=percent(share), day=on) for share, on in one.crossed if on]
        rows.append([names[name], money(one.value_cents), money(one.threshold_cents), percent(one.share, 1), alerts[-1] if alerts else ""])  # fmt: skip
    grid([_("Clock"), _("Sum"), _("Threshold"), _("Share of the threshold"), _("Alert")], rows)
    if any(one.is_beyond for one in clocks.values()):
        print(_("A threshold is exceeded: declare to the ACPR (CMF L521-3 for payments, L525-6 for electronic money); have a jurist confirm."))  # fmt: skip
    if renewed:
        print(_("The declaration is brought up to date by {day}.").format(day=renewed))
