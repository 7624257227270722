"""Polling places: the attendance sheet, and paper ballots keyed twice."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ressort.core.errors import RessortError
from ressort.web.budget import actions, printing, queries
from ressort.web.budget.forms import EntryForm, IdentityForm, SeriesForm, StationForm
from ressort.web.budget.models import Campaign, PaperBatch, Signature
from ressort.web.budget.views import framed
from ressort.web.people import access


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest, pk: int) -> HttpResponse:
    """The polling places of a vote."""
    held = get_object_or_404(Campaign, pk=pk)
    access.require(request.user, "key_ballots", held.key)
    form = StationForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.open_batch(request.user, held, form.cleaned_data["station"])
            return redirect("budget:batch", pk, made.pk)
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
    return render(request, "budget/batches.html", framed(request, held) | {"form": form, "batches": held.batches.all()})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, pk: int, batch_id: int) -> HttpResponse:
    """One polling place: sign, key, compare, close."""
    held = get_object_or_404(PaperBatch.objects.select_related("campaign"), pk=batch_id, campaign_id=pk)
    access.require(request.user, "key_ballots", held.campaign.key)
    is_signing = "signer" in request.POST
    identity = IdentityForm(held.campaign, request.POST if is_signing else None)
    entry = EntryForm(request.POST if request.method == "POST" and not is_signing else None)
    form, act = (identity, _sign) if is_signing else (entry, _key)
    if request.method == "POST" and form.is_valid():
        try:
            act(request, held, form.cleaned_data)
            return redirect("budget:batch", pk, batch_id)
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
    signed = Signature.objects.filter(elector__campaign=held.campaign, method="paper", station=held.station).count()
    series = SeriesForm(initial={"first": held.printed + 1, "count": 100})
    told = {"batch": held, "identity": identity, "entry": entry, "series": series, "signed": signed, "bound": form}
    return render(request, "budget/batch.html", framed(request, held.campaign) | queries.batch_state(held) | told)


def _sign(request: HttpRequest, held: PaperBatch, told: dict[str, object]) -> None:
    actions.sign_paper(request.user, held.campaign, actions.Asker(**told), held.station)
    messages.success(request, _("Signed: this person votes here on paper."))


def _key(request: HttpRequest, held: PaperBatch, told: dict[str, object]) -> None:
    actions.key_entry(request.user, held, **told)
    messages.success(request, _("Ballot {number} is keyed.").format(number=told["number"]))


@never_cache
@login_required
@require_POST
def series(request: HttpRequest, pk: int, batch_id: int) -> HttpResponse:
    """Numbered ballots to print, as PDF; their numbers are noted."""
    held = get_object_or_404(PaperBatch.objects.select_related("campaign"), pk=batch_id, campaign_id=pk)
    access.require(request.user, "key_ballots", held.campaign.key)
    form = SeriesForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("budget:batch", pk, batch_id)
    first, count = form.cleaned_data["first"], form.cleaned_data["count"]
    try:
        paper = printing.ballots(held, first, count, form.cleaned_data["large"])
        actions.print_series(request.user, held, first, count)
    except RessortError as refusal:
        messages.error(request, refusal.say(_))
        return redirect("budget:batch", pk, batch_id)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="bulletins-{batch_id}-{first}.pdf"'
    return response


@login_required
@require_POST
def close(request: HttpRequest, pk: int, batch_id: int) -> HttpResponse:
    """Puts the ballots of a polling place in the box."""
    held = get_object_or_404(PaperBatch.objects.select_related("campaign"), pk=batch_id, campaign_id=pk)
    try:
        count = actions.close_batch(request.user, held)
        messages.success(
            request,
            ngettext("{count} ballot is in the box.", "{count} ballots are in the box.", count).format(count=count),
        )
    except RessortError as refusal:
        messages.error(request, refusal.say(_))
    return redirect("budget:batch", pk, batch_id)
