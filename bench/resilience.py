"""The daily model beside BoARIO 0.7.2, at five sizes and as ensembles; two workers against one; memory; a territory's 200 runs.

CPU time of this process is told beside the wall time: on a shared machine only the first is comparable.
"""

import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import _peers
import _timing
import numpy as np

from ressort.core.economy import Economy
from ressort.core.resilience import Size, no_purses, plan, quiet
from ressort.core.resilience.kernel import simulate
from ressort.reference.territories import resolve
from ressort.resilience import Request, hands, of_territory
from ressort.resilience.ground import Ground
from ressort.resilience.many_runs import run_all

#: regions × sectors → most milliseconds asked for one run of a year
SIZES = {(3, 5): 0.4, (1, 38): 3.0, (3, 20): 5.0, (10, 20): 25.0, (13, 38): 250.0}
DAYS = 365
PEER = """
import json, sys, time, warnings, logging
warnings.filterwarnings("ignore"); logging.disable(logging.CRITICAL)
import numpy as np, pandas as pd, pymrio
from boario.event import from_series
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation
data = np.load(sys.argv[1]); regions, sectors, runs = map(int, sys.argv[2:5])
names = [f"r{r:02d}" for r in range(regions)]; made = [f"s{s:02d}" for s in range(sectors)]
index = pd.MultiIndex.from_product([names, made], names=["region", "sector"])
Z = pd.DataFrame(data["Z"], index, index)
Y = pd.DataFrame(data["Y"], index, pd.MultiIndex.from_product([names, ["fd"]], names=["region", "category"]))
x = pd.DataFrame({"indout": data["x"]}, index)
best, production = 1e9, None
for _ in range(runs):
    table = pymrio.IOSystem(Z=Z.copy(), Y=Y.copy(), x=x.copy()); table.calc_all()
    capital = 4 * (x["indout"] - Z.sum(0))
    start = time.process_time()
    model = ARIOPsiModel(table, productive_capital_vector=capital, monetary_factor=1)
    model_s = time.process_time() - start
    world = Simulation(model, n_temporal_units_to_sim=365, show_progress=False)
    world.add_event(from_series(pd.Series({index[0]: 0.5 * capital.iloc[0]}), event_type="recovery", occurrence=1, duration=60,
                                recovery_tau=90, recovery_function="linear", event_monetary_factor=1))
    start = time.process_time(); world.loop(); best = min(best, time.process_time() - start)
    production = world.production_realised.to_numpy()
np.save(sys.argv[5], production)
print(json.dumps({"run_s": best, "model_s": model_s}))
"""
PAGE = """
import json, os, tempfile, time
from pathlib import Path
from ressort.reference import data_folder
with tempfile.TemporaryDirectory() as home:
    built = data_folder() / "build"; built.mkdir(parents=True, exist_ok=True)
    (Path(home) / "build").symlink_to(built.resolve())
    os.environ |= {"RESSORT_HOME": home, "RESSORT_RATE_LIMIT": "0", "DJANGO_SETTINGS_MODULE": "ressort.web.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["*"]
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from ressort.web import database
    from ressort.web.resilience import actions, worker
    from ressort.resilience import rehearse
    with database.running():
        call_command("migrate", verbosity=0)
        told, tell = [], actions.progress
        actions.progress = lambda run, done: told.append(done) or tell(run, done)
        client = Client(); rehearse()  # as the server does when it starts
        client.get("/choc/EPCI/200067254/")
        start = time.perf_counter()
        asked = client.post("/choc/EPCI/200067254/", {"choc": "power_cut", "tirages": "200", "jours": "365", "graine": "1"})
        worker.once()
        page = client.get(asked["Location"]); answer_s = time.perf_counter() - start
        assert page.status_code == 200 and "cit de choc" in page.content.decode()
        start = time.perf_counter(); client.get(asked["Location"]); cached_s = time.perf_counter() - start
        print(json.dumps({"answer_s": answer_s, "cached_s": cached_s, "told": len(told)}))
"""


def economy(regions: int, sectors: int) -> Economy:
    """A balanced random economy in large units, so that the peer's rounding of money does not show."""
    dice, n = np.random.default_rng(5), regions * sectors
    coefficients = dice.random((n, n)) * (dice.random((n, n)) < 0.7) + np.eye(n) * 0.01
    coefficients *= 0.5 / coefficients.sum(0)
    final = (dice.random((n, regions)) * 100 + 10) * 1e9
    output = np.linalg.solve(np.eye(n) - coefficients, final.sum(1))
    names = tuple(f"r{r:02d}" for r in range(regions))
    return Economy(names, tuple(f"s{s:02d}" for s in range(sectors)), names, coefficients * output, final, output)


def cpu_ms(run: object, repeats: int, rounds: int = 5) -> float:
    """Processor milliseconds of one run: the best of some rounds."""
    best = np.inf
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(repeats):
            run()  # type: ignore[operator]
        best = min(best, (time.process_time() - start) / repeats)
    return 1000 * best


def sizes(python: Path | None) -> None:
    """One run of 365 days at each size, against the limit asked and against the peer, same shock, same machine, same time."""
    for (regions, sectors), limit in SIZES.items():
        made = economy(regions, sectors)
        laid, size = plan(made), Size(DAYS, regions, sectors, regions)
        calendar, purses = quiet(size), no_purses(size)
        t = np.arange(DAYS)
        calendar.lost[:, 0] = np.where(t >= 1, 0.5 * np.clip(1 - (t - 62) / 90, 0, 1), 0.0)
        production = simulate(laid, calendar, purses, False).production
        ours = cpu_ms(
            lambda laid=laid, calendar=calendar, purses=purses: simulate(laid, calendar, purses, False),
            max(1, 4000 // (regions * sectors) ** 2 * 10),
        )
        what = f"one year, {regions} × {sectors} industries (processor time)"
        _timing.tell(what, ours, "limit asked", limit)
        if python is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            table, answer = Path(folder) / "table.npz", Path(folder) / "production.npy"
            np.savez(table, Z=made.intermediate, Y=made.final, x=made.output)
            told = json.loads(
                _peers.run(python, PEER, str(table), str(regions), str(sectors), "2", str(answer)).splitlines()[-1]
            )
            peer = np.load(answer)
        gap = float(np.nanmax(np.abs(production - peer) / laid.output))
        _timing.tell(what, ours, f"BoARIO 0.7.2 (largest gap {gap:.0e})", 1000 * told["run_s"])
        print(f"{'':<62} {1000 * told['run_s'] / ours:>10.0f} × quicker than the peer")


def thousand() -> None:
    """1,000 runs of 38 branches in one process."""
    laid, size = plan(economy(1, 38)), Size(DAYS, 1, 38, 1)
    calendar, purses = quiet(size), no_purses(size)
    calendar.lost[1:90, 0] = 0.5
    start = time.process_time()
    for _ in range(1000):
        simulate(laid, calendar, purses, False)
    _timing.tell("1,000 runs of 38 branches (processor time)", time.process_time() - start, "limit asked", 4.0, "s")


def territory() -> None:
    """200 runs of a territory (3 regions of 35 branches, every extension on): one worker, two workers, memory."""
    ground = of_territory(resolve("CA Pau Béarn Pyrénées"))
    asked = Request(ground.key, ("power_cut",), runs=200)
    run_all(Request(ground.key, ("power_cut",), runs=2), ground)
    start, cpu = time.perf_counter(), time.process_time()
    run_all(asked, ground)
    one, used = time.perf_counter() - start, time.process_time() - cpu
    _timing.tell("200 runs of a territory, one worker (wall)", one, "limit asked", 5.0, "s")
    _timing.tell("the same, processor time", used, "limit asked", 5.0, "s")
    before = _timing.memory_mb()
    run_all(Request(ground.key, ("power_cut",), runs=800), ground)
    _timing.tell("most memory after 800 runs", _timing.memory_mb(), "after 200 runs", before, "MB")
    _two_workers(ground)


def _two_workers(ground: Ground) -> None:
    """One worker over two: a question of many runs and one of few, processes up; and the very first one, which starts them."""

    def spent(runs: int, workers: int) -> float:
        start = time.perf_counter()
        run_all(Request(ground.key, ("power_cut",), runs=runs), ground, workers=workers)
        return time.perf_counter() - start

    few, many = spent(200, 1), spent(800, 1)
    _timing.tell("200 runs, one worker over two, the first time (wall)", few / spent(200, 2), "asked", 1.8, "×")
    while not hands.are_ready(1):
        time.sleep(0.1)
    spent(20, 2)
    _timing.tell("200 runs, one worker over two (wall)", few / spent(200, 2), "asked", 1.8, "×")
    _timing.tell("800 runs, one worker over two (wall)", many / spent(800, 2), "asked", 1.8, "×")
    hands.let_go()


def page() -> None:
    """Ask 200 runs on the page, play them as the server's worker does, read the answer, then read it again."""
    told = subprocess.run([sys.executable, "-c", PAGE], capture_output=True, text=True, check=True).stdout
    found = json.loads(told.splitlines()[-1])
    _timing.tell("the page: 200 runs asked, played, shown (wall)", found["answer_s"], "limit asked", 5.0, "s")
    _timing.tell("the same page again, from the cache (wall)", 1000 * found["cached_s"], "limit asked", 100.0)
    print(f"{'':<62} progress was told {found['told']} times")


def peer_python() -> Path | None:
    """BoARIO in an environment of its own: its wheel declares no dependencies."""
    wanted = ("numpy<2.3", "pandas<3", "scipy", "tqdm", "progressbar2", "pymrio<0.7")
    try:
        return _peers.python_with(*wanted, without_dependencies=("boario==0.7.2",))
    except subprocess.CalledProcessError:
        print(
            "BoARIO could not be installed: only the limits are compared (ratio to the peer missing).", file=sys.stderr
        )
        return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    _timing.machine()
    sizes(peer_python())
    thousand()
    territory()
    page()
