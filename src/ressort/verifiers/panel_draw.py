#!/usr/bin/env python3
"""Vérifie le procès-verbal d’un tirage au sort : python3 panel_draw.py proces-verbal.json [lignes.json] [empreinte]

No dependency, any Python from 3.9. `lignes.json` holds the rows of the volunteers, for those who were given it; the
empreinte is the fingerprint read out before the draw. Each step is printed; the first that fails is named, exit code 1.
"""

import csv
import hmac
import json
import sys
from hashlib import sha256
from pathlib import Path


def need(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root(level):
    while len(level) > 1:
        pairs = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def chosen(chance, panels, seal):
    """The number of the panel, from dice, from a beacon (drand), or from a seed."""
    if chance["source"] == "digits":
        digits = chance["digits"]
        need(digits.isascii() and digits.isdigit() and len(digits) == len(str(panels - 1)), "digits")
        return int(digits)
    key = sha256(chance.get("seed", "").encode()).digest()
    if chance["source"] == "drand":
        key = bytes.fromhex(chance["randomness"])
        need(len(key) == 32, "randomness")
        need(not chance.get("signature") or sha256(bytes.fromhex(chance["signature"])).digest() == key, "signature")
    need(chance["source"] in ("drand", "seed"), "source")
    fair = (1 << 64) // panels * panels
    streams = (hmac.new(key, f"{seal}\0panel\0{turn}".encode(), sha256).digest() for turn in range(1 << 32))
    numbers = (int.from_bytes(stream[start : start + 8], "big") for stream in streams for start in range(0, 32, 8))
    return next(number % panels for number in numbers if number < fair)


def substitutes(panels, drawn, seal):
    """People out of the panel drawn, in the order in which the panels after it name them, each sorted by hashes."""
    found = dict.fromkeys(panels[drawn])
    for place in [*range(drawn + 1, len(panels)), *range(drawn)]:
        mark = f"{seal}\0reserve\0{place}\0"
        found.update(dict.fromkeys(sorted(panels[place], key=lambda who: sha256(f"{mark}{who}".encode()).digest())))
    return list(found)[len(panels[drawn]) :]


def check_roots(document):
    promised, panels = document["commitment"], [",".join(map(str, panel)) for panel in document["panels"]]
    people = [bytes.fromhex(mark) for _number, mark in document["people"]]
    leaves = [sha256(f"\0{place}:{panel}".encode()).digest() for place, panel in enumerate(panels)]
    for name, marks in (("people", people), ("panels", leaves)):
        same = (root(marks), len(marks)) == (promised[f"{name}_root"], promised[name])
        need(same, f"la liste « {name} » n’est pas celle qui a été figée")


def check_panels(document):
    counts = {number: 0 for number, _mark in document["people"]}
    for place, panel in enumerate(document["panels"]):
        fits = len(panel) == len(set(panel)) == document["commitment"]["seats"] and set(panel) <= counts.keys()
        need(fits, f"le panel {place} n’a pas le bon nombre de volontaires")
        for number in panel:
            counts[number] += 1
    need([list(pair) for pair in counts.items()] == document["counts"], "les chances publiées sont fausses")


def check_rows(document, rows):  # the rows are those sealed; every panel keeps to the quotas and the household limit
    promised, marks = document["commitment"], dict(map(tuple, document["people"]))
    need(sorted(row["number"] for row in rows) == sorted(marks), "les lignes ne sont pas celles des volontaires")
    column_of = {name: place for place, name in enumerate(dict.fromkeys(quota[0] for quota in promised["quotas"]), 2)}
    cells_of = {}
    for row in rows:
        number, cells = row["number"], next(csv.reader([row["row"]]))
        sealed = sha256(f"\0{row['salt']},{row['row']}".encode()).hexdigest() == marks[number]
        whole = sealed and int(cells[0]) == number and len(cells) == len(column_of) + 2
        need(whole, f"la ligne du volontaire {number} n’est pas celle qui a été scellée")
        cells_of[number] = cells
    for place, panel in enumerate(document["panels"]):
        for criterion, value, least, most in promised["quotas"]:
            held = sum(cells_of[number][column_of[criterion]] == value for number in panel)
            need(least <= held <= most, f"le panel {place} ne respecte pas le quota {criterion} : {value}")
        shared = [cells_of[number][1] for number in panel if cells_of[number][1] != "0"]
        crowd = max(map(shared.count, shared), default=0)
        need(crowd <= (promised["household_limit"] or crowd), f"le panel {place} réunit trop de personnes d’un foyer")


def check_result(document):
    promised = document["commitment"]
    need(document["format"] == "ressort-panel-drawn-1", "le tirage n’a pas encore eu lieu")
    need(promised["chance"].items() <= document["chance"].items(), "le hasard n’est pas celui qui a été annoncé")
    number = chosen(document["chance"], promised["panels"], promised["panels_root"])
    need(number == document["panel_number"] < promised["panels"], "le numéro ne vient pas du hasard publié")
    need(document["panels"][number] == document["result"], "le résultat n’est pas le panel de ce numéro")
    reserves = substitutes(document["panels"], number, promised["panels_root"])[: promised.get("reserves", 0)]
    need(document.get("reserves", []) == reserves, "les suppléants ne sont pas ceux que ce numéro désigne")


def steps(text, rows=None, fingerprint=None):
    """The name of each step, once it holds; raises at the first that does not."""
    document = json.loads(text)
    need(isinstance(document, dict) and "commitment" in document, "ce n’est pas le procès-verbal d’un tirage")
    need(canonical(document) == text.strip(), "le fichier n’est pas écrit comme il a été publié")
    rest = {key: value for key, value in document.items() if key != "sha256"}
    need(sha256(canonical(rest)).hexdigest() == document["sha256"], "le fichier a été modifié")
    yield "fichier"
    found = sha256(canonical(document["commitment"])).hexdigest()
    need(found == document["commitment_sha256"], "l’engagement a été modifié")
    need(fingerprint in (None, found), "l’empreinte n’est pas celle qui a été lue avant le tirage")
    yield "engagement"
    rows = rows or document.get("rows")
    checks = {"listes figées": (check_roots,), "panels et chances": (check_panels,)}
    checks |= {"lignes et quotas": (check_rows, rows)} if rows else {}
    for name, (check, *more) in {**checks, "tirage": (check_result,)}.items():
        check(document, *more)
        yield name


def main(words):
    files = [Path(word).read_bytes() for word in words if word.endswith(".json")]
    rows = json.loads(files[1]) if len(files) > 1 else None
    done, fingerprint = "ouverture", next((word.lower() for word in words if not word.endswith(".json")), None)
    try:
        for done in steps(files[0], rows, fingerprint):
            print(f"juste : {done}")
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        print(f"FAUX, après « {done} » : {error}")
        return 1
    document = json.loads(files[0])
    panel, reserves = (", ".join(map(str, document.get(name, []))) or "aucun" for name in ("result", "reserves"))
    print(f"Panel n° {document['panel_number']} : {panel}\nSuppléants, dans l’ordre : {reserves}")
    print(f"Empreinte à comparer à celle lue avant le tirage : {document['commitment_sha256']}")
    if not rows and not document.get("rows"):
        print("non vérifié : les quotas de chaque panel (les lignes des volontaires ne sont pas dans ce fichier)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
