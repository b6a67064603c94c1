"""Who waits for whom: the first sentence of a case, its button, and its life as a line of steps.

Here: whose turn it is (`turn_of`), a pure function of what is known about a case (`Stage`), and how the
sentence, the button and the line follow from it, so that they never disagree. Not here: what is known about a
case (`humla.web.stage`), the page (`humla.web.front`), nor the rules that say what may be done next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from humla.cases.models import CaseState
from humla.core.dates import written_date
from humla.meetings.models import MeetingKind, PreparatoryResult
from humla.scheduling.models import OfferState


class Step(StrEnum):
    """The life of a case, in order."""

    NEED = "need"
    CONSENT = "consent"
    PREPARATORY = "preparatory"
    SUMMONS = "summons"
    MEETING = "meeting"
    PLAN = "plan"
    FOLLOW_UP = "follow_up"


LABELS: dict[Step, str | Promise] = {
    Step.NEED: gettext_lazy("Behov"),
    Step.CONSENT: gettext_lazy("Samtycke"),
    Step.PREPARATORY: gettext_lazy("Förmöte"),
    Step.SUMMONS: gettext_lazy("Kallelse"),
    Step.MEETING: gettext_lazy("Möte"),
    Step.PLAN: gettext_lazy("Plan"),
    Step.FOLLOW_UP: gettext_lazy("Uppföljning"),
}


@dataclass(frozen=True)
class MeetingAhead:
    """The planned meeting and how far the summonses have come, with the names that stop it."""

    id: UUID
    kind: MeetingKind
    on: date
    has_been: bool = False
    answer_by: date | None = None
    called: int = 0
    unanswered: Sequence[str] = ()
    other_time: Sequence[str] = ()
    wrong_unit: Sequence[str] = ()
    evidence_from: Sequence[str] = ()
    waited: int = 0
    """For how many days the one that has been silent longest."""
    reminded_out: Sequence[str] = ()
    """Those who have been reminded for the last time and are silent still."""


@dataclass(frozen=True)
class LooksForTime:
    """A time is looked for: how far it has come, and who is silent."""

    id: UUID
    kind: MeetingKind
    state: OfferState
    answer_by: date
    waits_for: Sequence[str] = ()


@dataclass(frozen=True)
class Stage:
    """What decides whose turn it is. `answer` is None until the person has been asked about a plan."""

    person: str
    responsible: str
    is_mine: bool
    opened_on: date
    today: date
    state: CaseState = CaseState.OPEN
    resting_until: date | None = None
    went_to: str = ""
    offered_to: str = ""
    answer: bool | None = None
    is_prepared: bool = False
    prepared_on: date | None = None
    result: str = ""
    looking: LooksForTime | None = None
    meeting: MeetingAhead | None = None
    met_on: date | None = None
    meeting_by: date | None = None
    is_started: bool = False
    missing: int = 4
    version: int = 0
    is_changed: bool = False
    follow_up_on: date | None = None
    needs_no_follow_up: bool = False
    is_following_up: bool = False
    followed_up_on: date | None = None
    consented: Sequence[str] = field(default_factory=tuple)
    waiting: Sequence[str] = field(default_factory=tuple)
    unread: Sequence[str] = field(default_factory=tuple)
    withdrawn: Sequence[str] = field(default_factory=tuple)

    @property
    def is_over(self) -> bool:
        """Does nothing more happen here?"""
        return self.state in (CaseState.CLOSED, CaseState.MOVED)


@dataclass(frozen=True)
class NextStep:
    """What the reader does now: the words on the button, and the page with what its address needs."""

    label: str
    page: str
    parts: Mapping[str, object] = field(default_factory=dict)
    query: str = ""


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: a sentence, a step of the line, and the button of the one whose turn it is."""

    sentence: str
    step: Step | None = None
    state: str = "now"
    note: str = ""
    button: NextStep | None = None


def who_waits(stage: Stage) -> str:
    """One sentence, or two short ones: whose turn it is, and who waits meanwhile."""
    return turn_of(stage).sentence


def next_step(stage: Stage) -> NextStep | None:
    """What the sentence asks of the reader, as one button; none when it is somebody else's turn."""
    return turn_of(stage).button if stage.is_mine else None


def case_steps(stage: Stage, urls: Mapping[str, str]) -> list[dict[str, str]]:
    """Behov to uppföljning: what is done, where it stands now and who holds it, and the page of each step."""
    turn, done = turn_of(stage), _done(stage)
    steps = []
    for step in Step:
        text, state = done.get(step, ""), "done" if step in done else "ahead"
        if not stage.is_over and step is turn.step:
            state, text = turn.state, turn.note or text
        elif state == "ahead" and stage.state == CaseState.CLOSED:
            state = "left_out"
        elif state == "ahead" and not stage.is_over:
            text = _ahead(stage, step)
        steps.append(
            {"label": str(LABELS[step]), "state": state, "text": text, "url": urls.get(step.value, "")}
        )
    return steps


def turn_of(stage: Stage) -> Turn:
    """The first that is so: what stops everything, what is late, what others wait for, then the rest."""
    for ask in (
        _is_over,
        _is_about_consent,
        _has_met,
        _has_a_plan_to_give,
        _is_offered,
        _looks_for_time,
        _meets,
        _prepares,
        _writes,
    ):
        turn = ask(stage)
        if turn is not None:
            return turn
    return _follows_up(stage)


def in_words(names: Sequence[str]) -> str:
    """A, B och C; many are counted after the first two."""
    if len(names) > 3:
        return _("%(some)s och %(count)s till") % {"some": ", ".join(names[:2]), "count": len(names) - 2}
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s och %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


# --- whose turn it is ---------------------------------------------------------------------------------------


def _is_over(stage: Stage) -> Turn | None:
    if stage.state is CaseState.CLOSED:
        return Turn(_("Ärendet är avslutat. Ingen väntar på någon."))
    if stage.state is CaseState.MOVED:
        return Turn(_("%(unit)s har tagit över ledningen. Ärendet fortsätter där.") % {"unit": stage.went_to})
    if stage.state is CaseState.RESTING and stage.resting_until:
        until = {"day": written_date(stage.resting_until)}
        return Turn(_("Ärendet vilar till den %(day)s. Då kommer det tillbaka av sig självt.") % until)
    return None


def _is_about_consent(stage: Stage) -> Turn | None:
    if stage.answer is None:
        said = _said(
            stage,
            _("Du frågar %(person)s om en plan ska göras. Skriv sedan in svaret."),
            _("%(responsible)s frågar %(person)s om en plan ska göras."),
        )
        note, button = _("Frågan är inte ställd än."), NextStep(_("Skriv in svaret"), "answer_plan")
        return Turn(said, Step.CONSENT, note=note, button=button)
    if not stage.answer:
        said = _("%(person)s har sagt nej till en plan. Ingen väntar på någon.") % {"person": stage.person}
        button = NextStep(_("Avsluta ärendet"), "close_case")
        return Turn(said, Step.CONSENT, "stopped", _("Nej till en plan."), button)
    return None


def _is_offered(stage: Stage) -> Turn | None:
    if not stage.offered_to:
        return None
    unit = {"unit": stage.offered_to}
    said = _("%(unit)s svarar på om de tar över ledningen. Tills dess leder ni planen.") % unit
    step = Step.FOLLOW_UP if stage.version else Step.PLAN
    button = NextStep(_("Se frågan"), "offer_lead")
    return Turn(said, step, "waiting", _("Ledningen är erbjuden till %(unit)s") % unit, button)


def _has_met(stage: Stage) -> Turn | None:
    meeting = stage.meeting
    if meeting is None or not meeting.has_been:
        return None
    is_preparatory = meeting.kind is MeetingKind.PREPARATORY
    words = {"day": written_date(meeting.on)}
    if is_preparatory:
        said = _said(
            stage,
            _("Förmötet var den %(day)s. Du skriver in hur det gick."),
            _("Förmötet var den %(day)s. %(responsible)s skriver in hur det gick."),
            **words,
        )
    else:
        said = _said(
            stage,
            _("Mötet var den %(day)s. Du skriver in vilka som kom."),
            _("Mötet var den %(day)s. %(responsible)s skriver in vilka som kom."),
            **words,
        )
    button = NextStep(_("Skriv in mötet"), "hold_meeting", {"meeting_id": meeting.id})
    step = Step.PREPARATORY if is_preparatory else Step.MEETING
    return Turn(said, step, note=_("Den %(day)s, inte inskrivet än") % words, button=button)


def _has_a_plan_to_give(stage: Stage) -> Turn | None:
    if not stage.version:
        return None
    version = {"version": stage.version}
    if stage.is_changed:
        said = _said(
            stage,
            _("Planen är ändrad sedan version %(version)s. Du fastställer den på nytt."),
            _("Planen är ändrad sedan version %(version)s. %(responsible)s fastställer den på nytt."),
            **version,
        )
        note = _("Ändrad sedan version %(version)s") % version
        return Turn(said, Step.PLAN, note=note, button=NextStep(_("Fastställ planen"), "adopt_plan"))
    if not stage.waiting:
        return None
    said = _said(
        stage,
        ngettext(
            "%(waiting)s väntar på att du lämnar ut planen.",
            "%(waiting)s väntar på att du lämnar ut planen till dem.",
            len(stage.waiting),
        ),
        _("%(waiting)s väntar på att %(responsible)s lämnar ut planen."),
    )
    note = _("Kvar att lämna ut till: %(units)s") % {"units": in_words(stage.waiting)}
    button = NextStep(_("Lämna ut planen"), "plan_version", version)
    return Turn(said, Step.PLAN, note=note, button=button)


def _looks_for_time(stage: Stage) -> Turn | None:
    looking = stage.looking
    if looking is None:
        return None
    step = Step.PREPARATORY if looking.kind is MeetingKind.PREPARATORY else Step.SUMMONS
    words = {"units": in_words(looking.waits_for), "day": written_date(looking.answer_by)}
    button = NextStep(_("Se vem som kan när"), "time_offer", {"offer_id": looking.id})
    match looking.state:
        case OfferState.PERSON:
            said = _("%(person)s säger vilka mötestider som går. Sedan frågas de andra.")
            return Turn(_said(stage, said, said), step, "waiting", _("Väntar på personen."), button)
        case OfferState.ANSWERS:
            said = _("Väntar på tider från %(units)s, senast den %(day)s.") % words
            return Turn(said, step, "waiting", _("Väntar på svar om tider."), button)
        case OfferState.NOBODY:
            mine = _("Ingen av mötestiderna går. Du föreslår nya.")
            hers = _("Ingen av mötestiderna går. %(responsible)s föreslår nya.")
        case _:
            mine = _("Dags att välja tid. Du väljer den bästa och kallar.")
            hers = _("Dags att välja tid. %(responsible)s väljer den bästa och kallar.")
    return Turn(_said(stage, mine, hers), step, note=_("En tid söks."), button=button)


def _meets(stage: Stage) -> Turn | None:
    meeting = stage.meeting
    if meeting is None:
        return None
    if meeting.kind is MeetingKind.PREPARATORY:
        words = {"person": stage.person, "day": written_date(meeting.on)}
        said = _("Förmötet med %(person)s är den %(day)s.") % words
        return Turn(said, Step.PREPARATORY, "waiting", _("Den %(day)s") % words, _to(meeting))
    if not meeting.called:
        said = _said(
            stage,
            _("Mötet är den %(day)s. Du kallar dem som ska komma."),
            _("Mötet är den %(day)s. %(responsible)s kallar dem som ska komma."),
            day=written_date(meeting.on),
        )
        button = NextStep(_("Kalla"), "summon", {"meeting_id": meeting.id})
        return Turn(said, Step.SUMMONS, note=_("Ingen är kallad än."), button=button)
    return _is_answered(stage, meeting)


def _is_answered(stage: Stage, meeting: MeetingAhead) -> Turn:
    if meeting.wrong_unit:
        said = _said(
            stage,
            _("%(units)s är fel enhet för kallelsen. Du kallar den rätta."),
            _("%(units)s är fel enhet för kallelsen. %(responsible)s kallar den rätta."),
            units=in_words(meeting.wrong_unit),
        )
        return Turn(said, Step.SUMMONS, note=_("Fel enhet är kallad."), button=_to(meeting))
    if meeting.other_time:
        said = _said(
            stage,
            _("%(units)s kan inte den tiden. Du flyttar mötet eller håller fast vid tiden."),
            _("%(units)s kan inte den tiden. %(responsible)s flyttar mötet eller håller fast vid tiden."),
            units=in_words(meeting.other_time),
        )
        return Turn(said, Step.SUMMONS, note=_("Någon kan inte den tiden."), button=_to(meeting))
    if not meeting.unanswered and meeting.evidence_from:
        words = {"units": in_words(meeting.evidence_from), "day": written_date(meeting.on)}
        said = _("Alla har svarat. Underlag väntas från %(units)s. Mötet är den %(day)s.") % words
        note = _("Underlag från %(units)s") % words
        return Turn(said, Step.MEETING, "waiting", note, NextStep(_("Se underlaget"), "evidence"))
    if not meeting.unanswered:
        said = _("Alla har svarat. Mötet är den %(day)s.") % {"day": written_date(meeting.on)}
        note = _("Den %(day)s") % {"day": written_date(meeting.on)}
        return Turn(said, Step.MEETING, "waiting", note, _to(meeting))
    return _is_unanswered(stage, meeting)


def _is_unanswered(stage: Stage, meeting: MeetingAhead) -> Turn:
    units = in_words(meeting.unanswered)
    note = _("Väntar på svar från %(units)s") % {"units": units}
    if meeting.waited:
        days = ngettext("%(days)s dag utan svar", "%(days)s dagar utan svar", meeting.waited)
        note = f"{note}. {days % {'days': meeting.waited}}"
    if meeting.reminded_out:
        said = _said(
            stage,
            _("%(units)s har påmints och har inte svarat. Du ringer och skriver in svaret."),
            _("%(units)s har påmints och har inte svarat. %(responsible)s ringer och skriver in svaret."),
            units=in_words(meeting.reminded_out),
        )
        return Turn(said, Step.SUMMONS, "stopped", note, _to(meeting))
    if meeting.answer_by and meeting.answer_by < stage.today:
        said = _said(
            stage,
            _("%(units)s skulle ha svarat den %(day)s. Du ringer och skriver in svaret."),
            _("%(units)s skulle ha svarat den %(day)s. %(responsible)s ringer och skriver in svaret."),
            units=units,
            day=written_date(meeting.answer_by),
        )
        return Turn(said, Step.SUMMONS, note=note, button=_to(meeting))
    words = {"units": units, "day": written_date(meeting.answer_by or meeting.on)}
    if meeting.answer_by:
        said = _("%(units)s svarar senast den %(day)s.") % words
    else:
        said = _("%(units)s har inte svarat än. Mötet är den %(day)s.") % words
    return Turn(said, Step.SUMMONS, "waiting", note, _to(meeting))


def _prepares(stage: Stage) -> Turn | None:
    """Before there is a plan and a meeting to make it in."""
    if stage.version or stage.is_started or stage.met_on:
        return None
    if stage.result in (PreparatoryResult.NO, PreparatoryResult.OTHER_WAY):
        said = _said(
            stage,
            _("Förmötet ledde till något annat än en SIP. Du avslutar ärendet."),
            _("Förmötet ledde till något annat än en SIP. %(responsible)s avslutar ärendet."),
        )
        note, button = _result_in_words(stage), NextStep(_("Avsluta ärendet"), "close_case")
        return Turn(said, Step.PREPARATORY, "stopped", note, button)
    if stage.result == PreparatoryResult.LATER:
        said = _said(
            stage,
            _("Efter förmötet: inte just nu. Du låter ärendet vila tills det är dags."),
            _("Efter förmötet: inte just nu. %(responsible)s låter ärendet vila tills det är dags."),
        )
        note, button = _result_in_words(stage), NextStep(_("Låt ärendet vila"), "rest_case")
        return Turn(said, Step.PREPARATORY, "stopped", note, button)
    if stage.is_prepared:
        said = _said(
            stage,
            _("Förberedelsen är klar. Du bestämmer en tid för mötet och kallar."),
            _("Förberedelsen är klar. %(responsible)s bestämmer en tid för mötet och kallar."),
        )
        button = NextStep(_("Planera mötet"), "plan_meeting", query="?slag=first")
        return Turn(said, Step.SUMMONS, note=_("Ingen tid är bestämd än."), button=button)
    said = _said(
        stage,
        _("%(person)s har sagt ja till en plan. Du förbereder mötet tillsammans med %(person)s."),
        _("%(person)s har sagt ja till en plan. %(responsible)s förbereder mötet med %(person)s."),
    )
    button = NextStep(_("Planera ett förmöte"), "plan_meeting", query="?slag=preparatory")
    return Turn(said, Step.PREPARATORY, note=_("Inte förberett än."), button=button)


def _writes(stage: Stage) -> Turn | None:
    if stage.version:
        return None
    if stage.missing:
        said = _said(
            stage,
            _("%(person)s har sagt ja och väntar på planen. Du skriver klart den."),
            _("%(person)s har sagt ja och väntar på planen. %(responsible)s skriver klart den."),
        )
        count = {"count": stage.missing}
        note = ngettext("%(count)s av 4 delar saknas.", "%(count)s av 4 delar saknas.", stage.missing)
        return Turn(said, Step.PLAN, note=note % count, button=NextStep(_("Skriv planen"), "plan"))
    said = _said(
        stage,
        _("Planen är skriven. Du går igenom den med %(person)s och fastställer den."),
        _("Planen är skriven. %(responsible)s går igenom den med %(person)s och fastställer den."),
    )
    button = NextStep(_("Fastställ planen"), "adopt_plan")
    return Turn(said, Step.PLAN, note=_("Klar att fastställa."), button=button)


def _follows_up(stage: Stage) -> Turn:
    if stage.is_following_up:
        said = _said(
            stage,
            _("Uppföljningen är påbörjad. Du skriver klart den."),
            _("Uppföljningen är påbörjad. %(responsible)s skriver klart den."),
        )
        button = NextStep(_("Till uppföljningen"), "follow_ups")
        return Turn(said, Step.FOLLOW_UP, note=_("Påbörjad"), button=button)
    if not stage.consented:
        return _reads_nobody(stage)
    if stage.unread:
        units = {"units": in_words(stage.unread)}
        said = _("%(units)s har fått planen. Ingen där har tagit emot den än.") % units
        return Turn(said, Step.PLAN, "waiting", _("Väntar på att %(units)s tar emot") % units)
    return _has_next_day(stage)


def _reads_nobody(stage: Stage) -> Turn:
    words = {"person": stage.person, "units": in_words(stage.withdrawn)}
    button = NextStep(_("Nytt samtycke"), "give_consent")
    if stage.withdrawn:
        said = (
            _("%(person)s har tagit tillbaka samtycket till %(units)s. Ingen annan får läsa planen.") % words
        )
        return Turn(said, Step.CONSENT, "stopped", _("Samtycket är återkallat."), button)
    said = _("Planen är fastställd. Ingen annan får läsa den förrän %(person)s samtycker.") % words
    return Turn(said, Step.CONSENT, "stopped", _("Ja till en plan. Ingen får läsa den än."), button)


def _has_next_day(stage: Stage) -> Turn:
    if stage.needs_no_follow_up:
        said = _said(
            stage,
            _("Alla har fått planen, och ingen mer uppföljning behövs. Du avslutar ärendet."),
            _("Alla har fått planen, och ingen mer uppföljning behövs. %(responsible)s avslutar."),
        )
        button = NextStep(_("Avsluta ärendet"), "close_case")
        return Turn(said, Step.FOLLOW_UP, note=_("Behövs inte mer"), button=button)
    if stage.follow_up_on is None:
        said = _said(
            stage,
            _("Alla som ska ha planen har fått den. Du bestämmer en dag för uppföljning."),
            _("Alla som ska ha planen har fått den. %(responsible)s bestämmer en dag för uppföljning."),
        )
        button = NextStep(_("Bestäm en dag"), "settle_plan")
        return Turn(said, Step.FOLLOW_UP, note=_("Ingen dag är bestämd."), button=button)
    words = {"day": written_date(stage.follow_up_on)}
    if stage.follow_up_on <= stage.today:
        said = _said(
            stage,
            _("Uppföljningen är bestämd till den %(day)s. Du följer upp, eller bestämmer en ny dag."),
            _("Uppföljningen är bestämd till den %(day)s. %(responsible)s följer upp."),
            **words,
        )
        button = NextStep(_("Följ upp planen"), "begin_follow_up")
        return Turn(said, Step.FOLLOW_UP, note=_("Skulle vara den %(day)s") % words, button=button)
    said = _("Alla som ska ha planen har fått den. Nästa uppföljning är %(day)s.") % words
    button = NextStep(_("Planera mötet"), "plan_meeting", query="?slag=follow_up")
    return Turn(said, Step.FOLLOW_UP, "waiting", _("Nästa är den %(day)s") % words, button)


def _to(meeting: MeetingAhead) -> NextStep:
    return NextStep(_("Till mötet"), "meeting", {"meeting_id": meeting.id})


def _said(stage: Stage, to_me: str, of_her: str, **words: object) -> str:
    return (to_me if stage.is_mine else of_her) % {
        "person": stage.person,
        "responsible": stage.responsible,
        "waiting": in_words(stage.waiting),
        **words,
    }


# --- the line -----------------------------------------------------------------------------------------------


def _done(stage: Stage) -> dict[Step, str]:
    """The steps that have been taken, each with what there is to say of it."""
    done = {Step.NEED: written_date(stage.opened_on)}
    if stage.answer:
        done[Step.CONSENT] = _who_may_read(stage)
    is_ahead = stage.meeting is not None and stage.meeting.kind is not MeetingKind.PREPARATORY
    has_passed_by = stage.met_on is not None or stage.version > 0 or is_ahead
    if stage.is_prepared or stage.prepared_on:
        words = {"day": written_date(stage.prepared_on)} if stage.prepared_on else {}
        done[Step.PREPARATORY] = _("Hållet den %(day)s") % words if words else _("Personen är förberedd.")
    elif has_passed_by:
        done[Step.PREPARATORY] = _("Inget förmöte hölls.")
    if stage.met_on:
        done[Step.MEETING] = _("Senast den %(day)s") % {"day": written_date(stage.met_on)}
    if stage.met_on or (is_ahead and stage.meeting and stage.meeting.called):
        done[Step.SUMMONS] = _called(stage)
    if stage.version:
        done[Step.PLAN] = _("Version %(version)s") % {"version": stage.version}
        # Written at the desk: the steps before it were not missed, they were not needed.
        for step in (Step.SUMMONS, Step.MEETING):
            done.setdefault(step, _("Planen gjordes utan möte i Humla."))
    if stage.followed_up_on:
        done[Step.FOLLOW_UP] = _("Senast den %(day)s") % {"day": written_date(stage.followed_up_on)}
    return done


def _ahead(stage: Stage, step: Step) -> str:
    """What is known of a step that has not come."""
    if step is Step.MEETING and stage.meeting and stage.meeting.kind is not MeetingKind.PREPARATORY:
        return _("Den %(day)s") % {"day": written_date(stage.meeting.on)}
    if step is Step.MEETING and stage.meeting_by and stage.meeting is None and stage.met_on is None:
        day = {"day": written_date(stage.meeting_by)}
        if stage.meeting_by < stage.today:
            return _("Skulle ha hållits senast den %(day)s") % day
        return _("Ska hållas senast den %(day)s") % day
    if step is Step.FOLLOW_UP and stage.version and stage.follow_up_on:
        return _("Nästa är den %(day)s") % {"day": written_date(stage.follow_up_on)}
    return ""


def _who_may_read(stage: Stage) -> str:
    if not stage.consented:
        return (
            _("Samtycket är återkallat.") if stage.withdrawn else _("Ja till en plan. Ingen får läsa den än.")
        )
    count = len(stage.consented)
    words = ngettext("%(count)s enhet får läsa.", "%(count)s enheter får läsa.", count)
    return words % {"count": count}


def _called(stage: Stage) -> str:
    meeting = stage.meeting
    if meeting is None or not meeting.called or meeting.kind is MeetingKind.PREPARATORY:
        return _("Till mötet som har varit")
    words = {"count": meeting.called - len(meeting.unanswered), "all": meeting.called}
    return _("%(count)s av %(all)s har svarat.") % words


def _result_in_words(stage: Stage) -> str:
    return str(PreparatoryResult(stage.result).label)
