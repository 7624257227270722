"""A stranger checks the draw: ours passes, one changed byte does not."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.errors import InputError, RuleBroken
from ressort.core.panel import Announcement, canonical, draw, fairest, freeze, merged, number_panels, sealed_rows
from ressort.core.panel.public_draw import chosen_number
from ressort.verifiers import panel_draw
from tests.core.panel.pools import made
from tests.tidy.sources import SOURCE

POOL, QUOTAS = made(30, 6, (2, 3), seed=17)
SECRET = bytes(range(32))
WORDS = Announcement(title="Panel « eau »", source="trois dés, le 12 mars à 18 h", software="ressort 0.1.0")


def _frozen(disclose: bool = False) -> dict:  # type: ignore[type-arg]
    lottery = fairest(merged(POOL, QUOTAS, 6))
    return freeze(POOL, QUOTAS, lottery, number_panels(lottery, 100), WORDS, SECRET, disclose=disclose)


FROZEN, OPEN = _frozen(), _frozen(disclose=True)
STEPS = ["fichier", "engagement", "listes figées", "panels et chances", "tirage"]
DICE = {"source": "digits", "digits": "41"}


def test_the_draw_is_the_panel_whose_number_the_dice_gave() -> None:
    transcript = draw(FROZEN, DICE)
    assert transcript["result"] == FROZEN["panels"][41]
    assert list(panel_draw.steps(canonical(transcript))) == STEPS


def test_whoever_holds_the_rows_checks_the_quotas_too() -> None:
    text = canonical(draw(FROZEN, DICE))
    assert "lignes et quotas" in list(panel_draw.steps(text, sealed_rows(POOL, SECRET)))
    assert "lignes et quotas" in list(panel_draw.steps(canonical(draw(OPEN, DICE))))


def test_a_row_that_was_not_sealed_is_found_out() -> None:
    rows = sealed_rows(POOL, SECRET)
    rows[3]["row"] = rows[3]["row"][:-1] + "9"
    with pytest.raises(ValueError, match="volontaire 4"):
        list(panel_draw.steps(canonical(draw(FROZEN, DICE)), rows))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_found_out(where: int, how: int) -> None:
    text = bytearray(canonical(draw(OPEN, DICE)))
    text[where % len(text)] ^= how
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError, IndexError)):
        list(panel_draw.steps(bytes(text)))


FORGERIES = {
    "panels et chances": ("listes figées", lambda d: d["counts"][0].__setitem__(1, d["counts"][0][1] + 1)),
    "listes figées": ("engagement", lambda d: d["panels"].reverse()),
    "engagement": ("fichier", lambda d: d["commitment"].__setitem__("seats", 7)),
    "tirage": ("panels et chances", lambda d: d.__setitem__("panel_number", 42)),
}


@pytest.mark.parametrize("step", FORGERIES)
def test_a_forger_who_closes_the_file_again_is_found_out_at_the_step_that_he_forged(step: str) -> None:
    last_passed, forge = FORGERIES[step]
    transcript = json.loads(canonical(draw(FROZEN, DICE)))
    forge(transcript)
    del transcript["sha256"]
    transcript["sha256"] = sha256(canonical(transcript)).hexdigest()
    with pytest.raises(ValueError):
        list(panel_draw.steps(canonical(transcript)))
    checked = panel_draw.steps(canonical(transcript))
    assert [next(checked) for _step in range(STEPS.index(last_passed) + 1)][-1] == last_passed


def test_a_whole_forgery_has_another_fingerprint_than_the_one_read_out() -> None:
    with pytest.raises(ValueError, match="empreinte"):
        list(panel_draw.steps(canonical(draw(FROZEN, DICE)), None, "0" * 64))


def test_the_verifier_stands_alone_and_is_short(tmp_path: Path) -> None:
    source = (SOURCE / "verifiers" / "panel_draw.py").read_text("utf-8")
    assert len(source.splitlines()) < 150
    assert "ressort" not in {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}  # fmt: skip
    (tmp_path / "verifier.py").write_text(source, "utf-8")
    (tmp_path / "pv.json").write_bytes(canonical(draw(FROZEN, DICE)))
    (tmp_path / "lignes.json").write_bytes(canonical(sealed_rows(POOL, SECRET)))
    words = [sys.executable, "-I", "-S", "-O", "verifier.py", "pv.json"]
    for more, code in ((["lignes.json", FROZEN["commitment_sha256"]], 0), (["f" * 64], 1)):
        done = subprocess.run([*words, *more], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
    assert "FAUX" in done.stdout and "empreinte" in done.stdout


def test_dice_that_name_no_panel_are_refused() -> None:
    for digits in ("4", "041", "4x", "", "٤١"):
        with pytest.raises(InputError):
            draw(FROZEN, {"source": "digits", "digits": digits})


def test_a_draw_is_made_once() -> None:
    with pytest.raises(RuleBroken):
        draw(draw(FROZEN, DICE), {"source": "digits", "digits": "42"})


def test_a_beacon_must_be_the_hash_of_its_signature() -> None:
    signature = bytes(48)
    beacon = {"source": "drand", "round": 1, "randomness": sha256(signature).hexdigest(), "signature": signature.hex()}
    assert panel_draw.chosen(beacon, 100, "x") == chosen_number(beacon, 100, "x")
    for wrong in (beacon | {"randomness": "00" * 32}, beacon | {"randomness": "zz"}, {"source": "roulette"}):
        with pytest.raises(InputError):
            chosen_number(wrong, 100, "x")


def test_another_source_than_the_one_announced_is_refused_by_us_and_found_out_by_a_stranger() -> None:
    signature = bytes(48)
    beacon = {"source": "drand", "round": 7, "randomness": sha256(signature).hexdigest(), "signature": signature.hex()}
    lottery = fairest(merged(POOL, QUOTAS, 6))
    words = Announcement(title="P", source="drand 8", software="r", chance={"source": "drand", "round": 8})
    frozen = freeze(POOL, QUOTAS, lottery, number_panels(lottery, 100), words, SECRET)
    for wrong in (beacon, DICE, {"source": "seed", "seed": "a"}):
        with pytest.raises(RuleBroken):
            draw(frozen, wrong)
    good = draw(frozen, beacon | {"round": 8})
    assert list(panel_draw.steps(canonical(good))) == STEPS
    forged = {name: value for name, value in good.items() if name != "sha256"} | {"chance": beacon}
    forged["sha256"] = sha256(canonical(forged)).hexdigest()
    with pytest.raises(ValueError, match="annoncé"):
        list(panel_draw.steps(canonical(forged)))


@given(st.text(), st.integers(1, 5000))
def test_a_seed_gives_the_same_number_to_us_and_to_the_verifier(seed: str, panels: int) -> None:
    chance = {"source": "seed", "seed": seed.encode("utf-8", "ignore").decode()}
    number = chosen_number(chance, panels, "sceau")
    assert number == panel_draw.chosen(chance, panels, "sceau")
    assert 0 <= number < panels


def test_the_commitment_does_not_tell_the_answers() -> None:
    text = canonical(FROZEN).decode()
    assert "rows" not in FROZEN and all(row["row"] not in text and row["salt"] not in text for row in sealed_rows(POOL, SECRET))  # fmt: skip
