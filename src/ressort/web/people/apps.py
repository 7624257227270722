"""Notes each sign-in, so that a person can see where they are signed in, and end it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People: accounts, rights, sessions."""

    name = "ressort.web.people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from ressort.web.people import sessions

        user_logged_in.connect(sessions.note_sign_in, dispatch_uid="people-sign-in")
