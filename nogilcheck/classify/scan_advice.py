"""What to do about a distribution whose wheel turns the GIL on: no page tells, so its newest release is scanned."""

from __future__ import annotations

from nogilcheck.classify import release_advice_text as texts
from nogilcheck.classify.release_advice import AdviceContext, in_the_way
from nogilcheck.model.report.finding import Advice, AdviceKind, Cap
from nogilcheck.model.verdict import Severity, Status, Verdict


def scan_advice(context: AdviceContext, newest: Verdict | None) -> Advice | None:
    """To take the newest release, or to wait for another.

    ``newest``: what a scan made of the newest release that fits; ``None`` where that is the chosen one. The releases
    between are not scanned, and nothing is said of them.
    """
    offers = context.offers
    last = offers.newest_fitting if newest else offers.newest
    if last is None:
        return None
    caps: tuple[Cap, ...] = ()
    kind = AdviceKind.WAIT
    if newest is None:
        text = texts.wait(last, None, chosen=context.chosen, status=offers.page.status, what=texts.What.NO_GIL_NEXT)
    elif newest.severity in {Severity.READY, Severity.WARNING}:
        caps = in_the_way(context, last.version)
        kind = AdviceKind.RELAX if caps else AdviceKind.UPGRADE
        far = offers.between(context.chosen, last.version).releases > 1
        what = texts.What.NO_GIL if far else texts.What.NO_GIL_NEXT
        if newest.status is Status.PURE:
            what = texts.What.PURE
        text = texts.newer(last, None, caps, what=what, relock=context.relock)
    else:
        text = texts.wait_to_keep_off(last, newest.status)
    return Advice(
        kind=kind,
        project=offers.page.name,
        version=str(last.version),
        uploaded=last.uploaded,
        caps=caps,
        held_back_by=caps[0].by if caps else None,
        text=text,
    )
