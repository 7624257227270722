"""Addresses of shocks: for a territory of the table, for a group, and of the answers."""

from django.urls import path, re_path

from ressort.web.resilience import views

app_name = "resilience"
urlpatterns = [
    re_path(r"^choc/resultat/(?P<token>[0-9a-f]{16})/$", views.result, name="result"),
    re_path(r"^choc/resultat/(?P<token>[0-9a-f]{16})/arreter/$", views.stop, name="stop"),
    re_path(r"^choc/resultat/(?P<token>[0-9a-f]{16})/courbe/(?P<need>[a-z]{3,20})\.svg$", views.chart, name="chart"),
    re_path(
        r"^choc/resultat/(?P<token>[0-9a-f]{16})/(?P<name>[a-z]{3,20}\.(?:csv|pdf|json))$", views.file, name="file"
    ),
    path("choc/tableau.csv", views.table_template, name="table_template"),
    path("choc/groupe/", views.choose, name="group_choose"),
    re_path(r"^choc/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/$", views.choose, name="choose"),
]
