"""The examples that end the help of each command: what one types, and what the words may be."""

from ressort.language import gettext as _


def examples(command: str) -> str:
    """Examples of a command, in the language in force; empty where its help says enough."""
    return (_questions() | _files()).get(command, "")


def _questions() -> dict[str, str]:
    return {
        "find": _(
            "Examples:\n"
            '  ressort find "st jean d angely"        without accents, with typos\n'
            "  ressort find 26400                     a postal code or an INSEE code, even a former one\n"
            "  ressort find valence --limit 3 --json  for a program"
        ),
        "diagnose": _(
            "Examples:\n"
            "  ressort diagnose Pau\n"
            '  ressort diagnose "Saint-Denis (974)"   homonyms: the département in brackets, or the code\n'
            "  ressort diagnose Crest Die 26289       several names make one group\n"
            "  ressort diagnose Pau --csv groups > groups.csv\n"
            "  ressort diagnose Pau --own areas.csv --own purchases.xlsx"
        ),
        "scenario": _(
            "Examples:\n"
            "  ressort scenario Pau --diet minus_25 --organic 0.5\n"
            "  ressort scenario Pau --population pupils --people 5000 --set meals_per_day=1 --set days_per_year=144\n"
            "  ressort scenario Pau --set organic_shares.poultry=1 --set relocated_shares.fruit_vegetables=0.4\n"
            "  ressort scenario Pau --set converted_ha.forage=-50 --set converted_ha.cereals=50\n"
            "  ressort scenario Pau --plate plate.csv --starts 5 --set farm_years=10\n"
            "\n"
            "Families of food: field_crops, fruit_vegetables, dairy, beef, sheep_goat, pork, poultry, eggs.\n"
            "Crop groups: cereals, oilseeds, protein_crops, sugar, potatoes, vegetables, fruit, forage."
        ),
    }


def _files() -> dict[str, str]:
    return {
        "compare": _(
            'Examples:\n  ressort compare Pau Bayonne "CC Fumel Vallée du Lot"\n  ressort compare DEP:64 DEP:40 --csv > beside.csv\n'
            '  ressort compare Pau --scenario "half: diet=minus_50 organic=0.5" --scenario "vegan: diet=vegan"\n'
            '  ressort compare Pau Bayonne --scenario "canteens: population=pupils people=5000 days_per_year=144" --csv'
        ),
        "report": _("Examples:\n  ressort report Pau\n  ressort report Pau --diet vegan --pdf pau-vegan.pdf"),
        "field": _(
            "Examples:\n"
            "  ressort field Pau --hectares 2\n"
            "  ressort field Pau --hectares 2 --food fruit_vegetables --organic 1\n"
            '  ressort field "CA Pau Béarn Pyrénées" --vegetables 0.1'
        ),
        "data": _(
            "Examples:\n"
            "  ressort data                                      what is known, and how old it is\n"
            "  ressort data sync farmland_epci income_commune    from their producers\n"
            "  ressort data sync --mirror /media/key/mirror      from a folder: SOURCE/FILE AS PUBLISHED\n"
            "  ressort data template crop_area                   a table of your own to fill"
        ),
        "cooperate": _(
            "Examples:\n"
            '  ressort cooperate "CA Pau Béarn Pyrénées" --good cereals --with "CC du Haut Béarn"\n'
            "  ressort cooperate Crest Die 26289 --good forage       several names make one group\n"
            '  ressort cooperate "Brest Métropole" --good cereals --most-from-one 0.3 --fair-km 100\n'
            '  ressort cooperate "Brest Métropole" --shock drought --present 150 --balance 0.1\n'
            '  ressort cooperate "Brest Métropole" --good cereals --distances roads.csv   from,to,km by code'
        ),
        "network": _(
            "Examples:\n"
            "  ressort network instance.min                    the cost (s), then what each arc carries (f)\n"
            "  ressort network instance.min --output flows.sol\n"
            "  ressort network - --json < instance.min         for a program"
        ),
        "serve": _("Example:\n  ressort serve --host 0.0.0.0 --port 8080   for the whole local network"),
    }
