"""What a call publishes: subsidies, decisions of the assembly, the scheme itself; checked against their schemas before they leave."""

import json
import uuid
from collections.abc import Mapping

from django.utils import timezone

from ressort.core.calls import is_siret, written
from ressort.core.errors import UnknownCode
from ressort.reference.scdl import schema
from ressort.web.calls import rules
from ressort.web.calls.models import Call, Decision

#: the matter of subsidies in the national list of acts
_MATTER = ("7.5", "finances locales/subventions")
#: schemes are named in a space of ours, so that the same call has the same identifier everywhere
_SPACE = uuid.UUID("4c1b3d0e-6a53-4b52-9f0e-6f1d8a5a2c11")


def file_of(call: Call, name: str) -> str:
    """A file of a call, as CSV.

    Raises:
        UnknownCode: no such file. RuleBroken: a record that its schema refuses.
    """
    if name not in WRITERS:
        raise UnknownCode("No file is called {name}; there are {choices}.", name=name, choices=list(WRITERS))
    return written(schema(name), WRITERS[name](call))


def _subsidies(call: Call) -> list[Mapping[str, str]]:
    rows = []
    decisions = Decision.objects.filter(application__call=call, outcome="funded").select_related("application")
    for one in decisions.order_by("application__number"):
        days = sorted(payment.due_on for payment in one.payments.all())
        first, last = (days[0], days[-1]) if days else (one.decided_on, one.decided_on)
        identifier = one.application.identifier
        rows.append(
            {
                "nomAttribuant": call.authority_name,
                "idAttribuant": call.authority_siret,
                "dateConvention": (one.agreed_on or one.decided_on).isoformat(),
                "referenceDecision": one.reference,
                "nomBeneficiaire": one.application.applicant,
                "idBeneficiaire": identifier if is_siret(identifier) else "",
                "rnaBeneficiaire": "" if is_siret(identifier) else identifier,
                "objet": one.application.title,
                "montant": f"{one.total_cents // 100}.{one.total_cents % 100:02}",
                "nature": "aide en numéraire",
                "conditionsVersement": {0: "autre", 1: "unique"}.get(len(days), "échelonné"),
                "datesPeriodeVersement": first.isoformat() if first == last else f"{first}/{last}",
                "notificationUE": "non",
                "pourcentageSubvention": "1.00",
                "dispositifAide": call.scheme,
            }
        )
    return rows


def _decisions(call: Call) -> list[Mapping[str, str]]:
    found = Decision.objects.filter(application__call=call).values_list("reference", "decided_on").distinct()
    return [
        {
            "COLL_NOM": call.authority_name,
            "COLL_SIRET": call.authority_siret,
            "DELIB_ID": reference,
            "DELIB_DATE": day.isoformat(),
            "DELIB_MATIERE_CODE": _MATTER[0],
            "DELIB_MATIERE_NOM": _MATTER[1],
            "DELIB_OBJET": call.title,
            "BUDGET_ANNEE": str(day.year),
        }
        for reference, day in sorted(found)
    ]


def _scheme(call: Call) -> list[Mapping[str, str]]:
    bearer = {"nom": call.authority_name, "siren": call.authority_siret[:9], "roles": ["financeur", "instructeur"]}
    opens, closes = (timezone.localtime(moment).replace(tzinfo=None) for moment in (call.opens_at, call.closes_at))
    return [
        {
            "id": str(uuid.uuid5(_SPACE, f"{call.authority_siret}/{call.scheme}")),
            "titre": call.title,
            "description": " ".join(call.summary.split())[:4990],
            "eligibilite": " ".join(call.eligibility.split()),
            "types_aides": "subvention",
            "porteurs": json.dumps([bearer], ensure_ascii=False),
            "cibles": "|".join((rules.DEFAULTS | call.rules)["targets"]),
            "eligibilite_geographique": _place(call),
            "date_ouverture": opens.isoformat(timespec="seconds"),
            "date_cloture": closes.isoformat(timespec="seconds"),
            "date_mise_a_jour": timezone.localtime(call.published_at)
            .replace(tzinfo=None)
            .isoformat(timespec="seconds"),
        }
    ]


def _place(call: Call) -> str:
    """The territory as the schema writes it; it refuses the letters of Corsican codes, which give their région instead."""
    return "REG-94" if not call.code.isdigit() else f"{call.kind.replace('_', '')}-{call.code}"


WRITERS = {"subventions": _subsidies, "deliberations": _decisions, "dispositif-aide": _scheme}
