"""What a browser reports when a page tried something that its own policy forbids (Content-Security-Policy).

Here: the address that such reports are sent to, and the line in the technical log that counts them. Nothing
of a report is kept but which rule was broken: it also holds addresses, and those hold case ids, links and
whatever a browser extension has put in.
"""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from humla.web.pace import Pace, address_of

logger = logging.getLogger(__name__)

_LARGEST = 20_000
_PACE = Pace(30, seconds=60)


@csrf_exempt
@require_POST
def page_fault(request: HttpRequest) -> HttpResponse:
    """Count one report. The browser reads no answer, so it always gets the same."""
    if _PACE.allows(address_of(request)):
        for rule in _broken_rules(request):
            logger.warning("A page broke its own policy: %s", rule)
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def _broken_rules(request: HttpRequest) -> list[str]:
    """Which of our own directives the report names; at most five, and nothing that the sender has made up."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > _LARGEST:
        return []
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return []
    # The older way sends one report, the newer a list of them.
    reports: list[Any] = sent if isinstance(sent, list) else [sent]
    rules = [_rule(one) for one in reports[:5]]
    return [rule for rule in rules if rule]


def _rule(report: Any) -> str:
    """A word of ours that equals the one reported."""
    body = (report.get("csp-report") or report.get("body")) if isinstance(report, dict) else None
    if not isinstance(body, dict):
        return ""
    named = (
        body.get("effectiveDirective") or body.get("effective-directive") or body.get("violated-directive")
    )
    words = str(named or "").split()
    if not words:
        return ""
    # A browser says script-src-elem where we have said script-src.
    known: dict[str, Any] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return max((rule for rule in known if words[0] in (rule, f"{rule}-elem", f"{rule}-attr")), default="")
