"""Voting: codes, one ballot a person, a receipt that proves it was counted and not what it says."""

import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from json import dumps
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ressort.core.errors import RuleBroken
from ressort.core.letters import bare
from ressort.web.budget.models import Campaign, Elector, Idea, Method, Signature
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: digits and letters that nobody mistakes for one another
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS, RECEIPT_LETTERS, SEAL_LETTERS = 12, 16, 6
MOST_CODES = 200_000
#: a change of a project that began before the vote opened has ended by then
SETTLED = timedelta(seconds=10)
Choices = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks to vote: a code, an account, or a name and a date of birth, as the campaign wants."""

    code: str = ""
    person: Person | None = None
    name: str = ""
    born: date | None = None


@transaction.atomic
def make_codes(by: Person, campaign: Campaign, count: int) -> list[str]:
    """Fresh codes, to print and send. They are shown once: only their marks are kept."""
    access.require(by, "run_budget", campaign.key)
    if campaign.identity != Campaign.Identity.CODE or campaign.sealed_at:
        raise RuleBroken("This vote does not use codes, or is over.")
    if not 1 <= count <= MOST_CODES:
        raise RuleBroken("Ask for 1 to {most} codes at a time.", most=MOST_CODES)
    codes = [_word(CODE_LETTERS) for _code in range(count)]
    marks = sorted(_mark(campaign, "code", code) for code in codes)
    Elector.objects.bulk_create([Elector(campaign=campaign, mark=mark) for mark in marks], batch_size=5000)
    note(by, "make_codes", f"budget:{campaign.pk} {count}")
    return [_grouped(code) for code in codes]


#: the attendance, the ballot and the receipt in one statement: whole or not at all, and a thousand voters wait once each
_CAST = """
WITH voter AS ({voter}), signed AS (
    INSERT INTO budget_signature (elector_id, method, station, day) SELECT id, 'internet', '', %(day)s FROM voter RETURNING id
), put AS (
    INSERT INTO budget_ballot (id, campaign_id, method, choices) SELECT %(ballot)s, %(campaign)s, 'internet', %(choices)s FROM signed
)
INSERT INTO budget_receipt (id, campaign_id, mark) SELECT %(receipt)s, %(campaign)s, %(tracker)s FROM signed RETURNING id
"""
_KNOWN = "SELECT id FROM budget_elector WHERE campaign_id = %(campaign)s AND mark = %(mark)s"
#: whoever declares who they are becomes known with their ballot
_DECLARED = """INSERT INTO budget_elector (campaign_id, mark) VALUES (%(campaign)s, %(mark)s)
    ON CONFLICT (campaign_id, mark) DO UPDATE SET mark = EXCLUDED.mark RETURNING id"""


def cast(campaign: Campaign, asker: Asker, choices: Choices) -> str:
    """Puts a ballot in the box and gives its receipt.

    Raises:
        RuleBroken: the vote is not open, the voter is unknown or has voted, the ballot does not follow the rules.
    """
    if campaign.stage != "vote":
        raise RuleBroken("The vote is not open now: no ballot is received outside its dates.")
    told = checked(campaign, choices)
    try:
        # one statement is a transaction by itself; inside another one, what it refuses must not spoil the rest
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _cast(campaign, asker, told)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if "elector" in constraint:
            raise RuleBroken("A ballot was already cast with this code or this name. Nobody votes twice.") from error
        raise RuleBroken("The vote is not open now: no ballot is received outside its dates.") from error


def _cast(campaign: Campaign, asker: Asker, choices: list[list[int]]) -> str:
    tracker = _word(RECEIPT_LETTERS)
    told = {
        "campaign": campaign.pk,
        "mark": _mark_of(campaign, asker),
        "day": timezone.localdate(),
        "ballot": uuid4(),
        "choices": dumps(choices),
        "receipt": uuid4(),
        "tracker": sha256(tracker.encode()).hexdigest(),
    }
    is_listed = campaign.identity == Campaign.Identity.CODE
    with connection.cursor() as cursor:
        cursor.execute(_CAST.format(voter=_KNOWN if is_listed else _DECLARED), told)
        if cursor.fetchone() is None:
            raise _unknown_code()
    return _grouped(tracker + _seal(campaign, tracker))


def _unknown_code() -> RuleBroken:
    return RuleBroken("This code is not known. Check its letters: 0 is a zero, and there is no O, I, L or U.")


def checked(campaign: Campaign, choices: Choices) -> list[list[int]]:
    """A ballot that follows the rules of its campaign, as it is kept.

    Raises:
        RuleBroken: an unknown project, too many or too few, too many points.
    """
    kept = {number: points for number, points in choices.items() if points > 0}
    strangers = sorted(set(kept) - {idea.number for idea in projects_of(campaign)})
    if strangers:
        raise RuleBroken("No project bears the number {project}.", project=strangers[0])
    if len(kept) < campaign.least_choices:
        raise RuleBroken(
            "Choose at least {least} projects: you chose {given}.", least=campaign.least_choices, given=len(kept)
        )
    if campaign.ballot == Campaign.Ballot.APPROVAL:
        if len(kept) > campaign.most_choices:
            raise RuleBroken(
                "Choose at most {most} projects: you chose {given}.", most=campaign.most_choices, given=len(kept)
            )
        return [[number, 1] for number in sorted(kept)]
    if max(kept.values()) > campaign.most_points_each:
        raise RuleBroken("Give at most {most} points to a project.", most=campaign.most_points_each)
    if sum(kept.values()) > campaign.most_points:
        raise RuleBroken(
            "Give at most {most} points in all: you gave {given}.", most=campaign.most_points, given=sum(kept.values())
        )
    return [[number, kept[number]] for number in sorted(kept)]


def sign_paper(by: Person, campaign: Campaign, asker: Asker, station: str) -> None:
    """Signs the attendance sheet of a polling place for somebody who votes on paper; refused to who voted on line."""
    access.require(by, "key_ballots", campaign.key)
    if campaign.stage != "vote":
        raise RuleBroken("The vote is not open now: no ballot is received outside its dates.")
    try:
        with transaction.atomic():
            day = timezone.localdate()
            Signature.objects.create(
                elector=_elector(campaign, asker), method=Method.PAPER, station=station[:80], day=day
            )
    except IntegrityError as error:
        raise RuleBroken("A ballot was already cast with this code or this name. Nobody votes twice.") from error


def receipt_state(campaign: Campaign, text: str) -> str:
    """What a receipt proves: `counted`; `missing` when it is genuine and its ballot is not there; `unknown`."""
    word = _plain(text)
    tracker, seal = word[:RECEIPT_LETTERS], word[RECEIPT_LETTERS:]
    if campaign.receipts.filter(mark=sha256(tracker.encode()).hexdigest()).exists():
        return "counted"
    genuine = len(tracker) == RECEIPT_LETTERS and hmac.compare_digest(seal, _seal(campaign, tracker))
    return "missing" if genuine else "unknown"


def projects_of(campaign: Campaign) -> tuple[Idea, ...]:
    """The projects put to a vote, read once it is open: from then on they no longer change."""
    if timezone.now() < campaign.vote_opens_at + SETTLED:
        return _read(campaign.pk)
    return _kept(campaign.pk, campaign.vote_opens_at)


@lru_cache(maxsize=32)
def _kept(campaign_id: int, _opens_at: datetime) -> tuple[Idea, ...]:
    return _read(campaign_id)


def _read(campaign_id: int) -> tuple[Idea, ...]:
    held = Idea.objects.filter(campaign_id=campaign_id, state=Idea.State.FEASIBLE)
    return tuple(held.defer("text", "answer").order_by("number"))


def _elector(campaign: Campaign, asker: Asker) -> Elector:
    mark = _mark_of(campaign, asker)
    if campaign.identity != Campaign.Identity.CODE:
        return Elector.objects.get_or_create(campaign=campaign, mark=mark)[0]
    found = Elector.objects.filter(campaign=campaign, mark=mark).first()
    if found is None:
        raise _unknown_code()
    return found


def _mark_of(campaign: Campaign, asker: Asker) -> str:
    """The mark of whoever asks to vote.

    Raises:
        RuleBroken: nobody is signed in, or no name is written.
    """
    if campaign.identity == Campaign.Identity.CODE:
        return _mark(campaign, "code", _plain(asker.code))
    if campaign.identity == Campaign.Identity.ACCOUNT:
        if asker.person is None or not asker.person.is_active:
            raise RuleBroken("Sign in first: this vote asks for an account.")
        return _mark(campaign, "account", str(asker.person.pk))
    name = _plain_name(asker.name)
    if len(name) < 3 or asker.born is None:
        raise RuleBroken("Write your name and your date of birth.")
    return _mark(campaign, "name", f"{name}|{asker.born.isoformat()}")


def _mark(campaign: Campaign, sort: str, words: str) -> str:
    """A mark that nobody can turn back without the pepper, which dies with the vote."""
    if not campaign.pepper:
        raise RuleBroken("The vote is not open now: no ballot is received outside its dates.")
    return hmac.new(bytes(campaign.pepper), f"{campaign.pk}|{sort}|{words}".encode(), sha256).hexdigest()


def _seal(campaign: Campaign, tracker: str) -> str:
    digest = salted_hmac("ressort.budget.receipt", f"{campaign.pk}|{tracker}", algorithm="sha256").digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:SEAL_LETTERS])


def _word(letters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(letters))


def _grouped(word: str) -> str:
    return "-".join(word[at : at + 4] for at in range(0, len(word), 4))


def _plain(text: str) -> str:
    upper = re.sub(r"[^0-9A-Z]", "", text.upper())
    return upper.translate(str.maketrans("OILU", "011V"))


def _plain_name(text: str) -> str:
    """A name without case, accents, hyphens, nor the order of its words."""
    return " ".join(sorted(re.findall(r"[a-z]+", bare(text))))
