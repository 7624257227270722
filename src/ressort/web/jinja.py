"""The pages that show many figures are Jinja templates, in `<app>/jinja2/` (decision 0016).

They have the same words at hand as the other templates: filters and tags of `wording` and `figures`, `_`, `ngettext`, `url`.
A value that is not there is a fault, not an empty string.
"""

from typing import Any

from django.template.defaultfilters import date
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ressort.language import gettext, ngettext
from ressort.web.diagnosis.templatetags import figures
from ressort.web.templatetags import wording

FILTERS = (
    wording.beside,
    wording.in_words,
    wording.number,
    wording.percent,
    wording.quantity,
    wording.rounded,
    wording.shown,
    wording.spread,
    figures.shown_bare,
)
TAGS = (
    figures.bar,
    figures.chart_url,
    figures.explain,
    figures.figure_rows,
    figures.file_rows,
    figures.how_begins,
    figures.how_ends,
    figures.kind_name,
    figures.producer_link,
    figures.screen_url,
    figures.status_name,
    figures.status_tag,
    figures.status_word,
    figures.table_url,
    figures.why_missing,
)


class Pages(Environment):
    """Jinja, which looks for a word among those of a row before it looks for an attribute: a page reads a thousand of them."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What `obj.attribute` gives in a template."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    """The environment of these templates, for `TEMPLATES` in the settings."""
    made = Pages(**{"undefined": StrictUndefined, "keep_trailing_newline": True, **options})
    made.filters |= {one.__name__: one for one in FILTERS} | {"date": date}
    made.globals |= {one.__name__: one for one in TAGS}
    made.globals |= {"_": _said, "ngettext": _counted, "static": static, "url": _url}
    return made


def _said(message: str) -> Markup:
    """A message of the catalogue, which is ours: what is put into it is escaped, it is not."""
    return Markup(gettext(message))


def _counted(one: str, several: str, count: float) -> Markup:
    return Markup(ngettext(one, several, count))


def _url(name: str, *args: str) -> str:
    return reverse(name, args=args)
