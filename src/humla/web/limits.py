"""What is refused before anybody looks inside it: odd methods, bodies too large, bodies in strange letters.

Stands before the guard against forgery, which would otherwise read the whole body first (and write a large
upload to disk before saying no). One form of ours carries a file: the scan of a signed paper.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from humla.web import errors

METHODS = ("GET", "HEAD", "POST")
"""What a browser sends for links and forms. Asked here, or the guard against forgery would answer first."""

Answer = Callable[[HttpRequest], HttpResponse]


def limits(answer: Answer) -> Answer:
    """Middleware: 405 for a method that no page has, 413 for a body above the limit or of unknown length,
    415 for other than UTF-8."""

    def limited(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if _is_too_large(request):
            if _carries_a_file(request):
                return errors.too_large(request)
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        charset = (
            request.content_params.get("charset", "utf-8").lower() if request.content_params else "utf-8"
        )
        if charset not in ("utf-8", "utf8"):
            return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        return answer(request)

    return limited


def _is_too_large(request: HttpRequest) -> bool:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return True  # no browser sends a form without saying how long it is
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return True
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return length > (settings.FILE_UPLOAD_MAX_MEMORY_SIZE if _carries_a_file(request) else usual)


def _carries_a_file(request: HttpRequest) -> bool:
    """Is it the scan of a signed paper, from somebody who may be signed in? Asked of the address alone."""
    return (
        request.path.endswith("/papper/")
        and request.content_type == "multipart/form-data"
        and settings.SIGNIN_COOKIE in request.COOKIES
    )
