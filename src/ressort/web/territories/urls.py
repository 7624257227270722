"""Addresses of territories."""

from django.urls import path

from ressort.web.territories import views

app_name = "territories"
urlpatterns = [
    path("", views.home, name="home"),
    path("chercher/", views.search, name="search"),
    path("carte/", views.home, name="map"),
    path("groupe/composer/", views.home, name="compose"),
    path("groupe/", views.home, name="group"),
    path("territoire/<str:kind>/<str:code>/", views.home, name="territory"),
    path("territoire/<str:text>/", views.anything, name="anything"),
]
