"""ADEME: wood that is cut in a year, by intercommunality, from its tool ALDO."""

import polars as pl

from ressort.ingest.connector import Anchor, Connector, Field, Layout

#: a SIREN; the file also holds four islands without an intercommunality, numbered 1 to 4, and a line for the whole country
SIREN = r"^\d{9}$"


def _intercommunalities(frame: pl.DataFrame) -> pl.DataFrame:
    """Intercommunalities alone; those that two old régions share are written twice, with the same figures."""
    return frame.filter(pl.col("epci_code").str.contains(SIREN)).unique(maintain_order=True)


WOOD = Connector(
    id="wood_harvest_epci",
    title_fr="Bois récolté en forêt dans l’année, dont bois énergie, par EPCI",
    title_en="Wood cut in forests in a year, of which for energy, by intercommunality",
    producer="ADEME, outil ALDO, d’après l’inventaire forestier de l’IGN et Agreste",
    page="https://docs.datagir.ademe.fr/documentation-aldo",
    address="https://raw.githubusercontent.com/incubateur-ademe/aldo/f13e58d0c8693a8362b33a787409db4314fa3396/data/dataByEpci/produits-bois.csv",
    file_name="produits-bois.csv",
    year="2018 (perimeters)",
    licence="licence non précisée avec le fichier ; citer ADEME, ALDO",
    unit_notes=(
        "m3 a year, worked out by ADEME, not measured: cubic metres by hectare of the ecological region, less what is lost when cutting, "
        "shared between timber, industry and energy as in the région; perimeters of 2018"
    ),
    layout=Layout(delimiter=","),
    fields=(
        Field("epci_code", ("siren", "SIREN_EPCI"), "text"),
        Field("composition", ("composition",), "text"),
        Field("harvest_m3", ("RECOLTE TOTALE (m3/an)",)),
        Field("energy_wood_m3", ("RECOLTE TOTALE BE (m3/an)",)),
        Field("sold_energy_wood_m3", ("RECOLTE TOTALE BE COMM (m3/an)",)),
    ),
    shape=_intercommunalities,
    key=("epci_code", "composition"),
    columns={
        "epci_code": "SIREN, perimeters of 2018",
        "composition": "feuillus or coniferes",
        "harvest_m3": "all uses",
        "energy_wood_m3": "for energy, sold or not",
        "sold_energy_wood_m3": "for energy, sold",
    },
    rows=(2_200, 2_800),
    # the line of the file for the whole country
    anchors=(Anchor("harvest_m3", 27_453_106, 0.15, where=(("composition", "feuillus"),)),),
    oldest_days=4_000,
)

CONNECTORS = (WOOD,)
