"""The text of an agreement and the cooperation part of a CRTE, in the reader's language: articles drawn from what was written."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ressort.exchanges.contract import Part, Signed, Table, contract
from ressort.language import money, number, percent
from ressort.web.exchanges import agreements
from ressort.web.exchanges.agreement_rows import follow_up_rows
from ressort.web.exchanges.models import Agreement, Line


def agreement(held: Agreement, address: str, day: date) -> bytes:
    """The text to sign, as PDF."""
    lines = list(held.lines.select_related("giver", "receiver"))
    parts = [
        Part(_("1. Parties"), [_parties_told(held)], _parties(held)),
        Part(_("2. Purpose"), _paragraphs(held.purpose)),
        Part(_("3. What each party gives, each year"), [_how_valued(held, lines)], _lines([line for line in lines if not line.event])),
        Part(_("4. What waits for an event"), _on_event(lines), _lines([line for line in lines if line.event])),
        Part(_("5. Balance"), [_balance_told(held)], _balance(held)),
        Part(_("6. Duration"), [_duration(held)]),
        Part(_("7. Conditions"), _paragraphs(held.conditions)),
        Part(_("8. Indicators"), [], _indicators(held)),
        Part(_("9. Governance"), _paragraphs(held.governance)),
    ]  # fmt: skip
    subtitle = f"{held.get_type_display()} · {held.get_state_display()} · {address}"
    return contract(held.title, subtitle, _caution(held), _numbered(parts), _signatures(held), day)


def crte(held: Agreement, address: str, day: date) -> bytes:
    """The cooperation part of a contract of recovery and ecological transition (CRTE), as PDF."""
    lines = list(held.lines.select_related("giver", "receiver"))
    themes = dict.fromkeys(str(line.get_theme_display()) for line in lines)
    context = _("{title}: {type}, {state}. It links {parties} around {themes}.").format(
        title=held.title, type=held.get_type_display(), state=held.get_state_display(),
        parties=_listed([one.name for one in held.parties.all()]), themes=_listed(list(themes)) or "–",
    )  # fmt: skip
    parts = [
        Part(_("1. The cooperation"), [context, *_paragraphs(held.purpose)], _parties(held)),
        Part(_("2. Exchanges, each year"), [_how_valued(held, lines)], _lines(lines)),
        Part(_("3. Balance between the territories"), [_balance_told(held)], _balance(held)),
        Part(_("4. Indicators"), [], _indicators(held)),
        Part(_("5. What was delivered"), [], _follow_up(held)),
        Part(
            _("6. Duration, conditions, governance"),
            [_duration(held), *_paragraphs(held.conditions), *_paragraphs(held.governance)],
        ),
    ]
    caution = _(
        "Part to insert in the CRTE beside the state of the ecology of the territory; read it again before it is sent."
    )
    return contract(
        _("CRTE, cooperation between territories: {title}").format(title=held.title),
        address,
        caution,
        _numbered(parts),
        [],
        day,
    )


def _on_event(lines: list[Line]) -> list[str]:
    said = _("These lines hold only after the event named; they weigh in no ordinary year.")
    return [said] if any(line.event for line in lines) else []


def _numbered(parts: list[Part]) -> list[Part]:
    """Numbers follow each other although empty parts are left out."""
    found = [part for part in parts if part.paragraphs or part.table.rows]
    return [
        Part(f"{at}. {part.title.partition('. ')[2]}", part.paragraphs, part.table) for at, part in enumerate(found, 1)
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + _(" and ") + words[-1] if len(words) > 1 else "".join(words)


def _parties_told(held: Agreement) -> str:
    changes = [f"{party.name}{_(':')} {said}" for party in held.parties.all() if (said := agreements.became(party))]
    return " ".join([_("Between the territories below."), *changes])


def _parties(held: Agreement) -> Table:
    return Table([_("Territory"), _("Code")], [[party.name, party.code] for party in held.parties.all()])


def _lines(lines: list[Line]) -> Table:
    header = [_("From"), _("To"), _("What"), _("Quantity"), _("Value a year"), _("Basis")]
    return Table(header, [_line(line) for line in lines], [3, 4])


def _line(line: Line) -> list[str]:
    what = line.what if not line.event else f"{line.what} ({agreements.event_title(line.event)})"
    if line.first_year or line.last_year:
        what += f" [{line.first_year or line.agreement.first_year}–{line.last_year or line.agreement.last_year}]"
    quantity = f"{number(float(line.quantity), 0 if line.quantity == int(line.quantity) else 2)} {line.unit}"
    worth = _("gift") if line.basis == Line.Basis.GIFT else money(line.value_cents)
    basis = (
        _("{km} km avoided a unit").format(km=number(line.price_km or 0))
        if line.basis == Line.Basis.SHADOW
        else str(line.get_basis_display())
    )
    return [line.giver.name, line.receiver.name, what, quantity, worth, basis]


def _how_valued(held: Agreement, lines: list[Line]) -> str:
    if not any(line.basis == Line.Basis.SHADOW for line in lines):
        return _("Values are those agreed by the parties.")
    return _(
        "Values are those agreed by the parties. A shadow price is the distance that one more unit saves where it arrives, all chains of supply counted, "
        "in the national optimum at least distance computed by Ressort on estimated figures; the parties count {rate} for one unit and one kilometre, "
        "a hypothesis. It is not a market price."
    ).format(rate=money(held.shadow_rate_cents))  # fmt: skip


def _balance_told(held: Agreement) -> str:
    told = agreements.balance_told(held, agreements.promised(held))
    tolerance = percent(held.tolerance_bp / 10_000, 0 if held.tolerance_bp % 100 == 0 else 2)
    rule = _("Each year, what a party gives and receives may differ by {tolerance} of their sum at most.")
    rule = rule.format(tolerance=tolerance)
    said = _("The agreement is balanced every year.")
    if not told["holds"]:
        years = ", ".join(one["label"] for one in told["broken"])
        said = _("The agreement is out of balance in {years}.").format(years=years)
    return f"{rule} {said}"


def _balance(held: Agreement) -> Table:
    told = agreements.balance_told(held, agreements.promised(held))
    rows = [
        [group["label"], side.party, money(side.given_cents), money(side.received_cents), percent(side.gap_share, 1)]
        for group in told["groups"]
        for side in group["sides"]
    ]
    return Table([_("Years"), _("Party"), _("Gives"), _("Receives"), _("Gap")], rows, [2, 3, 4])


def _duration(held: Agreement) -> str:
    count = len(held.years)
    words = ngettext("%(count)d year, from {first} to {last}.", "%(count)d years, from {first} to {last}.", count) % {
        "count": count
    }
    said = words.format(first=held.first_year, last=held.last_year)
    return f"{said} {_('Terminated:')} {held.ending}" if held.ending else said


def _indicators(held: Agreement) -> Table:
    rows = []
    for one in held.indicators.prefetch_related("records"):
        readings = list(one.records.all())
        last = f"{number(float(readings[-1].quantity), 1)} ({readings[-1].year})" if readings else "–"
        rows.append([one.label, f"{number(float(one.target), 1)} {one.unit} ({one.target_year})", last])
    return Table([_("Indicator"), _("Aim"), _("Last reading")], rows, [1, 2])


def _follow_up(held: Agreement) -> Table:
    rows = [
        [str(row["year"]), row["what"], f"{number(row['promised'], 1)} {row['unit']}",
         f"{number(row['delivered'], 1)} {row['unit']}", percent(row["kept_share"] or 0.0)]
        for row in follow_up_rows(held)
        if row["delivered"] is not None
    ]  # fmt: skip
    return Table([_("Year"), _("What"), _("Promised"), _("Delivered"), _("Kept")], rows, [2, 3, 4])


def _signatures(held: Agreement) -> list[Signed]:
    found = []
    for party in held.parties.select_related("signature"):
        one = getattr(party, "signature", None)
        if one is None:
            found.append(Signed(party.name, _("Name, role, day, signature:"), False))
        else:
            told = _("Signed by {name}, {role}, on {day}.").format(
                name=one.name, role=one.role, day=f"{one.signed_on:%d/%m/%Y}"
            )
            found.append(Signed(party.name, f"{told} {one.reference}".strip(), True))
    return found


def _caution(held: Agreement) -> str:
    if held.state == Agreement.State.DRAFT:
        return _(
            "Draft: nothing is agreed. Quantities drawn from the figures are estimates; have a jurist read the text before it is signed."
        )
    return ""
