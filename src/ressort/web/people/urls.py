"""Addresses of accounts and rights."""

from django.urls import path, re_path

from ressort.web.people import invitation_views, sessions, views

app_name = "people"
urlpatterns = [
    path("donnees-personnelles/", views.personal_data, name="personal_data"),
    path("compte/profil/", views.profile, name="profile"),
    path("compte/droits/", views.grants, name="grants"),
    path("compte/droits/<int:grant_id>/retirer/", views.take_back, name="take_back"),
    path("compte/invitations/", invitation_views.sent, name="invitations"),
    path("compte/invitations/<int:number>/retirer/", invitation_views.withdraw, name="withdraw"),
    path("compte/invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    re_path(r"^compte/mes-donnees\.(?P<extension>json|csv)$", views.export, name="export"),
    path("compte/sessions/", sessions.sessions, name="sessions"),
    path("compte/sessions/fermer/", sessions.end_sessions, name="end_sessions"),
    path("compte/sessions/<int:number>/fermer/", sessions.end_sessions, name="end_session"),
    path("compte/supprimer/", views.leave, name="leave"),
]
