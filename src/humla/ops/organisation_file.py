"""What a förbund's file says: its parties, units, people and agreement, as rows ready to be written.

Lives here: what each section of the file means (data/README.md has the table of keys). Not here: reading
TOML (`reading.py`), writing to the database (`loading.py`), the first cases (`cases_file.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models

from humla.accounts.models import Account
from humla.agreements.models import (
    AgreementParty,
    Duty,
    InitiatingProfession,
    LawReference,
    LifeArea,
    LocalAgreement,
    NeedsGroup,
)
from humla.consents.models import ConsentWording, WordingKind
from humla.consents.reviewed import standard
from humla.core.dates import start_of, today
from humla.ops.identity_provider import DEMO_ISSUER
from humla.ops.reading import Fault, Row, checked, gather
from humla.organisation.models import (
    Association,
    Authority,
    Party,
    PartyKind,
    Profession,
    Professional,
    Role,
    Unit,
    UnitAssignment,
)
from humla.people.models import Language

SECTIONS = (
    *("forbund", "parter", "myndigheter", "enheter", "yrken", "personal", "overenskommelse"),
    "samtyckestexter",
)
TENANT_MODELS: tuple[type[models.Model], ...] = (
    Party,
    Authority,
    Unit,
    Profession,
    Professional,
    UnitAssignment,
    LocalAgreement,
    AgreementParty,
    InitiatingProfession,
    LifeArea,
    NeedsGroup,
    LawReference,
    ConsentWording,
)
"""What a förbund's file makes rows of, in the order their references allow."""

_WORDS_ABOUT = {"enhet": WordingKind.CONSENT, "plan": WordingKind.PLAN, "frågor": WordingKind.SURVEY}
_DUTIES = {"kallad": Duty.OBLIGED, "inbjuden": Duty.INVITED}


@dataclass(frozen=True)
class SignIn:
    """Which identity opens the account of a professional."""

    professional: Professional
    issuer: str
    subject: str


@dataclass
class Organisation:
    """Everything the files say about one förbund, by the ids that the files use."""

    association: Association
    parties: dict[str, Party] = field(default_factory=dict)
    authorities: dict[str, Authority] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    professions: dict[str, Profession] = field(default_factory=dict)
    professionals: dict[str, Professional] = field(default_factory=dict)
    assignments: list[UnitAssignment] = field(default_factory=list)
    sign_ins: list[SignIn] = field(default_factory=list)
    agreement: list[LocalAgreement] = field(default_factory=list)
    agreement_parties: list[AgreementParty] = field(default_factory=list)
    initiating: list[InitiatingProfession] = field(default_factory=list)
    life_areas: list[LifeArea] = field(default_factory=list)
    needs_groups: list[NeedsGroup] = field(default_factory=list)
    law: list[LawReference] = field(default_factory=list)
    wordings: list[ConsentWording] = field(default_factory=list)
    new_accounts: list[Account] = field(default_factory=list)

    def rows(self) -> Iterable[Sequence[models.Model]]:
        """All rows in the order their references allow."""
        yield [self.association]
        yield from ([*self.parties.values()], [*self.authorities.values()], [*self.units.values()])
        yield from ([*self.professions.values()], [*self.professionals.values()], [*self.assignments])
        yield from ([*self.agreement], [*self.agreement_parties])
        yield from ([*self.initiating], [*self.life_areas], [*self.needs_groups], [*self.law])
        yield [*self.wordings]


def read_organisation(sections: dict[str, list[Row]], faults: list[Fault]) -> Organisation | None:
    """The organisation of the files, with every fault noted; None when it has no förbund at all."""
    head = _one(sections, "forbund", faults)
    if head is None:
        faults.append(Fault("", "forbund", "saknas: filen börjar med tabellen [forbund]."))
        return None
    found = Organisation(
        checked(
            head,
            Association(
                name=head.text("namn"), short_name=head.text("kortnamn"), contact=_optional(head, "kontakt")
            ),
        )
    )
    issuer = head.text("utfardare", required=False) or settings.OIDC_ISSUER or DEMO_ISSUER
    head.finish()
    _read_places(found, sections)
    _read_people(found, sections, issuer)
    agreement = _one(sections, "overenskommelse", faults)
    if agreement is not None:
        _read_agreement(found, agreement)
    found.wordings = [_wording(found, row) for row in sections.get("samtyckestexter", [])]
    _once(
        sections.get("samtyckestexter", []),
        lambda each: (each.content.get("till"), each.content.get("sprak")),
    )
    return found


def _read_places(found: Organisation, sections: dict[str, list[Row]]) -> None:
    association = found.association
    found.parties = gather(
        sections.get("parter", []),
        lambda row: checked(
            row, Party(association=association, kind=row.choice("slag", PartyKind), name=row.text("namn"))
        ),
    )
    found.authorities = gather(
        sections.get("myndigheter", []),
        lambda row: checked(
            row,
            Authority(association=association, party=row.refer("part", found.parties), name=row.text("namn")),
        ),
    )
    found.units = gather(sections.get("enheter", []), lambda row: _unit(found, row))
    for row in sections.get("enheter", []):
        unit = found.units.get(row.text("id"))
        if unit is not None:
            unit.successor = row.refer("efterfoljare", found.units, required=False)
            unit.stand_in_unit = row.refer("svarar_i_stallet_enhet", found.units, required=False)
            if unit.stand_in_unit is unit:
                row.fault("svarar_i_stallet_enhet", "är enheten själv. Välj en annan.")
    _once(sections.get("parter", []), lambda row: (row.content.get("namn"),))
    _once(sections.get("myndigheter", []), lambda row: (row.content.get("part"), row.content.get("namn")))
    _once(sections.get("enheter", []), lambda row: (row.content.get("myndighet"), row.content.get("namn")))


def _unit(found: Organisation, row: Row) -> Unit:
    # What points at other units, and at those who work there, is read when those have been.
    row.asked |= {"efterfoljare", "svarar_i_stallet_enhet", "skots_av", "bekraftad"}
    from_age, to_age = _age(row, "fran_alder"), _age(row, "till_alder")
    if from_age is not None and to_age is not None and to_age < from_age:
        row.fault("till_alder", "måste vara minst fran_alder.")
    unit: Unit = checked(
        row,
        Unit(
            association=found.association,
            authority=row.refer("myndighet", found.authorities),
            name=row.text("namn"),
            also_called=_optional(row, "kallas_ocksa"),
            place=_optional(row, "ort"),
            serves=row.words("tar_emot_fran", required=False),
            takes_on=_optional(row, "tar_emot"),
            from_age=from_age,
            to_age=to_age,
            is_way_in=row.flag("en_vag_in"),
            phone=_optional(row, "telefon"),
            phone_hours=_optional(row, "telefontid"),
            hours=_optional(row, "oppet"),
            stand_in=_optional(row, "svarar_i_stallet"),
            stand_in_phone=_optional(row, "svarar_i_stallet_telefon"),
            mail=_optional(row, "epost"),
            code_phone=_optional(row, "kodtelefon"),
            ends_on=row.day("upphor", required=False),
        ),
    )
    return unit


def _age(row: Row, key: str) -> int | None:
    """An age that may be left out: then there is no limit on that side."""
    row.asked.add(key)
    return row.number(key) if key in row.content else None


def _read_people(found: Organisation, sections: dict[str, list[Row]], issuer: str) -> None:
    for row in sections.get("yrken", []):
        name = row.text("namn")
        if name in found.professions:
            row.fault("namn", f"«{name}» finns två gånger.")
        found.professions[name] = checked(row, Profession(association=found.association, name=name))
        row.finish()
    found.professionals = gather(sections.get("personal", []), lambda row: _professional(found, row, issuer))
    for row in sections.get("enheter", []):
        _read_owner(found, row)


def _read_owner(found: Organisation, row: Row) -> None:
    """Who answers for what is said about the unit, and when she last said that it is true."""
    owner = row.refer("skots_av", found.professionals, required=False)
    confirmed_on = row.day("bekraftad", required=False)
    unit = found.units.get(row.text("id"))
    if unit is None:
        return
    if owner is not None and owner.authority_id != unit.authority_id:
        row.fault("skots_av", "arbetar vid en annan myndighet än enhetens.")
    if confirmed_on is not None and owner is None:
        row.fault("bekraftad", "kräver skots_av: någon står för att uppgifterna stämmer.")
    elif confirmed_on is not None and confirmed_on > today():
        row.fault("bekraftad", "ligger framåt i tiden.")
    elif confirmed_on is not None:
        unit.confirmed_at, unit.confirmed_by = start_of(confirmed_on), owner
    unit.owner = owner


def _professional(found: Organisation, row: Row, issuer: str) -> Professional:
    professional: Professional = checked(
        row,
        Professional(
            association=found.association,
            authority=row.refer("myndighet", found.authorities),
            profession=row.refer("yrke", found.professions, required=False),
            name=row.text("namn"),
            phone=_optional(row, "telefon"),
        ),
    )
    subject = row.text("subject", required=False)
    if subject:
        found.sign_ins.append(SignIn(professional, row.text("utfardare", required=False) or issuer, subject))
    else:
        row.asked.add("utfardare")
    for given in row.rows("uppdrag"):
        _assign(found, given, professional)
    return professional


def _assign(found: Organisation, row: Row, professional: Professional) -> None:
    starts = row.day("fran", required=False) or today()
    ends = row.day("till", required=False)
    unit = row.refer("enhet", found.units)
    if unit is not None and unit.authority_id != professional.authority_id:
        row.fault("enhet", "hör till en annan myndighet än den som personen är anställd vid.")
    if ends is not None and ends <= starts:
        row.fault("till", "måste vara senare än från.")
    found.assignments.append(
        UnitAssignment(
            association=found.association,
            professional=professional,
            unit=unit,
            role=row.choice("roll", Role),
            starts_at=start_of(starts),
            ends_at=start_of(ends) if ends else None,
        )
    )
    row.finish()


def _read_agreement(found: Organisation, row: Row) -> None:
    starts, ends = row.day("galler_fran"), row.day("galler_till")
    if starts and ends and ends <= starts:
        row.fault("galler_till", "måste vara senare än galler_fran.")
    agreement: LocalAgreement = checked(
        row,
        LocalAgreement(
            association=found.association,
            title=row.text("titel"),
            version=row.number("version", 1),
            target_group=row.text("malgrupp", multiline=True),
            from_age=row.number("fran_alder", 16),
            starts_on=starts or today(),
            ends_on=ends or today(),
            renewal_decided_by=row.day("forlangning_beslutas_senast", required=False),
            answer_days=row.number("dagar_att_svara"),
            meeting_days=row.number("dagar_till_mote"),
            follow_up_months=row.number("manader_mellan_uppfoljningar"),
            reminder_days=row.number("dagar_fore_paminnelse"),
            reminders=row.number("paminnelser", 2),
            request_days=row.number("dagar_att_svara_pa_begaran", 5),
            times_days=row.number("dagar_att_svara_pa_tider", 3),
            input_days=row.number("dagar_for_underlag", 5),
        ),
    )
    found.agreement = [agreement]
    for part in row.rows("parter"):
        found.agreement_parties.append(_agreement_party(found, part, agreement))
    _once(row.rows("parter"), lambda part: (part.content.get("part"),))
    _read_initiating(found, row, agreement)
    _read_words(found, row, agreement)
    row.finish()


def _read_initiating(found: Organisation, row: Row, agreement: LocalAgreement) -> None:
    for name in row.words("far_starta"):
        if name not in found.professions:
            row.fault("far_starta", f"yrket «{name}» finns inte i filerna.")
        else:
            found.initiating.append(
                InitiatingProfession(
                    association=found.association, agreement=agreement, profession=found.professions[name]
                )
            )


def _wording(found: Organisation, row: Row) -> ConsentWording:
    """The first version of what is read to the person; reviewed when the file says by whom."""
    about = row.word("till", _WORDS_ABOUT) or WordingKind.CONSENT
    spoken = {str(one.label): one for one in Language}
    language = row.word("sprak", spoken, Language.SWEDISH) or Language.SWEDISH
    text = row.text("text", required=False, multiline=True) or standard().get((about, language), "")
    if not text:
        row.fault("text", "saknas: Humla har ingen egen text på det språket.")
    name, role = _optional(row, "granskad_av"), _optional(row, "granskarens_roll")
    reviewed_on = row.day("granskad", required=False)
    if not bool(name) == bool(role) == bool(reviewed_on):
        row.fault(
            "granskad_av", "en granskning har namn (granskad_av), roll (granskarens_roll) och dag (granskad)."
        )
    made: ConsentWording = checked(
        row,
        ConsentWording(
            association=found.association,
            about=about,
            language=language,
            version=1,
            text=text,
            written_at=start_of(today()),
            reviewed_by_name=name,
            reviewed_by_role=role,
            reviewed_on=reviewed_on,
        ),
    )
    row.finish()
    return made


def _agreement_party(found: Organisation, row: Row, agreement: LocalAgreement) -> AgreementParty:
    signed_on, signed_by = row.day("underskriven", required=False), _optional(row, "av")
    if bool(signed_on) != bool(signed_by):
        row.fault("underskriven", "en underskrift har både datum (underskriven) och namn (av).")
    if signed_on and signed_on > today():
        row.fault("underskriven", "ligger framåt i tiden.")
    made: AgreementParty = checked(
        row,
        AgreementParty(
            association=found.association,
            agreement=agreement,
            party=row.refer("part", found.parties),
            duty=row.word("skyldighet", _DUTIES) or Duty.INVITED,
            signed_on=signed_on,
            signed_by=signed_by,
        ),
    )
    row.finish()
    return made


def _read_words(found: Organisation, row: Row, agreement: LocalAgreement) -> None:
    common: dict[str, Any] = {"association": found.association, "agreement": agreement}
    for position, area in enumerate(row.rows("livsomraden"), start=1):
        made = LifeArea(**common, name=area.text("namn"), icf=_optional(area, "icf"), position=position)
        found.life_areas.append(checked(area, made))
        area.finish()
    for position, group in enumerate(row.rows("behovsgrupper"), start=1):
        named = NeedsGroup(**common, name=group.text("namn"), position=position)
        found.needs_groups.append(checked(group, named))
        group.finish()
    for law in row.rows("lagrum"):
        found.law.append(
            checked(law, LawReference(**common, subject=law.text("amne"), text=law.text("text")))
        )
        law.finish()
    _once(row.rows("livsomraden"), lambda each: (each.content.get("namn"),))
    _once(row.rows("behovsgrupper"), lambda each: (each.content.get("namn"),))
    _once(row.rows("lagrum"), lambda each: (each.content.get("amne"),))


def _one(sections: dict[str, list[Row]], name: str, faults: list[Fault]) -> Row | None:
    rows = sections.get(name, [])
    for extra in rows[1:]:
        faults.append(Fault(extra.file, name, "finns två gånger."))
    return rows[0] if rows else None


def _once(rows: list[Row], name_of: Callable[[Row], tuple[object, ...]]) -> None:
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        name = name_of(row)
        if None not in name and name in seen:
            row.fault("", f"«{name[-1]}» finns två gånger.")
        seen.add(name)


def _optional(row: Row, key: str) -> str:
    return row.text(key, required=False)
