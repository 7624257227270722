"""Addresses of the calls for projects."""

from django.urls import path, re_path

from ressort.web.calls import deliberation_views, desk_views, file_views, review_views, views

TOKEN = r"^appels/dossier/(?P<token>[A-Za-z0-9_-]{43})/"
app_name = "calls"
urlpatterns = [
    path("appels/", views.calls, name="calls"),
    path("appels/<int:call_id>/", views.call_page, name="call"),
    path("appels/<int:call_id>/<slug:name>.csv", views.published_file, name="published"),
    path("appels/<int:call_id>/deposer/", views.start, name="start"),
    path("appels/<int:call_id>/lien-perdu/", views.lost, name="lost"),
    re_path(TOKEN + r"$", views.application, name="application"),
    re_path(TOKEN + r"reprendre/$", views.take_back, name="take_back"),
    re_path(TOKEN + r"retirer/$", views.withdraw, name="withdraw"),
    re_path(TOKEN + r"joindre/(?P<question>[a-z0-9_]{1,40})/$", views.attach, name="attach"),
    re_path(TOKEN + r"piece/(?P<attachment_id>[0-9]{1,12})/$", views.own_attachment, name="own_attachment"),
    re_path(TOKEN + r"piece/(?P<attachment_id>[0-9]{1,12})/supprimer/$", views.detach, name="detach"),
    re_path(TOKEN + r"engagement/(?P<pledge_id>[0-9]{1,12})/$", views.evidence, name="evidence"),
    re_path(TOKEN + r"bilan/$", views.report, name="report"),
    path("appels/bureau/", desk_views.desk, name="desk"),
    path("appels/bureau/nouveau/", desk_views.new_call, name="new"),
    path("appels/<int:call_id>/bureau/", desk_views.manage, name="manage"),
    path("appels/<int:call_id>/bureau/modifier/", desk_views.change, name="change"),
    path("appels/<int:call_id>/bureau/grille/", desk_views.grid, name="grid"),
    path("appels/<int:call_id>/bureau/questions/", desk_views.questions, name="questions"),
    path("appels/<int:call_id>/bureau/questions/<slug:code>/", desk_views.move_question, name="move_question"),
    path("appels/<int:call_id>/bureau/publier/", desk_views.publish, name="publish"),
    path("appels/<int:call_id>/bureau/effacer/", desk_views.erase, name="erase"),
    path("appels/<int:call_id>/bureau/evaluateurs/", desk_views.add_reviewer, name="add_reviewer"),
    path("appels/evaluateurs/<int:reviewer_id>/retirer/", desk_views.remove_reviewer, name="remove_reviewer"),
    path("appels/dossiers/<int:application_id>/", file_views.file_page, name="file"),
    path("appels/<int:call_id>/deliberation/", deliberation_views.deliberate, name="deliberate"),
    path("appels/<int:call_id>/deliberation/classement.csv", deliberation_views.ranking_file, name="ranking"),
    path("appels/<int:call_id>/deliberation/tirage/", deliberation_views.draw, name="draw"),
    path("appels/dossiers/<int:application_id>/appeler/", deliberation_views.call_up, name="call_up"),
    path("appels/dossiers/<int:application_id>/suivi/", deliberation_views.follow, name="follow"),
    path("appels/dossiers/<int:application_id>/reversement/", deliberation_views.recover, name="recover"),
    path("appels/versements/<int:payment_id>/", deliberation_views.pay, name="pay"),
    path("appels/engagements/<int:pledge_id>/", deliberation_views.check, name="check"),
    path("appels/evaluations/", review_views.to_review, name="to_review"),
    path("appels/evaluations/<int:application_id>/", review_views.review, name="review"),
    path("appels/evaluations/<int:application_id>/conflit/", review_views.conflict, name="conflict"),
    path("appels/evaluations/<int:application_id>/rouvrir/", review_views.reopen, name="reopen"),
    path("appels/pieces/<int:attachment_id>/", review_views.attachment, name="attachment"),
    re_path(
        r"^territoire/(?P<kind>[A-Z_]{2,8})/(?P<code>[0-9A-Z]{2,12})/aides/$", deliberation_views.aid_share, name="aid"
    ),
]
