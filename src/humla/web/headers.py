"""The headers that every answer has, whatever made it: a page, a file, a refusal or a fault.

Here: those that no other part sets. Not here: the content policy (django-csp, whose directives stand in
config/settings.py) and what Django's own SecurityMiddleware writes (nosniff, referrer, opener, HSTS).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

_POWERS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers(answer: Answer) -> Answer:
    """Middleware, outermost: what is missing is filled in, what a page has chosen itself stands."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        # Another site may not draw our answers into its own page, not even as a picture.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _POWERS)
        # Where a browser sends what the content policy stopped (`humla.web.reports`).
        response.headers.setdefault("Reporting-Endpoints", 'sidfel="/sidfel/"')
        # Files have said for how long they may be kept; nothing else may be kept at all.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return with_headers
