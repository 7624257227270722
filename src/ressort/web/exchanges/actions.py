"""What can be done to an agreement. Each action is one transaction, one line of the log, and one more version: what was sent
from a page older than the agreement is refused, and nothing of it is kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.core.exchanges import move
from ressort.exchanges import Proposal, shadow_price_km, territory_today
from ressort.web.exchanges import access, agreements
from ressort.web.exchanges.agreement_draft import draw_lines
from ressort.web.exchanges.agreement_moves import check_time
from ressort.web.exchanges.models import Agreement, Indicator, Line, Party, Record, Signature
from ressort.web.people import access as rights
from ressort.web.people.actions import note
from ressort.web.people.models import Person

MOST_LINES, MOST_PARTIES, MOST_INDICATORS = 200, 12, 50
LAST_YEAR = 2100


@transaction.atomic
def create_agreement(
    by: Person, parties: list[agreements.Place], drawn: Proposal | None = None, **told: Any
) -> Agreement:
    """Starts a draft between territories, the first of which is one's own; with lines drawn from the figures when given.

    Raises:
        RuleBroken: fewer than two parties, or the same one twice.
    """
    rights.require(by, "write_agreements", parties[0].key)
    held = Agreement.objects.create(created_by=by, **told)
    for place in parties:
        _join(held, place)
    if held.parties.count() < 2:
        raise RuleBroken("An agreement has two parties at least: name another territory.")
    if drawn is not None:
        draw_lines(held, drawn)
    note(by, "create_agreement", f"agreement:{held.pk} {parties[0].key}")
    return held


@transaction.atomic
def change_terms(by: Person, agreement: Agreement, version: int, **told: Any) -> Agreement:
    """Changes what a draft says of itself; lines at shadow prices follow its rate."""
    held = _draft(by, agreement, version)
    for name, value in told.items():
        setattr(held, name, value)
    for line in held.lines.filter(basis=Line.Basis.SHADOW):
        line.unit_value_cents = (line.price_km or 0) * held.shadow_rate_cents
        line.save(update_fields=["unit_value_cents"])
    return _changed(by, held, "change_agreement")


@transaction.atomic
def add_party(by: Person, agreement: Agreement, version: int, place: agreements.Place) -> Party:
    """A territory more."""
    held = _draft(by, agreement, version)
    _changed(by, held, "add_party")
    return _join(held, place)


@transaction.atomic
def remove_party(by: Person, agreement: Agreement, version: int, party: Party) -> None:
    """A territory less, unless it gives or receives something, or only two are left.

    Raises:
        RuleBroken: it cannot leave.
    """
    held = _draft(by, agreement, version)
    if held.parties.count() <= 2:
        raise RuleBroken("An agreement has two parties at least: name another territory.")
    if party.gives.exists() or party.receives.exists():
        raise RuleBroken("{party} still gives or receives something: remove its lines first.", party=party.name)
    party.delete()
    _changed(by, held, "remove_party")


@transaction.atomic
def write_line(by: Person, agreement: Agreement, version: int, line: Line | None = None, **told: Any) -> Line:
    """Adds a line to a draft, or rewrites one; at a shadow price its value comes from the stored national optimum.

    Raises:
        RuleBroken: the draft changed meanwhile, or has too many lines. MissingData: no shadow price is known there.
    """
    held = _draft(by, agreement, version)
    if line is None and held.lines.count() >= MOST_LINES:
        raise RuleBroken("An agreement has {most} lines at most: gather some of them.", most=MOST_LINES)
    kept = Line(agreement=held) if line is None else held.lines.get(pk=line.pk)
    for name, value in told.items():
        setattr(kept, name, value)
    _price(held, kept)
    kept.save()
    _changed(by, held, "write_line")
    return kept


@transaction.atomic
def remove_line(by: Person, agreement: Agreement, version: int, line: Line) -> None:
    """Takes a line off a draft."""
    held = _draft(by, agreement, version)
    held.lines.filter(pk=line.pk).delete()
    _changed(by, held, "remove_line")


@transaction.atomic
def refresh_prices(by: Person, agreement: Agreement, version: int) -> int:
    """Reads shadow prices again from the national results in force; gives how many lines changed value."""
    held = _draft(by, agreement, version)
    changed = 0
    for line in held.lines.filter(basis=Line.Basis.SHADOW):
        before = line.unit_value_cents
        _price(held, line)
        line.save()
        changed += before != line.unit_value_cents
    _changed(by, held, "refresh_prices")
    return changed


@transaction.atomic
def add_indicator(by: Person, agreement: Agreement, version: int, **told: Any) -> Indicator:
    """Something to watch.

    Raises:
        RuleBroken: too many, or an aim for a year before the agreement or after 2100.
    """
    held = _draft(by, agreement, version)
    if not held.first_year <= told["target_year"] <= LAST_YEAR:
        raise RuleBroken(
            "An aim is for a year from {first} to {last}, not {year}.",
            first=str(held.first_year), last=str(LAST_YEAR), year=str(told["target_year"]),
        )  # fmt: skip
    if held.indicators.count() >= MOST_INDICATORS:
        raise RuleBroken("An agreement has {most} indicators at most.", most=MOST_INDICATORS)
    _changed(by, held, "add_indicator")
    return Indicator.objects.create(agreement=held, **told)


@transaction.atomic
def remove_indicator(by: Person, agreement: Agreement, version: int, indicator: Indicator) -> None:
    """Something to watch no more."""
    held = _draft(by, agreement, version)
    held.indicators.filter(pk=indicator.pk).delete()
    _changed(by, held, "remove_indicator")


@transaction.atomic
def erase(by: Person, agreement: Agreement, version: int) -> None:
    """Erases a draft."""
    held = _draft(by, agreement, version)
    access.require_lead(by, held)
    note(by, "erase_agreement", f"agreement:{held.pk}")
    held.lines.all().delete()
    held.indicators.all().delete()
    held.parties.all().delete()
    held.delete()


@transaction.atomic
def move_to(by: Person, agreement: Agreement, version: int, to: str, why: str = "") -> Agreement:
    """Goes to another state: proposes, takes back, starts, ends, terminates. Signed comes with the last signature.

    Raises:
        RuleBroken: that state does not follow, the agreement is out of balance, it is not its time, or no reason is given.
    """
    held = _held(agreement, version)
    access.require_lead(by, held)
    move(held.state, to)
    if to == Agreement.State.SIGNED:
        raise RuleBroken("An agreement is signed when every party has signed it.")
    check_time(held, to, why)
    held.state, held.ending = to, why.strip()
    held.save(update_fields=["state", "ending"])
    if to == Agreement.State.DRAFT:
        Signature.objects.filter(party__agreement=held).delete()
    return _changed(by, held, f"agreement_{to}")


@transaction.atomic
def sign(by: Person, party: Party, version: int, **told: Any) -> Signature:
    """Records the signature of a party; the last one makes the agreement signed.

    Raises:
        RuleBroken: it is not proposed, the party signed already, or the day is to come.
    """
    held = _held(party.agreement, version)
    access.require_sign(by, party)
    if held.state != Agreement.State.PROPOSED:
        raise RuleBroken("Only an agreement proposed for signature is signed.")
    if Signature.objects.filter(party=party).exists():
        raise RuleBroken("{party} has signed already.", party=party.name)
    if told["signed_on"] > timezone.localdate():
        raise RuleBroken("A signature is recorded once given: this day is to come.")
    made = Signature.objects.create(party=party, recorded_by=by, **told)
    if Signature.objects.filter(party__agreement=held).count() == held.parties.count():
        held.state = move(held.state, Agreement.State.SIGNED)
        held.save(update_fields=["state"])
    _changed(by, held, "sign_agreement")
    return made


@transaction.atomic
def record(
    by: Person,
    agreement: Agreement,
    version: int,
    year: int,
    lines: Mapping[int, Decimal | None],
    indicators: Mapping[int, Decimal | None],
) -> None:
    """Records what was delivered of each line in a year, and the indicators read; an empty quantity erases what was recorded.

    Raises:
        RuleBroken: the agreement is not in force or ended, or the year is outside it.
    """
    held = _held(agreement, version)
    access.require_write(by, held)
    if held.state not in (Agreement.State.RUNNING, Agreement.State.ENDED, Agreement.State.TERMINATED):
        raise RuleBroken("Deliveries are recorded once the agreement is in force.")
    if year not in held.years or year > timezone.localdate().year:
        raise RuleBroken("{year} is not a year of the agreement that has begun.", year=str(year))
    for field, told, known in (("line", lines, held.lines), ("indicator", indicators, held.indicators)):
        own = set(known.values_list("pk", flat=True))
        for pk, quantity in told.items():
            if pk in own:
                _record(by, {f"{field}_id": pk, "year": year}, quantity)
    _changed(by, held, "record_deliveries")


@transaction.atomic
def show(by: Person, agreement: Agreement, is_public: bool) -> None:
    """Makes an agreement visible to everyone, or to the parties only."""
    held = Agreement.objects.select_for_update().get(pk=agreement.pk)
    access.require_lead(by, held)
    held.is_public = is_public
    held.save(update_fields=["is_public"])
    note(by, "show_agreement" if is_public else "hide_agreement", f"agreement:{held.pk}")


def _record(by: Person, where: dict[str, int], quantity: Decimal | None) -> None:
    if quantity is None:
        Record.objects.filter(**where).delete()
    else:
        Record.objects.update_or_create(**where, defaults={"quantity": quantity, "recorded_by": by})


def _held(agreement: Agreement, version: int) -> Agreement:
    held = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if held.version != version:
        raise RuleBroken(
            "Somebody changed this agreement since you opened the page: nothing of what you sent is kept. Read it again, then send your change again."
        )
    return held


def _draft(by: Person, agreement: Agreement, version: int) -> Agreement:
    held = _held(agreement, version)
    access.require_write(by, held)
    if held.state != Agreement.State.DRAFT:
        raise RuleBroken(
            "Only a draft changes. Take the agreement back to draft first: signatures are then given again."
        )
    return held


def _changed(by: Person, held: Agreement, what: str) -> Agreement:
    held.version += 1
    held.save(update_fields=["version", "changed_at"] if what != "change_agreement" else None)
    note(by, what, f"agreement:{held.pk} v{held.version}")
    return held


def _join(held: Agreement, place: agreements.Place) -> Party:
    if held.parties.filter(kind=place.kind, code=place.code).exists():
        raise RuleBroken("{party} is already a party of the agreement.", party=place.name)
    if held.parties.count() >= MOST_PARTIES:
        raise RuleBroken("An agreement has {most} parties at most.", most=MOST_PARTIES)
    return Party.objects.create(agreement=held, kind=place.kind, code=place.code, name=place.name[:160])


def _price(held: Agreement, line: Line) -> None:
    """Sets the value of a unit: from the optimum, as agreed, or none."""
    line.priced_on, line.price_km = timezone.localdate(), None
    if line.basis == Line.Basis.GIFT:
        line.unit_value_cents = 0
    if line.basis == Line.Basis.SHADOW:
        line.price_km = shadow_price_km(line.good, territory_today(line.receiver.kind, line.receiver.code))
        line.unit_value_cents = line.price_km * held.shadow_rate_cents
