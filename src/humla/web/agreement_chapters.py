"""The chapters of a draft: whom it is for, the parties, who may start, the deadlines, the lists, the law.

Here: a form for each, and what the saved chapter would look like, shown before it is saved. Not here: the
texts (`humla.web.agreement_texts`), the draft's own page (`humla.web.agreement_draft`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from humla.agreements.chapters import DEADLINES, LABELS, LAW_SUBJECTS, Chapter, content, mark
from humla.agreements.drafting import write_chapter
from humla.agreements.models import Duty, LocalAgreement
from humla.agreements.visibility import agreement_of, professions_to_choose
from humla.core.context import today
from humla.core.dates import written_date
from humla.core.fields import ChoiceField, LineField, MultipleChoiceField, ProseField, SwedishDateField, offer
from humla.core.versions import Stale
from humla.core.workdays import working_days_after
from humla.organisation.models import PartyKind
from humla.organisation.visibility import parties
from humla.web.agreement import in_words_of, put_back
from humla.web.agreement_draft import draft_or_404
from humla.web.door import DoorRequest, administrator_page
from humla.web.page import render
from humla.web.two_texts import TwoTexts, differing, sent_version

_EMPTY_ROWS = 3
_OUT = ""
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChapterForm(forms.Form):
    """A chapter's fields, from what stands and back to it."""

    @classmethod
    def fields_from(cls, written: Any) -> dict[str, Any]:
        """What the fields begin with."""
        return dict(written)

    def written(self) -> Any:
        """The chapter as `chapters.content` gives it."""
        return dict(self.cleaned_data)

    def groups(self) -> list[list[forms.BoundField]]:
        """The fields as the page lays them: those of one row together."""
        return [[self[name]] for name in self.fields]


class FrameForm(ChapterForm):
    """Whom it is for, and how long."""

    title = LineField(200, label=_("Titel"), missing=_("Skriv vad överenskommelsen heter."))
    target_group = ProseField(
        4000, rows=5, label=_("Målgrupp"), missing=_("Skriv vilka överenskommelsen gäller.")
    )
    from_age = forms.IntegerField(label=_("Från vilken ålder?"), min_value=0, max_value=100)
    starts_on = SwedishDateField(
        label=_("Gäller från"), missing=_("Skriv första dagen, till exempel 2029-01-01."), widget=_DAY
    )
    ends_on = SwedishDateField(
        label=_("Gäller till och med"), missing=_("Skriv sista dagen, till exempel 2032-12-31."), widget=_DAY
    )
    renewal_decided_by = SwedishDateField(
        label=_("Förlängning beslutas senast"),
        help_text=_("Humla påminner från tre månader före den dagen."),
        required=False,
        widget=_DAY,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        starts, ends, by = (told.get(one) for one in ("starts_on", "ends_on", "renewal_decided_by"))
        if starts and ends and ends <= starts:
            self.add_error("ends_on", gettext("Överenskommelsen måste sluta efter att den börjar."))
        if ends and by and by > ends:
            self.add_error("renewal_decided_by", gettext("Bestäm en dag innan överenskommelsen slutar."))
        return told


class DeadlinesForm(ChapterForm):
    """Every number, each with what follows from it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in DEADLINES:
            column: Any = LocalAgreement._meta.get_field(one.name)
            label = str(column.verbose_name)
            self.fields[one.name] = forms.IntegerField(
                label=label[:1].upper() + label[1:],
                help_text=str(one.steers),
                min_value=one.least,
                max_value=one.most,
            )


class PartiesForm(ChapterForm):
    """Each party of the förbund: called, invited, or not in it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ids: dict[str, UUID] = {}
        for party in parties():
            if party.kind == PartyKind.ASSOCIATION:
                continue
            name = f"party_{party.pk.hex}"
            self.ids[name] = party.pk
            self.fields[name] = ChoiceField(
                label=party.name,
                choices=[(_OUT, _("är inte med")), *Duty.choices],
                required=False,
                widget=forms.RadioSelect,
            )

    @classmethod
    def fields_from(cls, written: Any) -> dict[str, Any]:
        return {f"party_{key.hex}": duty for key, duty in written.items()}

    def written(self) -> dict[UUID, str]:
        return {key: self.cleaned_data[name] for name, key in self.ids.items() if self.cleaned_data[name]}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not any(told.get(name) for name in self.ids):
            raise ValidationError(gettext("Välj minst en part som är med."))
        return told


class ProfessionsForm(ChapterForm):
    """Who may start a SIP themselves; the others ask somebody who may."""

    professions = MultipleChoiceField(
        label=_("Vilka yrken får starta?"),
        help_text=_("De andra ber någon som får: ”Be om en SIP”."),
        missing=_("Välj minst ett yrke."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        begun = [UUID(one) for one in self.initial.get("professions", [])]
        offer(self, "professions", [(str(one.pk), one.name) for one in professions_to_choose(begun)])

    @classmethod
    def fields_from(cls, written: Any) -> dict[str, Any]:
        return {"professions": [str(one) for one in written]}

    def written(self) -> list[UUID]:
        return sorted((UUID(one) for one in self.cleaned_data["professions"]), key=str)


class RowsForm(ChapterForm):
    """A list that is ordered: each row with its number; a row without words is taken away."""

    label: Any = ""
    limit = 80
    least = 0
    missing: Any = ""
    has_code = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        begun = self.initial.get("rows", [])
        sent = sum(name.startswith("name_") for name in self.data)
        self.count = min(max(len(begun) + _EMPTY_ROWS, sent), 60)
        for at in range(self.count):
            self._add_row(at, begun[at] if at < len(begun) else ("", ""))

    def _add_row(self, at: int, row: tuple[str, str]) -> None:
        told = {"number": at + 1}
        self.fields[f"name_{at}"] = LineField(
            self.limit, label=gettext("%(what)s %(number)s") % {"what": self.label, **told}, required=False
        )
        self.fields[f"place_{at}"] = forms.IntegerField(
            label=gettext("Plats i ordningen"), min_value=1, max_value=99, required=False
        )
        if self.has_code:
            self.fields[f"icf_{at}"] = LineField(10, label=gettext("Kapitel i ICF"), required=False)
            self.initial[f"icf_{at}"] = row[1]
        self.initial[f"name_{at}"] = row[0]
        self.initial[f"place_{at}"] = at + 1 if row[0] else None

    def groups(self) -> list[list[forms.BoundField]]:
        names = ("name", "icf", "place") if self.has_code else ("name", "place")
        return [[self[f"{name}_{at}"] for name in names] for at in range(self.count)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for at in range(self.count):
            name = told.get(f"name_{at}") or ""
            if name.casefold() in seen:
                self.add_error(f"name_{at}", gettext("Det står redan i listan."))
            elif name:
                seen.add(name.casefold())
        if not self.errors and len(seen) < self.least:
            self.add_error("name_0", self.missing)
        return told

    def in_order(self) -> list[tuple[str, str]]:
        """The rows that have words, by their number; one without a number comes last."""
        told = self.cleaned_data
        rows = [
            (told[f"place_{at}"] or 100, at, told[f"name_{at}"], told.get(f"icf_{at}") or "")
            for at in range(self.count)
            if told[f"name_{at}"]
        ]
        return [(name, icf) for _place, _at, name, icf in sorted(rows)]

    @classmethod
    def fields_from(cls, written: Any) -> dict[str, Any]:
        return {"rows": [one if isinstance(one, tuple) else (one, "") for one in written]}


class AreasForm(RowsForm):
    """What a plan looks at, in order."""

    label = _("Livsområde")
    least = 1
    missing = _("Skriv minst ett livsområde.")
    has_code = True

    def written(self) -> list[tuple[str, str]]:
        return self.in_order()


class GroupsForm(RowsForm):
    """The groups that the förbund has chosen to look at; often none."""

    label = _("Behovsgrupp")

    def written(self) -> list[str]:
        return [name for name, _icf in self.in_order()]


class LawForm(ChapterForm):
    """What each step rests on; sections move, so it is text."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for subject in [*LAW_SUBJECTS, *(one for one in self.initial if one not in LAW_SUBJECTS)]:
            self.fields[subject] = ProseField(
                300, rows=2, label=LAW_SUBJECTS.get(subject, subject), required=False
            )

    def written(self) -> dict[str, str]:
        return {subject: text for subject, text in self.cleaned_data.items() if text}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not self.errors and not any(told.values()):
            raise ValidationError(gettext("Skriv minst ett lagrum."))
        return told


@dataclass(frozen=True)
class _Page:
    """How a chapter is edited: its form, one sentence of what it steers, and what its preview shows."""

    form: type[ChapterForm]
    about: Any
    shows: Callable[[Any], Mapping[str, Any]]


@administrator_page(methods=("GET", "POST"))
def edit_agreement(request: DoorRequest, chapter: str) -> HttpResponse:
    """One chapter: look at it as it would be, or save it. Two who write at once lose nothing."""
    if chapter not in [*Chapter]:
        raise Http404
    which, draft = Chapter(chapter), draft_or_404()
    page, now = _PAGES[which], content(draft, Chapter(chapter))
    form = page.form(request.POST or None, initial=page.form.fields_from(now))
    conflicts: list[TwoTexts] = []
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = page.shows(form.written())
        else:
            try:
                write_chapter(draft, which, form.written(), seen=sent_version(request), by=request.actor)
            except ValidationError as refused:
                put_back(form, refused)
            except Stale:
                conflicts = _conflicts(form, page.form.fields_from(now), form.data)
            else:
                messages.success(request, gettext("Sparat i utkastet."))
                return redirect("agreement_draft")
    # A preview keeps the mark the form was made for: what somebody saves meanwhile is told when it is saved.
    seen = sent_version(request) if preview else mark(now)
    context = {
        "form": form,
        "chapter": which,
        "label": LABELS[which],
        "about": page.about,
        "draft": draft,
        "version": seen,
        "conflicts": conflicts,
        "preview": preview,
        "before": agreement_of(draft.follows_id) if draft.follows_id else None,
    }
    return render(request, "agreement/chapter.html", context)


def _conflicts(form: ChapterForm, theirs: Mapping[str, Any], data: Any) -> list[TwoTexts]:
    """What stands now beside what was typed, field by field; lists as one text each."""
    if isinstance(form, RowsForm):
        mine = ", ".join(name for name, _icf in form.in_order())
        return [TwoTexts(str(form.label), mine, ", ".join(name for name, _icf in theirs["rows"]))]
    typed = {name: form[name].value() for name in form.fields}
    return differing(form.fields, typed, {name: theirs.get(name, "") for name in form.fields})


def _frame(written: Mapping[str, Any]) -> Mapping[str, Any]:
    by = written["renewal_decided_by"]
    told = {
        "from": written_date(written["starts_on"]),
        "until": written_date(written["ends_on"]),
        "age": written["from_age"],
    }
    lines = [
        gettext("Gäller från %(from)s till och med %(until)s, för den som är minst %(age)s år.") % told,
    ]
    if by:
        alarm = {"by": written_date(by), "day": written_date(by - timedelta(days=90))}
        lines.append(gettext("Förlängning beslutas senast %(by)s. Humla påminner från %(day)s.") % alarm)
    return {"heading": written["title"], "text": written["target_group"], "lines": lines}


def _deadlines(written: Mapping[str, int]) -> Mapping[str, Any]:
    """What each number would mean for something that happens today."""
    day = today()
    ahead = {
        "request_days": (_("Ber någon om en SIP i dag svarar ni senast %(day)s."), _works),
        "times_days": (_("Föreslår du tider i dag svarar alla senast %(day)s."), _works),
        "answer_days": (_("Kallar du i dag föreslås %(day)s som sista dag att svara."), _days),
        "meeting_days": (_("Blev behovet känt i dag ska mötet hållas senast %(day)s."), _days),
        "reminder_days": (_("Den som inte har svarat på dagens kallelse påminns %(day)s."), _works),
    }
    lines = [
        str(sentence) % {"day": written_date(later(day, written[name]))}
        for name, (sentence, later) in ahead.items()
    ]
    lines.append(
        gettext("Underlag ska vara framme %(when)s mötet.")
        % {"when": in_words_of("input_days", written["input_days"])}
    )
    lines.append(
        gettext("Efter %(times)s blir det en uppgift i Idag: ring.")
        % {"times": in_words_of("reminders", written["reminders"])}
    )
    lines.append(
        gettext("Uppföljning föreslås %(often)s.")
        % {"often": in_words_of("follow_up_months", written["follow_up_months"])}
    )
    return {"heading": gettext("Så blir det om något händer i dag"), "lines": lines}


def _works(day: date, days: int) -> date:
    return working_days_after(day, days)


def _days(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _parties(written: Mapping[UUID, str]) -> Mapping[str, Any]:
    names = {party.pk: party.name for party in parties()}
    lines = [
        gettext("%(party)s: %(duty)s") % {"party": names[key], "duty": Duty(duty).label}
        for key, duty in sorted(written.items(), key=lambda one: names[one[0]])
    ]
    return {"heading": gettext("Så står det på överenskommelsens sida och i varje kallelse"), "lines": lines}


def _professions(written: Sequence[UUID]) -> Mapping[str, Any]:
    names = {one.pk: one.name for one in professions_to_choose(written)}
    may = [name for key, name in names.items() if key in written]
    others = [name for key, name in names.items() if key not in written]
    lines = [gettext("Får starta: %(who)s.") % {"who": ", ".join(may)}]
    if others:
        lines.append(gettext("Ber någon som får: %(who)s.") % {"who": ", ".join(others)})
    return {"heading": gettext("Så står det när ett ärende öppnas"), "lines": lines}


def _list(heading: Any) -> Callable[[Any], Mapping[str, Any]]:
    def shows(written: Any) -> Mapping[str, Any]:
        names = [one if isinstance(one, str) else " ".join(filter(None, one)) for one in written]
        return {"heading": heading, "lines": names or [gettext("Listan är tom.")]}

    return shows


def _law(written: Mapping[str, str]) -> Mapping[str, Any]:
    lines = [f"{LAW_SUBJECTS.get(subject, subject)}: {text}" for subject, text in written.items()]
    return {"heading": gettext("Så står det på överenskommelsens sida"), "lines": lines}


_PAGES: dict[Chapter, _Page] = {
    Chapter.FRAME: _Page(FrameForm, _("Avgör vem som får en SIP och när nästa version behövs."), _frame),
    Chapter.PARTIES: _Page(
        PartiesForm, _("Den som är kallad ska komma. Den som är inbjuden får komma."), _parties
    ),
    Chapter.PROFESSIONS: _Page(
        ProfessionsForm, _("De andra kan be om en SIP, men inte öppna ärendet själva."), _professions
    ),
    Chapter.DEADLINES: _Page(DeadlinesForm, _("Varje tal styr en dag någon annanstans i Humla."), _deadlines),
    Chapter.AREAS: _Page(
        AreasForm,
        _("Det som väljs när ett mål skrivs i en plan. Mål som redan är skrivna behåller sitt."),
        _list(_("Så står det när någon väljer livsområde för ett mål")),
    ),
    Chapter.GROUPS: _Page(
        GroupsForm,
        _("Grupper som ni vill räkna. En behovsgrupp är aldrig en diagnos."),
        _list(_("Så står det när ett ärende öppnas")),
    ),
    Chapter.LAW: _Page(LawForm, _("Paragrafer flyttas. Skriv som det står i lagen i dag."), _law),
}
