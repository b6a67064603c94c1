"""The words of each notice, as a letter to a unit's mailbox: what kind of thing, by when, and where to go.

Here: subject, text and addresses. Not here: who queues a notice, nor how it is carried (`post`).

What a letter is made of is the whole of its arguments: its kind, the unit's and the förbund's names, a day, a
link. No name, no number, no word of a case can come in, since nothing of a case is asked for (NOT-2). It is
Swedish whatever language somebody was reading when it was queued.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from humla.core.dates import WEEKDAYS, written_date
from humla.notifications.models import Fault, Notice, NoticeKind

BY_LINK = frozenset(
    {
        NoticeKind.SUMMONS,
        NoticeKind.SUMMONS_CHANGED,
        NoticeKind.TIMES_OFFERED,
        NoticeKind.EVIDENCE_ASKED,
        NoticeKind.REMINDER,
    }
)
"""The kinds whose letter leads to a page for those without an account. The others lead to signing in."""

OPENED_BY_CODE = frozenset({NoticeKind.SUMMONS, NoticeKind.SUMMONS_CHANGED, NoticeKind.DOCUMENT})
"""The kinds that can be read without an account, with a code to the telephone that a unit registered."""

ABOUT_REQUESTS = frozenset({NoticeKind.REQUEST_ARRIVED, NoticeKind.REQUEST_ANSWERED})
"""The kinds that lead to the page where requests for a plan are answered and read."""

BY_PHONE = frozenset({NoticeKind.LINK_CODE, NoticeKind.CODE_PHONE})
"""The kinds that go to that telephone and never to the mailbox: the link came there."""

FAULTS: dict[str, str | Promise] = {
    Fault.UNREACHABLE: gettext_lazy("E-postservern svarar inte."),
    Fault.SIGN_IN: gettext_lazy(
        "E-postservern släpper inte in oss. Kontrollera namn, lösenord och avsändare."
    ),
    Fault.LATER: gettext_lazy("E-postservern bad oss vänta."),
    Fault.REFUSED: gettext_lazy("E-postservern tog inte emot brevet."),
    Fault.ADDRESS: gettext_lazy("Brevlådan finns inte. Rätta enhetens adress."),
    Fault.OURS: gettext_lazy("Brevet gick inte att skriva. Felet är Humlas. Det står i serverns logg."),
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


def text_of(notice: Notice, code: Callable[[], str]) -> tuple[Letter, str]:
    """What goes by SMS, and to which telephone; the code is asked for only when it is about to leave."""
    if notice.kind == NoticeKind.CODE_PHONE:
        return _no_longer_here(), notice.unit.code_phone_before
    return text_message(code()), notice.unit.code_phone


def _no_longer_here() -> Letter:
    with translation.override("sv"):
        words = _(
            "Engångskoder från Humla kommer inte längre till den här telefonen."
            " Har ni inte bytt telefon? Säg till er chef genast."
        )
        return Letter(_("Ny telefon för engångskoder"), words)


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
        deadline = _deadline(answer_by)
        subject = str(what.subject) if not deadline else f"{what.subject}. {deadline}".rstrip(".")
        lines = [
            _("Till %(unit)s") % {"unit": unit},
            str(what.sentence) + (f"\n{deadline}" if deadline else ""),
            f"{what.invitation}\n{_address(NoticeKind(kind), token)}",
        ]
        if kind in BY_LINK:
            words = [_("Länken är till för den som läser brevlådan. Ingen behöver logga in för att svara.")]
            if kind in OPENED_BY_CODE:  # Where times or evidence are asked for there is no summons to read.
                address = settings.PUBLIC_URL + reverse("arrivals")
                words.append(
                    _("Kallelsen i sin helhet läser ni när ni har loggat in: %(address)s")
                    % {"address": address}
                )
            lines.append("\n".join(words))
        if opening_token:
            lines.append(
                _opened_by_code()
                + "\n"
                + settings.PUBLIC_URL
                + reverse("opening_link", kwargs={"token": opening_token})
            )
        lines.append(_signed(association))
        return Letter(subject, "\n\n".join(lines) + "\n")


@dataclass(frozen=True)
class Line:
    """One thing in a collected letter: the kind of it, by when, and the links that lead to it."""

    kind: str
    answer_by: date | None = None
    token: str = ""
    opening_token: str = ""


def line_of(notice: Notice, *, token: str = "", opening_token: str = "") -> Line:
    """A notice as it stands in a collected letter."""
    return Line(notice.kind, notice.answer_by, token, opening_token)


def digest_letter(lines: Sequence[Line], *, unit: str, association: str) -> Letter:
    """One letter for what could wait: what is answered by a link has its own, the rest is counted."""
    with translation.override("sv"):
        count = len(lines)
        said = ngettext("%(count)s nytt till er enhet", "%(count)s nya till er enhet", count)
        asked = [one for one in lines if one.token]
        told = Counter(one.kind for one in lines if not one.token)
        opened = [one for one in lines if one.opening_token]
        parts = [_("Till %(unit)s") % {"unit": unit}, _("Det här har kommit sedan förra brevet:")]
        parts += [f"{_asked(one)}\n{_address(NoticeKind(one.kind), one.token)}" for one in asked]
        if told:
            counted = [f"{times} × {_WHAT[NoticeKind(kind)].subject}" for kind, times in told.items()]
            parts.append("\n".join([*counted, settings.PUBLIC_URL + reverse("arrivals")]))
        if opened:
            ways = [reverse("opening_link", args=[one.opening_token]) for one in opened]
            parts.append("\n".join([_opened_by_code(), *(settings.PUBLIC_URL + one for one in ways)]))
        parts.append(_signed(association))
        return Letter(said % {"count": count}, "\n\n".join(parts) + "\n")


def _asked(line: Line) -> str:
    subject = f"{_WHAT[NoticeKind(line.kind)].subject}."
    return f"{subject} {_deadline(line.answer_by)}".strip()


def _deadline(answer_by: date | None) -> str:
    return _("Svara senast %(day)s.") % {"day": _weekday(answer_by)} if answer_by else ""


def _opened_by_code() -> str:
    return _("Har ni inget konto? Läs med en engångskod, som kommer till telefonen ni har anmält:")


def _signed(association: str) -> str:
    return (
        _("Brevet kommer från Humla, där parterna i %(association)s arbetar.") % {"association": association}
        + "\n"
        + _("Det säger aldrig vem det gäller. Det går inte att svara på det.")
    )


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
        gettext_lazy("Se vad det gäller och svara här:"),
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
    if kind in ABOUT_REQUESTS:
        return settings.PUBLIC_URL + reverse("plan_requests")
    if kind not in BY_LINK:
        return settings.PUBLIC_URL + reverse("arrivals")
    if not token:
        raise ValueError("A letter to answer by link needs its token.")
    return settings.PUBLIC_URL + reverse("answer_link", kwargs={"token": token})


def _weekday(on: date) -> str:
    # Mail programs show a no-break space in a subject as they please.
    return f"{WEEKDAYS[on.weekday()]} {written_date(on)}".replace("\N{NO-BREAK SPACE}", " ")
