"""What an applicant does with a file, by its secret link: start, save, attach, submit, take back, bring evidence, report."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from ressort.core.calls import answers, is_rna, is_siret
from ressort.core.errors import RuleBroken
from ressort.web.calls import access, files, rules
from ressort.web.calls.models import Application, Attachment, Call, Decision, Pledge
from ressort.web.people.actions import note

MOST_DRAFTS = 20


class Stale(Exception):
    """Someone saved the same thing since this form was opened; `current` is what they saved."""

    def __init__(self, current: Any) -> None:
        super().__init__()
        self.current = current


@transaction.atomic
def start(call: Call, email: str, applicant: str) -> tuple[Application, str]:
    """An empty draft and the secret of its link, told once.

    Raises:
        RuleBroken: the call is not open; too many drafts for one address.
    """
    held = Call.objects.select_for_update().get(pk=call.pk)
    _refuse_unless_open(held)
    if held.applications.filter(email__iexact=email, status="draft").count() >= MOST_DRAFTS:
        raise RuleBroken(
            "This address already has {most} drafts in this call: finish or withdraw one.", most=MOST_DRAFTS
        )
    last = held.applications.aggregate(last=Max("number"))["last"] or 0
    token = secrets.token_urlsafe(32)
    made = Application.objects.create(
        call=held, number=last + 1, token_digest=access.digest_of(token), email=email, applicant=applicant
    )
    note(None, "start_application", f"application:{made.pk}")
    return made, token


@transaction.atomic
def renew_links(call: Call, email: str) -> list[tuple[Application, str]]:
    """New secrets for the files of an address. The old link works until the new one is used: nobody is locked out by a stranger."""
    found = []
    for one in call.applications.select_for_update().filter(email__iexact=email).exclude(status="withdrawn"):
        token = secrets.token_urlsafe(32)
        one.spare_digest = access.digest_of(token)
        one.save(update_fields=["spare_digest"])
        found.append((one, token))
    return found


@transaction.atomic
def save(application: Application, version: int, told: dict[str, Any], raw: dict[str, Any]) -> Application:
    """Saves a draft; wrong answers are refused, missing ones wait for the submission.

    Args:
        version: that of the draft when its form was opened.
        told: columns of the file; raw: answers to the questions.

    Raises:
        Stale: the draft was saved meanwhile. RuleBroken: the call is closed, or an answer is wrong (`facts["problems"]`).
    """
    held = _draft(application)
    if held.version != version:
        raise Stale(held)
    kept, problems = answers(rules.questions_of(held.call), raw | _file_counts(held), complete=False)
    if problems:
        raise RuleBroken("Some answers are wrong: nothing was saved.", problems=problems)
    for name, value in told.items():
        setattr(held, name, value)
    held.answers = kept
    held.version += 1
    held.save()
    return held


@transaction.atomic
def submit(application: Application) -> Application:
    """Hands the draft in.

    Raises:
        RuleBroken: the call is closed, or something is missing (`facts["problems"]`).
    """
    held = _draft(application)
    raw = held.answers | _file_counts(held)
    _kept, problems = answers(rules.questions_of(held.call), raw, complete=True)
    if problems:
        raise RuleBroken("Some answers are missing: complete them, save, then submit.", problems=problems)
    needed = {
        "title": held.title,
        "identifier": held.identifier,
        "requested": held.requested_cents,
        "cost": held.eligible_cents,
    }
    options = rules.DEFAULTS | held.call.rules
    needed |= {"area": held.area} if options["areas"] else {}
    needed |= {"theme": held.theme} if options["themes"] else {}
    if not all(needed.values()):
        raise RuleBroken("The title, the SIRET, the amounts, the area and the theme are needed before submitting.")
    if not is_siret(held.identifier) and not is_rna(held.identifier):
        raise RuleBroken("The number {given} is neither a SIRET nor an RNA.", given=held.identifier)
    if not rules.grant_of(held).total_cents:
        raise RuleBroken("Under the rates of the call, this amount gives no aid: ask for more.")
    held.status, held.submitted_at, held.version = Application.Status.SUBMITTED, timezone.now(), held.version + 1
    held.save()
    note(None, "submit", f"application:{held.pk}")
    return held


@transaction.atomic
def take_back(application: Application) -> Application:
    """Makes a submitted file a draft again, while the call is open; reviews already final are open again, marks kept."""
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    _refuse_unless_open(held.call)
    if held.status != Application.Status.SUBMITTED:
        raise RuleBroken("Only a submitted file can be taken back to be changed.")
    held.status, held.submitted_at, held.version = Application.Status.DRAFT, None, held.version + 1
    held.save()
    held.reviews.filter(is_final=True, has_conflict=False).update(is_final=False, version=F("version") + 1)
    note(None, "take_back_application", f"application:{held.pk}")
    return held


@transaction.atomic
def withdraw(application: Application) -> None:
    """Gives a file up, before any decision. What it holds stays until the purge."""
    held = Application.objects.select_for_update().get(pk=application.pk)
    if Decision.objects.filter(application=held).exists():
        raise RuleBroken("A decision was taken on this file: write to the authority to give it up.")
    held.status = Application.Status.WITHDRAWN
    held.save(update_fields=["status"])
    note(None, "withdraw", f"application:{held.pk}")


@transaction.atomic
def attach(application: Application, question: str, name: str, content: bytes) -> Attachment:
    """Attaches a file to a question of the draft.

    Raises:
        RuleBroken: a question that asks no file, too many files, a file that is not accepted.
    """
    held = _draft(application)
    if question not in {one.code for one in rules.questions_of(held.call) if one.kind == "file"}:
        raise RuleBroken("This question asks no file.")
    if held.attachments.count() >= files.MOST_FILES:
        raise RuleBroken("At most {most} files can be attached: remove one first.", most=files.MOST_FILES)
    held_bytes = Attachment.objects.filter(application__call=held.call).aggregate(s=Sum("size"))["s"] or 0
    if held_bytes + len(content) > files.MOST_CALL_BYTES:
        raise RuleBroken(
            "The space kept for the files of this call is full: write to {contact}.", contact=held.call.contact
        )
    judged = files.accepted(name, content)
    stored = files.keep(content)
    try:
        return Attachment.objects.create(
            application=held, question=question, name=judged.name, media=judged.media, size=len(content),
            sha256=judged.sha256, stored_as=stored,
        )  # fmt: skip
    except BaseException:
        files.erase(stored)
        raise


@transaction.atomic
def detach(application: Application, attachment: Attachment) -> None:
    """Removes a file from the draft."""
    held = _draft(application)
    one = held.attachments.get(pk=attachment.pk)
    transaction.on_commit(lambda: files.erase(one.stored_as))
    one.delete()


@transaction.atomic
def bring_evidence(application: Application, pledge: Pledge, evidence: str) -> Pledge:
    """Tells what shows that a commitment is kept.

    Raises:
        RuleBroken: the commitment was already checked.
    """
    held = Pledge.objects.select_for_update().get(pk=pledge.pk, decision__application=application)
    if held.state not in (Pledge.State.PLEDGED, Pledge.State.RECEIVED) or hasattr(held, "recovery"):
        raise RuleBroken("This commitment was already checked.")
    held.state, held.evidence = Pledge.State.RECEIVED, evidence
    held.save(update_fields=["state", "evidence"])
    note(None, "bring_evidence", f"pledge:{held.pk}")
    return held


@transaction.atomic
def report(application: Application, spent_cents: int, text: str) -> Decision:
    """Tells what was done with the grant.

    Raises:
        RuleBroken: a file that was not funded.
    """
    held = Decision.objects.select_for_update().filter(application=application, outcome="funded").first()
    if held is None:
        raise RuleBroken("This file was not funded: there is nothing to report.")
    held.report, held.spent_cents, held.reported_at = text, spent_cents, timezone.now()
    held.save(update_fields=["report", "spent_cents", "reported_at"])
    note(None, "report", f"application:{application.pk}")
    return held


def _draft(application: Application) -> Application:
    held = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    _refuse_unless_open(held.call)
    if held.status != Application.Status.DRAFT:
        raise RuleBroken("This file is no longer a draft: take it back before changing it.")
    return held


def _refuse_unless_open(call: Call) -> None:
    if call.stage == "coming":
        raise RuleBroken("This call is not open yet.")
    if call.stage != "open":
        raise RuleBroken("This call is closed: nothing can be changed or handed in any more.")


def _file_counts(application: Application) -> dict[str, int]:
    counts: dict[str, int] = {}
    for question in application.attachments.values_list("question", flat=True):
        counts[question] = counts.get(question, 0) + 1
    return counts
