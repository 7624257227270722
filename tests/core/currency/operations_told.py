"""The table of operations read as movements between kinds of accounts."""

from collections.abc import Iterator

from ressort.reference import table


def kinds_of(cell: str, suffix: str) -> str:
    """`member (payee)` → member; `payable_x` → payable_paper."""
    return cell.split(" ")[0].replace("_x", f"_{suffix}")


def told(operation: str, cents: int, fee_cents: int = 0) -> Iterator[list[tuple[str, str, int]]]:
    """The legs of an operation, once for each meaning of `x`: from, to, cents."""
    rows = table("currency/operations").filter(operation=operation).sort("leg").to_dicts()
    has_x = any("_x" in row[side] for row in rows for side in ("from_account", "to_account"))
    known = set(table("currency/chart_of_accounts")["code"])
    for suffix in ("paper", "digital", "operating") if has_x else ("",):
        amounts = {"n - fee": cents - fee_cents, "fee": fee_cents}
        legs = [
            (kinds_of(row["from_account"], suffix), kinds_of(row["to_account"], suffix), amounts.get(row["amount"], cents))
            for row in rows
        ]  # fmt: skip
        if all({source, target} <= known for source, target, _cents in legs):
            yield legs


def operations() -> list[str]:
    return table("currency/operations")["operation"].unique(maintain_order=True).to_list()
