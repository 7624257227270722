"""Who runs this installation: what the law asks an operator to print at the foot of every page.

The operator fills `<data folder>/operator.toml`; `empty_fields` tells what is still missing.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from ressort.reference import data_folder

TEMPLATE = """\
# Who runs this installation of Ressort. These texts are printed on the legal pages. Qui exploite cette installation de Ressort.
name = ""                    # the authority or company that publishes the site / l’éditeur du site
legal_form = ""              # commune, syndicat mixte, SCIC…
address = ""                 # postal address / adresse postale
registration = ""            # SIREN or SIRET
director = ""                # director of publication / directeur ou directrice de la publication
host = ""                    # who hosts the server: name, address, phone / hébergeur
contact_email = ""           # where people write, also to report an accessibility problem
data_protection_officer = "" # name and e-mail / délégué·e à la protection des données
accessibility_status = "non" # non | partiellement | totalement: only after an audit / seulement après un audit
accessibility_audit = ""     # who audited, when
source_url = ""              # where the source code of this very version is offered (AGPL) / adresse du code source
"""

CONFORMITY = ("non", "partiellement", "totalement")


@dataclass(frozen=True, slots=True)
class Operator:
    """The texts that an operator owes to the public."""

    name: str = ""
    legal_form: str = ""
    address: str = ""
    registration: str = ""
    director: str = ""
    host: str = ""
    contact_email: str = ""
    data_protection_officer: str = ""
    accessibility_status: str = "non"
    accessibility_audit: str = ""
    source_url: str = ""

    @property
    def empty_fields(self) -> list[str]:
        """What the operator has not filled yet."""
        return [field.name for field in fields(self) if not getattr(self, field.name)]


@cache
def operator() -> Operator:
    """The operator of this installation, read once; a file that cannot be read counts as empty."""
    return read_operator(data_folder() / "operator.toml")


def read_operator(path: Path) -> Operator:
    """The operator written in a file. Without an audit, the site says that it does not conform."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Operator()
    known = {field.name: str(raw[field.name]).strip() for field in fields(Operator) if field.name in raw}
    if known.get("accessibility_status") not in CONFORMITY or not known.get("accessibility_audit"):
        known["accessibility_status"] = "non"
    if not known.get("source_url", "https://").startswith(("https://", "http://", "")):
        known["source_url"] = ""
    return Operator(**known)


def write_template(folder: Path) -> None:
    """Leaves an empty form to fill, if there is none."""
    home = folder / "operator.toml"
    if not home.exists():
        home.write_text(TEMPLATE, "utf-8")
