"""GRDF: biomethane put into its network, by commune and year."""

from ressort.ingest.connector import Connector, Field

BIOMETHANE = Connector(
    id="biomethane_commune",
    title_fr="Biométhane injecté dans le réseau, par commune et année",
    title_en="Biomethane put into the network, by commune and year",
    producer="GRDF",
    page="https://opendata.grdf.fr/explore/dataset/capacite-et-quantite-dinjection-de-biomethane",
    address="https://opendata.grdf.fr/api/explore/v2.1/catalog/datasets/capacite-et-quantite-dinjection-de-biomethane/exports/csv",
    file_name="capacite-et-quantite-dinjection-de-biomethane.csv",
    year="2011 to the latest",
    unit_notes="MWh (higher heating value) put into the network of GRDF in the year; sites on the transmission network are not in it",
    fields=(
        # under the names of fields, as the interface gives them, or under their labels, as the page does
        Field("commune_code", ("code_insee_commune", "Code INSEE commune"), "code", "COM"),
        Field("year", ("annee", "Année"), "year"),
        Field("biomethane_mwh", ("quantite_annuelle_injectee_en_mwh", "Quantité annuelle injectée en MWh")),
    ),
    key=("commune_code", "year"),
    additive=True,  # one row a site
    columns={
        "commune_code": "INSEE code",
        "year": "year",
        "biomethane_mwh": "MWh in the year; missing where a site of the commune is not told",
    },
    rows=(300, 20_000),
)

CONNECTORS = (BIOMETHANE,)
