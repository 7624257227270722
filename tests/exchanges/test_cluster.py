"""Goods and scenarios on a Dask cluster of two processes: the numbers of one process, whichever worker computes them."""

import os
import signal
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from ressort.core.errors import InputError
from ressort.core.exchanges import Certificate, GreatCircle, Market, Plan
from ressort.exchanges import national, optima, prepare_goods

distributed = pytest.importorskip("distributed", reason="Dask is the optional extra `cluster`")


def markets() -> list[Market]:
    """Two goods, and one of them after a drought that halves what is supplied."""
    dice = np.random.default_rng(5)
    places = GreatCircle(dice.uniform(43, 50, 60), dice.uniform(-2, 7, 60))
    two = [Market(dice.random(60) * 12, dice.random(60) * 10, places) for _good in range(2)]
    return [*two, replace(two[0], supply=two[0].supply / 2)]


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans are equal to the last bit."""
    arrays = [f.name for f in fields(Plan) if f.name != "certificate"]
    return one.certificate == other.certificate and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in arrays
    )


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_two_processes_gives_the_numbers_of_one(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, kept = markets(), import_module("ressort.exchanges.national")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            far = optima(asked, cluster.scheduler_address)
            folder = tmp_path_factory.mktemp("stored")
            monkeypatch.setattr(kept, "data_folder", lambda: folder)
            prepare_goods("REG", ["cereals", "oilseeds"], cluster.scheduler_address)
    assert all(same(one, other) for one, other in zip(far, optima(asked), strict=True))
    stored = [national("REG", key).plan for key in ("cereals", "oilseeds")]
    own = tmp_path_factory.mktemp("near")
    monkeypatch.setattr(kept, "data_folder", lambda: own)
    near = [national("REG", key).plan for key in ("cereals", "oilseeds")]
    assert all(same(one, other) for one, other in zip(stored, near, strict=True))
    assert isinstance(near[0].certificate, Certificate) and near[0].certificate.proved


class FirstAtWork(distributed.SchedulerPlugin):  # type: ignore[misc]
    """Told by the scheduler which worker takes the first market in hands."""

    def __init__(self, cluster: Any) -> None:
        self.cluster, self.taken, self.address = cluster, threading.Event(), ""
        cluster.scheduler.add_plugin(self)

    def transition(self, key: Any, start: str, finish: str, *_words: Any, **_more: Any) -> None:
        if finish == "processing" and not self.address:
            self.address = self.cluster.scheduler.tasks[key].processing_on.address
            self.taken.set()

    def pid(self) -> int:
        """The process of that worker, as soon as there is one."""
        assert self.taken.wait(60), "no worker took a market"
        return next(int(one.pid) for one in self.cluster.workers.values() if one.worker_address == self.address)


@pytest.mark.filterwarnings("ignore")
def test_a_worker_killed_at_work_changes_no_number() -> None:
    asked = [replace(one, supply=one.supply * part) for part in (1.0, 0.9, 0.8, 0.7) for one in markets()]
    with warnings.catch_warnings(), ThreadPoolExecutor(1) as beside:
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            first = FirstAtWork(cluster)
            given = beside.submit(optima, asked, cluster.scheduler_address)
            os.kill(first.pid(), signal.SIGKILL)
            far = given.result(120)
    assert len(far) == 12 and all(same(one, other) for one, other in zip(far, optima(asked), strict=True))


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ressort.cluster.PATIENCE", "1s")
    with pytest.raises(InputError):
        optima(markets(), "tcp://127.0.0.1:9")
