"""Addresses of participatory budgets."""

from django.urls import path, re_path

from ressort.web.budget import desk_views, paper_views, views, vote_views

app_name = "budget"
urlpatterns = [
    path("budget/", views.campaigns, name="campaigns"),
    path("budget/nouveau/", desk_views.new, name="new"),
    path("budget/<int:pk>/", views.campaign, name="campaign"),
    path("budget/<int:pk>/proposer/", views.propose, name="propose"),
    path("budget/<int:pk>/idees/<int:idea_id>/", views.idea, name="idea"),
    path("budget/<int:pk>/resultats/", views.result, name="result"),
    re_path(r"^budget/(?P<pk>[0-9]+)/resultats\.(?P<extension>pb|json|txt)$", views.result_file, name="result_file"),
    path("budget/<int:pk>/voter/", vote_views.vote, name="vote"),
    path("budget/<int:pk>/recepisse/", vote_views.receipt, name="receipt"),
    path("budget/<int:pk>/gestion/", desk_views.desk, name="desk"),
    path("budget/<int:pk>/gestion/regles/", desk_views.rules, name="rules"),
    path("budget/<int:pk>/gestion/codes/", desk_views.codes, name="codes"),
    path("budget/<int:pk>/gestion/idees/<int:idea_id>/", desk_views.study, name="study"),
    path("budget/<int:pk>/gestion/idees/<int:idea_id>/fusionner/", desk_views.merge, name="merge"),
    path("budget/<int:pk>/gestion/commentaires/<int:comment_id>/", desk_views.comment, name="comment"),
    path("budget/<int:pk>/gestion/depouillement/<slug:what>/", desk_views.step, name="step"),
    path("budget/<int:pk>/papier/", paper_views.batches, name="batches"),
    path("budget/<int:pk>/papier/<int:batch_id>/", paper_views.batch, name="batch"),
    path("budget/<int:pk>/papier/<int:batch_id>/bulletins.pdf", paper_views.series, name="series"),
    path("budget/<int:pk>/papier/<int:batch_id>/fermer/", paper_views.close, name="close_batch"),
]
