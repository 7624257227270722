"""Who invests and who earns when a capacity is built: explicit hypotheses, exact cents, nothing lost on the way."""

from dataclasses import dataclass

from ressort.core.cents import split_cents
from ressort.core.errors import RuleBroken

#: a whole, in basis points
WHOLE_BP = 10_000
ENDS = ("low", "central", "high")
OWNERS = ("authority", "citizens", "outside")


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns what is built, in basis points; what is left belongs to people from outside.

    Args:
        authority_bp: communes and intercommunality; citizens_bp: inhabitants, through a company of their own.
    """

    authority_bp: int = 0
    citizens_bp: int = 0

    def __post_init__(self) -> None:
        if min(self.authority_bp, self.citizens_bp) < 0 or self.authority_bp + self.citizens_bp > WHOLE_BP:
            raise RuleBroken(
                "The parts of the local authority and of citizens lie between 0 and 1, and make at most 1 together: {authority} and {citizens} do not.",
                authority=self.authority_bp / WHOLE_BP, citizens=self.citizens_bp / WHOLE_BP,
            )  # fmt: skip

    @property
    def weights(self) -> tuple[int, int, int]:
        """Basis points of the authority, citizens, outside."""
        return self.authority_bp, self.citizens_bp, WHOLE_BP - self.authority_bp - self.citizens_bp


@dataclass(frozen=True, slots=True)
class Terms:
    """Hypotheses on one kind of plant; each is (low, central, high).

    Args:
        investment_cents_per_kw: what a kilowatt costs to build.
        return_bp_per_year: what owners earn in a year, costs paid, of what they invested.
        tax_cents_per_kw_per_year: to the local authorities; rent_cents_per_kw_per_year: to whoever owns the ground.
    """

    investment_cents_per_kw: tuple[int, int, int]
    return_bp_per_year: tuple[int, int, int]
    tax_cents_per_kw_per_year: tuple[int, int, int]
    rent_cents_per_kw_per_year: tuple[int, int, int]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            ends = getattr(self, name)
            if list(ends) != sorted(ends) or ends[0] < 0:
                raise RuleBroken(
                    "A hypothesis goes from low to high, from 0 up: {name} is {ends}.", name=name, ends=list(ends)
                )


@dataclass(frozen=True, slots=True)
class Return:
    """Investment, and what each side earns in a year, in cents, at one end of the hypotheses.

    `local + outside = dividends + tax + rent`, to the cent.

    Args:
        investment: by owner; dividends: by owner, a year. Both in the order authority, citizens, outside.
    """

    investment_cents: tuple[int, int, int]
    dividends_cents: tuple[int, int, int]
    tax_cents: int
    rent_cents: int

    @property
    def authority_cents(self) -> int:
        """What the local authorities earn in a year: taxes, and dividends of their part."""
        return self.tax_cents + self.dividends_cents[0]

    @property
    def inhabitants_cents(self) -> int:
        """What inhabitants earn in a year: rents, and dividends of the citizens' part."""
        return self.rent_cents + self.dividends_cents[1]

    @property
    def outside_cents(self) -> int:
        """What leaves the territory in a year."""
        return self.dividends_cents[2]

    @property
    def local_share(self) -> float:
        """Part of what is earned that stays, 0–1; 0 when nothing is earned."""
        stays = self.authority_cents + self.inhabitants_cents
        total = stays + self.outside_cents
        return stays / total if total else 0.0


def local_return(capacity_kw: tuple[float, float, float], owners: Owners, terms: Terms) -> dict[str, Return]:
    """Who invests and who earns in a year, at the low, central and high end of all hypotheses at once.

    `invested = kW × cost`, `dividends = invested × return`, both shared as owned; `tax = kW × rate`, `rent = kW × rate`.

    Args:
        capacity_kw: low, central, high.

    Raises:
        RuleBroken: a capacity below 0.
    """
    if min(capacity_kw) < 0:
        raise RuleBroken("A capacity goes from 0 kW up, not {value}.", value=min(capacity_kw))
    return {name: _at(capacity_kw[at], owners, terms, at) for at, name in enumerate(ENDS)}


def _at(capacity_kw: float, owners: Owners, terms: Terms, at: int) -> Return:
    invested = round(capacity_kw * terms.investment_cents_per_kw[at])
    earned = invested * terms.return_bp_per_year[at] // WHOLE_BP
    investment, dividends = (tuple(split_cents(cents, owners.weights)) for cents in (invested, earned))
    return Return(
        investment_cents=(investment[0], investment[1], investment[2]),
        dividends_cents=(dividends[0], dividends[1], dividends[2]),
        tax_cents=round(capacity_kw * terms.tax_cents_per_kw_per_year[at]),
        rent_cents=round(capacity_kw * terms.rent_cents_per_kw_per_year[at]),
    )
