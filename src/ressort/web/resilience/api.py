"""Shocks for programs: the library, a question asked, its progress, its answer, stopped, or put again from a file."""

import json
from hmac import compare_digest
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from ninja import Body, Header, Router, Schema, Status
from pydantic import ConfigDict, Field

from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.diagnosis import place as find
from ressort.language import current_language
from ressort.reference.resilience_library import levers, needs, shocks
from ressort.resilience import Request, ground_for, place_of, request_for
from ressort.resilience.exports import as_dict, plain, request_of
from ressort.web.resilience import actions, queries
from ressort.web.resilience.beside import reuse_of
from ressort.web.resilience.models import StressRun

router = Router(tags=["shocks"])
State = StressRun.State


class Question(Schema):
    """What is asked: a territory, shocks, levers, how many runs; same words, same answer."""

    model_config = ConfigDict(extra="forbid")

    territory: str = Field(max_length=6000, description="a name, a code, or a key such as `EPCI:200067254`")
    shocks: list[str] = Field(min_length=1, max_length=5, description="names of the library")
    levers: list[str] = Field([], max_length=20, description="names of the library")
    days: int = 365
    runs: int = Field(200, description="at most 500")
    seed: int = Field(2026, ge=0, le=2**31)
    start_day: int = 0
    weights: list[float] = Field([], description="one for each need of the library, in order; empty is equal")
    partners: list[str] = Field([], max_length=8, description="names, codes or keys of neighbours and partners")
    lead_days: int = Field(1095, description="days between the decision on levers and day 0")
    intensity: list[str] = Field([], max_length=20, description="`flood=1.5`, or `flood.2=0.3` for one effect")


class Asked(Schema):
    """How far a question is."""

    token: str
    territory: str
    state: str = Field(description="waiting, running, done, failed or cancelled")
    done: int = Field(description="runs played")
    total: int
    ahead: int = Field(description="questions played before this one")
    message: str
    seed: int
    version: str
    vintage: str
    digest: str = Field(description="twelve signs that change when any number of any run changes; empty until done")
    page: str = Field(description="address of the same answer for people")


class Begun(Asked):
    """A question that waits, or was answered before."""

    stop_key: str = Field(description="send it back as `X-Stop-Key` to stop this question")


class Replayed(Begun):
    """A question put again from a file, and what differs from it."""

    told: dict[str, Any] = Field(description="seed, version, vintage and digest written in the file")
    differing: list[str] = Field(
        description="`version`, `vintage`: what is not the same here; once done, compare `digest`"
    )


class Refusal(Schema):
    """Why nothing was done."""

    error: str
    reason: str
    facts: dict[str, Any] | None = None
    detail: Any = None


_GIVEN: dict[Any, Any] = {200: dict[str, Any], 404: Refusal, 422: Refusal}
_STOP_KEY = Header("", alias="X-Stop-Key")
_ANSWER = Body(..., description="what `result` gave, or `ressort stress --json` wrote")


@router.get("/library", response={200: dict[str, Any]}, summary="Shocks, levers and needs, in the language asked")
def library(request: HttpRequest) -> dict[str, Any]:
    language = current_language()
    return {
        "shocks": [
            {"name": name, "title": one.titles[language], "story": one.stories[language], "effects": len(one.effects)}
            for name, one in shocks().items()
        ],
        "levers": [
            {
                "name": name, "title": one.titles[language], "story": one.stories[language], "who": one.who[language], "delay_days": one.delay_days,
                "principles": list(one.principles), "cost_eur_per_people": [getattr(one.cost_eur_per_people, end) for end in ("low", "central", "high")],
            }
            for name, one in levers().items()
        ],
        "needs": [
            {"name": one.name, "label": one.labels[language], "vital_share": one.vital_share} for one in needs()
        ],
    }  # fmt: skip


@router.post(
    "",
    response={202: Begun, 400: Refusal, 404: Refusal, 409: Refusal, 422: Refusal},
    summary="Ask: the runs are played one question after the other",
)
def ask(request: HttpRequest, question: Question) -> Any:
    place, words = find(question.territory), question.dict(exclude={"territory", "partners"})
    measured = reuse_of(place) if "local_currency" in question.levers else None
    asked = request_for(
        place, partners=tuple(find(name) for name in question.partners),
        **{name: tuple(word) if isinstance(word, list) else word for name, word in words.items()},
        **({"reuse": measured.shares, "reuse_source": measured.source} if measured else {}),
    )  # fmt: skip
    return Status(202, _begun(_put(asked)))


@router.post(
    "/replay",
    response={202: Replayed, 400: Refusal, 404: Refusal, 409: Refusal, 422: Refusal},
    summary="Put again the question of an answer in JSON",
)
def replay(request: HttpRequest, answer: dict[str, Any] = _ANSWER) -> Any:
    asked, told = request_of(json.dumps(answer), "answer")
    run = _put(asked)
    now = {"version": run.version, "vintage": run.vintage}
    kept = {name: told.get(name) for name in ("seed", "version", "vintage", "digest")}
    differing = [name for name, value in now.items() if told.get(name) != value]
    return Status(202, _begun(run) | {"told": kept, "differing": differing})


@router.get("/{token}", response={200: Asked, 404: Refusal}, summary="How far a question is")
def progress(request: HttpRequest, token: str) -> dict[str, Any]:
    return _told(_run(token))


@router.get("/{token}/result", response=_GIVEN, summary="The answer: request, provenance, every table, curves, story")
def result(request: HttpRequest, token: str) -> dict[str, Any]:
    return as_dict(queries.stress_of(_done(token).token))


@router.get("/{token}/tables/{name}", response=_GIVEN, summary="One table of the answer")
def table(request: HttpRequest, token: str, name: str) -> dict[str, Any]:
    rows = plain(queries.stress_of(_done(token).token).table(name).to_dicts())
    return {"token": token, "table": name, "rows": rows}


@router.delete(
    "/{token}", response={200: Asked, 403: Refusal, 404: Refusal}, summary="Stop a question, with the key given when it was asked"
)  # fmt: skip
def stop(request: HttpRequest, token: str, stop_key: str = _STOP_KEY) -> Any:
    run = _run(token)
    if not compare_digest(stop_key.encode(), _stop_key(run).encode()):
        return Status(403, {"error": _("Only whoever asked this question can stop it."), "reason": "not_yours"})
    actions.stop(run)
    return Status(200, _told(_run(token)))


def _put(asked: Request) -> StressRun:
    """The row of a question, once its territory and its jobs are known.

    Raises:
        InputError: the question was asked of a table of one's own, which no file of an answer holds.
    """
    if asked.table:
        raise InputError(
            "This question was asked of the table {wanted}; the table {given} was given. Give the same file.",
            wanted=asked.table, given="-",
        )  # fmt: skip
    ground_for(asked)
    return actions.ask(asked, place_of(asked).label[:200])


def _run(token: str) -> StressRun:
    """The question of a token.

    Raises:
        UnknownCode: no question bears it.
    """
    run = StressRun.objects.defer("answer", "table").filter(token=token).first()
    if run is None:
        raise UnknownCode("No question bears the token {token}.", token=token[:40])
    return run


def _done(token: str) -> StressRun:
    """A question that is answered.

    Raises:
        UnknownCode: no question bears that token; RuleBroken: it is not answered.
    """
    run = _run(token)
    if run.state != State.DONE:
        raise RuleBroken("This question has no answer: it is {state}.", state=run.state)
    return run


def _stop_key(run: StressRun) -> str:
    return salted_hmac("ressort.shocks.stop", run.token).hexdigest()[:32]


def _told(run: StressRun) -> dict[str, Any]:
    return {
        "token": run.token, "territory": run.territory, "state": run.state, "done": run.done, "total": run.total, "ahead": queries.ahead(run),
        "message": str(_(run.message)) if run.message else "", "seed": run.seed, "version": run.version, "vintage": run.vintage,
        "digest": run.digest, "page": reverse("resilience:result", args=(run.token,)),
    }  # fmt: skip


def _begun(run: StressRun) -> dict[str, Any]:
    return _told(run) | {"stop_key": _stop_key(run)}
