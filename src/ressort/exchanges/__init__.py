"""Exchanges between territories: figures and models joined for the command line, notebooks and pages.

reference (fields, plates, energy) ─▶ goods: supply and need by level ─▶ national optimum, stored ─▶ cooperation of one territory
                                                                            (core.exchanges)            lines · partners · flows · words
"""

from ressort.core.territory import Territory
from ressort.exchanges.answer import Answer, rule_told
from ressort.exchanges.cluster import optima
from ressort.exchanges.cooperation import Cooperation, Line, Partner, cooperate
from ressort.exchanges.countrywide import COUNTRY_TABLES, Country, country_geojson, countrywide, freight_t
from ressort.exchanges.energy_lines import EnergyTerms, LeftOut
from ressort.exchanges.goods import LEVELS, Balances, Good, balances, good, goods
from ressort.exchanges.national import National, flow_table, is_stored, known_goods, national, prepare_goods
from ressort.exchanges.own_distances import OwnDistances, read_distances
from ressort.exchanges.proposal import Offer, Proposal, proposal, shadow_price_km, territory_today
from ressort.exchanges.rules import NAMES, Play, Rules, answers, plays, require_one_good
from ressort.exchanges.shaken import goods_shocks
from ressort.exchanges.tables import TABLES, flows_geojson, flows_table, goods_table, partners_table

__all__ = [
    "COUNTRY_TABLES",
    "LEVELS",
    "NAMES",
    "TABLES",
    "Answer",
    "Balances",
    "Cooperation",
    "Country",
    "EnergyTerms",
    "Good",
    "LeftOut",
    "Line",
    "National",
    "Offer",
    "OwnDistances",
    "Partner",
    "Play",
    "Proposal",
    "Rules",
    "Territory",
    "answers",
    "balances",
    "cooperate",
    "country_geojson",
    "countrywide",
    "flow_table",
    "flows_geojson",
    "flows_table",
    "freight_t",
    "good",
    "goods",
    "goods_shocks",
    "goods_table",
    "is_stored",
    "known_goods",
    "national",
    "optima",
    "partners_table",
    "plays",
    "prepare_goods",
    "proposal",
    "read_distances",
    "require_one_good",
    "rule_told",
    "shadow_price_km",
    "territory_today",
]
