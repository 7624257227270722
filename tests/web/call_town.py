"""A call for projects as the tests meet it: open, closed by the clock, marked, decided."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

SIRETS = ("22330001300016", "73282932000074", "35600000000048")


def open_call(by: Any, *, template: str = "resilience", days: int = 30, **told: Any) -> Any:
    """A published call of the CA Pau Béarn Pyrénées, open since yesterday."""
    from ressort.web.calls import actions

    now = timezone.now()
    words = {
        "title": "Villages résilients", "summary": "Aider les communes.", "eligibility": "Communes et associations.",
        "contact": "appels@example.fr", "authority_name": "CA Pau Béarn Pyrénées", "authority_siret": SIRETS[0],
        "scheme": "resilience-2026", "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=days),
        "envelope_cents": 5_000_000,
    }  # fmt: skip
    call = actions.create_call(by, "EPCI", "200067254", template, "fr", **words | told)
    return actions.publish(by, call)


def closed(monkeypatch: Any, call: Any) -> Any:
    """The clock of the calls goes past the closing."""
    from ressort.web.calls import call_models

    monkeypatch.setattr(call_models, "timezone", SimpleNamespace(now=lambda: call.closes_at + timedelta(minutes=1)))
    return call


def hand_in(call: Any, number: int = 0, **told: Any) -> tuple[Any, str]:
    """A complete file, handed in."""
    from ressort.web.calls import applying

    application, token = applying.start(call, f"a{number}@example.fr", f"Association {number}")
    columns = {
        "applicant": f"Association {number}", "identifier": SIRETS[number % len(SIRETS)], "title": f"Projet {number}",
        "eligible_cents": 4_000_000, "requested_cents": 2_000_000, "area": "", "theme": "", "pledges": [],
    }  # fmt: skip
    answers = {"besoin": "La sécheresse.", "associes": "Les habitants.", "artificialisation": "no"}
    saved = applying.save(application, 1, columns | told, answers)
    return applying.submit(saved), token


def reviewers(by: Any, call: Any, count: int = 2) -> list[Any]:
    """People who mark the files of the call."""
    from ressort.web.calls import actions

    return [actions.add_reviewer(by, call, f"jury{i}@example.fr")[0].person for i in range(count)]


def mark(person: Any, application: Any, *marks: float, final: bool = True) -> Any:
    """A review with a mark for each criterion, the last one repeated."""
    from ressort.web.calls import reviewing, rules

    codes = [one.code for one in rules.grid_of(application.call).criteria]
    given = [*marks, *[marks[-1]] * (len(codes) - len(marks))]
    words = {code: f"{value:g}" for code, value in zip(codes, given, strict=True)}
    return reviewing.save_review(person, application, 0, words, "", "", final)
