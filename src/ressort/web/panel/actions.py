"""Writes before the draw: the panel, its quotas, its volunteers. Each action is one transaction and one line of the log."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel import Quota as CoreQuota
from ressort.core.panel import Table, column_named, loose, read_pool, read_table
from ressort.web.panel import access, queries
from ressort.web.panel.models import Contact, Panel, Quota, Volunteer
from ressort.web.people import access as rights
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_CONTACT = {
    "name": ("nom", "nom complet", "name"),
    "email": ("courriel", "email", "e-mail", "mail", "adresse électronique"),
    "phone": ("téléphone", "telephone", "phone", "portable"),
    "household": ("foyer", "adresse", "household", "address"),
}


@transaction.atomic
def create_panel(by: Person, kind: str, code: str, **told: Any) -> Panel:
    """Opens a panel on a territory; nobody else sees it yet."""
    rights.require(by, "run_panel", f"{kind}:{code}")
    panel = Panel.objects.create(kind=kind, code=code, created_by=by, **told)
    note(by, "create_panel", f"panel:{panel.pk} {panel.key}")
    return panel


@transaction.atomic
def change_panel(by: Person, panel: Panel, **told: Any) -> Panel:
    """Changes what a panel says; its seats, its rule and its household limit only until it is frozen.

    Raises:
        RuleBroken: a frozen panel cannot change them.
    """
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    fixed = ("seats", "rule", "household_limit")
    if held.draws.exists() and any(getattr(held, name) != told.get(name, getattr(held, name)) for name in fixed):
        raise RuleBroken("The panel is frozen: its seats, its rule and its household limit do not change any more.")
    for name, value in told.items():
        setattr(held, name, value)
    held.save()
    note(by, "change_panel", f"panel:{held.pk} {held.key}")
    return held


@transaction.atomic
def set_quotas(by: Person, panel: Panel, quotas: Sequence[CoreQuota]) -> None:
    """Puts these quotas in the place of the ones before.

    Raises:
        RuleBroken: the panel is frozen; or people have registered and a criterion or a value would come or go.
    """
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if held.draws.exists():
        raise RuleBroken("The panel is frozen: its quotas do not change any more.")
    before = {(quota.criterion, quota.value) for quota in held.quotas.all()}
    if held.volunteers.exists() and before != {(quota.criterion, quota.value) for quota in quotas}:
        raise RuleBroken(
            "People have already answered these criteria: only their minimums and maximums may change. "
            "Remove the volunteers first to change the criteria."
        )
    held.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(
            panel=held, position=place, criterion=quota.criterion, value=quota.value, least=quota.least,
            most=quota.most, population_people=quota.population_people,
        )
        for place, quota in enumerate(quotas)
    )  # fmt: skip
    note(by, "set_quotas", f"panel:{held.pk}")


@transaction.atomic
def register(panel: Panel, contact: Mapping[str, str], answers: Mapping[str, str]) -> Volunteer:
    """Someone comes forward. The address serves to mark the household, and is not kept.

    Raises:
        RuleBroken: registrations are closed, or this e-mail has registered already.
    """
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if not held.is_open(queries.today()):
        raise RuleBroken("Registrations to this panel are closed.")
    volunteer = Volunteer.objects.create(
        panel=held, reference=f"I-{secrets.token_hex(4).upper()}", answers=dict(answers), consented_at=timezone.now()
    )
    try:
        with transaction.atomic():
            Contact.objects.create(
                volunteer=volunteer,
                panel=held,
                name=contact.get("name", ""),
                email=contact.get("email", ""),
                phone=contact.get("phone", ""),
                household=loose(contact.get("address", ""))[:64] if held.household_limit else "",
            )
    except IntegrityError as error:
        raise RuleBroken("This e-mail has already registered to this panel.") from error
    note(None, "register", f"panel:{held.pk}")
    return volunteer


@transaction.atomic
def withdraw(volunteer: Volunteer) -> None:
    """A volunteer takes its registration back, which is erased at once.

    Raises:
        RuleBroken: the pool is frozen; the seat can still be declined.
    """
    held = Panel.objects.select_for_update().get(pk=volunteer.panel_id)
    if held.draws.exists():
        raise RuleBroken("The pool is frozen: a registration cannot be taken back, but the person drawn may decline.")
    note(None, "withdraw", f"panel:{held.pk}")
    volunteer.delete()


@transaction.atomic
def import_volunteers(by: Person, panel: Panel, content: bytes) -> int:
    """Adds the volunteers of a table, all or none; gives how many.

    Raises:
        TableRefused: problems with their lines. InputError, RuleBroken: a table that cannot be read, a frozen panel.
    """
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if held.draws.exists():
        raise RuleBroken("The panel is frozen: nobody can be added any more.")
    quotas = queries.core_quotas(held)
    if not quotas:
        raise RuleBroken("This panel has no quota yet. Add a criterion first.")
    table = read_table(content)
    pool = read_pool(table, quotas)
    contacts = _contacts(table, pool.ids)
    known = set(held.volunteers.values_list("reference", flat=True))
    twice = next((one for one in pool.ids if one in known), None)
    if twice is not None:
        raise RuleBroken("“{id}” is already among the volunteers of this panel.", id=twice)
    for one, answers in zip(pool.ids, pool.answers, strict=True):
        named = dict(zip(pool.criteria, answers, strict=True))
        volunteer = Volunteer.objects.create(panel=held, reference=one[:60], answers=named, consented_at=timezone.now())
        try:
            with transaction.atomic():
                Contact.objects.create(volunteer=volunteer, panel=held, **contacts[one])
        except IntegrityError as error:
            raise RuleBroken("The e-mail of “{id}” is already that of another volunteer.", id=one) from error
    note(by, "import_volunteers", f"panel:{held.pk} {len(pool)}")
    return len(pool)


def _contacts(table: Table, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The contact cells of each row, by identifier."""
    key = column_named(table.columns, ("id", "identifiant", "numero", "number", "nationbuilder_id"))
    columns = {name: column_named(table.columns, words) for name, words in _CONTACT.items()}
    found: dict[str, dict[str, str]] = {}
    for rank, row in enumerate(table.rows, 1):
        cells = {name: row[column][:120] if column else "" for name, column in columns.items()}
        cells["household"] = loose(cells["household"])[:64]
        cells["phone"] = cells["phone"][:30]
        if cells["email"] and "@" not in cells["email"]:
            raise InputError("Line {line}: “{given}” is no e-mail.", line=table.lines[rank - 1], given=cells["email"])
        found[" ".join(row[key].split()) if key else str(rank)] = cells
    return {one: found.get(one, dict.fromkeys(_CONTACT, "")) for one in ids}


@transaction.atomic
def remove_volunteers(by: Person, panel: Panel) -> int:
    """Erases all the volunteers of a panel that was not frozen; gives how many."""
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if held.draws.exists():
        raise RuleBroken("The panel is frozen: nobody can be removed any more.")
    count = held.volunteers.count()
    held.volunteers.all().delete()
    note(by, "remove_volunteers", f"panel:{held.pk} {count}")
    return count
