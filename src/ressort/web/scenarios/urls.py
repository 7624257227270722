"""Addresses of scenarios, for a territory of the table and for a group."""

from django.urls import re_path

from ressort.web.scenarios import views

PLACE = r"^scenario/(?P<kind>[A-Za-z_]{2,8})/(?P<code>[0-9A-Za-z]{2,12})/"
GROUP = r"^scenario/groupe/"

app_name = "scenarios"
urlpatterns = [
    re_path(GROUP + r"$", views.scenario, name="group_scenario"),
    re_path(GROUP + r"comparer/$", views.compare, name="group_compare"),
    re_path(PLACE + r"$", views.scenario, name="scenario"),
    re_path(PLACE + r"comparer/$", views.compare, name="compare"),
]
