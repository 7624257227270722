"""The same ensemble on a Dask cluster of several processes, a worker killed in the middle: same numbers, nothing lost."""

import os
import signal
import warnings

import pytest

from ressort.core.errors import InputError
from ressort.reference.territories import resolve
from ressort.resilience import Request, of_territory
from ressort.resilience.many_runs import run_all

distributed = pytest.importorskip("distributed", reason="Dask is the optional extra `cluster`")


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_whose_worker_is_killed_gives_the_numbers_of_one_process() -> None:
    ground = of_territory(resolve("CC Fumel Vallée du Lot"))
    asked, killed = Request(ground.key, ("power_cut",), runs=60, days=90), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:

            def kill_one(done: int, total: int) -> None:
                if done and not killed:
                    killed.append(cluster.workers[0].pid)
                    os.kill(killed[0], signal.SIGKILL)

            far = run_all(asked, ground, scheduler=cluster.scheduler_address, progress=kill_one)
    near = run_all(asked, ground)
    assert killed and far.metrics.tobytes() == near.metrics.tobytes()
    assert far.counts.bins.tobytes() == near.counts.bins.tobytes() and far.chains == near.chains


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = of_territory(resolve("CC Fumel Vallée du Lot"))
    monkeypatch.setattr("ressort.cluster.PATIENCE", "1s")
    with pytest.raises(InputError):
        run_all(Request(ground.key, ("power_cut",), runs=4, days=90), ground, scheduler="tcp://127.0.0.1:9")
