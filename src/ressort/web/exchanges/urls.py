"""Addresses of exchanges."""

from django.urls import path, re_path

from ressort.web.exchanges import agreement_views, editor_views, views

PLACE = r"^cooperer/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/"

GROUP = r"^cooperer/groupe/"
SCREENS = (
    (r"$", views.partners, "partners"),
    (r"regles/$", views.rules, "rules"),
    (r"(?P<name>[a-z]{2,12})\.(?P<extension>csv|parquet|geojson)$", views.file, "file"),
)

app_name = "exchanges"
urlpatterns = [
    path("echanges/", views.country, name="country"),
    re_path(
        r"^echanges/(?P<level>[A-Z]{2,4})/(?P<key>[a-z_]{2,24})/(?P<name>[a-z]{2,12})\.(?P<extension>csv|parquet|geojson)$",
        views.country_file,
        name="country_file",
    ),
    path("echanges/calcul/<str:level>/<str:key>/", views.computation, name="computation"),
    path("echanges/calcul/<str:level>/<str:key>/lancer/", views.compute, name="compute"),
    path("accords/", agreement_views.listed, name="agreements"),
    path("accord/nouveau/", agreement_views.new, name="new_agreement"),
    path("accord/<int:agreement_id>/", agreement_views.page, name="agreement"),
    path("accord/<int:agreement_id>/termes/", agreement_views.change, name="change_agreement"),
    path("accord/<int:agreement_id>/etat/", agreement_views.state, name="agreement_state"),
    path("accord/<int:agreement_id>/signer/<int:party_id>/", agreement_views.sign, name="sign_agreement"),
    path("accord/<int:agreement_id>/suivi/<int:year>/", agreement_views.follow, name="follow_agreement"),
    path("accord/<int:agreement_id>/lignes/", editor_views.lines, name="edit_lines"),
    path("accord/<int:agreement_id>/lignes/<int:line_id>/", editor_views.lines, name="edit_line"),
    path("accord/<int:agreement_id>/solde/", editor_views.balance, name="agreement_balance"),
    path("accord/<int:agreement_id>/solde/<int:line_id>/", editor_views.balance, name="agreement_balance_line"),
    path("accord/<int:agreement_id>/changer/", editor_views.change, name="edit_agreement"),
    re_path(
        r"^accord/(?P<agreement_id>[0-9]{1,12})/(?P<name>[a-z-]{2,12})\.(?P<extension>pdf|json|csv)$",
        agreement_views.file,
        name="agreement_file",
    ),
    *(re_path(GROUP + rest, view, name=f"group_{name}") for rest, view, name in SCREENS),
    *(re_path(PLACE + rest, view, name=name) for rest, view, name in SCREENS),
]
