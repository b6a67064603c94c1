"""Pages for when something did not go: what happened, what is kept, what to do.

A page that may not be known to exist and a page that does not exist give the same bytes.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from humla.web.page import render

log = logging.getLogger("humla.web")


class AnswerInstead(Exception):
    """Raised in a page that nothing may come of just now: the door undoes what was begun and answers so."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(answer.__name__)
        self.answer = answer


_NOT_ECHOED = {"csrfmiddlewaretoken", "key", "acting_as"}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absence, also for what the reader may not know of."""
    return render(request, "errors/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that no page of ours makes."""
    return render(request, "errors/bad_request.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """A file above the limit, refused unread. It is sent alone: nothing typed is lost."""
    return render(request, "errors/too_large.html", {"back": request.path}, status=413)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Says nothing of the cause; the technical log has it by time."""
    return render(request, "errors/broken.html", status=500)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The guard against forgery said no. What was posted is not shown: it may be somebody else's form."""
    return render(request, "errors/expired_form.html", status=403)


def kept(
    request: HttpRequest,
    *,
    title: str,
    sentence: str,
    status: int,
    can_resend: bool,
    template: str = "errors/kept.html",
) -> HttpResponse:
    """The form could not be taken, and nothing typed is lost: it stands here, ready to be sent again."""
    fields = [
        (name, value) for name, values in request.POST.lists() if name not in _NOT_ECHOED for value in values
    ]
    context = {
        "title": title,
        "sentence": sentence,
        "fields": fields,
        "action": request.get_full_path(),
        "acting_as": request.POST.get("acting_as", ""),
        "key": request.POST.get("key", ""),
        "can_resend": can_resend,
    }
    return render(request, template, context, status=status)


def too_often(request: HttpRequest) -> HttpResponse:
    """More tries than anybody makes by hand. Nothing is lost: the same form can be sent in a while."""
    response = kept(
        request,
        title=_("Vänta en minut"),
        sentence=_("Det kom för många försök på kort tid. Vänta en minut och försök sedan igen."),
        status=429,
        can_resend=request.method == "POST",
        template="errors/too_often.html",
    )
    response["Retry-After"] = "60"
    return response


def long_signed_in(request: HttpRequest) -> HttpResponse:
    """What is to be done asks for a sign-in made just now, by whoever sits there."""
    return kept(
        request,
        title=_("Logga in igen först"),
        sentence=_(
            "Det här kräver att du har loggat in den senaste halvtimmen. "
            "Logga in i en ny flik och skicka sedan igen."
        ),
        status=403,
        can_resend=True,
    )


def signed_out_meanwhile(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody was typing."""
    return kept(
        request,
        title=_("Du har blivit utloggad"),
        sentence=_("Det du skrev finns kvar här nedanför. Logga in i en ny flik och skicka sedan igen."),
        status=401,
        can_resend=True,
    )


def other_assignment(request: HttpRequest) -> HttpResponse:
    """The form was made while acting for another unit."""
    return kept(
        request,
        title=_("Du arbetar för en annan enhet nu"),
        sentence=_(
            "Formuläret öppnades när du arbetade för en annan enhet. Byt tillbaka och skicka sedan igen."
        ),
        status=409,
        can_resend=True,
    )


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """A rule said no while the form was on its way."""
    return kept(request, title=_("Det gick inte"), sentence=reason, status=409, can_resend=False)
