"""Who stands behind an account. The ledger itself knows numbers only: erasing a row here cuts the link and leaves the chain whole."""

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.currency.demurrage_models import DemurrageRule as DemurrageRule
from ressort.web.currency.demurrage_models import Melted as Melted
from ressort.web.currency.earmark_models import Accepted as Accepted
from ressort.web.currency.earmark_models import Earmark as Earmark
from ressort.web.currency.earmark_models import EarmarkUse as EarmarkUse
from ressort.web.currency.earmark_models import Purpose as Purpose
from ressort.web.currency.key_models import Key as Key
from ressort.web.currency.key_models import KeySpending as KeySpending
from ressort.web.currency.purse_models import OfflinePayment as OfflinePayment
from ressort.web.currency.purse_models import Purse as Purse
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


class Label(models.Model):
    """What a payer wrote beside a payment. Personal, outside the chain, erased after its day."""

    transfer = models.BigIntegerField(primary_key=True)
    text = models.CharField(max_length=140)
    purge_on = models.DateField(db_index=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="label_says_something"),)

    def __str__(self) -> str:
        return self.text


class Standings(models.Manager["Standing"]):
    """What currencies are."""

    def any_circulates(self) -> bool:
        """Whether any real currency has a territory: asked for each page of a territory, so in the words of the database."""
        with connection.cursor() as cursor:
            table = self.model._meta.db_table
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE nature = %s AND territory <> %s LIMIT 1', ["real", ""])
            return cursor.fetchone() is not None


class Standing(models.Model):
    """What a currency is: real, for trying programs, or simulated. Without a row, a currency is real."""

    class Nature(models.TextChoices):
        REAL = "real", _("real")
        SANDBOX = "sandbox", _("sandbox")
        SIMULATED = "simulated", _("simulated")

    currency = models.SmallIntegerField(unique=True)
    nature = models.CharField(max_length=12, choices=Nature.choices)
    territory = models.CharField(max_length=24, blank=True)
    issuer = models.ForeignKey(Wallet, on_delete=models.SET_NULL, null=True, related_name="+")
    seed = models.IntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = Standings()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(nature__in=["real", "sandbox", "simulated"]), name="standing_nature_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(nature="real"), name="standing_real_is_not_withdrawn"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.nature}"


class Listing(models.Model):
    """Where somebody who takes the currency is found: for the public list, the map and the flows between sectors and places."""

    class Branch(models.TextChoices):
        FOOD_RETAIL = "food_retail", _("food shop")
        CATERING = "catering", _("café, restaurant")
        FARMING = "farming", _("farm")
        CRAFTS = "crafts", _("craft")
        SERVICES = "services", _("service")
        CULTURE = "culture", _("culture")
        CARE = "care", _("health, care")
        ENERGY_TRANSPORT = "energy_transport", _("energy, transport")
        OTHER = "other", _("other")

    wallet = models.OneToOneField(Wallet, on_delete=models.CASCADE, related_name="listing")
    branch = models.CharField(max_length=20, choices=Branch.choices, blank=True)
    commune = models.CharField(max_length=5, blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(commune="") | Q(commune__regex=r"^[0-9][0-9AB][0-9]{3}$"), name="listing_commune_is_a_code"),
            models.CheckConstraint(
                condition=Q(branch__in=["", "food_retail", "catering", "farming", "crafts", "services", "culture", "care", "energy_transport", "other"]),
                name="listing_branch_known",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wallet.alias} {self.branch} {self.commune}"


class Measurement(models.Model):
    """The measures of a currency over the days before one, computed once: pages read it, nobody waits for it."""

    currency = models.SmallIntegerField()
    until = models.DateField()
    content = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-until",)
        constraints = (models.UniqueConstraint(fields=["currency", "until"], name="measurement_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.currency} {self.until}"


class Seat(models.Model):
    """Somebody who works for the holder of a wallet. A cashier takes payments; a manager also reads the statement and refunds."""

    class Role(models.TextChoices):
        CASHIER = "cashier", _("cashier")
        MANAGER = "manager", _("manager")

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=8, choices=Role.choices)
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="seats_given")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("person__email",)
        constraints = (
            models.UniqueConstraint(fields=["wallet", "person"], name="seat_one_a_person"),
            models.CheckConstraint(condition=Q(role__in=["cashier", "manager"]), name="seat_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.role} · {self.wallet.alias}"


class Ask(models.Model):
    """A code made for one use: a payment asked by a payee, or a payer who shows up to a shop for a minute."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("request")
        PAYER = "payer", _("payer code")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    nonce = models.CharField(max_length=32, unique=True)
    short = models.CharField(max_length=8, unique=True)
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="asks")
    amount_cents = models.BigIntegerField(null=True)
    label = models.CharField(max_length=140, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="asks")
    made_at = models.DateTimeField(auto_now_add=True)
    transfer = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="request", amount_cents__gt=0) | Q(kind="payer", amount_cents__isnull=True),
                name="ask_request_has_an_amount",
            ),
            models.CheckConstraint(condition=Q(nonce__regex=r"^[0-9a-f]{32}$"), name="ask_nonce_is_16_bytes"),
            models.UniqueConstraint(fields=["transfer"], name="ask_one_transfer"),
        )

    def __str__(self) -> str:
        return f"{self.short} {self.kind} {self.wallet.alias}"


class Hook(models.Model):
    """Where a program wants to be told of what a wallet receives. The secret is drawn from that of the site and a salt."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="hooks")
    url = models.URLField(max_length=300)
    salt = models.CharField(max_length=32)
    seen = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="hooks")
    made_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (models.CheckConstraint(condition=Q(url__startswith="https://"), name="hook_is_encrypted"),)

    def __str__(self) -> str:
        return f"{self.wallet.alias} → {self.url}"


class Delivery(models.Model):
    """A notice to send, or sent: one a hook and transfer."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    transfer = models.BigIntegerField()
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    done_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["hook", "transfer"], name="delivery_once_a_transfer"),
            models.CheckConstraint(condition=Q(done_at__isnull=True) | Q(next_at__isnull=True), name="delivery_done_waits_no_more"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.hook_id} {self.transfer} {self.answer}"


class Telephone(models.Model):
    """A telephone whose text messages pay from a wallet; `code` confirms the payment that waits, if one does."""

    number = models.CharField(max_length=16, unique=True)
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="telephones")
    linked_at = models.DateTimeField(auto_now_add=True)
    code = models.CharField(max_length=4, blank=True)
    tries = models.SmallIntegerField(default=0)
    payee = models.CharField(max_length=40, blank=True)
    amount_cents = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    paid_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(number__regex=r"^\+[1-9][0-9]{7,14}$"), name="telephone_number_well_formed"),
            models.CheckConstraint(condition=Q(amount_cents__gte=0, paid_cents__gte=0), name="telephone_amounts_not_negative"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"…{self.number[-2:]} → {self.wallet.alias}"


class Message(models.Model):
    """A text message already answered: the same one, sent again by a gateway, gets the same answer."""

    number = models.CharField(max_length=80, unique=True)
    answer = models.CharField(max_length=320)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.number
