"""A table of payments and a table of accounts, read as the flows that the measures of a currency take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ressort.core.currency.measures import OUTSIDE, Flow, Flows, Role, merged, without_reversed
from ressort.core.errors import RuleBroken
from ressort.core.problem import Problem

_EPOCH = date(1970, 1, 1)
#: names that columns may bear, French first
_COLUMNS = {
    "day": ("jour", "date", "day", "effective_on"),
    "kind": ("nature", "kind", "operation"),
    "payer": ("payeur", "payer", "debit_account"),
    "payee": ("beneficiaire", "bénéficiaire", "payee", "credit_account"),
    "amount": ("montant", "amount"),
    "amount_cents": ("montant_centimes", "amount_cents"),
    "id": ("id", "numero", "numéro"),
    "reverses": ("annule", "reverses"),
    "account": ("compte", "account"),
    "role": ("role", "rôle"),
    "holder": ("titulaire", "holder"),
    "group": ("branche", "groupe", "branch", "group"),
    "opening": ("solde_initial", "opening"),
}
_ROLES = {
    Role.PERSON: ("person", "personne", "particulier"),
    Role.PROFESSIONAL: ("professional", "professionnel", "pro"),
    Role.PUBLIC: ("public", "collectivite", "collectivité"),
    Role.ASSOCIATION: ("association",),
    Role.POT: ("pot", "enveloppe"),
}
#: the operations of the ledger that the measures count, and plain names
_KINDS = {
    Flow.PAYMENT: ("payment", "paiement", "pay_member", "settle_purse_payment"),
    Flow.ISSUE: (
        "issue", "conversion", "exchange_to_digital_at_office", "exchange_to_digital_online", "public_payment", "fund_allowance",
        "opening_balance",
    ),
    Flow.REDEMPTION: ("redemption", "reconversion", "redeem_digital", "euro_bounced"),
    Flow.OTHER: (
        "other", "autre", "dues_digital", "donation_in_local", "pay_allowance", "expire_allowance", "demurrage", "load_purse",
        "close_purse", "cover_double_spend",
    ),
    Flow.NOTES_ISSUE: ("notes_issue", "conversion_billets", "exchange_to_notes"),
    Flow.NOTES_REDEMPTION: ("notes_redemption", "reconversion_billets", "redeem_notes"),
    Flow.DEPOSIT: ("deposit", "depot", "dépôt", "deposit_notes"),
    Flow.WITHDRAWAL: ("withdrawal", "retrait", "withdraw_notes"),
}  # fmt: skip
#: operation of the ledger → the `Flow` it is for the measures
FLOW_OF_OPERATION = {word: int(kind) for kind, known in _KINDS.items() for word in known}
#: which sides the outside stands on
_BORN = (Flow.ISSUE, Flow.DEPOSIT, Flow.NOTES_ISSUE, Flow.NOTES_REDEMPTION)
_DIES = (Flow.REDEMPTION, Flow.WITHDRAWAL, Flow.NOTES_ISSUE, Flow.NOTES_REDEMPTION)
_MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class ReadFlows:
    """Flows between holders, and how these are called and grouped.

    Args:
        first_day: the day numbered 0 in the flows.
        groups: names of the groups; group: that of each holder, by its place in `groups`; (holders,).
    """

    flows: Flows
    holders: tuple[str, ...]
    groups: tuple[str, ...]
    group: NDArray[np.int32]
    first_day: date
    last_day: date


def read_flows(payments: bytes, accounts: bytes | None = None) -> ReadFlows:
    """The flows that two tables tell (CSV in UTF-8, commas or semicolons).

    Args:
        payments: day, payer, payee, amount (or amount_cents); and kind (payment when absent), id and reverses.
        accounts: account and role; and holder, group, opening. Without it all are persons.

    Raises:
        RuleBroken: the faults, each with its line, in `facts["problems"]`.
    """
    table = _typed_payments(_frame(payments, ("day", "payer", "payee")))
    known = _typed_accounts(_frame(accounts, ("account", "role")) if accounts is not None else None, table)
    number = known.select(account="account", at=pl.int_range(pl.len(), dtype=pl.Int32))
    joined = table.join(
        number.rename({"account": "payer", "at": "from"}), on="payer", how="left", maintain_order="left"
    )
    joined = joined.join(number.rename({"account": "payee", "at": "to"}), on="payee", how="left", maintain_order="left")
    _refuse_unknown(joined)
    return _flows(joined, known)


def _flows(joined: pl.DataFrame, known: pl.DataFrame) -> ReadFlows:
    joined = joined.sort("day", maintain_order=True)
    first, last = joined["day"][0], joined["day"][-1]
    holders = known["holder"].unique(maintain_order=True)
    groups = known["group"].unique(maintain_order=True)
    holder = _places(known["holder"], holders)
    flows = Flows(
        (joined["day"].cast(pl.Int32) - (first - _EPOCH).days).to_numpy(),
        joined["kind"].to_numpy(),
        joined["from"].fill_null(OUTSIDE).to_numpy(),
        joined["to"].fill_null(OUTSIDE).to_numpy(),
        joined["cents"].to_numpy(),
        known["role"].to_numpy(),
        known["opening"].to_numpy(),
    )
    if joined["reverses"].max():
        flows = without_reversed(flows, joined["id"].to_numpy(), joined["reverses"].to_numpy())
    group = np.zeros(len(holders), np.int32)
    group[holder] = _places(known["group"], groups)
    return ReadFlows(merged(flows, holder), tuple(holders), tuple(groups), group, first, last)


def _places(values: pl.Series, among: pl.Series) -> NDArray[np.int32]:
    return values.replace_strict(among, range(len(among)), return_dtype=pl.Int32).to_numpy()


def _frame(content: bytes, needed: tuple[str, ...]) -> pl.DataFrame:
    """A table of text with our names of columns, and the number of each line."""
    try:
        head = content[:4096].decode("utf-8-sig", "strict" if len(content) < 4096 else "ignore").split("\n", 1)[0]
        separator = max(",;\t", key=head.count)
        frame = pl.read_csv(BytesIO(content), separator=separator, infer_schema=False, encoding="utf8")
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise RuleBroken("The table cannot be read as CSV in UTF-8: {cause}.", cause=str(error).split("\n")[0]) from error  # fmt: skip
    names: dict[str, str] = {}
    for name in frame.columns:
        plain = name.strip().lower().lstrip("\ufeff")
        ours = next((ours for ours, known in _COLUMNS.items() if plain in known), None)
        if ours and ours not in names.values():
            names[name] = ours
    frame = frame.select(list(names)).rename(names)
    missing = [name for name in needed if name not in frame.columns]
    if "day" in needed and not {"amount", "amount_cents"} & set(frame.columns):
        missing.append("amount")
    if missing:
        raise RuleBroken("The header lacks the columns {names}. It holds: {found}.", names=missing, found=list(names) or ["?"])  # fmt: skip
    if not frame.height:
        raise RuleBroken("The table holds a header and no line.")
    return frame.with_columns(pl.all().str.strip_chars()).with_columns(line=pl.int_range(2, pl.len() + 2))


def _typed_payments(raw: pl.DataFrame) -> pl.DataFrame:
    column = "amount_cents" if "amount_cents" in raw.columns else "amount"
    kind = pl.col("kind").str.to_lowercase() if "kind" in raw.columns else pl.lit("payment")
    optional = [
        pl.col(name).replace("", None).cast(pl.Int64, strict=False).alias(name)
        if name in raw.columns
        else pl.lit(None, pl.Int64).alias(name)
        for name in ("id", "reverses")
    ]
    typed = raw.with_columns(
        pl.col("day").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("day_read"),
        kind.replace_strict(FLOW_OF_OPERATION, default=None, return_dtype=pl.UInt8).alias("kind_read"),
        _cents(column),
        *optional,
    )
    _refuse(
        [
            *_problems(typed, "day_read", "day", _no_day),
            *_problems(typed, "kind_read", "kind", _no_kind),
            *_problems(typed, "cents", column, _no_amount),
        ]
    )
    outside = {"payer": _BORN, "payee": _DIES}
    sides = [
        pl.when(pl.col("kind_read").is_in([int(kind) for kind in kinds])).then(pl.lit("")).otherwise(side).fill_null("").alias(side)
        for side, kinds in outside.items()
    ]  # fmt: skip
    return typed.with_columns(*sides).select(
        "line", "payer", "payee", "cents", pl.col("id").fill_null(0), pl.col("reverses").fill_null(0), day="day_read", kind="kind_read"
    )  # fmt: skip


def _cents(column: str) -> pl.Expr:
    """Whole cents above zero, null where the cell is none: exact, no floating number on the way."""
    text = pl.col(column)
    if column == "amount_cents":
        cents = text.str.extract(r"^([0-9]{1,12})$", 1).cast(pl.Int64, strict=False)
    else:
        parts = text.str.replace(",", ".", literal=True).str.extract_groups(r"^([0-9]{1,10})(?:\.([0-9]{1,2}))?$")
        cents = parts.struct[0].cast(pl.Int64, strict=False) * 100 + parts.struct[1].fill_null("").str.pad_end(2, "0").cast(pl.Int64)  # fmt: skip
    return pl.when(cents > 0).then(cents).alias("cents")


def _typed_accounts(raw: pl.DataFrame | None, payments: pl.DataFrame) -> pl.DataFrame:
    if raw is None:
        names = pl.concat([payments["payer"], payments["payee"]]).unique(maintain_order=True)
        raw = pl.DataFrame({"account": names.filter(names != "")}).with_columns(role=pl.lit("person"), line=pl.lit(0))
    words = {word: int(role) for role, known in _ROLES.items() for word in known}
    filled = pl.col("opening") if "opening" in raw.columns else pl.lit("")
    raw = raw.with_columns(opening_text=pl.when(filled.fill_null("").str.contains(r"^0*([.,]0+)?$")).then(pl.lit("")).otherwise(filled))  # fmt: skip
    typed = raw.with_columns(
        pl.col("role").str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.UInt8).alias("role_read"),
        (pl.col("holder") if "holder" in raw.columns else pl.lit(None, pl.String)).replace("", None).fill_null(pl.col("account")).alias("holder"),
        (pl.col("group") if "group" in raw.columns else pl.lit("")).fill_null("").alias("group"),
    ).with_columns(_cents("opening_text"))  # fmt: skip
    typed = typed.with_columns(opening=pl.when(pl.col("opening_text") == "").then(0).otherwise("cents"))
    twice = typed.filter(pl.col("account").is_duplicated() | (pl.col("account").fill_null("") == ""))
    again = [_stands_twice(line, given or "") for line, given in twice.select("line", "account").rows()[:_MOST_TOLD]]
    _refuse(
        [
            *_problems(typed, "role_read", "role", _no_role),
            *_problems(typed, "opening", "opening_text", _no_opening),
            *again,
        ]
    )
    return typed.select("account", "holder", "group", "opening", role="role_read")


def _no_day(line: int, given: str) -> Problem:
    return Problem(line, "day", "“{given}” is not a day: write 2026-12-31.", {"given": given})


def _no_kind(line: int, given: str) -> Problem:
    facts = {"given": given, "choices": [known[0] for known in _KINDS.values()]}
    return Problem(line, "kind", "“{given}” is not a kind of movement: {choices}.", facts)


def _no_amount(line: int, given: str) -> Problem:
    return Problem(
        line,
        "amount",
        "“{given}” is not an amount above zero: euros with at most two decimals, or whole cents.",
        {"given": given},
    )


def _no_opening(line: int, given: str) -> Problem:
    return Problem(line, "opening", "“{given}” is not an amount: euros with at most two decimals.", {"given": given})


def _no_role(line: int, given: str) -> Problem:
    facts = {"given": given, "choices": [known[0] for known in _ROLES.values()]}
    return Problem(line, "role", "“{given}” is not a role: {choices}.", facts)


def _stands_twice(line: int, given: str) -> Problem:
    return Problem(line, "account", "the account “{given}” is empty or stands twice.", {"given": given})


def _problems(frame: pl.DataFrame, read: str, given: str, told: Callable[[int, str], Problem]) -> list[Problem]:
    wrong = frame.filter(pl.col(read).is_null())
    texts = wrong[given] if given in wrong.columns else pl.Series([""] * wrong.height)
    return [told(line, text or "") for line, text in zip(wrong["line"][:_MOST_TOLD], texts[:_MOST_TOLD], strict=True)]


def _refuse_unknown(joined: pl.DataFrame) -> None:
    problems = []
    for side, place in (("payer", "from"), ("payee", "to")):
        lost = joined.filter((pl.col(side) != "") & pl.col(place).is_null())
        problems += [
            Problem(line, side, "the account “{given}” is not in the table of accounts.", {"given": given})
            for line, given in lost.select("line", side).rows()[:_MOST_TOLD]
        ]
        nobody = joined.filter((pl.col(side) == "") & ~pl.col("kind").is_in([int(k) for k in (_BORN if side == "payer" else _DIES)]))  # fmt: skip
        problems += [Problem(line, side, "nobody is named.") for line in nobody["line"][:_MOST_TOLD]]
    _refuse(problems)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        problems.sort(key=lambda one: one.line)
        raise RuleBroken("The table has faults: mend the lines told.", problems=problems[:_MOST_TOLD])


def day_number(read: ReadFlows, day: date) -> int:
    """The number of a day in the flows."""
    return (day - read.first_day).days


def after_last(read: ReadFlows) -> date:
    """The day after the last movement."""
    return read.last_day + timedelta(days=1)
