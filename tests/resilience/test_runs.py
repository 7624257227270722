"""Runs of a stress test: same seed, same bits, stopped, killed, outside the domain, played again."""

import json
import os
import signal
import threading

import numpy as np
import psutil
import pytest

from ressort.core.errors import InputError
from ressort.language import language
from ressort.reference.territories import resolve
from ressort.resilience import Stopped, Stress, answer, hands, of_territory, replay, stress
from ressort.resilience.exports import as_dict, request_of
from ressort.resilience.many_runs import run_all
from ressort.resilience.one_run import Player
from tests.resilience.questions import PLACE, request


def test_the_same_seed_gives_the_same_bits_on_one_or_two_workers_and_another_seed_does_not() -> None:
    ground = of_territory(resolve(PLACE))
    one = run_all(request("flood"), ground)
    two = run_all(request("flood"), ground, workers=2)
    other = run_all(request("flood", seed=1), ground)
    assert one.metrics.tobytes() == two.metrics.tobytes() and one.counts.bins.tobytes() == two.counts.bins.tobytes()
    assert one.chains == two.chains and one.metrics.tobytes() != other.metrics.tobytes()


def test_a_worker_killed_in_the_middle_loses_nothing() -> None:
    ground, killed = of_territory(resolve(PLACE)), []
    asked = request("power_cut", runs=60)

    def kill_one(done: int, total: int) -> None:
        if done and not killed:
            workers = [
                child for child in psutil.Process(os.getpid()).children() if "spawn_main" in " ".join(child.cmdline())
            ]
            os.kill(workers[0].pid, signal.SIGKILL)
            killed.append(workers[0].pid)

    again = run_all(asked, ground, workers=2, progress=kill_one)
    assert killed and again.metrics.tobytes() == run_all(asked, ground).metrics.tobytes()


def test_processes_are_kept_from_one_question_to_the_next_and_end_when_let_go() -> None:
    ground = of_territory(resolve(PLACE))
    asked = request("power_cut", runs=40)
    alone = run_all(asked, ground)
    while not hands.are_ready(1):
        threading.Event().wait(0.05)
    before = _hands()
    met = [run_all(asked, ground, workers=2).metrics.tobytes() for _question in range(2)]
    assert met == [alone.metrics.tobytes()] * 2
    assert _hands() == before and len(before) == 1
    hands.let_go()
    assert psutil.wait_procs([psutil.Process(pid) for pid in before], timeout=30)[1] == []


def _hands() -> set[int]:
    """The processes that play runs for this one."""
    return {child.pid for child in psutil.Process(os.getpid()).children() if "spawn_main" in " ".join(child.cmdline())}


def test_processes_end_by_themselves_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "IDLE_S", 0.2)
    hands.let_go()
    psutil.wait_procs([psutil.Process(pid) for pid in _hands()], timeout=60)
    hands.are_ready(1)
    begun = [psutil.Process(pid) for pid in _hands()]
    assert len(begun) == 1
    assert psutil.wait_procs(begun, timeout=60)[1] == []


def test_runs_can_be_stopped_from_outside() -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        answer(request("power_cut"), of_territory(resolve(PLACE)), progress=stop)


def test_a_run_outside_the_domain_is_counted_and_never_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    ground, played = of_territory(resolve(PLACE)), Player.numbered

    def half(self: Player, number: int, keep: bool = False) -> object:
        one = played(self, number, keep)
        object.__setattr__(one, "outside", number % 2 == 0)
        return one

    monkeypatch.setattr(Player, "numbered", half)
    found = answer(request("power_cut"), ground)
    assert found.ensemble.outside.mean() == 0.5 and not found.publishable
    assert np.isnan(found.ensemble.metrics[::2]).all() and len(found.ensemble.metric("whole.low")) == 6
    assert found.ensemble.counts.bins[0, 0].sum() == 6
    assert "50" in found.story()[-1].text


def test_levers_are_compared_on_the_same_draws(cut: Stress) -> None:
    assert set(cut.lever_effects) == {"storage", "community_energy", "together"}
    energy = cut.lever_effects["community_energy"]
    assert energy.median > 0 and energy.helps_share > 0.9 and energy.low <= energy.median <= energy.high
    assert cut.cost_cents("together") == cut.cost_cents("storage") + cut.cost_cents("community_energy")
    assert cut.relieved is not None and cut.relieved.curves[-2].sum() > cut.central.curves[-2].sum()


def test_an_answer_is_played_again_to_the_last_bit(cut: Stress) -> None:
    with language("fr"):
        text = json.dumps(as_dict(cut), ensure_ascii=False)
        _again, differing = replay(text)
        assert differing == []
        told = json.loads(text)
        told["provenance"]["digest"] = "0" * 12
        assert replay(json.dumps(told))[1] == ["digest"]


NO_ANSWERS = (
    "",
    "[]",
    "{}",
    '{"request": {"shocks": ["flood"]}, "provenance": {}}',
    '{"request": {"territory": "x", "shocks": ["flood"], "days": "many"}, "provenance": {}}',
    '{"request": {"territory": "x", "shocks": ["flood"], "moon": 1}, "provenance": {}}',
)


def test_a_group_is_played_again_from_its_communes() -> None:
    first = stress(["Crest", "Die"], "heatwave", runs=4, days=60)
    assert first.request.territory.startswith("CUSTOM:") and replay(json.dumps(as_dict(first)))[1] == []


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_what_is_not_an_answer_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        request_of(text, "file.json")
