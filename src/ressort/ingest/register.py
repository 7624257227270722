"""All connectors, by id."""

from functools import cache

from ressort.ingest import (
    ademe,
    agence_bio,
    agreste,
    cerema,
    enedis,
    eurostat,
    georisques,
    grdf,
    ign,
    insee,
    ministries,
    odre,
    ore,
    sdes,
    sirene,
    urssaf,
)
from ressort.ingest.connector import Connector

PRODUCERS = (
    agreste,
    ign,
    agence_bio,
    insee,
    urssaf,
    sirene,
    ore,
    enedis,
    odre,
    grdf,
    sdes,
    ademe,
    georisques,
    cerema,
    ministries,
    eurostat,
)


@cache
def connectors() -> dict[str, Connector]:
    """Every connector, in the order of the producers."""
    return {connector.id: connector for producer in PRODUCERS for connector in producer.CONNECTORS}
