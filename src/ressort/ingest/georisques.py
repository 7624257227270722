"""Géorisques (GASPAR): orders of natural disaster by commune."""

from ressort.ingest.connector import Connector, Field, Layout

DISASTERS = Connector(
    id="hazard_orders",
    title_fr="Arrêtés de catastrophe naturelle par commune",
    title_en="Natural disaster orders by commune",
    producer="Ministère de la Transition écologique, base GASPAR",
    page="https://www.data.gouv.fr/fr/datasets/base-nationale-de-gestion-assistee-des-procedures-administratives-relatives-aux-risques-gaspar/",
    address="https://www.data.gouv.fr/api/1/datasets/r/d6fb9e18-b66b-499c-8284-46a3595579cc",
    file_name="gaspar.zip",
    year="since 1982",
    unit_notes="one row an order and a commune",
    layout=Layout(member="catnat_gaspar.csv"),
    fields=(
        Field("order_id", ("cod_nat_catnat",), "text"),
        Field("commune_code", ("cod_commune",), "code", "COM"),
        Field("hazard", ("lib_risque_jo",), "text"),
        Field("start", ("dat_deb", "date_debut_evt"), "text"),
        Field("end", ("dat_fin", "date_fin_evt"), "text"),
    ),
    key=("order_id", "commune_code", "hazard", "start"),
    additive=True,
    columns={
        "order_id": "national id",
        "commune_code": "INSEE code",
        "hazard": "as named upstream",
        "start": "first day",
        "end": "last day",
    },
    rows=(100_000, 600_000),
    oldest_days=120,
)

CONNECTORS = (DISASTERS,)
