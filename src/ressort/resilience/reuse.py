"""Which re-use rate the lever of the local currency takes, in words."""

from ressort.language import gettext as _
from ressort.language import percent
from ressort.resilience.request import Request
from ressort.resilience.settings import REUSE_SHARE


def reuse_told(request: Request) -> str:
    """Which re-use rate the lever of the local currency takes, and where it comes from; empty without that lever."""
    if "local_currency" not in request.levers:
        return ""
    if not request.reuse:
        return _(
            "Local currency: {share} of what is spent in it is spent again locally, a hypothesis without a source: no currency measured here was given."
        ).format(share=percent(REUSE_SHARE))
    low, central, high = map(percent, request.reuse)
    return _("Local currency: {share} ({low} to {high}) of what is spent in it is spent again locally, measured: {source}.").format(
        share=central, low=low, high=high, source=request.reuse_source or _("source not told")
    )  # fmt: skip
