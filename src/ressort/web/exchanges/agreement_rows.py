"""An agreement as rows, for programs, files and pages: lines, balance by year, what was delivered."""

from typing import Any

from django.utils import timezone

from ressort.web.exchanges import agreements
from ressort.web.exchanges.models import Agreement, Line

Row = dict[str, Any]
SIGNATURE = ("name", "role", "signed_on", "reference")


def told(held: Agreement) -> Row:
    """Everything an agreement says, for programs."""
    names = ("type", "title", "purpose", "state", "ending", "first_year", "last_year", "tolerance_bp", "shadow_rate_cents",
             "conditions", "governance", "version")  # fmt: skip
    return {"id": held.pk} | {name: getattr(held, name) for name in names} | {
        "parties": _parties(held), "lines": line_rows(held), "balance": balance_rows(held), "indicators": _indicators(held),
        "follow_up": [row for row in follow_up_rows(held) if row["delivered"] is not None],
        "delivered_balance": delivered_rows(held),
    }  # fmt: skip


def _parties(held: Agreement) -> list[Row]:
    return [
        {
            "key": party.key, "name": party.name, "became": agreements.became(party),
            "signature": _signature(getattr(party, "signature", None)),
        }
        for party in held.parties.select_related("signature")
    ]  # fmt: skip


def _signature(signature: Any) -> Row | None:
    if signature is None:
        return None
    return {name: getattr(signature, name) for name in SIGNATURE} | {"signed_on": signature.signed_on.isoformat()}


def _indicators(held: Agreement) -> list[Row]:
    return [
        {
            "label": one.label, "unit": one.unit, "target": float(one.target), "target_year": one.target_year,
            "readings": [{"year": record.year, "value": float(record.quantity)} for record in one.records.all()],
        }
        for one in held.indicators.prefetch_related("records")
    ]  # fmt: skip


def party_rows(held: Agreement) -> list[Row]:
    """One row a party, with its signature."""
    return [
        {"party": one["key"], "party_name": one["name"], "became": one["became"]}
        | {f"signature_{name}": (one["signature"] or {}).get(name) for name in SIGNATURE}
        for one in _parties(held)
    ]


def indicator_rows(held: Agreement) -> list[Row]:
    """One row an indicator and a year read; one without a year where nothing was read yet."""
    return [
        {name: value for name, value in one.items() if name != "readings"} | reading
        for one in _indicators(held)
        for reading in one["readings"] or [{"year": None, "value": None}]
    ]


def line_rows(held: Agreement) -> list[Row]:
    """One row a line."""
    return [
        {
            "theme": line.theme, "good": line.good, "what": line.what, "giver": line.giver.key, "giver_name": line.giver.name,
            "receiver": line.receiver.key, "receiver_name": line.receiver.name, "quantity_per_year": float(line.quantity), "unit": line.unit,
            "basis": line.basis, "unit_value_cents": line.unit_value_cents, "value_per_year_cents": line.value_cents, "price_km": line.price_km,
            "priced_on": line.priced_on.isoformat(), "first_year": line.first_year or held.first_year, "last_year": line.last_year or held.last_year,
            "event": line.event, "remark": line.remark,
        }
        for line in held.lines.select_related("giver", "receiver")
    ]  # fmt: skip


def balance_rows(held: Agreement) -> list[Row]:
    """One row a year and party."""
    return [
        {
            "year": one.year, "party": side.party, "given_cents": side.given_cents, "received_cents": side.received_cents,
            "net_cents": side.net_cents, "gap_share": round(side.gap_share, 6), "beyond_tolerance_cents": side.over_cents, "holds": side.holds,
        }
        for one in agreements.balances_of(held, agreements.promised(held))
        for side in one.sides
    ]  # fmt: skip


def lines_of(held: Agreement) -> list[Line]:
    """The lines with their parties and what was recorded of them."""
    return list(held.lines.select_related("giver", "receiver").prefetch_related("records"))


def years_followed(held: Agreement) -> list[int]:
    """The years whose deliveries can be recorded: those begun, once the agreement is in force."""
    if held.state not in ("running", "ended", "terminated"):
        return []
    return [year for year in held.years if year <= timezone.localdate().year]


def delivered_rows(held: Agreement, lines: list[Line] | None = None) -> list[Row]:
    """One row a year recorded and a party: what it gave and received, by what was delivered; then all these years together."""
    found = lines_of(held) if lines is None else lines
    told = agreements.delivered_told(held, found, agreements.kept(held, found, years_followed(held)))
    return [
        {
            "years": one["label"], "party": side.party, "given_cents": side.given_cents, "received_cents": side.received_cents,
            "net_cents": side.net_cents, "gap_share": round(side.gap_share, 6), "holds": side.holds, "lines_not_recorded": one["open"],
        }
        for one in told
        for side in one["sides"]
    ]  # fmt: skip


def follow_up_rows(held: Agreement, lines: list[Line] | None = None) -> list[Row]:
    """One row a year begun and a line: promised and delivered."""
    found = lines_of(held) if lines is None else lines
    return [
        {
            "year": one.year, "what": found[one.line].what, "giver_name": found[one.line].giver.name,
            "receiver_name": found[one.line].receiver.name, "event": found[one.line].event, "unit": found[one.line].unit,
            "promised": float(one.promised),
            "delivered": None if one.delivered is None else float(one.delivered),
            "kept_share": None if one.kept_share is None else round(one.kept_share, 6), "value_cents": one.value_cents,
        }
        for one in agreements.kept(held, found, years_followed(held))
    ]  # fmt: skip
