"""Addresses of local currencies."""

from django.urls import path

from ressort.web.currency import views

app_name = "currency"
urlpatterns = [
    path("monnaies/", views.currencies, name="currencies"),
    path("monnaies/compte/", views.mine, name="mine"),
    path("monnaies/compte/<slug:alias>/", views.wallet, name="wallet"),
    path("monnaies/compte/<slug:alias>/releve.csv", views.statement_file, name="statement_file"),
    path("monnaies/compte/<slug:alias>/payer/", views.pay, name="pay"),
    path("monnaies/compte/<slug:alias>/recu/<int:transfer>/", views.receipt, name="receipt"),
    path("monnaies/<slug:code>/", views.currency, name="currency"),
]
