"""Addresses of panels: the public pages, then the desk."""

from django.urls import path, re_path

from ressort.web.panel import desk_views, draw_views, life_views, views

DRAW_FILES = r"^panel/(?P<panel_id>[0-9]{1,12})/tirage/(?P<ordinal>[0-9]{1,3})/"

app_name = "panel"
urlpatterns = [
    path("panels/", views.panels, name="panels"),
    path("panel/nouveau/", desk_views.new, name="new"),
    path("panel/moi/<str:key>/", views.mine, name="mine"),
    path("panel/<int:panel_id>/", views.page, name="page"),
    path("panel/<int:panel_id>/inscription/", views.register, name="register"),
    path("panel/<int:panel_id>/document/<int:document_id>.pdf", views.document, name="document"),
    re_path(
        DRAW_FILES + r"(?P<name>engagement\.json|proces-verbal\.json|verifier\.py|verification\.zip)$",
        views.draw_file,
        name="draw_file",
    ),
    re_path(DRAW_FILES + r"lignes\.json$", draw_views.observers_rows, name="observers_rows"),
    re_path(DRAW_FILES + "$", draw_views.draw, name="draw"),
    path("panel/<int:panel_id>/bureau/", desk_views.desk, name="desk"),
    path("panel/<int:panel_id>/bureau/panel/", desk_views.change, name="change"),
    path("panel/<int:panel_id>/bureau/quotas/", desk_views.quotas, name="quotas"),
    path("panel/<int:panel_id>/bureau/volontaires/", desk_views.volunteers, name="volunteers"),
    path("panel/<int:panel_id>/bureau/volontaires/effacer/", desk_views.remove_volunteers, name="remove_volunteers"),
    path("panel/<int:panel_id>/bureau/faisabilite/", desk_views.feasible, name="feasible"),
    path("panel/<int:panel_id>/bureau/figer/", draw_views.freeze, name="freeze"),
    path("panel/<int:panel_id>/bureau/figer/arreter/", draw_views.stop_freezing, name="stop_freezing"),
    path("panel/<int:panel_id>/bureau/sieges/", draw_views.seats, name="seats"),
    path("panel/<int:panel_id>/bureau/sieges.csv", draw_views.seats_csv, name="seats_csv"),
    path("panel/<int:panel_id>/bureau/sieges/<int:seat_id>/", draw_views.answer_seat, name="answer_seat"),
    path("panel/<int:panel_id>/bureau/sieges/<int:seat_id>/compte/", life_views.name_account, name="name_account"),
    path("panel/<int:panel_id>/bureau/sieges/<int:seat_id>/suppleant/", draw_views.call_substitute, name="substitute"),
    path("panel/<int:panel_id>/bureau/seances/", life_views.meetings, name="meetings"),
    path("panel/<int:panel_id>/bureau/seances/<int:meeting_id>/", life_views.attendance, name="attendance"),
    path("panel/<int:panel_id>/bureau/indemnites/", life_views.pay, name="pay"),
    path("panel/<int:panel_id>/bureau/indemnites/monnaie/", life_views.pay_in_currency, name="pay_in_currency"),
    path("panel/<int:panel_id>/bureau/indemnites.csv", life_views.mandates_csv, name="mandates_csv"),
    path("panel/<int:panel_id>/bureau/documents/", life_views.documents, name="documents"),
    path("panel/<int:panel_id>/bureau/avis/", life_views.opinion, name="opinion"),
    path("panel/<int:panel_id>/bureau/avis/publier/", life_views.publish_opinion, name="publish_opinion"),
    path("panel/<int:panel_id>/bureau/avis/<int:point_id>/", life_views.answer_point, name="answer_point"),
]
