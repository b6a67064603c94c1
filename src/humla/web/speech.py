"""In which language a page speaks: what was asked for just now, else the cookie, else Swedish.

The choice stays put in a cookie that says nothing but a language. Easy-read Swedish (`sv-lattlast`)
falls back to Swedish text by text.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "humla_sprak"
_YEAR = 31_536_000

Answer = Callable[[HttpRequest], HttpResponse]


def speech(answer: Answer) -> Answer:
    """Middleware: activates the language, and remembers it when `?sprak=` asked for it."""

    def spoken(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("sprak", "")
        language = next(
            (one for one in (asked, request.COOKIES.get(COOKIE, "")) if one in _offered()),
            settings.LANGUAGE_CODE,
        )
        with translation.override(language):
            response = answer(request)
        if asked in _offered():
            response.set_cookie(
                COOKIE, asked, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
            )
        return response

    return spoken


def _offered() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES)
