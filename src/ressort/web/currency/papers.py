"""The statement of a wallet on paper: tagged PDF, whole or not at all."""

import re
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import InputError, RuleBroken
from ressort.web.currency import days, queries
from ressort.web.currency.models import Wallet
from ressort.web.currency.templatetags.money_words import amount, change
from ressort.web.currency.words import line_name
from ressort.web.paper import printed

#: entries of a statement on paper at most: some hundred pages
MOST_LINES = 5_000
_MONTH = timedelta(days=30)
#: signs of a word that a line of the table holds
_LONGEST_WORD = 30


def period(first: str, last: str) -> tuple[date, date]:
    """The days of a statement: the last thirty unless others are named.

    Raises:
        InputError: not a day. RuleBroken: it ends before it begins.
    """
    until = _day(last) or timezone.localdate()
    since = _day(first) or until - _MONTH
    if since > until:
        raise RuleBroken("The statement ends before it begins: {first}, {last}.", first=str(since), last=str(until))
    return since, until


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise InputError("“{given}” is not a day: write 2026-12-31.", given=text[:40])
    return found


def statement(wallet: Wallet, first: date, last: date) -> bytes:
    """The entries of a wallet from a day to another, both included, with the balances before and after.

    Raises:
        RuleBroken: too many for paper.
    """
    lines = days.between(wallet, first, last, MOST_LINES + 1)
    if len(lines) > MOST_LINES:
        raise RuleBroken("More than {most} movements: ask for fewer days, or take the CSV.", most=MOST_LINES)
    template = (files("ressort.web.currency") / "statement.typ").read_bytes()
    return printed(template, _data(wallet, lines, first, last))


def _data(wallet: Wallet, lines: list[queries.Line], first: date, last: date) -> dict[str, Any]:
    language, unit = get_language() or "fr", queries.code_of(wallet.currency)
    held_cents = queries.balance_cents(wallet)[0]
    after = lines[-1].after_cents if lines else days.held_at_end_of(wallet, last, held_cents)
    before = lines[0].after_cents - lines[0].amount_cents if lines else after
    return {
        "lang": language,
        "region": "fr" if language == "fr" else "gb",
        "year": last.year,
        "month": last.month,
        "day": last.day,
        "title": _("Statement of {name}").format(name=wallet.name),
        "subtitle": _("{currency}, account {alias}, from {first} to {last}").format(
            currency=queries.name_of(wallet.currency), alias=wallet.alias, first=date_format(first), last=date_format(last)
        ),
        "mark": "" if queries.standing(wallet.currency).nature == "real" else _("Simulated or for trial: nothing here is real."),
        "balances": [[_("Balance before"), f"{amount(before)} {unit}"], [_("Balance after"), f"{amount(after)} {unit}"]],
        "header": [_("Date"), _("With"), _("Amount"), _("Balance after")],
        "rows": [
            [date_format(line.day, "SHORT_DATE_FORMAT"), _with(line), change(line.amount_cents), amount(line.after_cents)]
            for line in lines
        ],
        "none": _("No movement."),
        "foot": _("Head of the chain when printed: {head}").format(head=queries.head().hash),
        "page": _("Page"),
    }  # fmt: skip


def _with(line: queries.Line) -> str:
    other = line.other.name if line.other else line_name(line)
    if line.other and line.is_reversal:
        other = f"{other} – {line_name(line)}"
    return _in_parts(f"{other} – {line.label}" if line.label else other)


def _in_parts(words: str) -> str:
    """Words that a cell can hold: a very long one may be cut, at a space of no width."""
    return re.sub(rf"(\S{{{_LONGEST_WORD}}})(?=\S)", "\\1\u200b", words)
