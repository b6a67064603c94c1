"""The words of each notice, as a letter to a unit's mailbox: what kind of thing, by when, and where to go.

Here: subject, text and addresses. Not here: who queues a notice, nor how it is carried (`post`).

What a letter is made of is the whole of its arguments: its kind, the unit's and the förbund's names, a day, a
link. No name, no number, no word of a case can come in, since nothing of a case is asked for (NOT-2). It is
Swedish whatever language somebody was reading when it was queued.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from humla.core.dates import WEEKDAYS, written_date
from humla.notifications.models import Fault, NoticeKind

BY_LINK = frozenset(
    {
        NoticeKind.SUMMONS,
        NoticeKind.SUMMONS_CHANGED,
        NoticeKind.TIMES_OFFERED,
        NoticeKind.EVIDENCE_ASKED,
    }
)
"""The kinds whose letter leads to a page for those without an account. The others lead to signing in."""

OPENED_BY_CODE = frozenset({NoticeKind.SUMMONS, NoticeKind.SUMMONS_CHANGED, NoticeKind.DOCUMENT})
"""The kinds that can be read without an account, with a code to the telephone that a unit registered."""

BY_PHONE = frozenset({NoticeKind.LINK_CODE})
"""The kinds that go to that telephone and never to the mailbox: the link came there."""

FAULTS: dict[str, str | Promise] = {
    Fault.UNREACHABLE: gettext_lazy("E-postservern svarar inte."),
    Fault.SIGN_IN: gettext_lazy(
        "E-postservern släpper inte in oss. Kontrollera namn, lösenord och avsändare."
    ),
    Fault.LATER: gettext_lazy("E-postservern bad oss vänta."),
    Fault.REFUSED: gettext_lazy("E-postservern tog inte emot brevet."),
    Fault.ADDRESS: gettext_lazy("Brevlådan finns inte. Rätta enhetens adress."),
}


@dataclass(frozen=True)
class Letter:
    """One letter, as it leaves."""

    subject: str
    body: str


def text_message(code: str) -> Letter:
    """What the registered telephone gets: a code, and nothing of what it opens."""
    with translation.override("sv"):
        words = _("Engångskod till Humla: %(code)s. Den gäller i tio minuter. Lämna den inte till någon.")
        return Letter(_("Engångskod"), words % {"code": code})


def letter(
    kind: str,
    *,
    unit: str,
    association: str,
    answer_by: date | None = None,
    token: str = "",
    opening_token: str = "",
) -> Letter:
    """What the mailbox of a unit gets. `token` is given for the kinds in BY_LINK.

    `opening_token`: for the kinds in OPENED_BY_CODE, when the unit has a telephone for codes.
    """
    with translation.override("sv"):
        what = _WHAT[NoticeKind(kind)]
        deadline = _("Svara senast %(day)s.") % {"day": _weekday(answer_by)} if answer_by else ""
        subject = str(what.subject) if not deadline else f"{what.subject}. {deadline}".rstrip(".")
        lines = [
            _("Till %(unit)s") % {"unit": unit},
            str(what.sentence) + (f"\n{deadline}" if deadline else ""),
            f"{what.invitation}\n{_address(NoticeKind(kind), token)}",
        ]
        if kind in BY_LINK:
            lines.append(
                _("Länken är till för den som läser brevlådan. Ingen behöver logga in för att svara.")
                + "\n"
                + _("Kallelsen i sin helhet läser ni när ni har loggat in: %(address)s")
                % {"address": settings.PUBLIC_URL + reverse("arrivals")}
            )
        if opening_token:
            lines.append(
                _("Har ni inget konto? Läs med en engångskod, som kommer till telefonen ni har anmält:")
                + "\n"
                + settings.PUBLIC_URL
                + reverse("opening_link", kwargs={"token": opening_token})
            )
        lines.append(
            _("Brevet kommer från Humla, där parterna i %(association)s arbetar.")
            % {"association": association}
            + "\n"
            + _("Det säger aldrig vem det gäller. Det går inte att svara på det.")
        )
        return Letter(subject, "\n\n".join(lines) + "\n")


@dataclass(frozen=True)
class _What:
    subject: str | Promise
    sentence: str | Promise
    invitation: str | Promise


_WHAT = {
    NoticeKind.SUMMONS: _What(
        gettext_lazy("Kallelse till ett möte"),
        gettext_lazy("Ni är kallade till ett möte."),
        gettext_lazy("Se tiden och svara här:"),
    ),
    NoticeKind.SUMMONS_CHANGED: _What(
        gettext_lazy("Ändring av ett möte"),
        gettext_lazy("Ett möte som ni är kallade till har ändrats. Se efter om tiden är en annan."),
        gettext_lazy("Se vad som gäller nu och svara här:"),
    ),
    NoticeKind.SUMMONS_CANCELLED: _What(
        gettext_lazy("Ett möte är inställt"),
        gettext_lazy("Ett möte som ni är kallade till blir inte av. Ni behöver inte svara."),
        gettext_lazy("Logga in för att se vilket:"),
    ),
    NoticeKind.DOCUMENT: _What(
        gettext_lazy("En ny handling har kommit"),
        gettext_lazy("En handling har lämnats ut till er enhet."),
        gettext_lazy("Er mottagare loggar in och tar emot den här:"),
    ),
    NoticeKind.CONSENT_CHANGED: _What(
        gettext_lazy("Något har ändrats"),
        gettext_lazy(
            "Ett samtycke som er enhet har haft gäller inte längre, eller omfattar mindre än förut."
        ),
        gettext_lazy("Logga in för att se vad ni fortfarande får läsa:"),
    ),
    NoticeKind.RECALLED: _What(
        gettext_lazy("En handling har återkallats"),
        gettext_lazy("En handling som lämnades till er enhet har återkallats. Den går inte att läsa längre."),
        gettext_lazy("Logga in för att se vilken:"),
    ),
    NoticeKind.REPLY: _What(
        gettext_lazy("Ett svar har kommit"),
        gettext_lazy("En enhet har svarat på en handling som ni har lämnat ut."),
        gettext_lazy("Logga in och läs svaret i ärendet:"),
    ),
    NoticeKind.TIMES_OFFERED: _What(
        gettext_lazy("Förslag på tider för ett möte"),
        gettext_lazy("Ni är tillfrågade om tider för ett möte."),
        gettext_lazy("Se tiderna och svara här:"),
    ),
    NoticeKind.TIMES_WITHDRAWN: _What(
        gettext_lazy("Tider som inte gäller längre"),
        gettext_lazy("Förslaget på tider för ett möte gäller inte längre. Ni behöver inte svara."),
        gettext_lazy("Logga in för att se vilket:"),
    ),
    NoticeKind.EVIDENCE_ASKED: _What(
        gettext_lazy("Fråga om underlag inför ett möte"),
        gettext_lazy("Ni är tillfrågade om underlag inför ett möte."),
        gettext_lazy("Se vilket underlag och svara här:"),
    ),
    NoticeKind.EVIDENCE_WITHDRAWN: _What(
        gettext_lazy("Underlag behövs inte längre"),
        gettext_lazy("Det underlag som ni tillfrågades om behövs inte längre."),
        gettext_lazy("Logga in för att se vilket:"),
    ),
    NoticeKind.REQUEST_ARRIVED: _What(
        gettext_lazy("En begäran om en samordnad plan har kommit"),
        gettext_lazy("Någon har bett er enhet om en samordnad individuell plan."),
        gettext_lazy("Logga in och svara här:"),
    ),
    NoticeKind.REQUEST_ANSWERED: _What(
        gettext_lazy("Svar på en begäran"),
        gettext_lazy("En begäran om en samordnad individuell plan som er enhet har gjort är besvarad."),
        gettext_lazy("Logga in och läs svaret här:"),
    ),
    NoticeKind.REMINDER: _What(
        gettext_lazy("Påminnelse om att svara"),
        gettext_lazy("Ni har inte svarat än på en fråga om ett möte."),
        gettext_lazy("Logga in och svara här:"),
    ),
    NoticeKind.DIGEST: _What(
        gettext_lazy("Det som väntar på er"),
        gettext_lazy("Det finns sådant som väntar på er enhet."),
        gettext_lazy("Logga in och se vad:"),
    ),
    NoticeKind.LEAD_OFFERED: _What(
        gettext_lazy("Fråga om att ta över ledningen av en plan"),
        gettext_lazy(
            "En annan myndighet frågar om ni kan ta över ledningen av en samordnad individuell plan."
        ),
        gettext_lazy("Er mottagare loggar in och läser frågan här:"),
    ),
}


def _address(kind: NoticeKind, token: str) -> str:
    if kind not in BY_LINK:
        return settings.PUBLIC_URL + reverse("arrivals")
    if not token:
        raise ValueError("A letter to answer by link needs its token.")
    return settings.PUBLIC_URL + reverse("answer_link", kwargs={"token": token})


def _weekday(on: date) -> str:
    # Mail programs show a no-break space in a subject as they please.
    return f"{WEEKDAYS[on.weekday()]} {written_date(on)}".replace("\N{NO-BREAK SPACE}", " ")
