"""Addresses of energy, for a territory of the table and for a group."""

from django.urls import re_path

from ressort.web.energy import views

PLACE = r"^energie/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/"
GROUP = r"^energie/groupe/"
SCREENS = (
    (r"$", views.page, "energy"),
    (r"graphique\.svg$", views.chart, "chart"),
    (r"(?P<name>[a-z]{2,12})\.(?P<extension>csv|parquet|json|geojson)$", views.file, "file"),
)

app_name = "energy"
urlpatterns = [
    *(re_path(GROUP + rest, view, name=f"group_{name}") for rest, view, name in SCREENS),
    *(re_path(PLACE + rest, view, name=name) for rest, view, name in SCREENS),
]
