"""Addresses of exchanges."""

from django.urls import path, re_path

from ressort.web.exchanges import views

PLACE = r"^cooperer/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/"

app_name = "exchanges"
urlpatterns = [
    path("echanges/", views.country, name="country"),
    path("echanges/calcul/<str:level>/<str:key>/", views.computation, name="computation"),
    path("echanges/calcul/<str:level>/<str:key>/lancer/", views.compute, name="compute"),
    re_path(PLACE + r"$", views.partners, name="partners"),
    re_path(PLACE + r"(?P<name>[a-z]{2,12})\.(?P<extension>csv|parquet|geojson)$", views.file, name="file"),
]
