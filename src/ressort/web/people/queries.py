"""Reads about accounts and rights."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from ressort.web.people.models import Entry, Grant, Person
from ressort.web.people.register import REGISTER

#: what other parts of the site hold of a person beside rows that name it: name → what it is, for the person
MORE: dict[str, Callable[[Person], Any]] = {}


def grants_seen_by(person: Person) -> QuerySet[Grant]:
    """The rights a person may read: all of them for an operator, else those of the territories where it holds one."""
    grants = Grant.objects.select_related("person", "granted_by")
    if person.is_superuser:
        return grants
    mine = Grant.objects.filter(person=person).values_list("kind", "code")
    seen = grants.none()
    for kind, code in mine:
        seen = seen | grants.filter(kind=kind, code=code)
    return seen


def territories_administered_by(person: Person) -> list[str]:
    """The keys of the territories where a person may give rights."""
    return [grant.key for grant in person.grants.filter(role=Grant.Role.ADMINISTRATOR)]


def everything_about(person: Person) -> dict[str, Any]:
    """All that the site holds about a person, for the person."""
    return {
        "person": {
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "created_at": person.created_at.isoformat(),
            "last_login": person.last_login.isoformat() if person.last_login else None,
            "is_operator": person.is_superuser,
        },
        "emails": list(person.emailaddress_set.values("email", "verified", "primary")),
        "second_factors": [
            {"type": factor.type, "created_at": factor.created_at.isoformat()}
            for factor in person.authenticator_set.all()
        ],
        "grants": [
            {"territory": grant.key, "role": grant.role, "granted_at": grant.granted_at.isoformat()}
            for grant in person.grants.all()
        ],
        "sign_ins": [{"at": one.at.isoformat(), "agent": one.agent} for one in person.sign_ins.all()],
        "log": [
            {"what": entry.what, "about": entry.about, "at": entry.at.isoformat()}
            for entry in Entry.objects.filter(who=person)
        ],
        "named_in": _named_in(person),
    } | {name: one(person) for name, one in MORE.items()}


def _named_in(person: Person) -> list[dict[str, Any]]:
    """The rows of every other part of the site that name a person, found through the register of what is kept."""
    rows = []
    for line in REGISTER:
        if line.model.startswith("people."):
            continue
        model = apps.get_model(line.model)
        for name in line.fields:
            if "__" in name or model._meta.get_field(name).related_model is Person:
                rows += [
                    {
                        "model": line.model,
                        "as": name,
                        "row": row.pk,
                        "words": row.told() if hasattr(row, "told") else str(row),
                    }
                    for row in model._default_manager.filter(**{name: person})
                ]
    return rows
