"""What a call publishes: subsidies, decisions of the assembly, the scheme itself; checked against their schemas before they leave."""

import csv
import io
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils import timezone

from ressort.core.calls import is_siret, written
from ressort.core.errors import UnknownCode
from ressort.core.spreadsheet import neutral
from ressort.language import told
from ressort.reference.scdl import schema
from ressort.web.calls import queries, rules
from ressort.web.calls.models import Call, Decision
from ressort.web.calls.queries import Weighing
from ressort.web.territories.rights import label_of

#: the matter of subsidies in the national list of acts
_MATTER = ("7.5", "finances locales/subventions")
#: schemes are named in a space of ours, so that the same call has the same identifier everywhere
_SPACE = uuid.UUID("4c1b3d0e-6a53-4b52-9f0e-6f1d8a5a2c11")


def file_of(call: Call, name: str) -> str:
    """A file of a call, as CSV.

    Raises:
        UnknownCode: no such file. RuleBroken: a record that its schema refuses.
    """
    name = name.replace("0-0-1", "0.0.1")
    if name not in WRITERS:
        raise UnknownCode("No file is called {name}; there are {choices}.", name=name, choices=list(WRITERS))
    return written(schema(name), WRITERS[name](call))


def ranking(call: Call, weighed: Weighing) -> str:
    """The ranking of a call, one line a file, no cell that a spreadsheet would take for a formula."""
    files = {one.reference: one for one in queries.files_of(call)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    marks = [one.code for one in weighed.grid.criteria]
    writer.writerow(
        ["rang", "dossier", "titre", "porteur", "note_sur_100", *marks, "aide_euros", "finance_dans_l_ordre", "motifs"]
    )
    for one in weighed.ranked:
        file, cents = files[one.application], weighed.grants[one.application].total_cents
        why = [*one.failed, *filter(None, [weighed.advice.in_order.refusals.get(one.application)])]
        cells = [
            one.place or "", one.application, file.title, file.applicant, f"{float(100 * one.score):.4f}",
            *("" if mark is None else f"{float(mark):.4f}" for mark in one.marks), f"{cents // 100}.{cents % 100:02}",
            "oui" if one.application in weighed.advice.in_order.funded else "non", " ".join(told(reason) for reason in why),
        ]  # fmt: skip
        writer.writerow([neutral(cell) for cell in cells])
    return text.getvalue()


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
    return [
        {
            "id": str(uuid.uuid5(_SPACE, f"{call.authority_siret}/{call.scheme}")),
            "titre": call.title,
            "description": " ".join(call.summary.split())[:5000],
            "eligibilite": " ".join(call.eligibility.split()),
            "types_aides": "financement",
            "porteurs": json.dumps([bearer], ensure_ascii=False),
            "cibles": "|".join((rules.DEFAULTS | call.rules)["targets"]),
            "eligibilite_geographique": _place(call),
            "date_ouverture": _universal(call.opens_at),
            "date_cloture": _universal(call.closes_at),
            "date_mise_a_jour": _universal(call.published_at or call.opens_at),
        }
    ]


def _universal(moment: datetime) -> str:
    """A moment as table schemas write it: universal time."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _place(call: Call) -> str:
    """The territory as the schema writes it; it refuses the letters of Corsican codes, which give their région instead."""
    return "REG-94" if not call.code.isdigit() else f"{call.kind.replace('_', '')}-{call.code}"


#: who is aimed at, in the words of the former schema
_FORMER_TARGETS = {
    "secteur public": "Communes,EPCI à fiscalité propre", "associations": "Associations",
    "professionnels": "Entreprises privées", "particuliers": "Particuliers",
}  # fmt: skip


def _former_scheme(call: Call) -> list[Mapping[str, str]]:
    options = rules.DEFAULTS | call.rules
    opens, closes = (timezone.localtime(moment).date().isoformat() for moment in (call.opens_at, call.closes_at))
    return [
        {
            "id_aide": call.scheme,
            "nom_aide": call.title,
            "nom_aide_normalise": f"Financer un projet : {call.title}"[:179],
            "porteur_aide": call.authority_name,
            "porteur_siren": call.authority_siret[:9],
            "instructeurs_aide": call.authority_name,
            "beneficiaires_aide": ",".join(_FORMER_TARGETS[one] for one in options["targets"]),
            "types_aides": "Subvention",
            "taux_subvention_maximum": f"{options['rate_bp'] / 100:g}",
            "description": " ".join(call.summary.split()),
            "thematique_aide": ";".join(one["name"] for one in options["themes"]) or "Résilience territoriale",
            "recurrence_aide": "Ponctuelle",
            "date_ouverture": opens,
            "date_cloture": closes,
            "condition_eligibilite": " ".join(call.eligibility.split()),
            "zone_geographique": label_of(call.territory_key),
            "contact": call.contact,
            "date_mise_a_jour": timezone.localtime(call.published_at).date().isoformat(),
        }
    ]


WRITERS = {
    "subventions": _subsidies,
    "deliberations": _decisions,
    "dispositif-aide": _scheme,
    "dispositif-aide-0.0.1": _former_scheme,
}
