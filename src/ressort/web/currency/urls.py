"""Addresses of local currencies."""

from django.urls import path

from ressort.web.currency import code_views, pay_views, phone, programs, public, purse_views, till, views

app_name = "currency"
urlpatterns = [
    path("monnaies/", views.currencies, name="currencies"),
    path("monnaies/lire/", code_views.read, name="read"),
    path("monnaies/hors-ligne/", phone.offline, name="offline"),
    path("monnaies/hors-ligne/etat", purse_views.state, name="offline_state"),
    path("monnaies/porte-monnaie/", purse_views.purse, name="purse"),
    path("monnaies/caisse/", purse_views.queue, name="offline_queue"),
    path("monnaies/application.webmanifest", phone.manifest, name="manifest"),
    path("monnaies/application.js", phone.worker, name="worker"),
    path("monnaies/compte/", views.mine, name="mine"),
    path("monnaies/compte/<slug:alias>/", views.wallet, name="wallet"),
    path("monnaies/compte/<slug:alias>/releve.csv", views.statement_file, name="statement_file"),
    path("monnaies/compte/<slug:alias>/releve.pdf", views.statement_paper, name="statement_paper"),
    path("monnaies/compte/<slug:alias>/recevoir/", code_views.receive, name="receive"),
    path("monnaies/compte/<slug:alias>/demande/<slug:short>/", code_views.ask, name="ask"),
    path("monnaies/compte/<slug:alias>/demande/<slug:short>/etat", code_views.ask_state, name="ask_state"),
    path("monnaies/compte/<slug:alias>/payer-demande/<slug:short>/", code_views.pay_ask, name="pay_ask"),
    path("monnaies/compte/<slug:alias>/montrer/", code_views.show, name="show"),
    path("monnaies/compte/<slug:alias>/caisse/", till.till, name="till"),
    path("monnaies/compte/<slug:alias>/caisse/rembourser/<int:transfer>/", till.refund, name="refund"),
    path("monnaies/compte/<slug:alias>/caisse/hors-ligne/", purse_views.till, name="offline_till"),
    path("monnaies/compte/<slug:alias>/porte-monnaie/", purse_views.of_wallet, name="purses"),
    path("monnaies/compte/<slug:alias>/porte-monnaie/charger", purse_views.load, name="load_purse"),
    path("monnaies/compte/<slug:alias>/porte-monnaie/rendre", purse_views.surrender, name="surrender_purse"),
    path("monnaies/compte/<slug:alias>/porte-monnaie/<int:number>/perdu", purse_views.lose, name="lose_purse"),
    path("monnaies/compte/<slug:alias>/porte-monnaie/<int:number>/rembourser", purse_views.repay, name="repay_purse"),
    path("monnaies/compte/<slug:alias>/programmes/", programs.programs, name="programs"),
    path("monnaies/compte/<slug:alias>/programmes/cle/<int:number>/", programs.revoke, name="revoke_key"),
    path("monnaies/compte/<slug:alias>/programmes/avis/<int:number>/", programs.stop, name="stop_hook"),
    path("monnaies/compte/<slug:alias>/equipe/", till.team, name="team"),
    path("monnaies/compte/<slug:alias>/equipe/<int:seat_id>/retirer/", till.unseat, name="unseat"),
    path("monnaies/compte/<slug:alias>/payer/", pay_views.pay, name="pay"),
    path("monnaies/compte/<slug:alias>/reserve/<int:number>/", views.purpose, name="purpose"),
    path("monnaies/compte/<slug:alias>/recu/<int:transfer>/", views.receipt, name="receipt"),
    path("monnaies/<slug:code>/", public.currency, name="currency"),
    path("monnaies/<slug:code>/mesures/", public.statistics, name="statistics"),
    path("monnaies/<slug:code>/mesures.csv", public.statistics_file, name="statistics_file"),
    path("monnaies/<slug:code>/professionnels/", public.professionals, name="professionals"),
    path("monnaies/<slug:code>/contours.json", public.contours, name="contours"),
]
