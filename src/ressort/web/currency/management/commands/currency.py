"""`python -m ressort.web manage currency found|sandbox|open|exchange|key|telephone|message|close|territory|demurrage …`: a local currency,
from the command line of its server.

currency found ABE "Abeille"
currency sandbox ESSAI "Pour essayer" --for dev@example.fr      with a shop, a client and a key for whoever writes a program
currency open ABE epicerie-du-port "Épicerie du port" --kind professional --owner ada@example.fr
currency exchange epicerie-du-port 120.00 --reference "VIR 2026-11-25 DUPONT"
currency key epicerie-du-port "ticket machine 3" --scope ask --until 2027-06-30
currency key epicerie-du-port "orders" --scope pay --most 50.00 --most-day 300.00
currency telephone epicerie-du-port "06 12 34 56 78"
currency message +33612345678 "PAYER 12,50 ferme-du-gue" --id 1234      what a gateway of text messages runs; prints the answer
currency close epicerie-du-port
currency territory ABE EPCI:200068930      its measures then count in the diagnosis and the stress test of that area
currency demurrage ABE 160 2027-03-01 --grace-days 90      millionths a day that units melt by, from then on; 0 ends it
"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ressort.core.currency import cents_of
from ressort.core.errors import RuleBroken, UnknownCode
from ressort.reference.territories import resolve
from ressort.web.currency import actions, demurrage, queries, text_channel, wallets
from ressort.web.currency.keys import Terms
from ressort.web.currency.models import Key, Standing, Wallet
from ressort.web.people.actions import add_person

#: units that the client of a sandbox has to spend
_TO_PLAY_CENTS = 100_000


class Command(BaseCommand):
    """Founds a currency, opens and closes wallets, exchanges euros, gives keys."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        todo = parser.add_subparsers(dest="todo", required=True)
        found = todo.add_parser("found")
        found.add_argument("code")
        found.add_argument("name")
        sandbox = todo.add_parser("sandbox", help="a currency to try programs with")
        sandbox.add_argument("code")
        sandbox.add_argument("name")
        sandbox.add_argument(
            "--for", dest="developer", help="e-mail of whoever writes a program: opens a shop and a client"
        )
        opened = todo.add_parser("open")
        opened.add_argument("code")
        opened.add_argument("alias")
        opened.add_argument("name")
        opened.add_argument("--kind", choices=Wallet.Kind.values, default="individual")
        opened.add_argument("--owner", help="e-mail of the person")
        exchange = todo.add_parser("exchange")
        exchange.add_argument("alias")
        exchange.add_argument("amount", help="euros, such as 120.00")
        exchange.add_argument("--reference", required=True, help="of the bank transfer")
        self._add_key(todo.add_parser("key"))
        phone = todo.add_parser("telephone", help="let a telephone pay by text messages")
        phone.add_argument("alias")
        phone.add_argument("number")
        message = todo.add_parser("message", help="answer a text message")
        message.add_argument("sender")
        message.add_argument("text")
        message.add_argument(
            "--id", required=True, help="the number that the gateway gives it, the same when it hands it over again"
        )
        todo.add_parser("close").add_argument("alias")
        area = todo.add_parser("territory", help="where a real currency circulates: its measures then count there")
        area.add_argument("code")
        area.add_argument("territory", help="a name or a key, such as EPCI:200067254")
        melts = todo.add_parser("demurrage", help="announce what units that stand still melt by")
        melts.add_argument("code")
        melts.add_argument("rate_ppm", type=int, help="millionths a day: 160 is 0.016 %%; 0 ends it")
        melts.add_argument("since", type=date.fromisoformat, help="the first of a month, thirty days ahead at least")
        melts.add_argument("--grace-days", type=int, default=0, help="days without spending that cost nothing")

    def _add_key(self, key: CommandParser) -> None:
        key.add_argument("alias")
        key.add_argument("label")
        key.add_argument("--scope", choices=Key.Scope.values, default=Key.Scope.ALL)
        key.add_argument("--most", help="of one payment, such as 5.00")
        key.add_argument("--most-day", help="in a day")
        key.add_argument("--until", type=date.fromisoformat, help="its last day, such as 2027-06-30")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(getattr(self, f"_{options['todo']}")(options))

    def _found(self, given: dict[str, Any]) -> str:
        actions.found_currency(given["code"].upper(), given["name"])
        return _("The currency {code} is founded. Open accounts, then exchange euros.").format(
            code=given["code"].upper()
        )

    def _sandbox(self, given: dict[str, Any]) -> str:
        number = actions.found_currency(given["code"].upper(), given["name"])
        Standing.objects.create(currency=number, nature=Standing.Nature.SANDBOX)
        said = _("The sandbox {code} is founded: its units are worth nothing, every screen says so.").format(code=given["code"].upper())  # fmt: skip
        return f"{said}\n{_to_play(number, given)}" if given["developer"] else said

    def _open(self, given: dict[str, Any]) -> str:
        owner = add_person(given["owner"]) if given["owner"] else None
        number = queries.currency_number(given["code"])
        wallet = wallets.open_wallet(None, number, given["name"], given["alias"], given["kind"], owner)
        return _("The account {alias} is open.").format(alias=wallet.alias)

    def _exchange(self, given: dict[str, Any]) -> str:
        cents = cents_of(given["amount"])
        actions.require(wallets.exchange(None, _wallet(given["alias"]), cents, given["reference"]))
        return _("Exchanged: {amount}.").format(amount=given["amount"])

    def _key(self, given: dict[str, Any]) -> str:
        most, most_day = (cents_of(given[word]) if given[word] else None for word in ("most", "most_day"))
        terms = Terms(given["scope"], most, most_day, given["until"])
        return _("This key is shown once; whoever holds it pays from the account: {key}").format(
            key=wallets.give_key(None, _wallet(given["alias"]), given["label"], terms)
        )

    def _telephone(self, given: dict[str, Any]) -> str:
        linked = text_channel.link(None, _wallet(given["alias"]), given["number"])
        return _("The telephone {number} pays from {alias}.").format(number=linked.number, alias=linked.wallet.alias)

    def _message(self, given: dict[str, Any]) -> str:
        return text_channel.CHANNEL(given["sender"], given["text"], given["id"])

    def _territory(self, given: dict[str, Any]) -> str:
        number, place = queries.currency_number(given["code"]), resolve(given["territory"])
        standing = queries.standing(number)
        if standing.nature != Standing.Nature.REAL:
            raise RuleBroken("{code} is no real currency: what it measures counts nowhere.", code=given["code"].upper())
        Standing.objects.update_or_create(currency=number, defaults={"nature": Standing.Nature.REAL, "territory": place.key})  # fmt: skip
        return _("{code} circulates in {place}: its measures count there.").format(code=given["code"].upper(), place=place.label)  # fmt: skip

    def _demurrage(self, given: dict[str, Any]) -> str:
        number = queries.currency_number(given["code"])
        rule = demurrage.announce(number, given["rate_ppm"], given["grace_days"], given["since"])
        if not rule.rate_ppm:
            return _("From {day} on, {code} melts no more. Its public page says so.").format(day=rule.since, code=given["code"].upper())  # fmt: skip
        return _("From {day} on, {code} melts by {ppm} millionths a day, after {days} days without spending. Its public page says so.").format(
            day=rule.since, code=given["code"].upper(), ppm=rule.rate_ppm, days=rule.grace_days
        )  # fmt: skip

    def _close(self, given: dict[str, Any]) -> str:
        wallets.close_wallet(None, _wallet(given["alias"]))
        return _("The account {alias} is closed.").format(alias=given["alias"])


def _to_play(number: int, given: dict[str, Any]) -> str:
    """A shop with its key and a client with units, for whoever writes a program."""
    owner, front = add_person(given["developer"]), given["code"].lower()
    shop = wallets.open_wallet(None, number, _("Shop for trial"), f"{front}-{_('shop')}", "professional", owner)
    client = wallets.open_wallet(None, number, _("Client for trial"), f"{front}-client", "individual", owner)
    actions.require(wallets.exchange(None, client, _TO_PLAY_CENTS, f"{given['code'].upper()} 1"))
    told = _(
        "{shop} and {client} are accounts of {email}; {client} holds {units} units. The key of {shop}, shown once: {key}"
    )
    return told.format(
        shop=shop.alias, client=client.alias, email=owner.email, units=_TO_PLAY_CENTS // 100, key=wallets.give_key(None, shop, _("trial"))
    )  # fmt: skip


def _wallet(alias: str) -> Wallet:
    wallet = Wallet.objects.filter(alias=alias).first()
    if wallet is None:
        raise UnknownCode("No account is called {alias}.", alias=alias)
    return wallet
