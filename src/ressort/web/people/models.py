"""Who may do what, on which territory, and who did."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class People(BaseUserManager["Person"]):
    """Persons, known by their e-mail."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **rest: Any) -> "Person":
        """A person; without a password, nobody can sign in until one is chosen."""
        person = self.model(email=self.normalize_email(email).lower(), **rest)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. `is_superuser` marks the operators of the installation, who may do everything."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, default="fr")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="person_email_unique_whatever_its_case"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="person_language_known"),
            models.CheckConstraint(condition=~Q(email=""), name="person_has_an_email"),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Grant(models.Model):
    """A role given to a person on one territory."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("administrator")
        CONTRIBUTOR = "contributor", _("contributor")

    KINDS = ("COM", "EPCI", "BV", "ZE", "AAV", "DEP", "REG", "PAYS", "BE_COM", "BE_PROV")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    role = models.CharField(max_length=16, choices=Role.choices)
    granted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="grants_given")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("kind", "code", "role", "person__email")
        constraints = (
            models.UniqueConstraint(fields=["person", "kind", "code"], name="grant_one_role_per_territory"),
            models.CheckConstraint(condition=Q(role__in=["administrator", "contributor"]), name="grant_role_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["COM", "EPCI", "BV", "ZE", "AAV", "DEP", "REG", "PAYS", "BE_COM", "BE_PROV"]),
                name="grant_kind_known",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]{2,12}$"), name="grant_code_well_formed"),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=models.F("person")), name="grant_not_to_oneself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.key}"

    @property
    def key(self) -> str:
        """The key of the territory, such as `EPCI:200067254`."""
        return f"{self.kind}:{self.code}"


class Entry(models.Model):
    """A line of the audit log: who did what, when, to which object. Never what the object holds."""

    who = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="entries")
    what = models.CharField(max_length=40)
    about = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (models.CheckConstraint(condition=~Q(what=""), name="entry_says_what"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.about}"


class SignIn(models.Model):
    """Where a person is signed in: the session, since when, with what. No address of a computer is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(session=""), name="sign_in_has_a_session"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.agent}"


class Invitation(models.Model):
    """A link handed to somebody for one role: used once, until a moment. Only the digest of its token is kept."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    what = models.CharField(max_length=12)
    about = models.CharField(max_length=60)
    role = models.CharField(max_length=16)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="invitations_made")
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="invitations_accepted")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="invitation_digest_is_sha256"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__lte=models.F("until")),
                name="invitation_accepted_in_time",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(accepted_by__isnull=True) | ~Q(by=models.F("accepted_by")),
                name="invitation_not_to_oneself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.what}:{self.about} {self.role} → {self.email}"
