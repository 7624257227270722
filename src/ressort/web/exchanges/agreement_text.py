"""The text of an agreement and the cooperation part of a CRTE, in the reader's language: articles drawn from what was written."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ressort.exchanges.contract import Part, Signed, Table, contract
from ressort.language import money, number, percent
from ressort.web.exchanges import agreements
from ressort.web.exchanges.agreement_rows import delivered_rows, follow_up_rows
from ressort.web.exchanges.models import Agreement, Line, Signature
from ressort.web.exchanges.templatetags.agreement_words import decimal

BLANK = "……………………………"


def agreement(held: Agreement, address: str, day: date) -> bytes:
    """The text to sign, as PDF."""
    lines = list(held.lines.select_related("giver", "receiver"))
    parts = [
        Part(_("Parties"), [_parties_told(held)], _parties(held)),
        Part(_("Purpose and frame"), [*_paragraphs(held.purpose), *_frame(held)]),
        Part(_("What each party gives, each year"), [_how_valued(held, lines)], _lines([line for line in lines if not line.event])),
        Part(_("What waits for an event"), _on_event(lines), _lines([line for line in lines if line.event])),
        Part(_("Balance between the parties"), [_balance_told(held)], _balance(held)),
        Part(_("Duration"), [_duration(held)]),
        Part(_("Conditions"), _paragraphs(held.conditions)),
        Part(_("Indicators"), [], _indicators(held)),
        Part(_("Governance"), _paragraphs(held.governance)),
    ]  # fmt: skip
    subtitle = f"{held.get_type_display()} · {held.get_state_display()} · {address}"
    named = _numbered(parts, _("Article {at}. {title}"))
    return contract(held.title, subtitle, _caution(held), named, _signatures(held), day)


def crte(held: Agreement, address: str, day: date) -> bytes:
    """The cooperation part of a contract for the ecological transition (CRTE), as PDF."""
    lines = list(held.lines.select_related("giver", "receiver"))
    themes = dict.fromkeys(str(line.get_theme_display()) for line in lines)
    context = _("“{title}”: {type} ({state}), between {parties}.").format(
        title=held.title, type=held.get_type_display(), state=held.get_state_display(),
        parties=_listed([one.name for one in held.parties.all()]),
    )  # fmt: skip
    about = [_("Themes: {themes}.").format(themes=_listed(list(themes)))] if themes else []
    ending = [_duration(held), *_paragraphs(held.conditions), *_paragraphs(held.governance)]
    parts = [
        Part(_("The cooperation"), [context, *about, *_paragraphs(held.purpose), *_frame(held)], _parties(held)),
        Part(_("Exchanges, each year"), [_how_valued(held, lines), *_on_event(lines)], _lines(lines)),
        Part(_("Balance between the territories"), [_balance_told(held)], _balance(held)),
        Part(_("Indicators"), [], _indicators(held)),
        Part(_("What was delivered"), [], _follow_up(held)),
        Part(_("Balance of what was delivered"), [], _delivered(held)),
        Part(_("Duration, conditions, governance"), ending),
    ]
    caution = _(
        "Part to insert in the CRTE beside the state of the ecology of the territory; read it again before it is sent. CRTE: contract of "
        "recovery and ecological transition (2020), named contract for a successful ecological transition since 2023."
    )
    title = _("Cooperation part of the CRTE: {title}").format(title=held.title)
    return contract(title, address, caution, _numbered(parts, "{at}. {title}"), [], day)


def _frame(held: Agreement) -> list[str]:
    """What this type of agreement is, and what it leans on."""
    types = Agreement.Type
    told = {
        types.RECIPROCITY: _(
            "A reciprocity contract links, as equals, a town and a countryside that may be far apart, in the spirit of the trial opened by the interministerial "
            "committee for rural areas of 13 March 2015. It has no status of its own in law: it binds those who sign it, within their competences."
        ),
        types.METROPOLITAN: _(
            "A contract of metropolitan cooperation links a metropolis and territories around it, in the spirit of the pact of 2016 between the State "
            "and metropolises. It binds those who sign it, within their competences."
        ),
        types.POLE: _(
            "This cooperation stands within a pole of territorial and rural balance (PETR; general code of local authorities, articles L. 5741-1 and following) or a "
            "metropolitan pole (articles L. 5731-1 and following): it says what each member brings to the common project."
        ),
        types.CALL: _(
            "This partnership comes from a call for projects such as Solidarité Paris–Campagne: the rules of the call hold, and this text says what each party brings."
        ),
    }  # fmt: skip
    return [told[types(held.type)], *_strangers_to_a_pole(held)] if held.type in told else []


def _strangers_to_a_pole(held: Agreement) -> list[str]:
    """Poles bring intercommunalities together: another party is told, for a jurist to look at."""
    names = [party.name for party in held.parties.all() if party.kind != "EPCI"]
    if held.type != Agreement.Type.POLE or not names:
        return []
    template = _("A PETR brings intercommunalities together: in what capacity {names} takes part is to be checked by the legal service.")  # fmt: skip
    return [template.format(names=_listed(names))]


def _on_event(lines: list[Line]) -> list[str]:
    said = _("Lines marked with an event hold only after it; they weigh in no ordinary year.")
    return [said] if any(line.event for line in lines) else []


def _numbered(parts: list[Part], template: str) -> list[Part]:
    """Numbers follow each other although empty parts are left out."""
    found = [part for part in parts if part.paragraphs or part.table.rows]
    return [
        Part(template.format(at=at, title=part.title), part.paragraphs, part.table) for at, part in enumerate(found, 1)
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + _(" and ") + words[-1] if len(words) > 1 else "".join(words)


def _parties_told(held: Agreement) -> str:
    changes = [f"{party.name}{_(':')} {said}" for party in held.parties.all() if (said := agreements.became(party))]
    return " ".join([_("Between the parties below, the following is agreed."), *changes])


def _parties(held: Agreement) -> Table:
    blank = _("{blank}, by the deliberation of {blank}").format(blank=BLANK)
    rows = [
        [party.name, party.code, blank if (signed := _signature(party)) is None else _signatory(signed)]
        for party in held.parties.select_related("signature")
    ]
    return Table([_("Territory"), _("Code"), _("Represented by")], rows)


def _signature(party: object) -> Signature | None:
    return getattr(party, "signature", None)


def _signatory(one: Signature) -> str:
    return f"{one.name}, {one.role} ({one.reference})" if one.reference else f"{one.name}, {one.role}"


def _lines(lines: list[Line]) -> Table:
    header = [_("From"), _("To"), _("What"), _("Quantity a year"), _("Value a year"), _("Basis of the value")]
    return Table(header, [_line(line) for line in lines], [3, 4])


def _line(line: Line) -> list[str]:
    what = line.what
    if line.event:
        what += f" ({_('only after:')} {agreements.event_title(line.event)})"
    if line.first_year or line.last_year:
        what += f" [{line.first_year or line.agreement.first_year}–{line.last_year or line.agreement.last_year}]"
    if line.remark:
        what += f" – {line.remark}"
    quantity = f"{decimal(line.quantity)} {line.unit}"
    worth = _("gift") if line.basis == Line.Basis.GIFT else money(line.value_cents)
    return [line.giver.name, line.receiver.name, what, quantity, worth, _basis(line)]


def _basis(line: Line) -> str:
    """Where the value of a unit comes from."""
    if line.basis == Line.Basis.GIFT:
        return str(line.get_basis_display())
    value = money(line.unit_value_cents)
    if line.basis == Line.Basis.OWN:
        return _("{value} a unit, agreed").format(value=value)
    day = date_format(line.priced_on, "SHORT_DATE_FORMAT")
    template = _("{value} a unit: {km} km avoided, read on {day}")
    return template.format(value=value, km=number(line.price_km or 0), day=day)


def _how_valued(held: Agreement, lines: list[Line]) -> str:
    if not any(line.basis == Line.Basis.SHADOW for line in lines):
        return _("Values are those agreed by the parties.")
    return _(
        "Values are those agreed by the parties. A shadow price is the distance that one more unit saves where it arrives, all chains of supply counted, "
        "in the national optimum at least distance computed by Ressort on estimated figures; the parties count {rate} for one unit and one kilometre, "
        "a hypothesis. It is not a market price: it counts the transport saved, and leaves the price of the goods to those who sell and buy them."
    ).format(rate=money(held.shadow_rate_cents))  # fmt: skip


def _balance_told(held: Agreement) -> str:
    told = agreements.balance_told(held, agreements.promised(held))
    tolerance = percent(held.tolerance_bp / 10_000, 0 if held.tolerance_bp % 100 == 0 else 2)
    rule = _("Each year, what a party gives and receives may differ by {tolerance} of their sum at most.")
    rule = rule.format(tolerance=tolerance)
    if not held.tolerance_bp:
        rule = _("Each year, what a party gives and what it receives have the same value.")
    said = _("The agreement is balanced every year.")
    if not told["holds"]:
        years = ", ".join(one["label"] for one in told["broken"])
        said = _("The agreement is out of balance in {years}.").format(years=years)
    return f"{rule} {said}"


def _balance(held: Agreement) -> Table:
    told = agreements.balance_told(held, agreements.promised(held))
    rows = [
        [group["label"], side.party, money(side.given_cents), money(side.received_cents), _gap(side.gap_share)]
        for group in told["groups"]
        for side in group["sides"]
    ]
    return Table([_("Years"), _("Party"), _("Gives"), _("Receives"), _("Gap")], rows, [2, 3, 4])


def _gap(share: float) -> str:
    return percent(share, 1 if share else 0)


def _duration(held: Agreement) -> str:
    count = len(held.years)
    if count == 1:
        said = _("One year: {year}.").format(year=held.first_year)
    else:
        words = ngettext("%(count)d year, from {first} to {last}.", "%(count)d years, from {first} to {last}.", count)
        said = (words % {"count": count}).format(first=held.first_year, last=held.last_year)
    return f"{said} {_('Terminated:')} {held.ending}" if held.ending else said


def _indicators(held: Agreement) -> Table:
    rows = []
    for one in held.indicators.prefetch_related("records"):
        readings = list(one.records.all())
        last = f"{decimal(readings[-1].quantity)} {one.unit} ({readings[-1].year})" if readings else _("none yet")
        rows.append([one.label, f"{decimal(one.target)} {one.unit} ({one.target_year})", last])
    return Table([_("Indicator"), _("Aim"), _("Last reading")], rows, [1, 2])


def _follow_up(held: Agreement) -> Table:
    rows = [
        [str(row["year"]), row["what"], f"{decimal(row['promised'])} {row['unit']}",
         f"{decimal(row['delivered'])} {row['unit']}", "–" if row["kept_share"] is None else percent(row["kept_share"])]
        for row in follow_up_rows(held)
        if row["delivered"] is not None
    ]  # fmt: skip
    return Table([_("Year"), _("What"), _("Promised"), _("Delivered"), _("Kept")], rows, [2, 3, 4])


def _delivered(held: Agreement) -> Table:
    rows = [
        [row["years"], row["party"], money(row["given_cents"]), money(row["received_cents"]), _gap(row["gap_share"])]
        for row in delivered_rows(held)
    ]
    return Table([_("Years"), _("Party"), _("Gave"), _("Received"), _("Gap")], rows, [2, 3, 4])


def _signatures(held: Agreement) -> list[Signed]:
    found = []
    for party in held.parties.select_related("signature"):
        one = _signature(party)
        if one is None:
            found.append(Signed(party.name, _("Name, role, day, signature:"), False))
        else:
            day = date_format(one.signed_on, "DATE_FORMAT")
            told = _("Signed by {name}, {role}, on {day}").format(name=one.name, role=one.role, day=day)
            found.append(Signed(party.name, f"{told} ({one.reference})." if one.reference else f"{told}.", True))
    return found


def _caution(held: Agreement) -> str:
    if held.state == Agreement.State.DRAFT:
        return _(
            "Draft: nothing is agreed. Quantities drawn from the figures are estimates. To be checked by the legal service before it is signed: the competence of "
            "each party for what it promises, its deliberation, the rules of public procurement and of taxes for what is exchanged or paid, who settles disputes, "
            "and the texts of law quoted, as in force on the day of signature."
        )
    return ""
