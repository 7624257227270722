"""Who stands behind an account. The ledger itself knows numbers only: erasing a row here cuts the link and leaves the chain whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class Wallet(models.Model):
    """An account of the ledger in somebody's name. The alias is what others pay to; it gives no right."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("individual")
        PROFESSIONAL = "professional", _("professional")
        ASSOCIATION = "association", _("association")
        PUBLIC_BODY = "public_body", _("public body")

    account = models.BigIntegerField(unique=True)
    currency = models.SmallIntegerField()
    alias = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="wallets")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "alias")
        constraints = (
            models.CheckConstraint(condition=Q(alias__regex=r"^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$"), name="wallet_alias_well_formed"),
            models.CheckConstraint(condition=~Q(name=""), name="wallet_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["individual", "professional", "association", "public_body"]), name="wallet_kind_known"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} ({self.alias})"


class Key(models.Model):
    """Lets a program (shop, ticket machine) pay from one wallet. Only its digest is kept: the key itself is shown once."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="payment_keys")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="key_digest_is_sha256"),
            models.CheckConstraint(condition=~Q(label=""), name="key_has_a_label"),
        )

    def __str__(self) -> str:
        return f"{self.label} → {self.wallet.alias}"


class Label(models.Model):
    """What a payer wrote beside a payment. Personal, outside the chain, erased after its day."""

    transfer = models.BigIntegerField(primary_key=True)
    text = models.CharField(max_length=140)
    purge_on = models.DateField(db_index=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="label_says_something"),)

    def __str__(self) -> str:
        return self.text
