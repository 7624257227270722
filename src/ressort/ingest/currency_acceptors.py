"""The table of those who would accept an allowance: what they can sell, where, and what they do with what they receive."""

import re
from collections.abc import Iterator

from ressort.core.currency.allowances import Acceptor
from ressort.core.errors import RuleBroken
from ressort.core.named_rows import named_rows
from ressort.core.problem import Problem

#: column → names that it may bear
_COLUMNS = {
    "name": ("nom", "name", "accepteur", "acceptor"),
    "sales": ("ventes_par_mois", "ventes", "sales"),
    "place": ("lieu", "place", "commune"),
    "respent_low": ("reemploi_min", "réemploi_min", "respent_low"),
    "respent_high": ("reemploi_max", "réemploi_max", "respent_high"),
    "redeemed_low": ("reconversion_min", "redeemed_low"),
    "redeemed_high": ("reconversion_max", "redeemed_high"),
    "balance": ("solde", "balance"),
}
_DEFAULT = Acceptor("", 0)


def read_acceptors(content: bytes) -> list[Acceptor]:
    """The acceptors of a CSV in UTF-8 (name and sales; place, ranges and balance where known).

    Raises:
        RuleBroken: the faults, each with its line, in `facts["problems"]`.
    """
    table = named_rows(content, _COLUMNS)
    table.need("name", "sales")
    found, problems = [], []
    for line, row in table:
        wrong = list(_problems(line, row))
        problems += wrong
        found += [] if wrong else [_acceptor(row)]
    names = [one.name for one in found]
    problems += [Problem(0, "name", "{name} stands twice.", {"name": name}) for name in sorted({n for n in names if names.count(n) > 1})]  # fmt: skip
    if problems:
        raise RuleBroken("The table has faults: mend the lines told.", problems=problems)
    return found


def _problems(line: int, row: dict[str, str]) -> Iterator[Problem]:
    if not row["name"]:
        yield Problem(line, "name", "nobody is named.")
    for name in ("sales", "balance"):
        if name in row and _cents(row[name]) is None and (row[name] or name == "sales"):
            yield Problem(line, name, "“{given}” is not an amount: euros with at most two decimals.", {"given": row[name]})  # fmt: skip
    for name in ("respent", "redeemed"):
        told = [row.get(f"{name}_{end}", "") for end in ("low", "high")]
        shares = [_share_bp(one) for one in told if one]
        if len(shares) == 1 or None in shares or (shares and shares[0] > shares[1]):  # type: ignore[operator]
            yield Problem(
                line,
                f"{name}_low",
                "“{low}” and “{high}” are not a range: two shares between 0 and 1, the lowest first.",
                {"low": told[0], "high": told[1]},
            )


def _acceptor(row: dict[str, str]) -> Acceptor:
    def bounds(name: str, default: tuple[int, int]) -> tuple[int, int]:
        low, high = (_share_bp(row.get(f"{name}_{end}", "")) for end in ("low", "high"))
        return default if low is None or high is None else (low, high)

    return Acceptor(
        row["name"], _cents(row["sales"]) or 0, row.get("place", ""), bounds("respent", _DEFAULT.respent_bp),
        bounds("redeemed", _DEFAULT.redeemed_bp), _cents(row.get("balance", "")) or 0,
    )  # fmt: skip


def _cents(text: str) -> int | None:
    found = re.fullmatch(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?", text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def _share_bp(text: str) -> int | None:
    found = re.fullmatch(r"(?:0?[.,]([0-9]{1,4})|([01])(?:[.,]0{1,4})?)", text)
    if not found:
        return None
    return int(found[1].ljust(4, "0")) if found[1] else int(found[2]) * 10_000
