"""Addresses: French ones first; the same under /en/ in English. The address holds the whole state, the language included."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path

from ressort.web import decide, pages
from ressort.web.api import api, docs

urlpatterns = [
    path("sante", pages.health, name="health"),
    path("hello", pages.hello, name="hello"),
    path("api/", docs, name="api_docs"),
    path("api/", api.urls),
    *i18n_patterns(
        path("", include("ressort.web.diagnosis.urls")),
        path("", include("ressort.web.scenarios.urls")),
        path("", include("ressort.web.resilience.urls")),
        path("", include("ressort.web.exchanges.urls")),
        path("", include("ressort.web.energy.urls")),
        path("decider/", decide.hub, name="decide"),
        re_path(r"^decider/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/$", decide.hub, name="decide_of"),
        path("", include("ressort.web.calls.urls")),
        path("", include("ressort.web.panel.urls")),
        path("", include("ressort.web.budget.urls")),
        path("", include("ressort.web.association.urls")),
        path("", include("ressort.web.currency.urls")),
        path("", include("ressort.web.territories.urls")),
        path("", include("ressort.web.people.urls")),
        path("compte/", include("allauth.account.urls")),
        path("compte/double-authentification/", include("allauth.mfa.urls")),
        path("mentions-legales/", pages.legal_notice, name="legal_notice"),
        path("accessibilite/", pages.accessibility, name="accessibility"),
        path("contact/", pages.contact, name="contact"),
        path("code-source/", pages.source_code, name="source_code"),
        prefix_default_language=False,
    ),
]

handler400 = "ressort.web.faults.bad_request"
handler403 = "ressort.web.faults.forbidden"
handler404 = "ressort.web.faults.not_found"
handler500 = "ressort.web.faults.server_error"
