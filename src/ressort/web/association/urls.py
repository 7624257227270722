"""Addresses of the desk of a currency."""

from django.urls import path, re_path

from ressort.web.association import bank_views, debit_views, keeping_views, people_views, public_views, views

app_name = "association"
_AT = "monnaies/<slug:code>/gestion/"
_BANK = r"^monnaies/(?P<code>[-\w]+)/gestion/banque/(?P<account>paper|digital|operating)/"
_DEBITS = r"^monnaies/(?P<code>[-\w]+)/gestion/prelevements/(?P<collection_id>\d+)/(?P<way>accord|abandon|reprise)/$"
_MOVES = "fermer|suspendre|reprendre|niveau-[012]"
urlpatterns = [
    path(_AT, views.home, name="home"),
    path(_AT + "operations/", views.operations, name="operations"),
    path(_AT + "operations/<slug:operation>/", views.operation, name="operation"),
    path(_AT + "journal/", views.journal, name="journal"),
    path(_AT + "journal/<int:deed_id>/", views.deed, name="deed"),
    path(_AT + "journal/<int:deed_id>/decision/", views.decide, name="decide"),
    path(_AT + "journal/<int:deed_id>/annulation/", views.reverse, name="reverse"),
    path(_AT + "membres/", people_views.member_list, name="members"),
    path(_AT + "membres/nouveau/", people_views.new_member, name="new_member"),
    path(_AT + "membres/<int:member_id>/", people_views.member, name="member"),
    path(_AT + "membres/<int:member_id>/agrement/", people_views.approve, name="approve"),
    path(_AT + "membres/<int:member_id>/modifier/", people_views.change, name="change_member"),
    path(_AT + "membres/<int:member_id>/montrer/", people_views.show, name="show_member"),
    re_path(rf"^monnaies/(?P<code>[-\w]+)/gestion/membres/(?P<member_id>\d+)/(?P<way>{_MOVES})/$", people_views.move, name="move_member"),
    path(_AT + "cotisations/", people_views.dues, name="dues"),
    path(_AT + "cotisations/<int:dues_id>/dispense/", people_views.waive, name="waive"),
    path(_AT + "equipe/", people_views.posts, name="posts"),
    path(_AT + "equipe/<int:post_id>/retrait/", people_views.dismiss, name="dismiss"),
    path(_AT + "regles/", people_views.rules, name="rules"),
    path(_AT + "bureaux/", keeping_views.offices, name="offices"),
    path(_AT + "billets/", keeping_views.note_places, name="notes"),
    path(_AT + "fonds/", keeping_views.reserve, name="reserve"),
    path(_AT + "fonds/<int:certificate_id>/confirmation/", keeping_views.confirm, name="confirm"),
    path(_AT + "fonds/<int:certificate_id>/certificat.json", keeping_views.certificate_file, name="certificate_file"),
    path(_AT + "fonds/<int:certificate_id>/certificat.pdf", keeping_views.certificate_paper, name="certificate_paper"),
    re_path(r"^monnaies/(?P<code>[-\w]+)/gestion/seuils/dossier\.(?P<kind>pdf|csv)$", keeping_views.declaration_pack, name="declaration_pack"),
    path(_AT + "comptabilite/", keeping_views.books, name="books"),
    path(_AT + "banque/", bank_views.accounts, name="bank"),
    path(_AT + "banque/virements.xml", bank_views.payout_file, name="payout_file"),
    path(_AT + "banque/lignes/<int:line_id>/", bank_views.match, name="match"),
    re_path(_BANK + "$", bank_views.account, name="bank_account"),
    re_path(_BANK + "sures/$", bank_views.match_sure, name="match_sure"),
    path(_AT + "membres/<int:member_id>/mandat/", debit_views.record_mandate, name="record_mandate"),
    path(_AT + "membres/<int:member_id>/credit/", debit_views.set_credit, name="set_credit"),
    path(_AT + "membres/<int:member_id>/credit/arret/", debit_views.stop_credit, name="stop_credit"),
    path(_AT + "mandats/<int:mandate_id>/signature/", debit_views.sign_mandate, name="sign_mandate"),
    path(_AT + "mandats/<int:mandate_id>/fin/", debit_views.end_mandate, name="end_mandate"),
    path(_AT + "mandats/<int:mandate_id>/mandat.pdf", debit_views.mandate_paper, name="mandate_paper"),
    path(_AT + "prelevements/", debit_views.collections, name="collections"),
    path(_AT + "prelevements/<int:collection_id>/", debit_views.collection, name="collection"),
    path(_AT + "prelevements/<int:collection_id>/prelevements.xml", debit_views.collection_file, name="collection_file"),
    re_path(_DEBITS, debit_views.move_collection, name="move_collection"),
    path(_AT + "prelevements/lignes/<int:debit_id>/rejet/", debit_views.reject_debit, name="reject_debit"),
    path(_AT + "import/", bank_views.opening, name="opening"),
    path(_AT + "programmes/", public_views.programmes, name="programmes"),
    path(_AT + "programmes/<int:programme_id>/", public_views.programme, name="programme"),
    path(_AT + "programmes/<int:programme_id>/virements.xml", public_views.euro_file, name="euro_file"),
    path(_AT + "porte-monnaie/", keeping_views.offline, name="offline"),
    re_path(r"^monnaies/(?P<code>[-\w]+)/certificat\.(?P<kind>json|pdf)$", keeping_views.public_certificate, name="public_certificate"),
    path("monnaies/<slug:code>/adherent/", public_views.holder, name="holder"),
    path(_AT + "seuils/", keeping_views.clocks, name="clocks"),
]  # fmt: skip
