"""One question is computed once, whoever asks it at the same moment; a fault is told once, in words; drafts never mix."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ressort.core.errors import RuleBroken
from ressort.web.exchanges import jobs, rule_jobs
from ressort.web.exchanges.aside import Aside, Stopped
from ressort.whole_file import write_whole

TOKEN = "a" * 32


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and readers who wait however slow the machine."""
    monkeypatch.setattr("ressort.web.exchanges.aside.data_folder", lambda: tmp_path)
    monkeypatch.setattr(rule_jobs, "PATIENCE_S", 120.0)
    monkeypatch.setattr(rule_jobs, "PROGRAM_S", 120.0)
    return tmp_path


def _work() -> tuple[list[str], Callable[[Aside], dict[str, Any]]]:
    """A computation that counts how often it is done."""
    done: list[str] = []

    def work(aside: Aside) -> dict[str, Any]:
        done.append(threading.current_thread().name)
        aside.watch("essai")(1, -1.0)
        return {"answers": [len(done)]}

    return done, work


def test_whoever_asks_at_the_same_moment_gets_the_one_answer() -> None:
    done, work = _work()
    ready = threading.Barrier(8)

    def asked(number: int) -> Any:
        ready.wait()
        return (rule_jobs.ask, rule_jobs.answered)[number % 2](TOKEN, work)

    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(asked, range(8))) == [{"answers": [1]}] * 8
    assert len(done) == 1


def test_a_program_whose_turn_does_not_come_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    done, work = _work()
    monkeypatch.setattr(rule_jobs, "PROGRAM_S", 0.0)
    with rule_jobs.taking_turn(Aside("rules", TOKEN), 0.0), pytest.raises(RuleBroken, match="ask again"):
        rule_jobs.answered(TOKEN, work)
    assert done == []
    assert rule_jobs.answered(TOKEN, work) == rule_jobs.answered(TOKEN, work) == {"answers": [1]}


def test_a_page_whose_turn_does_not_come_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done, work = _work()
    monkeypatch.setattr(rule_jobs, "PAGE_S", 0.0)
    with rule_jobs.taking_turn(Aside("rules", TOKEN), 0.0):
        told = rule_jobs.ask(TOKEN, work)
    assert isinstance(told, dict) and "redemandez" in told["refused"] and done == []
    assert rule_jobs.known(TOKEN) is None


def test_a_program_is_told_that_somebody_stopped_it() -> None:
    def stopped(aside: Aside) -> dict[str, Any]:
        aside.watch()(0, 0.0)
        aside.stop()
        aside.watch()(0, 0.0)
        pytest.fail("it went on")

    with pytest.raises(RuleBroken, match="stopped"):
        rule_jobs.answered(TOKEN, stopped)
    done, work = _work()
    assert rule_jobs.answered(TOKEN, work) == {"answers": [1]} and len(done) == 1


def test_a_refusal_reaches_a_program_as_it_is() -> None:
    def refused(_aside: Aside) -> dict[str, Any]:
        raise RuleBroken("A detour of {ratio} is shorter than the straight line: give 1 or more.", ratio=0.5)

    with pytest.raises(RuleBroken) as error:
        rule_jobs.answered(TOKEN, refused)
    assert error.value.facts == {"ratio": 0.5} and Aside("rules", TOKEN).told is None


def test_a_fault_of_a_rule_is_told_once_and_the_next_who_asks_begins_again(caplog: pytest.LogCaptureFixture) -> None:
    def faulty(_aside: Aside) -> dict[str, Any]:
        raise ZeroDivisionError("of ours")

    told = rule_jobs.ask(TOKEN, faulty)
    assert isinstance(told, dict) and "faute de sa part" in told["refused"] and "Redemandez" in told["refused"]
    assert "of ours" in caplog.text
    done, work = _work()
    assert rule_jobs.ask(TOKEN, work) == {"answers": [1]} and len(done) == 1


def _computed(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The optimum of cereals among the communes, which ends badly."""

    def fails(*_asked: object, **_words: object) -> None:
        raise error

    monkeypatch.setattr(jobs, "national", fails)
    monkeypatch.setattr(jobs, "is_stored", lambda *_asked: False)
    jobs.start("COM", "cereals")
    for thread in threading.enumerate():
        if thread.name == "exchanges-COM-cereals":
            thread.join(60)


@pytest.mark.django_db
def test_a_fault_of_a_long_computation_is_told_once_on_its_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _computed(monkeypatch, MemoryError("too little"))
    address = "/echanges/calcul/COM/cereals/"
    assert "faute de sa part" in client.get(address).content.decode() and "too little" in caplog.text
    assert "faute de sa part" not in client.get(address).content.decode()
    _computed(monkeypatch, Stopped())
    assert 'role="alert"' not in client.get(address).content.decode()


def test_drafts_of_two_threads_do_not_mix(tmp_path: Path) -> None:
    written = threading.Barrier(2, timeout=60)

    def write(number: int) -> None:
        def content(draft: Path) -> None:
            draft.write_text(str(number) * 1000, "utf-8")
            written.wait()

        write_whole(tmp_path / "answer", content)

    with ThreadPoolExecutor(2) as pair:
        list(pair.map(write, (1, 2)))
    assert (tmp_path / "answer").read_text("utf-8") in ("1" * 1000, "2" * 1000)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["answer"]
