"""The screen of gifts to the associations that members sponsor."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ressort.language import number
from ressort.web.association import gifts, queries
from ressort.web.association.desk import Desk, desk_view
from ressort.web.association.models import Gifts
from ressort.web.association.money_forms import GiftDaysForm


@desk_view("keep_bank")
def gifts_page(desk: Desk) -> HttpResponse:
    """What the conversions of some days owe to associations, looked at, then given."""
    last, today = gifts.last(desk.number), timezone.localdate()
    given = desk.request.POST or desk.request.GET or None
    form = GiftDaysForm(last.until if last else None, given, initial={"since": today.replace(month=1, day=1), "until": today})  # fmt: skip
    found = None
    if last and form.is_valid() and form.cleaned_data["since"] != last.until:
        desk.complain(_("These days do not begin where the last ones ended: look again."))
        return redirect("association:gifts", desk.code)
    if form.is_valid():
        days = form.cleaned_data["since"], form.cleaned_data["until"]
        give = partial(gifts.give, desk.request.user, desk.number, *days)
        if desk.request.method == "POST" and desk.done(form, give, _("The gifts are in the journal.")):
            return redirect("association:gifts", desk.code)
        found = gifts.owed(desk.number, *days)
    past = Gifts.objects.filter(currency=desk.number)[:24]
    rules = queries.rules(desk.number)
    part = number(rules.gift_bp / 100, 0 if rules.gift_bp % 100 == 0 else 2)
    return desk.page("gifts", form=form, found=found, past=past, rules=rules, part=part)
