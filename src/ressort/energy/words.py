"""What the energy of a territory says, in sentences drawn from its figures."""

from ressort.core.energy import Return
from ressort.core.figure import Figure
from ressort.energy.heat import HEAT, NETWORKS
from ressort.energy.parts import FILE as PARTS
from ressort.energy.potential import resource
from ressort.energy.production import INJECTED, OFFICIAL
from ressort.energy.territory import EnergyOf
from ressort.energy.use import ALL, CARRIERS
from ressort.energy.wood import FILES as WOOD_FILES
from ressort.language import gettext as _
from ressort.language import money, number, percent, quantity
from ressort.reference import synced
from ressort.reference.places import metropolitan

#: from that many megawatt-hours on, gigawatt-hours are read more easily
GIGA, UNITS_PER_THOUSAND = 10_000.0, 1_000.0
THOUSANDS = {"mwh": "GWh", "kw": "MW"}


def carrier_label(carrier: str) -> str:
    """The name of a carrier."""
    return {
        "electricity": _("Electricity"),
        "gas": _("Gas"),
        "wood": _("Wood for energy"),
        "heat": _("Heat and cold of networks"),
    }[carrier]


def sector_label(sector: str) -> str:
    """The name of a sector."""
    return {
        ALL: _("all sectors"),
        "residential": _("homes"),
        "services": _("shops, offices, services"),
        "industry": _("industry"),
        "agriculture": _("agriculture"),
        "unknown": _("sector not told"),
    }[sector]


def source_label(source: str) -> str:
    """The name of a renewable source."""
    return {
        "solar": _("Solar"),
        "wind": _("Wind"),
        "hydro": _("Hydropower"),
        "bioenergy": _("Electricity from biomass and waste"),
        "biomethane": _("Biomethane put into the network"),
    }[source]


def side_label(name: str) -> str:
    """The name of a figure of a balance."""
    return {
        "use": _("Used"),
        "production": _("Renewable, made here"),
        "coverage": _("Part of the use covered"),
        "surplus": _("Left over"),
        "lack": _("Lacking"),
    }[name]


def amount(mwh: float) -> str:
    """An energy as people read it: `1 411 GWh`, `850 MWh`."""
    return _scaled(mwh, "mwh", abs(mwh))


def told(one: Figure) -> str:
    """A figure with its range in the same unit, or why it is missing."""
    if one.value is None:
        return reason(one)
    largest = max(abs(bound) for bound in (one.value, one.low, one.high) if bound is not None)

    def write(value: float) -> str:
        return quantity(value, "share") if one.unit in ("ratio", "share") else _scaled(value, one.unit, largest)

    if one.low is None or one.high is None:
        return write(one.value)
    return _("{value} ({low} to {high})").format(value=write(one.value), low=write(one.low), high=write(one.high))


def _scaled(value: float, unit: str, largest: float) -> str:
    """An energy or a power, a thousand units at a time where the largest of its row is large; a decimal under ten."""
    if largest < GIGA:
        return quantity(value, unit, 3) if unit == "kw" else quantity(value, unit)
    thousands = value / UNITS_PER_THOUSAND
    return f"{number(thousands, 0 if abs(thousands) >= 10 or value == 0 else 1)}\u00a0{THOUSANDS[unit]}"


def reason(one: Figure) -> str:
    """Why a figure is missing."""
    return {
        "secret": _("hidden by secrecy"),
        "not_available": _("not known"),
        "not_applicable": _("no network known here"),
        "not_fetched": _("not known; an official file may bring it"),
    }[one.reason or "not_available"]


def sentence(found: EnergyOf, carrier: str) -> str:
    """What one balance says, in one sentence."""
    use, made = found.side(carrier, "use"), found.side(carrier, "production")
    coverage, name = found.side(carrier, "coverage"), carrier_label(carrier)
    if use.reason == "not_applicable" and not made.value:
        return _("{carrier}: no network is known here.").format(carrier=name)
    if use.value is None and made.value is None:
        return _("{carrier}: neither use nor renewable production is known here.").format(carrier=name)
    if use.value is None:
        template = (
            _("{carrier}: {made} made here; what is used is not known.")
            if found.levers.is_today
            else _("{carrier}: {made} would be made here; what is used is not known.")
        )
        return template.format(carrier=name, made=told(made))
    if use.value == 0:
        template = (
            _("{carrier}: no network of natural gas delivers here, nothing is used.")
            if carrier == "gas"
            else _("{carrier}: nothing is used here.")
        )
        return template.format(carrier=name)
    if made.value is None or coverage.value is None:
        return _("{carrier}: {use} used ({year}); what is made here is not known.").format(
            carrier=name, use=told(use), year=use.year
        )
    template = (
        _("{carrier}: at least {share} of what is used would be made here; what is made today is not known and comes on top.")
        if found.is_floor(carrier)
        else _("{carrier}: {share} of what is used is made here ({year}).")
        if found.levers.is_today
        else _("{carrier}: {share} of what would be used would be made here (from {year}).")
    )  # fmt: skip
    return template.format(carrier=name, share=told(coverage), year=coverage.year)


def summary(found: EnergyOf) -> list[str]:
    """What each carrier's balance says; wood and heat when something is told of them."""
    lines = [sentence(found, carrier) for carrier in CARRIERS]
    if found.heat.value:
        lines.append(
            _("Heat networks delivered {amount} here in {year}.").format(amount=told(found.heat), year=found.heat.year)
        )
    return [*lines, _wood(found)] if found.has_wood else lines


def _wood(found: EnergyOf) -> str:
    cut, burnt, coverage = (found.side("wood", name) for name in ("production", "use", "coverage"))
    if cut.status == "estimated" or burnt.status == "estimated":
        if not cut.known:
            return _(
                "Wood, estimated: {used} burnt in homes; what is cut for energy in forests here is not known."
            ).format(used=told(burnt))
        if not burnt.known:
            return _(
                "Wood, estimated: {made} a year cut for energy in forests here; what homes burn is not known."
            ).format(made=told(cut))
        template = (
            _("Wood, estimated: {made} a year cut for energy in forests here, {used} burnt in homes: {share}.")
            if coverage.known
            else _("Wood, estimated: {made} a year cut for energy in forests here, {used} burnt in homes.")
        )
        return template.format(made=told(cut), used=told(burnt), share=told(coverage))
    if not coverage.known:
        return _("Wood: {made} could be gathered, from your own figure; what is used is not known.").format(
            made=told(cut)
        )
    return _("Wood: {share} of what is used could be gathered here, from your own figures.").format(
        share=told(coverage)
    )


def flow_sentence(found: EnergyOf, carrier: str) -> str:
    """What reaches and leaves the territory at the optimum of a carrier, among how many."""
    one, name = found.flows[carrier], carrier_label(carrier)
    among = _("among the {count} territories of this kind whose balance is known").format(count=number(one.matched))
    if one.received_mwh or one.imported_mwh:
        return _("{carrier}, {among}: {received} would come from others, {rest} from the national network.").format(
            carrier=name, among=among, received=amount(one.received_mwh), rest=amount(one.imported_mwh)
        )
    if one.sent_mwh or one.unused_mwh:
        return _("{carrier}, {among}: {sent} would go to others, {rest} would find no taker.").format(
            carrier=name, among=among, sent=amount(one.sent_mwh), rest=amount(one.unused_mwh)
        )
    return _("{carrier}, {among}: nothing needs to move.").format(carrier=name, among=among)


def missing(found: EnergyOf) -> list[str]:
    """What is not known here, and what would bring it."""
    lines = []
    if found.territory.country != "FR":
        return [
            _(
                "No figure of energy of this country is known to the program: what is not told here is missing, not zero."
            )
        ]
    unknown = {source: one for (_c, source), one in found.production.items() if not one.known}
    if unknown:
        template = (
            _("Production not known here: {sources}. `ressort data sync {connectors}` brings it.")
            if any(one.reason == "not_fetched" for one in unknown.values())
            else _("Production not known here: {sources}. No open file reaches this territory.")
        )
        named = ", ".join(source_label(source) for source in unknown).lower()
        lines.append(template.format(sources=named, connectors=f"{OFFICIAL} {INJECTED}"))
    if not found.side("gas", "use", of_today=True).known and found.side("gas", "use").reason != "not_applicable":
        lines.append(_("Gas used: no figure at this level, or no network."))
    if found.uses["electricity", ALL].status == "estimated":
        lines.append(
            _(
                "Electricity used here is lent by the département, by inhabitant; the range is the error that this makes in Pays de la Loire."
            )
            + " "
            + _("`ressort data sync {connector}` brings the true figure.").format(connector="energy_use_epci")
        )
    if found.territory.kind == "COM" and synced(PARTS) is None:
        lines.append(
            _("Neighbourhoods: `ressort data sync {connector}` brings their electricity.").format(connector=PARTS)
        )
    return lines + _other_carriers(found)


def _other_carriers(found: EnergyOf) -> list[str]:
    """Wood, heat and fuels: what would tell them."""
    if not metropolitan()[found.territory.members].any():
        return [_("Wood, heat networks, fuels: no open file reaches this territory; wood may be given by you.")]
    lines = []
    if not found.side("wood", "coverage").known:
        lines.append(
            _("Wood: one commune is not estimated, for the forests of its intercommunality may be elsewhere; give your own figures.")
            if found.territory.kind == "COM"
            else _("Wood: `ressort data sync {files}` brings an estimate; or give your own figures.").format(
                files=" ".join(WOOD_FILES)
            )
        )  # fmt: skip
    if found.heat.reason == "not_fetched":
        lines.append(
            _("Heat networks: `ressort data sync {last}` brings the last year, `ressort data sync {former}` the years up to 2017.").format(
                last=NETWORKS, former=HEAT
            )
        )  # fmt: skip
    elif not found.heat.known:
        lines.append(_("What heat networks deliver: {reason}.").format(reason=reason(found.heat)))
    return [*lines, _("Fuels: no open figure by territory.")]


def potential_sentence(found: EnergyOf, key: str) -> str:
    """What could be had of a resource, and what the scenario builds of it."""
    quantity, potential, label = found.quantity(key), found.potential(key), resource(key).label
    if potential.value is None:
        return _("{name}: no national figure reaches this territory; give your own.").format(name=label)
    source = _("your own figure") if potential.status == "hypothesis" else _("lent by {key}")
    template = _("{name}: {energy} a year, {source}.")
    if resource(key).quantity_unit == "kw":
        template = _("{name}: {energy} a year ({quantity}), {source}.")
    parts = [template]
    if found.levers.share(key):
        parts.append(_("Built here: {share} of what is left, {added} a year."))
    keys = {"people": _("inhabitants"), "area": _("surface"), "farmland": _("farmland")}
    return " ".join(parts).format(
        name=label, energy=told(potential), quantity=told(quantity), source=source.format(key=keys[resource(key).shared_by]),
        share=percent(found.levers.share(key)), added=told(found.added(key)),
    )  # fmt: skip


def earns(one: Return) -> str:
    """Who invests and who earns, in one sentence."""
    return _("{invested} invested; in a year {stays} stay here and {leaves} leave: {share} stays.").format(
        invested=money(_round(sum(one.investment_cents))),
        stays=money(_round(one.authority_cents + one.inhabitants_cents)),
        leaves=money(_round(one.outside_cents)),
        share=percent(one.local_share),
    )


def _round(cents: int) -> int:
    """Cents to two significant digits of whole euros: a hypothesis is not known to the cent."""
    digits = max(0, len(str(abs(cents))) - 2)
    return max(digits, 2) and round(cents, -max(digits, 2))
