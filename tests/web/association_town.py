"""A currency with an association that runs it: staff, an office, members, notes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from ressort.web.association import deeds, members
from ressort.web.association.models import Deed, Member, Office, Post, Rules, Series
from ressort.web.currency import actions, wallets
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person

SECRET = "Correct-Horse-9-Battery"


def person(name: str, **rest: Any) -> Person:
    return Person.objects.create_user(f"{name}@example.fr", SECRET, name=name.title(), **rest)


@dataclass
class Desk:
    """A desk: who works there, and what it keeps."""

    code: str
    number: int
    staff: Person
    second: Person
    keeper: Person
    auditor: Person
    admin: Person
    office: Office
    series: Series
    grocer: Wallet
    ada: Wallet
    association: Wallet
    people: dict[str, Person] = field(default_factory=dict)

    def ask(self, operation: str, by: Person | None = None, **given: Any) -> Deed:
        return deeds.ask(
            by or self.staff, self.number, deeds.Asked(operation, given.pop("key", None) or uuid4(), **given)
        )

    def done(self, operation: str, **given: Any) -> Deed:
        """Asked by one, agreed by another if need be."""
        deed = self.ask(operation, **given)
        if not hasattr(deed, "decision"):
            deeds.decide(self.second, deed, "done")
        return Deed.objects.get(pk=deed.pk)

    def issue(self, wallet: Wallet, amount_cents: int, reference: str) -> Deed:
        return self.done("exchange_to_digital_online", wallet=wallet, amount_cents=amount_cents, reference=reference)

    def stocked(self, count: int = 100) -> None:
        """Notes printed, and some at the office."""
        for operation in ("print_notes", "safe_out", "office_stock_in"):
            self.done(operation, counts={self.series: count}, office=self.office if "office" in operation else None)


def desk() -> Desk:
    """A new one."""
    code = "T" + uuid4().hex[:7].upper()
    number = actions.found_currency(code, "Essai")
    admin = person("admin", is_superuser=True)
    staff, second, keeper, auditor = (person(name) for name in ("staff", "second", "keeper", "auditor"))
    for one in (staff, second):
        members.appoint(admin, number, one.email, Post.Role.STAFF)
    office = members.open_office(staff, number, "Épicerie du port")
    members.appoint(staff, number, keeper.email, Post.Role.OFFICE, office)
    members.appoint(staff, number, auditor.email, Post.Role.AUDITOR)
    series = members.add_series(staff, number, "5-A", 500)
    people = {
        kind: person(kind.replace("_", "-")) for kind in ("individual", "professional", "public_body", "association")
    }

    def member(name: str, kind: str) -> Wallet:
        made = members.add_member(
            staff, number, name, f"{kind.replace('_', '-')}-{code.lower()}", kind, people[kind].email
        )
        if made.standing == "candidate":
            members.approve(second, made, "charte 2026", made.wallet.opened_at.date())
        return Wallet.objects.get(pk=made.wallet_id)

    ada, grocer, association = (
        member(name, kind)
        for name, kind in (("Ada", "individual"), ("Ferme du haut", "professional"), ("Association", "association"))
    )
    member("Mairie", "public_body")
    Rules.objects.update_or_create(currency=number, defaults={"association": association, "siren": "732829320"})
    return Desk(code, number, staff, second, keeper, auditor, admin, office, series, grocer, ada, association, people)


def member_of(wallet: Wallet) -> Member:
    return Member.objects.get(wallet=wallet)


__all__ = ["Desk", "desk", "member_of", "person", "wallets"]
