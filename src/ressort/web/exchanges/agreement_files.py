"""The files of an agreement: its text and its part of a CRTE (PDF), everything (JSON), lines, balance and follow-up (CSV)."""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.core.errors import UnknownCode
from ressort.core.spreadsheet import MARK, neutral
from ressort.web.exchanges import agreement_rows, agreement_text
from ressort.web.exchanges.models import Agreement

#: name and extension → what people call it
NAMES = [
    ("accord", "pdf", _("Text of the agreement")),
    ("volet-crte", "pdf", _("Cooperation part of a CRTE")),
    ("accord", "json", _("Everything, for programs")),
    ("parties", "csv", _("Parties and signatures")),
    ("lignes", "csv", _("Lines")),
    ("equilibre", "csv", _("Balance by year")),
    ("indicateurs", "csv", _("Indicators")),
    ("suivi", "csv", _("Delivered and promised")),
    ("solde-livre", "csv", _("Balance of what was delivered")),
]
Row = dict[str, Any]


def file_of(held: Agreement, name: str, extension: str, address: str) -> tuple[bytes, str]:
    """A file and its media type.

    Raises:
        UnknownCode: no file bears that name.
    """
    if (name, extension) not in [(one, ending) for one, ending, _label in NAMES]:
        raise UnknownCode("{name} is not a file of an agreement.", name=f"{name}.{extension}")
    if extension == "pdf":
        text = agreement_text.agreement if name == "accord" else agreement_text.crte
        return text(held, address, timezone.localdate()), "application/pdf"
    if extension == "json":
        return json.dumps(agreement_rows.told(held), ensure_ascii=False, indent=1).encode(), "application/json"
    return _csv(TABLES[name](held)), "text/csv; charset=utf-8"


TABLES: dict[str, Callable[[Agreement], list[Row]]] = {
    "parties": agreement_rows.party_rows, "lignes": agreement_rows.line_rows, "equilibre": agreement_rows.balance_rows,
    "indicateurs": agreement_rows.indicator_rows, "suivi": agreement_rows.follow_up_rows, "solde-livre": agreement_rows.delivered_rows,
}  # fmt: skip


def offered(shown: Mapping[str, Collection[Any]]) -> list[tuple[str, str, Any]]:
    """The files of an agreement; `shown`: the tables that may be empty, as its page shows them. An empty one is not promised."""
    return [one for one in NAMES if one[1] != "csv" or shown.get(one[0], True)]


def _csv(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    out = io.StringIO()
    writer = csv.writer(out)
    if rows:
        writer.writerow(rows[0])
    writer.writerows([neutral(value) for value in row.values()] for row in rows)
    return MARK + out.getvalue().encode()
