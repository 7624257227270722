"""The cookie that a visitor brings is not the one they are signed in with: nobody can hand somebody else a session to fill."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse


def test_signing_in_leaves_the_session_that_was_brought(client: Client, person: Any) -> None:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    planted = SessionStore()
    planted["planted"] = True
    planted.create()
    before = str(planted.session_key)
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    answer = client.post(reverse("account_login"), {"login": person.email, "password": "Correct-Horse-9-Battery"})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert answer.status_code == 302 and client.get(reverse("people:profile")).status_code == 200
    assert after != before and not SessionStore().exists(before)
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stranger.get(reverse("people:profile")).status_code == 302
