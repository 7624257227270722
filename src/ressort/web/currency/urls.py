"""Addresses of local currencies."""

from django.urls import path

from ressort.web.currency import public, views

app_name = "currency"
urlpatterns = [
    path("monnaies/", views.currencies, name="currencies"),
    path("monnaies/compte/", views.mine, name="mine"),
    path("monnaies/compte/<slug:alias>/", views.wallet, name="wallet"),
    path("monnaies/compte/<slug:alias>/releve.csv", views.statement_file, name="statement_file"),
    path("monnaies/compte/<slug:alias>/payer/", views.pay, name="pay"),
    path("monnaies/compte/<slug:alias>/recu/<int:transfer>/", views.receipt, name="receipt"),
    path("monnaies/<slug:code>/", public.currency, name="currency"),
    path("monnaies/<slug:code>/mesures/", public.statistics, name="statistics"),
    path("monnaies/<slug:code>/mesures.csv", public.statistics_file, name="statistics_file"),
    path("monnaies/<slug:code>/professionnels/", public.professionals, name="professionals"),
    path("monnaies/<slug:code>/contours.json", public.contours, name="contours"),
]
