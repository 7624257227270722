"""Addresses of the screens of a diagnosis, for a territory of the table and for a group."""

from django.urls import path, re_path

from ressort.web.diagnosis import field_views, own_views, views

PLACE = r"^territoire/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/"
GROUP = r"^groupe/"
SCREENS = (
    (r"$", views.page, "territory"),
    (r"tableau/(?P<name>[a-z_]{1,20})\.(?P<extension>csv|parquet|json|geojson)$", views.table, "table"),
    (r"graphique/(?P<name>[a-z_]{1,20})\.svg$", views.chart, "chart"),
    (r"rapport\.pdf$", views.report, "report"),
    (r"integrer/$", views.embed, "embed"),
    (r"champ/$", field_views.field_of, "field"),
)

app_name = "diagnosis"
urlpatterns = [
    *(re_path(PLACE + rest, view, name=name) for rest, view, name in SCREENS),
    *(re_path(GROUP + rest, view, name=f"group_{name}") for rest, view, name in SCREENS),
    re_path(PLACE + r"donnees/$", own_views.own, name="own"),
    re_path(
        PLACE + r"donnees/modele-(?P<sort>[a-z_]{1,16})\.(?P<extension>csv|xlsx)$",
        own_views.own_template,
        name="own_template",
    ),
    re_path(PLACE + r"donnees/(?P<table_id>[0-9]{1,12})/supprimer/$", own_views.remove, name="own_remove"),
    path("donnees/", views.sources, name="sources"),
    path("carte/", views.map_of, {"level": "epci"}, name="map"),
    re_path(r"^carte/(?P<level>[0-9a-zA-Z]{2,12})/$", views.map_of, name="map_of"),
    re_path(r"^carte/(?P<level>[0-9a-zA-Z]{2,12})/contours\.json$", views.contours, name="contours"),
]
