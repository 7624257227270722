"""Where a person may do something, with the names of the places."""

from functools import lru_cache
from typing import Any

from ressort.core.errors import RessortError
from ressort.reference.territories import territories
from ressort.web.people import access
from ressort.web.people.models import Grant, Person


@lru_cache(maxsize=512)
def label_of(key: str) -> str:
    """The name of a territory, or its key when it is not known any more."""
    try:
        return territories().territory(key).label
    except RessortError:
        return key


def places_for(person: Any, action: str) -> list[tuple[str, str]]:
    """Keys and names of the territories where a person may do something; for an operator, all those with an administrator."""
    if not isinstance(person, Person):
        return []
    grants = Grant.objects.all() if person.is_superuser else person.grants.all()
    keys = dict.fromkeys(grant.key for grant in grants if access.may(person, action, grant.key))
    return [(key, label_of(key)) for key in keys]
