"""Addresses of territories."""

from django.urls import path

from ressort.web.territories import views

app_name = "territories"
urlpatterns = [
    path("", views.home, name="home"),
    path("chercher/", views.search, name="search"),
    path("groupe/composer/", views.compose, name="compose"),
    path("territoire/<str:text>/", views.anything, name="anything"),
]
