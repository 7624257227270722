"""Territories: one code model for all levels, from the commune to the country.

communes (atoms) ──membership (sparse)──▶ EPCI · bassin de vie · zone d'emploi · département · région · country
     │                                       any own group: "these 7 communes"
     └── points ──▶ rings of distance
"""

from ressort.core.territory.geometry import areas_ha, distances_km, equal_area_m
from ressort.core.territory.names import search_key
from ressort.core.territory.search import Finder, Match
from ressort.core.territory.similar import Peers, most_similar, peers
from ressort.core.territory.territories import DISTRICTS, MOST_GROUP_COMMUNES, PARENT_KINDS, Territories, Territory

__all__ = [
    "DISTRICTS",
    "MOST_GROUP_COMMUNES",
    "PARENT_KINDS",
    "Finder",
    "Match",
    "Peers",
    "Territories",
    "Territory",
    "areas_ha",
    "distances_km",
    "equal_area_m",
    "most_similar",
    "peers",
    "search_key",
]
