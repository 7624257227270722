"""A whole ledger in memory, in plain Python: the rules told once, to simulate with and to hold the database to.

It gives the same answers, balances and versions as `web/currency/sql/door.sql`, which says the same rules in the
database; the tests run both side by side.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from ressort.core.currency.chart import KINDS
from ressort.core.currency.ledger import (
    MOST_CENTS,
    NO_CEILING_CENTS,
    NO_FLOOR_CENTS,
    Action,
    Answer,
    Leg,
    Reason,
    Request,
    State,
    Status,
    request_hash,
)


@dataclass(slots=True)
class Account:
    """Money somewhere, in one unit of one currency."""

    currency: int
    kind: int
    floor_cents: int = 0
    ceiling_cents: int = NO_CEILING_CENTS
    balance_cents: int = 0
    pending_out_cents: int = 0
    version: int = 0
    status: Status = Status.OPEN


@dataclass(frozen=True, slots=True)
class Transfer:
    """One leg that happened. `after_cents` are the balances it left, when money moved: debited account, credited account."""

    leg: Leg
    state: State
    debit: int
    credit: int
    amount_cents: int
    day: date
    expires_at: datetime | None = None
    after_cents: tuple[int, int] | None = None


class Refused(Exception):
    """A leg cannot be; its reason."""


@dataclass
class Book:
    """Accounts, transfers and answers; `submit` is its only door."""

    accounts: dict[int, Account] = field(default_factory=dict)
    transfers: dict[int, Transfer] = field(default_factory=dict)
    answers: dict[UUID, tuple[bytes, Answer]] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    closed_until: dict[int, date] = field(default_factory=dict)

    def open_account(
        self, currency: int, kind: int, floor_cents: int = 0, ceiling_cents: int = NO_CEILING_CENTS
    ) -> int:
        """The number of a new account; a source has no floor."""
        number = len(self.accounts) + 1
        floor_cents = NO_FLOOR_CENTS if KINDS[kind - 1].is_source else floor_cents
        self.accounts[number] = Account(currency, kind, floor_cents, ceiling_cents)
        return number

    def submit(self, request: Request, now: datetime, today: date) -> Answer:
        """What becomes of a request: all its legs or none, the same answer to the same key."""
        asked = request_hash(request)
        if request.key in self.answers:
            before, answer = self.answers[request.key]
            return answer if before == asked else Answer(Reason.KEY_CONFLICT)
        try:
            answer = Answer(Reason.ACCEPTED, self._together(request, now, request.day or today))
        except Refused as refused:
            answer = Answer(refused.args[0])
        self.answers[request.key] = asked, answer
        return answer

    def _together(self, request: Request, now: datetime, day: date) -> tuple[int, ...]:
        scratch = Book(
            {number: replace(account) for number, account in self.accounts.items()},
            dict(self.transfers), {}, set(self.ended), self.closed_until,
        )  # fmt: skip
        made = tuple(scratch._one(leg, request, now, day) for leg in request.legs)
        if len({self.accounts[scratch.transfers[number].debit].currency for number in made}) > 1:
            raise Refused(Reason.NOT_ALLOWED)  # the euros of one currency are not behind the units of another
        cover = [self._cover_change(scratch.transfers[number]) for number in made]
        if sum(paper for paper, _digital in cover) < 0 or sum(digital for _paper, digital in cover) < 0:
            raise Refused(Reason.RESERVE_SHORT)
        self.accounts, self.transfers, self.ended = scratch.accounts, scratch.transfers, scratch.ended
        return made

    def _one(self, leg: Leg, request: Request, now: datetime, day: date) -> int:
        state, debit, credit, amount_cents = self._meaning(leg, now)
        if leg.action not in (Action.VOID, Action.EXPIRE):
            self._check(leg.action, debit, credit, amount_cents, day, request.expires_at, now)
        if leg.action is Action.HOLD:
            self.accounts[debit].pending_out_cents += amount_cents
        if leg.action in (Action.POST, Action.VOID, Action.EXPIRE):
            self.accounts[debit].pending_out_cents -= self.transfers[leg.target].amount_cents
        after = self._move(debit, credit, amount_cents) if state is State.POSTED else None
        if leg.target:
            self.ended.add(leg.target)
        number = max(self.transfers, default=0) + 1
        deadline = request.expires_at if leg.action is Action.HOLD else None
        self.transfers[number] = Transfer(leg, state, debit, credit, amount_cents, day, deadline, after)
        return number

    def _meaning(self, leg: Leg, now: datetime) -> tuple[State, int, int, int]:
        """The state, accounts and amount that a leg means; those of its target when it has one."""
        if leg.action in (Action.TRANSFER, Action.HOLD):
            state = State.POSTED if leg.action is Action.TRANSFER else State.PENDING
            return state, leg.debit, leg.credit, leg.amount_cents
        target = self.transfers.get(leg.target)
        if target is None:
            raise Refused(Reason.UNKNOWN_TRANSFER)
        reversing = leg.action is Action.REVERSE
        if target.state is not (State.POSTED if reversing else State.PENDING) or (
            reversing and target.leg.action is Action.REVERSE
        ):
            raise Refused(Reason.NOT_ALLOWED)
        if leg.target in self.ended:
            raise Refused(Reason.DUPLICATE_RESOLUTION)
        if reversing:
            return State.POSTED, target.credit, target.debit, target.amount_cents
        is_late = target.expires_at is not None and target.expires_at <= now
        if leg.action is Action.EXPIRE and not is_late:
            raise Refused(Reason.NOT_EXPIRED)
        if leg.action is Action.POST:
            if is_late:
                raise Refused(Reason.EXPIRED)
            if leg.amount_cents > target.amount_cents:
                raise Refused(Reason.BAD_AMOUNT)
            return State.POSTED, target.debit, target.credit, leg.amount_cents
        state = State.VOIDED if leg.action is Action.VOID else State.EXPIRED
        return state, target.debit, target.credit, target.amount_cents

    def _check(
        self, action: Action, debit: int, credit: int, amount_cents: int, day: date, deadline: datetime | None, now: datetime
    ) -> None:  # fmt: skip
        if not 1 <= amount_cents <= MOST_CENTS:
            raise Refused(Reason.BAD_AMOUNT)
        if debit not in self.accounts or credit not in self.accounts:
            raise Refused(Reason.UNKNOWN_ACCOUNT)
        payer, payee = self.accounts[debit], self.accounts[credit]
        same_unit = KINDS[payer.kind - 1].is_euro == KINDS[payee.kind - 1].is_euro
        if debit == credit or payer.currency != payee.currency or not same_unit:
            raise Refused(Reason.NOT_ALLOWED)
        may_pay = payer.status is Status.OPEN or (action is Action.POST and payer.status is not Status.CLOSED)
        if not may_pay or payee.status is Status.CLOSED:
            raise Refused(Reason.CLOSED_ACCOUNT)
        if action is Action.HOLD and (deadline is None or deadline <= now):
            raise Refused(Reason.EXPIRED)
        if day <= self.closed_until.get(payer.currency, date.min):
            raise Refused(Reason.CLOSED_DAY)
        available_cents = payer.balance_cents - payer.pending_out_cents - payer.floor_cents
        if action is not Action.POST and available_cents < amount_cents:
            raise Refused(Reason.INSUFFICIENT_FUNDS)
        if action is not Action.HOLD and payee.balance_cents + amount_cents > payee.ceiling_cents:
            raise Refused(Reason.CEILING)

    def _move(self, debit: int, credit: int, amount_cents: int) -> tuple[int, int]:
        for number, change_cents in ((debit, -amount_cents), (credit, amount_cents)):
            self.accounts[number].balance_cents += change_cents
            self.accounts[number].version += 1
        return self.accounts[debit].balance_cents, self.accounts[credit].balance_cents

    def _cover_change(self, done: Transfer) -> tuple[int, int]:
        """What a transfer adds to the cover of each fund, less what it adds to its claims."""
        if done.state is not State.POSTED:
            return 0, 0
        debit, credit = KINDS[self.accounts[done.debit].kind - 1], KINDS[self.accounts[done.credit].kind - 1]
        return done.amount_cents * (credit.paper - debit.paper), done.amount_cents * (credit.digital - debit.digital)
