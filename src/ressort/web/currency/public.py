"""What anybody may read of a currency: dashboard, statistics, flows, those who take it."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ressort.core.errors import RessortError
from ressort.reference.territories import territories
from ressort.web.currency import demurrage, flow_tables, measurements, naming, queries
from ressort.web.currency.models import Listing, Measurement
from ressort.web.currency.words import file_mark
from ressort.web.territories.shapes import feature_collection

PAGE = 60
#: simplification of the contours of communes
_FINE_DEGREE = 0.0005
#: measures that the first screen shows
_FIRST = ("payments", "velocity", "reuse", "leak", "multiplier", "dwell_mean")


def frame(code: str) -> dict[str, Any]:
    """What every public page of a currency shows.

    Raises:
        UnknownCode: there is no such currency.
    """
    number = queries.currency_number(code)
    return {"step": "act", "code": code.upper(), "name": queries.name_of(number), "number": number, "standing": queries.standing(number)}  # fmt: skip


@require_safe
def currency(request: HttpRequest, code: str) -> HttpResponse:
    """One currency: units owed, euros behind them, what it does."""
    context = frame(code)
    found = measurements.latest(context["number"])
    told = {one["key"]: one for one in measurements.told(found)} if found else {}
    context |= {
        "currency": queries.currency(code),
        "head": queries.head(),
        "found": found,
        "first": [told[key] for key in _FIRST if key in told],
        "professionals": listed(context["number"]).count(),
        "demurrage": demurrage.announced(context["number"]),
    }
    return render(request, "currency/currency.html", context)


@require_safe
def statistics(request: HttpRequest, code: str) -> HttpResponse:
    """The measures of the last year with their ranges, month by month, and the flows between sectors and places."""
    context = frame(code)
    found = measurements.latest(context["number"])
    context["found"] = found
    if found and found.content["measures"]:
        months = found.content["months"]
        most = max(one["payments"] for one in months) or 1
        context |= {
            "measures": measurements.told(found),
            "months": [one | {"share": one["payments"] / most} | _month(one["month"], found) for one in months],
            "tables": [_flow_table(name, table) for name, table in flow_tables.tables(found.content).items()],
            "flow_days": [
                date.fromisoformat(found.content["flows"][day])
                for day in ("since", "until")
                if day in found.content["flows"]
            ],
        }
    return render(request, "currency/statistics.html", context)


def _month(name: str, found: Measurement) -> dict[str, Any]:
    """The first day of a month, and whether the measures hold a part of it only."""
    first = date.fromisoformat(f"{name}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return {"first": first, "is_part": date.fromisoformat(found.content["since"]) > first or found.until < after}


def _flow_table(name: str, table: dict[str, Any]) -> dict[str, Any]:
    names = [*(group_name(name, one) for one in table["groups"]), _("Sum")]
    title = _("Payments between sectors") if name == "branch" else _("Payments between communes")
    return {"title": title, "names": names, "rows": list(zip(names, table["cents"], strict=True))}


def group_name(field: str, group: str) -> str:
    """What a group of a table of flows is called."""
    if field == "branch":
        return _("people, public bodies") if group == "people" else str(dict(Listing.Branch.choices).get(group, group))
    return commune_name(group) if group else _("other communes, or not told")


def commune_name(code: str) -> str:
    """A commune by its code; the code itself when it is not known."""
    try:
        return territories().territory(f"COM:{code}").name
    except RessortError:
        return code


@require_safe
def statistics_file(request: HttpRequest, code: str) -> HttpResponse:
    """The measures in CSV."""
    number = queries.currency_number(code)
    found, nature = measurements.latest(number), queries.standing(number).nature
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["measure", "label", "unit", "value", "low", "high", "secret", "since", "until", "currency", "nature"]
    )
    for one in measurements.told(found) if found else []:
        told = (
            one["key"],
            one["label"],
            one["unit"],
            *(_cell(one[part]) for part in ("value", "low", "high")),
            one["secret"],
        )
        writer.writerow([*told, found.content["since"], found.until, code.upper(), nature])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_mark(number)}{code.lower()}-{_("statistics")}.csv"'
    return response


def _cell(value: float | None) -> float | str:
    return "" if value is None else value


@require_safe
def professionals(request: HttpRequest, code: str) -> HttpResponse:
    """Those who take the currency: a map by commune, and the list, by sector, commune or words."""
    context = frame(code)
    shown = listed(context["number"])
    counts = Counter(shown.values_list("commune", flat=True))
    branch, commune, words = (request.GET.get(name, "").strip()[:80] for name in ("secteur", "commune", "q"))
    if branch:
        shown = shown.filter(branch=branch)
    if commune:
        shown = shown.filter(commune=commune)
    shown = naming.called(shown, "wallet__name", words)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    names = {one: commune_name(one) for one in counts if one}
    context |= {
        "page": page,
        "rows": [(one, names.get(one.commune, "")) for one in page],
        "places": sorted(
            ((one, names[one], counts[one], _class_of(counts[one])) for one in names), key=lambda row: row[1]
        ),
        "branches": Listing.Branch.choices,
        "given": {"branch": branch, "commune": commune, "words": words},
        "contours": reverse("currency:contours", args=[code.lower()]),
    }
    return render(request, "currency/professionals.html", context)


#: classes of the map: professionals in a commune
CLASSES = ((1, "1"), (2, "2 – 4"), (5, "5 – 9"), (10, "10 – 19"), (20, "20 +"))


def _class_of(count: int) -> int:
    return sum(count >= least for least, _words in CLASSES) - 1


def listed(number: int) -> Any:
    """The professionals who are shown, by name."""
    return (
        Listing.objects.filter(wallet__currency=number, is_public=True)
        .select_related("wallet")
        .order_by(naming.Bare("wallet__name"), "wallet__name", "pk")  # É with E, not after Z
    )


@require_safe
def contours(request: HttpRequest, code: str) -> HttpResponse:
    """The contours of the communes where somebody takes the currency."""
    known = territories()
    codes = sorted(set(listed(queries.currency_number(code)).values_list("commune", flat=True)) - {""})
    places = [known.territory(f"COM:{one}") for one in codes if known.has(f"COM:{one}")]
    response = HttpResponse(feature_collection(places, _FINE_DEGREE), content_type="application/geo+json")
    response["Cache-Control"] = "max-age=3600"
    return response
