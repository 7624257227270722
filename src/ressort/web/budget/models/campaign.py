"""A participatory budget: its rules and dates, the ideas that become projects, and what is said of them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class Campaign(models.Model):
    """One participatory budget of a territory. What is going on follows from the clock."""

    class Ballot(models.TextChoices):
        APPROVAL = "approval", _("a choice of projects")
        POINTS = "points", _("points to share between projects")

    class Identity(models.TextChoices):
        CODE = "code", _("a code sent to each voter")
        ACCOUNT = "account", _("an account of this site")
        DECLARED = "declared", _("name and date of birth, declared")

    class Order(models.TextChoices):
        DRAWN = "drawn", _("drawn by lot for each voter")
        ALPHABETICAL = "alphabetical", _("alphabetical")

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000, blank=True)
    budget_cents = models.BigIntegerField()
    ballot = models.CharField(max_length=12, choices=Ballot.choices, default=Ballot.APPROVAL)
    least_choices = models.PositiveSmallIntegerField(default=1)
    most_choices = models.PositiveSmallIntegerField(default=5)
    most_points_each = models.PositiveSmallIntegerField(default=3)
    most_points = models.PositiveSmallIntegerField(default=7)
    identity = models.CharField(max_length=12, choices=Identity.choices, default=Identity.CODE)
    order = models.CharField(max_length=16, choices=Order.choices, default=Order.DRAWN)
    rules = models.JSONField(default=dict)
    one_per_area = models.BooleanField(default=False)
    #: what will draw the lot, announced before the vote
    lot_source = models.CharField(max_length=200, blank=True)
    lot_words = models.CharField(max_length=120, blank=True)
    ideas_open_at = models.DateTimeField()
    ideas_close_at = models.DateTimeField()
    vote_opens_at = models.DateTimeField()
    vote_closes_at = models.DateTimeField()
    #: makes the keys of voters; destroyed when the vote is sealed
    pepper = models.BinaryField(max_length=32, null=True)
    sealed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="budgets")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-vote_opens_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(budget_cents__gt=0), name="campaign_has_money"),
            models.CheckConstraint(condition=~Q(title=""), name="campaign_has_a_title"),
            models.CheckConstraint(
                condition=Q(ideas_open_at__lt=F("ideas_close_at"))
                & Q(ideas_close_at__lte=F("vote_opens_at"))
                & Q(vote_opens_at__lt=F("vote_closes_at")),
                name="campaign_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(least_choices__gte=1) & Q(least_choices__lte=F("most_choices")),
                name="campaign_choices_in_order",
            ),
            models.CheckConstraint(
                condition=Q(most_points_each__gte=1) & Q(most_points_each__lte=F("most_points")),
                name="campaign_points_in_order",
            ),
            models.CheckConstraint(condition=Q(ballot__in=["approval", "points"]), name="campaign_ballot_known"),
            models.CheckConstraint(
                condition=Q(identity__in=["code", "account", "declared"]), name="campaign_identity_known"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(sealed_at__isnull=False),
                name="campaign_sealed_before_published",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True) | Q(sealed_at__gte=F("vote_closes_at")),
                name="campaign_sealed_after_vote",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=False) | Q(pepper__isnull=False), name="campaign_pepper_until_sealed"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The key of the territory."""
        return f"{self.kind}:{self.code}"

    @property
    def stage(self) -> str:
        """What is going on: soon, ideas, study, vote, count, published."""
        now = timezone.now()
        if self.published_at:
            return "published"
        for end, stage in (
            (self.ideas_open_at, "soon"),
            (self.ideas_close_at, "ideas"),
            (self.vote_opens_at, "study"),
            (self.vote_closes_at, "vote"),
        ):
            if now < end:
                return stage
        return "count"


class Idea(models.Model):
    """What an inhabitant proposes; the services study it, and it becomes a project put to the vote, or says why not."""

    class State(models.TextChoices):
        RECEIVED = "received", _("being read")
        SHOWN = "shown", _("under study")
        FEASIBLE = "feasible", _("put to the vote")
        REFUSED = "refused", _("not kept")
        MERGED = "merged", _("merged")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="ideas")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    area = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80, blank=True)
    author_name = models.CharField(max_length=80)
    author_email = models.EmailField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    number = models.PositiveIntegerField(null=True)
    cost_cents = models.BigIntegerField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    levers = models.CharField(max_length=300, blank=True)
    stress_token = models.CharField(max_length=16, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    studied_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="studied_ideas")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number", "title", "id")
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="idea_number_once_in_a_campaign"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="idea_says_something"),
            models.CheckConstraint(
                condition=~Q(state="feasible") | (Q(cost_cents__gt=0) & Q(number__isnull=False)),
                name="idea_voted_has_a_cost",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="idea_refused_says_why"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="idea_merged_says_where",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="idea_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "shown", "feasible", "refused", "merged"]), name="idea_state_known"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """What somebody adds to an idea; shown once read by the services."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="comments")
    author_name = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    is_shown = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(text="") & ~Q(author_name=""), name="comment_says_something"),
        )

    def __str__(self) -> str:
        return self.text[:60]
